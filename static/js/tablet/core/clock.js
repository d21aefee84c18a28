import { unlessNoRoom } from "./errors.js";

/** How far a clock may be off before the helper hears of it, and before it counts as moved. */
const TOLERANCE = 5 * 60_000;
const KEPT = "clock";

/** What the way there and back takes makes no difference worth a write. */
const SAME = 500;

/** Learn from an answer how far the tablet's clock is behind the server's, in milliseconds. */
export async function learn(store, serverNow, { before, after = Date.now() }) {
  const offset = Math.round(serverNow - (before + after) / 2);
  const kept = await store.setting(KEPT);
  if (kept && Math.abs(kept.offset - offset) < SAME) {
    return kept.offset;
  }
  await store.setSetting(KEPT, { offset }).catch(unlessNoRoom); // sending goes on, and makes room
  return offset;
}

/** The server's clock minus this one, as last known; null when it never was. */
export async function offset(store) {
  const kept = await store.setting(KEPT);
  return kept ? kept.offset : null;
}

/** Whether the helper should put the clock right. */
export async function looksWrong(store) {
  const known = await offset(store);
  return known !== null && Math.abs(known) > TOLERANCE;
}

const TICKS = "ticks";

/**
 * Time that has passed, also while the tablet slept or was off, and when somebody turns the clock
 * back: the larger of what the processor and what the clock has counted, never less than nothing.
 * A clock that is put right, by as much as it was known to be wrong, is no time that has passed.
 */
export class Ticker {
  constructor(store, { total = 0, wall = Date.now() } = {}) {
    this.store = store;
    this.counted = total;
    this.wall = wall;
    this.processor = performance.now();
  }

  static async start(store, { now = Date.now() } = {}) {
    const ticker = new Ticker(store, (await store.setting(TICKS)) || { total: 0, wall: now });
    await ticker.keep({ now });
    return ticker;
  }

  /** Milliseconds on a count that only grows. */
  total() {
    return this.counted + Math.max(0, performance.now() - this.processor);
  }

  /** Count what has passed, and keep it. Where there is no room, what was kept before stands. */
  async keep({ now = Date.now() } = {}) {
    const wrongBy = (await offset(this.store)) || 0;
    const processor = performance.now();
    let byClock = now - this.wall;
    const wasPutRight = wrongBy > TOLERANCE && byClock >= wrongBy - 2 * TOLERANCE;
    if (wasPutRight) {
      byClock -= wrongBy;
    }
    this.counted += Math.max(0, byClock, processor - this.processor);
    this.processor = processor;
    this.wall = now;
    await this.store
      .setSetting(TICKS, { total: this.counted, wall: now })
      .catch(unlessNoRoom);
    if (wasPutRight) {
      await this.store.remove("settings", KEPT).catch(unlessNoRoom); // that counts once
    }
  }
}
