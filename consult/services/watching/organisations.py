"""Partner organisations: whom they reach, in which languages, where, and how many."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analysis.representation.planning.outreach_plan import Group
from consult.document.model import Consultation as Document
from consult.document.questions import CHOICE_KINDS, Part
from consult.models import AssistedSession, Device, Organisation, Workspace
from consult.services import audit, workspaces

NAME_LENGTH_LIMIT = 200
NOTE_LENGTH_LIMIT = 2_000
MOST_PEOPLE = 100_000
"""What one organisation may be said to bring; more is a slip of the keyboard."""


class NoSuchOrganisation(LookupError):
    """It is not recorded for this consultation, or not any more."""


class NameTaken(ValueError):
    """Another organisation of this consultation has that name."""


class StillNeeded(Exception):
    """Sessions or tablets are the organisation's, so it cannot be taken out."""


class EntryChanged(Exception):
    """Somebody else has changed the entry since it was read; ``current`` is what it says now."""

    def __init__(self, current: "Entry", changed_by: str, changed_at: datetime) -> None:
        super().__init__(changed_by)
        self.current = current
        self.changed_by = changed_by
        self.changed_at = changed_at


@dataclass(frozen=True, slots=True)
class Entry:
    """What is recorded of one organisation."""

    name: str
    languages: tuple[str, ...] = ()
    """Codes."""
    reaches: tuple[Group, ...] = ()
    """Dimensions and categories; none means people of all groups."""
    areas: tuple[str, ...] = ()
    """Codes; none means everywhere."""
    most: int | None = None
    """How many people it can bring, where that is known."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dimension:
    """A monitoring question's groups, as they can be ticked."""

    name: str
    label: str
    categories: Mapping[str, str]
    """Labels by category."""


def dimensions_of(document: Document) -> list[Dimension]:
    """The groups that an organisation can reach: those the consultation asks about.

    Labels are the document's own, so that a localised document gives localised ones. Options
    that count as one category stand under one label.
    """
    found = []
    for question in document.questions:
        asks = question.part is Part.MONITORING and question.kind in CHOICE_KINDS
        if asks and question.dimension is not None:
            labels: dict[str, str] = {}
            for option in question.options:
                category = option.category or option.key
                labels[category] = (
                    f"{labels[category]} / {option.label}" if category in labels else option.label
                )
            found.append(Dimension(question.dimension, question.label, labels))
    return found


def entry_of(row: Organisation) -> Entry:
    """What a row says."""
    return Entry(
        name=row.name,
        languages=tuple(row.languages),
        reaches=tuple((str(dimension), str(category)) for dimension, category in row.reaches),
        areas=tuple(row.areas),
        most=row.most,
        note=row.note,
    )


def digest(entry: Entry) -> str:
    """A short name for what an entry says, for a form to carry."""
    return workspaces.digest(asdict(entry))


def all_of(session: Session, workspace: Workspace) -> list[Organisation]:
    """The organisations recorded for a consultation, by name."""
    wanted = select(Organisation).where(Organisation.workspace_id == workspace.id)
    return list(session.scalars(wanted.order_by(func.lower(Organisation.name), Organisation.id)))


def get(session: Session, workspace: Workspace, organisation_id: UUID) -> Organisation:
    """One of them.

    Raises
    ------
    NoSuchOrganisation
        If it is not one of this consultation's.
    """
    return _held(session, workspace, organisation_id, lock=False)


def add(
    session: Session, workspace: Workspace, entry: Entry, *, actor: str, now: datetime
) -> Organisation:
    """Record an organisation.

    Raises
    ------
    NameTaken
        If one of that name is recorded already.
    """
    row = Organisation(workspace_id=workspace.id)
    _write(session, workspace, row, entry, actor=actor, now=now)
    _note(session, workspace, row, "partner recorded", actor=actor, now=now)
    return row


def change(
    session: Session,
    workspace: Workspace,
    organisation_id: UUID,
    entry: Entry,
    *,
    seen: str,
    actor: str,
    now: datetime,
) -> Organisation:
    """Write what is recorded of an organisation anew. ``seen`` is the digest of what was read.

    Raises
    ------
    NoSuchOrganisation
        If it is not recorded, or not any more.
    EntryChanged
        If somebody else has changed it since; saving what it already says is no fault.
    NameTaken
        If another has that name.
    """
    row = _held(session, workspace, organisation_id, lock=True)
    current = entry_of(row)
    if current == entry:
        return row
    if digest(current) != seen:
        raise EntryChanged(current, row.recorded_by, row.recorded_at)
    _write(session, workspace, row, entry, actor=actor, now=now)
    _note(session, workspace, row, "partner changed", actor=actor, now=now)
    return row


def remove(
    session: Session, workspace: Workspace, organisation_id: UUID, *, actor: str, now: datetime
) -> None:
    """Take an organisation out.

    Raises
    ------
    NoSuchOrganisation
        If it is not recorded, or not any more.
    StillNeeded
        If it has a session or a tablet, even one that is over or revoked.
    """
    row = _held(session, workspace, organisation_id, lock=True)
    if _is_needed(session, row):
        raise StillNeeded
    session.delete(row)
    _note(session, workspace, row, "partner removed", actor=actor, now=now)


def _is_needed(session: Session, row: Organisation) -> bool:
    return any(
        session.scalar(select(exists().where(table.organisation_id == row.id)))
        for table in (AssistedSession, Device)
    )


def _held(
    session: Session, workspace: Workspace, organisation_id: UUID, *, lock: bool
) -> Organisation:
    wanted = select(Organisation).where(
        Organisation.id == organisation_id, Organisation.workspace_id == workspace.id
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(wanted)
    if row is None:
        raise NoSuchOrganisation(organisation_id)
    return row


def _write(
    session: Session,
    workspace: Workspace,
    row: Organisation,
    entry: Entry,
    *,
    actor: str,
    now: datetime,
) -> None:
    same_name = select(Organisation.id).where(
        Organisation.workspace_id == workspace.id,
        func.lower(Organisation.name) == entry.name.lower(),
    )
    if session.scalars(same_name).first() not in {None, row.id}:
        raise NameTaken(entry.name)
    values: dict[str, Any] = {
        "name": entry.name,
        "languages": list(entry.languages),
        "reaches": [list(group) for group in entry.reaches],
        "areas": list(entry.areas),
        "most": entry.most,
        "note": entry.note,
        "recorded_by": actor,
        "recorded_at": now,
    }
    try:
        with session.begin_nested():
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)
    except IntegrityError:  # recorded by somebody else in the same moment
        raise NameTaken(entry.name) from None


def _note(
    session: Session,
    workspace: Workspace,
    row: Organisation,
    action: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    audit.record(
        session, actor=actor, action=action, subject=workspace.slug, now=now, partner=row.name
    )


def known_codes(codes: Iterable[str], offered: Iterable[str]) -> tuple[str, ...]:
    """Those of the codes that are offered, in the order in which they are offered."""
    chosen = set(codes)
    return tuple(code for code in offered if code in chosen)
