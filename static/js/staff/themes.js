// Helps where statements are ticked: how many are, and one button for all on the page. The boxes
// and their form work without it.

function boxesOf(form) {
  return Array.from(form.elements).filter(
    (element) => element.type === "checkbox" && element.name === "unit",
  );
}

function countTicked(form) {
  const line = form.querySelector("[data-ticked]");
  function tell() {
    const ticked = boxesOf(form).filter((box) => box.checked).length;
    line.textContent = line.dataset.ticked.replace("{n}", String(ticked));
  }
  document.addEventListener("change", (event) => {
    if (event.target.form === form) {
      tell();
    }
  });
  window.addEventListener("pageshow", tell); // the browser keeps ticks when somebody comes back
  tell();
}

function tickAll(form) {
  const button = form.querySelector("[data-tick-all]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = boxesOf(form);
    const tick = boxes.some((box) => !box.checked);
    boxes.forEach((box) => {
      box.checked = tick;
    });
    boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

const judge = document.getElementById("judge");
if (judge && judge.querySelector("[data-ticked]")) {
  countTicked(judge);
  tickAll(judge);
}
