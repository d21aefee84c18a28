"""Who asks, and what for: each route states its scope and roles, and is held to them here.

.. code-block:: python

    @reads("/consultations/<slug>/responses", scope=Scope.RESPONSES, roles=access.ANALYSTS)
    def responses() -> dict[str, Any]: ...

A route with ``<slug>`` is about one consultation, which its view finds as :func:`stored`.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, Response, g, request

from consult.db import db, unit_of_work
from consult.models import Consultation, Workspace
from consult.services import access, consultations, tokens, workspaces
from consult.services.tokens import Bearer, Scope
from consult.views.api import problems
from consult.views.clock import now

VERSION = "v1"

PUBLIC: tuple[str, ...] = ()
"""For routes that everybody may read; a token may show more."""

View = Callable[..., Any]

blueprint = Blueprint("api", __name__, url_prefix="/api")
problems.init_blueprint(blueprint)


@dataclass(frozen=True, slots=True)
class Guard:
    """What a route asks of who reads it."""

    scope: Scope | None
    """Needed; none where everybody may read it."""
    roles: tuple[str, ...]
    """One of them is needed in the consultation, besides."""


GUARDS: dict[str, Guard] = {}
"""By endpoint, for the description and for the test that lists them all."""


def reads(
    rule: str,
    *,
    scope: Scope | None = None,
    roles: Collection[str] = PUBLIC,
    parameters: Collection[str] = (),
) -> Callable[[View], View]:
    """Add a route. ``parameters`` are those of the query that it knows: others are refused."""
    guard = Guard(scope, tuple(roles))

    def add(view: View) -> View:
        GUARDS[f"api.{view.__name__}"] = guard

        @blueprint.get(f"/{VERSION}{rule}")
        @wraps(view)
        def guarded(**values: Any) -> Response:
            _let_in(guard, values)
            _check_accept()
            _check_query(parameters)
            return as_json(view(**values))

        return view

    return add


def as_json(content: Any) -> Response:
    """An answer, its fields in the order in which they are described."""
    return Response(json.dumps(content, ensure_ascii=False), content_type="application/json")


def bearer() -> Bearer | None:
    """Who reads by a token, if anybody does."""
    found: Bearer | None = g.get("bearer")
    return found


def stored() -> Consultation:
    """The consultation at hand, as residents meet it."""
    found: Consultation = g.consultation
    return found


def public_consultation(slug: str) -> Consultation | None:
    """What everybody may know of: a consultation that is announced, open or over."""
    found = consultations.find(db.session, slug)
    return None if found is None or found.is_preview else found


def in_the_making() -> list[Workspace]:
    """Consultations that are not open yet, as far as the person behind a token may look at them.

    Of a token without the scope: none.
    """
    reader = _looking_ahead()
    if reader is None:
        return []
    return [
        workspace
        for workspace in access.visible_workspaces(db.session, reader.account)
        if workspaces.state_of(workspace, now()) is workspaces.State.PREPARING
    ]


def may_look_ahead(slug: str) -> bool:
    """Whether the token opens, and its person may see, what residents are to see later."""
    reader = _looking_ahead()
    return reader is not None and access.allows(_held(reader, slug), access.READERS)


def _looking_ahead() -> Bearer | None:
    reader = bearer()
    return None if reader is None or Scope.CONSULTATIONS not in reader.scopes else reader


def _held(reader: Bearer, slug: str) -> frozenset[str]:
    """Roles of a token's person in a consultation, also in one that came without a workspace."""
    workspace = workspaces.find(db.session, slug)
    if workspace is None:
        return access.roles_everywhere(reader.account)
    return access.roles_in(reader.account, workspace.id)


def _let_in(guard: Guard, values: dict[str, Any]) -> None:
    g.bearer = _shown_token()
    if guard.scope is not None:
        if g.bearer is None:
            raise problems.no_token()
        if guard.scope not in g.bearer.scopes:
            raise problems.narrow_token(guard.scope)
    if guard.roles:
        _take_up(guard, g.bearer, values.pop("slug"))


def _take_up(guard: Guard, reader: Bearer, slug: str) -> None:
    found = public_consultation(slug)
    if found is None:
        raise problems.nothing_there("consultation")
    if not access.allows(_held(reader, slug), guard.roles):
        raise problems.not_yours()
    g.consultation = found
    g.consultation_timezone = found.definition["timezone"]


def _shown_token() -> Bearer | None:
    """Who reads by the token of the request. A cookie is no token."""
    if "Authorization" not in request.headers:
        return None
    shown = request.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        raise problems.wrong_token()
    found = tokens.bearer(db.session, shown.token, now=now())
    if found is None:
        raise problems.wrong_token()
    if tokens.is_use_due(db.session, found.token_id, now=now()):
        with unit_of_work(db.session):
            tokens.note_use(db.session, found.token_id, now=now())
    return found


def _check_accept() -> None:
    wanted = request.accept_mimetypes  # empty where nothing is said
    if wanted and not wanted.best_match(["application/json"]):
        raise problems.Problem(406, "There is nothing here but application/json.")


def _check_query(known: Collection[str]) -> None:
    errors = []
    for name, entries in request.args.lists():
        if name not in known:
            errors.append((name, "There is no such parameter here."))
        elif len(entries) > 1:
            errors.append((name, "Give it once."))
    if errors:
        raise problems.misread(*errors)
