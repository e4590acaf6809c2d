// Keeps the last pages of a learner's own badges, so that they can be read without a network.
// Only pages that the wallet marks with x-offline are kept, and only for the account that the mark names.
const PAGES = "pages";
const FILES = `files-${VERSION}`;
const OWNER = "/offline-owner";
const FALLBACK = "/offline";
const MOST_PAGES = 60;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.add(FALLBACK)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOldFiles().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(request, url));
});

async function forgetOldFiles() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("files-") && name !== FILES).map((name) => caches.delete(name)));
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(FILES)).put(request, answer.clone());
  return answer;
}

async function page(request, url) {
  try {
    const answer = await fetch(request);
    await keep(url, answer);
    return answer;
  } catch {
    const cache = await caches.open(PAGES);
    return (await cache.match(url.pathname)) || (await caches.match(FALLBACK)) || Response.error();
  }
}

// Nobody is signed in where one of these pages is shown: what was kept is somebody's no more.
// Only a page that arrived counts. A server that is down or busy says nothing about who is signed in, nor does a redirect.
function isForGuests(url) {
  return url.pathname === "/" || url.pathname === "/sign-in" || url.pathname.startsWith("/welcome/");
}

async function keep(url, answer) {
  const owner = answer.headers.get("x-offline");
  if (!owner) {
    if (answer.ok && isForGuests(url)) await caches.delete(PAGES);
    return;
  }
  let cache = await caches.open(PAGES);
  const before = await cache.match(OWNER);
  if (before && (await before.text()) !== owner) {
    await caches.delete(PAGES);
    cache = await caches.open(PAGES);
  }
  await cache.put(OWNER, new Response(owner));
  if (!answer.ok) return;
  await cache.put(url.pathname, answer.clone());
  const kept = await cache.keys();
  if (kept.length > MOST_PAGES) await cache.delete(kept.find((one) => ![OWNER, "/"].includes(new URL(one.url).pathname)));
}
