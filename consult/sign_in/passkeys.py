"""Passkeys: each one signs in by itself, or after a password, as its owner likes.

The library keeps two kinds of passkeys apart. Ours are all of one kind: each is asked to know
its owner (by finger, face or PIN) and to be found without a name, so that it is two factors in
one. As a second step after the password it need not ask for the owner again.
"""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import request, session
from flask_security import UserMixin, WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

KIND = "secondary"
"""What the library calls the kind that it lets follow a password."""

RELYING_PARTY = "Consult"
"""What a device shows beside the passkey."""

MOST = 20
"""Passkeys of one account."""

CHALLENGE = "passkey_challenge"
"""In the cookie: what the browser was last asked to sign."""

WITHIN = timedelta(minutes=5)
"""How long a person may take to find the phone, or the security key."""

NAME_CHARACTERS = ["L", "M", "N", "Pc", "Pd", "Po", "Zs"]
"""Letters of all scripts with their marks, digits, plain punctuation and spaces."""


class Passkeys(WebauthnUtil):
    """What we ask of a passkey."""

    def generate_challenge(self, nbytes: int | None = None) -> str:
        """Something new to sign, for this browser only, and once."""
        challenge = super().generate_challenge(nbytes)
        session[CHALLENGE] = challenge
        return challenge

    def authenticator_selection(
        self, user: UserMixin, usage: str
    ) -> AuthenticatorSelectionCriteria:
        """At registration: found without a name, and sure of its owner."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )

    def user_verification(
        self, user: UserMixin | None, usage: list[str]
    ) -> UserVerificationRequirement:
        """At sign-in: sure of its owner, unless a password was right just before."""
        if usage == [KIND]:
            return UserVerificationRequirement.DISCOURAGED
        return UserVerificationRequirement.REQUIRED


def is_ours(challenge: str) -> bool:
    """Whether that is what this browser was last asked to sign; it is not asked again."""
    return session.pop(CHALLENGE, None) == challenge


@dataclass(frozen=True, slots=True)
class Place:
    """Whether browsers allow passkeys at the address that they are using."""

    works: bool
    instead: str | None = None
    """The same page where they would work, if that can be told."""


def place() -> Place:
    """Look at the address of the request: a passkey belongs to a name, never to numbers."""
    host = urlsplit(f"//{request.host}").hostname or ""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return Place(works=request.is_secure or host == "localhost" or host.endswith(".localhost"))
    if not number.is_loopback:
        return Place(works=False)
    port = urlsplit(f"//{request.host}").port
    at = "localhost" if port is None else f"localhost:{port}"
    path = request.path if request.method == "GET" else ""
    return Place(works=False, instead=f"{request.scheme}://{at}{path}")


def settings() -> dict[str, Any]:
    """The library's settings for passkeys."""
    milliseconds = int(WITHIN.total_seconds()) * 1000
    return {
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": RELYING_PARTY,
        "SECURITY_WAN_ALLOW_AS_FIRST_FACTOR": True,
        "SECURITY_WAN_ALLOW_AS_MULTI_FACTOR": True,
        "SECURITY_WAN_ALLOW_USER_HINTS": False,  # a name typed would tell whose account there is
        "SECURITY_WAN_REGISTER_WITHIN": WITHIN,
        "SECURITY_WAN_SIGNIN_WITHIN": WITHIN,
        "SECURITY_WAN_REGISTER_TIMEOUT": milliseconds,
        "SECURITY_WAN_SIGNIN_TIMEOUT": milliseconds,
        "SECURITY_WAN_NAME_ALLOWED_CHARS": NAME_CHARACTERS,
        "SECURITY_INPUT_NORMALIZE_FORM": "NFC",
    }
