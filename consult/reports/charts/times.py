"""Numbers of people over time, a column each; one that is not shown is hatched, not nought."""

from typing import Final

from consult.reports.charts.canvas import BAR, BAR_EDGE, EDGE, GRID, INK, LINE, SMALL, Canvas
from consult.reports.charts.kinds import Times
from consult.reports.charts.lettering import lines, width

HEIGHT: Final = 200.0
HIDDEN_HEIGHT: Final = 18.0
SYMBOL: Final = 34.0


def draw(chart: Times, canvas: Canvas) -> float:
    """Draw it, and return how high it is."""
    top = _legend(chart, canvas) + LINE
    bottom = top + HEIGHT
    beside = max((width(words, SMALL) for _, words in chart.ticks), default=0) + EDGE
    first = EDGE + beside
    for height, words in chart.ticks:
        y = _height(chart, height, bottom)
        canvas.line(first, y, canvas.width - EDGE, y, GRID)
        canvas.text(first - EDGE, y + SMALL / 3, words, anchor="end", size=SMALL)
    room = (canvas.width - EDGE - first) / max(len(chart.steps), 1)
    for at, step in enumerate(chart.steps):
        x, wide = first + at * room + room * 0.12, room * 0.76
        if step.value is None:
            canvas.hatched(x, bottom - HIDDEN_HEIGHT, wide, HIDDEN_HEIGHT)
        else:
            y = _height(chart, step.value, bottom)
            canvas.box(x, y, wide, bottom - y, fill=BAR, edge=BAR_EDGE)
    canvas.line(first, bottom, canvas.width - EDGE, bottom, INK)
    _names(chart, canvas, first, room, bottom + LINE)
    return bottom + LINE + EDGE


def _names(chart: Times, canvas: Canvas, first: float, room: float, y: float) -> None:
    """As many names as there is room for, evenly, the first among them."""
    widest = max((width(step.label, SMALL) for step in chart.steps), default=0) + EDGE
    every = max(1, -(-int(widest) // max(int(room), 1)))
    end = canvas.width - EDGE
    for at in range(0, len(chart.steps), every):
        label = chart.steps[at].label
        middle, half = first + (at + 0.5) * room, width(label, SMALL) / 2
        middle = min(max(middle, EDGE + half), end - half)
        canvas.text(middle, y, label, anchor="middle", size=SMALL)


def _height(chart: Times, value: int, bottom: float) -> float:
    most = chart.ticks[-1][0] or 1
    return bottom - HEIGHT * min(value / most, 1)


def _legend(chart: Times, canvas: Canvas) -> float:
    y = EDGE
    names = [("shown", chart.name)]
    if any(step.value is None for step in chart.steps):
        names.append(("hidden", chart.hidden_name))
    for kind, name in names:
        middle = y + LINE / 2
        if kind == "shown":
            canvas.box(EDGE, middle - 6, 22, 12, fill=BAR, edge=BAR_EDGE)
        else:
            canvas.hatched(EDGE, middle - 6, 22, 12)
        for line in lines(name, SMALL, canvas.width - 2 * EDGE - SYMBOL):
            canvas.text(EDGE + SYMBOL, y + SMALL + 2, line, size=SMALL)
            y += LINE
    return y
