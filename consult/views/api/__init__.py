"""The read-only interface for other programs: JSON over HTTP, by tokens, without cookies."""

from flask import Flask

from consult.security import csrf
from consult.views.api import (  # noqa: F401 - they add their routes
    consulting,
    describing,
    nowhere,
    responses,
    results,
    themes,
)
from consult.views.api.current import blueprint


def init_app(app: Flask) -> None:
    """Add the interface. It takes nothing, and no cookie opens anything of it."""
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
