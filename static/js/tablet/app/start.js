import { TabletError } from "../core/index.js";
import { App } from "./app.js";

/** Begin. What keeps the app from beginning is told in the words that came with the page. */
export function start() {
  if (!globalThis.isSecureContext) {
    cannot("insecure");
    return;
  }
  new App().start().catch((error) => {
    cannot(error instanceof TabletError && error.word === "no_storage" ? error.word : "fault");
  });
}

/** The words that came with the page, in the reader's language where they are in it. */
function cannot(why) {
  const sentences = [...document.querySelectorAll(`[data-cannot="${why}"]`)];
  const read = navigator.languages.map((each) => each.toLowerCase().split("-")[0]);
  const code = read.find((each) => sentences.some(({ lang }) => lang === each)) || "en";
  sentences.forEach((each) => {
    each.hidden = each.lang !== code;
  });
}
