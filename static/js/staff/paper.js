// A form is typed in from the keyboard alone: Enter goes on, and a digit that settles an answer too.
document.querySelectorAll("form[data-paper]").forEach((form) => {
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")];
  const buttons = [...form.querySelectorAll("button:not(.consult-enter-key)")];
  const goOn = (field) => {
    const next = [...fields, ...buttons][fields.indexOf(field) + 1];
    next.focus();
    next.select?.();
  };

  if (!document.querySelector("[data-error-summary]")) {
    fields[0].focus();
  }
  if (form.dataset.paper !== "form") {
    return;
  }
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    const isWritten = field.tagName === "TEXTAREA" || field.tagName === "BUTTON";
    if (event.key === "Enter" && !event.isComposing && !isWritten) {
      event.preventDefault();
      goOn(field);
    }
  });
  form.querySelectorAll("[data-paper-digits] input[inputmode=numeric]").forEach((field) => {
    const last = Number(field.closest("[data-paper-digits]").dataset.paperDigits);
    field.addEventListener("input", () => {
      if (/^[1-9]$/.test(field.value) && Number(field.value) <= last) {
        goOn(field);
      }
    });
  });
});
