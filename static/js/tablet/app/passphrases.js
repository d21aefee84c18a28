import { queue, vault } from "../core/index.js";
import { h } from "./dom.js";
import { languageMenu } from "./enrolling.js";
import { KIOSK } from "./handing.js";
import { button, field, form, heading } from "./parts.js";

/** Ask for the passphrase, or for a new one: each day has its own, once nobody is unfinished. */
export async function passphrase(app, problem = null) {
  if (app.vault && !app.vault.isLocked) {
    await app.to.home();
    return;
  }
  if (problem === null) {
    await vault.endDay(app.store);
  }
  const known = await vault.exists(app.store);
  const input = field(app.word("passphrase.label"), {
    id: "passphrase",
    type: "password",
    dir: "ltr",
    hint: known ? null : app.word("passphrase.hint"),
    error: problem && app.sentence(problem),
    autocapitalize: "none",
  });
  const open = async () => {
    const typed = input.querySelector("input").value;
    try {
      app.vault = await (known ? vault.unlock : vault.create)(app.store, typed);
    } catch (error) {
      await app.to.passphrase(error);
      return;
    }
    await app.to.home();
  };
  app.screen(
    languageMenu(app, () => app.to.passphrase()),
    heading(app.word(known ? "passphrase.open" : "passphrase.choose")),
    !known && h("p", {}, app.word("passphrase.why")),
    form(
      open,
      input,
      h(
        "button",
        { type: "submit", class: "tablet-button tablet-button--main" },
        app.word("passphrase.go_on"),
      ),
    ),
    known && button(app.word("passphrase.forgotten"), () => app.to.forgotten(), { kind: "quiet" }),
  );
  if (problem) {
    input.querySelector("input").focus();
  }
}

/** Without the passphrase what is unfinished is lost; what is finished is not. */
export async function forgotten(app, back = () => app.to.passphrase()) {
  const { unfinished } = await queue.owed(app.store);
  app.screen(
    heading(app.word("forgotten.title")),
    h("p", {}, app.word("forgotten.what", { count: unfinished })),
    button(
      app.word("forgotten.do"),
      async () => {
        await vault.discard(app.store);
        await app.store.remove("settings", KIOSK);
        await app.to.passphrase();
      },
      { kind: "warning" },
    ),
    button(app.word("question.back"), back, { kind: "quiet" }),
  );
}
