"""Confirmed flags: each is noted once, when it is first seen, and stays on record."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.representation.run import Representation
from analysis.representation.watching.families import Tier
from consult.models import (
    Consultation,
    FlagNotice,
    OutreachAct,
    Response,
    ResponseOrigin,
    WatchSnapshot,
)
from consult.services import audit, jobs
from consult.services.counted import counted

KIND = "flags"
"""Of the job that looks, and of the note of what it has looked at."""

EVERY = timedelta(hours=1)


def note_confirmed(
    session: Session, stored: Consultation, representation: Representation, *, now: datetime
) -> list[FlagNotice]:
    """Note the flags that are confirmed and were never noted before, and return those.

    A flag that was noted and is not confirmed any more, as after an act of outreach, stays: it
    held when it was confirmed, and nobody is told a second time when it comes back.
    """
    noted = {_key(notice) for notice in notices(session, stored)}
    new = [
        notice for notice in _confirmed(stored, representation, now) if _key(notice) not in noted
    ]
    session.add_all(new)
    session.flush()
    return new


def notices(
    session: Session, stored: Consultation, *, after: datetime | None = None
) -> list[FlagNotice]:
    """All flags that were ever confirmed, or those confirmed after some time; in that order."""
    wanted = select(FlagNotice).where(FlagNotice.consultation_id == stored.id)
    if after is not None:
        wanted = wanted.where(FlagNotice.confirmed_at > after)
    order = (
        FlagNotice.confirmed_at,
        FlagNotice.dimension,
        FlagNotice.area,
        FlagNotice.category,
        FlagNotice.state,
    )
    return list(session.scalars(wanted.order_by(*order)))


def ask_due(session: Session, *, now: datetime) -> int:
    """Ask for a look at each open consultation where something changed since the last. How many.

    A look is due once an hour; late answers are waited for.
    """
    wanted = select(Consultation).where(
        Consultation.is_preview.is_(False),
        Consultation.data_removed_at.is_(None),
        Consultation.opens_at <= now,
        Consultation.late_until > now - EVERY,
    )
    asked = 0
    for stored in session.scalars(wanted):
        seen = session.get(WatchSnapshot, (stored.id, KIND))
        if seen is not None and (
            seen.made_at > now - EVERY or seen.stamp == stamp(session, stored)
        ):
            continue
        jobs.enqueue(
            session,
            KIND,
            requested_by=audit.MACHINE,
            now=now,
            subject=stored.slug,
            key=f"{KIND}:{stored.slug}",
        )
        asked += 1
    return asked


def note_look(session: Session, stored: Consultation, seen: str, *, now: datetime) -> None:
    """Remember which state of the responses was looked at; ``seen`` is its stamp."""
    row = session.get(WatchSnapshot, (stored.id, KIND))
    if row is None:
        row = WatchSnapshot(consultation_id=stored.id, kind=KIND, content={})
        session.add(row)
    row.stamp, row.made_at = seen, now
    session.flush()


def stamp(session: Session, stored: Consultation) -> str:
    """A short name for a state of all that flags depend on: equal states have equal names."""
    responses = session.execute(
        select(
            func.count(Response.id),
            func.max(Response.received_at),
            func.max(Response.changed_at),
            func.max(Response.withdrawn_at),
            func.count(Response.excluded_at),
            func.max(Response.excluded_at),
            func.count().filter(counted()),
        ).where(Response.consultation_id == stored.id)
    ).one()
    acts = session.execute(
        select(func.count(OutreachAct.id), func.max(OutreachAct.recorded_at)).where(
            OutreachAct.consultation_id == stored.id
        )
    ).one()
    origins = session.execute(
        select(func.count(), func.max(ResponseOrigin.entered_at)).where(
            ResponseOrigin.consultation_id == stored.id
        )
    ).one()
    state = (stored.revision, *responses, *acts, *origins)
    return hashlib.sha256(repr([str(each) for each in state]).encode()).hexdigest()


def _confirmed(
    stored: Consultation, representation: Representation, now: datetime
) -> Iterator[FlagNotice]:
    for part in (*representation.wholes, *representation.areas):
        for result in part.groups:
            if result.tier is Tier.CONFIRMED and result.monitored is not None:
                yield FlagNotice(
                    consultation_id=stored.id,
                    dimension=part.reference.name,
                    category=result.gap.category,
                    area=part.reference.area or "",
                    state=result.monitored.direction.value,
                    confirmed_at=now,
                )


def _key(notice: FlagNotice) -> tuple[str, str, str, str]:
    return notice.dimension, notice.category, notice.area, notice.state
