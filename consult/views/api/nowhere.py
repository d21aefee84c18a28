"""Addresses of the interface at which there is nothing, and ways in which nothing can be asked."""

from flask import current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from consult.views.api.current import blueprint
from consult.views.api.problems import Problem

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
ALLOWED = "GET, HEAD, OPTIONS"


@blueprint.route("/", defaults={"rest": ""}, methods=METHODS, provide_automatic_options=False)
@blueprint.route("/<path:rest>", methods=METHODS, provide_automatic_options=False)
def nowhere(rest: str) -> ResponseReturnValue:
    """Say whether the address is wrong, or only what was to be done there."""
    if request.method not in {"GET", "HEAD"} and _can_be_read():
        raise Problem(405, "This can be read only.", headers={"Allow": ALLOWED})
    raise Problem(404, "There is nothing at this address. See /api/v1/openapi.json.")


def _can_be_read() -> bool:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        endpoint, _ = adapter.match(method="GET")
    except HTTPException:
        return False
    return endpoint != "api.nowhere"
