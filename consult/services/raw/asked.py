"""What was asked, in every version that has answers: the ground of columns and of the codebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from consult.document.model import PREFER_NOT_TO_SAY, TEXT_KINDS, Part, QuestionKind
from consult.document.model import Consultation as Document
from consult.document.model import Question as QuestionDocument
from consult.models import Consultation
from consult.services import consultations

LISTED = frozenset({QuestionKind.SEVERAL_CHOICES, QuestionKind.RANKING})
"""Kinds whose answers are lists of options: a column for each option."""


def listed_options(question: QuestionDocument) -> list[str]:
    """Options of a question of which several can be chosen, or which are ranked."""
    if question.kind not in LISTED:
        return []
    found = [option.key for option in question.options]
    may_refuse = question.part is Part.MONITORING and question.kind is not QuestionKind.RANKING
    return [*found, PREFER_NOT_TO_SAY] if may_refuse else found


@dataclass(frozen=True, slots=True)
class Version:
    """What a question asked from one change to the next."""

    number: int
    asked_from: datetime
    question: QuestionDocument


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all of its versions, the earliest first."""

    key: str
    retired: bool
    versions: tuple[Version, ...]

    @property
    def now(self) -> QuestionDocument:
        """What it asks now, or asked last."""
        return self.versions[-1].question

    @property
    def options(self) -> tuple[str, ...]:
        """Options that can be chosen beside others, or ranked, of all versions."""
        found = (key for version in self.versions for key in listed_options(version.question))
        return tuple(dict.fromkeys(found))

    @property
    def is_single(self) -> bool:
        """Whether any version is answered by one value."""
        return any(version.question.kind not in LISTED for version in self.versions)

    @property
    def takes_text(self) -> bool:
        """Whether any version is answered in one's own words."""
        return any(version.question.kind in TEXT_KINDS for version in self.versions)

    @property
    def takes_other(self) -> bool:
        """Whether any version has an option that asks for words."""
        return any(option.other for version in self.versions for option in version.question.options)


@dataclass(frozen=True, slots=True)
class Asking:
    """All that a consultation asks and has asked."""

    consultation_id: UUID
    document: Document
    questions: tuple[Asked, ...]
    versions: Mapping[Any, tuple[str, int]]
    """Question and number of each version by its id, as the databases' drivers give that: a UUID
    or its 32 hexadecimal digits."""

    @property
    def timezone(self) -> str:
        return self.document.timezone


def asking(session: Session, stored: Consultation) -> Asking:
    """Read what a consultation asks; questions that are asked no more among them, last."""
    versions: dict[Any, tuple[str, int]] = {}
    questions = []
    for question in sorted(stored.questions, key=lambda each: (each.retired, each.position)):
        for version in question.versions:
            found = (question.key, version.number)
            versions[version.id] = versions[version.id.hex] = found
        questions.append(
            Asked(
                key=question.key,
                retired=question.retired,
                versions=tuple(
                    Version(
                        version.number,
                        version.created_at,
                        QuestionDocument.model_validate(version.definition),
                    )
                    for version in question.versions
                ),
            )
        )
    return Asking(
        consultation_id=stored.id,
        document=consultations.document_of(session, stored),
        questions=tuple(questions),
        versions=versions,
    )
