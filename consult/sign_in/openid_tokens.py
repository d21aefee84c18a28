"""Checking an ID token: who signed it, for whom, when, and in answer to what.

After OpenID Connect Core 1.0, 3.1.3.7. Only signatures that need the provider's private key
are taken: with a shared secret, who can check could also sign.
"""

from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
    "EdDSA",
)  # fmt: skip

_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)

CLOCKS_DIFFER = 60
"""Seconds by which the provider's clock may be wrong."""

LONGEST_TOKEN = 64 * 1024
LONGEST_SUBJECT = 255


class BadToken(Exception):
    """The token is not what it should be; the message says what, for the log."""


class UnknownKey(Exception):
    """The token names a key that is not among those known: the provider may have new ones."""


def claims_of(
    token: object, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """What an ID token says, once all of it is checked.

    Raises
    ------
    UnknownKey
        If the keys are not those that it was signed with.
    BadToken
        If anything else is wrong with it.
    """
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise BadToken("no token")
    try:
        claims = jwt.decode(token, keys, registry=_REGISTRY).claims
    except InvalidKeyIdError:
        raise UnknownKey from None
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise BadToken(type(error).__name__) from None
    _check_parties(claims, issuer, client_id)
    _check_times(claims, now.timestamp())
    if claims.get("nonce") != nonce:
        raise BadToken("nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise BadToken("sub")
    return dict(claims)


def _check_parties(claims: dict[str, Any], issuer: str, client_id: str) -> None:
    if claims.get("iss") != issuer:
        raise BadToken("iss")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or client_id not in audiences:
        raise BadToken("aud")
    authorised = claims.get("azp")
    if authorised != client_id and (authorised is not None or len(audiences) > 1):
        raise BadToken("azp")


def _check_times(claims: dict[str, Any], now: float) -> None:
    if _time(claims, "exp") <= now - CLOCKS_DIFFER:
        raise BadToken("exp")
    if _time(claims, "iat") > now + CLOCKS_DIFFER:
        raise BadToken("iat")
    if "nbf" in claims and _time(claims, "nbf") > now + CLOCKS_DIFFER:
        raise BadToken("nbf")


def _time(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadToken(name)
    return float(value)
