"""The audit trail: writing it, and reading it page by page or as a whole."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, cast, or_, select
from sqlalchemy.orm import Session

from consult.models import AuditEvent, Consultation, Response

MACHINE = "machine"
RESIDENT = "resident"
COMMAND_LINE = "command line"

AT_A_TIME = 1_000
"""Rows that a download reads at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in the trail: rows of one moment follow their ids."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).isoformat()}_{self.id.hex}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """The place that a text names.

        Raises
        ------
        ValueError
            If it names none.
        """
        at, _, row = text.partition("_")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(text)
        return cls(moment, UUID(hex=row))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows somebody looks for; all of them where nothing is said."""

    text: str = ""
    """In the actor, the action, the subject or the details."""
    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """Before this moment."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the trail, the newest row first."""

    rows: list[AuditEvent]
    newer: Place | None
    """From where the page before goes on, if there is one."""
    older: Place | None


def record(
    session: Session, *, actor: str, action: str, subject: str, now: datetime, **details: Any
) -> None:
    """Note one act. ``details`` hold figures and names of things, never answers."""
    session.add(AuditEvent(at=now, actor=actor, action=action, subject=subject, details=details))
    session.flush()


def record_resident_act(
    session: Session, response: Response, *, action: str, now: datetime
) -> None:
    """Note that somebody changed or withdrew a response: the day and the consultation only.

    The trail cannot be changed later, so what could lead to a person never enters it.
    """
    stored = session.get_one(Consultation, response.consultation_id)
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    record(session, actor=RESIDENT, action=action, subject=stored.slug, now=day)


def search(
    session: Session,
    wanted: Wanted,
    *,
    older_than: Place | None = None,
    newer_than: Place | None = None,
    limit: int = 50,
) -> Leaf:
    """One page of the rows wanted: the newest, or those next to a place."""
    if newer_than is not None:
        found = list(
            session.scalars(
                _matching(wanted)
                .where(_after(newer_than))
                .order_by(AuditEvent.at, AuditEvent.id)
                .limit(limit + 1)
            )
        )
        rows = found[:limit][::-1]
        return Leaf(rows, _first(rows) if len(found) > limit else None, _last(rows))
    found = list(session.scalars(_newest_first(wanted, older_than).limit(limit + 1)))
    rows = found[:limit]
    return Leaf(
        rows,
        None if older_than is None else _first(rows),
        _last(rows) if len(found) > limit else None,
    )


def every(session: Session, wanted: Wanted) -> Iterator[AuditEvent]:
    """All rows wanted, the newest first, a few at a time; what comes meanwhile is left out."""
    place: Place | None = None
    while True:
        rows = list(session.scalars(_newest_first(wanted, place).limit(AT_A_TIME)))
        yield from rows
        if len(rows) < AT_A_TIME:
            return
        place = _last(rows)
        for row in rows:
            session.expunge(row)


def _matching(wanted: Wanted) -> Select[AuditEvent]:
    rows = select(AuditEvent)
    for column, value in (
        (AuditEvent.actor, wanted.actor),
        (AuditEvent.action, wanted.action),
        (AuditEvent.subject, wanted.subject),
    ):
        if value:
            rows = rows.where(column == value)
    if wanted.since is not None:
        rows = rows.where(AuditEvent.at >= wanted.since)
    if wanted.until is not None:
        rows = rows.where(AuditEvent.at < wanted.until)
    return rows.where(_says(wanted.text)) if wanted.text else rows


def _says(text: str) -> ColumnElement[bool]:
    details = cast(AuditEvent.details, String)
    return or_(
        AuditEvent.actor.icontains(text, autoescape=True),
        AuditEvent.action.icontains(text, autoescape=True),
        AuditEvent.subject.icontains(text, autoescape=True),
        # Details are kept as JSON, whose letters beyond ASCII are written as numbers.
        details.icontains(json.dumps(text)[1:-1], autoescape=True),
    )


def _newest_first(wanted: Wanted, older_than: Place | None) -> Select[AuditEvent]:
    rows = _matching(wanted).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    if older_than is None:
        return rows
    at, row = older_than.at, older_than.id
    same = and_(AuditEvent.at == at, AuditEvent.id < row)
    return rows.where(AuditEvent.at <= at, or_(AuditEvent.at < at, same))


def _after(place: Place) -> ColumnElement[bool]:
    same = and_(AuditEvent.at == place.at, AuditEvent.id > place.id)
    return and_(AuditEvent.at >= place.at, or_(AuditEvent.at > place.at, same))


def _first(rows: list[AuditEvent]) -> Place | None:
    return Place(rows[0].at, rows[0].id) if rows else None


def _last(rows: list[AuditEvent]) -> Place | None:
    return Place(rows[-1].at, rows[-1].id) if rows else None
