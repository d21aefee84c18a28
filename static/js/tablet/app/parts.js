import { h } from "./dom.js";

/** Do something; what goes wrong is told on the screen, wherever it was begun. */
export async function attempt(act) {
  try {
    await act();
  } catch (error) {
    document.dispatchEvent(new CustomEvent("consult-problem", { detail: error }));
  }
}

/** A form; while what it asks for is being done, it cannot be sent again. */
export function form(onsubmit, ...content) {
  let busy = false;
  return h(
    "form",
    {
      autocomplete: "off",
      onsubmit: async (event) => {
        event.preventDefault();
        if (busy) {
          return;
        }
        busy = true;
        event.target.setAttribute("aria-busy", "true");
        await attempt(onsubmit);
        event.target.removeAttribute("aria-busy");
        busy = false;
      },
    },
    ...content,
  );
}

/** A button; `kind` is "main" for the one thing most people press next. */
export function button(words, onclick, { kind = "", ...attributes } = {}) {
  const name = `tablet-button${kind ? ` tablet-button--${kind}` : ""}`;
  const pressed = (event) => attempt(() => onclick(event));
  return h("button", { type: "button", class: name, onclick: pressed, ...attributes }, words);
}

export function heading(...words) {
  return h("h1", {}, ...words);
}

/**
 * A text field with its label, and what has to be put right in it; where it is all there is on the
 * screen, it is `titled`: its label is the heading.
 */
export function field(label, { id, hint, error, long = false, titled = false, ...attributes } = {}) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const common = {
    id,
    class: "tablet-input",
    "aria-describedby": described || null,
    "aria-invalid": error ? "true" : null,
    autocomplete: "off",
    autocapitalize: "sentences",
    spellcheck: "false",
    dir: "auto",
    ...attributes,
  };
  const { value = "", ...rest } = common;
  return h(
    "div",
    { class: `tablet-field${error ? " tablet-field--wrong" : ""}` },
    titled
      ? h("h1", { class: "tablet-question" }, h("label", { for: id }, label))
      : h("label", { for: id, class: "tablet-label" }, label),
    hint && h("p", { id: `${id}-hint`, class: "tablet-hint" }, hint),
    error && h("p", { id: `${id}-error`, class: "tablet-error" }, error),
    long ? h("textarea", { rows: 6, ...rest, value }) : h("input", { type: "text", ...rest, value }),
  );
}

/** A list to choose one thing from. */
export function select(label, id, options) {
  return h(
    "div",
    { class: "tablet-field" },
    h("label", { for: id, class: "tablet-label" }, label),
    h("select", { id, class: "tablet-input", autocomplete: "off" }, options),
  );
}

/** One of several things to choose, as large as a thumb. */
export function choice(kind, { id, name, value, checked, onchange }, ...label) {
  return h(
    "div",
    { class: "tablet-choice" },
    h("input", { type: kind, id, name, value, checked, onchange, autocomplete: "off" }),
    h("label", { for: id }, ...label),
  );
}

/** Something that the helper has to know. */
export function notice(words, { kind = "note" } = {}) {
  return h("div", { class: `tablet-notice tablet-notice--${kind}` }, h("p", {}, words));
}

export function wrong(words) {
  return h("div", { class: "tablet-notice tablet-notice--wrong", role: "alert" }, h("p", {}, words));
}
