// Makes the wallet readable without a network, and forgets everything on this device when its owner signs out.
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/service-worker.js").catch(() => {});
}
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") === "/sign-out" && "caches" in window) caches.delete("pages");
});
