"""One response with everything that staff may see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.document.model import Question
from consult.models import (
    Answer,
    AnswerTranslation,
    AuditEvent,
    Consultation,
    QuestionVersion,
    Redaction,
    Response,
    ResponseOrigin,
)
from consult.services.journey import Value
from consult.services.reading.redacted import is_outdated, redacted_text, redactions_of, words_of

MOST_ACTS = 50


class NoSuchResponse(LookupError):
    """There is no such response in the consultation."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer of a response."""

    answer: Answer
    question: Question
    """As it was when the person answered."""
    value: Value
    """As given, its words without what is hidden."""
    has_words: bool
    redactions: Sequence[Redaction]
    translations: Sequence[AnswerTranslation]
    """Without those made before words were hidden."""
    outdated: int
    """How many of those there are: they may still hold the words."""


def find(
    session: Session, stored: Consultation, response_id: UUID, *, for_update: bool = False
) -> Response:
    """A response of a consultation.

    Raises
    ------
    NoSuchResponse
        If there is none; one of a preview is none.
    """
    found = session.get(
        Response, response_id, with_for_update=for_update, populate_existing=for_update
    )
    if found is None or found.consultation_id != stored.id or found.is_test:
        raise NoSuchResponse
    return found


def origin_of(session: Session, response: Response) -> ResponseOrigin | None:
    """How a response came in; nothing where its person gave it on the pages."""
    return session.get(ResponseOrigin, response.id)


def answers_of(
    session: Session,
    response: Response,
    document: Document,
    markers: Mapping[str, str] | None = None,
) -> list[Given]:
    """A response's answers in the order of the questions; those asked no more come last.

    ``markers`` are what stands where words are hidden, by reason.
    """
    order = {question.key: place for place, question in enumerate(document.questions)}
    answers = sorted(
        response.answers, key=lambda each: (order.get(each.question_key, len(order)), each.id.hex)
    )
    ids = [answer.id for answer in answers]
    hidden = redactions_of(session, ids)
    translations = _translations(session, ids)
    found: list[Given] = []
    for answer in answers:
        redactions = hidden.get(answer.id, ())
        made = translations.get(answer.id, ())
        current = [each for each in made if not is_outdated(each, redactions)]
        found.append(
            Given(
                answer=answer,
                question=question_of(answer.question_version),
                value=shown_value(answer.value, redactions, markers),
                has_words=bool(words_of(answer.value)),
                redactions=redactions,
                translations=current,
                outdated=len(made) - len(current),
            )
        )
    return found


def question_of(version: QuestionVersion) -> Question:
    """A question as one of its versions asked it."""
    return Question.model_validate(version.definition)


def shown_value(
    value: Value, redactions: Sequence[Redaction], markers: Mapping[str, str] | None = None
) -> Value:
    """An answer without what is hidden of its words."""
    return {
        name: redacted_text(words_of(value), redactions, markers)
        if name in {"text", "other"}
        else each
        for name, each in value.items()
    }


def acts_on(session: Session, response: Response) -> list[AuditEvent]:
    """What people did with a response, the last first."""
    rows = (
        select(AuditEvent)
        .where(AuditEvent.subject == f"response {response.id}")
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(MOST_ACTS)
    )
    return list(session.scalars(rows))


def _translations(
    session: Session, answer_ids: Sequence[UUID]
) -> dict[UUID, list[AnswerTranslation]]:
    found: dict[UUID, list[AnswerTranslation]] = {}
    rows = select(AnswerTranslation).where(AnswerTranslation.answer_id.in_(answer_ids))
    for row in session.scalars(
        rows.order_by(AnswerTranslation.language, AnswerTranslation.origin.desc())
    ):
        found.setdefault(row.answer_id, []).append(row)
    return found
