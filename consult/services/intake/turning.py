"""From a row of a file to the response that would be stored, with what was wrong in it."""

import dataclasses
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from consult.document.model import TEXT_KINDS, Question, QuestionKind
from consult.document.model import Consultation as Document
from consult.response_files.survey import Survey
from consult.response_files.tables import Row
from consult.services.answering import clean, is_blank, read_answer
from consult.services.intake.mapping import (
    NOT_ANSWERED,
    OWN_WORDS,
    ColumnUse,
    Use,
    folded,
)
from consult.services.intake.mapping import Mapping as ColumnMapping
from consult.services.intake.matching import NOT_CHOSEN, channel_of, language_of
from consult.services.intake.times import EARLIEST_YEAR, parse_time
from consult.services.journey import Value, visible_questions

LONGEST_TEXT: Final = 20_000
"""The longest answer that is taken over, whatever length the question asks for."""

_PIECES = re.compile(r"\s*[;|\n]\s*")
_SHOWN = 80


class Reason(StrEnum):
    """What is to be said of a row, or of one of its cells."""

    # The row is left out.
    TOO_MANY_CELLS = "too_many_cells"
    UNFINISHED = "unfinished"
    NO_ANSWER = "no_answer"
    SAME_ID = "same_id"
    """``other``: the row that has the id too."""
    OTHER_CONTENT = "other_content"
    """It was brought in before, with other answers."""
    TOO_LATE = "too_late"
    """It came after the last late answer is taken; the database refuses such."""
    # The row is taken, and the cell is left out.
    UNKNOWN_VALUE = "unknown_value"
    TOO_LONG = "too_long"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    CONTRADICTION = "contradiction"
    """Options that exclude each other, or more than may be chosen."""
    NOT_ASKED = "not_asked"
    """The routing asks the question of other people."""
    CELL_ERROR = "cell_error"
    CELL_FORMULA = "cell_formula"
    # The row is taken, with something else in the place of the cell.
    BAD_TIME = "bad_time"
    FUTURE_TIME = "future_time"
    AFTER_CLOSING = "after_closing"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_CHANNEL = "unknown_channel"
    TOO_FEW_CELLS = "too_few_cells"


LEFT_OUT: Final = frozenset(
    {
        Reason.TOO_MANY_CELLS,
        Reason.UNFINISHED,
        Reason.NO_ANSWER,
        Reason.SAME_ID,
        Reason.OTHER_CONTENT,
        Reason.TOO_LATE,
    }
)
"""Reasons for which a row does not come in."""

