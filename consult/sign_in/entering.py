"""Letting somebody in: with a password that may be chosen, or after proving who they are."""

from flask import current_app
from flask_security import Security, current_user
from flask_security.utils import login_user, logout_user

from consult.models import Account
from consult.sign_in import freshness


def enter(account: Account, via: str, *, is_proof: bool) -> None:
    """Sign an account in on this browser; whoever was signed in before is not any more.

    ``is_proof`` says whether its owner had to show just now who they are. A provider lets people
    in unasked whose browser is signed in there: that changes no way into the account.
    """
    before = current_user._get_current_object()
    if isinstance(before, Account) and before.id != account.id:
        logout_user()
    login_user(account, remember=False, authn_via=[via])
    if not is_proof:
        freshness.forget_proof()


def password_problem(password: str, *, email: str, name: str) -> tuple[str | None, str]:
    """A sentence if a password may not be chosen, and the password in its normal form."""
    security: Security = current_app.extensions["security"]
    messages, normal = security.password_util.validate(password, True, email=email, name=name)
    return (str(messages[0]) if messages else None), normal
