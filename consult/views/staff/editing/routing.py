"""Routing in words: who is asked each question, and which nobody meets."""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.document.model import Part
from consult.forms.editing.labels import part_words
from consult.forms.editing.routing_words import RoutingWords, removed_answer
from consult.services import access
from consult.services.routing import Group, Reach, Route, as_far_as_written, routes
from consult.views.residents.choices import FIXED_LABELS
from consult.views.staff.audience import for_staff
from consult.views.staff.current import workspace
from consult.views.staff.editing.saving import may_edit


@for_staff("/consultations/<slug>/routing", roles=access.READERS)
def routing() -> ResponseReturnValue:
    """Every question with who is asked it."""
    found, words = routing_of(workspace().content)
    labels = {q["key"]: q.get("label") or q["key"] for q in workspace().content["questions"]}
    parts = {q["key"]: q.get("part") for q in workspace().content["questions"]}
    return render_template(
        "staff/editing/routing.html",
        page_title=gettext("Who is asked what"),
        words=words,
        labels=labels,
        groups=[
            (part_words(part), [route for route in found if parts[route.key] == part])
            for part in Part
        ],
        never=[route for route in found if route.reach is Reach.NEVER],
        not_known=[route for route in found if route.reach is Reach.NOT_KNOWN],
        only=_only_some(found),
        can_edit=may_edit(),
    )


def routing_of(content: Mapping[str, Any]) -> tuple[tuple[Route, ...], RoutingWords]:
    """The routes of a consultation in the making, and the words for them."""
    written = as_far_as_written(content)
    return routes(written), RoutingWords(written, fixed_answer)


def fixed_answer(key: str) -> str:
    """The words of an answer that the product words, or what stands for one that is gone."""
    return str(FIXED_LABELS[key]) if key in FIXED_LABELS else removed_answer(key)


def _only_some(found: tuple[Route, ...]) -> dict[Group, list[str]]:
    """By group of people, the questions that nobody outside it meets."""
    only: dict[Group, list[str]] = {}
    for route in found:
        for group in route.groups:
            only.setdefault(group, []).append(route.key)
    return only
