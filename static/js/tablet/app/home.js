import { TabletError, clock, drafts, storage } from "../core/index.js";
import { h, said, screenAtHand } from "./dom.js";
import { Flow } from "./flow.js";
import { KIOSK } from "./handing.js";
import { place, visible } from "./journey.js";
import { owing } from "./owed.js";
import { button, heading, notice, wrong } from "./parts.js";
import { recordings } from "./recordings.js";
import { textOf } from "./texts.js";
import { day, language } from "./words.js";
import { useUpdate } from "./worker_watch.js";

/** The session: the next person, who waits, and what the tablet owes. */
export async function home(app, isWanted = () => true) {
  const kiosk = await app.store.setting(KIOSK);
  if (kiosk) {
    await app.to.giveBack(kiosk.language);
    return;
  }
  await app.takeNewer();
  const paused = await drafts.list(app.store, app.vault, app.session.id);
  const now = Date.now() + ((await clock.offset(app.store)) || 0);
  const device = { left: await storage.room(), clockIsOff: await clock.looksWrong(app.store) };
  const owed = await owing(app);
  const clips = await recordings(app);
  if (!isWanted()) {
    return;
  }
  // From here on nothing is waited for: what has come meanwhile is told.
  const { opens_at: opens, closes_at: closes, paused: isPaused } = app.pack.consultation;
  const isOpen = now >= opens && now < closes && !isPaused;
  const { venue, on } = app.session;
  const told = notices(app, now, device);
  app.expired = 0;
  app.screen(
    h(
      "p",
      { class: "tablet-hint", "data-home": "" },
      h("bdi", {}, venue),
      ", ",
      h("bdi", {}, day(app.helper, on)),
    ),
    heading(said(textOf(app.pack, app.helper, "title"), app.helper)),
    told,
    isOpen && button(app.word("home.next"), () => app.hold(Flow.begin(app)), { kind: "main" }),
    paused.length > 0 && h("h2", {}, app.word("home.paused")),
    paused.length > 0 && h("ul", { class: "tablet-paused" }, paused.map((each) => one(app, each))),
    owed,
    clips,
    app.promised === "refused" && notice(app.word("storage.not_promised")),
    h("h2", {}, app.word("home.more")),
    h(
      "div",
      { class: "tablet-buttons" },
      isOpen && button(app.word("home.talk"), () => app.talk()),
      button(app.word("home.harm"), () => app.to.harm()),
      button(app.word("home.sessions"), () => app.to.sessions()),
      button(app.word("home.lock"), () => app.lock()),
    ),
  );
}

/** Tell on this screen, if it is the one at hand, what has come since; never over another. */
export async function homeAnew(app) {
  const here = screenAtHand();
  if (document.querySelector("[data-home]")) {
    await home(app, () => screenAtHand() === here);
  }
}

/** What the helper has to know before they go on, the gravest first. */
function notices(app, now, { left, clockIsOff }) {
  const { consultation } = app.pack;
  const { opens_at: opens, closes_at: closes, late_until: late } = consultation;
  const { timezone: timeZone } = consultation;
  const today = new Intl.DateTimeFormat("en-CA", { timeZone }).format(now);
  return [
    app.isGone && wrong(app.word("home.gone")),
    now < opens && notice(app.word("sessions.not_open")),
    consultation.paused && now < closes && notice(app.word("home.consultation_paused")),
    now > late && wrong(app.word("home.over")),
    now > closes && now <= late && notice(app.word("home.closed")),
    !app.worksOffline && wrong(app.word("home.no_worker")),
    app.state.revoked && wrong(app.word("error.revoked")),
    left !== null && left < storage.LITTLE_ROOM && notice(app.word("error.storage_full")),
    clockIsOff && notice(app.word("error.clock_wrong")),
    app.expired > 0 && notice(app.word("home.expired", { count: app.expired })),
    app.session.on !== today && notice(app.word("home.another_day")),
    app.updated && notice(app.word("update.there")),
    app.updated && button(app.word("update.use"), () => useUpdate(), { kind: "quiet" }),
  ];
}

function one(app, each) {
  const name = each.nickname || app.word(each.kind === "talk" ? "home.talk" : "home.no_name");
  const theirs = language(each.language);
  const hidden = () => h("span", { class: "tablet-hidden" }, ` ${name}`);
  return h(
    "li",
    {},
    h(
      "span",
      {},
      h("bdi", {}, name),
      " · ",
      h("span", { lang: each.language, dir: theirs.direction }, theirs.name),
      howFar(app, each),
    ),
    button([app.word("home.resume"), hidden()], () => resume(app, each)),
    button([app.word("home.remove"), hidden()], () => app.to.removal(each), { kind: "quiet" }),
  );
}

/** The question at which somebody stopped, where they had come to any. */
function howFar(app, each) {
  const step = each.step || "";
  const key = step.startsWith("question:") ? step.slice("question:".length) : null;
  const asked = each.pack === app.pack.digest && key ? visible(app.pack, each.typed) : [];
  const question = asked.find((known) => known.key === key);
  if (!question) {
    return null;
  }
  const { number, total, monitoring } = place(question, asked);
  const words = monitoring ? "question.about_you" : "question.place";
  return h(
    "span",
    { class: "tablet-hint tablet-hint--choice" },
    app.word(words, { number, total }),
  );
}

async function resume(app, each) {
  const found = await drafts.load(app.store, app.vault, each.id);
  if (!found) {
    throw new TabletError("finished_elsewhere");
  }
  const { touched, ...draft } = found;
  // The questions may have been loaded anew since: who has begun goes on with the old ones.
  const pack = await app.store.get("packs", draft.pack);
  if (!pack) {
    throw new TabletError("no_server_key");
  }
  if (draft.kind === "talk") {
    app.talk(draft, pack);
    return;
  }
  if (draft.mode === "self") {
    await app.handOver(draft);
  }
  app.hold(new Flow(app, draft, pack));
}

export function removal(app, each) {
  app.screen(
    heading(app.word("removal.title")),
    h("p", {}, app.word("removal.what")),
    button(
      app.word("removal.do"),
      async () => {
        await app.forget(each);
        await app.to.home();
      },
      { kind: "warning" },
    ),
    button(app.word("question.back"), () => app.to.home(), { kind: "quiet" }),
  );
}

const HARM = ["harm.listen", "harm.promise", "harm.danger", "harm.who", "harm.not_here", "harm.you"];

/** What a helper does when somebody tells them of harm; also in the middle of the questions. */
export function harm(app, back = () => app.to.home()) {
  app.screen(
    heading(app.word("harm.title")),
    HARM.map((key) => h("p", {}, app.word(key))),
    button(app.word("question.back"), back, { kind: "main" }),
  );
}
