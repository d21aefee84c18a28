"""Exports as separated values: with commas, semicolons or tabs."""

import csv
import io
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Final

from analysis.output import harmless
from consult.response_files.encoding import WINDOWS, encoding_of, looks_twice_encoded
from consult.response_files.faults import FileFault, Note, NoteCode, ResponseFileError
from consult.response_files.tables import MOST_COLUMNS, Row

SEPARATORS: Final = (",", ";", "\t", "|")

_SAMPLE = 60_000
"""Characters by which the separator is told."""
_SAMPLE_ROWS = 40
_NAMED_SEPARATOR = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)
"""A first line by which Excel is told the separator."""
_UNPRINTED = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


class TextTable:
    """A text file, read row by row.

    Raises
    ------
    ResponseFileError
        If it is in no known encoding.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._encoding = encoding_of(content)
        with self._stream() as stream:
            sample = stream.read(_SAMPLE)
        named = _NAMED_SEPARATOR.match(sample)
        self._first_line = 1 if named else 0
        self._separator = named[1] if named else _separator_of(sample)
        self._is_twice_encoded = looks_twice_encoded(sample)
        self.is_text = not _UNPRINTED.search(sample)

    sheet = ""
    sheets: tuple[str, ...] = ()

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What an officer should know about it."""
        found = []
        if self._encoding == WINDOWS:
            found.append(Note(NoteCode.READ_AS_WINDOWS))
        if self._is_twice_encoded:
            found.append(Note(NoteCode.TWICE_ENCODED))
        return tuple(found)

    def rows(self) -> Iterator[Row]:
        """All rows that are not blank.

        Raises
        ------
        ResponseFileError
            If a quotation mark is not closed, or a cell is longer than any answer.
        """
        with self._stream() as stream:
            reader = csv.reader(stream, delimiter=self._separator, strict=True)
            records = enumerate(reader, start=1)
            try:
                for number, cells in islice(records, self._first_line, None):
                    if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
                        raise ResponseFileError(FileFault.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
                    row = Row(number, tuple(_as_written(cell) for cell in cells))
                    if not row.is_blank:
                        yield row
            except csv.Error as error:
                too_long = "field larger" in str(error)
                fault = FileFault.LONG_CELL if too_long else FileFault.QUOTES
                raise ResponseFileError(fault, line=reader.line_num) from error

    def _stream(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(self._content), encoding=self._encoding, newline="")


def _as_written(cell: str) -> str:
    """A cell without the sign that kept a spreadsheet from taking it for a formula."""
    bare = cell.removeprefix("'")
    return bare if bare != cell and harmless(bare) == cell else cell


def _separator_of(sample: str) -> str:
    """The separator by which most rows are as wide as the first, and wider than one cell."""
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[int, int]:
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    widths: list[int] = []
    try:
        widths.extend(len(row) for row in islice(rows, _SAMPLE_ROWS) if row)
    except csv.Error:
        return 0, 0
    # The sample may end in the middle of its last row.
    whole = widths if len(widths) in {1, _SAMPLE_ROWS} else widths[:-1]
    if not whole or whole[0] < 2:
        return 0, 0
    return sum(width == whole[0] for width in whole) * 100 // len(whole), whole[0]
