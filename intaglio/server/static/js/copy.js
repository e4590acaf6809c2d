import { toast } from "./toast.js";

/** Shows the buttons that copy and print, and makes them do so. */
export function enhanceCopying(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => copy(button));
  }
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(button.dataset.copied, "good");
  } catch {
    toast(button.dataset.failed, "unsure"); // the browser or its owner does not allow it
  }
}
