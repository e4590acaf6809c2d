/** Shows passwords when asked, puts the focus on the summary of errors, and keeps a form from being sent twice by two clicks
    (but not one whose answer is a file, data-download: the page stays). */
export function enhanceForms(root) {
  for (const button of root.querySelectorAll("[data-reveal]")) {
    const input = document.getElementById(button.dataset.reveal);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
    input.form?.addEventListener("submit", () => {
      input.type = "password"; // so that browsers do not remember it as a word that was typed
    });
  }
  root.querySelector("[data-focus]")?.focus();
  for (const form of root.querySelectorAll('form[method="post"]:not([data-download])')) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}
