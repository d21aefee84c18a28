// Says how many characters are left, or too many, while a person writes.

const PAUSE_BEFORE_SPEAKING = 1000;

/** Characters as the server counts them: code points, not the halves that make an emoji. */
export function charactersIn(text) {
  return Array.from(text).length;
}

export function countCharacters(textarea) {
  const shown = document.querySelector(`[data-count-for="${textarea.id}"]`);
  if (!shown) {
    return;
  }
  const most = Number(textarea.dataset.maxLength);
  // The words on the page change with every letter; a screen reader hears them at a pause only.
  const spoken = document.createElement("div");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("role", "status");
  shown.after(spoken);
  let pause;

  function message() {
    const left = most - charactersIn(textarea.value);
    const words = left < 0 ? shown.dataset.over : shown.dataset.under;
    return words.replace("{n}", String(Math.abs(left)));
  }

  function update() {
    const tooMany = charactersIn(textarea.value) > most;
    shown.textContent = message();
    shown.classList.toggle("govuk-error-message", tooMany);
    shown.classList.toggle("govuk-hint", !tooMany);
    textarea.classList.toggle("govuk-textarea--error", tooMany);
  }

  textarea.addEventListener("input", () => {
    update();
    clearTimeout(pause);
    pause = setTimeout(() => {
      spoken.textContent = message();
    }, PAUSE_BEFORE_SPEAKING);
  });
  window.addEventListener("pageshow", update);
  update();
}
