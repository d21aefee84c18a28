"""Deleting or anonymising what a consultation has collected, on the day it promised."""

import secrets
from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from consult.document.model import TEXT_KINDS, Part, QuestionKind, Sensitivity
from consult.models import (
    Answer,
    Consultation,
    Contact,
    ContactIntake,
    Draft,
    QuestionVersion,
    Response,
)
from consult.services import audit

REMOVED = "removed on the deletion date"
"""Stands for an officer's words about a response."""


def remove_due_data(session: Session, *, now: datetime) -> list[str]:
    """Do what is due today, note it in the audit trail, and name the consultations done."""
    done: list[str] = []
    for stored in session.scalars(select(Consultation)).all():
        today = now.astimezone(ZoneInfo(stored.definition["timezone"])).date()
        if stored.delete_on > today:
            continue
        if stored.data_removed_at is not None:
            _remove_contacts(session, stored)  # should any have come since
            session.execute(delete(Draft).where(Draft.consultation_id == stored.id))
            continue
        responses = select(Response.id).where(Response.consultation_id == stored.id)
        counts = {
            "responses": session.scalar(select(func.count()).select_from(responses.subquery()))
            or 0,
            "contacts": _remove_contacts(session, stored),
        }
        session.execute(delete(Draft).where(Draft.consultation_id == stored.id))
        if stored.deletion == "delete":
            session.execute(delete(Response).where(Response.consultation_id == stored.id))
        else:
            _anonymise(session, stored)
        stored.data_removed_at = now
        session.flush()
        session.expire_all()
        action = "answers deleted" if stored.deletion == "delete" else "answers anonymised"
        audit.record(
            session, actor=audit.MACHINE, action=action, subject=stored.slug, now=now, **counts
        )
        done.append(stored.slug)
    return done


def _remove_contacts(session: Session, stored: Consultation) -> int:
    removed = 0
    for table in (Contact, ContactIntake):
        gone = session.scalars(
            delete(table).where(table.consultation_id == stored.id).returning(table.id)
        )
        removed += len(gone.all())
    return removed


def _anonymise(session: Session, stored: Consultation) -> None:
    """Keep closed answers about the draft; remove all words and all monitoring.

    Times are cut to the day, the code stops working, and nothing recognises a resend.
    """
    versions = session.scalars(
        select(QuestionVersion)
        .join(QuestionVersion.question)
        .where(QuestionVersion.question.has(consultation_id=stored.id))
    )
    for version in versions:
        if _tells_who(version):
            session.execute(delete(Answer).where(Answer.question_version_id == version.id))
    _coarsen(session, stored)


def _tells_who(version: QuestionVersion) -> bool:
    question = version.definition
    return (
        question["part"] == Part.MONITORING
        or question["kind"] in TEXT_KINDS
        or question["kind"] == QuestionKind.WARD
        or question["sensitivity"] != Sensitivity.NONE
    )


def _coarsen(session: Session, stored: Consultation) -> None:
    responses = session.scalars(
        select(Response)
        .where(Response.consultation_id == stored.id)
        .execution_options(yield_per=500)
    )
    for response in responses:
        response.client_id = uuid4()
        response.code_hash = secrets.token_hex(32)
        response.content_digest = secrets.token_hex(32)
        response.finished_at_device = None
        for name in ("started_at", "received_at", "changed_at", "withdrawn_at", "excluded_at"):
            time = getattr(response, name)
            if time is not None:
                setattr(response, name, _day(time))
        for answer in response.answers:
            answer.answered_at = _day(answer.answered_at)
            if "other" in answer.value:
                answer.value = {k: v for k, v in answer.value.items() if k != "other"}
        for mark in response.marks:
            mark.marked_at = _day(mark.marked_at)
        if response.exclusion_reason is not None:
            response.exclusion_reason = REMOVED


def _day(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
