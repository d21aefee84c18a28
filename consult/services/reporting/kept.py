"""Files of versions, made once and kept until something in them must go."""

import hashlib
from datetime import datetime
from importlib.metadata import version as version_of
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.models import Consultation, Quote, ReportFile, ReportVersion, Response
from consult.reports.data import ReportData
from consult.services.reporting import texts


def digest_of(data: ReportData) -> str:
    """What stands for a report with the words of its quotes, and for who writes it down."""
    whole = f"{version_of('resident-consult')}\n{data.model_dump_json()}"
    return hashlib.sha256(whole.encode()).hexdigest()


def kept_file(session: Session, version: ReportVersion, name: str, digest: str) -> bytes | None:
    """A file that was made of the same data; none if there is none, or an older one."""
    return session.scalar(
        select(ReportFile.content).where(
            ReportFile.version_id == version.id,
            ReportFile.name == name,
            ReportFile.digest == digest,
        )
    )


def keep(
    session: Session,
    version: ReportVersion,
    name: str,
    digest: str,
    content: bytes,
    *,
    now: datetime,
) -> None:
    """Keep a file in place of an older one of its name; of two at once one stays."""
    row = session.get(ReportFile, (version.id, name), populate_existing=True)
    if row is not None:
        row.digest, row.content, row.made_at = digest, content, now
        session.flush()
        return
    try:
        with session.begin_nested():
            session.add(
                ReportFile(
                    version_id=version.id, name=name, digest=digest, content=content, made_at=now
                )
            )
    except IntegrityError:
        pass  # somebody has kept the same in this moment


def drop(session: Session, consultation_id: UUID) -> None:
    """Let all files of a consultation go, because words in them may have to.

    They are made again when somebody asks for them. Whoever is about to keep one waits, and then
    sees that its words are not those of the report any more.
    """
    texts.hold(session, session.get_one(Consultation, consultation_id))
    versions = select(ReportVersion.id).where(ReportVersion.consultation_id == consultation_id)
    session.execute(
        delete(ReportFile).where(ReportFile.version_id.in_(versions)),
        execution_options={"synchronize_session": "fetch"},
    )


def drop_where_quoted(session: Session, response: Response) -> None:
    """Let the files go if a response is quoted: whether it may be has changed."""
    if session.scalar(select(exists().where(Quote.response_id == response.id))):
        drop(session, response.consultation_id)
