"""The resident's way through a consultation: which questions come, in which order, how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consult.document.model import (
    TEXT_KINDS,
    Condition,
    Consultation,
    Part,
    Question,
    QuestionKind,
)

Value = Mapping[str, Any]
"""An answer as stored, such as ``{"choice": "agree"}``; see :mod:`consult.services.answering`."""

WORDS_PER_MINUTE = 180
"""Reading speed of an adult who reads with some effort."""

SECONDS_PER_QUESTION = {
    QuestionKind.AGREE_SCALE: 12,
    QuestionKind.SINGLE_CHOICE: 8,
    QuestionKind.SEVERAL_CHOICES: 25,
    QuestionKind.RANKING: 35,
    QuestionKind.NUMBER: 10,
    QuestionKind.SHORT_TEXT: 15,
    QuestionKind.LONG_TEXT: 75,
    QuestionKind.WARD: 20,
}
"""Time to decide and enter, without reading; monitoring questions take half."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resident stands."""

    number: int
    """Counted from one, within the questions about the draft or within the monitoring ones."""
    total: int
    monitoring: bool


def chosen_keys(value: Value | None) -> frozenset[str]:
    """The keys chosen in an answer."""
    if not value:
        return frozenset()
    if "choice" in value:
        return frozenset({str(value["choice"])})
    return frozenset(str(key) for key in value.get("choices", value.get("order", ())))


def is_shown(question: Question, answers: Mapping[str, Value | None]) -> bool:
    """Whether a question is asked, given the answers so far."""
    return all(_is_met(condition, answers) for condition in question.show_if)


def visible_questions(
    consultation: Consultation, answers: Mapping[str, Value | None]
) -> list[Question]:
    """The questions that are asked, given the answers so far.

    An answer to a question that is itself not asked counts as none.
    """
    shown: list[Question] = []
    counted: dict[str, Value | None] = {}
    for question in consultation.questions:
        if is_shown(question, counted):
            shown.append(question)
            counted[question.key] = answers.get(question.key)
    return shown


def place_of(question: Question, questions: list[Question]) -> Place:
    """Where a question stands among those that are asked."""
    monitoring = question.part is Part.MONITORING
    alike = [q.key for q in questions if (q.part is Part.MONITORING) == monitoring]
    return Place(alike.index(question.key) + 1, len(alike), monitoring)


def minutes_needed(consultation: Consultation) -> int:
    """About how many minutes it takes: to read each section's summary, and to answer.

    Measured from the texts and kinds of the questions that come without routing.
    """
    words = sum(_words(section.summary) for section in consultation.sections)
    seconds = 0.0
    for question in consultation.questions:
        if question.show_if:
            continue
        part = 0.5 if question.part is Part.MONITORING else 1.0
        seconds += SECONDS_PER_QUESTION[question.kind] * part
        words += _words(question.label) + _words(question.help or "")
        if question.part is not Part.MONITORING:
            words += sum(_words(option.label) for option in question.options)
    return max(1, round((seconds + words * 60 / WORDS_PER_MINUTE) / 60))


def asks_for_text(question: Question) -> bool:
    """Whether a question is answered in one's own words."""
    return question.kind in TEXT_KINDS


def _is_met(condition: Condition, answers: Mapping[str, Value | None]) -> bool:
    chosen = chosen_keys(answers.get(condition.question))
    if condition.any_of:
        return not chosen.isdisjoint(condition.any_of)
    return chosen.isdisjoint(condition.none_of)


def _words(text: str) -> int:
    return len(text.split())
