"""Who works on one consultation: adding colleagues, inviting new ones, and taking roles away."""

from uuid import UUID

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.i18n import page_language
from consult.models import ROLES, Invitation
from consult.services import access, account_changes, accounts, invitations
from consult.views.staff.account_words import not_an_email, not_yours, role_choices
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, actor, may, now, page, workspace
from consult.views.staff.inviting import chosen_language, language_choices, link_of, send_link
from consult.views.staff.shown_once import show_once, shown_once
from consult.views.staff.typed import line

KIND = "invitation to one consultation"


@for_staff("/consultations/<slug>/people", roles=access.EDITORS)
def people() -> ResponseReturnValue:
    """Who may do what in this consultation."""
    return _page([])


@for_staff("/consultations/<slug>/people/add", roles=access.EDITORS, methods=("POST",))
def add_person() -> ResponseReturnValue:
    """Give a colleague a role here; who has no account yet gets an invitation from an admin."""
    typed, role = line("email"), request.form.get("role", "")
    errors = []
    if role not in ROLES:
        errors.append(("role", gettext("Choose a role")))
    try:
        found = accounts.find(db.session, typed)
    except accounts.NotAnEmail:
        found = None
        errors.insert(0, ("email", not_an_email()))
    if found is None and not errors and not may(access.ADMIN):
        told = gettext(
            "Nobody has an account with this address. Check it, or ask an admin to invite them."
        )
        errors.append(("email", told))
    if errors:
        return _page(errors, email=typed, role=role), 422
    try:
        if found is None:
            return _invite(typed, role)
        _add(found.id, role)
    except account_changes.NotYoursToGive as refused:
        return _page([("role", not_yours(refused.role))], email=typed, role=role), 422
    return redirect(page("people", done="added"), 303)


@for_staff("/consultations/<slug>/people/remove", roles=access.EDITORS, methods=("POST",))
def remove_person() -> ResponseReturnValue:
    """Take a role in this consultation from somebody."""
    try:
        account_id = UUID(request.form.get("account", ""))
    except ValueError:
        abort(404)
    try:
        with unit_of_work(db.session):
            account_changes.remove_member(
                db.session,
                account_id,
                workspace(),
                request.form.get("role", ""),
                held=_held(),
                actor=actor(),
                now=now(),
            )
    except accounts.NoSuchAccount:
        abort(404)
    except account_changes.NotYoursToGive as refused:
        return _page([("members", not_yours(refused.role))]), 422
    if not access.roles_in(account(), workspace().id):
        return redirect(page("home"), 303)
    return redirect(page("people", done="removed"), 303)


@for_staff(
    "/consultations/<slug>/people/invitations/<uuid:invitation_id>/withdraw",
    roles=(access.ADMIN,),
    methods=("POST",),
)
def withdraw_invitation_here(invitation_id: UUID) -> ResponseReturnValue:
    """Let an invitation to this consultation work no more."""
    found = db.session.get(Invitation, invitation_id)
    if found is None or not invitations.is_only_of(found, workspace().id):
        abort(404)
    with unit_of_work(db.session):
        invitations.revoke(db.session, invitation_id, actor=actor(), now=now())
    return redirect(page("people") + "#invitations", 303)


def _add(account_id: UUID, role: str) -> None:
    with unit_of_work(db.session):
        account_changes.add_member(
            db.session, account_id, workspace(), role, held=_held(), actor=actor(), now=now()
        )


def _invite(email: str, role: str) -> ResponseReturnValue:
    with unit_of_work(db.session):
        made, token = invitations.invite(
            db.session,
            email=email,
            memberships=[(workspace().id, role)],
            by=account(),
            now=now(),
        )
        address = made.email
    link = link_of(token, chosen_language())
    show_once(KIND, link, address, sent=send_link(link, address, chosen_language()))
    return redirect(page("people"), 303)


def _held() -> frozenset[str]:
    return access.roles_in(account(), workspace().id)


def _page(errors: list[tuple[str, str]], *, email: str = "", role: str = "") -> str:
    mine = account_changes.grantable(_held())
    waiting = invitations.pending(db.session, workspace_id=workspace().id)
    done = {
        "added": gettext("The person is added. They see the consultation when they sign in."),
        "removed": gettext("The role is taken away."),
    }
    return render_template(
        "staff/accounts_people.html",
        page_title=gettext("People"),
        errors=errors,
        problems=dict(errors),
        members=accounts.members(db.session, workspace().id),
        everywhere=accounts.working_everywhere(db.session),
        mine=mine,
        role_choices=role_choices(mine),
        language_choices=language_choices(),
        language=chosen_language() if request.method == "POST" else page_language(),
        email=email,
        role=role,
        waiting=[
            (each, invitations.standing(db.session, each, now()), invitations.memberships_of(each))
            for each in waiting
        ],
        done=done.get(request.args.get("done", "")),
        link=shown_once(KIND),
    )
