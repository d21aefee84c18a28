import {
  Api,
  TabletError,
  clock,
  device,
  drafts,
  openStore,
  queue,
  sending,
  storage,
  vault,
} from "../core/index.js";
import { show } from "./dom.js";
import { enrolment, keeping, signOutHere } from "./enrolling.js";
import { KIOSK, declined, giveBack } from "./handing.js";
import { harm, home, homeAnew, removal } from "./home.js";
import { load, refresh, sessions } from "./loading.js";
import { addAnew, heard, owesLine, refusedItems, removeRefused, tellOwed } from "./owed.js";
import { attempt, button, heading, wrong } from "./parts.js";
import { forgotten, passphrase } from "./passphrases.js";
import * as speech from "./speech.js";
import { alone, elsewhere } from "./tabs.js";
import { Talk } from "./talk.js";
import { hasWord, language, languages, loadWords, word } from "./words.js";
import { watchWorker } from "./worker_watch.js";

const HELPER = "helper_language";
const SESSION = "session_in_use";

/** The session whose code was scanned, while its reader signs in. */
const WANTED = "session_wanted";

/** How long a tablet may lie about before it locks itself. */
const LOCKS_AFTER = 10 * 60_000;

/** Each screen by its name; they call each other as `app.to.<name>(…)`. */
const SCREENS = {
  addAnew,
  declined,
  elsewhere,
  enrolment,
  forgotten,
  giveBack,
  harm,
  home,
  homeAnew,
  keeping,
  load,
  passphrase,
  refusedItems,
  removal,
  removeRefused,
  sessions,
};

/** The tablet in a helper's hands: what it is enrolled as, its session, and what it owes. */
export class App {
  constructor() {
    this.helper = "en";
    this.session = null;
    this.pack = null;
    this.vault = null;
    this.state = { sending: false, problem: null, waitingUntil: 0, revoked: false };
    this.news = 0; // how often the sender has told of something
    this.owes = { count: 0, oldest: null };
    this.promised = "unknown";
    this.expired = 0;
    this.updated = false;
    this.isGone = false;
    this.hasNewer = false;
    this.kept = null; // when the browser has the app itself, or will not have it
    this.worksOffline = true;
    this.inHand = null;
    this.isHelpers = true;
    this.touched = Date.now();
    this.to = Object.fromEntries(
      Object.entries(SCREENS).map(([name, act]) => [name, (...given) => act(this, ...given)]),
    );
  }

  word(key, values) {
    return word(this.helper, key, values);
  }

  /** Show the helper something; what the tablet owes stands below it. */
  screen(...content) {
    speech.hush();
    this.inHand = null;
    show(language(this.helper), ...content);
    owesLine(this);
    attempt(() => tellOwed(this));
  }

