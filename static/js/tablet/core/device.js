import { exportJWK } from "jose";

import { TabletError } from "./errors.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const PLACE = "this";

/** A signing key pair whose private half no script can read, ours neither. */
export function makeKeys() {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** This tablet as it was enrolled: `{id, name, organisation, keys}`, or undefined. */
export function current(store) {
  return store.get("device", PLACE);
}

/**
 * Enrol this tablet for whoever is signed in. The keys are kept before the server hears of them:
 * when its answer is lost, the same keys are offered again.
 */
export async function enrol(store, api, { name, organisation, csrf }) {
  let keys = await store.setting("new_keys");
  if (!keys) {
    keys = await makeKeys();
    await store.setSetting("new_keys", keys);
  }
  const { kty, crv, x, y } = await exportJWK(keys.publicKey);
  let answer;
  try {
    answer = await api.enrol({ name, organisation, public_key: { kty, crv, x, y } }, csrf);
  } catch (error) {
    if (error.word === "bad_key") {
      await store.remove("settings", "new_keys"); // the next try makes others
    }
    throw error;
  }
  if (!answer || !answer.device) {
    throw new TabletError("fault");
  }
  const device = { id: answer.device, name: answer.name, organisation: answer.organisation, keys };
  await store.write(["device", "settings"], (of) =>
    Promise.all([of("device").put(device, PLACE), of("settings").delete("new_keys")]),
  );
  return device;
}
