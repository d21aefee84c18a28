"""Codes from an authenticator app: each is taken once only."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from flask import session
from flask_security import Totp, UserMixin
from flask_security.proxies import _security
from markupsafe import Markup
from passlib.exc import TokenError

from consult.db import db
from consult.models import Account
from consult.services.answering import ascii_digits
from consult.views.clock import now
from consult.views.qr import qr_picture

ISSUER = "Consult"
"""What an app shows beside the account's e-mail address."""

SECONDS_EITHER_WAY = 30
"""How far a phone's clock may be off: one code before the current one, and one after."""


class AppCodes(Totp):
    """The library's codes, by our clock, and none of them twice."""

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Whether a code is right now, and was not used before."""
        account = held(user)
        last = account.totp_last_counter if totp_secret == account.tf_totp_secret else None
        try:
            match = self._totp.verify(
                plain(token), totp_secret, time=now(), window=window, last_counter=last
            )
        except TokenError:
            return False
        account.totp_last_counter = match.counter
        return True

    def generate_qrcode(self, username: str, totp: str) -> str:
        """Nothing: the library's picture is an address full of data; ours is in the page."""
        return ""


@dataclass(frozen=True, slots=True)
class SettingUp:
    """What a person needs to tell an app its secret."""

    picture: Markup
    key: str
    state: str
    """The secret for the next request, signed and encrypted, for half an hour."""


def secrets_for(secret_key: str) -> dict[str, str]:
    """The key under which apps' secrets are kept, by its number."""
    return {"1": _derived(secret_key, "authenticator apps")}


def plain(code: object) -> str:
    """A code as typed: any script's digits, any spaces or dashes between."""
    return "".join(c for c in ascii_digits(str(code)[:50]) if not c.isspace() and c != "-")


def account_of(user: Any) -> Account:
    """The account itself, where the library may hand on the current one's stand-in."""
    account: Account = getattr(user, "_get_current_object", lambda: user)()
    return account


def held(user: Any) -> Account:
    """The account, its row held until the unit of work ends: two tries come one by one."""
    account = account_of(user)
    db.session.refresh(account, with_for_update=True)
    return account


def setting_up(account: Account) -> SettingUp | None:
    """The secret that waits for its first code in this browser, if one does."""
    secret = session.get("tf_totp_secret")
    if secret is None or session.get("tf_state") != "validating_profile":
        return None
    factory = _security.totp_factory
    state: dict[str, Any] = {"totp_secret": secret, "method": "authenticator", "phone": None}
    return SettingUp(
        picture=qr_picture(factory.get_totp_uri(account.email, secret)),
        key=factory.get_totp_pretty_key(secret),
        state=_security.tf_setup_serializer.dumps(state),
    )


def _derived(secret_key: str, purpose: str) -> str:
    digest = hmac.new(secret_key.encode("utf-8"), purpose.encode("ascii"), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode("ascii")
