"""The addresses of signing in: each in a language, and leading on within the desk only."""

import re
from datetime import timedelta
from typing import Any

from flask import Flask, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_security.tf_plugin import tf_clean_session

from consult.views.clock import now, settings

PREFIX = "/<language>/staff/account"

SWITCHED_OFF = frozenset({"security.two_factor_rescue"})
"""Pages of the library that it cannot be told to leave out; ours do without."""

_SECOND_STEP = frozenset(
    {
        "security.two_factor_token_validation",
        "security.tf_select",
        "security.mf_recovery",
    }
)
"""Pages between the password and being signed in."""

SECOND_STEP_WITHIN = timedelta(minutes=10)
"""How soon the second step has to follow the password."""

LONGEST_WAY_BACK = 500
"""Characters: it is kept in a cookie, which browsers drop beyond 4 kB."""

HALF_WAY_SINCE = "password_right_at"
"""In the cookie: when the password was right."""

_OURS = re.compile(r"/tablet/|/[a-z]{2,3}(?:-[A-Za-z]+)?/staff/[^\\\s\x00-\x1f]*")
"""The tablet's app, or a path of the desk: no host, no backslash, nothing a browser would cut."""


def init_app(app: Flask) -> None:
    """Take languages from addresses, put them in, and refuse what leads elsewhere."""
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.before_request(_check_address)


def is_ours(path: str) -> bool:
    """Whether somebody may be led there after signing in."""
    return len(path) <= LONGEST_WAY_BACK and _OURS.fullmatch(path) is not None


def _take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if endpoint is not None and endpoint.startswith("security."):
        g.page_language = (values or {}).pop("language", None)


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint.startswith(("security.", "staff.")):
        values.setdefault("language", g.get("page_language") or "en")


def _check_address() -> ResponseReturnValue | None:
    if request.blueprint != "security":
        return None
    if g.page_language not in settings().languages:
        del g.page_language
        abort(404)
    if request.endpoint in SWITCHED_OFF:
        abort(404)
    if request.is_json:  # the forms are forms
        abort(415)
    _forget_half_way()
    if any(not is_ours(path) for path in _named_next()):
        if request.method == "GET":
            return redirect(url_for(request.endpoint or "", **(request.view_args or {})), 303)
        abort(400)
    if request.endpoint in _SECOND_STEP and current_user.is_authenticated:
        return redirect(url_for("staff.my_account"), 303)
    return None


def _named_next() -> list[str]:
    return [path for path in (request.args.get("next"), request.form.get("next")) if path]


def _forget_half_way() -> None:
    """Forget a sign-in whose second step did not follow soon after the password."""
    since = session.get(HALF_WAY_SINCE)
    if since is not None and now().timestamp() - since > SECOND_STEP_WITHIN.total_seconds():
        session.pop(HALF_WAY_SINCE)
        tf_clean_session()  # type: ignore[no-untyped-call]
