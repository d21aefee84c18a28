"""The time it is and the settings there are, for every page."""

from datetime import UTC, datetime

from flask import current_app

from consult.config import Settings


def now() -> datetime:
    """The time it is, from the application's clock (tests set it)."""
    clock = current_app.config.get("CONSULT_CLOCK")
    return clock() if clock else datetime.now(UTC)


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.config["CONSULT_SETTINGS"]
    return found
