"""Accounts: who has one, what each may do, closing one, and helping somebody back in."""

from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security.recoverable import generate_reset_password_token

from consult.db import db, unit_of_work
from consult.models import ROLES, Account
from consult.services import (
    access,
    account_changes,
    account_lists,
    identities,
    invitations,
    second_factors,
    workspaces,
)
from consult.services import accounts as keeping
from consult.sign_in import openid
from consult.sign_in.freshness import is_fresh, prove_again
from consult.views.staff.account_words import last_admin, not_yours, offers, role_choices, title_of
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account as person
from consult.views.staff.current import actor, now, page
from consult.views.staff.public_addresses import public_address
from consult.views.staff.shown_once import show_once, shown_once

ADMINS = (access.ADMIN,)


@for_staff("/accounts", roles=ADMINS)
def accounts() -> ResponseReturnValue:
    """Everybody who has an account, and the invitations that wait."""
    text = request.args.get("q", "").strip()[:100]
    found, more = account_lists.search(db.session, text, after=request.args.get("after", "")[:200])
    waiting = [
        (each, invitations.standing(db.session, each, now()))
        for each in invitations.pending(db.session)
    ]
    return render_template(
        "staff/accounts.html",
        page_title=gettext("Accounts"),
        text=text,
        found=found,
        next_after=found[-1].account.email if more else None,
        waiting=[(each, state, offers(db.session, each)) for each, state in waiting],
        link=shown_once("invitation"),
    )


@for_staff("/accounts/<uuid:account_id>", roles=ADMINS)
def one_account(account_id: UUID) -> ResponseReturnValue:
    """One account: what it may do and how it signs in."""
    return _page(_get(account_id), [])


@for_staff("/accounts/<uuid:account_id>/roles", roles=ADMINS, methods=("POST",))
def change_roles(account_id: UUID) -> ResponseReturnValue:
    """Give an account other roles everywhere."""
    if not is_fresh():
        return prove_again(page("one_account", account_id=account_id))
    wanted = [role for role in request.form.getlist("roles") if role in ROLES]
    seen = [role for role in request.form.get("seen", "").split(",") if role]
    try:
        with unit_of_work(db.session):
            account_changes.set_roles(
                db.session,
                account_id,
                wanted,
                seen=seen,
                held=access.roles_everywhere(person()),
                actor=actor(),
                now=now(),
            )
    except keeping.NoSuchAccount:
        abort(404)
    except account_changes.RolesChanged:
        problem = gettext(
            "Somebody else has changed these roles meanwhile. They are shown as they are now: "
            "choose again."
        )
    except account_changes.LastAdmin:
        problem = last_admin()
    except account_changes.NotYoursToGive as refused:
        problem = not_yours(refused.role)
    else:
        return _back(account_id, "roles")
    return _page(_get(account_id), [("roles", problem)], wanted=wanted), 422


@for_staff("/accounts/<uuid:account_id>/memberships", roles=ADMINS, methods=("POST",))
def give_membership(account_id: UUID) -> ResponseReturnValue:
    """Give an account a role in one consultation."""
    return _change_membership(account_id, account_changes.add_member)


@for_staff("/accounts/<uuid:account_id>/memberships/remove", roles=ADMINS, methods=("POST",))
def take_membership(account_id: UUID) -> ResponseReturnValue:
    """Take a role in one consultation from an account."""
    return _change_membership(account_id, account_changes.remove_member)


@for_staff("/accounts/<uuid:account_id>/close", roles=ADMINS, methods=("POST",))
def close_account(account_id: UUID) -> ResponseReturnValue:
    """Close an account, at once."""
    try:
        with unit_of_work(db.session):
            account_changes.deactivate(db.session, account_id, actor=actor(), now=now())
    except keeping.NoSuchAccount:
        abort(404)
    except account_changes.LastAdmin:
        return _page(_get(account_id), [("close", last_admin())]), 422
    return _back(account_id, "closed")


@for_staff("/accounts/<uuid:account_id>/open", roles=ADMINS, methods=("POST",))
def open_account(account_id: UUID) -> ResponseReturnValue:
    """Open an account that was closed."""
    try:
        with unit_of_work(db.session):
            account_changes.reactivate(db.session, account_id, actor=actor(), now=now())
    except keeping.NoSuchAccount:
        abort(404)
    return _back(account_id, "opened")


@for_staff("/accounts/<uuid:account_id>/sessions/end", roles=ADMINS, methods=("POST",))
def end_account_sessions(account_id: UUID) -> ResponseReturnValue:
    """Sign an account out everywhere."""
    try:
        with unit_of_work(db.session):
            account_changes.end_sessions(db.session, account_id, actor=actor(), now=now())
    except keeping.NoSuchAccount:
        abort(404)
    return _back(account_id, "sessions")


