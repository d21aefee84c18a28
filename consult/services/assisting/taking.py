"""Storing what a tablet has finished: a person's answers, or what a table said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import (
    AssistedSession,
    Consultation,
    Device,
    GroupTalk,
    PaperForm,
    Provenance,
    Response,
    SessionPack,
)
from consult.services import codes, responses
from consult.services.answering import read_answer
from consult.services.assisting.asked import PACKS, under_todays_rules
from consult.services.assisting.outcomes import Outcome, Reason, SetAside
from consult.services.assisting.payloads import FinishedResponse, FinishedTalk, moment
from consult.services.journey import Value, visible_questions
from consult.services.timing import CLOCK_TOLERANCE, Phase, Timing, TooLate, judge, phase

CHANNEL = "assisted"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an item comes from, once all of that was checked."""

    device: Device
    session: AssistedSession
    stored: Consultation
    pack: SessionPack


@dataclass(frozen=True, slots=True)
class Clock:
    """How far a device's clock is off, and whether its times can be judged by."""

    offset: int | None
    """Milliseconds to add."""
    is_credible: bool

    @classmethod
    def of(cls, known: int | None, sending: int | None) -> "Clock":
        """From the offset that the device knew when it finished, and the one when it sends.

        Where they differ, the clock was moved in between, and nobody knows on which side of
        it the person finished. A copy that comes from another machine has no clock of its own.
        """
        if known is None:
            return cls(sending, sending is not None)
        moved = sending is not None and abs(sending - known) > CLOCK_TOLERANCE / timedelta(
            milliseconds=1
        )
        return cls(known, not moved)


def take_response(
    session: Session,
    source: Source,
    finished: FinishedResponse,
    clock: Clock,
    *,
    secret_key: str,
    now: datetime,
    anyway: bool = False,
) -> Outcome:
    """Store one person's answers with how they came about.

    They are read as the form online reads them, by the questions that the tablet had; whether
    they come in time is judged by the consultation as it is now. It may be paused: who answered
    cannot be asked again, and a tablet is no place to keep it.

    Parameters
    ----------
    anyway
        Whether an officer has decided that it is to be stored: answers that the form would not
        take are then left out, it takes the place of what was stored under its id, and the
        tablet's clock alone does not make it too late.

    Raises
    ------
    SetAside
        If it cannot be stored as it came.
    """
    document = PACKS.document(source.pack)
    today = under_todays_rules(session, document, source.stored)
    values = _values(document, finished, anyway=anyway)
    _check_code(session, finished, secret_key)
    if phase(today, now) is Phase.BEFORE and not anyway:
        raise SetAside(Reason.NOT_OPEN)
    submission = _submission(source, document, today, finished, values, clock, now)
    try:
        receipt = _submit(
            session, source, document, today, submission, secret_key, now, anyway=anyway
        )
    except responses.ResponseConflict:
        if not anyway:
            raise SetAside(_why_different(session, source, finished.client_id)) from None
        responses.replace_answers(
            session, source.stored, document, submission, secret_key=secret_key, now=now
        )
        return Outcome.STORED
    except responses.CodeTaken:
        raise SetAside(Reason.CODE_CLASH) from None
    except responses.Withdrawn:
        return Outcome.WITHDRAWN
    except TooLate:
        return Outcome.TOO_LATE
    if not receipt.repeated:
        session.add(
            Provenance(
                response_id=receipt.response_id,
                session_id=source.session.id,
                device_id=source.device.id,
                pack_id=source.pack.id,
                mode=finished.mode,
                interpreted=finished.interpreted,
                consented_at=moment(finished.consented_at, clock.offset),
            )
        )
        session.flush()
    return Outcome.STORED


def take_talk(
    session: Session,
    source: Source,
    finished: FinishedTalk,
    clock: Clock,
    *,
    now: datetime,
    anyway: bool = False,
) -> Outcome:
    """Store what a table said, apart from all responses.

    Parameters
    ----------
    anyway
        As for :func:`take_response`.

    Raises
    ------
    SetAside
        If it cannot be stored as it came.
    """
    document = PACKS.document(source.pack)
    _check_talk(document, finished)
    today = under_todays_rules(session, document, source.stored)
    written = moment(finished.written_at, clock.offset)
    # Nobody has written it before the consultation opened, or after it came.
    is_credible = clock.is_credible and today.opens <= written <= now + CLOCK_TOLERANCE
    written = written if is_credible else now
    if (known := _talk(session, finished)) is not None:
        return _as_before(session, known, source, finished, written, anyway=anyway)
    if phase(today, now) is Phase.BEFORE and not anyway:
        raise SetAside(Reason.NOT_OPEN)
    if not _is_in_time(today, written, now, is_credible=is_credible, anyway=anyway):
        return Outcome.TOO_LATE
    talk = GroupTalk(
        **_content(source, finished),
        client_id=finished.client_id,
        device_id=source.device.id,
        written_at=written,
        received_at=now,
    )
    try:
        with session.begin_nested():
            session.add(talk)
    except IntegrityError:  # the same was sent twice at once, and the other came first
        known = _talk(session, finished)
        if known is None:
            raise
        return _as_before(session, known, source, finished, written, anyway=anyway)
    return Outcome.STORED


