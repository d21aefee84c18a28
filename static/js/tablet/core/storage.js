const PATIENCE = 5_000;

/** Ask the browser to keep what is stored here, also when the disk fills up. */
export async function persist() {
  if (!navigator.storage || !navigator.storage.persist) {
    return "unknown";
  }
  try {
    if (await navigator.storage.persisted()) {
      return "granted";
    }
    // Some ask the person, who may be long about it.
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
    const kept = await Promise.race([navigator.storage.persist(), late]);
    return kept === null ? "unknown" : kept ? "granted" : "refused";
  } catch (refused) {
    return "unknown";
  }
}

/** Bytes that are left, or null where the browser does not say. */
export async function room() {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return Math.max(0, quota - usage);
  } catch (refused) {
    return null;
  }
}

/** Room for some hundred responses. */
export const LITTLE_ROOM = 20_000_000;

const PRIVATE_QUOTA = 2_000_000_000;

/**
 * Whether this looks like a private window, in which everything goes when it is closed: such
 * windows get little room, and never a promise that it is kept. A guess.
 */
export async function isPrivate() {
  try {
    const [{ quota }, kept] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ]);
    return !kept && quota < PRIVATE_QUOTA;
  } catch (refused) {
    return true;
  }
}
