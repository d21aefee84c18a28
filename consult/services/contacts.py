"""E-mail addresses for news, kept apart from answers.

An address goes into the day's intake under a random id with nothing but its day. On a later
day all of them are filed at once, in random order and with their month only, so that neither
row order nor time joins an address to a response.
"""

import re
from datetime import date, datetime
from random import SystemRandom
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.models import Consultation, Contact, ContactIntake

EMAIL_LENGTH_LIMIT = 254
_EMAIL = re.compile(r"[^@\s<>(),;:\"\\\[\]]+@[^@\s<>(),;:\"\\\[\].]+(\.[^@\s<>(),;:\"\\\[\].]+)+")


class NotAnEmail(ValueError):
    """What was entered is not an e-mail address."""


def add(
    session: Session, stored: Consultation, email: str, *, language: str, now: datetime
) -> None:
    """Take an address in for news of a consultation. Given twice, it is kept once.

    Raises
    ------
    NotAnEmail
        If it cannot be an address.
    """
    email = email.strip()
    if len(email) > EMAIL_LENGTH_LIMIT or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise NotAnEmail
    for table in (ContactIntake, Contact):
        found = select(table.id).where(table.consultation_id == stored.id, table.email == email)
        if session.scalar(found) is not None:
            return
    session.add(
        ContactIntake(
            id=uuid4(),
            consultation_id=stored.id,
            email=email,
            language=language,
            given_on=_local_day(stored, now),
        )
    )
    session.flush()


def file_earlier_days(session: Session, *, now: datetime) -> int:
    """File the addresses of all days before today, shuffled, and say how many."""
    filed = 0
    for stored in session.scalars(select(Consultation)):
        due = (
            ContactIntake.consultation_id == stored.id,
            ContactIntake.given_on < _local_day(stored, now),
        )
        # Taken out as they are read: no other round files them too, and none is lost.
        rows = list(
            session.execute(
                delete(ContactIntake)
                .where(*due)
                .returning(ContactIntake.email, ContactIntake.language, ContactIntake.given_on)
            )
        )
        SystemRandom().shuffle(rows)
        for row in rows:
            session.add(
                Contact(
                    id=uuid4(),
                    consultation_id=stored.id,
                    email=row.email,
                    language=row.language,
                    given_on=row.given_on.replace(day=1),
                )
            )
            session.flush()  # one by one: the order of writing is the shuffled one
        filed += len(rows)
    return filed


def _local_day(stored: Consultation, now: datetime) -> date:
    return now.astimezone(ZoneInfo(stored.definition["timezone"])).date()
