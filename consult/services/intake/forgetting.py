"""What goes of files and of what was entered by hand on the day a consultation promised."""

from sqlalchemy import delete, exists, update
from sqlalchemy.orm import Session

from consult.models import (
    Consultation,
    ImportMapping,
    Petition,
    ResponseImport,
    ResponseOrigin,
)

REMOVED = "removed on the deletion date"
"""Stands for an officer's words about where a response came from."""


def forget(session: Session, stored: Consultation) -> None:
    """Remove files that still wait, what is remembered of columns, and words about sources.

    So with who organised petitions. That files came stays on record, with their counts; nothing
    recognises their rows any more.
    """
    came = exists().where(ResponseOrigin.import_id == ResponseImport.id)
    of_it = ResponseImport.consultation_id == stored.id
    session.execute(delete(ResponseImport).where(of_it, ResponseImport.applied_at.is_(None), ~came))
    session.execute(
        update(ResponseImport)
        .where(of_it)
        .values(content=None, mapping=None, shape={"platform": "other", "columns": []}),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(ResponseImport)
        .where(of_it, ResponseImport.applied_at.is_(None))
        .values(report=None),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(Petition).where(Petition.consultation_id == stored.id).values(organiser=REMOVED),
        execution_options={"synchronize_session": False},
    )
    session.execute(delete(ImportMapping).where(ImportMapping.consultation_id == stored.id))
    session.execute(
        update(ResponseOrigin)
        .where(ResponseOrigin.consultation_id == stored.id)
        .values(source=REMOVED, source_key=None, row=None),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
