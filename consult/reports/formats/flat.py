"""All figures of a report as one tidy CSV file: a line a cell, for programs that compare."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from analysis.output import harmless
from consult.reports.paper import Paper, Table

COLUMNS: Final = ("table", "row", "name", "column", "text", "value")
"""The first line. The same in every language, because programs find columns by it."""


def write(paper: Paper) -> bytes:
    """Write all tables, printed or not.

    In UTF-8 with the mark by which Excel knows that, and no text that a spreadsheet would run.
    """
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for table in paper.tables():
        writer.writerows(_lines(table))
    return written.getvalue().encode("utf-8-sig")


def _lines(table: Table) -> Iterator[tuple[str | int | float, ...]]:
    for number, row in enumerate(table.rows, start=1):
        name = harmless(row[0].text)
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            value = "" if cell.value is None else cell.value
            yield table.key, number, name, column.key, harmless(cell.text), value
