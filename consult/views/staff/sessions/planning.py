"""Planning a session, changing it, calling it off."""

from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from analysis.tables import matching_key
from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.models import AssistedSession
from consult.services import access
from consult.services.assisting import planning
from consult.services.assisting.planning import SessionChanged
from consult.services.watching import organisations, respondents
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.sessions import plan_forms
from consult.views.staff.sessions.listing import ROOT, session_row
from consult.views.staff.sessions.plan_forms import Errors, Typed
from consult.views.staff.sessions.shared import (
    called_off,
    calling_off_page,
    plan_page,
    planned_words,
    refusal,
)


@for_staff(f"{ROOT}/new", roles=access.EDITORS)
def new_session() -> ResponseReturnValue:
    """Ask where, when and for whom; a line of the outreach plan has filled some of it in."""
    document = plan_forms.document_of(workspace())
    return _form(_from_address(document), document, [])


@for_staff(f"{ROOT}/new", roles=access.EDITORS, methods=("POST",))
def plan_session() -> ResponseReturnValue:
    """Plan it."""
    document = plan_forms.document_of(workspace())
    partners = organisations.all_of(db.session, workspace())
    typed, plan, problems = plan_forms.read(workspace(), document, partners)
    if plan is None:
        return _form(typed, document, problems), 422
    with unit_of_work(db.session):
        row = planning.plan(db.session, workspace(), plan, actor=actor(), now=now())
        session_id = row.id
    flash(planned_words())
    return redirect(page("assisted_session", session_id=session_id), 303)


@for_staff(f"{ROOT}/<uuid:session_id>/change", roles=access.EDITORS)
def change_session(session_id: UUID) -> ResponseReturnValue:
    """A session's plan, to change."""
    row = session_row(session_id)
    typed = plan_forms.typed_of(planning.plan_of(row))
    return _form(typed, plan_forms.document_of(workspace()), [], row=row)


@for_staff(f"{ROOT}/<uuid:session_id>/change", roles=access.EDITORS, methods=("POST",))
def save_session(session_id: UUID) -> ResponseReturnValue:
    """Write a session's plan anew."""
    document = plan_forms.document_of(workspace())
    partners = organisations.all_of(db.session, workspace())
    typed, plan, problems = plan_forms.read(workspace(), document, partners)
    row = session_row(session_id)
    if plan is None:
        return _form(typed, document, problems, row=row), 422
    try:
        with unit_of_work(db.session):
            planning.change(db.session, row, plan, seen=typed.seen, actor=actor(), now=now())
    except planning.SessionChanged as changed:
        typed.seen = planning.digest(changed.current)
        return _form(typed, document, [], row=session_row(session_id), changed=changed), 409
    except (planning.CalledOff, planning.SomethingCame) as refused:
        row = session_row(session_id)
        return _form(typed, document, [("", refusal(refused))], row=row), 409
    flash(gettext("The changes are saved."))
    return redirect(page("assisted_session", session_id=session_id), 303)


@for_staff(f"{ROOT}/<uuid:session_id>/call-off", roles=access.EDITORS)
def confirm_calling_off(session_id: UUID) -> ResponseReturnValue:
    """Ask once more before a session is called off."""
    return calling_off_page(
        session_row(session_id),
        here=page("call_off_session", session_id=session_id),
        back=page("assisted_session", session_id=session_id),
    )


@for_staff(f"{ROOT}/<uuid:session_id>/call-off", roles=access.EDITORS, methods=("POST",))
def call_off_session(session_id: UUID) -> ResponseReturnValue:
    """Call it off, unless people have answered in it."""
    return called_off(session_row(session_id), page("assisted_session", session_id=session_id))


def _from_address(document: Document) -> Typed:
    """What the address says of a line of the outreach plan; nothing where it says nothing."""
    named = request.args.get("partner", "")
    partners = organisations.all_of(db.session, workspace())
    partner = next((each for each in partners if str(each.id) == named), None)
    if partner is None:
        return Typed()
    wards = respondents.area_dimension(document)
    known = {
        (each.name, matching_key(category)): (each.name, category)
        for each in organisations.dimensions_of(document)
        for category in each.categories
    }
    if wards is not None:
        known |= {(wards, matching_key(area.code)): (wards, area.code) for area in document.areas}
    asked = [each.partition(":") for each in request.args.getlist("group")]
    groups = [known.get((dimension, matching_key(name))) for dimension, _, name in asked]
    people = request.args.get("people", type=int)
    return plan_forms.typed_of_line(
        planning.from_outreach(
            partner,
            [group for group in groups if group is not None],
            people if people is not None and 1 <= people <= planning.MOST_PEOPLE else None,
            ward_dimension=wards,
            languages=document.languages,
        )
    )


def _form(
    typed: Typed,
    document: Document,
    errors: Errors,
    *,
    row: AssistedSession | None = None,
    changed: SessionChanged | None = None,
) -> str:
    return plan_page(
        typed,
        document,
        organisations.all_of(db.session, workspace()),
        errors,
        here=page("plan_session") if row is None else page("save_session", session_id=row.id),
        back=page("assisted_sessions")
        if row is None
        else page("assisted_session", session_id=row.id),
        row=row,
        changed=changed,
    )
