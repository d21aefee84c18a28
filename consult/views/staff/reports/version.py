"""One version: how it reads, what is new in it, and its files."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.languages import direction
from consult.models import ReportVersion
from consult.reports.data import Audience, Form, ReportData, Texts
from consult.services import access
from consult.services.reporting import comparing, versions
from consult.services.reporting.comparing import Compared
from consult.services.reporting.versions import NoSuchVersion
from consult.telling.report.writing import paper
from consult.views.staff.audience import for_staff
from consult.views.staff.current import may
from consult.views.staff.editing.saving import name_of
from consult.views.staff.reports.at_hand import Opened, report_at_hand
from consult.views.staff.reports.words import audience_words, form_choices, format_words
from consult.views.staff.themes.figure_words import language_name


@dataclass(frozen=True, slots=True)
class Chosen:
    """In which language and form a version is looked at."""

    language: str
    form: Form


@for_staff("/consultations/<slug>/report/versions/<int:number>", roles=access.READERS)
def report_version(number: int) -> ResponseReturnValue:
    """A version as it reads in one language, with its files."""
    found = report_at_hand()
    version = version_or_404(found, number)
    data = versions.data_of(db.session, version)
    chosen = chosen_of(data, request.args)
    return render_template(
        "staff/reports/version.html",
        page_title=gettext("Version %(number)s of the report", number=number),
        version=version,
        made_by=name_of(version.made_by),
        published_by=None if version.published_by is None else name_of(version.published_by),
        is_published=versions.is_published(version),
        audience=audience_words(version.audience),
        is_public=version.audience == Audience.PUBLIC.value,
        can_publish=may(*access.EDITORS),
        has_pages=not found.stored.is_preview,
        paper=paper(data, chosen.language, chosen.form),
        language=chosen.language,
        language_direction=direction(chosen.language),
        form=chosen.form,
        languages=[
            {"value": code, "label": language_name(code)} for code in data.consultation.languages
        ],
        forms=form_choices(),
        formats=format_words(),
        compared=_compared(found, version, data),
        said=_said,
        notice_words=_notice_words(),
    )


def version_or_404(found: Opened, number: int) -> ReportVersion:
    """A version that the person at hand may look at; to others its page does not exist."""
    try:
        version = versions.numbered(db.session, found.stored, number)
    except NoSuchVersion:
        abort(404)
    if version.audience != Audience.PUBLIC.value and not may(*access.ANALYSTS):
        abort(404)
    return version


def chosen_of(data: ReportData, asked: Mapping[str, str]) -> Chosen:
    """What the address asks for, or the whole report as it was written."""
    language, form = asked.get("in", ""), asked.get("form", "")
    return Chosen(
        language if language in data.consultation.languages else data.consultation.source_language,
        Form(form) if form in set(Form) else Form.FULL,
    )


def _compared(found: Opened, version: ReportVersion, data: ReportData) -> Compared | None:
    earlier = versions.before(db.session, found.stored, version)
    if earlier is None:
        return None
    return comparing.compare(versions.data_of(db.session, earlier), data)


def _said(texts: Texts, language: str) -> str:
    """A text in a language, or as it was written."""
    return (
        texts.get(language) or next(iter(texts.values()), "") or gettext("A theme without a name")
    )


def _notice_words() -> str | None:
    if "published" in request.args:
        return gettext("Everybody can read this version now.")
    if "taken_down" in request.args:
        return gettext("This version is taken down.")
    return None
