"""Accepting an invitation: the first page that a new colleague sees."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security.utils import hash_password

from consult.db import db, unit_of_work
from consult.forms.tokens import token_problem
from consult.i18n import page_language
from consult.models import Account, Invitation
from consult.services import accounts, identities, invitations
from consult.services.invitations import Standing
from consult.sign_in import openid
from consult.sign_in.entering import enter, password_problem
from consult.views.staff.account_words import offers, standing_words
from consult.views.staff.council_words import sign_in_name, taken
from consult.views.staff.current import blueprint, now, page, signed_in
from consult.views.staff.typed import line, name_problem

Errors = list[tuple[str, str]]


@blueprint.get("/invitation/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """What somebody is invited to, and how to accept: nothing is used up by looking."""
    found, standing = _find(token)
    return _over(standing) if found is None else _page(found, token, [])


@blueprint.post("/invitation/<token>")
def join(token: str) -> ResponseReturnValue:
    """Make an account with a password, and sign in."""
    found, standing = _find(token)
    if found is None:
        return _over(standing)
    name, password = line("name"), request.form.get("password", "")
    problem, normal = password_problem(password, email=found.email, name=name)
    errors = _errors(name)
    if problem is not None:
        errors.append(("password", problem))
    elif request.form.get("password_again", "") != password:
        errors.append(("password_again", gettext("Write the same password a second time")))
    if errors:
        return _page(found, token, errors, name=name), 422
    return _begin(found, token, name, "password", password_hash=hash_password(normal))


@blueprint.post("/invitation/<token>/council")
def join_with_council(token: str) -> ResponseReturnValue:
    """Make an account that signs in at the council's provider, as just proven there."""
    found, standing = _find(token)
    if found is None:
        return _over(standing)
    proven = openid.proven_here(now())
    if proven is None:
        return redirect(page("invitation", token=token), 303)
    name = line("name")
    errors = _errors(name)
    if errors:
        return _page(found, token, errors, name=name), 422
    openid.forget_proven()
    identity = invitations.ProvenIdentity(proven.issuer, proven.subject)
    return _begin(found, token, name, "openid", identity=identity)


@blueprint.post("/invitation/<token>/accept")
def accept_invitation(token: str) -> ResponseReturnValue:
    """Add what is offered to the account that is signed in."""
    found, standing = _find(token)
    if found is None:
        return _over(standing)
    account = signed_in()
    if account is None:
        return redirect(page("invitation", token=token), 303)
    if (forged := token_problem()) is not None:
        return _page(found, token, [("", forged)]), 422
    try:
        with unit_of_work(db.session):
            invitations.accept(db.session, token, account, now=now())
    except invitations.InvitationOver as over:
        return _over(over.standing)
    except invitations.OfSomebodyElse:
        return redirect(page("invitation", token=token), 303)
    return redirect(page("home"), 303)


def _begin(
    found: Invitation, token: str, name: str, via: str, **way_in: Any
) -> ResponseReturnValue:
    """Make the account, and sign it in."""
    try:
        with unit_of_work(db.session):
            account = invitations.accept_anew(
                db.session, token, name=name, language=page_language(), now=now(), **way_in
            )
            enter(account, via, is_proof=via == "password")
    except invitations.InvitationOver as over:
        return _over(over.standing)
    except accounts.EmailTaken:
        return redirect(page("invitation", token=token), 303)
    except identities.IdentityTaken:
        return _page(found, token, [("name", taken())], name=name), 422
    return redirect(page("home"), 303)


def _find(token: str) -> tuple[Invitation | None, Standing | None]:
    """The invitation of a link while it waits, and what has become of it."""
    try:
        found = invitations.find(db.session, token)
    except invitations.NoSuchInvitation:
        return None, None
    standing = invitations.standing(db.session, found, now())
    return (found if standing is Standing.WAITING else None), standing


def _errors(name: str) -> Errors:
    """What is wrong with the form, its token before all else."""
    if (forged := token_problem()) is not None:
        return [("name", forged)]
    problem = name_problem(name)
    return [] if problem is None else [("name", problem)]


def _over(standing: Standing | None) -> ResponseReturnValue:
    """The page of a link that leads to no invitation, or to one that is over."""
    text = (
        gettext("Check the link: all of it has to be there. If it is, ask for another one.")
        if standing is None
        else standing_words(standing)
    )
    words = gettext("This invitation does not work")
    status = 404 if standing is None else 410
    return render_template("staff/invitation_over.html", page_title=words, text=text), status


def _page(found: Invitation, token: str, errors: Errors, *, name: str | None = None) -> str:
    person = signed_in()
    proven = openid.proven_here(now())
    here = page("invitation", token=token)
    state = _state(found, person)
    shown = [each for each in errors if state == "new" or not each[0]]
    return render_template(
        "staff/joining.html",
        page_title=gettext("You are invited"),
        invitation=found,
        offers=offers(db.session, found),
        token=token,
        state=state,
        sign_in=url_for("security.login", next=here),
        proven=proven,
        council=sign_in_name() if openid.provider() is not None else None,
        to_council=page("openid_begin", purpose="join", next=here),
        name=(found.name or (proven.name if proven else "")) if name is None else name,
        errors=shown,
        problems=dict(shown),
    )


def _state(found: Invitation, person: Account | None) -> str:
    """How somebody can accept: what the page says hangs on it."""
    if person is not None:
        return "accept" if person.email == found.email else "somebody_else"
    return "sign_in" if accounts.find(db.session, found.email) is not None else "new"
