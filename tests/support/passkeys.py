"""A device that makes passkeys and signs with them, without a browser."""

import hashlib
import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey on one device. What it does wrong, a test says."""

    origin: str = "http://localhost"
    knows_owner: bool = True
    """Whether it asks for a finger, a face or a PIN."""
    counts: int = 0
    credential_id: bytes = field(default_factory=lambda: token_bytes(32))
    owner: bytes = b""
    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> str:
        """Answer to a request to make a passkey."""
        self.owner = decoded(options["user"]["id"])
        numbers = self._key.public_key().public_numbers()
        key = {
            1: 2,
            3: -7,
            -1: 1,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        data = self._about(options["rp"]["id"], ATTESTED)
        data += bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id
        data += cbor2.dumps(key)
        attestation = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._answer(
            {
                "clientDataJSON": encoded(self._client("webauthn.create", options["challenge"])),
                "attestationObject": encoded(cbor2.dumps(attestation)),
                "transports": ["internal"],
            }
        )

    def sign(self, options: dict[str, Any]) -> str:
        """Answer to a request to sign."""
        client = self._client("webauthn.get", options["challenge"])
        data = self._about(options["rpId"], 0)
        signed = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": encoded(client),
                "authenticatorData": encoded(data),
                "signature": encoded(signed),
                "userHandle": encoded(self.owner),
            }
        )

    def _about(self, place: str, more: int) -> bytes:
        self.counts += 1
        flags = PRESENT | more | (VERIFIED if self.knows_owner else 0)
        return hashlib.sha256(place.encode()).digest() + struct.pack(">BI", flags, self.counts)

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        name = encoded(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def encoded(data: bytes) -> str:
    """Base64 for addresses, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What :func:`encoded` encoded."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
