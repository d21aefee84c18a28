"""Responses as an Excel workbook, a row each, beside the codebook."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, Any, Final

from xlsxwriter import Workbook

from consult.services.raw.columns import Cell, Cells, Column
from consult.services.raw.reading import Given

MOST_ROWS: Final = 50_000
"""Responses that a workbook takes: it is made before any of it is sent, and browsers and proxies
wait a minute at most."""

LONGEST_CELL: Final = 32_767
"""UTF-16 units: what Excel lets a cell hold."""

CUT: Final = " […]"
"""Ends a text that no cell can hold whole."""

_WIDTH = 18


def written(
    portions: Iterable[Sequence[Given]],
    columns: Sequence[Column],
    sheets: Iterable[tuple[str, Sequence[Sequence[str]]]],
) -> IO[bytes]:
    """Write a workbook into a temporary file that goes when it is closed.

    Row by row, so that little is held. It is whole before any of it is sent.

    Parameters
    ----------
    sheets : iterable of (str, rows)
        Other sheets: a name, and rows of texts, the first the heading.
    """
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - its reader closes it
    try:
        with tempfile.TemporaryDirectory() as folder:
            options = {"constant_memory": True, "tmpdir": folder}
            with Workbook(file, options) as book:
                _write_responses(book, portions, columns)
                for name, rows in sheets:
                    _write_sheet(book, name, rows)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _write_responses(
    book: Any, portions: Iterable[Sequence[Given]], columns: Sequence[Column]
) -> None:
    names = [column.name for column in columns]
    sheet = _sheet(book, "responses", names)
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    cells = Cells(columns)
    row = 0
    for portion in portions:
        for given in portion:
            row += 1
            for place, cell in enumerate(cells.row(given)):
                _write_cell(sheet, row, place, cell, days)
    sheet.autofilter(0, 0, row, len(names) - 1)


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, days: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        # Always as text: 2030 is no number, and what looks like an address no link.
        sheet.write_string(row, place, fitting(cell))
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, days)
    else:
        sheet.write_number(row, place, cell)


def _write_sheet(book: Any, name: str, rows: Sequence[Sequence[str]]) -> None:
    sheet = _sheet(book, name, rows[0])
    for number, row in enumerate(rows[1:], start=1):
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(number, place, fitting(cell))


def _sheet(book: Any, name: str, headings: Sequence[str]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(headings) - 1, _WIDTH)
    sheet.freeze_panes(1, 1)
    bold = book.add_format({"bold": True})
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, bold)
    return sheet


def fitting(text: str) -> str:
    """A text as a cell can hold it; one that is too long ends in :data:`CUT`.

    Examples
    --------
    >>> fitting("🌳" * 20_000).endswith(CUT), fitting("🌳")
    (True, '🌳')
    """
    if len(text) * 2 <= LONGEST_CELL:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= LONGEST_CELL * 2:
        return text
    return units[: (LONGEST_CELL - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT
