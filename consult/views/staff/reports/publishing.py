"""Letting everybody read a version, and taking it down again."""

from babel.lists import format_list
from flask import abort, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from consult.db import db, unit_of_work
from consult.models import ReportVersion
from consult.reports.data import Audience
from consult.services import access
from consult.services.reporting import versions
from consult.services.reporting.versions import NeverOpen
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page
from consult.views.staff.reports.at_hand import Opened, report_at_hand
from consult.views.staff.reports.making import remarks
from consult.views.staff.reports.version import version_or_404
from consult.views.staff.themes.figure_words import language_name


@for_staff("/consultations/<slug>/report/versions/<int:number>/publish", roles=access.EDITORS)
def confirm_publishing_report(number: int) -> ResponseReturnValue:
    """Ask before a version is published, and say what that means."""
    found = report_at_hand()
    version = _public_or_404(found, number)
    return render_template(
        "staff/reports/publish.html",
        page_title=gettext("Publish version %(number)s?", number=number),
        version=version,
        languages=_listed([language_name(code) for code in found.document.languages]),
        remarks=remarks(found),
        is_first=not versions.published(db.session, found.stored),
    )


@for_staff(
    "/consultations/<slug>/report/versions/<int:number>/publish",
    roles=access.EDITORS,
    methods=("POST",),
)
def publish_report(number: int) -> ResponseReturnValue:
    """Let everybody read a version."""
    version = _public_or_404(report_at_hand(), number)
    try:
        with unit_of_work(db.session):
            versions.publish(db.session, version, actor=actor(), now=now())
    except NeverOpen:  # the version's page says so
        return redirect(page("report_version", number=number), 303)
    return redirect(page("report_version", number=number, published=1), 303)


@for_staff("/consultations/<slug>/report/versions/<int:number>/take-down", roles=access.EDITORS)
def confirm_taking_report_down(number: int) -> ResponseReturnValue:
    """Ask before a version is taken down, and say what stays known."""
    version = _public_or_404(report_at_hand(), number)
    return render_template(
        "staff/reports/take_down.html",
        page_title=gettext("Take version %(number)s down?", number=number),
        version=version,
    )


@for_staff(
    "/consultations/<slug>/report/versions/<int:number>/take-down",
    roles=access.EDITORS,
    methods=("POST",),
)
def take_report_down(number: int) -> ResponseReturnValue:
    """Let nobody but colleagues read a version any more."""
    version = _public_or_404(report_at_hand(), number)
    with unit_of_work(db.session):
        versions.take_down(db.session, version, actor=actor(), now=now())
    return redirect(page("report_version", number=number, taken_down=1), 303)


def _listed(names: list[str]) -> str:
    """Names in a row, as the language of the page writes them."""
    return format_list(names, locale=get_locale())


def _public_or_404(found: Opened, number: int) -> ReportVersion:
    version = version_or_404(found, number)
    if version.audience != Audience.PUBLIC.value:
        abort(404)
    return version
