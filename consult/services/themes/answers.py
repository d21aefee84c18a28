"""The answers behind a figure, a page at a time, and searching in every script."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import Session

from analysis.text.normalise import comparison_key
from consult.languages import direction
from consult.models import (
    Answer,
    AnswerTranslation,
    Redaction,
    Response,
    Study,
    StudyAnswer,
    StudyKey,
    StudyUnit,
)
from consult.services.counted import counted
from consult.services.reading.redacted import (
    is_outdated,
    redacted_text,
    redacted_unit,
    redactions_of,
    words_of,
)
from consult.services.themes import holding
from consult.services.themes.counting import Base
from consult.services.themes.holding import Flags

STATUSES = ("content", "no_content", "unclear", "without_theme", "uncertain", "campaign")
"""What answers can be asked for: as read by the machine, with content but in no theme, with a
statement that the machine is unsure of and no person has looked at, a letter of many."""

MOST_WORDS = 10
"""Words of one search; more are left out."""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One statement of an answer, where it stands. ``text`` is without what is redacted."""

    unit_id: UUID
    key: str
    answer_id: UUID
    response_id: UUID
    number: int
    text: str
    language: str
    direction: str
    theme: str | None
    decided_by: str
    """``machine`` or ``person``."""
    status: str
    """How sure the machine is: ``assigned``, ``uncertain`` or ``unclear``."""
    strength: float
    margin: float


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer with its statements."""

    answer_id: UUID
    response_id: UUID
    text: str
    """As written, without what is redacted."""
    has_redactions: bool
    language: str
    """What the words are in, as far as the machine can tell."""
    is_language_uncertain: bool
    form_language: str
    direction: str
    """``ltr`` or ``rtl``, of ``language``."""
    status: str
    campaign: int | None
    received_at: datetime
    units: tuple[UnitLine, ...]
    translations: tuple[AnswerTranslation, ...]
    """Into any language, a person's before a machine's; none older than what was redacted."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the answers behind a figure, in the order they came."""

    lines: tuple[AnswerLine, ...]
    total: int
    after: UUID | None
    """Give it as ``after`` for the next page; None on the last one."""


def behind(
    session: Session,
    study: Study,
    *,
    theme: str | None = None,
    language: str | None = None,
    group: tuple[str, str] | None = None,
    status: str | None = None,
    words: str | None = None,
    after: UUID | None = None,
    limit: int = 25,
) -> Page:
    """The analysed answers that count and fit everything asked for.

    Parameters
    ----------
    theme : str, optional
        With a statement in it; a merged one's id leads to the theme it is in.
    language : str, optional
        The words are in it, as far as the machine can tell.
    group : (str, str), optional
        A monitoring question's key and the option's.
    status : str, optional
        One of ``STATUSES``; another finds nothing.
    words : str, optional
        Each of these words stands in the answer, in any script and case.
    after : UUID, optional
        The last answer of the page before.
    """
    base = Base.of(session, study)
    wanted = base.counts_now.copy()
    for mask in _asked(session, base, theme, language, group, status):
        wanted &= mask
    if words:
        wanted &= _saying(session, base, words)
    places = np.flatnonzero(wanted)
    ids = base.said.answer_ids
    start = 0
    if after is not None:
        start = int(np.searchsorted(places, _place_after(base, after)))
    shown = [ids[at] for at in places[start : start + limit]]
    lines = _lines(session, study, StudyAnswer.answer_id.in_(shown))
    return Page(
        lines=tuple(lines[answer] for answer in shown if answer in lines),
        total=len(places),
        after=shown[-1] if start + limit < len(places) else None,
    )


def lines_of(
    session: Session, study: Study, response_ids: Collection[UUID]
) -> Mapping[UUID, AnswerLine]:
    """The analysed answers of some responses, by response; whether they count or not."""
    found: dict[UUID, AnswerLine] = {}
    for some in _chunks(list(response_ids)):
        lines = _lines(
            session,
            study,
            and_(StudyAnswer.study_id == study.id, StudyAnswer.response_id.in_(some)),
        )
        found.update((line.response_id, line) for line in lines.values())
    return found


def units_by_id(
    session: Session, study: Study, unit_ids: Collection[UUID]
) -> Mapping[UUID, UnitLine]:
    """Statements by id; those that are gone, or do not count any more, are left out."""
    found: dict[UUID, UnitLine] = {}
    for some in _chunks(list(unit_ids)):
        rows = session.execute(
            _units()
            .add_columns(Answer.value, StudyAnswer.language)
            .join(Answer, Answer.id == StudyUnit.answer_id)
            .join(StudyAnswer, StudyAnswer.answer_id == StudyUnit.answer_id)
            .join(Response, Response.id == StudyUnit.response_id)
            .where(StudyUnit.id.in_(some), StudyAnswer.study_id == study.id, counted())
        ).all()
        hidden = redactions_of(session, {row.answer_id for row in rows})
        for row in rows:
            found[row.id] = _unit_line(
                row, words_of(row.value), hidden.get(row.answer_id, []), row.language
            )
    return found


# --- What is asked for ---------------------------------------------------------------------


