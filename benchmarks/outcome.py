"""What a benchmark gives back, and its table for people to read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | None


class CannotRun(Exception):
    """A benchmark, or a part of one, has no way to run here; the message says why."""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures with a heading; cells of numbers stand on the right."""

    title: str
    header: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    def __str__(self) -> str:
        rows = [self.header, *(tuple(map(_shown, row)) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        numeric = [
            any(isinstance(row[at], int | float) for row in self.rows) for at in range(len(widths))
        ]
        lines = [_line(row, widths, numeric) for row in rows]
        rule = "  ".join("-" * width for width in widths)
        return "\n".join([self.title, "", lines[0], rule, *lines[1:]])


@dataclass(slots=True)
class Outcome:
    """What one benchmark found."""

    figures: dict[str, Any] = field(default_factory=dict)
    """For the JSON file."""
    tables: list[Table] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What must not happen, e.g. a lost response. Any makes the run fail."""
    notes: list[str] = field(default_factory=list)
    """Goals missed and parts left out."""


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def _line(row: Iterable[str], widths: list[int], numeric: list[bool]) -> str:
    cells = (
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(row, widths, numeric, strict=True)
    )
    return "  ".join(cells).rstrip()
