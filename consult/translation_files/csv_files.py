"""Sheets for translators as comma-separated values, out and back."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from threading import Lock

from analysis.output import harmless
from consult.translation_files.columns import cells, heading_of, headings, read_rows
from consult.translation_files.encoding import decoded
from consult.translation_files.entries import Outgoing, ReadFile
from consult.translation_files.faults import FileFault, TranslationFileError

SEPARATORS = (",", ";", "\t")
"""Excel writes another one in other countries, and tabs as "Unicode text"."""

_LONGEST_CELL = 1_000_000
"""Characters. The library's own limit is shorter than a long section."""

_LIMIT_LOCK = Lock()


def write_csv(file: Outgoing) -> bytes:
    """Write a sheet, in UTF-8 with the mark by which Excel knows that."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(headings(file))
    for entry in file.entries:
        writer.writerow([harmless(cell) for cell in cells(entry)])
    return written.getvalue().encode("utf-8-sig")


def read_csv(content: bytes) -> ReadFile:
    """Read a sheet.

    Raises
    ------
    TranslationFileError
        If it is not in UTF-8, lacks columns, is damaged, names a text twice or holds none.
    """
    text = decoded(content)
    first_line = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first_line.count)
    rows = _rows(text, separator)
    first = next(rows, None)
    if first is None:
        raise TranslationFileError(FileFault.EMPTY)
    return read_rows(heading_of(first[1]), rows)


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        with _long_cells():
            rows = list(reader)
    except csv.Error as error:
        raise TranslationFileError(FileFault.DAMAGED) from error
    for number, row in enumerate(rows, start=1):
        yield number, [_as_written(cell) for cell in row]


@contextmanager
def _long_cells() -> Iterator[None]:
    """The library has one limit for the whole process, and other files are held to it."""
    with _LIMIT_LOCK:
        usual = csv.field_size_limit(_LONGEST_CELL)
        try:
            yield
        finally:
            csv.field_size_limit(usual)


def _as_written(cell: str) -> str:
    """A cell without the sign that kept a spreadsheet from taking it for a formula."""
    bare = cell.removeprefix("'")
    return bare if bare != cell and harmless(bare) == cell else cell