_FAULTS: Mapping[str, Reason] = {
    "too_long": Reason.TOO_LONG,
    "not_a_number": Reason.NOT_A_NUMBER,
    "not_whole": Reason.NOT_A_NUMBER,
    "too_small": Reason.OUT_OF_RANGE,
    "too_large": Reason.OUT_OF_RANGE,
    "exclusive": Reason.CONTRADICTION,
    "too_many": Reason.CONTRADICTION,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to be said of a row."""

    row: int
    reason: Reason
    position: int | None = None
    """Of the column; none where the whole row is meant."""
    value: str = ""
    """What stands in the cell, shortened."""
    other: int | None = None

    def as_data(self) -> dict[str, Any]:
        """As plain values."""
        return dataclasses.asdict(self)


@dataclass(slots=True)
class Turned:
    """A row as it would be stored, unless ``answers`` is empty."""

    row: int
    cells: tuple[str, ...]
    answers: dict[str, Value] = field(default_factory=dict)
    language: str = ""
    channel: str = ""
    started_at: datetime | None = None
    received_at: datetime | None = None
    """Nothing where neither the row nor anybody says when."""
    platform_id: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def comes_in(self) -> bool:
        """Whether it can be stored."""
        return not any(each.reason in LEFT_OUT for each in self.problems)


class Turner:
    """Turns rows into responses, by what somebody said that the columns are."""

    def __init__(
        self, document: Document, survey: Survey, mapping: ColumnMapping, *, now: datetime
    ) -> None:
        self._document = document
        self._mapping = mapping
        self._now = now
        self._zone = ZoneInfo(document.timezone)
        self._width = max((each.position for each in survey.columns), default=0) + 1
        self._finished_at = survey.finished_at if mapping.needs_end else None
        self._by_question: dict[str, list[ColumnUse]] = defaultdict(list)
        for each in mapping.columns:
            if each.use is Use.QUESTION:
                self._by_question[each.question].append(each)
        self._questions = {
            question.key: _without_limits(question)
            for question in document.questions
            if question.key in self._by_question
        }
        self._used = {each.position for each in mapping.columns if each.use is not Use.NOTHING}

    def turn(self, row: Row) -> Turned:
        """What a row comes to."""
        turned = Turned(row.number, row.cells)
        if any(cell.strip() for cell in row.cells[self._width :]):
            turned.problems.append(Problem(row.number, Reason.TOO_MANY_CELLS))
            return turned
        if self._finished_at is not None and not row.cell(self._finished_at).strip():
            turned.problems.append(Problem(row.number, Reason.UNFINISHED))
            return turned
        if len(row.cells) < self._width - 1 and max(self._used, default=0) >= len(row.cells):
            turned.problems.append(Problem(row.number, Reason.TOO_FEW_CELLS))
        for position, fault in row.faults:
            if position in self._used:
                turned.problems.append(Problem(row.number, Reason(fault.value), position))
        self._read_facts(row, turned)
        self._read_answers(row, turned)
        return turned

    def _read_facts(self, row: Row, turned: Turned) -> None:
        mapping, problems = self._mapping, turned.problems
        turned.language, turned.channel = mapping.language, mapping.channel
        position = mapping.of_use(Use.LANGUAGE)
        if position is not None and (text := row.cell(position).strip()):
            found = language_of(text, self._document.languages)
            turned.language = found or mapping.language
            if found is None:
                problems.append(_problem(row, Reason.UNKNOWN_LANGUAGE, position))
        position = mapping.of_use(Use.CHANNEL)
        if position is not None and (text := row.cell(position).strip()):
            channel = channel_of(text)
            turned.channel = channel or mapping.channel
            if channel is None:
                problems.append(_problem(row, Reason.UNKNOWN_CHANNEL, position))
        position = mapping.of_use(Use.RESPONSE_ID)
        turned.platform_id = row.cell(position).strip() if position is not None else ""
        turned.received_at = self._time(row, Use.SUBMITTED, problems)
        if turned.received_at is None and mapping.received_on is not None:
            noon = datetime.combine(mapping.received_on, time(12), tzinfo=self._zone)
            turned.received_at = min(noon, self._now)
        started = self._time(row, Use.STARTED, problems)
        received = turned.received_at
        turned.started_at = started if started and received and started <= received else received

    def _time(self, row: Row, use: Use, problems: list[Problem]) -> datetime | None:
        position = self._mapping.of_use(use)
        if position is None or not (text := row.cell(position).strip()):
            return None
        found = parse_time(text, self._zone, day_first=self._mapping.day_first)
        if found is None:
            problems.append(_problem(row, Reason.BAD_TIME, position))
            return None
        if found.year < EARLIEST_YEAR:
            return None
        if found > self._now:
            problems.append(_problem(row, Reason.FUTURE_TIME, position))
            return None
        return found

    def _read_answers(self, row: Row, turned: Turned) -> None:
        found: dict[str, Value] = {}
        for key, question in self._questions.items():
            value = self._answer(row, question, self._by_question[key], turned.problems)
            if value is not None:
                found[key] = value
        asked = {question.key for question in visible_questions(self._document, found)}
        for key in found.keys() - asked:
            position = self._by_question[key][0].position
            turned.problems.append(_problem(row, Reason.NOT_ASKED, position))
        turned.answers = {key: value for key, value in found.items() if key in asked}
        if not turned.answers:
            turned.problems.append(Problem(row.number, Reason.NO_ANSWER))

    def _answer(
        self, row: Row, question: Question, columns: list[ColumnUse], problems: list[Problem]
    ) -> Value | None:
        typed: dict[str, list[str]]
        if question.kind in TEXT_KINDS:
            texts = [clean(row.cell(each.position)).strip() for each in columns]
            typed = {"answer": ["\n\n".join(text for text in texts if not is_blank(text))]}
        elif question.kind is QuestionKind.NUMBER:
            typed = {"answer": [row.cell(columns[0].position).strip()]}
        else:
            typed = self._chosen(row, question, columns, problems)
        if not any(typed.values()):
            return None
        reading = read_answer(question, self._document, typed)
        for each in reading.problems:
            reason = _FAULTS.get(each.fault.value, Reason.UNKNOWN_VALUE)
            problems.append(_problem(row, reason, columns[0].position))
        return reading.value

    def _chosen(
        self, row: Row, question: Question, columns: list[ColumnUse], problems: list[Problem]
    ) -> dict[str, list[str]]:
        keys: list[str] = []
        words: list[str] = []
        for column in columns:
            text = clean(row.cell(column.position)).strip()
            if column.option:
                self._ticked(question, column, text, keys, words)
                continue
            for piece in pieces_of(question.kind, text):
                key = column.values.get(folded(piece))
                if key is None:
                    problems.append(_problem(row, Reason.UNKNOWN_VALUE, column.position, piece))
                elif key == OWN_WORDS:
                    words.append(piece)
                elif key != NOT_ANSWERED:
                    keys.append(key)
        return _fields(question, keys, words)

    def _ticked(
        self, question: Question, column: ColumnUse, text: str, keys: list[str], words: list[str]
    ) -> None:
        """A column for one option: anything but a no means that it was chosen."""
        if folded(text) in NOT_CHOSEN:
            return
        keys.append(column.option)
        option = question.option(column.option)
        says_more = option is not None and option.other and folded(text) not in _TICKS
        if option is not None and says_more and folded(text) != folded(option.label):
            words.append(text)


_TICKS = frozenset({"1", "y", "yes", "true", "x", "selected", "checked", "ticked", "other"})


def pieces_of(kind: QuestionKind, text: str) -> list[str]:
    """The values that stand in a cell: several where several may be chosen."""
    if not text:
        return []
    if kind in {QuestionKind.SEVERAL_CHOICES, QuestionKind.RANKING}:
        return [piece for piece in _PIECES.split(text) if piece.strip()]
    return [text]


def _fields(question: Question, keys: list[str], words: list[str]) -> dict[str, list[str]]:
    """The fields of a form that would make the answer."""
    chosen = list(dict.fromkeys(keys))
    own = next((option.key for option in question.options if option.other), None)
    typed: dict[str, list[str]] = {}
    if words and own is not None:
        typed[f"other-{own}"] = ["; ".join(words)]
        chosen = [*chosen, own] if own not in chosen else chosen
    if question.kind is QuestionKind.RANKING:
        return {f"rank-{key}": [str(place)] for place, key in enumerate(chosen, start=1)}
    typed["answer"] = chosen
    return typed


def _without_limits(question: Question) -> Question:
    """A question as others may have asked it: nobody had to answer, or was told a length."""
    changes: dict[str, Any] = {"required": False}
    if question.kind in TEXT_KINDS:
        changes["max_length"] = LONGEST_TEXT
    return question.model_copy(update=changes)


def _problem(row: Row, reason: Reason, position: int, value: str | None = None) -> Problem:
    shown = row.cell(position).strip() if value is None else value
    if reason in {Reason.TOO_LONG, Reason.NOT_ASKED}:
        shown = ""
    return Problem(row.number, reason, position, shown[:_SHOWN])
