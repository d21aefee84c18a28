"""``consult create-user``: the first admin, and anybody else, without a page."""

from datetime import datetime

from flask import url_for
from flask_security.utils import hash_password

from consult.db import db, unit_of_work
from consult.i18n import offered_languages
from consult.services import accounts, audit, invitations
from consult.sign_in.entering import password_problem
from consult.views.clock import settings


class NotMade(Exception):
    """There is no new account; the message says why, and what to do."""


def create_user(
    email: str, *, role: str, name: str = "", password: str | None = None, now: datetime
) -> str | None:
    """Make an account with a password, or an invitation to one without.

    Called within a request's context, which the command makes.

    Returns
    -------
    str or None
        The address by which the invitation is accepted: whole where the settings name the
        host, else its path. Nothing where an account was made.

    Raises
    ------
    NotMade
        If the address or the password will not do, or there is an account with the address.
    """
    try:
        if accounts.find(db.session, email) is not None:
            raise accounts.EmailTaken(email)
        if password is None:
            return _invite(email, role, name, now)
        _make(email, role, name, password, now)
    except accounts.NotAnEmail:
        raise NotMade(f"{email!r} is not an e-mail address.") from None
    except accounts.EmailTaken:
        raise NotMade(
            f"There is an account for {email} already. An admin can change its roles on the "
            "page “Accounts”."
        ) from None
    return None


def _invite(email: str, role: str, name: str, now: datetime) -> str:
    with unit_of_work(db.session):
        _, token = invitations.invite(
            db.session, email=email, name=name, roles=[role], by=None, now=now
        )
    path = url_for("staff.invitation", language=offered_languages()[0], token=token)
    return (settings().public_url or "") + path


def _make(email: str, role: str, name: str, password: str, now: datetime) -> None:
    problem, normal = password_problem(password, email=email, name=name)
    if problem is not None:
        raise NotMade(f"The password will not do: {problem}")
    password_hash = hash_password(normal)
    with unit_of_work(db.session):
        accounts.create(
            db.session,
            email=email,
            name=name,
            language=offered_languages()[0],
            password_hash=password_hash,
            roles=[role],
            actor=audit.COMMAND_LINE,
            now=now,
        )
