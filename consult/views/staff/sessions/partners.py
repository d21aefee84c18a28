"""The people of partner organisations, and their tablets: naming, inviting, revoking."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.models import Device, Organisation
from consult.services import access, account_changes, accounts
from consult.services.assisting import enrolling, members
from consult.services.watching import organisations
from consult.views.staff.account_words import not_an_email, not_yours
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, actor, now, page, workspace
from consult.views.staff.inviting import chosen_language, link_of, send_link
from consult.views.staff.sessions import plan_forms, words
from consult.views.staff.sessions.listing import ROOT
from consult.views.staff.shown_once import show_once, shown_once
from consult.views.staff.typed import line

KIND = "invitation to an organisation"


@for_staff(f"{ROOT}/partners", roles=access.EDITORS)
def session_partners() -> ResponseReturnValue:
    """Who works for each organisation, and on which tablets."""
    return _page([])


@for_staff(f"{ROOT}/partners/<uuid:organisation_id>/add", roles=access.EDITORS, methods=("POST",))
def add_member(organisation_id: UUID) -> ResponseReturnValue:
    """Name somebody by e-mail address; who has no account yet is invited."""
    row, typed = _organisation(organisation_id), line("email")
    field = f"email-{organisation_id}"
    try:
        with unit_of_work(db.session):
            members.add(db.session, row, typed, actor=actor(), now=now())
    except accounts.NotAnEmail:
        return _page([(field, not_an_email())], typed={organisation_id: typed}), 422
    except members.NoAccount:
        return _invite(row, typed)
    flash(gettext("The person is added. They find the sessions when they sign in."))
    return redirect(page("session_partners"), 303)


@for_staff(
    f"{ROOT}/partners/<uuid:organisation_id>/remove", roles=access.EDITORS, methods=("POST",)
)
def remove_member(organisation_id: UUID) -> ResponseReturnValue:
    """Let somebody not work for an organisation any more; done before, it is done."""
    row = _organisation(organisation_id)
    try:
        account_id = UUID(request.form.get("account", ""))
    except ValueError:
        abort(404)
    try:
        with unit_of_work(db.session):
            members.remove(db.session, row, account_id, actor=actor(), now=now())
    except members.NotAMember:
        return redirect(page("session_partners"), 303)
    flash(
        gettext(
            "The person is taken out. Tablets that they have can still send: revoke those that "
            "they keep."
        )
    )
    return redirect(page("session_partners"), 303)


@for_staff(f"{ROOT}/tablets/<uuid:device_id>/revoke", roles=access.EDITORS)
def confirm_revoking(device_id: UUID) -> ResponseReturnValue:
    """Ask once more before a tablet is revoked."""
    device = _device(device_id)
    plan_forms.document_of(workspace())
    return render_template(
        "staff/sessions/revoke.html",
        page_title=gettext("Revoke this tablet?"),
        device=device,
        owed=words.owed_words(device),
    )


@for_staff(f"{ROOT}/tablets/<uuid:device_id>/revoke", roles=access.EDITORS, methods=("POST",))
def revoke_tablet(device_id: UUID) -> ResponseReturnValue:
    """Take nothing more from a tablet without somebody's looking at it."""
    device = _device(device_id)
    with unit_of_work(db.session):
        enrolling.revoke(db.session, device, actor=actor(), now=now())
    flash(
        gettext(
            "The tablet is revoked. It gets no questions any more, and what it still sends "
            "waits for your decision."
        )
    )
    return redirect(page("session_partners"), 303)


def _invite(row: Organisation, email: str) -> ResponseReturnValue:
    field = f"email-{row.id}"
    try:
        with unit_of_work(db.session):
            made, token = members.invite(db.session, row, email, by=account(), now=now())
            address = made.email
    except account_changes.NotYoursToGive as refused:
        return _page([(field, not_yours(refused.role))], typed={row.id: email}), 422
    language = chosen_language()
    link = link_of(token, language)
    show_once(KIND, link, address, sent=send_link(link, address, language))
    return redirect(page("session_partners"), 303)


def _organisation(organisation_id: UUID) -> Organisation:
    try:
        return organisations.get(db.session, workspace(), organisation_id)
    except organisations.NoSuchOrganisation:
        abort(404)


def _device(device_id: UUID) -> Device:
    try:
        return enrolling.find(db.session, workspace(), device_id)
    except enrolling.UnknownDevice:
        abort(404)


def _page(errors: list[tuple[str, str]], *, typed: dict[UUID, str] | None = None) -> str:
    plan_forms.document_of(workspace())
    rows = organisations.all_of(db.session, workspace())
    tablets: dict[UUID, list[Device]] = {row.id: [] for row in rows}
    for device in enrolling.of_workspace(db.session, workspace()):
        tablets[device.organisation_id].append(device)
    return render_template(
        "staff/sessions/partners.html",
        page_title=gettext("People and tablets"),
        errors=errors,
        problems=dict(errors),
        typed=typed or {},
        partners=[
            (
                row,
                members.of_organisation(db.session, row),
                members.waiting(db.session, row, now=now()),
                tablets[row.id],
            )
            for row in rows
        ],
        owed_words=words.owed_words,
        link=shown_once(KIND),
    )
