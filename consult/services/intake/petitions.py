"""Petitions: what they ask, and how many signed. They are counted apart from responses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.models import Consultation, Petition
from consult.services import audit
from consult.services.intake import places

LONGEST_TITLE: Final = 200
LONGEST_ORGANISER: Final = 200
LONGEST_ASKS: Final = 5_000
MOST_SIGNATURES: Final = 10_000_000


class NoSuchPetition(LookupError):
    """It was removed, or never there."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is recorded of a petition."""

    title: str
    asks: str
    organiser: str
    signatures: int
    received_on: date


def listing(session: Session, stored: Consultation | None) -> Sequence[Petition]:
    """All petitions of a consultation, the one received first at the top."""
    if stored is None:
        return []
    wanted = select(Petition).where(Petition.consultation_id == stored.id)
    return session.scalars(wanted.order_by(Petition.received_on, Petition.recorded_at)).all()


def signatures(session: Session, stored: Consultation | None) -> int:
    """How many signatures all petitions have together; one person may have signed several."""
    if stored is None:
        return 0
    total = select(func.sum(Petition.signatures)).where(Petition.consultation_id == stored.id)
    return int(session.scalar(total) or 0)


def find(session: Session, stored: Consultation | None, petition_id: UUID) -> Petition:
    """One petition.

    Raises
    ------
    NoSuchPetition
        If the consultation has none of that id.
    """
    found = session.get(Petition, petition_id, populate_existing=True)
    if found is None or stored is None or found.consultation_id != stored.id:
        raise NoSuchPetition
    return found


def record(session: Session, slug: str, words: Words, *, actor: str, now: datetime) -> Petition:
    """Record a petition."""
    stored = places.prepare(session, slug, actor=actor, now=now)
    made = Petition(consultation_id=stored.id, recorded_by=actor, recorded_at=now)
    _write(made, words)
    session.add(made)
    session.flush()
    _note(session, slug, "petition recorded", made, actor=actor, now=now)
    return made


def change(
    session: Session, slug: str, petition: Petition, words: Words, *, actor: str, now: datetime
) -> None:
    """Put right what is recorded of a petition."""
    _write(petition, words)
    session.flush()
    _note(session, slug, "petition changed", petition, actor=actor, now=now)


def remove(session: Session, slug: str, petition: Petition, *, actor: str, now: datetime) -> None:
    """Remove a petition that should not have been recorded."""
    _note(session, slug, "petition removed", petition, actor=actor, now=now)
    session.delete(petition)
    session.flush()


def _write(petition: Petition, words: Words) -> None:
    petition.title = words.title
    petition.asks = words.asks
    petition.organiser = words.organiser
    petition.signatures = words.signatures
    petition.received_on = words.received_on


def _note(
    session: Session, slug: str, action: str, petition: Petition, *, actor: str, now: datetime
) -> None:
    audit.record(
        session, actor=actor, action=action, subject=slug, now=now, signatures=petition.signatures
    )
