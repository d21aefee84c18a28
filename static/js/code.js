// Buttons that only work with scripts: copy a code, print the page.

export function offerCopying(button) {
  const box = button.parentElement;
  const said = box.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", () => {
    copy(box.querySelector("[data-code]")).then(
      () => {
        said.textContent = said.dataset.copied;
      },
      () => {
        said.textContent = said.dataset.notCopied;
      },
    );
  });
}

async function copy(element) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(element.textContent.trim());
    return;
  }
  // Old phones, and pages that came over plain HTTP in a local network.
  const selection = getSelection();
  selection.selectAllChildren(element);
  const copied = document.execCommand("copy");
  selection.removeAllRanges();
  if (!copied) {
    throw new Error("not copied");
  }
}

export function offerPrinting(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
