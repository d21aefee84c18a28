"""The numbers and bullets that Word draws by itself, counted as Word counts them."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from consult.drafting.word_styles import NO_LIST, Styles
from consult.drafting.xml_tree import Node

_PLACE = re.compile(r"%([1-9])")
_LEVELS: Final = 9
_MAX_START: Final = 1_000_000
_ROMAN: Final = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands before a paragraph of a list."""

    depth: int
    number: int | None = None
    """Its number; None for a bullet."""
    label: str | None = None
    """A number of several parts, such as 3.4, which Markdown's lists cannot count."""
    lettered: bool = False
    """Whether Word shows the number as a letter or in Roman figures."""


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str
    text: str
    start: int
    style: str | None


@dataclass(frozen=True, slots=True)
class _List:
    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int]


class Numbering:
    """The lists of one file, with how far each has counted."""

    def __init__(self, root: Node | None, styles: Styles) -> None:
        children = root.children if root else []
        self._styles = styles
        self._abstract = {
            node.get("w:abstractNumId"): node for node in children if node.name == "w:abstractNum"
        }
        self._numbers = {node.get("w:numId"): node for node in children if node.name == "w:num"}
        self._lists: dict[str, _List | None] = {}
        self._counted: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[str] = set()

    def next(self, number_id: str | None, level: str | None, style: str | None) -> Marker | None:
        """The marker of the next paragraph of a list; None where nothing stands before it."""
        if number_id is None or number_id == NO_LIST:
            return None
        if number_id not in self._lists:
            self._lists[number_id] = self._read_list(number_id, followed=0)
        found = self._lists[number_id]
        if found is None:
            return None
        depth = _depth(level, style, found)
        definition = found.levels.get(depth)
        if definition is None or definition.kind == "none":
            return None
        if definition.kind == "bullet":
            return Marker(depth)
        return self._count(number_id, found, depth, definition)

    def _count(self, number_id: str, of: _List, depth: int, level: _Level) -> Marker | None:
        counted = self._counted[of.abstract]
        if number_id not in self._begun:
            self._begun.add(number_id)
            counted.update({place: start - 1 for place, start in of.restarts.items()})
        counted[depth] = counted.get(depth, level.start - 1) + 1
        for deeper in [place for place in counted if place > depth]:
            del counted[deeper]
        places = [int(place) - 1 for place in _PLACE.findall(level.text)]
        if not places:
            return None
        if places == [depth]:
            return Marker(depth, number=counted[depth], lettered=not _is_decimal(level.kind))
        return Marker(depth, label=_label(level.text, of, counted))

    def _read_list(self, number_id: str, *, followed: int) -> _List | None:
        number = self._numbers.get(number_id)
        abstract_id = number.value("w:abstractNumId") if number else None
        abstract = self._abstract.get(abstract_id) if abstract_id is not None else None
        if number is None or abstract is None or abstract_id is None:
            return None
        linked = abstract.value("w:numStyleLink")
        if linked is not None and followed < _LEVELS:
            other = self._styles.list_of(linked)
            return self._read_list(other, followed=followed + 1) if other else None
        levels = _levels(abstract)
        restarts: dict[int, int] = {}
        for override in (node for node in number.children if node.name == "w:lvlOverride"):
            levels |= _levels(override)
            start = override.value("w:startOverride")
            if start is not None:
                restarts[_figure(override.get("w:ilvl"), _LEVELS - 1)] = _figure(start, _MAX_START)
        return _List(abstract_id, levels, restarts)


def _levels(parent: Node) -> dict[int, _Level]:
    return {
        _figure(node.get("w:ilvl"), _LEVELS - 1): _Level(
            kind=node.value("w:numFmt") or "decimal",
            text=node.value("w:lvlText") or "",
            start=_figure(node.value("w:start") or "1", _MAX_START),
            style=node.value("w:pStyle"),
        )
        for node in parent.children
        if node.name == "w:lvl"
    }


def _depth(level: str | None, style: str | None, of: _List) -> int:
    """The level that is named, else the one that belongs to the paragraph's style."""
    if level is not None:
        return _figure(level, _LEVELS - 1)
    return next((place for place, it in of.levels.items() if style and it.style == style), 0)


def _label(text: str, of: _List, counted: dict[int, int]) -> str:
    def shown(found: re.Match[str]) -> str:
        place = int(found.group(1)) - 1
        level = of.levels.get(place)
        start = level.start if level else 1
        return _written(counted.get(place, start), level.kind if level else "decimal")

    return _PLACE.sub(shown, text)


def _is_decimal(kind: str) -> bool:
    return not kind.endswith(("Letter", "Roman"))


def _written(number: int, kind: str) -> str:
    """A number as Word shows it; kinds other than letters and Roman figures as figures."""
    if number < 1 or _is_decimal(kind):
        return str(number)
    if kind.endswith("Letter"):
        text = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, _LEVELS)
    else:
        text = _roman(min(number, 3999))
    return text.upper() if kind.startswith("upper") else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _figure(text: str, most: int) -> int:
    """A whole number from 0 to ``most``; 0 where there is none."""
    return min(int(text), most) if re.fullmatch(r"[0-9]{1,9}", text) else 0
