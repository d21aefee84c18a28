import { canonical, uuid } from "./bytes.js";
import { learn } from "./clock.js";
import { current } from "./device.js";
import { Refused, TabletError, unlessNoRoom } from "./errors.js";
import { keepBack, oldest, owed, taken } from "./queue.js";
import { openReceipt } from "./seal.js";

const LOCK = "consult-tablet-sender";
const LEASE = "sender_lease";
const LEASE_TIME = 60_000;
const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 15 * 60_000;
/** A server that asks for more patience is asked again all the same. */
const LONGEST_ASKED = 60 * 60_000;
const KEYS = "server_keys";

/** Items in a row that the server may fail on before the rest waits, too. */
const MOST_PASSED_OVER = 3;

/** Outcomes after which the tablet may let its copy go. */
const DONE = new Set(["stored", "kept_aside", "quarantined", "withdrawn"]);

/** Keep the server's public keys. What is known already is not written: there may be no room. */
export async function rememberKeys(store, keys) {
  if (canonical(await serverKeys(store)) !== canonical(keys)) {
    await store.setSetting(KEYS, keys);
  }
}

export async function serverKeys(store) {
  return (await store.setting(KEYS)) || { encryption: [], signing: [] };
}

/** What goes beside every sending: numbers only. */
async function numbers(store) {
  const { count, oldest: first, unfinished } = await owed(store);
  return { device_now: Date.now(), owes: count, oldest_ms: first, unfinished };
}

/** Whether the server stumbled over what it was given, rather than not being there. */
const isFault = (error) => error instanceof Refused && error.status === 500;

/** Wait longer after each failure, and never at the same moment as other tablets. */
export function waitAfter(failures, random = Math.random) {
  const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.max(0, failures - 1));
  return most / 2 + random() * (most / 2);
}

/** Tell the server what is owed, and learn its time and its keys. */
export async function tell(store, api) {
  const body = await numbers(store);
  const answer = await api.owe(body);
  await learn(store, answer.server_now, { before: body.device_now });
  await rememberKeys(store, answer.keys);
  return answer;
}

/**
 * Sends what is owed, oldest first, one item at a time, from one tab only. `onChange` hears of
 * everything that the helper should see: `{sending, problem, waitingUntil, revoked}`.
 */
export class Sender {
  constructor(store, api, onChange = () => {}) {
    this.store = store;
    this.api = api;
    this.onChange = onChange;
    this.failures = 0;
    this.waitingUntil = 0;
    this.problem = null;
    this.revoked = false;
    this.running = null;
    this.timer = null;
    this.stopped = false;
    this.again = false;
    this.name = uuid();
    this.wake = () => {
      if (document.visibilityState === "visible") {
        this.sendNow();
      }
    };
    this.online = () => this.sendNow();
  }

  start() {
    globalThis.addEventListener("online", this.online);
    document.addEventListener("visibilitychange", this.wake);
    this.sendNow();
    return this;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    globalThis.removeEventListener("online", this.online);
    document.removeEventListener("visibilitychange", this.wake);
  }

  /** Try at once, whatever went wrong before. Resolves when nothing more can be done now. */
  sendNow() {
    this.waitingUntil = 0;
    return this.run();
  }

  run() {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.alone(() => this.sendAll())
      .catch((error) => this.failed(error))
      .finally(() => {
        this.running = null;
        this.plan();
        this.tell();
        if (this.again && !this.stopped) {
          this.again = false;
          this.run();
        }
      });
    this.tell();
    return this.running;
  }

  tell() {
    this.onChange({
      sending: this.running !== null,
      problem: this.problem,
      waitingUntil: this.waitingUntil,
      revoked: this.revoked,
    });
  }

  /** Do it unless another tab does: by the browser's locks, else by a row that runs out. */
  async alone(act) {
    if (navigator.locks) {
      return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? act() : null));
    }
    if (!(await this.takeLease())) {
      return null;
    }
    try {
      return await act();
    } finally {
      await this.giveLease();
    }
  }

  /** Whether no other tab sends. A lease from the future is one of a clock that was set back. */
  takeLease() {
    const take = async (of) => {
      const lease = await of("settings").get(LEASE);
      const left = lease ? lease.until - Date.now() : 0;
      if (lease && lease.owner !== this.name && left > 0 && left <= LEASE_TIME) {
        return false;
      }
      await of("settings").put({ owner: this.name, until: Date.now() + LEASE_TIME }, LEASE);
      return true;
    };
    return this.store.write(["settings"], take).catch((error) => {
      unlessNoRoom(error); // sending makes room, and the server takes each item once in any case
      return true;
    });
  }

  giveLease() {
    return this.store.write(["settings"], async (of) => {
      const lease = await of("settings").get(LEASE);
      if (lease && lease.owner === this.name) {
        await of("settings").delete(LEASE);
      }
    });
  }

  async sendAll() {
    if (!(await current(this.store))) {
      return;
    }
    let fault = null;
    let passedOver = 0;
    let after = 0;
    for (let item = await oldest(this.store); item && !this.stopped; ) {
      try {
        await this.sendOne(item);
        this.failures = 0;
        this.problem = null;
        passedOver = 0;
      } catch (error) {
        passedOver += 1;
        if (!isFault(error) || passedOver === MOST_PASSED_OVER) {
          throw error;
        }
        fault = error; // it stays, and comes again; those behind it need not wait for that
        after = item.order;
      }
      this.tell();
      if (!navigator.locks && !(await this.takeLease())) {
        return;
      }
      item = await oldest(this.store, { after });
    }
    if (fault) {
      throw fault;
    }
    const answer = await tell(this.store, this.api);
    this.revoked = answer.revoked;
    this.failures = 0;
    this.problem = null;
  }

  async sendOne(item) {
    const body = { sealed: item.sealed, ...(await numbers(this.store)) };
    let answer;
    try {
      answer = await this.api.send(body);
    } catch (error) {
      if (error instanceof Refused && (error.word === "unreadable" || error.status === 413)) {
        await keepBack(this.store, item, error.word); // the others go on
        return;
      }
      throw error;
    }
    const claims = await this.receipt(answer.receipt, item);
    await learn(this.store, claims.at, { before: body.device_now });
    if (DONE.has(claims.outcome)) {
      await taken(this.store, item, claims.outcome);
    } else if (claims.outcome === "too_late") {
      await keepBack(this.store, item, claims.outcome);
    } else {
      throw new TabletError("bad_receipt");
    }
  }

  async receipt(receipt, item) {
    try {
      return await openReceipt(receipt, item, await serverKeys(this.store));
    } catch (error) {
      if (error.word !== "unknown_signer") {
        throw error;
      }
    }
    await tell(this.store, this.api); // the server's keys may have been changed
    return openReceipt(receipt, item, await serverKeys(this.store));
  }

  failed(error) {
    this.failures += 1;
    this.problem = error instanceof TabletError ? error.word : "fault";
    const asked = error instanceof Refused ? error.retryAfter : null;
    const wait = Math.max(waitAfter(this.failures), Math.min(asked || 0, LONGEST_ASKED));
    this.waitingUntil = Date.now() + wait;
  }

  /** Come back later by oneself, while something is owed. */
  async plan() {
    clearTimeout(this.timer);
    if (this.stopped) {
      return;
    }
    const { count } = await owed(this.store).catch(() => ({ count: 1 }));
    const left = this.waitingUntil - Date.now();
    if (count || left > 0) {
      this.timer = setTimeout(() => this.run(), Math.max(FIRST_WAIT, left));
    }
  }
}
