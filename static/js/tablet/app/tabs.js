import { h } from "./dom.js";
import { attempt, button, heading } from "./parts.js";

/** Held by the one tab that is in use: two would show each other's people. */
const OPEN = "consult-tablet-open";

/** Whether no other tab has the app open; from then on none but by taking it away. */
export function alone(app, { steal = false } = {}) {
  if (!navigator.locks) {
    return true;
  }
  return new Promise((resolve) => {
    navigator.locks
      .request(OPEN, steal ? { steal } : { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock && new Promise(() => {});
      })
      .catch(() => attempt(() => app.to.elsewhere()));
  });
}

/** Another tab is in use: nothing of anybody is left in this one. */
export async function elsewhere(app) {
  if (app.sender) {
    app.sender.stop();
  }
  if (app.inHand) {
    await app.inHand.keep();
  }
  if (app.vault) {
    app.vault.lock();
  }
  app.vault = null;
  app.screen(
    heading(app.word("tab.title")),
    h("p", {}, app.word("tab.what")),
    button(
      app.word("tab.here"),
      async () => {
        await alone(app, { steal: true });
        location.reload();
      },
      { kind: "main" },
    ),
  );
}
