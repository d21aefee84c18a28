"""Answers begun and not sent: saving each question, going away and coming back."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.document.model import Question
from consult.models import Consultation, Draft, DraftAnswer, Response
from consult.services import codes
from consult.services.answering import Reading, keep_typed, read_answer, typed_from_value
from consult.services.journey import Value, visible_questions


class DraftGone(LookupError):
    """The draft has expired, was cleared, or never was."""


class AlreadySent(Exception):
    """The draft has been sent; its answers stand in the response."""


def start(
    session: Session, stored: Consultation, document: Document, *, language: str, now: datetime
) -> Draft:
    """Begin a draft."""
    draft = Draft(
        consultation_id=stored.id,
        receipt_seed=secrets.token_hex(32),
        language=language,
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(days=document.draft_days),
    )
    session.add(draft)
    session.flush()
    return draft


def find(session: Session, stored: Consultation, draft_id: UUID, *, now: datetime) -> Draft:
    """The draft of that id, sent or not.

    Raises
    ------
    DraftGone
        If there is none that has not expired.
    """
    draft = session.get(Draft, draft_id)
    if draft is None or draft.consultation_id != stored.id or draft.expires_at <= now:
        raise DraftGone
    return draft


def lock(session: Session, draft_id: UUID) -> Draft | None:
    """The draft as it is now, held until the unit of work ends; nothing if there is none."""
    return session.get(Draft, draft_id, with_for_update=True, populate_existing=True)


def save_answer(
    session: Session,
    draft: Draft,
    document: Document,
    question: Question,
    typed: Mapping[str, list[str]],
    *,
    language: str,
    now: datetime,
    skip: bool = False,
) -> Reading:
    """Keep what was typed, and the answer that it makes, if it makes one.

    Skipping a question that may be skipped keeps what was typed, too, and takes no answer.

    The draft's row is locked, so that another tab's saving or sending comes before or after.

    Raises
    ------
    AlreadySent
        If the draft has been sent meanwhile, in another tab.
    DraftGone
        If it was cleared meanwhile.
    """
    if lock(session, draft.id) is None:
        raise DraftGone
    if draft.sent_at is not None:
        raise AlreadySent
    kept = keep_typed(typed)
    skip = skip and not question.required
    reading = Reading(None) if skip else read_answer(question, document, kept)
    row = session.get(DraftAnswer, (draft.id, question.key))
    if row is None:
        row = DraftAnswer(draft_id=draft.id, question_key=question.key)
        session.add(row)
    row.question_version = question.version
    row.typed = kept
    row.value = dict(reading.value) if reading.value else None
    row.skipped = skip
    row.language = language
    row.answered_at = now
    draft.language = language
    draft.updated_at = now
    draft.expires_at = now + timedelta(days=document.draft_days)
    session.flush()
    session.expire(draft, ["answers"])
    return reading


def values(draft: Draft | None) -> dict[str, Value | None]:
    """The answers in a draft by question."""
    return {} if draft is None else {row.question_key: row.value for row in draft.answers}


def typed(draft: Draft | None, key: str) -> dict[str, list[str]] | None:
    """The fields of one question as typed, or nothing if its page was never sent."""
    row = _row(draft, key)
    return None if row is None else row.typed


def is_visited(draft: Draft | None, key: str) -> bool:
    """Whether a question was answered or skipped."""
    return _row(draft, key) is not None


def first_open_question(document: Document, draft: Draft | None) -> Question | None:
    """The first question asked that was not seen yet, or that cannot be sent as it stands."""
    for question in visible_questions(document, values(draft)):
        if needs_a_look(document, draft, question):
            return question
    return None


def needs_a_look(document: Document, draft: Draft | None, question: Question) -> bool:
    """Whether a question was not seen yet, has changed since, or holds no valid answer."""
    row = _row(draft, question.key)
    if row is None or row.question_version != question.version:
        return True
    return not row.skipped and bool(read_answer(question, document, row.typed).problems)


def make_code(session: Session, draft: Draft, secret_key: str, *, now: datetime) -> str:
    """Give a draft a code to come back with; an earlier code stops working.

    Raises
    ------
    AlreadySent
        If the draft has been sent meanwhile.
    """
    if draft.sent_at is not None:
        raise AlreadySent
    code = codes.new_code()
    draft.code_hash = codes.hash_code(secret_key, code)
    draft.updated_at = now
    session.flush()
    return code


def clear_unless_coded(session: Session, draft_id: UUID) -> None:
    """Remove a draft and everything in it, unless it was sent or can be opened by a code."""
    draft = lock(session, draft_id)
    if draft is not None and draft.code_hash is None and draft.sent_at is None:
        session.delete(draft)
        session.flush()


def remove_expired(session: Session, *, now: datetime) -> int:
    """Remove all drafts that have expired, and say how many.

    Their rows go in the database's own way: answers follow by cascade.
    """
    gone = session.scalars(delete(Draft).where(Draft.expires_at <= now).returning(Draft.id)).all()
    return len(gone)


def start_change(
    session: Session,
    stored: Consultation,
    document: Document,
    response: Response,
    *,
    language: str,
    now: datetime,
) -> Draft:
    """Begin a draft that holds a response's answers, to change them.

    An answer keeps the version that it was given to: where the question has changed since,
    it needs a look before the change is sent.
    """
    session.refresh(response, with_for_update=True)  # or a withdrawal meanwhile would be undone
    draft = start(session, stored, document, language=language, now=now)
    draft.replaces_response_id = response.id
    for answer in response.answers:
        question = document.question(answer.question_key)
        if question is None:
            continue
        fields: dict[str, Any] = typed_from_value(question, answer.value)
        session.add(
            DraftAnswer(
                draft_id=draft.id,
                question_key=question.key,
                question_version=answer.question_version.number,
                typed=fields,
                value=_value(read_answer(question, document, fields)),
                language=answer.language,
                answered_at=answer.answered_at,
            )
        )
    session.flush()
    session.expire(draft, ["answers"])
    skip_unseen(session, draft, document, document.questions, language=language, now=now)
    session.expire(draft, ["answers"])
    return draft


def skip_unseen(
    session: Session,
    draft: Draft,
    document: Document,
    questions: Iterable[Question],
    *,
    language: str,
    now: datetime,
) -> None:
    """Skip those of the questions that were not seen yet and may be skipped."""
    for question in questions:
        if not is_visited(draft, question.key) and not question.required:
            save_answer(
                session, draft, document, question, {}, language=language, now=now, skip=True
            )


def _row(draft: Draft | None, key: str) -> DraftAnswer | None:
    if draft is None:
        return None
    return next((row for row in draft.answers if row.question_key == key), None)


def _value(reading: Reading) -> dict[str, Any] | None:
    return dict(reading.value) if reading.value else None
