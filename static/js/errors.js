// The list of what to put right: read out when the page opens, its links lead into the fields.

export function showErrors(summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) {
      return;
    }
    event.preventDefault();
    // The question belongs in sight, not only the field.
    const fieldset = field.closest("fieldset");
    const question =
      (fieldset && fieldset.querySelector("legend")) ||
      document.querySelector(`label[for="${field.id}"]`) ||
      field;
    question.scrollIntoView();
    field.focus({ preventScroll: true });
  });
}
