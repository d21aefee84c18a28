"""The council's look on every page: a colour, a logo, a name. Kept until it changes."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Flask, Response, abort, current_app, make_response, url_for
from sqlalchemy.exc import SQLAlchemyError

from consult.db import UNAVAILABLE, db
from consult.look.colours import parse_colour
from consult.services import council
from consult.views.clock import now

FRESH_SECONDS = 60
"""How long another process may show the look of before."""

A_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Look:
    """What pages show of the council."""

    name: str = ""
    colour: str | None = None
    logo_digest: str | None = None
    logo_text: str = ""


class Looks:
    """The look as it was last read, so that pages do not ask the database each time."""

    def __init__(self) -> None:
        self._look = Look()
        self._read_at = 0.0
        self._lock = Lock()

    def current(self) -> Look:
        """The look now, at most a minute old; the last one known while the database is gone."""
        at = now().timestamp()
        if 0 <= at - self._read_at < FRESH_SECONDS:
            return self._look
        try:
            found = council.find(db.session)
        except (*UNAVAILABLE, SQLAlchemyError):
            return self._look
        with self._lock:
            self._look = (
                Look(found.name, found.colour, found.logo_digest, found.logo_text)
                if found
                else Look()
            )
            self._read_at = at
        return self._look

    def forget(self) -> None:
        """Read it again next time: it has just been changed here."""
        self._read_at = 0.0


def init_app(app: Flask) -> None:
    """Add the look to pages, and the two files that it is made of."""
    app.extensions["consult_looks"] = Looks()
    app.add_url_rule("/look/<digits>.css", "look_sheet", sheet)
    app.add_url_rule("/look/logo-<digest>", "look_logo", logo)
    app.context_processor(_look_context)


def looks() -> Looks:
    """The application's looks."""
    found: Looks = current_app.extensions["consult_looks"]
    return found


def sheet(digits: str) -> Response:
    """A style sheet that says one colour; its address names it, so that browsers may keep it."""
    colour = parse_colour(digits)
    if colour is None or len(digits) != 6:
        abort(404)
    response = make_response(f":root{{--consult-brand:{colour}}}")
    return _kept(response, "text/css; charset=utf-8")


def logo(digest: str) -> Response:
    """The logo; its address changes with it, so that browsers may keep it."""
    found = council.find(db.session, with_logo=True)
    if found is None or found.logo is None or found.logo_digest != digest:
        abort(404)
    return _kept(make_response(found.logo), found.logo_type or "application/octet-stream")


def _kept(response: Response, media_type: str) -> Response:
    response.content_type = media_type
    response.cache_control.public = True
    response.cache_control.max_age = A_YEAR
    response.cache_control.immutable = True
    return response


def _look_context() -> dict[str, Any]:
    look = looks().current()
    shown: dict[str, Any] = {"look": look}
    if look.colour:
        shown["look_sheet"] = url_for("look_sheet", digits=look.colour.removeprefix("#"))
    if look.logo_digest:
        shown["look_logo"] = url_for("look_logo", digest=look.logo_digest)
    return shown
