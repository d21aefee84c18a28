import { clock, device, sending } from "../core/index.js";
import { h, said, screenAtHand } from "./dom.js";
import { languageMenu } from "./enrolling.js";
import { owing } from "./owed.js";
import { button, heading, wrong } from "./parts.js";
import { forgetOldClips } from "./recordings.js";
import { day, language } from "./words.js";
import { untilKept } from "./worker_watch.js";

/** What the server says of a session that is not to be held; its questions are not opened then. */
const GONE = new Set(["no_session", "not_found"]);

/** Say that it takes a moment; returns whether the screen is still there. */
function wait(app) {
  app.screen(h("p", { role: "status" }, app.word("wait.loading")));
  const here = screenAtHand();
  return () => screenAtHand() === here;
}

export async function sessions(app, problem = null) {
  const isHere = wait(app);
  let found = null;
  let fault = problem;
  try {
    found = await app.api.sessions();
    await sending.tell(app.store, app.api);
  } catch (error) {
    fault = fault || error;
  }
  const enrolled = await device.current(app.store);
  const kept = await app.store.all("sessions");
  const all = found || kept;
  const owed = await owing(app);
  if (!isHere()) {
    return;
  }
  app.screen(
    languageMenu(app, () => app.to.sessions()),
    heading(app.word("sessions.title")),
    h("p", { class: "tablet-hint" }, app.word("sessions.tablet", { name: enrolled.name })),
    fault && wrong(app.sentence(fault)),
    all.length === 0 && h("p", {}, app.word("sessions.none")),
    h("ul", { class: "tablet-sessions" }, all.map((each) => one(app, each, kept))),
    owed,
    button(app.word("sessions.again"), () => app.to.sessions(), { kind: "quiet" }),
    app.vault &&
      app.session &&
      button(app.word("question.back"), () => app.to.home(), { kind: "quiet" }),
  );
}

function one(app, each, kept) {
  const titles = each.consultation.title;
  const code = app.helper in titles ? app.helper : Object.keys(titles)[0];
  const title = { words: titles[code], language: code, direction: language(code).direction };
  const isHere = kept.some((known) => known.id === each.id);
  return h(
    "li",
    {},
    h("h2", {}, h("bdi", {}, each.venue), ", ", h("bdi", {}, day(app.helper, each.on))),
    said(title, app.helper, "p"),
    each.ready === false
      ? h("p", { class: "tablet-hint" }, app.word("sessions.not_open"))
      : button(
          app.word(isHere ? "sessions.open" : "sessions.load"),
          () => app.to.load(each.id),
          { kind: "main" },
        ),
  );
}

/** Fetch the questions, and have the app kept beside them; where that cannot be done, those that are here serve. */
export async function load(app, id) {
  const isHere = wait(app);
  let fault = null;
  try {
    await fetchPack(app, id);
    await untilKept(app);
  } catch (error) {
    fault = error;
  }
  if (!isHere()) {
    return;
  }
  if (fault && (GONE.has(fault.word) || !(await app.packOf(id)))) {
    await app.to.sessions(fault);
    return;
  }
  app.isGone = false;
  await app.take(id);
  await app.to.passphrase();
}

/**
 * Hear, when the app is opened at a session, whether that is still as it was. Who has begun
 * meanwhile goes on with what they began with; the session's screen has the new.
 */
export async function refresh(app) {
  const { id } = app.session;
  const before = standing(app);
  try {
    await fetchPack(app, id);
    app.isGone = false;
    if (app.session.id === id) {
      app.hasNewer = true;
      if (!app.inHand) {
        await app.takeNewer();
      }
    }
  } catch (error) {
    app.isGone = GONE.has(error.word); // all else is told when the sessions are looked at
  }
  if (standing(app) !== before) {
    await app.to.homeAnew();
  }
}

/** What the session's screen tells of the session itself. */
const standing = ({ isGone, pack }) => JSON.stringify([isGone, pack.digest, pack.consultation]);

async function fetchPack(app, id) {
  const before = Date.now();
  const pack = await app.api.pack(id);
  await clock.learn(app.store, pack.server_now, { before });
  await sending.rememberKeys(app.store, pack.keys);
  await app.store.write(["packs", "sessions"], (of) =>
    Promise.all([
      of("packs").put(pack, pack.digest),
      of("sessions").put({
        ...pack.session,
        pack: pack.digest,
        consultation: { slug: pack.consultation.slug, title: titlesOf(pack) },
      }),
    ]),
  );
  await forgetOldClips(app.store);
}

function titlesOf(pack) {
  return Object.fromEntries(
    Object.entries(pack.texts)
      .filter(([, texts]) => texts.title)
      .map(([code, texts]) => [code, texts.title]),
  );
}
