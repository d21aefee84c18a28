import { decode, encode } from "./bytes.js";
import { TabletError, WrongPassphrase } from "./errors.js";

const ITERATIONS = 600_000;
const KEPT = "vault";
const PROOF = "consult-vault";

export const SHORTEST = 10;
export const EXPIRES_AFTER = 12 * 3_600_000;

/** The passphrase as it is used: however its letters were put together, without spaces around. */
function plain(passphrase) {
  return passphrase.normalize("NFKC").trim();
}

async function derive(passphrase, salt, iterations) {
  const material = await crypto.subtle.importKey("raw", encode(plain(passphrase)), "PBKDF2", false, [
    "deriveKey",
  ]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** Locks what people have begun. The key is in memory only, and no script can read it. */
export class Vault {
  #key;

  constructor(key) {
    this.#key = key;
  }

  get isLocked() {
    return this.#key === null;
  }

  async seal(value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv },
      this.#opened(),
      encode(JSON.stringify(value)),
    );
    return { iv, data };
  }

  async open({ iv, data }) {
    let bytes;
    try {
      bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.#opened(), data);
    } catch (error) {
      throw error instanceof TabletError ? error : new WrongPassphrase();
    }
    return JSON.parse(decode(bytes));
  }

  lock() {
    this.#key = null;
  }

  #opened() {
    if (this.#key === null) {
      throw new TabletError("locked");
    }
    return this.#key;
  }
}

const today = () => new Date().toDateString();

/**
 * Forget the passphrase of another day, once nothing is locked under it: what the disk still holds
 * of removed rows stays locked under a passphrase that nobody uses any more.
 */
export function endDay(store) {
  return store.write(["drafts", "settings"], async (of) => {
    const kept = await of("settings").get(KEPT);
    if (kept && kept.day !== today() && !(await of("drafts").count())) {
      await of("settings").delete(KEPT);
    }
  });
}

export async function exists(store) {
  return Boolean(await store.setting(KEPT));
}

/**
 * Take a new passphrase. Refused while something is locked under another one: it would be lost.
 */
export async function create(store, passphrase, { iterations = ITERATIONS } = {}) {
  if ([...plain(passphrase)].length < SHORTEST) {
    throw new TabletError("passphrase_short");
  }
  if (await store.count("drafts")) {
    throw new TabletError("unfinished_locked");
  }
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const vault = new Vault(await derive(passphrase, salt, iterations));
  const proof = await vault.seal(PROOF);
  await store.setSetting(KEPT, { salt, iterations, proof, day: today() });
  return vault;
}

export async function unlock(store, passphrase) {
  const kept = await store.setting(KEPT);
  if (!kept) {
    throw new TabletError("no_vault");
  }
  const vault = new Vault(await derive(passphrase, kept.salt, kept.iterations));
  await vault.open(kept.proof);
  return vault;
}

/** Forget the passphrase and everything that it locks. */
export function discard(store) {
  return store.write(["drafts", "settings"], (of) =>
    Promise.all([of("drafts").clear(), of("settings").delete(KEPT)]),
  );
}

/** Remove what nobody has touched for twelve hours. Returns how many went. */
export function expire(store, ticker) {
  const oldest = ticker.total() - EXPIRES_AFTER;
  return store.write(["drafts"], async (of) => {
    let gone = 0;
    let cursor = await of("drafts").openCursor();
    while (cursor) {
      if (cursor.value.touched <= oldest) {
        await cursor.delete();
        gone += 1;
      }
      cursor = await cursor.continue();
    }
    return gone;
  });
}
