"""A person's own account: name, ways of signing in, and the browsers that are signed in."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import logout_user

from consult.db import db, unit_of_work
from consult.languages import native_name
from consult.services import second_factors, sessions
from consult.sign_in import second_factor as factor
from consult.sign_in.device import Device
from consult.sign_in.sessions import current_id
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, now, page, settings

LONGEST_NAME = 200


@for_staff("/account/", before_second_factor=True)
def my_account() -> ResponseReturnValue:
    """All of it on one page."""
    return _page()


@for_staff("/account/name", methods=("POST",), before_second_factor=True)
def save_my_name() -> ResponseReturnValue:
    """Change the name that colleagues see, and the language of e-mails."""
    name = " ".join(request.form.get("name", "").split())
    language = request.form.get("language", "")
    errors = []
    if not name:
        errors.append(("name", gettext("Enter your name.")))
    elif len(name) > LONGEST_NAME or not name.isprintable():
        errors.append(
            (
                "name",
                gettext(
                    "Use at most %(count)s characters, and only such as can be seen.",
                    count=LONGEST_NAME,
                ),
            )
        )
    if language not in settings().languages:
        errors.append(("language", gettext("Choose one of the languages in the list.")))
    if errors:
        return _page(errors, name=request.form.get("name", ""), language=language), 422
    person = account()
    with unit_of_work(db.session):
        person.name = name
        person.language = language
    flash(gettext("Your name and language are saved."), "success")
    return redirect(page("my_account"), 303)


@for_staff("/account/sessions/end", methods=("POST",), before_second_factor=True)
def end_my_session() -> ResponseReturnValue:
    """Sign one browser out; this one, too, if it is the one meant."""
    try:
        session_id = UUID(request.form.get("session", ""))
        with unit_of_work(db.session):
            sessions.end(db.session, account(), session_id, now=now())
    except (ValueError, sessions.NoSuchSession):
        flash(gettext("That browser was signed out already."), "info")
    else:
        flash(gettext("That browser is signed out."), "success")
    return redirect(page("my_account"), 303)


@for_staff("/account/sessions/end-all", methods=("POST",), before_second_factor=True)
def sign_out_everywhere() -> ResponseReturnValue:
    """Sign all browsers out, with this one."""
    with unit_of_work(db.session):
        person = account()
        sessions.end_others(db.session, person, now=now())
        logout_user()
    flash(gettext("You are signed out everywhere."), "success")
    return redirect(url_for("security.login"), 303)


@for_staff("/account/second-step", before_second_factor=True)
def second_factor() -> ResponseReturnValue:
    """Where somebody is led who needs a second step of signing in and has none."""
    if not factor.is_missing(account()):
        return redirect(page("my_account"), 303)
    return render_template(
        "staff/my_account_second_factor.html",
        page_title=gettext("One more step protects your account"),
    )


def _page(errors: list[tuple[str, str]] | None = None, **typed: Any) -> str:
    person = account()
    return render_template(
        "staff/my_account.html",
        page_title=gettext("My account"),
        errors=errors or [],
        person=person,
        name=typed.get("name", person.name),
        language=typed.get("language", person.language),
        languages=[{"value": code, "label": native_name(code)} for code in settings().languages],
        passkeys=sorted(person.webauthn, key=lambda passkey: passkey.name),
        codes_left=len(person.mf_recovery_codes or []),
        has_factor=second_factors.has_any(person),
        browsers=[
            {
                "id": each.id,
                "words": Device.kept_as(each.device).words(),
                "created_at": each.created_at,
                "seen_at": each.seen_at,
                "here": each.id == current_id(),
            }
            for each in sessions.listing(db.session, person, now=now())
        ],
    )
