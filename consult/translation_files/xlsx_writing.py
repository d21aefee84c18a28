"""Sheets for translators as Excel workbooks."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook

from consult.translation_files.columns import cells, headings
from consult.translation_files.entries import Entry, Outgoing

LONGEST_CELL: Final = 32_767
"""UTF-16 units: what Excel lets a cell hold."""

SHEET = "translations"
ABOUT = "read me"

_WIDTHS = (24, 30, 60, 60, 40, 10)
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = 1, 2
_GREY = "#eaf2f2"


def write_xlsx(file: Outgoing, guidance: Sequence[str]) -> bytes:
    """Write a workbook: the texts, and a sheet that says how to work with them.

    Texts that no cell can hold are left out (:func:`too_long`).

    Parameters
    ----------
    guidance : sequence of str
        Paragraphs for the translator.
    """
    written = BytesIO()
    book = Workbook(written, {"in_memory": True, "default_date_format": "@"})
    _write_texts(book, file)
    _write_guidance(book, guidance)
    book.close()
    return written.getvalue()


def too_long(file: Outgoing) -> list[Entry]:
    """The entries that no sheet can hold."""
    return [entry for entry in file.entries if not _fits(entry)]


def _fits(entry: Entry) -> bool:
    return all(len(cell.encode("utf-16-le")) // 2 <= LONGEST_CELL for cell in cells(entry))


def _write_texts(book: Any, file: Outgoing) -> None:
    sheet = book.add_worksheet(SHEET)
    if file.direction == "rtl":
        sheet.right_to_left()
    formats = _formats(book, file.direction)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, formats[column])
    mark = len(_WIDTHS) - 1
    sheet.set_column(mark, mark, _WIDTHS[mark], formats[mark], {"hidden": True})
    heading = book.add_format({"bold": True, "bg_color": _GREY, "bottom": 2})
    sheet.write_row(0, 0, headings(file), heading)
    sheet.freeze_panes(1, 1)
    for row, entry in enumerate((e for e in file.entries if _fits(e)), start=1):
        for column, cell in enumerate(cells(entry)):
            # Always as text: what begins with = is no formula, and 2030 no number.
            sheet.write_string(row, column, cell, formats[column])


def _formats(book: Any, direction: str) -> list[Any]:
    """A format a column: grey for what stays as it is, white for what a translator writes."""
    plain = {"text_wrap": True, "valign": "top", "num_format": "@"}
    own = _RIGHT_TO_LEFT if direction == "rtl" else _LEFT_TO_RIGHT
    locked = book.add_format(
        {**plain, "bg_color": _GREY, "font_color": "#45524f", "reading_order": _LEFT_TO_RIGHT}
    )
    source = book.add_format({**plain, "bg_color": _GREY})
    written = book.add_format({**plain, "locked": False, "reading_order": own})
    note = book.add_format({**plain, "locked": False})
    return [locked, source, source, written, note, locked]


def _write_guidance(book: Any, guidance: Sequence[str]) -> None:
    sheet = book.add_worksheet(ABOUT)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100, wrapped)
    for row, paragraph in enumerate(guidance):
        sheet.write_string(row, 0, paragraph, wrapped)
