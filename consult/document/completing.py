"""A consultation in the making, completed so that it can be looked at.

What is not written yet gets a stand-in that a reader recognises, and what cannot be used is
left out; both are named. The result is for previews: a consultation that opens is checked as
it stands (:mod:`consult.document.reading` for files).
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from consult.document.fields import Misfit
from consult.document.model import Consultation
from consult.document.questions import CHOICE_KINDS, Part

STAND_IN = "[…]"
"""Stands for a text that nobody has written yet."""

TIMES: Mapping[str, str] = {
    "opens_at": "2100-01-04T09:00",
    "closes_at": "2100-03-01T23:59",
    "late_until": "2100-03-08T23:59",
}
_DELETE_ON = "2101-03-08"
_EMPTY = ("contact", "privacy")
"""Parts of fields of their own."""
_BY_NAME: Mapping[str, Any] = {
    **TIMES,
    "delete_on": _DELETE_ON,
    "languages": [],
    "part": Part.DRAFT.value,
    "kind": "long_text",
    "code": "area",
}
_AT_MOST = 1_000
"""Repairs; each mends or removes one thing, so that this many are never needed."""


def completed(
    content: Mapping[str, Any], *, slug: str = "in-preparation", stand_in: str = STAND_IN
) -> tuple[Consultation, tuple[str, ...]]:
    """The consultation as far as it is written, and the paths of what is not.

    Parameters
    ----------
    content
        In the shape of a consultation file; anything may be missing or unfinished.
    slug
        Its name, where the content has none.
    stand_in
        What stands for missing texts.

    Returns
    -------
    tuple
        The consultation, and the paths (items by key, as translations are named) of everything
        that a stand-in stands for or that was left out.
    """
    data: dict[str, Any] = deepcopy(dict(content))
    data.setdefault("slug", slug)
    gaps: dict[str, None] = {}
    stood_in: set[str] = set()
    _put_in_order(data, gaps)
    for _ in range(_AT_MOST):
        try:
            return Consultation.model_validate(data), tuple(gaps)
        except ValidationError as error:
            # One at a time: a repair can move what the next error points at.
            _repair(data, error, stand_in, gaps, stood_in)
    raise RuntimeError("the content could not be completed")


def _put_in_order(data: dict[str, Any], gaps: dict[str, None]) -> None:
    """Questions by part, and the source language among the languages."""
    questions = data.get("questions")
    if isinstance(questions, list):
        data["questions"] = by_part(each for each in questions if isinstance(each, dict))
        if data["questions"] != questions:
            gaps["questions"] = None
    if not isinstance(data.setdefault("source_language", "en"), str):
        data["source_language"] = "en"
        gaps["source_language"] = None
    source = data["source_language"]
    languages = data.get("languages")
    if isinstance(languages, list) and all(isinstance(code, str) for code in languages):
        data["languages"] = list(dict.fromkeys([source, *languages]))
        if source not in languages:
            gaps["languages"] = None
    elif languages is not None:
        data.pop("languages")
        gaps["languages"] = None


def by_part(questions: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Questions in the order that residents meet their parts, else as they stood."""
    order = {part.value: at for at, part in enumerate(Part)}
    return sorted(questions, key=lambda each: order.get(str(each.get("part")), 1))


def _repair(
    data: dict[str, Any],
    error: ValidationError,
    stand_in: str,
    gaps: dict[str, None],
    stood_in: set[str],
) -> None:
    fault = error.errors(include_url=False)[0]
    misfit = (fault.get("ctx") or {}).get("error")
    place = tuple(fault["loc"])
    if isinstance(misfit, Misfit):
        place += misfit.place
    place = _inside(data, place)
    gaps.setdefault(_path(data, place), None)
    missing = fault["type"] in {"missing", "string_too_short"}
    while len(place) > 1 and missing and _path(data, place) in stood_in:
        place, missing = place[:-1], False  # no stand-in fits: the part around it goes
    if missing:
        stood_in.add(_path(data, place))
    if not place:
        _reset_times(data)
    elif missing and fault["type"] == "missing":
        _set(data, place, _stand_in_for(place, stand_in))
    elif missing:
        _set(data, place, stand_in)
    elif place[0] in TIMES or place == ("privacy", "delete_on"):
        _reset_times(data)
    elif place == ("questions",):
        data["questions"] = [
            {"key": "question", "part": "draft", "kind": "long_text", "label": stand_in}
        ]
    elif place == ("contact",):
        data["contact"] = {"phone": stand_in}
    elif place == ("languages",):
        data["languages"] = [data.setdefault("source_language", "en")]
    elif len(place) == 3 and place[2] == "options" and _lacks_options(data, place):
        _add_options(data["questions"][int(place[1])], stand_in)
    elif len(place) == 3 and place[2] == "kind" and not data.get("areas"):
        data["areas"] = [{"code": "area", "name": stand_in}]
    else:
        _remove(data, place)


def _inside(data: Any, place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The part of a place that leads through the data, and one step past its end."""
    kept: list[str | int] = []
    for step in place:
        kept.append(step)
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            if not isinstance(data, dict):
                kept.pop()
            break
    return tuple(kept)


def _path(data: Any, place: tuple[str | int, ...]) -> str:
    """A place as the path of a text: list items by key or code."""
    steps: list[str] = []
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        name = str(step)
        if isinstance(step, int) and isinstance(data, dict):
            name = str(data.get("key") or data.get("code") or step)
        steps.append(name)
    return ".".join(steps)


def _stand_in_for(place: tuple[str | int, ...], stand_in: str) -> Any:
    if len(place) == 1 and place[0] in _EMPTY:
        return {}
    return deepcopy(_BY_NAME.get(str(place[-1]), stand_in))


def _reset_times(data: dict[str, Any]) -> None:
    data.update(TIMES)
    data["timezone"] = "Europe/London"
    data["grace_minutes"] = 30
    privacy = data.get("privacy")
    if isinstance(privacy, dict):
        privacy["delete_on"] = _DELETE_ON


def _lacks_options(data: dict[str, Any], place: tuple[str | int, ...]) -> bool:
    question = data["questions"][place[1]]
    options = question.get("options") or []
    return str(question.get("kind")) in {kind.value for kind in CHOICE_KINDS} and len(options) < 2


def _add_options(question: dict[str, Any], stand_in: str) -> None:
    options = list(question.get("options") or [])
    taken = {str(option.get("key")) for option in options if isinstance(option, dict)}
    free = (key for key in ("option_1", "option_2", "option_3") if key not in taken)
    while len(options) < 2:
        options.append({"key": next(free), "label": stand_in})
    question["options"] = options


def _set(data: Any, place: tuple[str | int, ...], value: Any) -> None:
    for step in place[:-1]:
        data = data[step]
    data[place[-1]] = value


def _remove(data: Any, place: tuple[str | int, ...]) -> None:
    """Leave out the smallest part at a place that a consultation can be without.

    What a part must have cannot be left out of it: then the stand-in's turn comes, for a field
    that is gone is a missing one.
    """
    for step in place[:-1]:
        data = data[step]
    if isinstance(data, list):
        data.pop(int(place[-1]))
    else:
        data.pop(place[-1], None)
