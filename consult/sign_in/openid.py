"""Signing in at the council's own provider: the way there, and the way back.

The authorization code flow of OpenID Connect with PKCE. What ties the way back to the way
there (state, nonce, the code's verifier) is kept in the browser's signed session, works once,
and not for long.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import current_app, session

from consult.config import Settings
from consult.logs import logger
from consult.sign_in.openid_fetching import ProviderMisbehaved, ProviderRefused, ProviderSilent
from consult.sign_in.openid_provider import Provider
from consult.sign_in.openid_tokens import CLOCKS_DIFFER, BadToken, UnknownKey

BACK_WITHIN = timedelta(minutes=15)
PROVEN_FOR = timedelta(minutes=10)
AT_ONCE = 4
"""Ways there that one browser may have begun, as in several tabs."""

_EXTENSION = "consult_openid"
_UNDER_WAY = "openid"
_PROVEN = "openid_proven"


class Purpose(StrEnum):
    """Why somebody goes to the provider."""

    SIGN_IN = "sign-in"
    VERIFY = "verify"
    """To show again who one is, while signed in."""
    LINK = "link"
    """To let the sign-in there belong to the account that is signed in here."""
    JOIN = "join"
    """To accept an invitation with it."""


class Trouble(StrEnum):
    """Why somebody came back without being signed in."""

    SILENT = "silent"
    MISBEHAVED = "misbehaved"
    UNTRUSTED = "untrusted"
    """What the provider signed does not hold."""
    LOST = "lost"
    """The browser did not begin this way, or long ago, or has ended it already."""
    STOPPED = "stopped"
    """The person stopped there, or was not let in."""
    REFUSED = "refused"
    """The provider does not take this service's word: its settings are wrong."""
    UNKNOWN = "unknown"
    """Nobody's account has this sign-in."""
    STALE = "stale"
    """The person was to sign in there anew, and the provider does not say that they did."""
    OTHER = "other"
    """Somebody else signed in there than is signed in here."""
    CLOSED = "closed"
    """The account is closed."""


class CameBackWithout(Exception):
    """The way ended in trouble; ``way`` is set where the browser had begun it."""

    def __init__(self, trouble: Trouble, way: "Way | None" = None) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.way = way


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the provider, as the browser's session keeps it."""

    state: str
    nonce: str
    verifier: str
    purpose: str
    language: str
    back_to: str
    begun_at: float


@dataclass(frozen=True, slots=True)
class Proven:
    """Who somebody is at the provider. Only ``issuer`` and ``subject`` say who it is."""

    issuer: str
    subject: str
    name: str
    email: str
    proven_at: float


def provider() -> Provider | None:
    """The provider of the application at hand, if its settings name one."""
    settings: Settings = current_app.config["CONSULT_SETTINGS"]
    if _EXTENSION not in current_app.extensions:
        current_app.extensions[_EXTENSION] = Provider.of(settings)
    found: Provider | None = current_app.extensions[_EXTENSION]
    return found


def set_out(
    asked: Provider,
    purpose: Purpose,
    *,
    redirect_uri: str,
    language: str,
    back_to: str,
    now: datetime,
) -> str:
    """Begin a way: the address at the provider to send the browser to.

    Raises
    ------
    CameBackWithout
        If the provider does not say where that is.
    """
    way = Way(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        purpose=purpose.value,
        language=language,
        back_to=back_to,
        begun_at=now.timestamp(),
    )
    try:
        endpoint = asked.description().authorization_endpoint
    except (ProviderSilent, ProviderMisbehaved) as error:
        raise CameBackWithout(_told(error), way) from None
    session[_UNDER_WAY] = [*_under_way(), asdict(way)][-AT_ONCE:]
    query = {
        "response_type": "code",
        "client_id": asked.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid profile email",
        "state": way.state,
        "nonce": way.nonce,
        "code_challenge": _challenge(way.verifier),
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    if purpose in {Purpose.LINK, Purpose.VERIFY}:
        query["prompt"] = "login"  # who sits here now, not whoever was signed in there
    if purpose is Purpose.VERIFY:
        query["max_age"] = "0"  # and the token is to say so
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(query)}"


