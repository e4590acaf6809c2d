// Short messages in the place where the server writes its own; role="status" there reads them out. They stay until closed:
// nobody has to read in a hurry (WCAG 2.2, 2.2.1).
import { drawIcon } from "./icons.js";

const SIGNS = { good: "check", bad: "cross", unsure: "question", info: "info" };

/** Adds a message. `kind` is good, info, unsure or bad. */
export function toast(sentence, kind = "info") {
  const place = document.getElementById("flashes");
  place.querySelector(".late")?.remove();
  const flash = document.createElement("div");
  flash.className = `flash ${kind} late`;
  const words = document.createElement("p");
  words.append(drawIcon(SIGNS[kind]), ` ${sentence}`);
  flash.append(words);
  addClosing(flash, place.dataset.closeLabel);
  place.append(flash);
}

/** Lets the messages that came with the page be closed. */
export function enhanceFlashes(root) {
  for (const place of root.querySelectorAll(".flashes")) {
    for (const flash of place.children) addClosing(flash, place.dataset.closeLabel);
  }
}

function addClosing(flash, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.setAttribute("aria-label", label);
  button.append(drawIcon("cross"));
  button.addEventListener("click", () => {
    flash.remove();
    document.getElementById("main").focus(); // else the focus would fall to the top of the window
  });
  flash.append(button);
}
