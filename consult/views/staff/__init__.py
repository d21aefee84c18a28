"""The staff's desk: officers, analysts, admins. Every route states who it is for."""

from flask import Flask

from consult.security import csrf
from consult.views.staff import (  # noqa: F401 - they add their routes
    beginning,
    consultation,
    council,
    handouts,
    home,
    words,
)
from consult.views.staff.current import blueprint


def init_app(app: Flask) -> None:
    """Add the staff's pages."""
    csrf.exempt(blueprint)  # each view checks its own token, and keeps what was typed
    app.register_blueprint(blueprint)
    words.init_app(app)
