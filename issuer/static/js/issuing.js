// Keeps the bar of badges that are being issued up to date, and shows the finished page at the end.
const SECONDS = 2;

const place = document.querySelector("[data-issuing]");
if (place) poll();

async function poll() {
  const answer = await fetch(place.dataset.issuing, { headers: { accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    const { done, total, waiting } = await answer.json();
    const bar = place.querySelector("progress");
    bar.value = done;
    bar.textContent = `${done}/${total}`;
    place.querySelector(".label").textContent = place.dataset.words.replace("DONE", done).replace("TOTAL", total);
    if (waiting === 0) {
      location.reload();
      return;
    }
  }
  setTimeout(poll, SECONDS * 1000);
}
