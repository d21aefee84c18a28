"""Tokens by which programs read for the person at hand: made, shown once, listed, taken back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.models import ApiToken
from consult.services import tokens
from consult.services.tokens import Scope
from consult.sign_in.freshness import is_fresh, prove_again
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, now, page
from consult.views.staff.public_addresses import public_address
from consult.views.staff.raw.words import scope_words
from consult.views.staff.shown_once import show_once, shown_once

KIND = "api token"

DAYS = (30, 90, 180, 365)
"""For how long a token can be made."""

Errors = list[tuple[str | None, str]]


@for_staff("/account/tokens")
def my_tokens() -> ResponseReturnValue:
    """All of the person's tokens, and a form for a new one."""
    return _page([])


@for_staff("/account/tokens/make", methods=("POST",))
def make_token() -> ResponseReturnValue:
    """Make a token, to be shown on the next page and never again."""
    if not is_fresh():
        return prove_again(page("my_tokens"))
    errors: Errors = []
    scopes, lasts = _scopes(), _lasts()
    if scopes is None:
        errors.append(("scopes", gettext("Choose from the list what the token opens.")))
    if lasts is None:
        errors.append(("days", gettext("Choose one of the times in the list.")))
    if errors or scopes is None or lasts is None:
        return _page(errors), 422
    try:
        with unit_of_work(db.session):
            made, secret = tokens.make(
                db.session,
                account(),
                name=request.form.get("name", ""),
                scopes=scopes,
                lasts=lasts,
                now=now(),
            )
            name = made.name
    except tokens.TokenRefused as refused:
        return _page([_told(refused)]), 422
    show_once(KIND, secret, name)
    return redirect(page("my_tokens"), 303)


@for_staff("/account/tokens/revoke", methods=("POST",))
def revoke_token() -> ResponseReturnValue:
    """Take a token back: programs that have it read nothing from now on."""
    try:
        token_id = UUID(request.form.get("token", ""))
        with unit_of_work(db.session):
            tokens.revoke(db.session, account(), token_id, now=now())
    except (ValueError, tokens.NoSuchToken):
        flash(gettext("That token was taken back already."), "info")
    else:
        flash(gettext("The token is taken back. Nothing can be read with it any more."), "success")
    return redirect(page("my_tokens"), 303)


def _scopes() -> list[Scope] | None:
    try:
        return [Scope(each) for each in request.form.getlist("scopes")]
    except ValueError:
        return None


def _lasts() -> timedelta | None:
    typed = request.form.get("days", "")
    return timedelta(days=int(typed)) if typed in {str(days) for days in DAYS} else None


def _told(refused: tokens.TokenRefused) -> tuple[str | None, str]:
    match refused:
        case tokens.NoName():
            return "name", gettext(
                "Say what the token is for, in at most %(count)s characters.",
                count=tokens.LONGEST_NAME,
            )
        case tokens.NoScope():
            return "scopes", gettext("Choose at least one thing that the token opens.")
        case tokens.TooMany():
            return None, gettext(
                "You have %(count)s tokens. Take back those that you need no more, then make "
                "this one.",
                count=tokens.MOST,
            )
        case _:
            return "days", gettext("Choose one of the times in the list.")


def _page(errors: Errors) -> str:
    listed = tokens.listing(db.session, account())
    description = public_address("api.description")
    return render_template(
        "staff/raw/tokens.html",
        page_title=gettext("Tokens for programs"),
        errors=errors,
        error_of=dict(errors),
        made=shown_once(KIND),
        name=request.form.get("name", ""),
        chosen=request.form.getlist("scopes"),
        days=request.form.get("days", "90"),
        scopes=[{"value": scope.value, "label": label} for scope, label in scope_words().items()],
        times=[
            {"value": days, "label": ngettext("%(num)s day", "%(num)s days", days)} for days in DAYS
        ],
        lines=[_line(each) for each in listed],
        description=description,
        address=description.removesuffix("openapi.json"),
    )


def _line(token: ApiToken) -> dict[str, Any]:
    words = {scope.value: label for scope, label in scope_words().items()}
    return {
        "token": token,
        "scopes": [words.get(scope, scope) for scope in token.scopes],
        "is_live": tokens.is_live(token, now()),
    }
