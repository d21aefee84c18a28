"""Deleting or anonymising what a consultation has collected, on the day it promised."""

import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session, undefer

from consult.document.model import TEXT_KINDS, Part, QuestionKind, Sensitivity
from consult.models import (
    Answer,
    AnswerSheet,
    AuditEvent,
    Consultation,
    Contact,
    ContactIntake,
    Draft,
    QuestionVersion,
    Response,
    ResponseOrigin,
    WatchSnapshot,
)
from consult.services import audit
from consult.services.assisting import forgetting as assisted_forgetting
from consult.services.intake import forgetting as intake_forgetting
from consult.services.reporting import versions
from consult.services.themes import forgetting as themes_forgetting

REMOVED = "removed on the deletion date"
"""Stands for an officer's words about a response."""

ACTIONS = {"delete": "answers deleted", "anonymise": "answers anonymised"}
"""What the audit trail says was done, by what a consultation had promised."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What was removed at one time, as the audit trail tells it."""

    at: datetime
    deletion: str
    """``delete`` or ``anonymise``."""
    response_count: int
    contact_count: int


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """What a consultation holds of people, and until when."""

    slug: str
    title: str
    is_preview: bool
    response_count: int
    """All that are held, also withdrawn and excluded ones; after anonymising, what is left."""
    withdrawn_count: int
    """Of them; nothing but that there was a response is held."""
    draft_count: int
    """Answers begun and not sent."""
    contact_count: int
    oldest_at: datetime | None
    """When the oldest response or unsent draft came."""
    delete_on: date
    days_left: int
    """Until the promised day, as the consultation's place counts days; negative after it."""
    deletion: str
    data_removed_at: datetime | None
    removals: tuple[Removal, ...]
    """The earliest first; more than one where the consultation was opened again."""

    @property
    def is_overdue(self) -> bool:
        """Whether the day is past and nothing was done: the worker does not run."""
        return self.data_removed_at is None and self.days_left < 0


def remove_due_data(session: Session, *, now: datetime) -> list[str]:
    """Do what is due today, note it in the audit trail, and name the consultations done."""
    done: list[str] = []
    for stored in session.scalars(select(Consultation)).all():
        if _days_left(stored, now) > 0:
            continue
        if stored.data_removed_at is not None:
            _remove_contacts(session, stored)  # should any have come since
            session.execute(delete(Draft).where(Draft.consultation_id == stored.id))
            if not _came_since(session, stored, stored.data_removed_at):
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
        themes_forgetting.forget_words(session, stored.id)
        intake_forgetting.forget(session, stored)
        assisted_forgetting.forget(session, stored)
        versions.forget(session, stored)
        for table in (AnswerSheet, WatchSnapshot):
            session.execute(delete(table).where(table.consultation_id == stored.id))
        stored.data_removed_at = now
        session.flush()
        session.expire_all()
        audit.record(
            session,
            actor=audit.MACHINE,
            action=ACTIONS[stored.deletion],
            subject=stored.slug,
            now=now,
            **counts,
        )
        done.append(stored.slug)
    return done


def _came_since(session: Session, stored: Consultation, removed_at: datetime) -> bool:
    """Whether responses were brought in or entered by hand after their day."""
    late = exists().where(
        ResponseOrigin.consultation_id == stored.id, ResponseOrigin.entered_at > removed_at
    )
    return bool(session.scalar(select(late)))


def report(session: Session, *, now: datetime) -> list[RetentionLine]:
    """What each consultation holds, the one whose day comes first at the top."""
    counts = _Counts(session)
    removals = _removals(session)
    lines = [
        RetentionLine(
            slug=stored.slug,
            title=str(stored.definition["title"]),
            is_preview=stored.is_preview,
            response_count=counts.responses[stored.id],
            withdrawn_count=counts.withdrawn[stored.id],
            draft_count=counts.drafts[stored.id],
            contact_count=counts.contacts[stored.id],
            oldest_at=counts.oldest.get(stored.id),
            delete_on=stored.delete_on,
            days_left=_days_left(stored, now),
            deletion=stored.deletion,
            data_removed_at=stored.data_removed_at,
            removals=tuple(removals[stored.slug]),
        )
        for stored in session.scalars(
            select(Consultation).options(undefer(Consultation.definition))
        )
    ]
    return sorted(lines, key=lambda line: (line.delete_on, line.slug))


class _Counts:
    """What is held, by consultation, each counted by one query for all of them."""

    def __init__(self, session: Session) -> None:
        self.responses: dict[UUID, int] = defaultdict(int)
        self.withdrawn: dict[UUID, int] = defaultdict(int)
        self.drafts: dict[UUID, int] = defaultdict(int)
        self.contacts: dict[UUID, int] = defaultdict(int)
        self.oldest: dict[UUID, datetime] = {}
        responses = select(
            Response.consultation_id,
            func.count(),
            func.count(Response.withdrawn_at),
            func.min(Response.received_at),
        ).group_by(Response.consultation_id)
        for consultation, held, withdrawn, oldest in session.execute(responses):
            self.responses[consultation] = held
            self.withdrawn[consultation] = withdrawn
            self.oldest[consultation] = oldest
        drafts = (
            select(Draft.consultation_id, func.count(), func.min(Draft.created_at))
            .where(Draft.sent_at.is_(None))
            .group_by(Draft.consultation_id)
        )
        for consultation, unsent, oldest in session.execute(drafts):
            self.drafts[consultation] = unsent
            self.oldest[consultation] = min(oldest, self.oldest.get(consultation, oldest))
        for table in (Contact, ContactIntake):
            contacts = select(table.consultation_id, func.count()).group_by(table.consultation_id)
            for consultation, given in session.execute(contacts):
                self.contacts[consultation] += given


def _removals(session: Session) -> dict[str, list[Removal]]:
    found: dict[str, list[Removal]] = defaultdict(list)
    deletions = {action: deletion for deletion, action in ACTIONS.items()}
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.actor == audit.MACHINE, AuditEvent.action.in_(deletions))
        .order_by(AuditEvent.at)
    )
    for event in events:
        counts = event.details
        found[event.subject].append(
            Removal(event.at, deletions[event.action], counts["responses"], counts["contacts"])
        )
    return found


def _days_left(stored: Consultation, now: datetime) -> int:
    today = now.astimezone(ZoneInfo(stored.definition["timezone"])).date()
    return (stored.delete_on - today).days


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
