"""All versions of the report, and making another."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import and_, or_

from consult.db import db, unit_of_work
from consult.forms.bidirectional import isolated
from consult.jobs import reporting
from consult.models import Job, ReportVersion
from consult.models.job import UNFINISHED
from consult.reports.data import Audience
from consult.services import access, jobs
from consult.services.reporting import checking, versions
from consult.services.reporting.checking import Finding, Kind
from consult.views.staff import job_words
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page, workspace
from consult.views.staff.editing.saving import name_of
from consult.views.staff.reports.at_hand import Opened, report_at_hand
from consult.views.staff.reports.words import audience_words, finding_words
from consult.views.staff.themes.at_hand import question_label
from consult.views.staff.themes.figure_words import language_name
from consult.views.staff.typed import line

LONGEST_FIELD = 100_000
"""Characters of a field that is shown again when it is too long to keep."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know before a version goes out, and where it can be put right."""

    words: str
    href: str | None


@for_staff("/consultations/<slug>/report/versions", roles=access.READERS)
def report_versions() -> ResponseReturnValue:
    """The versions, the newest first, with forms for one more."""
    return _page(report_at_hand())


@for_staff("/consultations/<slug>/report/versions", roles=access.EDITORS, methods=("POST",))
def make_report() -> ResponseReturnValue:
    """Ask for a version; the job's page shows how far it is."""
    found = report_at_hand()
    typed = line("note", LONGEST_FIELD)
    audience = request.form.get("audience", "")
    errors: list[tuple[str | None, str]] = []
    if audience not in set(Audience):
        errors.append(("audience", gettext("Choose for whom the version is")))
    if len(typed) > versions.LONGEST_NOTE:
        words = gettext(
            "The note has %(count)s characters. We can take up to %(most)s: shorten it.",
            count=len(typed),
            most=versions.LONGEST_NOTE,
        )
        errors.append(("note", words))
    if errors:
        return _page(found, typed, audience, errors), 422
    with unit_of_work(db.session):
        job = reporting.ask(
            db.session,
            found.stored.slug,
            Audience(audience),
            note=typed,
            actor=actor(),
            now=now(),
        )
        job_id = job.id
    return redirect(page("job", job_id=job_id), 303)


def remarks(found: Opened) -> list[Remark]:
    """What an officer should know before a version is made or published."""
    return [
        Remark(
            finding_words(
                each,
                isolated(question_label(found.document, each.question)) if each.question else "",
                language_name(each.language) if each.language else "",
            ),
            _where(each),
        )
        for each in checking.findings(db.session, found.stored, found.document, now=now())
    ]


def seen_versions(found: Opened) -> list[ReportVersion]:
    """The versions that the person at hand may look at."""
    return [
        version
        for version in versions.every(db.session, found.stored)
        if version.audience == Audience.PUBLIC.value or may(*access.ANALYSTS)
    ]


def _page(
    found: Opened,
    note: str = "",
    audience: str = "",
    errors: Sequence[tuple[str | None, str]] = (),
) -> str:
    return render_template(
        "staff/reports/versions.html",
        page_title=gettext("Versions of the report"),
        versions=[(version, name_of(version.made_by)) for version in seen_versions(found)],
        is_published=versions.is_published,
        audience_words=audience_words,
        audiences=_audiences(),
        can_make=may(*access.EDITORS) and found.stored.data_removed_at is None,
        data_removed=found.stored.data_removed_at,
        remarks=remarks(found) if may(*access.EDITORS) else [],
        note=note,
        audience=audience,
        errors=list(errors),
        problems=dict(errors),
        jobs=_running(),
        job_words=job_words,
        longest_note=versions.LONGEST_NOTE,
    )


def _audiences() -> list[dict[str, str]]:
    return [
        {
            "value": Audience.PUBLIC.value,
            "label": gettext("A public version"),
            "hint": gettext(
                "Small numbers are hidden and the others are rounded, so that nobody can be "
                "recognised. It can be published."
            ),
        },
        {
            "value": Audience.INTERNAL.value,
            "label": gettext("An internal version"),
            "hint": gettext("All figures are exact. It is for colleagues and is never published."),
        },
    ]


def _running() -> Sequence[Job]:
    keys = [reporting.key_of(workspace().slug, audience) for audience in Audience]
    wanted = and_(or_(*(Job.key == key for key in keys)), Job.state.in_(UNFINISHED))
    return jobs.listing(db.session, wanted, start=0, count=len(keys))


def _where(finding: Finding) -> str | None:
    """The page on which it can be put right."""
    match finding.kind:
        case Kind.STILL_OPEN:
            return None
        case Kind.NEVER_ANALYSED | Kind.NOT_YET_ANALYSED:
            return page("themes")
        case Kind.UNNAMED:
            return page("question_themes", question=finding.question)
        case Kind.UNREVIEWED:
            return page("review", question=finding.question)
        case Kind.NO_QUOTES:
            return page("quotes", question=finding.question)
        case Kind.CONSIDERED:
            return page("report_considered")
        case _:
            return page("report_texts", code=finding.language)
