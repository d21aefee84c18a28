"""Each request of signing in that may write runs in one unit of work."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField

from consult.db import db, unit_of_work
from consult.sign_in import letters, passwords

View = Callable[..., ResponseReturnValue]

_WITH_A_PASSWORD = frozenset({"security.login", "security.verify", "security.change_password"})
"""Forms that say a password which has to be checked."""


def wrap_views(app: Flask) -> None:
    """Wrap the library's views."""
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith("security."):
            app.view_functions[endpoint] = _in_one_unit(view)


def page(template: str, **context: Any) -> str:
    """Render a page or an e-mail of the library's; a form that was refused is noted."""
    if template in letters.BY_TEMPLATE:
        return letters.BY_TEMPLATE[template]()
    forms = [form for form in context.values() if isinstance(form, FlaskForm)]
    errors = [
        (_seen(form, field), str(message))
        for form in (forms if request.method == "POST" else [])
        for field, messages in form.errors.items()
        for message in messages
    ]
    if errors:
        g.form_refused = True
    return render_template(template, errors=errors, **context)


def _seen(form: FlaskForm, field: str | None) -> str:
    """The id of a field that somebody can go to; nothing for one that does not show."""
    return "" if field is None or isinstance(form[field], HiddenField) else field


def _in_one_unit(view: Any) -> View:
    @wraps(view)
    def within(**values: Any) -> ResponseReturnValue:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            answer: ResponseReturnValue = view(**values)
            return answer
        _weigh_ahead()
        with unit_of_work(db.session):
            return _with_status(make_response(view(**values)))

    return within


def _weigh_ahead() -> None:
    if request.endpoint not in _WITH_A_PASSWORD:
        return
    password = request.form.get("password", "")
    name = (
        current_user.email
        if current_user.is_authenticated
        else request.form.get("email", "").strip()
    )
    if name and password:
        passwords.weigh_ahead(name, password)


def _with_status(answer: Response) -> Response:
    """Refused forms are no success, and after a form a browser fetches the next page."""
    if answer.status_code == 200 and g.get("form_refused"):
        answer.status_code = 422
    elif answer.status_code == 302:
        answer.status_code = 303
    return answer
