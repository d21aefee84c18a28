"""What a person would see on the page at hand, measured."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

ZOOMED = {"width": 320, "height": 256}
"""A screen of 1280 by 1024 at 400 %; as narrow as WCAG 1.4.10 asks for."""

_WIDTH = "document.documentElement.scrollWidth"

_MEASURE = """() => {
  const shown = element => {
    const box = element.getBoundingClientRect();
    return element.checkVisibility({visibilityProperty: true}) && box.width > 1 && box.height > 1
      && !element.closest(".govuk-visually-hidden, .consult-enter-key, .consult-not-shown");
  };
  const name = element => {
    const words = (element.innerText || element.id || "").trim().slice(0, 30);
    return `${element.tagName.toLowerCase()}.${element.className} "${words}"`;
  };
  const worded = [...document.querySelectorAll("button, label, legend, summary, h1, h2, h3, h4, "
    + ".govuk-button, .govuk-link, p, li, dt, dd")].filter(shown);
  // Lines as tall as their style says: the glyph boxes of some fonts are taller than any line.
  const leaves = element => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.data.trim() || !shown(node.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const half = parseFloat(getComputedStyle(node.parentElement).lineHeight) / 2;
      for (const box of range.getClientRects()) {
        const middle = (box.top + box.bottom) / 2;
        found.push({top: middle - half, bottom: middle + half, left: box.left, right: box.right});
      }
    }
    return found;
  };
  const clipped = worded.filter(element => {
    if (getComputedStyle(element).display === "inline") return false;
    const outer = element.getBoundingClientRect();
    return leaves(element).some(line => line.top < outer.top - 2 || line.bottom > outer.bottom + 2
      || line.left < outer.left - 2 || line.right > outer.right + 2);
  }).map(name);
  const parts = [...document.querySelectorAll("body *:not(input, textarea, select)")];
  const cut = parts.filter(shown).filter(element => {
    const style = getComputedStyle(element);
    return /hidden|clip/.test(style.overflowX + style.overflowY)
      && (element.scrollHeight > element.clientHeight + 2
        || element.scrollWidth > element.clientWidth + 2);
  }).map(name);
  const flat = worded.filter(element => {
    const style = getComputedStyle(element);
    const ratio = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
    const language = element.closest("[lang]").lang;
    const least = {ur: 1.8, ar: 1.5, bn: 1.4, pa: 1.4}[language];
    return least && !(ratio >= least) && !element.closest("[dir=ltr]:not([lang])");
  }).map(name);
  const small = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(shown)
    .filter(element => {
      // A link in a sentence may be as tall as its line: WCAG 2.5.8 excepts it.
      const inSentence = getComputedStyle(element).display === "inline"
        && element.parentElement.matches("p, li")
        && element.parentElement.innerText.trim() !== element.innerText.trim();
      const box = element.getBoundingClientRect();
      return !inSentence && (box.width < 24 || box.height < 24);
    })
    .map(element => {
      const box = element.getBoundingClientRect();
      return `${name(element)}: ${box.width.toFixed(1)}x${box.height.toFixed(1)}`;
    });
  return {clipped: [...clipped, ...cut], flat, small};
}"""


@dataclass
class Seen:
    """Faults of one page that eyes and fingers would find."""

    too_wide: list[str]
    clipped: list[str]
    flat: list[str]
    """Lines of a script that needs more height."""
    small: list[str]
    """Targets smaller than 24 by 24 pixels."""

    def faults(self) -> list[str]:
        """All of them, each in one line."""
        return [
            *(f"wider than the screen: {fault}" for fault in self.too_wide),
            *(f"clipped: {fault}" for fault in self.clipped),
            *(f"lines too close: {fault}" for fault in self.flat),
            *(f"too small to touch: {fault}" for fault in self.small),
        ]


def look(page: Page) -> Seen:
    """Measure the page at hand on its own screen and on the narrowest one."""
    usual = page.viewport_size
    assert usual is not None
    found: dict[str, Any] = page.evaluate(_MEASURE)
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    width: int = page.evaluate(_WIDTH)
    narrow: dict[str, Any] = page.evaluate(_MEASURE)
    page.set_viewport_size(usual)
    return Seen(
        too_wide=[f"{width} pixels on 320"] if width > 320 else [],
        clipped=[*found["clipped"], *(f"on 320: {fault}" for fault in narrow["clipped"])],
        flat=found["flat"],
        small=found["small"],
    )


_FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const label = element.labels && element.labels[0];
  const parts = [[element, ""], [element, "::before"], [element, "::after"]];
  if (label) parts.push([label, ""], [label, "::before"], [label, "::after"]);
  const looks = () => parts.map(([part, pseudo]) => {
    const style = getComputedStyle(part, pseudo || null);
    return [style.outlineStyle, style.outlineColor, style.outlineWidth, style.boxShadow,
            style.backgroundColor, style.borderTopColor, style.borderTopWidth].join();
  }).join();
  const focused = looks();
  const visible = element.matches(":focus-visible");
  element.blur();
  const plain = looks();
  element.focus({preventScroll: true, focusVisible: true});
  const box = element.getBoundingClientRect();
  return {
    tag: element.tagName.toLowerCase(), id: element.id, name: element.name || "",
    href: element.getAttribute("href") || "", class: element.className,
    words: (element.innerText || (label && label.innerText) || "").trim(),
    shows: visible && focused !== plain,
    top: box.top + scrollY, inSight: box.bottom > 0 && box.top < innerHeight,
  };
}"""


@dataclass(frozen=True)
class Focus:
    """The element that has the focus, and whether a person could tell."""

    tag: str
    id: str
    name: str
    href: str
    classes: str
    words: str
    shows: bool
    top: float
    in_sight: bool


def focus(page: Page) -> Focus | None:
    """The element that has the focus, or nothing."""
    found: dict[str, Any] | None = page.evaluate(_FOCUS)
    if found is None:
        return None
    return Focus(
        tag=found["tag"],
        id=found["id"],
        name=found["name"],
        href=found["href"],
        classes=found["class"],
        words=found["words"],
        shows=found["shows"],
        top=found["top"],
        in_sight=found["inSight"],
    )
