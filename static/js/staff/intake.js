// Fields that belong to one choice are hidden while another is chosen. Without it they all show.

/** Shows a box while its list of choices says that it is wanted. */
function follow(box, field, isWanted) {
  const show = () => {
    box.hidden = !isWanted(field());
  };
  return show;
}

document.querySelectorAll("[data-intake-label]").forEach((box) => {
  const list = document.getElementById(box.dataset.intakeLabel);
  const show = follow(box, () => list.value, (value) => value.startsWith(box.dataset.prefix));
  list.addEventListener("change", show);
  show();
});

document.querySelectorAll("[data-shown-by]").forEach((box) => {
  const choices = [...document.getElementsByName(box.dataset.shownBy)];
  const chosen = () => choices.find((choice) => choice.checked)?.value;
  const show = follow(box, chosen, (value) => value === box.dataset.shownFor);
  choices.forEach((choice) => choice.addEventListener("change", show));
  show();
});
