"""What decision-makers must consider for each protected characteristic: the equality appendix."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.reports.data import CHARACTERISTICS
from consult.services import access
from consult.services.reporting import texts
from consult.services.reporting.texts import Refused
from consult.telling.report.names import characteristic_name
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page
from consult.views.staff.reports.at_hand import Opened, report_at_hand
from consult.views.staff.reports.typed import (
    Field,
    error_list,
    fields_again,
    stored_field,
    typed,
)


@for_staff("/consultations/<slug>/report/equality", roles=access.READERS)
def report_considered() -> ResponseReturnValue:
    """One text for each protected characteristic."""
    found = report_at_hand()
    return _page(found, _stored(found))


@for_staff("/consultations/<slug>/report/equality", roles=access.EDITORS, methods=("POST",))
def save_report_considered() -> ResponseReturnValue:
    """Save them; what a colleague wrote meanwhile stands beside what was typed."""
    found = report_at_hand()
    sent = typed([(each, texts.considered(each)) for each in CHARACTERISTICS])
    try:
        with unit_of_work(db.session):
            saved = texts.save(
                db.session,
                found.stored,
                found.document.source_language,
                sent,
                actor=actor(),
                now=now(),
            )
    except Refused as refused:
        return _page(found, fields_again(_stored(found), sent, refused=refused)), 422
    if saved.held:
        return _page(found, fields_again(_stored(found), sent, held=saved.held)), 409
    return redirect(page("report_considered", saved=1), 303)


def _page(found: Opened, fields: list[Field]) -> str:
    return render_template(
        "staff/reports/considered.html",
        page_title=gettext("What decision-makers must consider"),
        errors=error_list(fields),
        fields=fields,
        can_edit=may(*access.EDITORS),
        saved="saved" in request.args,
        longest=texts.LONGEST,
        source_language=found.document.source_language,
    )


def _stored(found: Opened) -> list[Field]:
    there = texts.rows(db.session, found.stored)
    source = found.document.source_language
    return [
        stored_field(
            each,
            texts.considered(each),
            characteristic_name(each),
            row.text if row is not None else "",
        )
        for each in CHARACTERISTICS
        for row in [there.get((texts.considered(each), source))]
    ]
