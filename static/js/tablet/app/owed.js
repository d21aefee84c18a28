import { TabletError, queue } from "../core/index.js";
import { announce, h } from "./dom.js";
import { button, heading } from "./parts.js";
import { age, ahead, language } from "./words.js";

/** What the server says of a tablet that has to be added again. */
const UNKNOWN = "unknown_device";

/** What the tablet still holds, what became of the rest, and what can be done about it. */
export async function owing(app) {
  const { news } = app;
  const { count, oldest, refused } = await queue.owed(app.store);
  const { sending, problem, waitingUntil, revoked } = app.state;
  const sent = app.session ? await queue.sent(app.store, app.session.id) : { taken: 0, held: 0 };
  const isOut = revoked || problem === UNKNOWN;
  return h(
    "section",
    {
      class: "tablet-owed",
      "aria-labelledby": "owed-title",
      "data-owed": String(count),
      "data-news": String(news),
    },
    h("h2", { id: "owed-title" }, app.word("owed.title")),
    h("p", {}, app.word("owed.count", { count })),
    oldest !== null &&
      h("p", {}, app.word("owed.oldest", { age: age(app.helper, Date.now() - oldest) })),
    sending && h("p", {}, app.word("owed.sending")),
    problem && h("p", howGrave(problem), app.sentence(new TabletError(problem))),
    problem && count > 0 && h("p", {}, again(app, waitingUntil)),
    refused > 0 && h("p", { class: "tablet-error" }, app.word("owed.refused", { count: refused })),
    sent.taken > 0 && h("p", { "data-taken": String(sent.taken) }, app.word("owed.taken", { count: sent.taken })),
    sent.held > 0 && h("p", {}, app.word("owed.held", { count: sent.held })),
    h(
      "div",
      { class: "tablet-buttons" },
      count > 0 && button(app.word("owed.send"), () => app.sender.sendNow()),
      count + refused > 0 && button(app.word("owed.save"), () => saveCopy(app), { kind: "quiet" }),
      refused > 0 &&
        button(app.word("owed.look"), () => app.to.refusedItems(), { kind: "quiet" }),
      isOut && button(app.word("anew.open"), () => app.to.addAnew(), { kind: "quiet" }),
    ),
  );
}

/** Without a network is how most sessions are held: it is told, and is no fault. */
const howGrave = (problem) => (problem === "offline" ? {} : { class: "tablet-error" });

function again(app, waitingUntil) {
  return app.word("owed.again", { when: ahead(app.helper, waitingUntil - Date.now()) });
}

/** On every screen of the helper: how much is still on the tablet, and how old it is. */
export function owesLine(app, { hide = false } = {}) {
  app.isHelpers = !hide;
  const line = document.getElementById("owes");
  const { count, oldest } = app.owes;
  line.hidden = hide || count === 0 || document.querySelector("[data-owed]") !== null;
  if (line.hidden) {
    line.textContent = "";
    return;
  }
  const waits = age(app.helper, Date.now() - oldest);
  line.lang = app.helper;
  line.dir = language(app.helper).direction;
  line.textContent = `${app.word("owed.count", { count })} ${app.word("owed.oldest", { age: waits })}`;
}

/** Show what is owed anew where it stands, without moving anybody. */
export async function heard(app, state) {
  app.state = state;
  app.news += 1;
  app.owes = await queue.owed(app.store);
  await tellOwed(app);
}

/** Where what the screen says of it was found out before the last news, find it out again. */
export async function tellOwed(app) {
  const isOld = () => {
    const current = document.querySelector("[data-owed]");
    return current && Number(current.dataset.news) < app.news ? current : null;
  };
  if (!isOld()) {
    owesLine(app, { hide: !app.isHelpers });
    return;
  }
  const fresh = await owing(app);
  const current = isOld();
  if (current) {
    const hadFocus = current.contains(document.activeElement);
    current.replaceWith(fresh);
    if (hadFocus) {
      (fresh.querySelector("button") || document.querySelector("h1")).focus();
    }
    if (current.dataset.owed !== fresh.dataset.owed) {
      announce(app.word("owed.count", { count: fresh.dataset.owed }));
    }
  }
}

async function saveCopy(app) {
  const copy = await queue.exportCopy(app.store);
  const link = h("a", {
    href: URL.createObjectURL(copy),
    download: `consult-sealed-${new Date().toISOString().slice(0, 10)}.json`,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const back = (app) => (app.vault ? app.to.home() : app.to.sessions());

const SENTENCES = { too_late: "too_late", added_anew: "added_anew" };

export async function refusedItems(app) {
  const items = await queue.refused(app.store);
  const one = (item) => {
    const why = app.word(`refused.${SENTENCES[item.because] || "unreadable"}`);
    return h(
      "li",
      {},
      h("p", {}, `${why} ${age(app.helper, Date.now() - item.at)}`),
      button(
        app.word("refused.remove"),
        () => app.to.removeRefused(item),
        { kind: "quiet" },
      ),
    );
  };
  app.screen(
    heading(app.word("refused.title")),
    h("p", {}, app.word("refused.what")),
    h("ul", {}, items.map(one)),
    button(app.word("question.back"), () => back(app), { kind: "main" }),
  );
}

/** Once more, before the last copy of somebody's words goes. */
export function removeRefused(app, item) {
  app.screen(
    heading(app.word("refused.sure")),
    h("p", {}, app.word("refused.sure_what")),
    button(app.word("owed.save"), () => saveCopy(app)),
    button(
      app.word("refused.remove"),
      async () => {
        await queue.letGo(app.store, item.client_id);
        await app.to.refusedItems();
      },
      { kind: "warning" },
    ),
    button(app.word("question.back"), () => app.to.refusedItems(), { kind: "quiet" }),
  );
}

/**
 * The council has revoked this tablet, or does not know it: it can be added again, with new keys.
 * What it holds was signed with the old ones, and stays as a file to be uploaded.
 */
export async function addAnew(app) {
  const { count, refused } = await queue.owed(app.store);
  app.screen(
    heading(app.word("anew.title")),
    h("p", {}, app.word("anew.what")),
    count + refused > 0 && h("p", {}, app.word("anew.owed", { count: count + refused })),
    count + refused > 0 && button(app.word("owed.save"), () => saveCopy(app)),
    button(
      app.word("anew.do"),
      async () => {
        await queue.setAside(app.store, "added_anew");
        await app.forgetDevice();
        location.reload();
      },
      { kind: "warning" },
    ),
    button(app.word("question.back"), () => back(app), { kind: "quiet" }),
  );
}
