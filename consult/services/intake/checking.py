"""What bringing a file in would do: read through as then, and nothing stored."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import ResponseImport
from consult.response_files.survey import responses
from consult.services.intake import holding
from consult.services.intake.mapping import Mapping
from consult.services.intake.storing import Source, Tally, batches, compare, source_of
from consult.services.intake.turning import Turned, Turner

SOON: Final = 400_000
"""Cells up to which a file is read through while a person waits for the page."""

PREVIEWED: Final = 5


def is_soon_done(held: ResponseImport) -> bool:
    """Whether a file is read through within a request; others by a job."""
    survey = holding.survey_of(held)
    is_text = not survey.sheets
    cells = survey.rows * len(survey.columns) * (1 if is_text else 4)
    return survey.all_read and cells <= SOON


def check(
    session: Session,
    source: Source,
    *,
    secret_key: str,
    now: datetime,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Tally:
    """Read a file through, and count what would come in."""
    tally = Tally()
    for batch in batches(source, tally, secret_key=secret_key, now=now):
        progress(tally.rows)
        compare(session, source, batch, tally)
    return tally


def keep(session: Session, source: Source, tally: Tally) -> dict[str, Any]:
    """Keep a report with the file, unless somebody has said something else of it meanwhile."""
    held = session.get_one(ResponseImport, source.import_id, with_for_update=True)
    report = tally.as_data(values=True)
    if holding.mapping_of(held) == source.mapping and held.applied_at is None:
        held.report = report
        session.flush()
    return report


def check_now(
    session: Session, import_id: UUID, *, secret_key: str, now: datetime
) -> dict[str, Any]:
    """Read a file through and keep the report.

    Raises
    ------
    consult.services.intake.holding.NoSuchImport, AlreadyApplied
        If there is nothing to read.
    consult.response_files.faults.ResponseFileError
        If the file cannot be read to its end.
    """
    source = source_of(session, import_id)
    return keep(session, source, check(session, source, secret_key=secret_key, now=now))


def preview(
    session: Session, held: ResponseImport, document: Document, mapping: Mapping, *, now: datetime
) -> list[Turned]:
    """The first rows as they would be stored."""
    survey = holding.survey_of(held)
    turner = Turner(document, survey, mapping, now=now)
    found: list[Turned] = []
    for row in responses(holding.table_of(session, held), survey.last_heading_row):
        found.append(turner.turn(row))
        if len(found) == PREVIEWED:
            break
    return found