@for_staff("/accounts/<uuid:account_id>/password-link", roles=ADMINS, methods=("POST",))
def make_password_link(account_id: UUID) -> ResponseReturnValue:
    """Make a link by which somebody sets a new password, to be shown once."""
    if not is_fresh():
        return prove_again(page("one_account", account_id=account_id))
    try:
        with unit_of_work(db.session):
            found = account_changes.note_reset_link(
                db.session, account_id, actor=actor(), now=now()
            )
            token = generate_reset_password_token(found)  # type: ignore[no-untyped-call]
            language, email = found.language, found.email
    except keeping.NoSuchAccount:
        abort(404)
    link = public_address("security.reset_password", token=token, language=language)
    show_once("password", link, email)
    return _back(account_id, "link")


@for_staff("/accounts/<uuid:account_id>/second-factors/remove", roles=ADMINS, methods=("POST",))
def remove_second_factors(account_id: UUID) -> ResponseReturnValue:
    """Take app, passkeys and recovery codes from an account whose owner has lost them."""
    if not is_fresh():
        return prove_again(page("one_account", account_id=account_id))
    try:
        with unit_of_work(db.session):
            found = keeping.get(db.session, account_id)
            second_factors.remove_all(db.session, found, actor=actor(), now=now())
    except keeping.NoSuchAccount:
        abort(404)
    return _back(account_id, "factors")


def _change_membership(account_id: UUID, change: Any) -> ResponseReturnValue:
    slug, role = request.form.get("consultation", ""), request.form.get("role", "")
    problems = []
    if (workspace := workspaces.find(db.session, slug)) is None:
        problems.append(("consultation", gettext("Choose a consultation")))
    if role not in ROLES:
        problems.append(("role", gettext("Choose a role")))
    if workspace is None or problems:
        return _page(_get(account_id), problems, consultation=slug, role=role), 422
    try:
        with unit_of_work(db.session):
            change(
                db.session,
                account_id,
                workspace,
                role,
                held=access.roles_in(person(), workspace.id),
                actor=actor(),
                now=now(),
            )
    except keeping.NoSuchAccount:
        abort(404)
    return _back(account_id, "roles")


def _get(account_id: UUID) -> Account:
    try:
        return keeping.get(db.session, account_id)
    except keeping.NoSuchAccount:
        abort(404)


def _back(account_id: UUID, done: str) -> ResponseReturnValue:
    return redirect(page("one_account", account_id=account_id, done=done), 303)


def _page(
    found: Account,
    errors: list[tuple[str, str]],
    *,
    wanted: list[str] | None = None,
    consultation: str = "",
    role: str = "",
) -> str:
    held = keeping.in_order(access.roles_everywhere(found))
    provider = openid.provider()
    return render_template(
        "staff/accounts_one.html",
        page_title=found.name or found.email,
        found=found,
        errors=errors,
        problems=dict(errors),
        held=held,
        wanted=held if wanted is None else wanted,
        role_choices=role_choices(),
        memberships=_memberships(found),
        consultations=_consultation_choices(),
        consultation=consultation,
        role=role,
        last_seen=account_lists.last_seen(db.session, found.id),
        council_sign_in=provider is not None
        and identities.of_account(db.session, found.id, provider.issuer) is not None,
        done=_done(request.args.get("done", ""), found),
        link=shown_once("password"),
    )


def _done(what: str, found: Account) -> str | None:
    """What was just done, if it is so."""
    if what == "closed" and not found.active:
        return gettext("The account is closed. Nobody can sign in with it.")
    if what == "opened" and found.active:
        return gettext("The account is open again.")
    return {
        "roles": gettext("The roles are saved."),
        "factors": gettext(
            "The second step of signing in is removed. The person sets up another one."
        ),
        "sessions": gettext("The account is signed out everywhere."),
    }.get(what)


def _memberships(found: Account) -> list[tuple[str, str, str]]:
    """Slug, title and role of each role in one consultation."""
    by_id = {each.id: each for each in account_lists.every_workspace(db.session)}
    rows = [
        (by_id[held.workspace_id].slug, title_of(by_id[held.workspace_id]), held.role)
        for held in found.memberships
        if held.workspace_id in by_id
    ]
    return sorted(rows, key=lambda row: (row[1], ROLES.index(row[2])))


def _consultation_choices() -> list[dict[str, str]]:
    return [
        {"value": each.slug, "label": title_of(each)}
        for each in account_lists.every_workspace(db.session)
    ]
