// Says at once, and not after minutes of sending, that a file is too large.
document.querySelectorAll("input[type=file][data-max-megabytes]").forEach((input) => {
  const message = document.getElementById(`${input.id}-too-large`);
  const limit = Number(input.dataset.maxMegabytes) * 1_000_000;
  input.addEventListener("change", () => {
    const tooLarge = [...input.files].some((file) => file.size > limit);
    message.textContent = tooLarge ? input.dataset.tooLarge : "";
    message.hidden = !tooLarge;
    input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
  });
});
