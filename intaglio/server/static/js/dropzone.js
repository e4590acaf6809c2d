/** Lets files be dropped on an upload field; they land in its plain file input, so that the form is sent as ever. */
export function enhanceDropzones(root) {
  for (const zone of root.querySelectorAll("[data-dropzone]")) {
    const input = zone.querySelector("input[type=file]");
    zone.querySelector(".upload-invitation").hidden = false;
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    zone.addEventListener("dragleave", (event) => {
      if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
    });
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      take(zone, input, event.dataTransfer.files);
    });
    input.addEventListener("change", () => tell(zone, input.files));
  }
}

function take(zone, input, files) {
  if (!files.length) return;
  if (files.length > 1 && !input.multiple) {
    chosen(zone).textContent = zone.dataset.tooMany;
    return;
  }
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function tell(zone, files) {
  // A single file is named by the browser's own field; several only by their number.
  const names = Array.from(files, (file) => file.name).join(", ");
  const words = files.length === 1 ? zone.dataset.one : zone.dataset.many;
  chosen(zone).textContent = files.length ? `${words} ${names}` : "";
}

function chosen(zone) {
  return zone.querySelector(".upload-chosen");
}
