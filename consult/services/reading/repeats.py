"""What came more than once: letters in many copies, and responses that say exactly the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from consult.models import Answer, Consultation, Response, ResponseMark, Study, StudyAnswer
from consult.services.counted import counted
from consult.services.reading.judging import REPEAT
from consult.services.reading.redacted import redacted_text, redactions_of, words_of

MOST_LISTED = 100
"""Letters, and groups of the same responses, that a page lists: the largest."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter that many people sent in answer to a question."""

    question_key: str
    number: int
    copies: int
    """Responses that count."""
    languages: Sequence[str]
    text: str
    """As its first sender sent it, without what is hidden."""
    language: str


@dataclass(frozen=True, slots=True)
class Same:
    """Responses that say exactly the same in every answer, one of them marked as a repeat."""

    first: UUID
    responses: int
    not_counted: int
    """Of them, those that are excluded or refused."""
    first_at: datetime
    last_at: datetime


def letters_of(session: Session, stored: Consultation) -> list[Letter]:
    """The letters that many people sent, those with most copies first."""
    rows = session.execute(
        select(
            Study.id,
            Study.question_key,
            StudyAnswer.campaign,
            func.count(StudyAnswer.answer_id),
        )
        .join(Study, Study.id == StudyAnswer.study_id)
        .join(Response, Response.id == StudyAnswer.response_id)
        .where(Study.consultation_id == stored.id, StudyAnswer.campaign.is_not(None), counted())
        .group_by(Study.id, Study.question_key, StudyAnswer.campaign)
        .order_by(func.count(StudyAnswer.answer_id).desc(), Study.question_key)
        .limit(MOST_LISTED)
    )
    return [
        _letter(session, study_id, question_key, number, copies)
        for study_id, question_key, number, copies in rows
        if number is not None
    ]


def same_responses(session: Session, stored: Consultation) -> list[Same]:
    """Groups of responses that are equal to the last letter, largest first."""
    marked = (
        select(Response.content_digest)
        .join(ResponseMark, ResponseMark.response_id == Response.id)
        .where(Response.consultation_id == stored.id, ResponseMark.kind == REPEAT)
    )
    rows = session.execute(
        select(
            Response.content_digest,
            func.count(Response.id),
            func.sum(case((counted(), 0), else_=1)),
            func.min(Response.received_at),
            func.max(Response.received_at),
        )
        .where(
            Response.consultation_id == stored.id,
            Response.is_test.is_(False),
            Response.withdrawn_at.is_(None),
            Response.content_digest.in_(marked),
        )
        .group_by(Response.content_digest)
        .having(func.count(Response.id) > 1)
        .order_by(func.count(Response.id).desc(), func.min(Response.received_at))
        .limit(MOST_LISTED)
    )
    return [
        Same(_first(session, stored, digest), number, int(not_counted), first_at, last_at)
        for digest, number, not_counted, first_at, last_at in rows
    ]


def marked_as_repeats(session: Session, stored: Consultation) -> int:
    """How many responses are under suspicion of being a repeat, by the machine or a person."""
    rows = (
        select(func.count(func.distinct(Response.id)))
        .join(ResponseMark, ResponseMark.response_id == Response.id)
        .where(Response.consultation_id == stored.id, ResponseMark.kind == REPEAT)
    )
    return session.scalar(rows) or 0


def _letter(
    session: Session, study_id: UUID, question_key: str, number: int, copies: int
) -> Letter:
    sent = (
        select(Answer, StudyAnswer.language)
        .join(StudyAnswer, StudyAnswer.answer_id == Answer.id)
        .join(Response, Response.id == Answer.response_id)
        .where(StudyAnswer.study_id == study_id, StudyAnswer.campaign == number, counted())
    )
    answer, language = session.execute(
        sent.order_by(Response.received_at, Response.id).limit(1)
    ).one()
    languages = sent.with_only_columns(StudyAnswer.language).distinct()
    hidden = redactions_of(session, [answer.id]).get(answer.id, [])
    return Letter(
        question_key,
        number,
        copies,
        sorted(session.scalars(languages)),
        redacted_text(words_of(answer.value), hidden),
        language,
    )


def _first(session: Session, stored: Consultation, digest: str) -> UUID:
    return session.scalars(
        select(Response.id)
        .where(
            Response.consultation_id == stored.id,
            Response.content_digest == digest,
            Response.withdrawn_at.is_(None),
        )
        .order_by(Response.received_at, Response.id)
        .limit(1)
    ).one()
