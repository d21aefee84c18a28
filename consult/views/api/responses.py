"""Responses with their answers, page by page. Each reading is in the audit trail."""

import re
from typing import Any, Final

from flask import request

from consult.db import db, unit_of_work
from consult.services import access, audit
from consult.services.raw import asked as asking
from consult.services.raw import reading
from consult.services.raw.asked import Asking
from consult.services.raw.reading import Wanted
from consult.services.raw.shaping import order_of, shaped
from consult.services.tokens import Bearer, Scope
from consult.views.api import cursors, problems
from consult.views.api.current import bearer, reads, stored
from consult.views.api.cursors import Cursor
from consult.views.clock import now

USUAL_LIMIT: Final = 100
LARGEST_LIMIT: Final = 500

STATUSES: Final = ("counted", "all")

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)


@reads(
    "/consultations/<slug>/responses",
    scope=Scope.RESPONSES,
    roles=access.ANALYSTS,
    parameters=("limit", "cursor", "status", "translations"),
)
def responses() -> dict[str, Any]:
    """One page of responses in the order they came, and the cursor of the next."""
    reader = _reader()
    asked = asking.asking(db.session, stored())
    limit, cursor, wanted = _asked_for(asked, reader)
    total = None
    if cursor is None:
        total = reading.count(db.session, asked, wanted)
        _note(reader, wanted, total)
    try:
        page = reading.some(
            db.engine,
            asked,
            wanted,
            after=None if cursor is None else cursor.after,
            limit=limit,
        )
    except LookupError as error:
        raise _over() from error
    order = order_of(asked)
    following = None
    if page.last is not None:
        begun = now() if cursor is None else cursor.begun
        following = cursors.write(Cursor(reader.token_id, stored().slug, wanted, begun, page.last))
    return {
        "items": [shaped(each, order, wanted) for each in page.found],
        "total": total,
        "next": following,
    }


def _reader() -> Bearer:
    found = bearer()
    if found is None:
        raise problems.no_token()
    return found


def _asked_for(asked: Asking, reader: Bearer) -> tuple[int, Cursor | None, Wanted]:
    errors: list[tuple[str, str]] = []
    typed = request.args.get("limit", str(USUAL_LIMIT))
    limit = int(typed) if _WHOLE.fullmatch(typed) else 0
    if not 1 <= limit <= LARGEST_LIMIT:
        errors.append(("limit", f"Give a whole number from 1 to {LARGEST_LIMIT}."))
    wanted = _wanted(asked, errors)
    cursor = None
    if "cursor" in request.args:
        cursor = _cursor(reader, errors)
    if errors:
        raise problems.misread(*errors)
    return limit, cursor, wanted if cursor is None else cursor.wanted


def _wanted(asked: Asking, errors: list[tuple[str, str]]) -> Wanted:
    status = request.args.get("status", STATUSES[0])
    if status not in STATUSES:
        errors.append(("status", "Give counted or all."))
    into = request.args.get("translations")
    if into is not None and into not in asked.document.languages:
        known = ", ".join(asked.document.languages)
        errors.append(("translations", f"Give one of the consultation's languages: {known}."))
    return Wanted(everything=status == "all", into=into)


def _cursor(reader: Bearer, errors: list[tuple[str, str]]) -> Cursor | None:
    told = "Give it with the first page only: the cursor carries it on."
    errors.extend((name, told) for name in ("status", "translations") if name in request.args)
    try:
        return cursors.read(
            request.args["cursor"], token_id=reader.token_id, slug=stored().slug, now=now()
        )
    except cursors.CursorOver:
        errors.append(("cursor", _AGAIN))
        return None


_AGAIN = "It is not a cursor of this token and consultation, or older than a day. Begin again."


def _over() -> problems.Problem:
    """The response at which the page before ended has gone."""
    return problems.misread(("cursor", _AGAIN))


def _note(reader: Bearer, wanted: Wanted, total: int) -> None:
    """Write down that somebody reads; the pages that follow are of the same reading."""
    actor, slug = reader.account.email, stored().slug
    with unit_of_work(db.session):
        audit.record(
            db.session,
            actor=actor,
            action="raw data read",
            subject=slug,
            now=now(),
            token=reader.token_name,
            responses=total,
            which="all" if wanted.everything else "counted",
            translations=wanted.into or "",
        )
