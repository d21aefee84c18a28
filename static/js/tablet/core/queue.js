import { TabletError, unlessNoRoom } from "./errors.js";
import { seal } from "./seal.js";

const COPY_FORMAT = "consult-sealed/1";

async function isThere(store, clientId) {
  return Boolean(await store.db.getFromIndex("queue", "client_id", clientId));
}

/**
 * Seal what is finished, and put it into the queue in the same stroke in which its draft goes:
 * at no moment are there both, or none. What another tab has finished meanwhile stays as it is.
 */
export async function finish(store, { payload, draftId = null, keys, device, at = Date.now() }) {
  if (await isThere(store, payload.client_id)) {
    throw new TabletError("finished_elsewhere");
  }
  const { sealed, digest } = await seal(device, payload, keys);
  const item = {
    client_id: payload.client_id,
    session: payload.session,
    kind: payload.kind,
    sealed,
    digest,
    at,
  };
  try {
    await store.write(["queue", "drafts"], async (of) => {
      await of("queue").add(item);
      if (draftId !== null) {
        await of("drafts").delete(draftId);
      }
    });
  } catch (error) {
    if (error && error.name === "ConstraintError" && (await isThere(store, payload.client_id))) {
      throw new TabletError("finished_elsewhere", error);
    }
    throw error;
  }
}

/** The finished item that has waited longest, of those behind one; undefined if there is none. */
export async function oldest(store, { after = 0 } = {}) {
  const behind = IDBKeyRange.lowerBound(after, true);
  const cursor = await store.db.transaction("queue").store.openCursor(behind);
  return cursor ? cursor.value : undefined;
}

/** What the tablet still owes: counts, and when the oldest was finished (null for none). */
export async function owed(store) {
  const [count, unfinished, refused, first] = await Promise.all([
    store.count("queue"),
    store.count("drafts"),
    store.count("refused"),
    oldest(store),
  ]);
  return { count, oldest: first ? first.at : null, unfinished, refused };
}

const SENT = "sent";
const NOTHING = { taken: 0, held: 0 };

/** Outcomes after which an officer looks at an item before it counts. */
const HELD = new Set(["kept_aside", "quarantined"]);

/** What the server has taken of a session from this tablet, and of that, what waits there. */
export async function sent(store, session) {
  return ((await store.setting(SENT)) || {})[session] || NOTHING;
}

/**
 * The server has taken an item: it goes, and what became of it is counted; on a full tablet it
 * goes all the same.
 */
export function taken(store, item, outcome) {
  return store
    .write(["queue", "settings"], async (of) => (await drop(of, item)) && count(of, item, outcome))
    .catch((error) => {
      unlessNoRoom(error);
      return store.write(["queue"], (of) => drop(of, item));
    });
}

/** Whether it was still there. */
async function drop(of, { client_id: id }) {
  const key = await of("queue").index("client_id").getKey(id);
  if (key !== undefined) {
    await of("queue").delete(key);
  }
  return key !== undefined;
}

async function count(of, item, outcome) {
  const all = (await of("settings").get(SENT)) || {};
  const { taken: before, held } = all[item.session] || NOTHING;
  const counted = { taken: before + 1, held: held + (HELD.has(outcome) ? 1 : 0) };
  await of("settings").put({ ...all, [item.session]: counted }, SENT);
}

/** An item cannot be sent: it is kept where a person sees that, and can save it as a file. */
export function keepBack(store, item, because) {
  return store.write(["queue", "refused"], (of) => moveBack(of, item, because));
}

/** All that waits is kept back: it was signed with keys that the tablet gives up. */
export function setAside(store, because) {
  return store.write(["queue", "refused"], async (of) => {
    const items = await of("queue").getAll();
    await Promise.all(items.map((item) => moveBack(of, item, because)));
  });
}

async function moveBack(of, item, because) {
  const { client_id, session, kind, sealed, digest, at } = item;
  await drop(of, item);
  await of("refused").put({ client_id, session, kind, sealed, digest, at, because });
}

export function refused(store) {
  return store.all("refused");
}

/** A person lets go of something that could not be taken. */
export function letGo(store, clientId) {
  return store.remove("refused", clientId);
}

/** Everything that is sealed, as a file that any machine can hand to the server. */
export async function exportCopy(store) {
  const rows = [...(await store.all("queue")), ...(await store.all("refused"))];
  if (!rows.length) {
    throw new TabletError("nothing_to_save");
  }
  const content = { format: COPY_FORMAT, items: rows.map((row) => row.sealed) };
  return new Blob([JSON.stringify(content)], { type: "application/json" });
}
