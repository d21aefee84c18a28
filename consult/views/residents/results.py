"""What came of a consultation: its published report, at an address that lasts."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from uuid import UUID

from flask import Response as Page
from flask import abort, current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.models import ReportVersion
from consult.reports import schema as report_schema
from consult.reports.charts.png import png
from consult.reports.charts.svg import svg
from consult.reports.data import Form
from consult.reports.formats import FORMATS
from consult.reports.paper import Figure, Paper, Part, Table
from consult.services.reporting import kept, versions
from consult.telling.report import files
from consult.telling.report.writing import paper
from consult.views.residents.current import blueprint, now, page, stored

CHART_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Edition:
    """A published version, as a page names it."""

    version: ReportVersion
    href: str
    is_shown: bool


class Papers:
    """The reports that were read last, each in one language."""

    MOST = 24

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[UUID, str, str], Paper] = OrderedDict()
        self._lock = Lock()

    def get(self, of_what: tuple[UUID, str, str], write: Callable[[], Paper]) -> Paper:
        """The report of a version, a digest and a language; written where it is not held."""
        with self._lock:
            if of_what in self._held:
                self._held.move_to_end(of_what)
                return self._held[of_what]
        written = write()
        with self._lock:
            self._held[of_what] = written
            while len(self._held) > self.MOST:
                self._held.popitem(last=False)
        return written


@blueprint.get("/<slug>/results")
def results() -> ResponseReturnValue:
    """The latest results, or word that there are none yet."""
    found = _published()
    return _results_page(found, found[0] if found else None)


@blueprint.get("/<slug>/results/<int:number>")
def results_version(number: int) -> ResponseReturnValue:
    """The results as they were published at one time."""
    found = _published()
    return _results_page(found, _numbered(found, number))


@blueprint.get("/<slug>/results/<int:number>/part/<key>")
def results_part(number: int, key: str) -> ResponseReturnValue:
    """One part of published results; each has a page, so that none is heavy."""
    found = _published()
    version = _numbered(found, number)
    parts = _parts(_paper(version))
    keys = [part.key for part in parts]
    if key not in keys:
        abort(404)
    at = keys.index(key)
    return render_template(
        "residents/results_part.html",
        page_title=parts[at].title,
        version=version,
        is_latest=version is found[0],
        shown=parts[at],
        behind=_behind(parts[at]),
        before=parts[at - 1] if at else None,
        after=parts[at + 1] if at + 1 < len(parts) else None,
    )


@blueprint.get("/<slug>/results/<int:number>/<form>.<extension>")
def results_file(number: int, form: str, extension: str) -> ResponseReturnValue:
    """A file of published results, in the page's language."""
    version = _numbered(_published(), number)
    if form not in set(Form) or extension not in FORMATS:
        abort(404)
    name = files.name_of(g.consultation_slug, version, Form(form), g.page_language, extension)
    content = files.file_of(db.session, version, Form(form), g.page_language, extension, now=now())
    return _file(content, FORMATS[extension].media_type, name)


@blueprint.get("/<slug>/results/<int:number>/charts/<key>.<extension>")
def results_chart(number: int, key: str, extension: str) -> ResponseReturnValue:
    """One chart of published results as a picture."""
    version = _numbered(_published(), number)
    if extension not in CHART_TYPES:
        abort(404)
    drawn = {each.key: each for each in _paper(version).figures()}
    if key not in drawn:
        abort(404)
    picture = _drawn(drawn[key])
    content = picture.encode() if extension == "svg" else png(picture)
    return _file(
        content,
        CHART_TYPES[extension],
        f"{g.consultation_slug}-{key}-{g.page_language}.{extension}",
    )


def _results_page(found: list[ReportVersion], version: ReportVersion | None) -> ResponseReturnValue:
    title = gettext("Results")
    if version is None:
        return render_template(
            "residents/results_none.html",
            page_title=title,
            were_taken_down=any(
                each.taken_down_at for each in versions.every(db.session, stored())
            ),
        )
    written = _paper(version)
    first, *others = _parts(written)
    return render_template(
        "residents/results.html",
        page_title=title,
        version=version,
        is_latest=version is found[0],
        paper=written,
        first=first,
        others=others,
        editions=[Edition(each, _address(each), each is version) for each in found],
        forms=_forms(version),
        open_data=_open_data(version),
        figures=list(written.figures()),
    )


def _published() -> list[ReportVersion]:
    """What is published, the newest first; a preview has nothing."""
    return versions.published(db.session, stored())


def _numbered(found: list[ReportVersion], number: int) -> ReportVersion:
    version = next((each for each in found if each.number == number), None)
    if version is None:
        abort(404)
    return version


def _address(version: ReportVersion) -> str:
    return page("results_version", number=version.number)


def _paper(version: ReportVersion) -> Paper:
    """The whole report in the page's language; kept, for it takes long to write."""
    data = versions.data_of(db.session, version)
    of_what = (version.id, kept.digest_of(data), g.page_language)
    return _papers().get(of_what, lambda: paper(data, g.page_language))


def _papers() -> Papers:
    found: Papers = current_app.extensions.setdefault("consult_papers", Papers())
    return found


def _parts(written: Paper) -> list[Part]:
    """What has a page: all but the tables, which are long and in the files."""
    return [part for part in written.parts if part.key != "tables"]


def _behind(shown: Part) -> list[Table]:
    """Long tables of a part that stand at the end of the whole report: here folded up."""
    there = {block.key for block in shown.blocks if isinstance(block, Table)}
    return [replace(table, shown=False) for table in shown.behind if table.key not in there]


def _forms(version: ReportVersion) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a reader can take along: each form in each format that people read."""
    forms = {
        Form.FULL: gettext("The whole report"),
        Form.ONE_PAGE: gettext("On one page"),
        # Translators: short sentences for people who find reading hard
        Form.EASY_READ: gettext("In Easy Read"),
    }
    formats = {
        "docx": "Word",
        "html": gettext("Web page to keep or print"),
    }
    found = [
        (
            words,
            [
                (of_format, _file_address(version, form, each))
                for each, of_format in formats.items()
            ],
        )
        for form, words in forms.items()
    ]
    # Translators: a workbook with all tables of a report
    found[0][1].append((gettext("Tables for Excel"), _file_address(version, Form.FULL, "xlsx")))
    return found


def _open_data(version: ReportVersion) -> list[tuple[str, str]]:
    return [
        (gettext("All tables as CSV"), _file_address(version, Form.FULL, "csv")),
        (gettext("All figures as JSON"), _file_address(version, Form.FULL, "json")),
        # Translators: a description of the fields of a JSON file, for programmers
        (gettext("What the JSON fields mean"), url_for("report_schema")),
    ]


def _file_address(version: ReportVersion, form: Form, extension: str) -> str:
    return page("results_file", number=version.number, form=form.value, extension=extension)


def _drawn(figure: Figure) -> str:
    return svg(figure.chart, title=figure.caption, alternative=figure.alternative)


def _file(content: bytes, media_type: str, name: str) -> Page:
    return Page(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def schema() -> Page:
    """What the fields of a report's JSON mean."""
    return Page(report_schema.schema_text(), content_type=report_schema.MEDIA_TYPE)
