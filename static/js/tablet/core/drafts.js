// What people have begun and not finished: the nickname too is within what is locked.

import { TabletError } from "./errors.js";

/** All of a session, opened: the one touched last first. Each keeps its `id` and `touched`. */
export async function list(store, vault, session) {
  const rows = (await store.all("drafts")).filter((row) => row.session === session);
  rows.sort((one, other) => other.touched - one.touched);
  return Promise.all(
    rows.map(async (row) => ({
      ...(await vault.open(row.sealed)),
      id: row.id,
      touched: row.touched,
    })),
  );
}

export async function load(store, vault, id) {
  const row = await store.get("drafts", id);
  return row && { ...(await vault.open(row.sealed)), id: row.id, touched: row.touched };
}

export async function save(store, vault, ticker, draft) {
  const { id, touched, ...inside } = draft;
  const { session, pack } = draft;
  const sealed = await vault.seal(inside);
  await store.write(["drafts", "queue"], async (of) => {
    if (draft.client_id && (await of("queue").index("client_id").getKey(draft.client_id))) {
      throw new TabletError("finished_elsewhere");
    }
    await of("drafts").put({ id, session, pack, touched: ticker.total(), sealed });
  });
}

/** Forget questions that were loaded anew since, once nobody is answering the old ones. */
export function forgetPacks(store) {
  return store.write(["packs", "sessions", "drafts"], async (of) => {
    const [sessions, begun, kept] = await Promise.all([
      of("sessions").getAll(),
      of("drafts").getAll(),
      of("packs").getAllKeys(),
    ]);
    const needed = new Set([...sessions, ...begun].map((row) => row.pack));
    await Promise.all(kept.filter((key) => !needed.has(key)).map((key) => of("packs").delete(key)));
  });
}

export function remove(store, id) {
  return store.remove("drafts", id);
}
