// Helps on the page of texts side by side: fields grow with their text, Ctrl and Enter save and
// go on, and nothing typed is left behind unnoticed.

function grow(field) {
  const least = field.offsetHeight;
  function fit() {
    field.style.height = "auto";
    const borders = field.offsetHeight - field.clientHeight;
    field.style.height = `${Math.max(least, field.scrollHeight + borders)}px`;
  }
  field.addEventListener("input", fit);
  fit();
}

function guardTyped(form) {
  const fields = Array.from(form.querySelectorAll("textarea"));
  let sending = false;
  form.addEventListener("submit", () => {
    sending = true;
  });
  window.addEventListener("pageshow", () => {
    sending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && fields.some((field) => field.value !== field.defaultValue)) {
      event.preventDefault();
      event.returnValue = ""; // older browsers ask only then
    }
  });
}

function saveByKeys(form) {
  const next = form.querySelector("[data-save-next]");
  const said = form.querySelector("[data-keys]");
  if (!next) {
    return;
  }
  said.hidden = false;
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      next.click();
    }
  });
}

document.querySelectorAll("form[data-translations]").forEach((form) => {
  form.querySelectorAll("[data-grows]").forEach(grow);
  guardTyped(form);
  saveByKeys(form);
});