def come_back(
    asked: Provider, reply: Mapping[str, str], *, redirect_uri: str, now: datetime
) -> tuple[Way, Proven]:
    """End a way: who the person is at the provider, by a reply that the browser brings.

    Raises
    ------
    CameBackWithout
        If the reply is no answer to a way of this browser, or nothing is proven by it.
    """
    way = _take(reply.get("state", ""), now)
    if way is None:
        raise CameBackWithout(Trouble.LOST)
    try:
        _check_sender(asked, reply)
        claims = asked.claims_of(
            asked.redeem(_code(reply), redirect_uri=redirect_uri, verifier=way.verifier),
            nonce=way.nonce,
            now=now,
        )
        _check_signed_in_anew(way, claims)
    except (
        ProviderSilent,
        ProviderRefused,
        ProviderMisbehaved,
        BadToken,
        UnknownKey,
        _Stopped,
        _Stale,
    ) as error:
        raise CameBackWithout(_told(error), way) from None
    return way, Proven(
        issuer=asked.issuer,
        subject=claims["sub"],
        name=_line(claims.get("name")),
        email=_line(claims.get("email")),
        proven_at=now.timestamp(),
    )


def keep_proven(proven: Proven) -> None:
    """Let the browser's session hold who somebody is, until they say what to do with it."""
    session[_PROVEN] = asdict(proven)


def proven_here(now: datetime) -> Proven | None:
    """Who the person before this browser has just proven to be, if anybody."""
    kept = session.get(_PROVEN)
    try:
        proven = Proven(**kept) if isinstance(kept, dict) else None
        fresh = proven is not None and _is_within(proven.proven_at, PROVEN_FOR, now)
    except TypeError:
        return None
    return proven if fresh else None


def forget_proven() -> None:
    """Let it go."""
    session.pop(_PROVEN, None)


class _Stale(Exception):
    """The person has not signed in at the provider since they went there."""


class _Stopped(Exception):
    """The provider sent the person back with an error instead of a code."""


def _check_sender(asked: Provider, reply: Mapping[str, str]) -> None:
    """Refuse a reply of another provider than the one that was asked (RFC 9207)."""
    named = reply.get("iss")
    if named is None and not asked.description().names_itself:
        return
    if named != asked.issuer:
        raise BadToken("iss of the reply")


def _check_signed_in_anew(way: Way, claims: dict[str, Any]) -> None:
    if way.purpose != Purpose.VERIFY:
        return
    signed_in_at = claims.get("auth_time")
    if not isinstance(signed_in_at, int | float) or signed_in_at < way.begun_at - CLOCKS_DIFFER:
        raise _Stale


def _code(reply: Mapping[str, str]) -> str:
    if "error" in reply:
        raise _Stopped(reply["error"])
    code = reply.get("code", "")
    if not code or not code.isascii() or len(code) > 4096:
        raise ProviderMisbehaved("a reply without a code")
    return code


def _told(error: Exception) -> Trouble:
    """Log what went wrong, without what the provider sent of a person, and name it."""
    logger.warning(
        "council sign-in failed",
        extra={"facts": {"kind": type(error).__name__.strip("_"), "why": _line(str(error))[:80]}},
    )
    match error:
        case ProviderSilent():
            return Trouble.SILENT
        case ProviderRefused():
            return Trouble.REFUSED
        case _Stopped():
            return Trouble.STOPPED
        case _Stale():
            return Trouble.STALE
        case BadToken() | UnknownKey():
            return Trouble.UNTRUSTED
        case _:
            return Trouble.MISBEHAVED


def _take(state: str, now: datetime) -> Way | None:
    """The way of that state, if this browser has begun it not long ago; it is gone then."""
    kept = _under_way()
    session[_UNDER_WAY] = [each for each in kept if each.get("state") != state]
    for each in kept:
        try:
            way = Way(**each)
            begun_here = secrets.compare_digest(
                way.state.encode(), state.encode("utf-8", "replace")
            )
            if begun_here and _is_within(way.begun_at, BACK_WITHIN, now):
                return way
        except (TypeError, AttributeError):
            continue
    return None


def _under_way() -> list[dict[str, Any]]:
    kept = session.get(_UNDER_WAY)
    return [each for each in kept if isinstance(each, dict)] if isinstance(kept, list) else []


def _is_within(moment: float, span: timedelta, now: datetime) -> bool:
    return 0 <= now.timestamp() - moment <= span.total_seconds()


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _line(value: object) -> str:
    """A claim as one short line of text; nothing where it is none."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:200]
