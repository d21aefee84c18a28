"""Figures of a consultation kept ready, so that the page that shows them is quick.

What the figures count is told by a stamp that is cheap to make: as long as it is the same, what
was counted holds. Where it is another, a small consultation is counted on the spot, a larger one
by a job; until that is done, the page shows what it has and says from when that is.

Two sets are kept. *Exact* is for those who may see small numbers. *Shown* is the set from which
everybody else's figures are made: it is taken anew only when at least ten more (or fewer)
responses count, so that nobody can subtract one look from the next and find a single person.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analysis.disclosure import RULE
from consult.document.model import Consultation as Document
from consult.models import (
    Consultation,
    Draft,
    OutreachAct,
    Petition,
    Response,
    ResponseMark,
    ResponseOrigin,
    WatchSnapshot,
)
from consult.services.watching import crossings, gaps, respondents
from consult.services.watching.arrivals import Arrivals, Home, Signed, Standing, arrivals
from consult.services.watching.completion import STILL_AT_IT, Completion, completion, unsent
from consult.services.watching.crossings import Crossings
from consult.services.watching.gaps import Stretch
from consult.services.watching.respondents import Counts

SMALL: Final = 2_000
"""Up to so many responses are counted while the page is made."""

Kind: TypeAlias = Literal["exact", "shown"]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that takes long, as it was at one time.

    Attributes
    ----------
    stamp : str
        Of what was counted.
    revision : int
        Of the consultation's words and figures of residents.
    made_at : datetime
    arrivals : Arrivals
    completion : Completion
    stages : tuple of Stretch
    counts : mapping of str to Counts
        Who is compared with residents, by the name of the stage in which they came.
    crossings : Crossings
    """

    stamp: str
    revision: int
    made_at: datetime
    arrivals: Arrivals
    completion: Completion
    stages: tuple[Stretch, ...]
    counts: Mapping[str, Counts]
    crossings: Crossings


def stamp(session: Session, stored: Consultation, *, now: datetime) -> str:
    """What tells whether figures are those of now: a digest of counts and latest times."""
    of_responses = select(
        func.count(),
        func.max(Response.received_at),
        func.max(Response.changed_at),
        func.count(Response.withdrawn_at),
        func.max(Response.withdrawn_at),
        func.count(Response.excluded_at),
        func.max(Response.excluded_at),
        func.count(Response.timing_decision),
        func.min(Response.timing_decision),
        func.count().filter(Response.timing_decision == "accepted"),
    ).where(Response.consultation_id == stored.id)
    # Marks are few beside responses: they are gone through, and not the responses.
    marked = exists().where(
        Response.id == ResponseMark.response_id, Response.consultation_id == stored.id
    )
    marks = select(func.count(), func.max(ResponseMark.marked_at)).where(marked)
    left = (unsent(stored, now), Draft.updated_at <= now - STILL_AT_IT)
    drafts = select(func.count(), func.max(Draft.updated_at)).where(*left)
    at_it = select(func.count()).where(unsent(stored, now), Draft.updated_at > now - STILL_AT_IT)
    signed = select(
        func.count(), func.sum(Petition.signatures), func.max(Petition.recorded_at)
    ).where(Petition.consultation_id == stored.id)
    today = now.astimezone(ZoneInfo(str(stored.definition["timezone"]))).date()
    acts = select(func.count(), func.max(OutreachAct.recorded_at), func.max(OutreachAct.on)).where(
        OutreachAct.consultation_id == stored.id, OutreachAct.on <= today
    )
    origins = select(func.count(), func.max(ResponseOrigin.entered_at)).where(
        ResponseOrigin.consultation_id == stored.id
    )
    found = [
        tuple(session.execute(each).one())
        for each in (of_responses, marks, drafts, at_it, signed, acts, origins)
    ]
    return hashlib.sha256(repr((stored.revision, found)).encode()).hexdigest()


def make(session: Session, stored: Consultation, document: Document, *, now: datetime) -> Figures:
    """Count everything."""
    made_of = stamp(session, stored, now=now)
    people = respondents.people(session, stored, document)
    stages = gaps.stretches(session, stored, document, now=now)
    return Figures(
        stamp=made_of,
        revision=stored.revision,
        made_at=now,
        arrivals=arrivals(session, stored, document),
        completion=completion(session, stored, document, now=now),
        stages=tuple(stages),
        counts=gaps.counts_by_stage(people, document, stages),
        crossings=crossings.crossings(people, document),
    )


def held(session: Session, stored: Consultation, kind: Kind) -> Figures | None:
    """The figures that are kept, if any are, whatever they count."""
    row = session.get(WatchSnapshot, (stored.id, kind), populate_existing=True)
    return None if row is None else _from_data(row)


