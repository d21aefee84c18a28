"""What was done to reach people. Each day with an act begins a new stage of the watching.

Whether a gap is more than chance is judged by a bet that takes the chance of the next response
being from a group as unchanging. A mailing or an event changes that chance; so the bet begins
anew with the responses that come from that day on (:func:`.gaps.stretches`). What was confirmed
before stays on record.
"""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Consultation, OutreachAct
from consult.services import audit

WORDS_LENGTH_LIMIT = 300


class NotSaid(ValueError):
    """It does not say what was done."""


class NotYet(ValueError):
    """The day is still to come: nothing has been done."""


class BeforeOpening(ValueError):
    """The consultation was not open on that day, so no response came before or after it."""


class NoSuchAct(LookupError):
    """It is not recorded for this consultation, or not any more."""


def all_of(session: Session, stored: Consultation) -> list[OutreachAct]:
    """What was done, the last first."""
    wanted = select(OutreachAct).where(OutreachAct.consultation_id == stored.id)
    order = (OutreachAct.on.desc(), OutreachAct.recorded_at.desc(), OutreachAct.id)
    return list(session.scalars(wanted.order_by(*order)))


def record(
    session: Session, stored: Consultation, what: str, on: date, *, actor: str, now: datetime
) -> OutreachAct:
    """Record what was done on a day.

    Raises
    ------
    NotSaid
        If the words are blank, or more than can be kept.
    NotYet
        If the day is still to come.
    BeforeOpening
        If the consultation was not open yet.
    """
    words = " ".join(what.split())
    if not words or len(words) > WORDS_LENGTH_LIMIT:
        raise NotSaid
    zone = _zone(stored)
    if on > now.astimezone(zone).date():
        raise NotYet
    if on < stored.opens_at.astimezone(zone).date():
        raise BeforeOpening
    act = OutreachAct(
        consultation_id=stored.id, what=words, on=on, recorded_by=actor, recorded_at=now
    )
    session.add(act)
    session.flush()
    _note(session, stored, act, "outreach recorded", actor=actor, now=now)
    return act


def remove(
    session: Session, stored: Consultation, act_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take back what was recorded by mistake: its stage and the one before become one again.

    Raises
    ------
    NoSuchAct
        If it is not recorded, or not any more.
    """
    act = session.get(OutreachAct, act_id, with_for_update=True, populate_existing=True)
    if act is None or act.consultation_id != stored.id:
        raise NoSuchAct(act_id)
    session.delete(act)
    _note(session, stored, act, "outreach taken back", actor=actor, now=now)


def _zone(stored: Consultation) -> ZoneInfo:
    return ZoneInfo(str(stored.definition["timezone"]))


def _note(
    session: Session,
    stored: Consultation,
    act: OutreachAct,
    action: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    audit.record(
        session, actor=actor, action=action, subject=stored.slug, now=now, on=act.on.isoformat()
    )
