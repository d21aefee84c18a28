"""What people type into the short fields of pages for staff, made fit to keep."""

from flask import request
from flask_babel import gettext

from consult.document.fields import UNPRINTABLE
from consult.services.accounts import NAME_LENGTH_LIMIT


def line(name: str, limit: int = 300) -> str:
    """A field of the form at hand as one line of text."""
    text = UNPRINTABLE.sub("", request.form.get(name, ""))
    return " ".join(text.split())[:limit]


def name_problem(name: str) -> str | None:
    """A sentence if a person's name cannot be kept; nothing if it can."""
    if not name:
        return gettext("Write your name, as your colleagues know it")
    if len(name) > NAME_LENGTH_LIMIT:
        return gettext(
            "Write a shorter name: we can take up to %(limit)s characters", limit=NAME_LENGTH_LIMIT
        )
    return None
