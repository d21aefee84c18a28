// What keeps answers safe on a tablet, without its screens: a page for the tests of faults.
import {
  Api,
  clock,
  device,
  drafts,
  newCode,
  openStore,
  queue,
  sending,
  storage,
  vault,
} from "../../../static/js/tablet/core/index.js";

const PASSPHRASE = "apple river lamp";
let store;
let api;
let ticker;
let sender;
let locked;

/** What is thrown, as a word: a test waits for it. */
async function word(act) {
  try {
    await act();
    return "done";
  } catch (error) {
    return error.word || `${error.name}: ${error.message}`;
  }
}

async function payloadOf({ client_id, said, session, pack, code }) {
  const at = Date.now();
  const typed = (fields) => ({ typed: fields, language: "en", at });
  return {
    v: 1,
    kind: "response",
    client_id,
    session,
    pack,
    language: "en",
    mode: "helped",
    interpreted: false,
    consented_at: at - 60_000,
    started_at: at - 60_000,
    finished_at: at,
    clock_offset: await clock.offset(store),
    code,
    answers: {
      who: typed({ answer: ["resident"] }),
      vision_say: typed({ answer: [said] }),
    },
  };
}

const draftOf = (person) => ({ ...person, id: person.client_id });

globalThis.harness = {
  async open() {
    store = await openStore();
    api = new Api(() => device.current(store));
    ticker = await clock.Ticker.start(store);
    sender = new sending.Sender(store, api);
  },

  /** Make the tablet's keys; returns the public one. */
  async publicKey() {
    const keys = await device.makeKeys();
    await store.setSetting("new_keys", keys);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", keys.publicKey);
    return { kty, crv, x, y };
  },

  async enrolled(id) {
    const keys = await store.setting("new_keys");
    await store.put("device", { id, name: "Tablet", organisation: "", keys }, "this");
    await sending.tell(store, api);
    locked = await vault.create(store, PASSPHRASE, { iterations: 1000 });
  },

  async unlock(passphrase = PASSPHRASE) {
    return word(async () => {
      locked = await vault.unlock(store, passphrase);
    });
  },

  /** Somebody begins, and all they say is kept as a draft. */
  begin(person) {
    return word(() => drafts.save(store, locked, ticker, draftOf({ ...person, code: newCode() })));
  },

  /** They finish: what is sealed is read back from the draft, as after a pause. */
  finish(id) {
    return word(async () => {
      const person = await drafts.load(store, locked, id);
      if (!person) {
        return; // it is finished already
      }
      await queue.finish(store, {
        payload: await payloadOf(person),
        draftId: id,
        keys: await sending.serverKeys(store),
        device: await device.current(store),
      });
    });
  },

  /** Send once; returns what is owed after it, and what went wrong. */
  async send() {
    await sender.sendNow();
    return { ...(await queue.owed(store)), problem: sender.problem };
  },

  sendLater() {
    sender.sendNow();
  },

  /** Somebody sets the clock. */
  moveClock(by) {
    const right = Date.now;
    Date.now = () => right() + by;
  },

  /** An older browser, in which no lock holds for all tabs. */
  forgetLocks() {
    Object.defineProperty(navigator, "locks", { value: undefined });
  },

  /** Another tab has said that it sends, for so long from now. */
  leased: (by) =>
    store.setSetting("sender_lease", { owner: "another tab", until: Date.now() + by }),

  owed: () => queue.owed(store),
  start: () => sender.start() && null,
  drafts: async (session) => (await drafts.list(store, locked, session)).map((each) => each.said),
  looksWrong: () => clock.looksWrong(store),
  room: () => storage.room(),
  refused: async () => (await queue.refused(store)).map((each) => each.because),
  copy: async () => (await queue.exportCopy(store)).text(),
  lock: () => locked.lock(),
  expire: () => vault.expire(store, ticker),
  create: (passphrase) => word(() => vault.create(store, passphrase, { iterations: 1000 })),
  keep: () => ticker.keep(),

  /** Put a word into the storage in clear, to show that a search would find it. */
  inClear: (text) => store.setSetting("in_clear", { text }),

  /** Write some megabytes, over and over in the same place. */
  async fill() {
    for (let n = 0; n < 120; n += 1) {
      const bytes = crypto.getRandomValues(new Uint8Array(40_000));
      await store.setSetting("filling", { bytes });
    }
  },

  /** Everything that the storage holds, as text. */
  async everything() {
    const names = [...store.db.objectStoreNames];
    const rows = await Promise.all(names.map((name) => store.all(name)));
    const plain = (name, value) => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        return new TextDecoder("latin1").decode(value);
      }
      return value;
    };
    return JSON.stringify(rows, plain);
  },

  /** What each way of exporting the tablet's private key comes to. */
  async exporting() {
    const { keys } = await device.current(store);
    const tries = ["jwk", "pkcs8", "raw"].map((format) =>
      crypto.subtle.exportKey(format, keys.privateKey).then(
        () => "exported",
        (error) => error.name,
      ),
    );
    const wrapper = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, [
      "wrapKey",
    ]);
    const iv = new Uint8Array(12);
    tries.push(
      crypto.subtle.wrapKey("jwk", keys.privateKey, wrapper, { name: "AES-GCM", iv }).then(
        () => "wrapped",
        (error) => error.name,
      ),
    );
    return { extractable: keys.privateKey.extractable, tries: await Promise.all(tries) };
  },
};
