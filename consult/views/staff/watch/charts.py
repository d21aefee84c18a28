"""Charts as places on a line from 0 to 100, mirrored for languages written from the right.

Places are attributes of SVG elements, for no style may stand in a page. What a chart shows is
said in a sentence and in a table beside it; the chart itself is for the eye alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_percent

from analysis.representation.telling.picture_parts import GapMark, scale
from consult.languages import direction

HEIGHT = 120
"""Of a chart of bars, in pixels."""

BAR_PART = 0.8
"""How much of its place a bar fills."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its place and width in percent, its top and height in pixels."""

    x: str
    width: str
    y: int
    height: int
    is_unknown: bool
    """There is a number that may not be said; something stands there, of no height."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of a scale."""

    x: str
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One group's line of a gap chart, all in percent of its width.

    Without ``x`` there is no share to draw, without ``residents`` none to hold it against.
    """

    role: str
    x: str | None
    low: str | None
    width: str | None
    residents: str | None


def bars(numbers: Sequence[int | None], language: str) -> list[Bar]:
    """Bars of numbers side by side; None is one that may not be said."""
    most = max((number or 0 for number in numbers), default=0) or 1
    step = 100 / max(len(numbers), 1)
    drawn = []
    for at, number in enumerate(numbers):
        height = round((number or 0) / most * HEIGHT)
        height = max(height, 2) if number else height
        start = _mirrored(at * step, step * BAR_PART, language)
        drawn.append(
            Bar(_place(start), _place(step * BAR_PART), HEIGHT - height, height, number is None)
        )
    return drawn


def gap_marks(marks: Sequence[GapMark], language: str) -> tuple[list[Mark], list[Tick]]:
    """Places of the marks of a gap chart, and its scale."""
    values = [mark.dot.high if mark.dot else None for mark in marks]
    end, at = scale([*values, *(mark.residents for mark in marks)])
    drawn = [_mark(mark, end, language) for mark in marks]
    pattern = "#,##0.0%" if end < 0.05 else "#,##0%"
    ticks = [
        Tick(_place(_mirrored(tick / end * 100, 0, language)), format_percent(tick, pattern))
        for tick in at
    ]
    return drawn, ticks


def _mark(mark: GapMark, end: float, language: str) -> Mark:
    residents = None
    if mark.residents is not None:
        residents = _place(_mirrored(mark.residents / end * 100, 0, language))
    if mark.dot is None:
        return Mark(mark.role.value, None, None, None, residents)
    low, high = mark.dot.low / end * 100, mark.dot.high / end * 100
    return Mark(
        mark.role.value,
        _place(_mirrored(mark.dot.share / end * 100, 0, language)),
        _place(_mirrored(low, high - low, language)),
        _place(high - low),
        residents,
    )


def _mirrored(start: float, width: float, language: str) -> float:
    return 100 - start - width if direction(language) == "rtl" else start


def _place(percent: float) -> str:
    return f"{percent:.2f}%"
