"""People's words without what was redacted in them.

Whatever leaves the page of redaction goes through here: lists, themes, quotes, sheets for
translators, machine drafts.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from consult.models import AnswerTranslation, Redaction
from consult.services.reading.letters import Letters, after_marks, letters

REASONS = ("name", "contact", "address", "health", "other", "abusive")
"""Why words are hidden; pages say them in the reader's language."""

MARKER = "[…]"
"""What stands where words were hidden, in text that goes on to other languages and programs."""

_AT_ONCE = 500
"""Ids in one question to the database."""


class Stretch(Protocol):
    """A piece of a text that is hidden: ``text[start:end]``, and why."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    @property
    def reason(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an answer: words as written, or a place where some were hidden."""

    text: str
    """The words; those hidden too, for the page on which they are hidden."""
    reason: str | None = None
    """Why they are hidden; nothing where they are shown."""
    start: int = 0
    """Where it begins in the answer as written."""


def words_of(value: Mapping[str, Any]) -> str:
    """What a person wrote in an answer of whatever kind: a text, or words beside a choice."""
    return str(value.get("text") or value.get("other") or "")


def pieces(text: str, redactions: Iterable[Stretch]) -> list[Piece]:
    """Cut a text where words are hidden.

    Stretches that overlap or touch make one, with the reason of the first; what reaches outside
    the text is cut off. Joined, the pieces are the text.
    """
    found: list[Piece] = []
    reached = 0
    for start, end, reason in _joined(text, redactions):
        if start > reached:
            found.append(Piece(text[reached:start], start=reached))
        found.append(Piece(text[start:end], reason, start))
        reached = end
    if reached < len(text):
        found.append(Piece(text[reached:], start=reached))
    return found


def redacted_text(
    text: str, redactions: Iterable[Stretch], markers: Mapping[str, str] | None = None
) -> str:
    """A text with a marker wherever words were hidden.

    Parameters
    ----------
    text : str
        An answer as written.
    redactions : iterable of Stretch
        Such as rows of :class:`~consult.models.Redaction`, in any order.
    markers : mapping of str to str, optional
        What to put for each reason, such as ``[name removed]``; :data:`MARKER` for those that
        it does not name.
    """
    said = markers or {}
    return "".join(
        piece.text if piece.reason is None else said.get(piece.reason, MARKER)
        for piece in pieces(text, redactions)
    )


def redacted_unit(
    unit: str, text: str, redactions: Sequence[Stretch], markers: Mapping[str, str] | None = None
) -> str:
    """A statement, a part of the normalised answer ``text``, without what was hidden in that.

    The statement is looked for letter by letter. Where it stands in the answer more than once,
    what is hidden in one place is hidden in all; where it cannot be found, all of it is hidden.
    """
    if not redactions:
        return unit
    stretches = unit_stretches(unit, text, redactions)
    return redacted_text(unit, stretches, markers)


@dataclass(frozen=True, slots=True)
class UnitStretch:
    """A hidden piece of a statement."""

    start: int
    end: int
    reason: str


def unit_stretches(unit: str, text: str, redactions: Sequence[Stretch]) -> list[UnitStretch]:
    """Which pieces of a statement are hidden because of redactions of its answer."""
    if not redactions:
        return []
    whole, own = letters(text), letters(unit)
    wanted = "".join(letter for letter, _, _ in own)
    searched = "".join(letter for letter, _, _ in whole)
    found: list[UnitStretch] = []
    at = searched.find(wanted) if wanted else -1
    if at < 0:
        return [UnitStretch(0, len(unit), redactions[0].reason)] if unit else []
    while at >= 0:
        for start, end, reason in _carried_over(whole[at : at + len(own)], own, redactions):
            found.append(UnitStretch(start, after_marks(unit, end), reason))
        at = searched.find(wanted, at + 1)
    return found


def touches_unit(unit: str, text: str, redactions: Sequence[Stretch]) -> bool:
    """Whether any of a statement's words are hidden."""
    return bool(unit_stretches(unit, text, redactions))


def redactions_of(session: Session, answer_ids: Collection[UUID]) -> dict[UUID, list[Redaction]]:
    """What is hidden in each of these answers, in order of place; only those with something."""
    found: dict[UUID, list[Redaction]] = {}
    for condition in _groups(Redaction.answer_id, answer_ids):
        rows = session.scalars(
            select(Redaction).where(condition).order_by(Redaction.start, Redaction.id)
        )
        for row in rows:
            found.setdefault(row.answer_id, []).append(row)
    return found


def translations_of(
    session: Session, answer_ids: Collection[UUID], language: str
) -> dict[UUID, list[AnswerTranslation]]:
    """Translations of these answers into a language, a person's before a machine's.

    One that was made before words of its answer were hidden may still hold them: it is left
    out until it is brought in anew.
    """
    hidden = redactions_of(session, answer_ids)
    found: dict[UUID, list[AnswerTranslation]] = {}
    for condition in _groups(AnswerTranslation.answer_id, answer_ids):
        rows = session.scalars(
            select(AnswerTranslation)
            .where(condition, AnswerTranslation.language == language)
            .order_by(AnswerTranslation.origin.desc())
        )
        for row in rows:
            if not is_outdated(row, hidden.get(row.answer_id, ())):
                found.setdefault(row.answer_id, []).append(row)
    return found


def is_outdated(translation: AnswerTranslation, redactions: Iterable[Redaction]) -> bool:
    """Whether words were hidden after a translation was made, so that it may still hold them."""
    return any(translation.brought_at <= redaction.made_at for redaction in redactions)


# --- Stretches -----------------------------------------------------------------------------


def _joined(text: str, redactions: Iterable[Stretch]) -> Iterator[tuple[int, int, str]]:
    kept: tuple[int, int, str] | None = None
    for each in sorted(redactions, key=lambda each: (each.start, each.end)):
        start, end = max(0, each.start), min(len(text), each.end)
        if start >= end:
            continue
        if kept is not None and start <= kept[1]:
            kept = (kept[0], max(kept[1], end), kept[2])
            continue
        if kept is not None:
            yield kept
        kept = (start, end, each.reason)
    if kept is not None:
        yield kept


def _carried_over(
    whole: Letters, own: Letters, redactions: Sequence[Stretch]
) -> Iterator[tuple[int, int, str]]:
    """Redactions of an answer where one statement stands in it, as places in the statement."""
    for redaction in redactions:
        inside = [
            number
            for number, (_, start, end) in enumerate(whole)
            if start < redaction.end and redaction.start < end
        ]
        if inside:
            yield own[inside[0]][1], own[inside[-1]][2], redaction.reason


def _groups(
    column: InstrumentedAttribute[UUID], ids: Collection[UUID]
) -> Iterator[ColumnElement[bool]]:
    listed = list(ids)
    for at in range(0, len(listed), _AT_ONCE):
        yield column.in_(listed[at : at + _AT_ONCE])
