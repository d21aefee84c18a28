"""What a page of texts shows of a language: which texts, and how many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consult.forms.translating_words import part_of
from consult.services.translating import Line, Standing

MOST_LINES = 20
MOST_CHARACTERS = 15_000
"""Of sources and translations on one page, so that it stays light; a longer text stands alone."""


class Show(StrEnum):
    """Which texts of a language a page shows."""

    ALL = "all"
    MISSING = "missing"
    STALE = "stale"
    WAITING = "waiting"
    """Translated and not approved, by whomever."""
    MACHINE = "machine"
    WARNED = "warned"


_STANDINGS: Mapping[Show, tuple[Standing, ...]] = {
    Show.ALL: tuple(Standing),
    Show.WARNED: tuple(Standing),
    Show.MISSING: (Standing.MISSING,),
    Show.STALE: (Standing.STALE,),
    Show.WAITING: (Standing.MACHINE, Standing.WRITTEN),
    Show.MACHINE: (Standing.MACHINE,),
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """The texts of one page, and the ways to those before and after."""

    lines: tuple[Line, ...]
    before: int
    """How many of the texts in question stand on earlier pages."""
    total: int
    previous: str | None
    """The path with which the page before begins; nothing if there is none."""
    following: str | None


def matching(
    lines: Sequence[Line], show: Show, part: str, content: Mapping[str, Any]
) -> list[Line]:
    """The lines in question, in reading order; of every part where none is named."""
    return [
        line
        for line in lines
        if line.standing in _STANDINGS[show]
        and (show is not Show.WARNED or line.warnings)
        and (not part or part_of(line.path, content) == part)
    ]


def leaf(lines: Sequence[Line], wanted: Sequence[Line], start: str) -> Leaf:
    """The page that begins at a text, or at the first one in question after it.

    Parameters
    ----------
    lines, wanted : sequence of Line
        All texts of the language, and those in question.
    start : str
        Path of the text to begin with; one that is not there begins at the first.
    """
    order = {line.path: position for position, line in enumerate(lines)}
    position = order.get(start, 0)
    first = sum(order[line.path] < position for line in wanted)
    if first == len(wanted):
        first = max(0, first - _how_many(wanted[::-1]))
    count = _how_many(wanted[first:])
    earlier = _how_many(wanted[:first][::-1])
    after = first + count
    return Leaf(
        lines=tuple(wanted[first:after]),
        before=first,
        total=len(wanted),
        previous=wanted[first - earlier].path if first else None,
        following=wanted[after].path if after < len(wanted) else None,
    )


def after(lines: Sequence[Line], wanted: Sequence[Line], path: str) -> str | None:
    """The path of the first text in question that comes after another text, if there is one."""
    order = {line.path: position for position, line in enumerate(lines)}
    position = order.get(path, -1)
    return next((line.path for line in wanted if order[line.path] > position), None)


def _how_many(lines: Sequence[Line]) -> int:
    """How many of the lines, from the first on, fit on a page."""
    characters = 0
    for count, line in enumerate(lines[:MOST_LINES]):
        characters += len(line.source) + len(line.text)
        if count and characters > MOST_CHARACTERS:
            return count
    return min(len(lines), MOST_LINES)
