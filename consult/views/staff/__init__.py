"""The staff's desk: officers, analysts, admins. Every route states who it is for."""

from flask import Flask

from consult.security import csrf
from consult.views import partners  # noqa: F401 - it adds its routes
from consult.views.staff import (  # noqa: F401 - they add their routes
    accounts,
    audit_trail,
    beginning,
    consultation,
    council,
    council_sign_in,
    editing,
    handouts,
    home,
    intake,
    inviting,
    jobs,
    joining,
    keeping,
    my_account,
    opening,
    paper,
    people,
    preview_link,
    raw,
    readiness,
    recordings,
    reports,
    responses,
    reviewing,
    sessions,
    sign_offs,
    talk,
    themes,
    translating,
    translating_files,
    translating_reports,
    watch,
    words,
)
from consult.views.staff.current import blueprint


def init_app(app: Flask) -> None:
    """Add the staff's pages."""
    csrf.exempt(blueprint)  # each view checks its own token, and keeps what was typed
    app.register_blueprint(blueprint)
    words.init_app(app)
