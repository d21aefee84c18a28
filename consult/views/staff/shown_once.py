"""Links that are shown once, on the page after the one that made them."""

from typing import Any

from flask import session

_KEPT = "shown_once"


def show_once(kind: str, address: str, whom: str, *, sent: bool = False) -> None:
    """Let the next page of that kind show a link, and no page after it."""
    session[_KEPT] = {"kind": kind, "address": address, "whom": whom, "sent": sent}


def shown_once(kind: str) -> dict[str, Any] | None:
    """The link to show on a page of that kind, if one was just made; it is forgotten then."""
    kept = session.get(_KEPT)
    if not isinstance(kept, dict) or kept.get("kind") != kind:
        return None
    session.pop(_KEPT)
    return kept
