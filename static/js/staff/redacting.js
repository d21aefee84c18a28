// On the page where words of an answer are hidden: words selected in it go into the field, with
// their place, so that this very place is hidden even within a longer word.

const original = document.querySelector("[data-redact-original]");
const form = document.querySelector("[data-redact]");

if (original && form) {
  const help = document.querySelector("[data-redact-help]");
  const field = form.elements.words;
  help.hidden = false;
  // A place to select from with the keyboard alone: the caret needs something that has the focus.
  original.tabIndex = 0;
  original.setAttribute("role", "group");
  original.setAttribute("aria-label", help.textContent);

  const take = () => {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
    const range = selection.getRangeAt(0);
    if (!original.contains(range.startContainer) || !original.contains(range.endContainer)) return;
    const words = range.toString();
    if (!words.trim()) return;
    const before = document.createRange();
    before.selectNodeContents(original);
    before.setEnd(range.startContainer, range.startOffset);
    const blanks = words.length - words.trimStart().length;
    // The server counts whole characters; strings here count halves of some of them.
    const start = [...(before.toString() + words.slice(0, blanks))].length;
    field.value = words.trim();
    form.elements.start.value = start;
    form.elements.end.value = start + [...words.trim()].length;
  };

  const forget = () => {
    form.elements.start.value = "";
    form.elements.end.value = "";
  };

  document.addEventListener("selectionchange", take);
  field.addEventListener("input", forget);
}
