// Reads a QR code with the camera, in a dialog. The picture never leaves this device.
// `scan(words)` gives the text, or null when the reader gives up; the buttons of components/scan.html use it.
import { findDecoder } from "./decoder.js";
import { toast } from "./toast.js";

const REASONS = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing", OverconstrainedError: "missing" };
const PAUSE = 120; // milliseconds between two looks: enough for a steady hand, and kind to a phone's battery

/** Opens the camera and resolves to the text of the first code seen, or null. Rejects as getUserMedia does. */
export async function scan(words) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  const { dialog, video } = build(words);
  try {
    const closed = new Promise((resolve) => dialog.addEventListener("close", () => resolve(null), { once: true }));
    dialog.showModal();
    video.srcObject = stream;
    await video.play();
    return await Promise.race([closed, look(video, dialog)]);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    dialog.close();
    dialog.remove();
  }
}

async function look(video, dialog) {
  const decode = await findDecoder();
  while (dialog.open) {
    const text = video.videoWidth ? await decode(video) : null;
    if (text) return text;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return null;
}

function build(words) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", words.title);
  const title = document.createElement("h2");
  title.textContent = words.title;
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  const waiting = document.createElement("p");
  waiting.textContent = words.waiting;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet";
  close.textContent = words.closeLabel;
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, video, waiting, close);
  document.body.append(dialog);
  return { dialog, video };
}

async function onClick(button) {
  const words = button.dataset;
  try {
    const text = await scan(words);
    if (text === null) return;
    const field = document.getElementById(words.scan);
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    toast(words.found, "good");
    if ("submit" in words) field.form.requestSubmit();
  } catch (error) {
    toast(words[REASONS[error.name] ?? "broken"], "unsure");
  }
}

for (const button of document.querySelectorAll("[data-scan]")) {
  button.hidden = !navigator.mediaDevices?.getUserMedia;
  button.addEventListener("click", () => onClick(button));
}
