import { CompactEncrypt, CompactSign, compactVerify, importJWK } from "jose";

import { canonical, decode, digestOf, encode } from "./bytes.js";
import { TabletError } from "./errors.js";

const TYPE = "consult-sealed";

/** A text signed by the device. */
export function sign(device, value) {
  return new CompactSign(encode(canonical(value)))
    .setProtectedHeader({ alg: "ES256", kid: device.id })
    .sign(device.keys.privateKey);
}

/**
 * Sign a payload and encrypt it to the server's newest key, so that the tablet cannot read it
 * back. Returns `{sealed, digest}`.
 */
export async function seal(device, payload, keys) {
  const key = keys && keys.encryption && keys.encryption[0];
  if (!key) {
    throw new TabletError("no_server_key");
  }
  const signed = await sign(device, payload);
  const sealed = await new CompactEncrypt(encode(signed))
    .setProtectedHeader({
      alg: "ECDH-ES",
      enc: "A256GCM",
      kid: key.kid,
      cid: payload.client_id,
      dev: device.id,
      typ: TYPE,
    })
    .encrypt(await importJWK(key.jwk, "ECDH-ES"));
  return { sealed, digest: await digestOf(sealed) };
}

/**
 * The server's word about an item: its claims, if the signature is the server's and it speaks of
 * this very item.
 */
export async function openReceipt(receipt, item, keys) {
  const known = new Map((keys.signing || []).map((each) => [each.kid, each.jwk]));
  let claims;
  try {
    const { payload } = await compactVerify(
      receipt,
      async (header) => {
        if (!known.has(header.kid)) {
          throw new TabletError("unknown_signer");
        }
        return importJWK(known.get(header.kid), "ES256");
      },
      { algorithms: ["ES256"] },
    );
    claims = JSON.parse(decode(payload));
  } catch (error) {
    throw error instanceof TabletError ? error : new TabletError("bad_receipt", error);
  }
  if (claims.client_id !== item.client_id || claims.digest !== item.digest) {
    throw new TabletError("bad_receipt");
  }
  return claims;
}
