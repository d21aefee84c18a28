"""Whether somebody has lately proven who they are, so that a browser left open is no door."""

from datetime import timedelta

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import check_and_update_authn_fresh

FRESH = timedelta(minutes=15)
"""How long after signing in, or showing again who one is, ways of signing in may be changed."""


def is_fresh() -> bool:
    """Whether the person at hand has signed in, or shown once more who they are, lately."""
    fresh: bool = check_and_update_authn_fresh(FRESH, FRESH)
    return fresh


def prove_again(back_to: str) -> ResponseReturnValue:
    """Ask for the password or a passkey once more, then lead back."""
    return redirect(url_for("security.verify", next=back_to), 303)


def forget_proof() -> None:
    """Let the sign-in of this moment prove nothing: nobody had to show who sits here."""
    session.pop("fs_paa", None)
    session.pop("fs_gexp", None)
