import { vault } from "../core/index.js";
import { h, show } from "./dom.js";
import { owesLine } from "./owed.js";
import { button, field, form, heading } from "./parts.js";
import { hush } from "./speech.js";
import { language, word } from "./words.js";

/** The setting that keeps the tablet with one person: nobody sees anything else until it is back. */
export const KIOSK = "kiosk";

/** Show something to whoever holds the tablet, in their language, and nothing of anybody else. */
function neutral(app, code, ...content) {
  hush();
  app.inHand = null;
  show(language(code), heading(word(code, "kiosk.title")), ...content);
  owesLine(app, { hide: true });
}

/** Somebody would rather not: nothing of others is shown before the helper has the tablet. */
export function declined(app, code) {
  neutral(
    app,
    code,
    h("p", {}, word(code, "declined.thanks")),
    button(word(code, "declined.helper"), () => app.to.home(), { kind: "quiet" }),
  );
}

/** The tablet shows nothing more until the helper has it back. */
export async function giveBack(app, code, problem = null) {
  if (app.vault) {
    app.vault.lock();
    app.vault = null;
  }
  const unfinished = await app.store.count("drafts");
  const input = field(word(code, "kiosk.passphrase"), {
    id: "passphrase",
    type: "password",
    dir: "ltr",
    error: problem && app.sentence(problem, code),
    autocapitalize: "none",
  });
  const open = async () => {
    try {
      app.vault = await vault.unlock(app.store, input.querySelector("input").value);
    } catch (error) {
      await app.to.giveBack(code, error);
      return;
    }
    await app.handOver(null);
    await app.to.home();
  };
  neutral(
    app,
    code,
    h("p", {}, word(code, "kiosk.give_back")),
    form(
      open,
      input,
      h("button", { type: "submit", class: "tablet-button" }, word(code, "passphrase.go_on")),
    ),
    // Whoever holds the tablet here may be anybody: nobody's answers can be given up.
    problem &&
      unfinished === 0 &&
      button(
        app.word("passphrase.forgotten"),
        () => app.to.forgotten(() => app.to.giveBack(code)),
        { kind: "quiet", lang: app.helper, dir: language(app.helper).direction },
      ),
  );
  if (problem) {
    input.querySelector("input").focus();
  }
}
