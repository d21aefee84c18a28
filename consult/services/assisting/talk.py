"""What tables said together: listed by session, counted apart from responses, taken away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.models import Arrival, AssistedSession, Consultation, GroupTalk, Workspace
from consult.services import audit
from consult.services.assisting.outcomes import Outcome


class NoSuchTalk(LookupError):
    """There is no such note in the consultation."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one session.

    The same people may have talked about several questions, each in a note of its own. So the
    people of a table are those of its largest note, and not the sum of all.
    """

    name: str
    notes: Sequence[GroupTalk]
    """Those that nobody removed, the earliest first."""

    @property
    def people(self) -> int:
        return max(note.people for note in self.notes)

    @property
    def language(self) -> str:
        """Of the note with most people; of the earliest where several have as many."""
        return max(self.notes, key=lambda note: note.people).language


@dataclass(frozen=True, slots=True)
class Heard:
    """A session, and what was said at its tables."""

    session: AssistedSession
    tables: Sequence[Table]

    @property
    def notes(self) -> int:
        return sum(len(table.notes) for table in self.tables)

    @property
    def people(self) -> int:
        return sum(table.people for table in self.tables)


def by_session(session: Session, workspace_id: UUID) -> list[Heard]:
    """The sessions of a consultation in which tables talked, the last first."""
    rows = session.execute(
        select(GroupTalk, AssistedSession)
        .join(AssistedSession, AssistedSession.id == GroupTalk.session_id)
        .where(AssistedSession.workspace_id == workspace_id, GroupTalk.removed_at.is_(None))
        .order_by(
            AssistedSession.on.desc(),
            AssistedSession.code,
            GroupTalk.table_name,
            GroupTalk.written_at,
            GroupTalk.id,
        )
    ).all()
    return [
        Heard(held, tables_among(talk for talk, _ in found))
        for held, found in groupby(rows, key=lambda row: row[1])
    ]


def tables_of(session: Session, stored: Consultation) -> list[Table]:
    """All tables that talked about a consultation."""
    workspace_id = session.scalar(
        select(Workspace.id).where(Workspace.consultation_id == stored.id)
    )
    if workspace_id is None:
        return []
    return [table for heard in by_session(session, workspace_id) for table in heard.tables]


def find(session: Session, workspace_id: UUID, talk_id: UUID) -> GroupTalk:
    """A note of a consultation, locked.

    Raises
    ------
    NoSuchTalk
        If there is none.
    """
    found = session.scalar(
        select(GroupTalk)
        .join(AssistedSession, AssistedSession.id == GroupTalk.session_id)
        .where(GroupTalk.id == talk_id, AssistedSession.workspace_id == workspace_id)
        .with_for_update(of=GroupTalk)
    )
    if found is None:
        raise NoSuchTalk(talk_id)
    return found


def remove(session: Session, talk: GroupTalk, *, actor: str, now: datetime) -> bool:
    """Delete the words of a note for good; whether they were still there.

    The row stays without them, so that a tablet that sends the same again does not bring
    them back. Another wording of it that waits for a decision goes too.
    """
    if talk.removed_at is not None:
        return False
    talk.said = ""
    talk.removed_at, talk.removed_by = now, actor
    session.execute(
        update(Arrival)
        .where(Arrival.client_id == talk.client_id, Arrival.sealed.is_not(None))
        .values(sealed=None, outcome=Outcome.WITHDRAWN.value, reason="")
    )
    held = session.get_one(AssistedSession, talk.session_id)
    audit.record(
        session,
        actor=actor,
        action="group talk removed",
        subject=f"session {held.code}",
        now=now,
        people=talk.people,
    )
    return True


def tables_among(notes: Iterable[GroupTalk]) -> list[Table]:
    """Notes by table; they come in the order of the tables' names."""
    return [
        Table(name, tuple(found))
        for name, found in groupby(notes, key=lambda each: each.table_name)
    ]
