"""What each column of a file is, as a person said: plain values that can be kept."""

from collections.abc import Mapping as Values
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from consult.document.model import Consultation as Document
from consult.document.model import QuestionKind


class Use(StrEnum):
    """What a column is."""

    NOTHING = "nothing"
    """Left out."""
    CONTACT = "contact"
    """A name or a contact detail: never kept."""
    RESPONSE_ID = "response_id"
    LANGUAGE = "language"
    STARTED = "started"
    SUBMITTED = "submitted"
    CHANNEL = "channel"
    QUESTION = "question"


OWN_WORDS = "*"
"""Stands for the option that asks for words of one's own, which the value is."""

NOT_ANSWERED = ""
"""Stands for no answer."""


_OF_SEVERAL_COLUMNS = frozenset(
    {
        QuestionKind.SHORT_TEXT,
        QuestionKind.LONG_TEXT,
        QuestionKind.SEVERAL_CHOICES,
        QuestionKind.RANKING,
    }
)
"""Kinds of questions of which the answer can stand in several columns."""


class MappingProblem(StrEnum):
    """Why a mapping cannot be used."""

    NO_QUESTION = "no_question"
    TWICE = "twice"
    """``columns`` that are both the id, or the language ..."""
    SAME_QUESTION = "same_question"
    """``columns`` that both answer a question of one answer."""
    GONE = "gone"
    """``question`` that is not asked any more."""


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What one column is."""

    position: int
    use: Use = Use.NOTHING
    question: str = ""
    option: str = ""
    """The option that the column stands for, where a question has a column for each."""
    values: Values[str, str] = field(default_factory=dict)
    """Options by what stands in the cells, in small letters; :data:`OWN_WORDS` and
    :data:`NOT_ANSWERED` among them."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a file's columns are, and what holds for all of its rows."""

    columns: tuple[ColumnUse, ...]
    language: str = "en"
    """Of rows that do not say theirs."""
    channel: str = "online"
    received_on: date | None = None
    """The day of rows that do not say when they were submitted."""
    day_first: bool = True
    """Whether 3/5/2026 is in May."""
    survey: str = ""
    """Tells surveys apart of which the ids are the same; mostly empty."""
    needs_end: bool = True
    """Whether rows that their platform calls unfinished are left out."""

    def of_use(self, use: Use) -> int | None:
        """The column of a use, if there is one."""
        return next((each.position for each in self.columns if each.use is use), None)

    def as_data(self) -> dict[str, Any]:
        """As plain values, to be kept."""
        data = asdict(self)
        data["received_on"] = None if self.received_on is None else self.received_on.isoformat()
        return data

    @classmethod
    def from_data(cls, data: Values[str, Any]) -> "Mapping":
        """From plain values that were kept."""
        received = data.get("received_on")
        return cls(
            **{
                **data,
                "columns": tuple(
                    ColumnUse(**{**each, "use": Use(each["use"])}) for each in data["columns"]
                ),
                "received_on": None if received is None else date.fromisoformat(received),
            }
        )


def folded(text: str) -> str:
    """A value as it is looked up: spaces and case do not matter.

    Examples
    --------
    >>> folded("  Strongly  Agree ")
    'strongly agree'
    """
    return " ".join(text.split()).casefold()


def problem_of(
    mapping: Mapping, document: Document
) -> tuple[MappingProblem, tuple[int, ...]] | None:
    """Why a mapping cannot be used, and the positions of the columns concerned."""
    answering = [each for each in mapping.columns if each.use is Use.QUESTION]
    if not answering:
        return MappingProblem.NO_QUESTION, ()
    by_use: dict[Use, list[int]] = {}
    by_question: dict[str, list[int]] = {}
    for each in mapping.columns:
        if each.use is not Use.QUESTION:
            by_use.setdefault(each.use, []).append(each.position)
            continue
        question = document.question(each.question)
        if question is None:
            return MappingProblem.GONE, (each.position,)
        if question.kind not in _OF_SEVERAL_COLUMNS:
            by_question.setdefault(each.question, []).append(each.position)
    for use, positions in by_use.items():
        if use not in {Use.NOTHING, Use.CONTACT} and len(positions) > 1:
            return MappingProblem.TWICE, tuple(positions)
    for positions in by_question.values():
        if len(positions) > 1:
            return MappingProblem.SAME_QUESTION, tuple(positions)
    return None
