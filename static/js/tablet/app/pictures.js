import { h } from "./dom.js";

/** Our own drawing beside the Easy Read text, where one fits; it says nothing the text does not. */
export function picture(pack, section) {
  const name = (pack.pictures || {})[section];
  return name
    ? h("img", {
        src: document.body.dataset[`picture${name[0].toUpperCase()}${name.slice(1)}`],
        alt: "",
        width: "120",
        height: "120",
        class: "tablet-picture",
      })
    : null;
}
