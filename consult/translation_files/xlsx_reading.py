"""Reading workbooks that translators send back."""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import openpyxl

from consult.translation_files.columns import Heading, heading_of, read_rows
from consult.translation_files.entries import MOST_ENTRIES, ReadFile
from consult.translation_files.faults import FileFault, TranslationFileError
from consult.translation_files.workbook_package import check_package

_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f])_")
"""How a workbook spells a control character, such as the line ends of another system."""

_MOST_COLUMNS = 30
_MOST_ROWS = 2 * MOST_ENTRIES


def read_xlsx(content: bytes) -> ReadFile:
    """Read the first sheet of a workbook that has the columns.

    Raises
    ------
    TranslationFileError
        If it is no workbook, could do harm, lacks columns, holds a formula or anything else
        than text among them, names a text twice or holds none.
    """
    check_package(content)
    with _opened(content) as book:
        sheets = [_rows(sheet) for sheet in book.worksheets]
        heading, rows = _first_with_columns(sheets)
        return read_rows(heading, rows)


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    """The workbook; whatever the library meets in a broken one, it is a damaged file."""
    try:
        with warnings.catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(BytesIO(content), read_only=True)
            try:
                yield book
            finally:
                book.close()
    except TranslationFileError:
        raise
    except Exception as error:
        raise TranslationFileError(FileFault.DAMAGED) from error


def _first_with_columns(
    sheets: list[Iterator[tuple[int, list[str]]]],
) -> tuple[Heading, Iterator[tuple[int, list[str]]]]:
    problem = TranslationFileError(FileFault.EMPTY)
    for rows in sheets:
        first = next((row for _, row in rows if any(row)), None)
        if first is None:
            continue
        try:
            return heading_of(first), rows
        except TranslationFileError as error:
            if problem.code is FileFault.EMPTY:
                problem = error
    raise problem


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what a file says of its size need not be true
    rows = sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS)
    for number, row in enumerate(rows, start=1):
        yield number, [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell's text; whole numbers as people write them."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise TranslationFileError(FileFault.FORMULA, cell=cell.coordinate)
    if isinstance(value, str) and cell.data_type != "e":
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if value == int(value) else str(value)
    raise TranslationFileError(FileFault.NO_TEXT, cell=cell.coordinate)
