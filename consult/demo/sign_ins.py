"""The people of a demonstration: made-up accounts, whose password lies in its folder."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_security import hash_password
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.services import accounts, audit

FILE = "demo-password.txt"

PEOPLE = (
    ("admin@example.org", "Amina (admin)", "admin"),
    ("officer@example.org", "Oliver (officer)", "officer"),
    ("second@example.org", "Samira (second officer)", "officer"),
    ("analyst@example.org", "Anjali (analyst)", "analyst"),
    ("partner@example.org", "Piotr (partner)", "partner"),
    ("viewer@example.org", "Vera (viewer)", "viewer"),
)
"""Address, name and role of each."""


@dataclass(frozen=True, slots=True)
class SignIns:
    """Who can sign in to a demonstration, all with one password."""

    emails: tuple[str, ...]
    password: str


def prepare(session: Session, data_dir: Path, *, now: datetime) -> SignIns:
    """Make the accounts that are not there yet. Needs an application's context.

    The password is random, for each folder another, so that a demonstration that somebody
    makes reachable from elsewhere has no known one.
    """
    password = _kept_password(data_dir / FILE)
    with unit_of_work(session):
        for email, name, role in PEOPLE:
            if accounts.find(session, email) is None:
                accounts.create(
                    session,
                    email=email,
                    name=name,
                    language="en",
                    password_hash=hash_password(password),
                    roles=[role],
                    actor=audit.COMMAND_LINE,
                    now=now,
                )
    return SignIns(tuple(email for email, _name, _role in PEOPLE), password)


def _kept_password(path: Path) -> str:
    if path.is_file() and (kept := path.read_text(encoding="ascii").strip()):
        return kept
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    path.touch(mode=0o600)
    path.write_text(password + "\n", encoding="ascii")
    return password
