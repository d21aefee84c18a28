"""What was said in group talks: counted apart from responses; its words for internal reports.

People at tables are people: their number goes through the one rule, in a universe of its own, as
nobody can tell who of them has sent a response as well. Where a session was and what a table was
called is in no report.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.suppression.tables import Axis, Kind, make_table
from consult.document.model import Consultation as Document
from consult.models import AssistedSession, Consultation, GroupTalk, Workspace
from consult.reports.data import GroupTalks, Line, ReportData, TalkNote
from consult.services.assisting import talk
from consult.services.assisting.talk import Table
from consult.services.reporting.figures import Figures, as_count, exact

AT_TABLES: Final = "group talk"
"""The table of people at tables by language, and its universe."""


@dataclass(frozen=True, slots=True)
class AtTables:
    """The tables that talked, with their people among the figures."""

    tables: Sequence[Table]
    _languages: tuple[str, ...]
    _figures: Figures

    def told(self) -> GroupTalks | None:
        """The finished part of the report, once the figures are settled."""
        if not self.tables:
            return None
        found = [self._figures.published(AT_TABLES, code) for code in self._languages]
        order = self._figures.order(self._languages, found)
        notes = [note for table in self.tables for note in table.notes]
        return GroupTalks(
            notes=len(notes),
            tables=len(self.tables),
            people=self._figures.count(AT_TABLES, None),
            by_language=tuple(
                Line(key=self._languages[at], count=as_count(found[at])) for at in order
            ),
            said=() if self._figures.is_public else tuple(_note(note) for note in notes),
        )


def begin(session: Session, stored: Consultation, document: Document, figures: Figures) -> AtTables:
    """Count the people at tables, and put them among the figures."""
    tables = talk.tables_of(session, stored)
    people: Counter[str] = Counter()
    for table in tables:
        people[table.language] += table.people
    languages = tuple(dict.fromkeys([*document.languages, *sorted(people)]))
    if tables:
        axis = Axis("language at tables", languages, Kind.GROUP)
        counts = [people[code] for code in languages]
        figures.add(make_table(AT_TABLES, [axis], counts, universe=AT_TABLES))
    return AtTables(tables, languages, figures)


def fill(session: Session, data: ReportData) -> ReportData:
    """Put the words of tables into an internal report, and leave out notes that were removed."""
    talks = data.group_talks
    if talks is None or not talks.said:
        return data
    rows = session.scalars(
        select(GroupTalk)
        .join(AssistedSession, AssistedSession.id == GroupTalk.session_id)
        .join(Workspace, Workspace.id == AssistedSession.workspace_id)
        .join(Consultation, Consultation.id == Workspace.consultation_id)
        .where(
            GroupTalk.id.in_([UUID(note.id) for note in talks.said]),
            GroupTalk.removed_at.is_(None),
            Consultation.slug == data.consultation.slug,
        )
        .execution_options(populate_existing=True)
    )
    words = {str(row.id): row.said for row in rows}
    said = tuple(
        note.model_copy(update={"text": words[note.id]}) for note in talks.said if note.id in words
    )
    return data.model_copy(update={"group_talks": talks.model_copy(update={"said": said})})


def wordless(talks: GroupTalks | None) -> GroupTalks | None:
    """The part of a report without what was said: only which notes there were."""
    if talks is None:
        return None
    said = tuple(note.model_copy(update={"text": ""}) for note in talks.said)
    return talks.model_copy(update={"said": said})


def _note(row: GroupTalk) -> TalkNote:
    return TalkNote(
        id=str(row.id),
        question=row.question_key,
        people=as_count(exact(row.people)),
        language=row.language,
        text=row.said,
    )
