"""Answers in other languages: how many are translated, by whom, and which are not."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from consult.models import (
    Answer,
    AnswerTranslation,
    Consultation,
    Redaction,
    Response,
    Study,
    StudyAnswer,
)
from consult.services import audit
from consult.services.counted import counted
from consult.services.reading.redacted import (
    redacted_text,
    redactions_of,
    translations_of,
    words_of,
)

PERSON, MACHINE = "person", "machine"

_AT_ONCE = 500
"""Ids in one question to the database."""


@dataclass(frozen=True, slots=True)
class Count:
    """How far the answers in one language are."""

    language: str
    answers: int
    by_person: int
    by_machine: int
    """Those that no person has translated."""

    @property
    def without(self) -> int:
        return self.answers - self.by_person - self.by_machine


@dataclass(frozen=True, slots=True)
class Original:
    """An answer to translate, as it may leave the house."""

    answer_id: UUID
    language: str
    text: str
    """Without what is hidden."""

    @property
    def mark(self) -> str:
        """Stands for the words as they are now."""
        return mark_of(self.text)


def mark_of(text: str) -> str:
    """What tells an answer's words as they were sent out from those it has now."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def counts(session: Session, stored: Consultation, question_key: str, into: str) -> list[Count]:
    """How many answers that count are in which language, and how many of them are translated.

    Answers that say nothing ("n/a") are left out. The language is what the words are in, as far
    as the machine can tell; where nothing was analysed yet, that of the form.
    """
    person, machine = _has(PERSON, into), _has(MACHINE, into)
    rows = _answers(stored, question_key)
    language = _language()
    found = session.execute(
        rows.with_only_columns(
            language,
            func.count(Answer.id),
            func.sum(case((person, 1), else_=0)),
            func.sum(case((and_(machine, ~person), 1), else_=0)),
        )
        .group_by(language)
        .order_by(func.count(Answer.id).desc(), language)
    ).all()
    return [Count(code, number, int(own), int(made)) for code, number, own, made in found]


def without_person(
    session: Session, stored: Consultation, question_key: str, language: str, into: str
) -> list[Original]:
    """The answers in a language that no person has translated, in the order they came."""
    return _originals(
        session, _answers(stored, question_key).where(_language() == language, ~_has(PERSON, into))
    )


def without_any(
    session: Session, stored: Consultation, question_key: str, into: str
) -> list[Original]:
    """The answers in other languages that neither a person nor a machine has translated."""
    return _originals(
        session,
        _answers(stored, question_key).where(
            _language() != into, ~_has(PERSON, into), ~_has(MACHINE, into)
        ),
    )


def originals(
    session: Session, stored: Consultation, question_key: str, answer_ids: Iterable[UUID]
) -> dict[UUID, Original]:
    """Answers to a question by their ids, as they are now; what is not there is left out."""
    wanted = list(answer_ids)
    found: dict[UUID, Original] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        rows = _answers(stored, question_key).where(Answer.id.in_(wanted[at : at + _AT_ONCE]))
        found.update({each.answer_id: each for each in _originals(session, rows)})
    return found


def by_persons(
    session: Session, answer_ids: Collection[UUID], into: str
) -> dict[UUID, AnswerTranslation]:
    """The translations that people made of answers, without those that may hold hidden words."""
    return {
        answer_id: row
        for answer_id, rows in translations_of(session, answer_ids, into).items()
        for row in rows
        if row.origin == PERSON
    }


def write(
    session: Session,
    answer_id: UUID,
    into: str,
    text: str,
    *,
    origin: str,
    translator: str,
    actor: str,
    now: datetime,
) -> None:
    """Keep a translation in the place of an earlier one of the same origin."""
    row = _row(session, answer_id, into, origin)
    if row is None:
        row = AnswerTranslation(
            answer_id=answer_id,
            language=into,
            origin=origin,
            text=text,
            translator=translator,
            brought_by=actor,
            brought_at=now,
        )
        try:
            with session.begin_nested():
                session.add(row)
            return
        except IntegrityError:  # somebody else brought one in at the same time
            row = _row(session, answer_id, into, origin)
            if row is None:
                raise
    row.text, row.translator = text, translator
    row.brought_by, row.brought_at = actor, now


def store_drafts(
    session: Session,
    stored: Consultation,
    question_key: str,
    into: str,
    drafts: Mapping[UUID, tuple[str, str]],
    *,
    now: datetime,
) -> int:
    """Keep a machine's drafts, and say how many.

    Parameters
    ----------
    drafts : mapping of UUID to (str, str)
        By answer: the mark of the words that were translated, and the draft. Where words were
        hidden meanwhile, or the answer has gone, the draft is not kept.
    """
    there = originals(session, stored, question_key, drafts)
    kept = 0
    for answer_id, (mark, text) in drafts.items():
        original = there.get(answer_id)
        if original is None or original.mark != mark:
            continue
        write(
            session,
            answer_id,
            into,
            text,
            origin=MACHINE,
            translator=audit.MACHINE,
            actor=audit.MACHINE,
            now=now,
        )
        kept += 1
    session.flush()
    return kept


def _answers(stored: Consultation, question_key: str) -> Select[Answer, str]:
    """Answers to a question that count and say something."""
    return (
        select(Answer, _language())
        .join(Response, Response.id == Answer.response_id)
        .outerjoin(
            Study,
            and_(
                Study.consultation_id == Response.consultation_id,
                Study.question_key == Answer.question_key,
            ),
        )
        .outerjoin(
            StudyAnswer,
            and_(StudyAnswer.answer_id == Answer.id, StudyAnswer.study_id == Study.id),
        )
        .where(
            Response.consultation_id == stored.id,
            Answer.question_key == question_key,
            counted(),
            or_(StudyAnswer.status.is_(None), StudyAnswer.status != "no_content"),
        )
    )


def _language() -> ColumnElement[str]:
    return func.coalesce(StudyAnswer.language, Answer.language)


def _has(origin: str, into: str) -> ColumnElement[bool]:
    """Whether an answer has a translation that was made after the last words were hidden."""
    made = aliased(AnswerTranslation)
    later = aliased(Redaction)
    hidden_since = exists().where(
        later.answer_id == made.answer_id, later.made_at >= made.brought_at
    )
    return exists().where(
        made.answer_id == Answer.id,
        made.language == into,
        made.origin == origin,
        ~hidden_since,
    )


def _originals(session: Session, rows: Select[Answer, str]) -> list[Original]:
    found = session.execute(rows.order_by(Response.received_at, Answer.id)).all()
    hidden = redactions_of(session, [answer.id for answer, _ in found])
    return [
        Original(
            answer.id, language, redacted_text(words_of(answer.value), hidden.get(answer.id, ()))
        )
        for answer, language in found
    ]


def _row(session: Session, answer_id: UUID, into: str, origin: str) -> AnswerTranslation | None:
    return session.scalar(
        select(AnswerTranslation).where(
            AnswerTranslation.answer_id == answer_id,
            AnswerTranslation.language == into,
            AnswerTranslation.origin == origin,
        )
    )
