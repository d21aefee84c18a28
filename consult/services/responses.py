"""Taking responses, each once; reading, changing and withdrawing them."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.document.model import Question
from consult.models import Answer, Consultation, Draft, Response
from consult.services import audit, codes, consultations, drafts, marking
from consult.services.assisting import forgetting as assisted_forgetting
from consult.services.assisting import provenance
from consult.services.counted import counted
from consult.services.journey import Value, chosen_keys, visible_questions
from consult.services.reading import sheets
from consult.services.reporting import kept
from consult.services.themes import forgetting
from consult.services.timing import Phase, TooLate, judge, phase


class ResponseConflict(Exception):
    """The same client id was stored before with different answers."""


class CodeTaken(Exception):
    """Another response has the receipt code that came with this one."""


class Paused(Exception):
    """The consultation is paused, or not open yet; nothing is taken, and nothing is lost."""


class Withdrawn(Exception):
    """The response was withdrawn; its answers are gone."""


class Incomplete(Exception):
    """A question must be looked at before the answers can be sent."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.key)
        self.question = question


@dataclass(frozen=True, slots=True)
class Submission:
    """One person's answers as they come in."""

    client_id: UUID
    answers: Mapping[str, Value]
    """By question key."""
    language: str
    channel: str
    code: str
    started_at: datetime
    finished_at_device: datetime | None = None
    hidden_field_filled: bool = False
    """Whether a field that no person sees was filled in."""
    answer_languages: Mapping[str, str] | None = None
    """The language each answer was given in, where it is not the response's."""
    answered_at: Mapping[str, datetime] | None = None
    question_versions: Mapping[str, UUID] | None = None
    """The versions that were asked, by question key, where they are not the current ones."""
    clock_is_credible: bool = True
    """Whether the device's times can be judged by; false where its clock was moved."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a response was stored."""

    response_id: UUID
    code: str | None
    """The receipt code; none after a change, as the code stays what it was."""
    repeated: bool
    """Whether it had been stored before, so that this was a resend."""


def submit(
    session: Session,
    stored: Consultation,
    document: Document,
    submission: Submission,
    *,
    secret_key: str,
    now: datetime,
    judged_by: Document | None = None,
) -> Receipt:
    """Store a response once, however often it is sent.

    Answers to questions that the routing does not ask are left out. Flushes but does not
    commit: the caller's unit of work does.

    Parameters
    ----------
    document
        The questions as they were asked.
    judged_by
        What says whether it comes in time, where that is another state of the consultation.

    Raises
    ------
    ResponseConflict
        If the same ``client_id`` was stored before with different answers.
    CodeTaken
        If its receipt code is another response's.
    Withdrawn
        If it was stored before and withdrawn since.
    TooLate
        If the consultation takes it no more.
    """
    answers = _asked_answers(document, submission.answers)
    digest = content_digest(secret_key, answers)
    if (resent := _resent(session, stored, submission, digest)) is not None:
        return resent
    timing = judge(
        judged_by or document,
        started_at=submission.started_at,
        finished_at_device=submission.finished_at_device,
        received_at=now,
        clock_is_credible=submission.clock_is_credible,
    )
    response = Response(
        consultation_id=stored.id,
        client_id=submission.client_id,
        content_digest=digest,
        code_hash=codes.hash_code(secret_key, submission.code),
        channel=submission.channel,
        language=submission.language,
        started_at=submission.started_at,
        finished_at_device=submission.finished_at_device,
        received_at=now,
        timing=timing.value,
        is_test=stored.is_preview,
        is_resident=is_resident(document, answers),
    )
    try:
        with session.begin_nested():
            session.add(response)
    except IntegrityError:  # the same was sent twice at once, and the other came first
        resent = _resent(session, stored, submission, digest)
        if resent is not None:
            return resent
        if session.scalar(select(exists().where(Response.code_hash == response.code_hash))):
            raise CodeTaken from None
        raise
    _add_answers(session, stored, response, submission, answers, now)
    took = (now - submission.started_at).total_seconds()
    marking.mark_suspicions(
        session,
        response,
        answers,
        hidden_field_filled=submission.hidden_field_filled,
        seconds=took if submission.channel == "online" else None,
        now=now,
    )
    return Receipt(response.id, submission.code, repeated=False)


