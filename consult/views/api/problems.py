"""What the interface says when it cannot answer: problem documents (RFC 9457), in English."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from consult.db import UNAVAILABLE
from consult.logs import logger
from consult.views.errors import RETRY_AFTER_SECONDS, let_go

MEDIA_TYPE = "application/problem+json"

CHALLENGE = 'Bearer realm="consult"'

KINDS = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    422: "invalid-parameter",
    500: "fault",
    503: "unavailable",
}
"""By status, where nothing more exact is known."""


class Problem(Exception):
    """The interface cannot answer; ``kind`` is for programs, ``detail`` for people."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "",
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.status = status
        self.detail = detail
        self.kind = kind or KINDS[status]
        self.errors = tuple(errors)
        """Names of parameters, and what is wrong with each."""
        self.headers = dict(headers or {})


def init_blueprint(blueprint: Blueprint) -> None:
    """Answer every fault of a blueprint's views with a problem document."""
    blueprint.register_error_handler(Problem, _problem)
    blueprint.register_error_handler(HTTPException, _http_error)
    for unavailable in UNAVAILABLE:
        blueprint.register_error_handler(unavailable, _database_gone)
    blueprint.register_error_handler(Exception, _fault)


def no_token() -> Problem:
    """Nobody may read this without a token."""
    return Problem(
        401,
        "This needs a token. Send it as: Authorization: Bearer TOKEN",
        kind="token-missing",
        headers={"WWW-Authenticate": CHALLENGE},
    )


def wrong_token() -> Problem:
    """The token is none, or none any more."""
    return Problem(
        401,
        "The token is not known, its time is over, it was taken back, or its account is closed.",
        kind="token-invalid",
        headers={"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'},
    )


def narrow_token(scope: str) -> Problem:
    """The token opens other things."""
    return Problem(
        403,
        f"The token lacks the scope {scope}. Make one that has it.",
        kind="scope-missing",
        headers={"WWW-Authenticate": f'{CHALLENGE}, error="insufficient_scope", scope="{scope}"'},
    )


def not_yours() -> Problem:
    """The person behind the token may not read it."""
    return Problem(
        403,
        "The person whose token this is has no role here that may read it.",
        kind="role-missing",
    )


def nothing_there(what: str) -> Problem:
    """There is no such thing, or not for who asks."""
    return Problem(404, f"There is no {what} of that name that you may read.")


def misread(*errors: tuple[str, str]) -> Problem:
    """Parameters that say nothing that the interface understands."""
    named = ", ".join(name for name, _ in errors)
    return Problem(422, f"Look at these parameters again: {named}.", errors=errors)


def _problem(problem: Problem) -> ResponseReturnValue:
    body: dict[str, Any] = {
        "type": f"urn:consult:problem:{problem.kind}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = [{"parameter": name, "detail": detail} for name, detail in problem.errors]
    return Response(
        json.dumps(body, ensure_ascii=False),
        problem.status,
        headers=problem.headers,
        content_type=MEDIA_TYPE,
    )


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    kind = KINDS.get(status, "bad-request" if status < 500 else "fault")
    return _problem(Problem(status, error.description or "", kind=kind))


def _database_gone(error: Exception) -> ResponseReturnValue:
    let_go()
    logger.error("database unavailable", extra={"facts": {"kind": type(error).__name__}})
    return _problem(
        Problem(
            503,
            "The records cannot be reached just now. Ask again in half a minute.",
            headers={"Retry-After": RETRY_AFTER_SECONDS},
        )
    )


def _fault(error: Exception) -> ResponseReturnValue:
    let_go()
    logger.error("fault", exc_info=error)
    return _problem(Problem(500, "It is our fault, not yours. Ask again later."))
