"""Shares of people as bars or dots: name and number above, the mark with its interval below."""

from typing import Final

from consult.reports.charts.canvas import (
    BAR,
    BAR_EDGE,
    EDGE,
    GRID,
    LINE,
    SIZE,
    SMALL,
    Canvas,
)
from consult.reports.charts.kinds import Mark, Shares
from consult.reports.charts.lettering import lines, width

TRACK: Final = 24.0
"""Height of a mark's row."""
GAP: Final = 12.0
BAR_HEIGHT: Final = 14.0
SYMBOL: Final = 34.0
"""Room for a symbol in the legend."""


def draw(chart: Shares, canvas: Canvas) -> float:
    """Draw it, and return how high it is."""
    top = _legend(chart, canvas)
    rows, y = [], top + GAP
    for mark in chart.marks:
        heads = _head(mark, canvas.width - 2 * EDGE)
        rows.append((mark, heads, y))
        y += len(heads) * LINE + TRACK + GAP
    _scale(chart, canvas, top, y)
    for mark, heads, row_top in rows:
        _row(chart, mark, heads, canvas, row_top)
    return y + SMALL + EDGE


def _head(mark: Mark, most: float) -> list[tuple[str, str, str]]:
    """Lines above a mark: name, state and number, on one line where they fit."""
    beside = width(mark.text, SIZE) + width(mark.state, SIZE, bold=True) + 2 * GAP
    if width(mark.label, SIZE) + beside <= most:
        return [(mark.label, mark.state, mark.text)]
    names = [(line, "", "") for line in lines(mark.label, SIZE, most)]
    if beside <= most:
        return [*names, ("", mark.state, mark.text)]
    words = f"{mark.state} {mark.text}".strip()
    return [*names, *((line, "", "") for line in lines(words, SIZE, most))]


def _row(
    chart: Shares, mark: Mark, heads: list[tuple[str, str, str]], canvas: Canvas, top: float
) -> None:
    end = canvas.width - EDGE
    for at, (name, state, text) in enumerate(heads):
        base = top + at * LINE + SIZE
        if name:
            canvas.text(EDGE, base, name, language=mark.label_language)
        if text:
            canvas.text(end, base, text, anchor="end")
        if state:
            canvas.text(
                end - width(text, SIZE) - GAP if name else EDGE,
                base,
                state,
                anchor="end" if name else "start",
                bold=True,
            )
    middle = top + len(heads) * LINE + TRACK / 2
    # A bar would hide a diamond, and a diamond a dot.
    if mark.reference is not None and not chart.as_bars:
        canvas.diamond(_at(chart, canvas, mark.reference), middle)
    if mark.value is not None:
        _mark(chart, mark, mark.value, canvas, middle)
    if mark.reference is not None and chart.as_bars:
        canvas.diamond(_at(chart, canvas, mark.reference), middle)


def _mark(chart: Shares, mark: Mark, share: float, canvas: Canvas, middle: float) -> None:
    value = _at(chart, canvas, share)
    if chart.as_bars:
        canvas.box(EDGE, middle - BAR_HEIGHT / 2, value - EDGE, BAR_HEIGHT, fill=BAR, edge=BAR_EDGE)
    if mark.low is not None and mark.high is not None:
        low, high = _at(chart, canvas, mark.low), _at(chart, canvas, mark.high)
        canvas.whisker(low, high, middle, goes_on=mark.high > chart.ticks[-1][0])
    if not chart.as_bars:
        canvas.dot(value, middle)


def _at(chart: Shares, canvas: Canvas, share: float) -> float:
    """Where a share lies; one beyond the scale's end lies at its end."""
    most = chart.ticks[-1][0]
    return EDGE + (canvas.width - 2 * EDGE) * min(share / most, 1)


def _scale(chart: Shares, canvas: Canvas, top: float, bottom: float) -> None:
    for at, (share, words) in enumerate(chart.ticks):
        x = _at(chart, canvas, share)
        canvas.line(x, top, x, bottom, GRID)
        is_last = at == len(chart.ticks) - 1
        anchor = "end" if is_last else "start" if at == 0 else "middle"
        canvas.text(x, bottom + SMALL, words, anchor=anchor, size=SMALL)


def _legend(chart: Shares, canvas: Canvas) -> float:
    """What the symbols mean, each with as many lines as it needs; returns where it ends."""
    y = EDGE
    room = canvas.width - 2 * EDGE - SYMBOL
    for kind, name in (
        ("value", chart.value_name),
        ("interval", chart.interval_name),
        ("reference", chart.reference_name),
    ):
        if not name:
            continue
        middle = y + LINE / 2
        if kind == "interval":
            canvas.whisker(EDGE, EDGE + 22, middle)
        elif kind == "reference":
            canvas.diamond(EDGE + 11, middle)
        elif chart.as_bars:
            canvas.box(EDGE, middle - 6, 22, 12, fill=BAR, edge=BAR_EDGE)
        else:
            canvas.dot(EDGE + 11, middle)
        for line in lines(name, SMALL, room):
            canvas.text(EDGE + SYMBOL, y + SMALL + 2, line, size=SMALL)
            y += LINE
    return y
