/**
 * An element: `h("button", { class: "x", onclick: act }, "Words", child)`. Words are text, never
 * markup. Attributes that are null, undefined or false are left out.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "value" || name === "checked") {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  const shown = children.flat(Infinity);
  element.append(...shown.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Words of the consultation, marked with their language where it is not the screen's. */
export function said(text, screenLanguage, tag = "span", attributes = {}) {
  const other = text.language !== screenLanguage;
  return h(
    tag,
    { ...attributes, lang: other ? text.language : null, dir: other ? text.direction : null },
    text.words,
  );
}

/** A plain text as paragraphs: blank lines part them. */
export function paragraphs(text, screenLanguage) {
  return text.words
    .split(/\n\s*\n/)
    .filter((part) => part.trim())
    .map((part) => said({ ...text, words: part.trim() }, screenLanguage, "p"));
}

let shown = 0;

/** Which screen is at hand: what took long must not lie over one that has come meanwhile. */
export const screenAtHand = () => shown;

/** While this screen is there, the browser asks before it is left. */
export function holdOnTo() {
  globalThis.onbeforeunload = (event) => event.preventDefault();
}

/**
 * Put a screen in the place of the one before, of which nothing stays, and lead everybody to its
 * heading: eyes, keyboard and screen reader.
 */
export function show(language, ...content) {
  shown += 1;
  globalThis.onbeforeunload = null;
  const root = document.documentElement;
  root.lang = language.code;
  root.dir = language.direction;
  const main = document.getElementById("main");
  main.replaceChildren(...content.flat(Infinity).filter(Boolean));
  window.scrollTo(0, 0);
  const heading = main.querySelector("h1");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

/** Say something to screen readers, without moving anybody. */
export function announce(words) {
  document.getElementById("said").textContent = words;
}
