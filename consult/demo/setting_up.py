"""Preparing the model case: a made-up consultation, open today, with made-up responses."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import as_file, files
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.config import Settings
from consult.db import unit_of_work
from consult.demo.responses.generate import IllustrativeResponse, illustrative_responses
from consult.document.model import Consultation as Document
from consult.document.reading import read_consultation
from consult.jobs import reporting
from consult.models import AuditEvent, Consultation, Response
from consult.reports.data import Audience
from consult.services import audit, consultations, workspaces
from consult.services.codes import derived_code
from consult.services.reporting import versions
from consult.services.responses import Submission, submit
from consult.services.themes import asking, studies

SEED = 20221
OPENED_DAYS_AGO = 28
OPEN_DAYS = 77
LATE_DAYS = 7
DELETED_AFTER_DAYS = 365
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a demonstration holds."""

    slug: str
    title: str
    languages: tuple[str, ...]
    responses: int


def model_case(now: datetime | None = None) -> Document:
    """The model case; with a time, as if it had opened four weeks before."""
    with as_file(files("consult.demo")) as folder:
        document = read_consultation(folder / "consultation.yaml")
    if now is None:
        return document
    opens = (now - timedelta(days=OPENED_DAYS_AGO)).replace(
        hour=9, minute=0, second=0, microsecond=0, tzinfo=None
    )
    closes = (opens + timedelta(days=OPEN_DAYS)).replace(hour=23, minute=59)
    late = closes + timedelta(days=LATE_DAYS)
    delete_on = (late + timedelta(days=DELETED_AFTER_DAYS)).date()
    return document.model_copy(
        update={
            "opens_at": opens,
            "closes_at": closes,
            "late_until": late,
            "privacy": document.privacy.model_copy(update={"delete_on": delete_on}),
        }
    )


def set_up(session: Session, settings: Settings, *, responses: int, now: datetime) -> Prepared:
    """Store the model case, and illustrative responses where it has none yet.

    A folder that was set up before is left as it is, apart from the consultation's text, and
    that too where somebody has changed it on the pages for staff.
    """
    document = model_case(now)
    stored = consultations.find(session, document.slug)
    workspace = workspaces.find(session, document.slug)
    is_ours = workspace is None or not _changed_by_somebody(session, document.slug)
    if stored is not None:
        kept = consultations.document_of(session, stored)
        document = document.model_copy(
            update={
                name: getattr(kept, name)
                for name in ("opens_at", "closes_at", "late_until", "paused")
            }
            | {"privacy": document.privacy.model_copy(update={"delete_on": kept.privacy.delete_on})}
        )
    if is_ours:
        with unit_of_work(session):
            stored = consultations.store(session, document, actor=audit.COMMAND_LINE, now=now)
            workspaces.adopt(
                session,
                stored,
                translations_by=audit.MACHINE,
                origin="machine",
                actor=audit.COMMAND_LINE,
                now=now,
            )
    count = _count(session, document.slug)
    if count == 0 and responses > 0:
        _store_responses(session, settings, document, responses, now)
        count = _count(session, document.slug)
    return Prepared(document.slug, str(document.title), document.languages, count)


def _changed_by_somebody(session: Session, slug: str) -> bool:
    """Whether the audit trail knows of a person's act on it."""
    machines = (audit.COMMAND_LINE, audit.MACHINE, audit.RESIDENT)
    acts = select(AuditEvent.id).where(
        AuditEvent.subject == slug, AuditEvent.actor.not_in(machines)
    )
    return session.scalar(acts.limit(1)) is not None


def _count(session: Session, slug: str) -> int:
    rows = select(func.count(Response.id)).join(
        Consultation, Consultation.id == Response.consultation_id
    )
    return session.scalar(rows.where(Consultation.slug == slug)) or 0


def _store_responses(
    session: Session, settings: Settings, document: Document, count: int, now: datetime
) -> None:
    made = illustrative_responses(document, count=count, seed=SEED)
    ids = random.Random(SEED)  # noqa: S311 - ids of made-up people
    while batch := list(_take(made, BATCH)):
        with unit_of_work(session):
            stored = consultations.get(session, document.slug)
            for response in batch:
                _store_response(session, settings, stored, document, response, ids, now)


def _take(made: Iterator[IllustrativeResponse], count: int) -> Iterator[IllustrativeResponse]:
    for _, response in zip(range(count), made, strict=False):
        yield response


def _store_response(
    session: Session,
    settings: Settings,
    stored: Consultation,
    document: Document,
    response: IllustrativeResponse,
    ids: random.Random,
    now: datetime,
) -> None:
    received = document.opens + (now - document.opens) * response.submitted_share
    submit(
        session,
        stored,
        document,
        Submission(
            client_id=UUID(int=ids.getrandbits(128), version=4),
            answers=response.answers,
            language=response.language,
            channel=response.channel,
            code=derived_code(settings.secret_key, f"{ids.getrandbits(256):064x}"),
            started_at=received - timedelta(seconds=response.seconds_taken),
        ),
        secret_key=settings.secret_key,
        now=received,
    )


def ask_for_themes(session: Session, slug: str, *, now: datetime) -> None:
    """Let the worker find themes once the demonstration serves, where nobody has yet."""
    with unit_of_work(session):
        workspace = workspaces.find(session, slug)
        if workspace is None or workspace.consultation is None:
            return
        stored = workspace.consultation
        for question in studies.text_questions(consultations.document_of(session, stored)):
            if studies.find(session, stored, question.key) is None:
                asking.ask(session, workspace, question.key, actor=audit.MACHINE, now=now)


def ask_for_report(session: Session, slug: str, *, now: datetime) -> None:
    """Let the worker make a public version of the report after the themes, where there is none."""
    with unit_of_work(session):
        stored = consultations.find(session, slug)
        if stored is not None and versions.latest(session, stored, Audience.PUBLIC) is None:
            reporting.ask(session, slug, Audience.PUBLIC, actor=audit.MACHINE, now=now)
