// Radios and checkboxes: text fields that belong to a choice, and choices that exclude others.

export function prepareChoices(group) {
  const inputs = Array.from(group.querySelectorAll("input[type=radio], input[type=checkbox]"));
  const fields = inputs.map((input) => [input, fieldOf(input, group)]).filter(([, field]) => field);

  function show() {
    fields.forEach(([input, field]) => {
      field.hidden = !input.checked && !field.querySelector(".govuk-error-message");
      // The server takes words as a choice: those of a choice taken back are not sent.
      field.querySelector("input[type=text]").disabled = field.hidden;
    });
  }

  // Words already in a field count as its choice, as they do on the server.
  fields.forEach(([input, field]) => {
    const written = field.querySelector("input[type=text]").value.trim();
    if (written && (input.type === "checkbox" || !inputs.some((other) => other.checked))) {
      input.checked = true;
    }
  });

  group.addEventListener("change", (event) => {
    const changed = event.target;
    if (changed.type === "checkbox" && changed.checked) {
      const exclusive = "exclusive" in changed.dataset;
      inputs.forEach((input) => {
        if (input !== changed && (exclusive || "exclusive" in input.dataset)) {
          input.checked = false;
        }
      });
    }
    show();
  });
  window.addEventListener("pageshow", show);
  show();
}

function fieldOf(input, group) {
  return input.dataset.reveals
    ? document.getElementById(input.dataset.reveals)
    : group.querySelector(`[data-revealed-by="${input.id}"]`);
}
