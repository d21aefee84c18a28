"""Files of a report: made of a version's data, and kept until something in them must go."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import Consultation, ReportVersion
from consult.reports.data import Form, ReportData
from consult.reports.formats import FORMATS, data_file, flat, web_page, word, workbook
from consult.reports.paper import Paper
from consult.services.reporting import kept, texts, versions
from consult.telling.report import writing

_TO_READ: Final[Mapping[str, Callable[[Paper], bytes]]] = {
    "docx": word.write,
    "html": web_page.write,
}
_OF_TABLES: Final[Mapping[str, Callable[[Paper], bytes]]] = {
    "xlsx": workbook.write,
    "csv": flat.write,
}
"""These hold the tables of the full report, whatever form it is read in."""

_OF_DATA: Final[Mapping[str, Callable[[ReportData], bytes]]] = {"json": data_file.write}
"""These hold everything, in every language."""


def render(data: ReportData, form: Form, language: str, file_format: str) -> bytes:
    """A report as a file.

    Parameters
    ----------
    data : ReportData
        With the words of its quotes.
    form : Form
    language : str
    file_format : str
        One of :data:`consult.reports.formats.FORMATS`.

    Raises
    ------
    KeyError
        If there is no such format.
    """
    if file_format in _OF_DATA:
        return _OF_DATA[file_format](data)
    if file_format in _OF_TABLES:
        return _OF_TABLES[file_format](writing.paper(data, language, Form.FULL))
    return _TO_READ[file_format](writing.paper(data, language, form))


def file_of(
    session: Session,
    version: ReportVersion,
    form: Form,
    language: str,
    file_format: str,
    *,
    now: datetime,
) -> bytes:
    """A file of a version: the one that is kept, or a new one where a quote had to go since.

    For a session outside a unit of work: making a file takes long, and nobody could write
    meanwhile. Only keeping it has a short one of its own, and one that is kept needs none.

    Raises
    ------
    KeyError
        If there is no such format.
    """
    data = versions.data_of(session, version)
    digest = kept.digest_of(data)
    name = _kept_name(form, language, file_format)
    content = kept.kept_file(session, version, name, digest)
    if content is None:
        content = render(data, form, language, file_format)
        _keep(session, version, name, digest, content, now=now)
    return content


def name_of(slug: str, version: ReportVersion, form: Form, language: str, file_format: str) -> str:
    """What a file is called where it is saved: ``parks-report-v3-full-ur.docx``."""
    return f"{slug}-report-v{version.number}-{_kept_name(form, language, file_format)}"


def _keep(
    session: Session,
    version: ReportVersion,
    name: str,
    digest: str,
    content: bytes,
    *,
    now: datetime,
) -> None:
    """Keep a file if it still says what the version does: a quote may have gone meanwhile."""
    version_id, consultation_id = version.id, version.consultation_id
    with unit_of_work(session):
        texts.hold(session, session.get_one(Consultation, consultation_id))
        still = session.get(ReportVersion, version_id)
        if still is not None and kept.digest_of(versions.data_of(session, still)) == digest:
            kept.keep(session, still, name, digest, content, now=now)


def _kept_name(form: Form, language: str, file_format: str) -> str:
    extension = FORMATS[file_format].extension
    if file_format in _OF_DATA:
        return f"data.{extension}"
    if file_format in _OF_TABLES:
        return f"tables-{language}.{extension}"
    return f"{form.value.replace('_', '-')}-{language}.{extension}"
