"""Lists of sections and questions: their order, and taking one out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.forms.bidirectional import isolated
from consult.services import workspaces
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.editing.saving import name_of, part_or_404

UP, DOWN = "up", "down"


Act = Callable[[str], None]


@dataclass(frozen=True)
class Removal:
    """The page that asks whether to take something out."""

    part: str
    """Where nothing else is said, of which the whole is taken out."""
    title: str
    name: str
    """What is taken out, in its own words."""
    consequences: Sequence[str]
    address: str
    list_endpoint: str


def move(
    part: str, list_endpoint: str, siblings: Callable[[], list[dict[str, Any]]]
) -> ResponseReturnValue:
    """Move an item one place up or down, and go back to its button in the list.

    ``siblings`` gives the items that it stands among, in their order.
    """
    way = UP if request.form.get("way") == UP else DOWN
    try:
        with unit_of_work(db.session):
            workspaces.move_item(
                db.session,
                workspace().slug,
                part,
                -1 if way == UP else 1,
                actor=actor(),
                now=now(),
            )
    except workspaces.NoSuchPart:
        return redirect(page(list_endpoint, gone=1), 303)
    key = part.partition(".")[2]
    keys = [item["key"] for item in siblings()]
    if len(keys) < 2:
        anchor = f"item-{key}"
    elif key in {keys[0], keys[-1]}:
        anchor = f"{DOWN if key == keys[0] else UP}-{key}"  # the other button is not there
    else:
        anchor = f"{way}-{key}"
    return redirect(page(list_endpoint, moved=key, _anchor=anchor), 303)


def moved_words(items: Sequence[dict[str, Any]], name: str) -> str | None:
    """Where the item that was just moved stands now, for people who listen to the page."""
    moved = request.args.get("moved")
    for number, item in enumerate(items, start=1):
        if item["key"] == moved:
            # Translators: a section or a question, and its place in the list
            return gettext(
                "%(name)s: now %(number)s of %(total)s",
                name=isolated(item.get(name) or item["key"]),
                number=number,
                total=len(items),
            )
    return None


def ask_before_removing(
    removal: Removal, *, value: Any = None, changed_by: str | None = None
) -> ResponseReturnValue:
    """The page that asks whether to take something out, with what hangs on it."""
    body = render_template(
        "staff/editing/remove.html",
        page_title=removal.title,
        removal=removal,
        seen=workspaces.digest(part_or_404(removal.part) if value is None else value),
        changed_by=changed_by,
    )
    return body, 200 if changed_by is None else 409


def remove(removal: Removal, act: Act | None = None) -> ResponseReturnValue:
    """Take something out, as it was seen; ``act`` does it where it is no whole part."""
    seen = request.form.get("seen", "")
    try:
        with unit_of_work(db.session):
            if act is not None:
                act(seen)
            else:
                _remove_part(removal.part, seen)
    except workspaces.PartChanged as told:
        return ask_before_removing(removal, value=told.current, changed_by=name_of(told.changed_by))
    except workspaces.NoSuchPart:
        return redirect(page(removal.list_endpoint, gone=1), 303)
    return redirect(page(removal.list_endpoint, removed=1), 303)


def _remove_part(part: str, seen: str) -> None:
    workspaces.remove_item(db.session, workspace().slug, part, seen=seen, actor=actor(), now=now())


def list_notice() -> str | None:
    """What was just done in a list, in words."""
    if "removed" in request.args:
        return gettext("It is removed.")
    if "gone" in request.args:
        return gettext("Somebody had removed it before.")
    if "added" in request.args:
        return gettext("It is added.")
    if "full" in request.args:
        return gettext("Nothing is added: there are as many questions as there can be.")
    return None
