"""Tables that people hand in: CSV in UTF-8, checked before anything is computed from them.

A file in another encoding is refused rather than guessed: a wrong guess turns "Café" into a
category that no population has, and nobody sees why. Every value stays the text it is;
"N/A" and "None" are answers.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError

Codes = NDArray[np.int32]

_MEND = 'In Excel: Save as, "CSV UTF-8".'
_UTF16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Python alone would take other scripts' digits, "1_000", "nan" and "inf" for numbers.
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+", re.ASCII)
# Rows at a time; 20,000 no longer fit in a processor's cache and took a third longer.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a small table.

    Attributes
    ----------
    number : int
        As a spreadsheet counts: the header is row 1.
    values : mapping of str to str
        By column, without spaces around.
    """

    number: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


@dataclass(frozen=True, slots=True)
class Table:
    """A small table, a mapping per row."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a large table.

    Attributes
    ----------
    values : tuple of str
        The distinct values, tidied and sorted.
    codes : ndarray of shape (n,)
        Each row's place in ``values``.
    """

    values: tuple[str, ...]
    codes: Codes


def tidy(value: str) -> str:
    """Return a value with single spaces, none around it, and composed letters."""
    return unicodedata.normalize("NFC", " ".join(value.split()))


def matching_key(value: str) -> str:
    """Return what two values share that are the same but for case, width and spaces."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def read_table(path: Path, required: Sequence[str] = (), optional: Sequence[str] = ()) -> Table:
    """Read a small table.

    Parameters
    ----------
    path : Path
    required, optional : sequence of str
        Columns, whatever their case. Others are left out; optional ones that are not there
        read as blank.

    Raises
    ------
    InputError
        If the file cannot be read, is no CSV in UTF-8, has no rows or lacks a column.
    """
    records = _records(path)
    header = _header(path, records)
    places = {matching_key(name): place for place, name in enumerate(header)}
    missing = [name for name in required if matching_key(name) not in places]
    if missing:
        raise InputError(_missing(path, missing, header))
    names = [*required, *(name for name in optional if matching_key(name) in places)]
    blank = {name: "" for name in optional if matching_key(name) not in places}
    wanted = [(name, places[matching_key(name)]) for name in names]
    rows = tuple(
        Row(number, {name: tidy(record[place]) for name, place in wanted} | blank)
        for number, record in _even(path, records, len(header))
        if any(value.strip() for value in record)
    )
    if not rows:
        raise InputError(f"{path.name} has a header but no rows.")
    return Table(path, header, rows)


def read_columns(
    path: Path, wanted: Callable[[str], bool] | None = None
) -> tuple[int, tuple[str, ...], dict[str, Column]]:
    """Read a large table by columns, each distinct value kept once.

    Blank lines are nobody. In a file of one column, though, they are people who did not
    answer.

    Parameters
    ----------
    path : Path
    wanted : callable, optional
        Whether to read the column of a name; all by default.

    Returns
    -------
    int
        Rows.
    tuple of str
        The header, without columns that have neither name nor values.
    dict of str to Column
        By name, in the file's order.

    Raises
    ------
    InputError
        As :func:`read_table`; a file of a header alone is returned with no rows.
    """
    reader = _reader(path)
    with _row_of_fault(path):
        header = _header(path, enumerate(reader, start=1))
    places = [at for at, name in enumerate(header) if not (name and wanted) or wanted(name)]
    codings = {at: _Coding() for at in places}
    codes: dict[int, list[Codes]] = {at: [] for at in places}
    count = 0
    for batch in _batches(path, reader, len(header)):
        count += len(batch)
        by_column = list(zip(*batch, strict=True))
        for at in places:
            found = map(codings[at].__getitem__, by_column[at])
            codes[at].append(np.fromiter(found, np.int32, len(batch)))
    columns = {}
    for at in places:
        column = _sorted_column(codings[at], codes[at])
        if header[at]:
            columns[header[at]] = column
        elif any(column.values):
            raise InputError(f"{path.name}, row 1: a column with values has no name.")
    return count, tuple(filter(None, header)), columns


def read_records(path: Path) -> tuple[tuple[str, ...], Iterator[tuple[int, list[str]]]]:
    """Return the header of a table and its rows one by one, values as they stand.

    Returns
    -------
    tuple of str
    iterator of (int, list of str)
        Row number as a spreadsheet counts, and a value per column. Blank lines are left out.

    Raises
    ------
    InputError
        As :func:`read_table`, at once or when the row at fault is reached.
    """
    records = _records(path)
    header = _header(path, records)
    rows = _even(path, records, len(header))
    return header, ((number, record) for number, record in rows if record)


def parse_number(text: str) -> float | None:
    """Return the number that a cell shows, such as ``1,144,917`` or ``0.5``; None if none."""
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


class _Coding(dict[str, int]):
    """Numbers values in the order in which they are first asked for."""

    def __missing__(self, value: str) -> int:
        code = self[value] = len(self)
        return code


def _sorted_column(coding: _Coding, parts: list[Codes]) -> Column:
    tidied = [tidy(value) for value in coding]
    values = sorted(set(tidied))
    place = {value: index for index, value in enumerate(values)}
    new_codes = np.array([place[value] for value in tidied], dtype=np.int32)
    codes = np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)
    return Column(tuple(values), new_codes[codes] if len(new_codes) else codes)


def _reader(path: Path) -> Iterator[list[str]]:
    # strict: without it a quotation mark that is never closed swallows the rest in silence.
    return csv.reader(io.StringIO(read_text(path), newline=""), strict=True)


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield row numbers and values, blank lines as empty lists."""
    number = 0
    try:
        for number, record in enumerate(_reader(path), start=1):
            yield number, record
    except csv.Error as error:
        fault = "a quotation mark is not closed, or one inside a value is not doubled."
        if "field larger" in str(error):
            fault = "a value is longer than 131,072 letters; is a quotation mark not closed?"
        raise InputError(f"{path.name}, row {number + 1}: {fault}") from error


