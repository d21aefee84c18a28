"""Exports as workbooks."""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cached_property
from io import BytesIO
from itertools import islice, repeat
from typing import Any

import openpyxl

from consult.response_files.faults import FileFault, Note, NoteCode, ResponseFileError
from consult.response_files.tables import MOST_COLUMNS, MOST_ROWS, CellFault, Row
from consult.response_files.workbook_package import SheetFacts, checked_package

_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f])_")
"""How a workbook spells a control character, such as the line ends of another system."""

_ERROR = CellFault.ERROR
_MOST_LINES = 2 * MOST_ROWS
"""Lines of a sheet that are looked at: some may be blank."""


class WorkbookTable:
    """One sheet of a workbook, read row by row.

    Parameters
    ----------
    content
        The file.
    sheet
        Name of the sheet; the first that can be seen and holds something where none is given.

    Raises
    ------
    ResponseFileError
        If it is no workbook, could do harm, or has no such sheet.
    """

    def __init__(self, content: bytes, sheet: str = "") -> None:
        self._content = content
        self._facts = checked_package(content)
        with self._opened() as book:
            seen = [each for each in book.worksheets if each.sheet_state == "visible"]
            self._hidden = len(book.worksheets) - len(seen)
            filled = [each for each in seen if any(_lines(each, limit=20))]
            if not filled:
                raise ResponseFileError(FileFault.EMPTY)
            self.sheets = tuple(str(each.title) for each in filled)
            if sheet and sheet not in self.sheets:
                raise ResponseFileError(FileFault.NO_SUCH_SHEET, sheet=sheet)
            self.sheet = sheet or self.sheets[0]
            self._sheet_facts = self._facts_of(book[self.sheet])

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What an officer should know about it."""
        facts = self._sheet_facts
        counts = {
            NoteCode.OTHER_SHEETS: len(self.sheets) - 1,
            NoteCode.HIDDEN_SHEETS: self._hidden,
            NoteCode.MERGED: sum(not _is_heading(stretch) for stretch in facts.merged),
            NoteCode.FORMULAS: facts.formulas,
        }
        return tuple(Note(code, {"count": count}) for code, count in counts.items() if count)

    def rows(self) -> Iterator[Row]:
        """All rows that are not blank.

        Raises
        ------
        ResponseFileError
            If the file is damaged, or too wide.
        """
        with self._opened() as book:
            lines = _lines(book[self.sheet])
            if not self._sheet_facts.formulas:
                yield from _rows(lines, repeat(()))
                return
            with self._opened(results=False) as formulas:
                yield from _rows(lines, _lines(formulas[self.sheet]))

    @contextmanager
    def _opened(self, *, results: bool = True) -> Iterator[Any]:
        """The workbook; whatever the library meets in a broken one, it is a damaged file."""
        try:
            with warnings.catch_warnings(action="ignore"):
                book = openpyxl.load_workbook(
                    BytesIO(self._content), read_only=True, data_only=results
                )
                try:
                    yield book
                finally:
                    book.close()
        except (ResponseFileError, GeneratorExit):
            raise
        except Exception as error:
            raise ResponseFileError(FileFault.DAMAGED) from error

    def _facts_of(self, sheet: Any) -> SheetFacts:
        path = str(getattr(sheet, "_worksheet_path", "")).removeprefix("/")
        return self._facts.get(path, SheetFacts())


def _lines(sheet: Any, limit: int = _MOST_LINES) -> Iterator[Sequence[Any]]:
    sheet.reset_dimensions()  # what a file says of its size need not be true
    yield from islice(sheet.iter_rows(), limit)


def _rows(lines: Iterator[Sequence[Any]], formulas: Iterator[Sequence[Any]]) -> Iterator[Row]:
    for number, (line, behind) in enumerate(zip(lines, formulas, strict=False), start=1):
        faults: list[tuple[int, CellFault]] = []
        if any(cell.value is not None for cell in line[MOST_COLUMNS:]):
            raise ResponseFileError(FileFault.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
        line, behind = line[:MOST_COLUMNS], behind[:MOST_COLUMNS]
        cells = [_text(cell) for cell in line]
        for position, cell in enumerate(line):
            if cell.value is not None and cell.data_type == "e":
                cells[position] = ""
                faults.append((position, _ERROR))
        for position, cell in enumerate(behind):
            has_result = position < len(cells) and bool(cells[position])
            if cell.data_type == "f" and not has_result and (position, _ERROR) not in faults:
                faults.append((position, CellFault.FORMULA))
        row = Row(number, tuple(cells), tuple(faults))
        if not row.is_blank:
            yield row


def _is_heading(stretch: str) -> bool:
    """Whether merged cells lie in the first two rows, as questions over their parts do."""
    return all(int(number) <= 2 for number in re.findall(r"[0-9]+", stretch))


def _text(cell: Any) -> str:
    """A cell's value as a person would write it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, datetime):
        plain = value.replace(microsecond=0)
        return str(plain.date() if plain.time() == time() else plain)
    if isinstance(value, date | time):
        return value.isoformat()
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))
