// Shortens a long list of radios, as of wards, to those that contain what is typed.

const PAUSE_BEFORE_SPEAKING = 500;

/** Text without case, accents and punctuation: "Łódź" and "lodz" are the same. */
export function plain(text) {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/ł/g, "l")
    .replace(/&/g, " and ")
    .replace(/['’`.]/g, "")
    .replace(/[-–,/\s]+/g, " ")
    .trim();
}

export function prepareFilter(box) {
  const field = box.querySelector("input");
  const count = box.querySelector("[data-matches]");
  const items = Array.from(
    document.getElementById(box.dataset.filter).querySelectorAll(".govuk-radios__item"),
  ).map((item) => ({
    item,
    input: item.querySelector("input"),
    text: plain(item.querySelector("label").textContent),
  }));
  let pause;

  function update() {
    const wanted = plain(field.value);
    let matches = 0;
    items.forEach(({ item, input, text }) => {
      const matching = text.includes(wanted);
      matches += matching ? 1 : 0;
      // What is chosen stays in sight, so that nothing is sent unseen.
      item.hidden = !matching && !input.checked;
    });
    clearTimeout(pause);
    pause = setTimeout(() => {
      count.textContent = wanted ? count.dataset.matches.replace("{n}", String(matches)) : "";
    }, PAUSE_BEFORE_SPEAKING);
  }

  field.addEventListener("input", update);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault(); // the search is done; sending the form is for its button
    }
  });
  box.hidden = false;
}
