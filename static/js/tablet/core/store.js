import { openDB } from "idb";

import { storageError, TabletError } from "./errors.js";

const NAME = "consult-tablet";
const VERSION = 1;

/** Nothing counts as kept before the disk has it: a tablet may be switched off at any moment. */
const STRICT = { durability: "strict" };

function make(db) {
  db.createObjectStore("device");
  db.createObjectStore("sessions", { keyPath: "id" });
  db.createObjectStore("packs");
  db.createObjectStore("drafts", { keyPath: "id" });
  const queue = db.createObjectStore("queue", { keyPath: "order", autoIncrement: true });
  queue.createIndex("client_id", "client_id", { unique: true });
  db.createObjectStore("refused", { keyPath: "client_id" });
  db.createObjectStore("settings");
}

/**
 * The tablet's own storage. `onOld` is called when a newer version of the app, in another tab,
 * needs this one to let go.
 */
export async function openStore({ name = NAME, onOld = () => {} } = {}) {
  if (!("indexedDB" in globalThis)) {
    throw new TabletError("no_storage");
  }
  let db;
  try {
    db = await openDB(name, VERSION, {
      upgrade: make,
      blocking() {
        db.close();
        onOld();
      },
    });
  } catch (error) {
    throw new TabletError("no_storage", error);
  }
  return new Store(db);
}

/** Reads and writes, each write in one transaction that holds or leaves everything as it was. */
export class Store {
  constructor(db) {
    this.db = db;
  }

  get(store, key) {
    return this.db.get(store, key);
  }

  all(store) {
    return this.db.getAll(store);
  }

  count(store) {
    return this.db.count(store);
  }

  /** Do `act` with the object stores named; nothing else may be awaited in it. */
  async write(stores, act) {
    const transaction = this.db.transaction(stores, "readwrite", STRICT);
    try {
      const result = await act((name) => transaction.objectStore(name));
      await transaction.done;
      return result;
    } catch (error) {
      try {
        transaction.abort();
      } catch (over) {
        // It has ended by itself.
      }
      await transaction.done.catch(() => {});
      throw storageError(error);
    }
  }

  put(store, value, key) {
    return this.write([store], (of) => of(store).put(value, key));
  }

  remove(store, key) {
    return this.write([store], (of) => of(store).delete(key));
  }

  setting(name) {
    return this.db.get("settings", name);
  }

  setSetting(name, value) {
    return this.put("settings", value, name);
  }

  close() {
    this.db.close();
  }
}
