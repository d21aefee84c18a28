"""A partner's sessions: the list, one with its code and steps, planning and changing."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.models import AssistedSession, Organisation, Workspace
from consult.services.assisting import members, planning
from consult.services.assisting.planning import State
from consult.views.qr import qr_picture
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, actor, now, page
from consult.views.staff.public_addresses import public_address
from consult.views.staff.responses.words import day_words
from consult.views.staff.sessions import plan_forms, words
from consult.views.staff.sessions.plan_forms import Errors, Typed
from consult.views.staff.sessions.shared import (
    called_off,
    calling_off_page,
    plan_page,
    planned_words,
    refusal,
    told,
)

ROOT = "/sessions"


@for_staff(f"{ROOT}/")
def my_sessions() -> ResponseReturnValue:
    """The sessions of the organisations that the person works for, and their tablets."""
    mine = members.organisations_of(db.session, account())
    rows = planning.of_account(db.session, account())
    coming = [row for row in rows if _is_coming(row, now())]
    return render_template(
        "partners/sessions.html",
        page_title=gettext("Your sessions"),
        mine=mine,
        coming=sorted(coming, key=lambda row: (row.on, row.code)),
        others=[row for row in rows if row not in coming],
        tablets=members.tablets_of(db.session, [each.id for each in mine]),
        day_words=day_words,
        state_words=words.state_words,
        state_colour=words.state_colour,
        owed_words=words.owed_words,
    )


@for_staff(f"{ROOT}/<uuid:session_id>")
def my_session(session_id: UUID) -> ResponseReturnValue:
    """One session: when, where, for whom; its code, the steps, and how it went."""
    row = session_at_hand(session_id)
    workspace = workspace_of(row)
    document = plan_forms.document_of(workspace)
    plan = planning.plan_of(row)
    address = tablet_address(row)
    return render_template(
        "partners/session.html",
        page_title=row.venue,
        row=row,
        plan=plan,
        consultation=document,
        known=plan_forms.described(plan, document),
        address=address,
        qr=qr_picture(address),
        is_local=request.host.split(":")[0] in {"localhost", "127.0.0.1"},
        tablets=members.tablets_of(db.session, [row.organisation_id]),
        day_words=day_words,
        state_words=words.state_words,
        state_colour=words.state_colour,
        owed_words=words.owed_words,
        **told(row, document, is_exact=False),
    )


@for_staff(f"{ROOT}/new/<uuid:organisation_id>")
def new_session_of_mine(organisation_id: UUID) -> ResponseReturnValue:
    """Ask where, when and for whom."""
    partner = _partner(organisation_id)
    languages = plan_forms.document_of(_workspace(partner)).languages
    typed = Typed(
        organisation=str(partner.id),
        languages=[code for code in languages if code in partner.languages],
        area=str(partner.areas[0]) if len(partner.areas) == 1 else "",
    )
    return _form(typed, partner, [])


@for_staff(f"{ROOT}/new/<uuid:organisation_id>", methods=("POST",))
def plan_session_of_mine(organisation_id: UUID) -> ResponseReturnValue:
    """Plan it."""
    partner = _partner(organisation_id)
    workspace = _workspace(partner)
    document = plan_forms.document_of(workspace)
    typed, plan, problems = plan_forms.read(workspace, document, [partner])
    if plan is None:
        return _form(typed, partner, problems), 422
    with unit_of_work(db.session):
        row = planning.plan(db.session, workspace, plan, actor=actor(), now=now())
        session_id = row.id
    flash(planned_words())
    return redirect(page("my_session", session_id=session_id), 303)


@for_staff(f"{ROOT}/<uuid:session_id>/change")
def change_my_session(session_id: UUID) -> ResponseReturnValue:
    """A session's plan, to change."""
    row = session_at_hand(session_id)
    return _form(plan_forms.typed_of(planning.plan_of(row)), row.organisation, [], row=row)


@for_staff(f"{ROOT}/<uuid:session_id>/change", methods=("POST",))
def save_my_session(session_id: UUID) -> ResponseReturnValue:
    """Write a session's plan anew."""
    row = session_at_hand(session_id)
    partner, workspace = row.organisation, workspace_of(row)
    document = plan_forms.document_of(workspace)
    typed, plan, problems = plan_forms.read(workspace, document, [partner])
    if plan is None:
        return _form(typed, partner, problems, row=row), 422
    try:
        with unit_of_work(db.session):
            planning.change(db.session, row, plan, seen=typed.seen, actor=actor(), now=now())
    except planning.SessionChanged as changed:
        typed.seen = planning.digest(changed.current)
        row = session_at_hand(session_id)
        return _form(typed, row.organisation, [], row=row, changed=changed), 409
    except (planning.CalledOff, planning.SomethingCame) as refused:
        row = session_at_hand(session_id)
        return _form(typed, row.organisation, [("", refusal(refused))], row=row), 409
    flash(gettext("The changes are saved."))
    return redirect(page("my_session", session_id=session_id), 303)


@for_staff(f"{ROOT}/<uuid:session_id>/call-off")
def confirm_calling_mine_off(session_id: UUID) -> ResponseReturnValue:
    """Ask once more before a session is called off."""
    return calling_off_page(
        session_at_hand(session_id),
        here=page("call_my_session_off", session_id=session_id),
        back=page("my_session", session_id=session_id),
    )


@for_staff(f"{ROOT}/<uuid:session_id>/call-off", methods=("POST",))
def call_my_session_off(session_id: UUID) -> ResponseReturnValue:
    """Call it off, unless people have answered in it."""
    return called_off(session_at_hand(session_id), page("my_session", session_id=session_id))


def session_at_hand(session_id: UUID) -> AssistedSession:
    """A session that is the person's to see; its page does not exist for others."""
    try:
        return planning.get_for(db.session, account(), session_id)
    except planning.NoSuchSession:
        abort(404)


def workspace_of(row: AssistedSession) -> Workspace:
    """The consultation that a session is about."""
    return db.session.get_one(Workspace, row.workspace_id)


def tablet_address(row: AssistedSession) -> str:
    """Where a tablet opens the app with this session."""
    return f"{_app_address()}#session={row.id}"


def _app_address() -> str:
    return public_address("tablet.shell")


def _is_coming(row: AssistedSession, at: datetime) -> bool:
    """Whether a session is still to be held: planned, and its day is not over."""
    workspace = workspace_of(row)
    zone = ZoneInfo(str(workspace.content.get("timezone") or "Europe/London"))
    return row.state == State.PLANNED and row.on >= at.astimezone(zone).date()


def _partner(organisation_id: UUID) -> Organisation:
    partner = db.session.get(Organisation, organisation_id)
    if partner is None or not planning.works_for(db.session, account(), partner.id):
        abort(404)
    return partner


def _workspace(partner: Organisation) -> Workspace:
    return db.session.get_one(Workspace, partner.workspace_id)


def _form(
    typed: Typed,
    partner: Organisation,
    errors: Errors,
    *,
    row: AssistedSession | None = None,
    changed: planning.SessionChanged | None = None,
) -> str:
    return plan_page(
        typed,
        plan_forms.document_of(_workspace(partner)),
        [partner],
        errors,
        here=page("plan_session_of_mine", organisation_id=partner.id)
        if row is None
        else page("save_my_session", session_id=row.id),
        back=page("my_sessions") if row is None else page("my_session", session_id=row.id),
        row=row,
        changed=changed,
    )
