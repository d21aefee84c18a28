"""The questions as they stand on a form: numbered, each with numbered answers."""

from dataclasses import dataclass

from flask_babel import gettext

from consult.document.model import Consultation as Document
from consult.document.model import Question, QuestionKind, Section
from consult.views.residents.choices import Choice, choices_for, label_of

MOST_AREAS = 12
"""So many areas have boxes to tick; of more, the name is written on a line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on the form."""

    number: int
    question: Question
    choices: list[Choice]
    """Numbered from 1 in this order, on paper as on the page where they are typed."""
    section: Section | None
    """The part of the draft that begins with this question."""
    conditions: list[str]
    """Whole sentences that say who is to leave it out."""
    area_is_written: bool
    begins_monitoring: bool

    @property
    def is_chosen(self) -> bool:
        """Whether answers are given by number."""
        has_choices = bool(self.choices) and self.question.kind is not QuestionKind.RANKING
        return has_choices and not self.area_is_written

    @property
    def takes_one(self) -> bool:
        """Whether only one answer may be given."""
        return self.is_chosen and self.question.kind is not QuestionKind.SEVERAL_CHOICES

    @property
    def places(self) -> int:
        """How many places a ranking asks for."""
        count = len(self.question.options)
        return min(self.question.rank_at_most or count, count)


def asked_on(shown: Document) -> list[Asked]:
    """All questions of a consultation, in the language that it is shown in."""
    numbers = {question.key: n for n, question in enumerate(shown.questions, start=1)}
    found: list[Asked] = []
    begun: set[str] = set()
    for question in shown.questions:
        section = shown.section(question.section) if question.section else None
        if section is not None and section.key in begun:
            section = None
        begun.update({section.key} if section else ())
        is_monitoring = question.part == "monitoring"
        found.append(
            Asked(
                numbers[question.key],
                question,
                choices_for(question, shown, {}, {}),
                section,
                _conditions(question, shown, numbers),
                question.kind is QuestionKind.WARD and len(shown.areas) > MOST_AREAS,
                is_monitoring and not any(each.question.part == "monitoring" for each in found),
            )
        )
    return found


def _conditions(question: Question, shown: Document, numbers: dict[str, int]) -> list[str]:
    sentences = []
    for condition in question.show_if:
        other = shown.question(condition.question)
        if other is None:
            continue
        keys = condition.any_of or condition.none_of
        answers = "; ".join(str(label_of(key, other, shown)) for key in keys)
        number = numbers[other.key]
        sentences.append(
            gettext(
                # Translators: on a paper form; the answers stand after the colon
                "Answer this only if you chose one of these at question %(number)s: %(answers)s",
                number=number,
                answers=answers,
            )
            if condition.any_of
            else gettext(
                # Translators: on a paper form; the answers stand after the colon
                "Leave this out if you chose one of these at question %(number)s: %(answers)s",
                number=number,
                answers=answers,
            )
        )
    return sentences
