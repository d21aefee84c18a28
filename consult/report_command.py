"""``consult report``: a report as a file, of a version that is on record."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from os import W_OK, X_OK, access
from pathlib import Path

from sqlalchemy.orm import Session

from analysis.progress import Progress
from analysis.suppression.protecting import CannotProtect
from consult.db import stand_still, unit_of_work
from consult.models import Consultation, ReportVersion
from consult.reports.data import Audience, Form
from consult.services import audit, consultations
from consult.services.reporting import versions
from consult.services.reporting.gathering import gather
from consult.services.reporting.versions import DataRemoved, Outrun
from consult.telling.report import files
from consult.whole_files import write_whole

TRIES = 3
"""How often the figures are worked out anew because another version came in between."""


class ReportRefused(Exception):
    """Something that whoever runs the command can mend, in one line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which file of which report.

    Attributes
    ----------
    language : str or None
        None for the one that the consultation was written in.
    number : int or None
        Of the version; None for the figures as they are now.
    """

    slug: str
    audience: Audience
    form: Form
    file_format: str
    language: str | None = None
    number: int | None = None


def report(session: Session, wanted: Wanted, output: Path, progress: Progress) -> list[str]:
    """Write a report to a file, and return lines to print.

    The same figures make no new version. A public file is always of a version, because the next
    one must know what this one gave away.

    Raises
    ------
    ReportRefused
        If there is nothing to make it of, or the file cannot be written.
    consult.services.consultations.NoSuchConsultation
        If there is no consultation of that name.
    """
    stored = consultations.get(session, wanted.slug)
    document = consultations.document_of(session, stored)
    language = wanted.language or document.source_language
    if language not in document.languages:
        known = ", ".join(document.languages)
        raise ReportRefused(
            f"{wanted.slug}: {language!r} is none of its languages. It has: {known}."
        )
    _check_place(output)
    version = (
        _newest(session, stored, wanted.audience, progress)
        if wanted.number is None
        else _numbered(session, stored, wanted)
    )
    with progress.stage("Writing the file"):
        content = files.file_of(
            session,
            version,
            wanted.form,
            language,
            wanted.file_format,
            now=datetime.now(UTC),
        )
    if version.audience == Audience.INTERNAL.value:
        with unit_of_work(session):
            versions.note_download(
                session,
                stored,
                version,
                output.name,
                actor=audit.COMMAND_LINE,
                now=datetime.now(UTC),
            )
    try:
        write_whole(output, content)
    except OSError as error:
        raise ReportRefused(f"{output}: {error.strerror}. Name another file.") from error
    responses = versions.data_of(session, version).arrived.responses.text
    return [
        f"{wanted.slug}: {version.audience} report, version {version.number}, "
        f"responses: {responses}",
        f"written to {output}",
    ]


def _newest(
    session: Session, stored: Consultation, audience: Audience, progress: Progress
) -> ReportVersion:
    if not versions.is_reportable(session, stored):
        raise ReportRefused(f"{stored.slug}: it is not open yet, so there is nothing to report.")
    for _ in range(TRIES):
        with suppress(Outrun):
            return _made(session, stored.slug, audience, progress)
    raise ReportRefused(
        f"{stored.slug}: other versions are being made at the same time. Try again."
    )


def _made(session: Session, slug: str, audience: Audience, progress: Progress) -> ReportVersion:
    try:
        session.rollback()
        stand_still(session)
        stored = consultations.get(session, slug)
        if stored.data_removed_at is not None:
            raise DataRemoved
        earlier = versions.earlier(session, stored)
        with progress.stage("Working the figures out", "figures") as step:
            gathered = gather(
                session,
                stored,
                audience=audience,
                now=datetime.now(UTC),
                earlier=earlier,
                progress=step,
            )
        with unit_of_work(session):
            return versions.make(
                session,
                consultations.get(session, slug),
                gathered,
                actor=audit.COMMAND_LINE,
                now=datetime.now(UTC),
                releases=len(earlier),
            )
    except DataRemoved as error:
        raise ReportRefused(
            f"{slug}: the answers were removed on the day that was promised. Name a version that "
            "was made before with --version."
        ) from error
    except CannotProtect as error:
        raise ReportRefused(
            f"{slug}: there are so few answers that no public figures can be made of them without "
            "giving people away. Wait for more, or take --audience internal."
        ) from error


def _numbered(session: Session, stored: Consultation, wanted: Wanted) -> ReportVersion:
    found = versions.every(session, stored)
    for version in found:
        if (version.number, version.audience) == (wanted.number, wanted.audience.value):
            return version
    numbers = [str(each.number) for each in found if each.audience == wanted.audience.value]
    raise ReportRefused(
        f"{stored.slug}: there is no {wanted.audience.value} version {wanted.number}. "
        f"Versions of that kind: {', '.join(reversed(numbers)) or 'none'}."
    )


def _check_place(output: Path) -> None:
    """Tell before the work, and not after it, that the file cannot be written."""
    if output.is_dir():
        raise ReportRefused(f"{output}: a folder. Name a file in it.")
    folder = output.absolute().parent
    if not folder.is_dir():
        raise ReportRefused(f"{output}: there is no folder {output.parent}. Make it first.")
    if not access(folder, W_OK | X_OK):
        raise ReportRefused(f"{output}: the folder cannot be written to. Name another.")