def send_draft(
    session: Session,
    stored: Consultation,
    document: Document,
    draft_id: UUID,
    *,
    secret_key: str,
    now: datetime,
    finished_at_device: datetime | None = None,
    hidden_field_filled: bool = False,
) -> Receipt:
    """Send a draft: as a new response, or as the change of one.

    The draft's row is locked, so that of two sends at once the second finds the first's
    receipt. Its answers are removed; what stays only leads a repeated send to its receipt.

    Raises
    ------
    DraftGone, Paused, TooLate, Incomplete, Withdrawn
        If it cannot be sent; the draft is then as it was.
    """
    drafts.lock(session, draft_id)
    draft = drafts.find(session, stored, draft_id, now=now)
    code = codes.derived_code(secret_key, draft.receipt_seed)
    if draft.sent_at is not None:
        return _receipt_of_sent(session, stored, draft, code)
    if phase(document, now) in {Phase.PAUSED, Phase.BEFORE}:
        raise Paused
    open_question = drafts.first_open_question(document, draft)
    if open_question is not None:
        raise Incomplete(open_question)
    submission = Submission(
        client_id=draft.client_id,
        answers={row.question_key: row.value for row in draft.answers if row.value},
        language=draft.language,
        channel="online",
        code=code,
        started_at=draft.created_at,
        finished_at_device=finished_at_device,
        hidden_field_filled=hidden_field_filled,
        answer_languages={row.question_key: row.language for row in draft.answers},
        answered_at={row.question_key: row.answered_at for row in draft.answers},
    )
    if draft.replaces_response_id is None:
        receipt = submit(session, stored, document, submission, secret_key=secret_key, now=now)
    else:
        receipt = _change(
            session, stored, document, draft.replaces_response_id, submission, secret_key, now
        )
    draft.sent_at = now
    draft.answers.clear()
    session.flush()
    return receipt


def find_by_code(
    session: Session, stored: Consultation, code: str, *, secret_key: str, now: datetime
) -> Response | Draft:
    """What a code leads to: an unsent draft or a response.

    A wrong code is counted here, so the caller commits even when this raises.

    Raises
    ------
    TooManyGuesses
        If too many wrong codes are being tried.
    UnknownCode
        If it leads to nothing.
    AlreadySent
        If it was a draft's and the draft has been sent: the receipt code leads on.
    """
    codes.check_guesses(session, now)
    code_hash = codes.hash_code(secret_key, code)
    response = session.scalar(
        select(Response).where(
            Response.code_hash == code_hash, Response.consultation_id == stored.id
        )
    )
    if response is not None:
        return response
    draft = session.scalar(
        select(Draft).where(
            Draft.code_hash == code_hash,
            Draft.consultation_id == stored.id,
            Draft.expires_at > now,
        )
    )
    if draft is None:
        codes.count_wrong_guess(session, now)
        raise codes.UnknownCode
    if draft.sent_at is not None:
        raise drafts.AlreadySent
    return draft


def answers_of(response: Response) -> dict[str, Value]:
    """A response's answers by question."""
    return {answer.question_key: answer.value for answer in response.answers}


def withdraw(session: Session, response: Response, *, now: datetime) -> None:
    """Remove a response's answers everywhere, at once and for good.

    What stays is that there was a response, so that counts already published can be
    explained. A draft that was changing it goes too.
    """
    if response.withdrawn_at is not None:
        return
    _clear(session, response)
    assisted_forgetting.forget_copies(session, response)
    response.marks.clear()
    for draft in session.scalars(select(Draft).where(Draft.replaces_response_id == response.id)):
        session.delete(draft)
    response.withdrawn_at = now
    response.content_digest = secrets.token_hex(32)
    response.is_resident = None
    response.finished_at_device = None
    session.flush()
    forgetting.forget_orphans_of(session, response.consultation_id)
    response.excluded_at = response.excluded_by = response.exclusion_reason = None
    audit.record_resident_act(session, response, action="response withdrawn", now=now)


def _clear(session: Session, response: Response) -> None:
    """Remove the answers, also from sheets of translations and from reports that quote them."""
    gone = [answer.id for answer in response.answers]
    sheets.forget_answers(session, response.consultation_id, gone)
    kept.drop_where_quoted(session, response)
    response.answers.clear()


def counts(session: Session, response: Response) -> bool:
    """Whether a response counts in what is published."""
    return bool(session.scalar(select(exists().where(Response.id == response.id, counted()))))


def copy_for_resident(session: Session, response: Response, document: Document) -> dict[str, Any]:
    """All that is held about a response, for its person to keep."""
    order = {question.key: place for place, question in enumerate(document.questions)}
    answers = sorted(response.answers, key=lambda a: (order.get(a.question_key, len(order)), a.id))
    return {
        "consultation": document.slug,
        "title": str(document.title),
        "started_at": response.started_at.isoformat(),
        "finished_at_device": _written(response.finished_at_device),
        "received_at": response.received_at.isoformat(),
        "timing": response.timing,
        "timing_decision": response.timing_decision,
        "changed_at": _written(response.changed_at),
        "withdrawn_at": _written(response.withdrawn_at),
        "language": response.language,
        "channel": response.channel,
        "came_about": provenance.copy_for_resident(session, response),
        "counted_as_resident": response.is_resident,
        "answers": [
            {
                "question": answer.question_key,
                "asked": answer.question_version.definition["label"],
                "version": answer.question_version.number,
                "answer": answer.value,
                "language": answer.language,
                "answered_at": answer.answered_at.isoformat(),
            }
            for answer in answers
        ],
        "marks": [
            {"kind": mark.kind, "reason": mark.reason, "marked_at": mark.marked_at.isoformat()}
            for mark in response.marks
        ],
        "excluded_at": _written(response.excluded_at),
        "excluded_because": response.exclusion_reason,
    }


