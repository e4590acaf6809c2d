// Sorting and paging are links, and a new page begins at its top: whoever used the keyboard would have lost her place.
const KEY = "table-place";

/** Returns to the heading or the page link that was followed, where the same page comes back with other rows. */
export function enhanceTables(root) {
  const frames = [...root.querySelectorAll("[data-table]")];
  for (const [number, frame] of frames.entries()) {
    for (const [place, link] of linksOf(frame).entries()) {
      link.addEventListener("click", () => keep({ path: location.pathname, number, place, scroll: window.scrollY }));
    }
  }
  const kept = take();
  if (kept?.path !== location.pathname || !frames[kept.number]) return;
  linksOf(frames[kept.number])[kept.place]?.focus({ preventScroll: true });
  window.scrollTo(0, kept.scroll);
}

function linksOf(frame) {
  return [...frame.querySelectorAll("thead a")];
}

function keep(place) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(place));
  } catch {
    // storage is switched off: the page begins at its top, as without scripts
  }
}

function take() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    return kept;
  } catch {
    return null;
  }
}
