// A wallet's page leads here with its link behind the #, which no server and no log sees. It is put into the field; checking
// it is still the reader's own step.

const field = document.getElementById("field-badge");
const link = new URLSearchParams(location.hash.slice(1)).get("link");
if (field && link && !field.value) {
  field.value = link;
  history.replaceState(null, "", location.pathname + location.search);
  field.form.querySelector("button[type=submit]").focus();
}
