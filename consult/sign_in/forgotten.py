"""A forgotten password: asking for a link, the same for whoever asks.

The library's page takes longer where there is an account. Ours only notes that somebody asked;
whether there is an account is found out by the thread that sends e-mail.
"""

from datetime import timedelta

import email_validator
from flask import Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security.recoverable import generate_reset_link
from flask_security.utils import get_message

from consult.db import db, unit_of_work
from consult.models import Account
from consult.services import lock_out
from consult.sign_in import letters, passwords
from consult.sign_in.mail import Letter, outbox
from consult.views.clock import now, settings

GOOD_FOR = timedelta(hours=24)
LINKS_PER_HOUR = lock_out.FREE_TRIES
"""E-mails that one address gets in an hour, whoever asks."""


def forgot_password() -> ResponseReturnValue:
    """Ask for the address, or take it; without a mail server, say whom to ask."""
    typed = request.form.get("email", "").strip()
    errors: list[tuple[str, str]] = []
    if request.method == "POST" and outbox().can_send():
        problem = _problem(typed)
        if problem is None:
            _ask_for_link(typed)
            flash(*get_message("PASSWORD_RESET_REQUEST", email=typed))
            return redirect(url_for("security.forgot_password"), 303)
        errors = [("email", problem)]
    page = render_template(
        "security/forgot_password.html",
        typed=typed,
        errors=errors,
        can_send=outbox().can_send(),
    )
    return page, 422 if errors else 200


def _problem(typed: str) -> str | None:
    if not typed:
        return get_message("EMAIL_NOT_PROVIDED")[0]
    try:
        email_validator.validate_email(typed, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return get_message("INVALID_EMAIL_ADDRESS")[0]
    return None


def _ask_for_link(typed: str) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    public_url = settings().public_url

    def write() -> Letter | None:
        # The address comes from the settings: a request may claim any host.
        with app.test_request_context(base_url=public_url):
            return _letter(typed)

    outbox().write_and_post(write)


def _letter(typed: str) -> Letter | None:
    """The letter with the link, where there is an account to open with it."""
    account = passwords.account_named(typed)
    if account is None or not account.active or _asked_too_often(account):
        return None
    return write_letter(account)


def _asked_too_often(account: Account) -> bool:
    """Count links sent to one address, so that nobody's letter box is filled by a stranger."""
    hashed = lock_out.name_hash(settings().secret_key, f"link for {account.email}")
    with unit_of_work(db.session):
        try:
            lock_out.check(db.session, hashed, now=now())
        except lock_out.MustWait:
            return True
        lock_out.count_failure(db.session, hashed, now=now())
    return False


def write_letter(account: Account) -> Letter:
    """The letter that lets somebody set a new password, in their language."""
    g.page_language = account.language if account.language in settings().languages else "en"
    link, _token = generate_reset_link(account)  # type: ignore[no-untyped-call]
    return Letter(
        to=account.email,
        # Translators: subject of an e-mail
        subject=gettext("Consult: set a new password"),
        text=letters.new_password_link(link),
    )
