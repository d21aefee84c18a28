"""Signing in at the council's own provider, and linking that sign-in to an account."""

from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.i18n import page_language
from consult.models import Account
from consult.services import identities
from consult.sign_in import addresses, openid
from consult.sign_in.entering import enter
from consult.sign_in.freshness import is_fresh, prove_again
from consult.sign_in.openid import CameBackWithout, Proven, Purpose, Trouble, Way
from consult.sign_in.openid_provider import Provider
from consult.views.staff.audience import for_staff
from consult.views.staff.council_words import sign_in_name, taken, trouble_words
from consult.views.staff.current import account, blueprint, now, page, signed_in
from consult.views.staff.public_addresses import public_address

CALLBACK = "/staff-sign-in/openid"
"""Providers know one address to come back to, whatever the language."""


@blueprint.get("/account/openid/begin")
def openid_begin() -> ResponseReturnValue:
    """Go to the provider. What follows from it is done only after coming back."""
    provider = _provider()
    try:
        purpose = Purpose(request.args.get("purpose", Purpose.SIGN_IN.value))
    except ValueError:
        abort(404)
    wanted = request.args.get("next", "")
    if purpose is Purpose.SIGN_IN and signed_in() is not None:
        purpose = Purpose.VERIFY
    try:
        there = openid.set_out(
            provider,
            purpose,
            redirect_uri=_callback_address(),
            language=page_language(),
            back_to=wanted if addresses.is_ours(wanted) else "",
            now=now(),
        )
    except CameBackWithout as trouble:
        return _failed(trouble)
    return redirect(there, 303)


def openid_callback() -> ResponseReturnValue:
    """Come back from the provider."""
    try:
        way, proven = openid.come_back(
            _provider(), request.args, redirect_uri=_callback_address(), now=now()
        )
    except CameBackWithout as trouble:
        return _failed(trouble)
    g.page_language = way.language
    match Purpose(way.purpose):
        case Purpose.SIGN_IN | Purpose.VERIFY:
            return _sign_in(way, proven)
        case Purpose.LINK:
            openid.keep_proven(proven)
            return redirect(page("linked_sign_in"), 303)
        case Purpose.JOIN:
            openid.keep_proven(proven)
            return redirect(way.back_to or page("home"), 303)


@blueprint.get("/account/openid/failed")
def openid_failed() -> ResponseReturnValue:
    """Say why somebody came back without being signed in."""
    try:
        trouble = Trouble(request.args.get("reason", ""))
    except ValueError:
        abort(404)
    _provider()
    return render_template(
        "staff/council_sign_in_failed.html",
        page_title=gettext("That did not work"),
        text=trouble_words(trouble),
        name=sign_in_name(),
        again=None if trouble is Trouble.CLOSED else page("openid_begin"),
    )


@for_staff("/account/openid")
def linked_sign_in() -> ResponseReturnValue:
    """Whether the council's sign-in is linked to one's account; to link it, or to let it go."""
    return _page([])


@for_staff("/account/openid/link", methods=("POST",))
def link_sign_in() -> ResponseReturnValue:
    """Let the sign-in that was just proven belong to one's account."""
    _provider()
    if not is_fresh():
        return _prove_again()
    proven = openid.proven_here(now())
    if proven is None:
        return redirect(page("linked_sign_in"), 303)
    openid.forget_proven()
    try:
        with unit_of_work(db.session):
            identities.bind(db.session, account(), proven.issuer, proven.subject, now=now())
    except identities.IdentityTaken:
        return _page([("", taken())]), 422
    return redirect(page("linked_sign_in", done="linked"), 303)


@for_staff("/account/openid/unlink", methods=("POST",))
def unlink_sign_in() -> ResponseReturnValue:
    """Let it belong to one's account no more."""
    provider = _provider()
    if not is_fresh():
        return _prove_again()
    try:
        with unit_of_work(db.session):
            identities.unbind(db.session, account(), provider.issuer, now=now())
    except identities.OnlyWayIn:
        told = gettext(
            "This is the only way into your account. Ask an admin for a link to set a password, "
            "then come back."
        )
        return _page([("", told)]), 422
    return redirect(page("linked_sign_in", done="unlinked"), 303)


@blueprint.record_once
def _add_callback(state: BlueprintSetupState) -> None:
    state.app.add_url_rule(CALLBACK, "openid_callback", openid_callback)


def _provider() -> Provider:
    provider = openid.provider()
    if provider is None:
        abort(404)
    return provider


def _callback_address() -> str:
    return public_address("openid_callback")


def _failed(without: CameBackWithout) -> ResponseReturnValue:
    if without.way is not None:
        g.page_language = without.way.language
    reason = without.trouble.value
    address = url_for("staff.openid_failed", language=page_language(), reason=reason)
    return redirect(address, 303)


def _sign_in(way: Way, proven: Proven) -> ResponseReturnValue:
    with unit_of_work(db.session):
        found = identities.find(db.session, proven.issuer, proven.subject)
        if found is None:
            return _failed(CameBackWithout(Trouble.UNKNOWN, way))
        if not found.active:
            return _failed(CameBackWithout(Trouble.CLOSED, way))
        if way.purpose == Purpose.VERIFY and found != signed_in():
            return _failed(CameBackWithout(Trouble.OTHER, way))
        enter(found, "openid", is_proof=way.purpose == Purpose.VERIFY)
    return redirect(way.back_to or page("home"), 303)


def _prove_again() -> ResponseReturnValue:
    return prove_again(page("linked_sign_in"))


def _page(errors: list[tuple[str, str]]) -> str:
    provider = _provider()
    person: Account = account()
    linked = identities.of_account(db.session, person.id, provider.issuer)
    done: dict[str, Any] = {
        "linked": gettext("The two are linked.") if linked else None,
        "unlinked": None if linked else gettext("The two are not linked any more."),
    }
    return render_template(
        "staff/council_sign_in.html",
        page_title=gettext("Sign-in of the council"),
        name=sign_in_name(),
        linked=linked,
        proven=openid.proven_here(now()) if linked is None else None,
        fresh=is_fresh(),
        prove_again=url_for("security.verify", next=page("linked_sign_in")),
        to_council=page("openid_begin", purpose="link"),
        done=done.get(request.args.get("done", "")),
        errors=errors,
    )
