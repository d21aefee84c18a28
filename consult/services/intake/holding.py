"""Files of responses that were uploaded: kept until they are brought in or put away."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session, undefer

from consult.models import (
    Consultation,
    ImportMapping,
    Job,
    ResponseImport,
    ResponseOrigin,
)
from consult.models.job import UNFINISHED
from consult.response_files.reading import LARGEST, open_table
from consult.response_files.survey import Survey, look
from consult.response_files.tables import Table
from consult.services import audit
from consult.services.intake.mapping import Mapping

JOB_KIND = "import-responses"

KEPT_FOR = timedelta(days=30)
"""How long a file waits to be brought in: it holds what people wrote, and may name them."""


class NoSuchImport(LookupError):
    """There is no such file: it was put away, or never there."""


class IsRunning(Exception):
    """A job is at work on it."""


class AlreadyApplied(Exception):
    """It was brought in; that can be undone, and not changed."""


def hold(
    session: Session,
    stored: Consultation,
    *,
    name: str,
    content: bytes,
    survey: Survey,
    actor: str,
    now: datetime,
) -> ResponseImport:
    """Keep a file that was looked through, until somebody has said what its columns are."""
    forget_waiting(session, now=now)
    held = ResponseImport(
        consultation_id=stored.id,
        file_name=bare_name(name),
        file_digest=hashlib.sha256(content).hexdigest(),
        content=content,
        shape=survey.as_data(),
        uploaded_by=actor,
        uploaded_at=now,
    )
    session.add(held)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="responses uploaded",
        subject=stored.slug,
        now=now,
        platform=survey.platform.value,
        columns=len(survey.columns),
        file_digest=held.file_digest[:16],
    )
    return held


def forget_waiting(session: Session, *, now: datetime) -> int:
    """Remove files that nobody has brought in for long, and say how many.

    One of which a job brought in a part is kept: what came of it is told by it.
    """
    waiting = delete(ResponseImport).where(
        ResponseImport.applied_at.is_(None),
        ResponseImport.uploaded_at < now - KEPT_FOR,
        ~exists().where(ResponseOrigin.import_id == ResponseImport.id),
    )
    return len(session.scalars(waiting.returning(ResponseImport.id)).all())


def bare_name(name: str) -> str:
    """A file's name as it can be shown and kept: some browsers send the folders too."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in bare if sign.isprintable())[-200:] or "-"


def find(session: Session, stored: Consultation | None, import_id: UUID) -> ResponseImport:
    """A file of a consultation.

    Raises
    ------
    NoSuchImport
        If it has none of that id.
    """
    held = session.get(ResponseImport, import_id)
    if held is None or stored is None or held.consultation_id != stored.id:
        raise NoSuchImport
    return held


def lock(session: Session, stored: Consultation, import_id: UUID) -> ResponseImport:
    """A file as it is now, held until the unit of work ends.

    Raises
    ------
    NoSuchImport
        If it was put away.
    AlreadyApplied
        If it was brought in.
    IsRunning
        If a job is reading it.
    """
    held = session.get(ResponseImport, import_id, with_for_update=True, populate_existing=True)
    if held is None or held.consultation_id != stored.id:
        raise NoSuchImport
    if held.applied_at is not None:
        raise AlreadyApplied
    job = running_job(session, stored)
    if job is not None and job.parameters.get("import") == str(held.id):
        raise IsRunning
    return held


def listing(session: Session, stored: Consultation | None) -> Sequence[ResponseImport]:
    """All files of a consultation, the one uploaded last first."""
    if stored is None:
        return []
    wanted = select(ResponseImport).where(ResponseImport.consultation_id == stored.id)
    return session.scalars(wanted.order_by(ResponseImport.uploaded_at.desc())).all()


def same_file(session: Session, held: ResponseImport) -> ResponseImport | None:
    """The same file, brought in before and not undone."""
    return session.scalar(
        select(ResponseImport)
        .where(
            ResponseImport.consultation_id == held.consultation_id,
            ResponseImport.file_digest == held.file_digest,
            ResponseImport.applied_at.is_not(None),
            ResponseImport.undone_at.is_(None),
            ResponseImport.id != held.id,
        )
        .limit(1)
    )