def _asked(
    session: Session,
    base: Base,
    theme: str | None,
    language: str | None,
    group: tuple[str, str] | None,
    status: str | None,
) -> Iterable[Flags]:
    said = base.said
    if theme is not None:
        here = base.found(theme)
        at = base.names.index(here) if here is not None else -2
        yield _holds(base, base.unit_theme == at)
    if language is not None:
        yield np.array([each == language for each in said.languages], dtype=np.bool_)
    if group is not None:
        column, value = group
        known = holding.groups(session, base.study, base.stamp, said)
        chosen = known.get(column, ("",) * len(said.languages))
        yield np.array([bool(each) and each == value for each in chosen], dtype=np.bool_)
    if status is not None:
        yield _is(base, status)


def _is(base: Base, status: str) -> Flags:
    said, stands = base.said, base.stands
    match status:
        case "content":
            return said.has_content
        case "no_content":
            return said.no_content
        case "unclear":
            return ~said.has_content & ~said.no_content
        case "without_theme":
            return said.has_content & ~_holds(base, base.unit_theme >= 0)
        case "uncertain":
            unsure = stands.is_uncertain & ~stands.by_person
            return _holds(base, unsure[said.unit_key])
        case "campaign":
            return said.campaign >= 0
    return np.zeros(len(said.languages), dtype=np.bool_)


def _holds(base: Base, units: Flags) -> Flags:
    """Which answers hold a statement of some."""
    found = np.zeros(len(base.said.languages), dtype=np.bool_)
    found[base.said.unit_place[units]] = True
    return found


def _saying(session: Session, base: Base, words: str) -> Flags:
    """Which answers hold each of some words."""
    folded = holding.folded(session, base.study, base.stamp, base.said)
    found = np.ones(len(base.said.languages), dtype=np.bool_)
    for word in comparison_key(words).split()[:MOST_WORDS]:
        has = np.array([word in each for each in folded], dtype=np.bool_)
        found &= _holds(base, has[base.said.unit_key])
    return found


def _place_after(base: Base, answer: UUID) -> int:
    """The place behind an answer; the first one where it is gone."""
    ids = base.said.answer_ids
    return ids.index(answer) + 1 if answer in ids else 0


# --- Lines ---------------------------------------------------------------------------------


def _lines(
    session: Session, study: Study, condition: ColumnElement[bool]
) -> dict[UUID, AnswerLine]:
    rows = session.execute(
        select(StudyAnswer, Answer.value, Answer.language, Response.received_at)
        .join(Answer, Answer.id == StudyAnswer.answer_id)
        .join(Response, Response.id == StudyAnswer.response_id)
        .where(condition)
    ).all()
    ids = [row.StudyAnswer.answer_id for row in rows]
    hidden = redactions_of(session, ids)
    translations = _translations(session, ids, hidden)
    units: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for unit in session.execute(
        _units().where(StudyUnit.answer_id.in_(ids)).order_by(StudyUnit.number)
    ):
        units[unit.answer_id].append(unit)
    found: dict[UUID, AnswerLine] = {}
    for about, value, form_language, received_at in rows:
        answer, text = about.answer_id, words_of(value)
        redactions = hidden.get(answer, [])
        found[answer] = AnswerLine(
            answer_id=answer,
            response_id=about.response_id,
            text=redacted_text(text, redactions),
            has_redactions=bool(redactions),
            language=about.language,
            is_language_uncertain=about.is_language_uncertain,
            form_language=form_language,
            direction=direction(about.language),
            status=about.status,
            campaign=about.campaign,
            received_at=received_at,
            units=tuple(
                _unit_line(unit, text, redactions, about.language) for unit in units[answer]
            ),
            translations=tuple(translations.get(answer, ())),
        )
    return found


def _units() -> Select[*tuple[Any, ...]]:
    return select(
        StudyUnit.id,
        StudyUnit.key,
        StudyUnit.answer_id,
        StudyUnit.response_id,
        StudyUnit.number,
        StudyUnit.text,
        StudyKey.theme,
        StudyKey.decided_by,
        StudyKey.status,
        StudyKey.strength,
        StudyKey.margin,
    ).join(
        StudyKey,
        and_(StudyKey.study_id == StudyUnit.study_id, StudyKey.key == StudyUnit.key),
    )


def _unit_line(
    row: Row[Any], text: str, redactions: Sequence[Redaction], language: str
) -> UnitLine:
    return UnitLine(
        unit_id=row.id,
        key=row.key,
        answer_id=row.answer_id,
        response_id=row.response_id,
        number=row.number,
        text=redacted_unit(row.text, text, redactions),
        language=language,
        direction=direction(language),
        theme=row.theme,
        decided_by=row.decided_by,
        status=row.status,
        strength=row.strength,
        margin=row.margin,
    )


def _translations(
    session: Session, ids: Sequence[UUID], hidden: Mapping[UUID, Sequence[Redaction]]
) -> Mapping[UUID, list[AnswerTranslation]]:
    found: dict[UUID, list[AnswerTranslation]] = defaultdict(list)
    rows = session.scalars(
        select(AnswerTranslation)
        .where(AnswerTranslation.answer_id.in_(ids))
        .order_by(AnswerTranslation.language, AnswerTranslation.origin.desc())
    )
    for row in rows:
        if not is_outdated(row, hidden.get(row.answer_id, ())):
            found[row.answer_id].append(row)
    return found


def _chunks(values: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
