"""The form token, for pages that keep what was typed when it is wrong."""

from flask_babel import gettext
from flask_wtf import FlaskForm


class TokenForm(FlaskForm):
    """Nothing but the token that ties a form to the browser's session."""


def token_problem() -> str | None:
    """A sentence if the form at hand was forged, or its session is over; nothing if it is sound."""
    if TokenForm().validate():
        return None
    return gettext(
        "We could not save this yet, because your browser had lost its place. What you wrote is "
        "still here: press the button once more. If this comes back, allow cookies for this site."
    )