def _batches(path: Path, reader: Iterator[list[str]], width: int) -> Iterator[list[list[str]]]:
    """Yield rows below the header, many at a time, which takes half as long as one by one."""
    blank = [""] if width == 1 else []
    number = 1
    with _row_of_fault(path):
        while batch := list(islice(reader, _BATCH)):
            first, number = number + 1, number + len(batch)
            if set(map(len, batch)) != {width}:
                rows = _even(path, enumerate(batch, start=first), width)
                batch = [row for _, record in rows if (row := record or blank)]
            yield batch


@contextmanager
def _row_of_fault(path: Path) -> Iterator[None]:
    try:
        yield
    except csv.Error:
        # Once more, row by row: the reader itself knows lines, not rows.
        for _ in _records(path):
            pass
        raise


def _header(path: Path, records: Iterator[tuple[int, list[str]]]) -> tuple[str, ...]:
    _, record = next(records, (1, []))
    header = tuple(tidy(name) for name in record)
    if not any(header):
        raise InputError(f"{path.name}, row 1: there is no header; name the columns there.")
    keys: dict[str, str] = {}
    for name in filter(None, header):
        if matching_key(name) in keys:
            raise InputError(f'{path.name}, row 1: the column "{name}" occurs twice.')
        keys[matching_key(name)] = name
    return header


def _even(
    path: Path, records: Iterable[tuple[int, list[str]]], width: int
) -> Iterator[tuple[int, list[str]]]:
    """Fill rows that end early; some programs leave out the last commas."""
    for number, record in records:
        if len(record) == width or not record:
            yield number, record
        elif len(record) < width:
            yield number, record + [""] * (width - len(record))
        elif any(value.strip() for value in record[width:]):
            raise InputError(
                f"{path.name}, row {number}: {len(record)} values under {width} columns; "
                "a value with a comma in it needs quotation marks."
            )
        else:
            yield number, record[:width]


def _missing(path: Path, missing: list[str], header: Sequence[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in missing)
    found = ", ".join(header)
    hint = ""
    if len(header) == 1 and re.search(r"[;\t|]", header[0]):
        hint = " Values must be separated by commas."
    noun = "column" if len(missing) == 1 else "columns"
    return f"{path.name}, row 1: {noun} {listed} not found; the header reads: {found}.{hint}"


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8, without its byte order mark.

    Raises
    ------
    InputError
        If the file cannot be read, is empty, or is no text in UTF-8.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    if not data.strip():
        raise InputError(f"{path.name} is empty.")
    if data.startswith(_WORKBOOKS):
        raise InputError(f"{path.name} is a workbook, not a CSV file. {_MEND}")
    # UTF-16 without its mark shows as a zero byte beside every plain letter.
    if data.startswith(_UTF16_OR_32) or data[:2000].count(0) > len(data[:2000]) // 4:
        raise InputError(f"{path.name} is saved as UTF-16, not as UTF-8. {_MEND}")
    if b"\0" in data:
        row = data[: data.index(0)].count(b"\n") + 1
        raise InputError(f"{path.name}, row {row}: bytes that are no text; is it a CSV file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        start = max(error.start - 12, data.rfind(b"\n", 0, error.start) + 1)
        shown = data[start : error.start + 8].splitlines()[0].decode("cp1252", "replace")
        raise InputError(
            f'{path.name}, row {row}: not UTF-8 near "{shown}"; it may be Windows-1252. {_MEND}'
        ) from error
