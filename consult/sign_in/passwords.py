"""Passwords: which may be chosen, and checking one before the turn to write.

A check takes a tenth of a second on purpose. It must not hold up everybody else's writing, so
what a form says is checked before its unit of work begins, and the form then reads the verdict.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, g
from flask_security import PasswordUtil, hash_password, verify_password
from flask_security.proxies import _security
from flask_security.utils import get_message
from sqlalchemy import func, select

from consult.db import db
from consult.models import Account
from consult.sign_in import lock_out

SHORTEST = 12
LONGEST = 128
LEAST_SCORE = 3
"""Of 4, by zxcvbn: a hundred million guesses at least."""

RATED_CHARACTERS = 72
"""Rating takes longer than proportionally; so many characters tell enough."""


SHORTEST_FACT = 3
"""Letters that a fact about a person must have to count."""

_ABOUT_US = ("consult", "consultation", "council")


class PasswordRules(PasswordUtil):
    """Long enough, and not easy to guess."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)

    def normalize(self, password: str) -> str:
        """One form, however a keyboard composes letters and marks."""
        return normal(password)

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """What is wrong with a new password, if anything, and its normal form."""
        plain = normal(password)
        if len(plain) < SHORTEST:
            return [get_message("PASSWORD_INVALID_LENGTH", length=SHORTEST)[0]], plain
        if len(plain) > LONGEST:
            return [get_message("PASSWORD_TOO_LONG", length=LONGEST)[0]], plain
        if easy_to_guess(plain, _told_of(kwargs)):
            return [get_message("PASSWORD_TOO_SIMPLE")[0]], plain
        return None, plain


def normal(password: str) -> str:
    """The form in which passwords are compared."""
    return unicodedata.normalize("NFKD", password)


def easy_to_guess(password: str, about: list[str]) -> bool:
    """Whether somebody who knows these facts about the person would soon find it.

    What is left of it without them has to be good by itself: the rating counts a name as one
    guess among few, and digits behind it as many.
    """
    facts = sorted({normal(fact).casefold() for fact in [*about, *_ABOUT_US]}, key=len)
    whole = rest = password.casefold()
    for fact in reversed(facts):
        if len(fact) >= SHORTEST_FACT:
            rest = rest.replace(fact, "")
    return _score(password) < LEAST_SCORE or (rest != whole and _score(rest) < LEAST_SCORE)


def _score(password: str) -> int:
    """How hard a password is to guess, from 0 to 4."""
    import zxcvbn  # here, for its word lists are large and seldom needed

    rated = zxcvbn.zxcvbn(password[:RATED_CHARACTERS]) if password else {"score": 0}
    return int(rated["score"])


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of checking a password, before the turn to write."""

    name: str
    password: str
    against: str | None
    """The hash of the account's password at that moment; none where there is no account."""
    right: bool


def weigh(name: str, password: str) -> Weighed:
    """Check a password, in the same time whether or not somebody has that name."""
    if lock_out.problem(name) is not None:
        return Weighed(name, password, None, False)
    account = account_named(name)
    against = None if account is None else account.password
    right = verify_password(normal(password), against or _nobody_s())
    return Weighed(name, password, against, right and against is not None)


def weigh_ahead(name: str, password: str) -> None:
    """Check a password now, for the form that will ask in this request."""
    g.weighed_password = weigh(name, password)


def is_right(account: Account, name: str, password: str) -> bool:
    """Whether this is the account's password still; its row is held until the unit ends."""
    weighed: Weighed | None = g.get("weighed_password")
    if weighed is None or (weighed.name, weighed.password) != (name, password):
        weighed = weigh(name, password)
    db.session.refresh(account, with_for_update=True)
    return weighed.right and weighed.against == account.password


def keep_up_to_date(account: Account, password: str) -> None:
    """Hash a right password anew where its hash was made by weaker rules than today's."""
    if account.password is not None and _security.pwd_context.needs_update(account.password):
        account.password = hash_password(normal(password))


def account_named(name: str) -> Account | None:
    """The account of an e-mail address as it was typed."""
    plain = unicodedata.normalize("NFC", name).strip().lower()
    return db.session.scalar(select(Account).where(func.lower(Account.email) == plain))


@cache
def _nobody_s() -> str:
    """The hash of a password that nobody has, as costly to check as a real one."""
    return hash_password(secrets.token_urlsafe())


def _told_of(kwargs: dict[str, Any]) -> list[str]:
    person = kwargs.get("user")
    told = [person.email, person.name] if isinstance(person, Account) else list(kwargs.values())
    texts = [text for text in told if isinstance(text, str) and text]
    return [*texts, *(part for text in texts for part in text.replace("@", " ").split())]
