"""Codes that residents hold: 16 digits, kept only as a keyed hash.

Fifteen digits are random (50 bits), the sixteenth is a check digit (Damm), so that a slip of
the finger is told apart from a guess. Guesses are counted for the whole service, whoever makes
them: at the limit the chance that an hour of guessing meets any of 200,000 codes is one in
250,000. The limit is high, for who reaches it keeps everybody's codes from being looked up.
"""

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consult.models import CodeGuess
from consult.services.answering import ascii_digits

CODE_DIGITS = 16
GUESSES_PER_HOUR = 20_000

_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


class MistypedCode(Exception):
    """What was entered is not a code: it has the wrong length or a slipped digit."""


class UnknownCode(Exception):
    """The code is well formed, and nothing belongs to it."""


class TooManyGuesses(Exception):
    """Too many wrong codes were tried in this hour, by whomever."""


def new_code() -> str:
    """A random code of 16 digits."""
    return random_digits(CODE_DIGITS)


def random_digits(length: int) -> str:
    """So many digits, of which the last checks the others."""
    return _with_check_digit(f"{secrets.randbelow(10 ** (length - 1)):0{length - 1}d}")


def derived_code(secret_key: str, seed: str) -> str:
    """The code that belongs to a seed: the same each time, unguessable without the secret."""
    digest = hmac.new(_key(secret_key, "receipt"), seed.encode("ascii"), hashlib.sha256).digest()
    return _with_check_digit(f"{int.from_bytes(digest, 'big') % 10**15:015d}")


def hash_code(secret_key: str, code: str) -> str:
    """The keyed hash of a code, 64 hexadecimal digits; all that is stored of it."""
    return hmac.new(_key(secret_key, "code"), code.encode("ascii"), hashlib.sha256).hexdigest()


def format_code(code: str) -> str:
    """A code in groups of four, as shown to a person.

    Examples
    --------
    >>> format_code("1234567890123456")
    '1234 5678 9012 3456'
    """
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def parse_code(text: str) -> str:
    """A code as a person typed it: any script's digits, any spaces or dashes between.

    Raises
    ------
    MistypedCode
        If it has not 16 digits, or its check digit does not fit.
    """
    return parse_digits(text, CODE_DIGITS)


def parse_digits(text: str, length: int) -> str:
    """So many digits as a person typed them, of which the last checks the others.

    Raises
    ------
    MistypedCode
        If there are not so many, or the last does not fit.
    """
    digits = ascii_digits(text[:200])
    found = "".join(c for c in digits if c.isascii() and c.isdigit())
    if len(found) != length or any(c.isalpha() for c in digits) or _damm(found) != 0:
        raise MistypedCode
    return found


def check_guesses(session: Session, now: datetime) -> None:
    """Refuse to look a code up while too many wrong ones are being tried.

    Raises
    ------
    TooManyGuesses
        If this hour's limit is reached.
    """
    wrong = session.scalar(select(CodeGuess.wrong_count).where(CodeGuess.hour == _hour(now)))
    if (wrong or 0) >= GUESSES_PER_HOUR:
        raise TooManyGuesses


def count_wrong_guess(session: Session, now: datetime) -> None:
    """Count one well-formed code that nothing belongs to."""
    # In one statement, so that of two first guesses in an hour neither fails.
    is_sqlite = session.connection().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    session.execute(
        insert(CodeGuess)
        .values(hour=_hour(now), wrong_count=1)
        .on_conflict_do_update(
            index_elements=[CodeGuess.hour], set_={"wrong_count": CodeGuess.wrong_count + 1}
        )
    )


def wrong_guesses(session: Session) -> int:
    """All wrong codes counted so far."""
    return session.scalar(select(func.coalesce(func.sum(CodeGuess.wrong_count), 0))) or 0


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _key(secret_key: str, purpose: str) -> bytes:
    return hmac.new(secret_key.encode("utf-8"), purpose.encode("ascii"), hashlib.sha256).digest()


def _damm(digits: str) -> int:
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return state


def _with_check_digit(digits: str) -> str:
    return f"{digits}{_damm(digits)}"
