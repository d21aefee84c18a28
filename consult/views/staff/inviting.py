"""Inviting somebody: a link that is shown once, to send on."""

from dataclasses import dataclass, field
from uuid import UUID

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from consult.db import db, unit_of_work
from consult.i18n import offered_languages, page_language
from consult.languages import native_name
from consult.models import ROLES
from consult.services import (
    access,
    account_changes,
    account_lists,
    accounts,
    invitations,
    workspaces,
)
from consult.sign_in.freshness import is_fresh, prove_again
from consult.sign_in.mail import Letter, outbox
from consult.views.staff.account_words import (
    not_an_email,
    not_yours,
    role_choices,
    title_of,
)
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, actor, now, page
from consult.views.staff.public_addresses import public_address
from consult.views.staff.shown_once import show_once
from consult.views.staff.typed import line

ADMINS = (access.ADMIN,)


@dataclass(slots=True)
class Offer:
    """What the form says."""

    email: str = ""
    name: str = ""
    language: str = ""
    roles: list[str] = field(default_factory=list)
    consultation: str = ""
    role: str = ""
    """In that consultation."""


@for_staff("/accounts/invite", roles=ADMINS)
def invite() -> ResponseReturnValue:
    """Ask whom to invite, and to what."""
    return _page(Offer(language=page_language()), [])


@for_staff("/accounts/invite", roles=ADMINS, methods=("POST",))
def make_invitation() -> ResponseReturnValue:
    """Make the invitation, and show its link on the list."""
    if not is_fresh():
        return prove_again(page("invite"))
    offer = _read()
    workspace = workspaces.find(db.session, offer.consultation)
    problems = _problems(offer, has_workspace=workspace is not None)
    if problems:
        return _page(offer, problems), 422
    try:
        with unit_of_work(db.session):
            made, token = invitations.invite(
                db.session,
                email=offer.email,
                name=offer.name,
                roles=offer.roles,
                memberships=[] if workspace is None else [(workspace.id, offer.role)],
                by=account(),
                now=now(),
            )
            email = made.email
    except accounts.NotAnEmail:
        return _page(offer, [("email", not_an_email())]), 422
    except account_changes.NotYoursToGive as refused:
        return _page(offer, [("roles", not_yours(refused.role))]), 422
    link = link_of(token, offer.language)
    show_once("invitation", link, email, sent=send_link(link, email, offer.language))
    return redirect(page("accounts"), 303)


@for_staff("/accounts/invitations/<uuid:invitation_id>/withdraw", roles=ADMINS, methods=("POST",))
def withdraw_invitation(invitation_id: UUID) -> ResponseReturnValue:
    """Let an invitation work no more."""
    try:
        with unit_of_work(db.session):
            invitations.revoke(db.session, invitation_id, actor=actor(), now=now())
    except invitations.NoSuchInvitation:
        abort(404)
    return redirect(page("accounts") + "#invitations", 303)


def link_of(token: str, language: str) -> str:
    """The address to send to somebody who is invited."""
    return public_address("staff.invitation", language=language, token=token)


def send_link(link: str, email: str, language: str) -> bool:
    """Send an invitation's link by e-mail, where there is a mail server; whether it is sent."""
    if not outbox().can_send():
        return False
    with force_locale("en_GB" if language == "en" else language):
        letter = Letter(
            to=email,
            # Translators: subject of an e-mail
            subject=gettext("Consult: you are invited"),
            text="\n\n".join(
                (
                    gettext(
                        "%(inviter)s invites you to work with Consult, which asks residents "
                        "what they think of drafts.",
                        inviter=account().name or actor(),
                    ),
                    gettext("Open this address to accept. It works once, for seven days:"),
                    link,
                    gettext("If you do not know what this is about, do nothing."),
                )
            )
            + "\n",
        )
    outbox().post(letter)
    return True


def language_choices() -> list[dict[str, str]]:
    """The languages in which somebody may be welcomed."""
    return [{"value": code, "label": native_name(code)} for code in offered_languages()]


def chosen_language() -> str:
    """The language that the form at hand names, or the page's."""
    chosen = request.form.get("language", "")
    return chosen if chosen in offered_languages() else page_language()


def _read() -> Offer:
    return Offer(
        email=line("email"),
        name=line("name"),
        language=chosen_language(),
        roles=[role for role in request.form.getlist("roles") if role in ROLES],
        consultation=request.form.get("consultation", ""),
        role=request.form.get("role", ""),
    )


def _problems(offer: Offer, *, has_workspace: bool) -> list[tuple[str, str]]:
    problems = []
    if len(offer.name) > accounts.NAME_LENGTH_LIMIT:
        limit = accounts.NAME_LENGTH_LIMIT
        words = gettext("Write a shorter name: we can take up to %(limit)s characters", limit=limit)
        problems.append(("name", words))
    if has_workspace and offer.role not in ROLES:
        problems.append(("role", gettext("Choose the role in that consultation")))
    if not has_workspace and (offer.consultation or offer.role):
        problems.append(("consultation", gettext("Choose the consultation of that role")))
    if not has_workspace and not offer.roles:
        problems.append(("roles", gettext("Choose at least one role")))
    return problems


def _page(offer: Offer, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "staff/invitation_new.html",
        page_title=gettext("Invite somebody"),
        offer=offer,
        errors=errors,
        problems=dict(errors),
        role_choices=role_choices(),
        language_choices=language_choices(),
        consultations=[
            {"value": each.slug, "label": title_of(each)}
            for each in account_lists.every_workspace(db.session)
        ],
    )
