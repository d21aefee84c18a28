"""Cursors: where a page of responses ends, and for whom it was read.

A cursor is signed and goes with its token, its consultation and the options of the first page, so
that nobody reads on from where nothing was noted in the audit trail. It lasts a day from the
first page.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from consult.services.raw.reading import Wanted
from consult.views.clock import settings

LASTS = timedelta(days=1)

LONGEST = 1_000
"""Characters of one."""


class CursorOver(ValueError):
    """The cursor is none, or of something else, or too old."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where reading goes on."""

    token_id: UUID
    slug: str
    wanted: Wanted
    begun: datetime
    """When the first page was read."""
    after: UUID
    """The last response of the page before."""


def write(cursor: Cursor) -> str:
    """A cursor as a text for the next question."""
    wanted = cursor.wanted
    return str(
        _serializer().dumps(
            [
                cursor.token_id.hex,
                cursor.slug,
                wanted.everything,
                wanted.into,
                cursor.begun.isoformat(),
                cursor.after.hex,
            ]
        )
    )


def read(text: str, *, token_id: UUID, slug: str, now: datetime) -> Cursor:
    """The cursor that a text is.

    Raises
    ------
    CursorOver
        If it is none that this token may go on from.
    """
    try:
        token, of, everything, into, begun, after = _serializer().loads(text[:LONGEST])
    except BadData as error:
        raise CursorOver from error
    found = Cursor(
        UUID(token), of, Wanted(everything, into), datetime.fromisoformat(begun), UUID(after)
    )
    if found.token_id != token_id or found.slug != slug or now - found.begun > LASTS:
        raise CursorOver
    return found


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt=f"{current_app.name} api cursor")