def survey_of(held: ResponseImport) -> Survey:
    """What stands in a file that waits."""
    return Survey.from_data(held.shape)


def mapping_of(held: ResponseImport) -> Mapping | None:
    """What its columns are, as far as somebody has said."""
    return None if held.mapping is None else Mapping.from_data(held.mapping)


def table_of(session: Session, held: ResponseImport) -> Table:
    """The file, to be read again."""
    content = session.scalar(
        select(ResponseImport)
        .options(undefer(ResponseImport.content))
        .where(ResponseImport.id == held.id)
        .execution_options(populate_existing=True)
    )
    if content is None or content.content is None:
        raise NoSuchImport
    sheet = str(held.shape.get("sheet", ""))
    return open_table(held.file_name, content.content, sheet=sheet, largest=LARGEST)


def read_sheet(
    session: Session, stored: Consultation, import_id: UUID, sheet: str
) -> ResponseImport:
    """Look through another sheet of a workbook; what was said of the columns is forgotten.

    Raises
    ------
    NoSuchImport, AlreadyApplied, IsRunning, consult.response_files.faults.ResponseFileError
        If it cannot be done.
    """
    held = lock(session, stored, import_id)
    held.shape = {**held.shape, "sheet": sheet}
    held.shape = look(table_of(session, held)).as_data()
    held.mapping = held.report = None
    session.flush()
    return held


def remember(
    session: Session, held: ResponseImport, mapping: Mapping, *, actor: str, now: datetime
) -> None:
    """Keep what somebody said of the columns, with the file and for others of its headings."""
    held.mapping = mapping.as_data()
    held.report = None
    digest = survey_of(held).headings_digest
    kept = session.get(ImportMapping, (held.consultation_id, digest))
    if kept is None:
        kept = ImportMapping(consultation_id=held.consultation_id, headings_digest=digest)
        session.add(kept)
    kept.mapping = mapping.as_data()
    kept.saved_by, kept.saved_at = actor, now
    session.flush()


def remembered(session: Session, held: ResponseImport, *, today: date) -> Mapping | None:
    """What columns of the same headings were last time; the day of receipt is asked again."""
    kept = session.get(ImportMapping, (held.consultation_id, survey_of(held).headings_digest))
    if kept is None:
        return None
    data: dict[str, Any] = {**kept.mapping}
    if data.get("received_on"):
        data["received_on"] = today.isoformat()
    return Mapping.from_data(data)


def put_away(
    session: Session, stored: Consultation, import_id: UUID, *, actor: str, now: datetime
) -> None:
    """Forget a file of which nothing was brought in.

    Raises
    ------
    NoSuchImport, AlreadyApplied, IsRunning
        If there is nothing to put away.
    """
    held = lock(session, stored, import_id)
    if brought_in(session, held):
        raise AlreadyApplied
    session.delete(held)
    session.flush()
    audit.record(
        session, actor=actor, action="response file put away", subject=stored.slug, now=now
    )


def brought_in(session: Session, held: ResponseImport) -> int:
    """How many responses of a file are held now."""
    counted = select(func.count()).select_from(ResponseOrigin)
    return session.scalar(counted.where(ResponseOrigin.import_id == held.id)) or 0


def running_job(session: Session, stored: Consultation) -> Job | None:
    """The job that checks or brings in a file of the consultation just now."""
    return session.scalar(
        select(Job).where(
            Job.kind == JOB_KIND, Job.subject == stored.slug, Job.state.in_(UNFINISHED)
        )
    )


def last_job(session: Session, stored: Consultation, held: ResponseImport) -> Job | None:
    """The job that was asked for last about a file."""
    found = session.scalars(
        select(Job)
        .where(Job.kind == JOB_KIND, Job.subject == stored.slug)
        .order_by(Job.requested_at.desc())
        .limit(50)
    )
    return next((job for job in found if job.parameters.get("import") == str(held.id)), None)
