"""Words that several pages for staff share, and the sections of the desk."""

from flask import Flask
from flask_babel import gettext

from consult.services.workspaces import State


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.add_template_global(staff_sections)
    app.add_template_global(state_words)
    app.add_template_global(state_colour)


def staff_sections() -> list[tuple[str, str, tuple[str, ...]]]:
    """The sections of the desk: endpoint, words, and the roles that may see each."""
    return [
        ("home", gettext("Consultations"), ("officer", "analyst", "viewer", "partner")),
        # Translators: long work that runs by itself
        ("jobs", gettext("Jobs"), ("officer", "analyst")),
        # Translators: what is held of people, and until when
        ("retention_report", gettext("Data kept"), ("officer",)),
        # Translators: the council's name, logo and colours
        ("council_page", gettext("Council"), ("admin",)),
        ("accounts", gettext("Accounts"), ("admin",)),
        # Translators: who did what and when
        ("audit_trail", gettext("Audit trail"), ("admin",)),
    ]


def state_words(state: State) -> str:
    """Where a consultation stands, in words."""
    match state:
        case State.PREPARING:
            # Translators: state of a consultation that is being set up
            return gettext("In preparation")
        case State.SCHEDULED:
            # Translators: state of a consultation that will open by itself
            return gettext("Opens soon")
        case State.OPEN:
            return gettext("Open")
        case State.PAUSED:
            return gettext("Paused")
        case State.CLOSED:
            return gettext("Closed")


def state_colour(state: State) -> str:
    """The colour of a state's tag."""
    return {State.OPEN: "green", State.PAUSED: "yellow", State.CLOSED: "grey"}.get(state, "blue")
