"""What every kind of file becomes: rows of text cells, one after another."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from consult.response_files.faults import Note

MOST_ROWS: Final = 200_000
"""Rows of answers in one file."""

MOST_COLUMNS: Final = 600


class CellFault(StrEnum):
    """Why a cell of a workbook has no value that could be an answer."""

    ERROR = "cell_error"
    """It shows an error such as #NAME?."""
    FORMULA = "cell_formula"
    """It holds a formula of which no result was saved."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its number as a spreadsheet shows it."""

    number: int
    cells: tuple[str, ...]
    faults: tuple[tuple[int, CellFault], ...] = ()
    """Positions of cells without a value, and why."""

    def cell(self, position: int) -> str:
        """The text at a position; empty beyond the row's end."""
        return self.cells[position] if position < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.faults and not any(cell.strip() for cell in self.cells)


class Table(Protocol):
    """A file that can be read row by row, as often as wanted."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """What an officer should know about it."""

    @property
    def sheet(self) -> str:
        """Name of the sheet that is read; empty for text."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of all sheets that can be read."""

    def rows(self) -> Iterator[Row]:
        """All rows that are not blank."""


def letters(position: int) -> str:
    """What a spreadsheet calls a column.

    Examples
    --------
    >>> letters(0), letters(25), letters(26), letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    name = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