def keep(session: Session, stored: Consultation, figures: Figures, kind: Kind) -> None:
    """Keep figures instead of those that were kept before."""
    row = session.get(WatchSnapshot, (stored.id, kind), with_for_update=True)
    if row is None:
        try:
            with session.begin_nested():
                session.add(
                    WatchSnapshot(consultation_id=stored.id, kind=kind, **_as_columns(figures))
                )
        except IntegrityError:  # somebody else has kept some in the same moment
            row = session.get(WatchSnapshot, (stored.id, kind), populate_existing=True)
    if row is not None and row.made_at <= figures.made_at:
        for name, value in _as_columns(figures).items():
            setattr(row, name, value)
    session.flush()


def keep_all(session: Session, stored: Consultation, figures: Figures) -> None:
    """Keep new figures, and show them to everybody where enough has changed."""
    keep(session, stored, figures, "exact")
    if may_be_shown(held(session, stored, "shown"), figures):
        keep(session, stored, figures, "shown")


def renewed(
    session: Session, stored: Consultation, document: Document, *, now: datetime
) -> Figures:
    """Figures of a small consultation, counted anew and kept where they count something else."""
    found = held(session, stored, "exact")
    if found is None or found.stamp != stamp(session, stored, now=now):
        found = make(session, stored, document, now=now)
        keep_all(session, stored, found)
    return found


def may_be_shown(before: Figures | None, after: Figures) -> bool:
    """Whether so many responses more or fewer count that no single one can be told."""
    if before is None or before.revision != after.revision:
        return True
    return abs(after.arrivals.responses - before.arrivals.responses) >= RULE.threshold


def _as_columns(figures: Figures) -> dict[str, Any]:
    return {
        "stamp": figures.stamp,
        "made_at": figures.made_at,
        "content": {
            "revision": figures.revision,
            "arrivals": _arrivals_data(figures.arrivals),
            "completion": _completion_data(figures.completion),
            "stages": [
                [each.name, each.since.isoformat() if each.since else None, list(each.acts)]
                for each in figures.stages
            ],
            "counts": [[name, counts] for name, counts in figures.counts.items()],
            "crossings": figures.crossings.as_data(),
        },
    }


def _from_data(row: WatchSnapshot) -> Figures:
    content = row.content
    return Figures(
        stamp=row.stamp,
        revision=content["revision"],
        made_at=row.made_at,
        arrivals=_arrivals(content["arrivals"]),
        completion=_completion(content["completion"]),
        stages=tuple(
            Stretch(name, date.fromisoformat(since) if since else None, tuple(acts))
            for name, since, acts in content["stages"]
        ),
        counts=dict(content["counts"]),
        crossings=Crossings.from_data(content["crossings"]),
    )


def _arrivals_data(found: Arrivals) -> dict[str, Any]:
    return {
        "standing": dict(found.standing),
        "by_day": {day.isoformat(): count for day, count in found.by_day.items()},
        "by_way": dict(found.by_way),
        "by_language": dict(found.by_language),
        "by_home": dict(found.by_home),
        "by_ward": dict(found.by_ward),
        "late": found.late,
        "changed": found.changed,
        "suspected": found.suspected,
        "petitions": [
            [each.title, each.signatures, each.received_on.isoformat()] for each in found.petitions
        ],
    }


def _arrivals(data: Mapping[str, Any]) -> Arrivals:
    return Arrivals(
        standing={Standing(name): count for name, count in data["standing"].items()},
        by_day={date.fromisoformat(day): count for day, count in data["by_day"].items()},
        by_way=data["by_way"],
        by_language=data["by_language"],
        by_home={Home(name): count for name, count in data["by_home"].items()},
        by_ward=data["by_ward"],
        late=data["late"],
        changed=data["changed"],
        suspected=data["suspected"],
        petitions=tuple(
            Signed(title, signatures, date.fromisoformat(day))
            for title, signatures, day in data["petitions"]
        ),
    )


def _completion_data(found: Completion) -> dict[str, Any]:
    return {
        "sent": found.sent,
        "at_it": found.at_it,
        "stopped": list(found.stopped.items()),
        "changing": found.changing,
        "kept_days": found.kept_days,
    }


def _completion(data: Mapping[str, Any]) -> Completion:
    return Completion(**{**data, "stopped": dict(data["stopped"])})


def is_small(session: Session, stored: Consultation) -> bool:
    """Whether everything can be counted while the page is made."""
    found = session.scalar(select(func.count()).where(Response.consultation_id == stored.id))
    return (found or 0) <= SMALL