def _written(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def content_digest(secret_key: str, answers: Mapping[str, Value]) -> str:
    """Keyed hash of answers, 64 hexadecimal digits, the same in whatever order they came."""
    canonical = json.dumps(answers, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(
        secret_key.encode("utf-8"), b"answers" + canonical.encode("utf-8"), hashlib.sha256
    ).hexdigest()


def _resent(
    session: Session, stored: Consultation, submission: Submission, digest: str
) -> Receipt | None:
    """The receipt of a response that is already there, or nothing if it is new."""
    existing = session.scalar(
        select(Response).where(
            Response.consultation_id == stored.id, Response.client_id == submission.client_id
        )
    )
    if existing is None:
        return None
    if existing.withdrawn_at is not None:
        raise Withdrawn
    if not hmac.compare_digest(existing.content_digest, digest):
        raise ResponseConflict
    return Receipt(existing.id, submission.code, repeated=True)


def _receipt_of_sent(session: Session, stored: Consultation, draft: Draft, code: str) -> Receipt:
    if draft.replaces_response_id is not None:
        return Receipt(draft.replaces_response_id, None, repeated=True)
    response_id = session.scalar(
        select(Response.id).where(
            Response.consultation_id == stored.id, Response.client_id == draft.client_id
        )
    )
    if response_id is None:  # the retention date has passed meanwhile
        raise drafts.DraftGone
    return Receipt(response_id, code, repeated=True)


def _change(
    session: Session,
    stored: Consultation,
    document: Document,
    response_id: UUID,
    submission: Submission,
    secret_key: str,
    now: datetime,
) -> Receipt:
    if phase(document, now) not in {Phase.OPEN, Phase.GRACE}:
        raise TooLate
    response = session.get(Response, response_id, with_for_update=True, populate_existing=True)
    if response is None or response.withdrawn_at is not None:
        raise Withdrawn
    _put_answers(session, stored, document, response, submission, secret_key, now)
    audit.record_resident_act(session, response, action="response changed", now=now)
    return Receipt(response.id, None, repeated=False)


def replace_answers(
    session: Session,
    stored: Consultation,
    document: Document,
    submission: Submission,
    *,
    secret_key: str,
    now: datetime,
) -> UUID:
    """Put other answers in the place of those stored under a client id, as an officer decided.

    Raises
    ------
    Withdrawn
        If nothing is stored under it, or not any more.
    """
    response = session.scalar(
        select(Response)
        .where(Response.consultation_id == stored.id, Response.client_id == submission.client_id)
        .with_for_update()
    )
    if response is None or response.withdrawn_at is not None:
        raise Withdrawn
    _put_answers(session, stored, document, response, submission, secret_key, now)
    return response.id


def _put_answers(
    session: Session,
    stored: Consultation,
    document: Document,
    response: Response,
    submission: Submission,
    secret_key: str,
    now: datetime,
) -> None:
    """Let other answers stand in the place of a response's."""
    answers = _asked_answers(document, submission.answers)
    _clear(session, response)
    response.marks.clear()
    session.flush()
    response.content_digest = content_digest(secret_key, answers)
    response.changed_at = now
    response.language = submission.language
    response.is_resident = is_resident(document, answers)
    forgetting.forget_orphans_of(session, stored.id)
    _add_answers(session, stored, response, submission, answers, now)
    marking.mark_suspicions(
        session,
        response,
        answers,
        hidden_field_filled=submission.hidden_field_filled,
        seconds=None,
        now=now,
    )


def _asked_answers(document: Document, answers: Mapping[str, Value]) -> dict[str, Value]:
    asked = visible_questions(document, answers)
    return {q.key: answers[q.key] for q in asked if answers.get(q.key)}


def _add_answers(
    session: Session,
    stored: Consultation,
    response: Response,
    submission: Submission,
    answers: Mapping[str, Value],
    now: datetime,
) -> None:
    languages = submission.answer_languages or {}
    times = submission.answered_at or {}
    versions = submission.question_versions
    if versions is None:
        versions = consultations.version_ids(session, stored)
    rows = [
        {
            "response_id": response.id,
            "question_key": key,
            "question_version_id": versions[key],
            "value": dict(value),
            "language": languages.get(key, submission.language),
            "answered_at": times.get(key, now),
        }
        for key, value in answers.items()
    ]
    if rows:
        session.execute(insert(Answer), rows)
    session.expire(response, ["answers"])


def is_resident(document: Document, answers: Mapping[str, Value]) -> bool | None:
    """Whether answers say that their person lives here; nothing where they do not tell."""
    if document.residents is None:
        return None
    chosen = chosen_keys(answers.get(document.residents.question))
    if not chosen:
        return None
    return not chosen.isdisjoint(document.residents.any_of)
