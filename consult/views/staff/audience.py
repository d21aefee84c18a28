"""Who a page is for: each route says it, and this is where it is held to it.

.. code-block:: python

    @for_staff("/consultations/<slug>/questions", roles=access.EDITORS)
    def questions() -> ResponseReturnValue: ...

A route with ``<slug>`` is about one consultation: roles held there count too, and the view
finds it as ``workspace()``. Somebody who may not even look at it gets the page of an address
that does not exist.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from consult.db import db
from consult.forms.tokens import token_problem
from consult.models import Account
from consult.services import access, workspaces
from consult.sign_in import second_factor
from consult.views.staff.current import blueprint, page, signed_in

View = Callable[..., ResponseReturnValue]

NEVER_KEPT = frozenset(
    {
        "csrf_token",
        "password",
        "password_again",
        "password_confirm",
        "new_password",
        "new_password_confirm",
        "code",
        "credential",
    }
)
"""Fields that a page never repeats."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may use a route."""

    roles: tuple[str, ...]
    """One of them is needed; everybody who is signed in where there are none."""
    of_consultation: bool


AUDIENCES: dict[str, Audience] = {}
"""By endpoint, for the test that lists them all."""


def for_staff(
    rule: str,
    *,
    roles: Collection[str] = (),
    methods: Collection[str] = ("GET",),
    largest: int | None = None,
    before_second_factor: bool = False,
) -> Callable[[View], View]:
    """Add a route for signed-in staff with one of these roles; admins are always let in.

    A form that comes without a sound token, or after the session ended, is shown again with
    all that was typed in it, to be sent once more. ``largest`` is what a request may hold, in
    bytes, where that is more than elsewhere: for files. Who still has to set a second step of
    signing in up is led there first, except from routes that say ``before_second_factor``.
    """
    audience = Audience(tuple(roles), "<slug>" in rule)

    def add(view: View) -> View:
        AUDIENCES[f"staff.{view.__name__}"] = audience

        @blueprint.route(rule, methods=list(methods))
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            person = signed_in()
            if largest is not None and person is not None:
                request.max_content_length = largest
            if person is None:
                return _sign_in_first()
            if not before_second_factor and second_factor.is_missing(person):
                return _second_factor_first()
            _let_in(person, audience, values)
            if request.method == "POST" and (problem := token_problem()) is not None:
                return _kept_form(problem), 400
            return view(**values)

        return view

    return add


def _let_in(person: Account, audience: Audience, values: dict[str, Any]) -> None:
    """Take the consultation up, where the address names one, and check the roles."""
    held = access.roles_everywhere(person)
    if audience.of_consultation:
        at_hand = workspaces.find(db.session, values.pop("slug"))
        if at_hand is None:
            abort(404)
        held = access.roles_in(person, at_hand.id)
        if not held:
            abort(404)
        g.workspace = at_hand
    if audience.roles and not access.allows(held, audience.roles):
        abort(403)


def _sign_in_first() -> ResponseReturnValue:
    if request.method == "GET":
        here = request.full_path.rstrip("?")
        return redirect(url_for("security.login", next=here), 303)
    return _kept_form(
        gettext(
            "You are signed out, because you were away for long or signed out elsewhere. What "
            "you wrote is still on this page: sign in again, then send it from here."
        ),
        sign_in=url_for("security.login", next=page("signed_in_again")),
    ), 401


def _second_factor_first() -> ResponseReturnValue:
    if request.method == "GET":
        return redirect(url_for("staff.second_factor"), 303)
    return _kept_form(
        gettext(
            "Your role needs a second step to sign in, and your account has none yet. What you "
            "wrote is still on this page: set the second step up, then send it from here."
        ),
        set_up=url_for("staff.second_factor"),
    ), 403


def _kept_form(problem: str, *, sign_in: str | None = None, set_up: str | None = None) -> str:
    """A page that holds all that a form said, to be sent again."""
    kept: MultiDict[str, str] = MultiDict(
        (name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT
    )
    return render_template(
        "staff/kept_form.html",
        page_title=gettext("Not saved yet"),
        problem=problem,
        kept=list(kept.items(multi=True)),
        had_files=any(file.filename for file in request.files.values()),
        action=request.full_path.rstrip("?"),
        sign_in=sign_in,
        set_up=set_up,
    )
