"""The tablet at hand, and what it is told when something is wrong: one word, as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from consult.db import UNAVAILABLE
from consult.logs import logger
from consult.models import Device
from consult.services.assisting import enrolling
from consult.services.assisting.keys import KeyFileProblem, Keys
from consult.views.clock import settings
from consult.views.errors import RETRY_AFTER_SECONDS, let_go

SCHEME = "Device"

WORDS = {400: "bad_request", 404: "not_found", 405: "not_found", 413: "too_large"}
"""By status, where nothing more exact is known."""

blueprint = Blueprint("tablet", __name__, url_prefix="/tablet")


class Refusal(Exception):
    """The tablet cannot have what it asks for; it has a sentence for the word."""

    def __init__(self, status: int, word: str, *, retry_after: str | None = None) -> None:
        super().__init__(word)
        self.status = status
        self.word = word
        self.retry_after = retry_after


def as_json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer."""
    return Response(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        status,
        headers=dict(headers or {}),
        content_type="application/json",
    )


def keys() -> Keys:
    """The server's keys."""
    return Keys(settings().key_path)


def device(session: Session) -> Device:
    """The tablet that has signed the request, a revoked one too.

    Raises
    ------
    Refusal
        If none has, or none that is enrolled.
    """
    scheme, _, signed = request.headers.get("Authorization", "").partition(" ")
    if scheme != SCHEME or not signed:
        raise Refusal(401, "not_signed")
    try:
        return enrolling.authenticate(session, signed, method=request.method, path=request.path)
    except enrolling.UnknownDevice:
        raise Refusal(401, "unknown_device") from None
    except enrolling.ForgedRequest:
        raise Refusal(401, "forged") from None


def reading_device(session: Session) -> Device:
    """The tablet that has signed the request, which may read.

    Raises
    ------
    Refusal
        If it was revoked, besides.
    """
    found = device(session)
    if found.revoked_at is not None:
        raise Refusal(403, "revoked")
    return found


@blueprint.errorhandler(Refusal)
def _refused(refusal: Refusal) -> ResponseReturnValue:
    headers = {} if refusal.retry_after is None else {"Retry-After": refusal.retry_after}
    return as_json({"error": refusal.word}, refusal.status, headers)


@blueprint.errorhandler(CSRFError)
def _forged(_error: CSRFError) -> ResponseReturnValue:
    return as_json({"error": "csrf"}, 400)


@blueprint.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status in {301, 302, 303, 304, 307, 308}:
        return error
    word = WORDS.get(status, "bad_request" if status < 500 else "fault")
    return as_json({"error": word}, status)


@blueprint.errorhandler(KeyFileProblem)
def _keys_gone(error: KeyFileProblem) -> ResponseReturnValue:
    let_go()
    logger.error("keys of tablets unusable", extra={"facts": {"problem": str(error)}})
    return _later()


def _database_gone(error: Exception) -> ResponseReturnValue:
    let_go()
    logger.error("database unavailable", extra={"facts": {"kind": type(error).__name__}})
    return _later()


def _later() -> Response:
    return as_json({"error": "unavailable"}, 503, {"Retry-After": RETRY_AFTER_SECONDS})


@blueprint.errorhandler(Exception)
def _fault(error: Exception) -> ResponseReturnValue:
    let_go()
    logger.error("fault", exc_info=error)
    return as_json({"error": "fault"}, 500)


for unavailable in UNAVAILABLE:
    blueprint.register_error_handler(unavailable, _database_gone)
