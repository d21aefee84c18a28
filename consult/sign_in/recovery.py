"""Recovery codes: shown once when they are made, each good for one sign-in, kept as hashes."""

import hashlib
import hmac
import secrets

from flask_security import MfRecoveryCodesUtil, UserMixin

from consult.db import db
from consult.services import audit
from consult.services.answering import ascii_digits
from consult.sign_in.app_codes import held
from consult.views.clock import now, settings

HOW_MANY = 10
DIGITS = 12
"""Of sixteen values each: 48 bits, behind the password and the waiting after failures."""


class RecoveryCodes(MfRecoveryCodesUtil):
    """The library's, but that nobody can read them again: it would encrypt them only."""

    def create_recovery_codes(self, user: UserMixin) -> list[str]:
        """New codes in place of any earlier ones."""
        account = held(user)
        made = [secrets.token_hex(DIGITS // 2) for _ in range(HOW_MANY)]
        account.mf_recovery_codes = [_hash(code) for code in made]
        audit.record(
            db.session,
            actor=account.email,
            action="recovery codes made",
            subject=f"account {account.email}",
            now=now(),
        )
        return ["-".join(code[i : i + 4] for i in range(0, DIGITS, 4)) for code in made]

    def get_recovery_codes(self, user: UserMixin) -> list[str]:
        """None that could be shown: they are not kept."""
        return []

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Whether a code is one of those left; the account's row is held from here on."""
        return _hash(plain(code)) in (held(user).mf_recovery_codes or [])

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:
        """Use a code up."""
        account = held(user)
        left = [kept for kept in account.mf_recovery_codes or [] if kept != _hash(plain(code))]
        was_there = len(left) < len(account.mf_recovery_codes or [])
        account.mf_recovery_codes = left
        return was_there


def plain(code: str) -> str:
    """A code as typed: any case, any spaces or dashes."""
    return "".join(c for c in ascii_digits(code[:100]).lower() if c.isalnum())


def _hash(code: str) -> str:
    key = hmac.new(settings().secret_key.encode("utf-8"), b"recovery", hashlib.sha256).digest()
    return hmac.new(key, code.encode("utf-8"), hashlib.sha256).hexdigest()
