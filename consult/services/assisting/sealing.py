"""Sealed items and signatures: what tablets send, and what the server answers.

An item is a text signed by the tablet (JWS, ES256) and then encrypted to the server (JWE,
ECDH-ES and A256GCM). No other algorithm is taken, no header besides those named here, and no
key that a message brings along. Everything that comes from outside is bounded in size first.
"""

import hashlib
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter

CURVE = "P-256"
SIGNED = "ES256"
AGREED = "ECDH-ES"
ENCRYPTED = "A256GCM"
TYPE = "consult-sealed"

LONGEST_SEALED = 1_500_000
"""Letters of one item. The longest answers that a form takes, in any script, are far below."""

LONGEST_SIGNED_REQUEST = 4_000
LONGEST_KEY_ID = 64

_FIVE_PARTS = re.compile(r"[A-Za-z0-9_-]{1,1024}(\.[A-Za-z0-9_-]*){4}")
_OUTSIDE = frozenset({"alg", "enc", "kid", "cid", "dev", "typ", "epk"})
_FAULTS = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What bad input makes the library raise, and JSON that is none or nested without an end."""


class NotSealed(Exception):
    """It is no item of ours at all, so that there is nothing to keep."""


class CannotOpen(Exception):
    """It looks like an item and cannot be opened: damaged, or sealed to another key."""


class BadSignature(Exception):
    """The signature is not the key's, or stands over something else."""


class BadKey(ValueError):
    """It is no public key of the kind that tablets make."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What an item says of itself before it is opened; nothing of it is proven yet."""

    client_id: UUID
    device_id: UUID
    key_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The signed text within an item, and which device says that it has signed it."""

    device_id: UUID | None
    signed: str


class _Envelopes(JWERegistry):
    max_ciphertext_length = LONGEST_SEALED


class _Letters(JWSRegistry):
    max_payload_length = LONGEST_SEALED


_ENVELOPES = _Envelopes(
    header_registry={
        "cid": HeaderParameter("Client id", "str", True),
        "dev": HeaderParameter("Device id", "str", True),
    },
    algorithms=[AGREED, ENCRYPTED],
)
_LETTERS = _Letters(algorithms=[SIGNED])


def digest_of(sealed: str) -> str:
    """What an item is called in its receipt: SHA-256 of its text, in hexadecimal digits."""
    return hashlib.sha256(sealed.encode("ascii")).hexdigest()


def look_at(sealed: str) -> Outside:
    """What stands on the outside of an item.

    Raises
    ------
    NotSealed
        If it is no item of ours.
    """
    if len(sealed) > LONGEST_SEALED or not _FIVE_PARTS.fullmatch(sealed):
        raise NotSealed
    try:
        header = json.loads(urlsafe_b64decode(f"{sealed.partition('.')[0]}=="))
        _check_outside(header)
        return Outside(
            client_id=_id(header["cid"]),
            device_id=_id(header["dev"]),
            key_id=header["kid"],
            digest=digest_of(sealed),
        )
    except _FAULTS as error:
        raise NotSealed from error


def open_item(sealed: str, private: ECKey) -> Opened:
    """Open an item, and say who claims to have signed what is in it.

    Raises
    ------
    CannotOpen
        If it was damaged, was sealed to another key, or holds nothing that was signed.
    """
    try:
        item = jwe.decrypt_compact(sealed, private, registry=_ENVELOPES)
        signed = (item.plaintext or b"").decode("ascii")
        header = jws.extract_compact(signed.encode("ascii"), registry=_LETTERS).headers()
    except _FAULTS as error:
        raise CannotOpen from error
    return Opened(_id_or_none(header.get("kid")), signed)


def signed_words(signed: str, public: ECKey) -> str:
    """The text that stands under a key's signature.

    Raises
    ------
    BadSignature
        If it does not.
    """
    try:
        letter = jws.deserialize_compact(signed, public, registry=_LETTERS)
        if set(letter.headers()) - {"alg", "kid", "typ"}:
            raise BadSignature
        return (letter.payload or b"").decode("utf-8")
    except _FAULTS as error:
        raise BadSignature from error


def words_of(signed: str) -> str:
    """The text of a signed letter, whoever has signed it; damaged letters of it are marked.

    Raises
    ------
    BadSignature
        If it is no letter.
    """
    try:
        letter = jws.extract_compact(signed.encode("ascii"), registry=_LETTERS)
        return (letter.payload or b"").decode("utf-8", "replace")
    except _FAULTS as error:
        raise BadSignature from error


def signer_of(signed: str) -> UUID:
    """Which device says that it has signed a request.

    Raises
    ------
    BadSignature
        If none does.
    """
    if len(signed) > LONGEST_SIGNED_REQUEST:
        raise BadSignature
    try:
        header = jws.extract_compact(signed.encode("ascii"), registry=_LETTERS).headers()
        return _id(header["kid"])
    except _FAULTS as error:
        raise BadSignature from error


def sign(claims: Mapping[str, Any], private: ECKey, key_id: str) -> str:
    """A text under a signature of the server's."""
    return jws.serialize_compact(
        {"alg": SIGNED, "kid": key_id}, canonical(claims), private, registry=_LETTERS
    )


def canonical(content: Mapping[str, Any]) -> str:
    """JSON that is the same for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def public_key(given: object) -> ECKey:
    """A tablet's public key, checked to be one, without anything that came beside it.

    Raises
    ------
    BadKey
        If it is of another kind, or holds a private half.
    """
    if not isinstance(given, dict) or "d" in given:
        raise BadKey
    if given.get("kty") != "EC" or given.get("crv") != CURVE:
        raise BadKey
    plain = {name: given.get(name) for name in ("kty", "crv", "x", "y")}
    if not all(isinstance(value, str) and len(value) <= 43 for value in plain.values()):
        raise BadKey
    try:
        key = ECKey.import_key({name: str(value) for name, value in plain.items()})
        raw = key.raw_value
    except _FAULTS as error:
        raise BadKey from error
    # Written anew, one point has one spelling, and so one thumbprint.
    return ECKey(raw, raw)


def thumbprint(key: ECKey) -> str:
    """What a key is known by (RFC 7638, SHA-256)."""
    return key.thumbprint()


def _check_outside(header: object) -> None:
    """Refuse any header but exactly ours.

    Raises
    ------
    NotSealed
        If it is another.
    """
    if not isinstance(header, dict):
        raise NotSealed
    fixed = {"alg": AGREED, "enc": ENCRYPTED, "typ": TYPE}
    if set(header) != _OUTSIDE or any(header[name] != value for name, value in fixed.items()):
        raise NotSealed
    key_id, sender = header["kid"], header["epk"]
    if not isinstance(key_id, str) or not 0 < len(key_id) <= LONGEST_KEY_ID:
        raise NotSealed
    if not isinstance(sender, dict) or sender.get("crv") != CURVE or "d" in sender:
        raise NotSealed


def _id(text: object) -> UUID:
    """An id in its one spelling.

    Raises
    ------
    ValueError
        If it is none.
    """
    found = UUID(str(text))
    if str(found) != text:
        raise ValueError(text)
    return found


def _id_or_none(text: object) -> UUID | None:
    try:
        return _id(text)
    except ValueError:
        return None