  async start() {
    await loadWords();
    this.helper = this.preferred();
    speech.prepare();
    this.store = await openStore({ onOld: () => this.old() });
    this.helper = (await this.store.setting(HELPER)) || this.helper;
    document.addEventListener("consult-problem", (event) => this.explain(event.detail));
    ["pointerdown", "keydown"].forEach((kind) =>
      document.addEventListener(kind, () => this.wake(), { capture: true }),
    );
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") {
        attempt(() => this.lockIfLeft());
      } else if (this.inHand) {
        attempt(() => this.inHand.keep());
      }
    });
    if (!(await alone(this))) {
      this.to.elsewhere();
      return;
    }
    await this.begin();
  }

  async begin() {
    this.ticker = await clock.Ticker.start(this.store);
    setInterval(() => attempt(() => this.tick()), 60_000);
    this.expired += await vault.expire(this.store, this.ticker);
    this.api = new Api(() => device.current(this.store));
    this.owes = await queue.owed(this.store);
    this.sender = new sending.Sender(this.store, this.api, (state) =>
      attempt(() => heard(this, state)),
    ).start();
    watchWorker(this);
    globalThis.addEventListener("appinstalled", () => this.askToKeep());
    if (await device.current(this.store)) {
      this.askToKeep();
      signOutHere(this);
    }
    await this.open();
    if (this.session) {
      await attempt(() => refresh(this));
    }
  }

  /** Ask the browser, each time, to keep what is here: most promise it once the app is installed. */
  async askToKeep() {
    this.promised = await storage.persist();
  }

  preferred() {
    const known = new Set(languages().map((each) => each.code));
    const wanted = navigator.languages.map((each) => each.toLowerCase().split("-")[0]);
    return wanted.find((code) => known.has(code)) || "en";
  }

  async speak(code) {
    this.helper = code;
    await this.store.setSetting(HELPER, code);
  }

  async tick() {
    await this.lockIfLeft();
    await this.ticker.keep();
    const gone = await vault.expire(this.store, this.ticker);
    this.expired += gone;
    if (gone && this.vault) {
      await this.to.homeAnew();
    }
  }

  /** Somebody touches the tablet: it may have slept for longer than it stays open. */
  wake() {
    attempt(() => this.lockIfLeft());
    this.touched = Date.now();
  }

  /** Nobody has touched the tablet for a while: keep what is on it, and ask for the passphrase. */
  async lockIfLeft() {
    if (!this.vault || Date.now() - this.touched <= LOCKS_AFTER) {
      return;
    }
    if (this.inHand && !(await this.inHand.keep())) {
      return;
    }
    const kiosk = await this.store.setting(KIOSK);
    await (kiosk ? this.to.giveBack(kiosk.language) : this.lock());
  }

  async lock() {
    if (this.vault) {
      this.vault.lock();
      this.vault = null;
    }
    await this.to.passphrase();
  }

  /** Where to begin: what was in hand when the app was closed comes first. */
  async open() {
    if (!(await device.current(this.store))) {
      if (scanned()) {
        await this.store.setSetting(WANTED, scanned());
      }
      await this.to.enrolment();
      return;
    }
    const kiosk = await this.store.setting(KIOSK);
    const wanted = scanned() || (await this.store.setting(WANTED));
    await this.store.remove("settings", WANTED);
    history.replaceState(null, "", location.pathname); // the choice made next counts from then on
    const held = kiosk ? kiosk.session : wanted || (await this.store.setting(SESSION));
    if (held && (await this.packOf(held))) {
      await this.take(held);
      await (kiosk ? this.to.giveBack(kiosk.language) : this.to.passphrase());
      return;
    }
    if (wanted && !kiosk) {
      await this.to.load(wanted);
      return;
    }
    await this.to.sessions();
  }

  /** The questions of a session as they were loaded last. */
  async packOf(id) {
    const session = await this.store.get("sessions", id);
    return session && session.pack ? this.store.get("packs", session.pack) : undefined;
  }

  async take(id) {
    await drafts.forgetPacks(this.store);
    this.pack = await this.packOf(id);
    this.session = await this.store.get("sessions", id); // several may have the same questions
    if ((await this.store.setting(SESSION)) !== id) {
      await this.store.setSetting(SESSION, id);
    }
  }

  /** Take what was loaded while somebody had the tablet in hand. */
  async takeNewer() {
    if (this.hasNewer) {
      this.hasNewer = false;
      await this.take(this.session.id);
    }
  }

  // One person, or one table

  hold(inHand) {
    this.inHand = inHand;
    inHand.show();
  }

  talk(draft, pack) {
    this.hold(new Talk(this, draft, pack));
  }

  /** From now on the tablet shows one person's questions only; with null, it is the helper's. */
  async handOver(draft) {
    await (draft === null
      ? this.store.remove("settings", KIOSK)
      : this.store.setSetting(KIOSK, { session: this.session.id, language: draft.language }));
  }

  save(draft) {
    return drafts.save(this.store, this.vault, this.ticker, draft);
  }

  forget(draft) {
    return drafts.remove(this.store, draft.id);
  }

  /** Give up what this tablet was enrolled as, and the keys of that. */
  async forgetDevice() {
    await this.store.remove("device", "this");
    await this.store.remove("settings", "new_keys");
    await this.store.remove("settings", SESSION);
  }

  async finish(payload, draftId) {
    await queue.finish(this.store, {
      payload: { ...payload, clock_offset: await clock.offset(this.store) },
      draftId,
      keys: await sending.serverKeys(this.store),
      device: await device.current(this.store),
    });
    this.sender.sendNow();
  }


  /** Somebody stops, or has done: with the helper, their list; alone, the tablet goes back first. */
  async leave(mode, code) {
    await (mode === "helped" ? this.to.home() : this.to.giveBack(code));
  }

  // What goes wrong

  sentence(error, code = this.helper) {
    const key = `error.${error instanceof TabletError ? error.word : "fault"}`;
    return word(code, hasWord(key) ? key : "error.fault");
  }

  /** Say what went wrong on the screen at hand; nothing on it goes. */
  explain(error, code = this.inHand ? this.inHand.code : this.helper) {
    document.querySelectorAll("[data-explained]").forEach((old) => old.remove());
    const shown = wrong(this.sentence(error, code));
    shown.dataset.explained = "";
    shown.lang = code;
    shown.dir = language(code).direction;
    document.getElementById("main").prepend(shown);
    shown.scrollIntoView({ block: "nearest" });
  }

  old() {
    const again = button(this.word("update.reload"), () => location.reload(), { kind: "main" });
    this.screen(heading(this.word("update.old")), again);
  }
}

function scanned() {
  return new URLSearchParams(location.hash.slice(1)).get("session");
}
