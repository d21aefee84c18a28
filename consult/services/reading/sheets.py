"""Sheets of translated answers that come back: held, looked at, then taken or put away."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.models import AnswerSheet, Consultation
from consult.services import audit
from consult.services.reading.redacted import MARKER
from consult.services.reading.translating_answers import (
    PERSON,
    Original,
    by_persons,
    originals,
    write,
)
from consult.translation_files.entries import ReadFile
from consult.translation_files.faults import FileFault, TranslationFileError

KEPT_FOR = timedelta(days=2)
"""How long a sheet waits: it holds people's words, so not longer than a weekend."""


class NoSuchSheet(LookupError):
    """The sheet is not there any more: it was taken, put away or forgotten, or never there."""


class PlanChanged(Exception):
    """What the sheet would do is not any more what somebody saw."""


class Fate(StrEnum):
    """What would become of one row."""

    NEW = "new"
    CHANGED = "changed"
    """It replaces another translation by a person."""
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    MARKER_LOST = "marker_lost"
    """The translation does not show where words were hidden."""
    OUTDATED = "outdated"
    """The answer's words were hidden or shown since the sheet was made."""
    UNKNOWN = "unknown"
    """It fits no answer to the question that counts."""


TAKEN = (Fate.NEW, Fate.CHANGED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One row, and what would become of it."""

    place: int
    text: str
    fate: Fate
    original: Original | None
    current: str = ""
    """The translation by a person that is there."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sheet would do."""

    proposals: Sequence[Proposal]

    def of(self, *fates: Fate) -> list[Proposal]:
        """The rows with one of these fates."""
        return [each for each in self.proposals if each.fate in fates]

    @property
    def counts(self) -> dict[Fate, int]:
        """How many rows have each fate, without those that none has."""
        found = Counter(each.fate for each in self.proposals)
        return {fate: found[fate] for fate in Fate if found[fate]}

    @property
    def state(self) -> str:
        """Stands for all of it."""
        said = "\n".join(f"{each.place} {each.fate} {each.current}" for each in self.proposals)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def hold(
    session: Session,
    stored: Consultation,
    question_key: str,
    into: str,
    file: ReadFile,
    *,
    name: str,
    actor: str,
    now: datetime,
) -> AnswerSheet:
    """Keep a sheet that was read, until somebody has looked at what it would do.

    Earlier ones of the same person for the question are put away.

    Raises
    ------
    TranslationFileError
        If it says that it is in another language.
    """
    if file.language is not None and file.language.lower() != into.lower():
        raise TranslationFileError(FileFault.WRONG_LANGUAGE, found=file.language[:20], wanted=into)
    forget_old(session, now=now)
    session.execute(
        delete(AnswerSheet).where(
            AnswerSheet.consultation_id == stored.id,
            AnswerSheet.question_key == question_key,
            AnswerSheet.uploaded_by == actor,
        )
    )
    held = AnswerSheet(
        consultation_id=stored.id,
        question_key=question_key,
        language=into,
        file_name="".join(sign for sign in name if sign.isprintable())[-200:],
        rows=[
            {
                "place": entry.place,
                "answer": entry.path,
                "mark": entry.mark,
                "source": entry.source,
                "text": entry.text.strip(),
                "note": entry.note,
            }
            for entry in file.entries
        ],
        uploaded_by=actor,
        uploaded_at=now,
    )
    session.add(held)
    session.flush()
    return held


def find(
    session: Session,
    stored: Consultation,
    question_key: str,
    sheet_id: UUID,
    *,
    for_update: bool = False,
) -> AnswerSheet:
    """A sheet that waits.

    Raises
    ------
    NoSuchSheet
        If there is none of that id for the question.
    """
    held = session.get(
        AnswerSheet, sheet_id, with_for_update=for_update, populate_existing=for_update
    )
    if held is None or (held.consultation_id, held.question_key) != (stored.id, question_key):
        raise NoSuchSheet
    return held


def plan(session: Session, stored: Consultation, held: AnswerSheet) -> Plan:
    """What a sheet would do now."""
    ids = [answer_id for row in held.rows if (answer_id := _uuid(row["answer"])) is not None]
    there = originals(session, stored, held.question_key, ids)
    current = by_persons(session, there, held.language)
    proposals = []
    for row in held.rows:
        answer_id = _uuid(row["answer"])
        original = None if answer_id is None else there.get(answer_id)
        known = None if answer_id is None else current.get(answer_id)
        said = "" if known is None else known.text
        fate = _fate(row, original, said)
        # Of an answer that is gone or was changed, nothing is shown: words may be hidden now.
        shown = fate not in {Fate.UNKNOWN, Fate.OUTDATED}
        proposals.append(
            Proposal(
                place=int(row["place"]),
                text=row["text"] if shown else "",
                fate=fate,
                original=original,
                current=said,
                note=row["note"] if shown else "",
            )
        )
    return Plan(proposals)


def apply(
    session: Session,
    stored: Consultation,
    question_key: str,
    sheet_id: UUID,
    *,
    state: str,
    translator: str,
    with_lost_markers: bool,
    actor: str,
    now: datetime,
) -> int:
    """Write what a sheet brings in the translator's name, once; how many translations.

    Parameters
    ----------
    state : str
        Of the plan that the person saw.
    with_lost_markers : bool
        Take rows too that do not show where words were hidden.

    Raises
    ------
    NoSuchSheet
        If it was taken or put away meanwhile.
    PlanChanged
        If it would do something else than what the person saw.
    ValueError
        If no translator is named.
    """
    if not translator.strip():
        raise ValueError("a translation needs its translator's name")
    held = find(session, stored, question_key, sheet_id, for_update=True)
    found = plan(session, stored, held)
    if found.state != state:
        raise PlanChanged
    taken = found.of(*TAKEN, *([Fate.MARKER_LOST] if with_lost_markers else []))
    for each in taken:
        if each.original is not None:
            write(
                session,
                each.original.answer_id,
                held.language,
                each.text,
                origin=PERSON,
                translator=translator,
                actor=actor,
                now=now,
            )
    audit.record(
        session,
        actor=actor,
        action="answer translations brought in",
        subject=stored.slug,
        now=now,
        question=question_key,
        language=held.language,
        translator=translator,
        answers=len(taken),
    )
    session.delete(held)
    session.flush()
    return len(taken)


def forget_answers(session: Session, consultation_id: UUID, answer_ids: Collection[UUID]) -> None:
    """Take rows about answers that go out of the sheets that wait."""
    gone = set(answer_ids)
    waiting = select(AnswerSheet).where(AnswerSheet.consultation_id == consultation_id)
    for held in session.scalars(waiting):
        kept = [row for row in held.rows if _uuid(row["answer"]) not in gone]
        if len(kept) < len(held.rows):
            held.rows = kept


def put_away(session: Session, held: AnswerSheet) -> None:
    """Forget a sheet; nothing of it is taken."""
    session.delete(held)
    session.flush()


def forget_old(session: Session, *, now: datetime) -> int:
    """Remove sheets that nobody took, and say how many."""
    gone = session.execute(
        delete(AnswerSheet)
        .where(AnswerSheet.uploaded_at < now - KEPT_FOR)
        .returning(AnswerSheet.id)
    ).all()
    return len(gone)


def _fate(row: dict[str, Any], original: Original | None, current: str) -> Fate:
    text = row["text"]
    if original is None:
        return Fate.UNKNOWN
    if not text:
        return Fate.EMPTY
    if row["mark"] != original.mark and (row["mark"] or row["source"] != original.text):
        return Fate.OUTDATED
    if text == current:
        return Fate.UNCHANGED
    if text.count(MARKER) < original.text.count(MARKER):
        return Fate.MARKER_LOST
    return Fate.CHANGED if current else Fate.NEW


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