def _values(document: Document, finished: FinishedResponse, *, anyway: bool) -> dict[str, Value]:
    """The answers, read as the form reads them.

    Raises
    ------
    SetAside
        If one of them is none, unless such are left out; or if nothing is answered at all.
    """
    languages = {finished.language, *(given.language for given in finished.answers.values())}
    is_bad = not languages <= set(document.languages)
    is_bad |= any(document.question(key) is None for key in finished.answers)
    typed = {key: given.fields() for key, given in finished.answers.items()}
    readings = {
        question.key: read_answer(question, document, typed.get(question.key, {}))
        for question in document.questions
    }
    values = {key: read.value for key, read in readings.items() if read.value is not None}
    asked = visible_questions(document, values)
    is_bad |= any(readings[question.key].problems for question in asked)
    if is_bad and not anyway:
        raise SetAside(Reason.BAD_ANSWERS)
    if not any(question.key in values for question in asked):
        raise SetAside(Reason.NO_ANSWERS)
    return values


def _submit(
    session: Session,
    source: Source,
    document: Document,
    today: Document,
    submission: responses.Submission,
    secret_key: str,
    now: datetime,
    *,
    anyway: bool,
) -> responses.Receipt:
    """Submit a response; what an officer wants stored is doubtful where its clock is too late.

    Raises
    ------
    TooLate
        If it came after the last day, or was finished too late and nobody has decided.
    """
    try:
        return responses.submit(
            session,
            source.stored,
            document,
            submission,
            secret_key=secret_key,
            now=now,
            judged_by=today,
        )
    except TooLate:
        if not anyway or now > today.late:
            raise
    receipt = responses.submit(
        session,
        source.stored,
        document,
        replace(submission, clock_is_credible=False),
        secret_key=secret_key,
        now=now,
        judged_by=today,
    )
    session.get_one(Response, receipt.response_id).timing = Timing.DOUBTFUL.value
    session.flush()
    return receipt


def _check_code(session: Session, finished: FinishedResponse, secret_key: str) -> None:
    """Refuse a receipt code that stands on somebody's paper form.

    Raises
    ------
    SetAside
        If it does.
    """
    on_paper = exists().where(
        PaperForm.code_hash == codes.hash_code(secret_key, finished.code),
        PaperForm.client_id != finished.client_id,
    )
    if session.scalar(select(on_paper)):
        raise SetAside(Reason.CODE_CLASH)


def _submission(
    source: Source,
    document: Document,
    today: Document,
    finished: FinishedResponse,
    values: Mapping[str, Value],
    clock: Clock,
    now: datetime,
) -> responses.Submission:
    started = moment(finished.started_at, clock.offset)
    ended = moment(finished.finished_at, clock.offset)
    # Nobody has finished before the consultation opened: such a clock was never set.
    is_credible = clock.is_credible and today.opens <= ended and started <= now + CLOCK_TOLERANCE
    given = finished.answers
    spoken = set(document.languages)
    return responses.Submission(
        client_id=finished.client_id,
        answers=values,
        language=finished.language if finished.language in spoken else document.source_language,
        channel=CHANNEL,
        code=finished.code,
        started_at=started if is_credible else now,
        finished_at_device=ended,
        answer_languages={k: g.language for k, g in given.items() if g.language in spoken},
        answered_at={k: moment(g.at, clock.offset) for k, g in given.items() if is_credible},
        question_versions={k: UUID(v) for k, v in source.pack.question_versions.items()},
        clock_is_credible=is_credible,
    )


def _why_different(session: Session, source: Source, client_id: UUID) -> Reason:
    changed = session.scalar(
        select(Response.changed_at).where(
            Response.consultation_id == source.stored.id, Response.client_id == client_id
        )
    )
    return Reason.DIFFERENT if changed is None else Reason.CHANGED_SINCE


def _check_talk(document: Document, finished: FinishedTalk) -> None:
    """Refuse a talk about a question, or in a language, that there is none of.

    Raises
    ------
    SetAside
        If it is one.
    """
    about = finished.question
    if about is not None and document.question(about) is None:
        raise SetAside(Reason.BAD_ANSWERS)
    if finished.language not in document.languages:
        raise SetAside(Reason.BAD_ANSWERS)


def _is_in_time(
    today: Document, written: datetime, now: datetime, *, is_credible: bool, anyway: bool
) -> bool:
    """Whether what a table said came in time, as for a response of which nobody knows the start.

    Raises
    ------
    SetAside
        If the clocks do not settle it, and no officer has.
    """
    if anyway:
        return now <= today.late
    try:
        timing = judge(
            today,
            started_at=today.opens,
            finished_at_device=written,
            received_at=now,
            clock_is_credible=is_credible,
        )
    except TooLate:
        return False
    if timing is Timing.DOUBTFUL:
        raise SetAside(Reason.DOUBTFUL)
    return True


def _talk(session: Session, finished: FinishedTalk) -> GroupTalk | None:
    return session.scalar(
        select(GroupTalk).where(GroupTalk.client_id == finished.client_id).with_for_update()
    )


def _content(source: Source, finished: FinishedTalk) -> dict[str, Any]:
    """What makes two notes of a talk the same."""
    return {
        "session_id": source.session.id,
        "table_name": finished.table,
        "question_key": finished.question,
        "language": finished.language,
        "people": finished.people,
        "said": finished.said,
    }


def _as_before(
    session: Session,
    known: GroupTalk,
    source: Source,
    finished: FinishedTalk,
    written: datetime,
    *,
    anyway: bool,
) -> Outcome:
    """What became of the same talk before.

    Raises
    ------
    SetAside
        If it said something else, and nobody has decided that this is to stand.
    """
    if known.removed_at is not None:
        return Outcome.WITHDRAWN
    content = _content(source, finished)
    if all(getattr(known, name) == value for name, value in content.items()):
        return Outcome.STORED
    if not anyway:
        raise SetAside(Reason.DIFFERENT)
    for name, value in content.items():
        setattr(known, name, value)
    known.written_at = written
    session.flush()
    return Outcome.STORED
