"""A look through a file: what stands in its columns, for a person to say what each of them is."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from consult.response_files.faults import FileFault, Note, NoteCode, ResponseFileError
from consult.response_files.platforms import Head, Headings, Platform, headings_of, plain
from consult.response_files.tables import MOST_ROWS, Row, Table, letters

LOOKED_AT: Final = 20_000
"""Rows by which columns are described; a larger file is read whole when it is checked."""

MOST_VALUES: Final = 100
"""Different values of a column up to which they are counted."""

LONGEST_VALUE: Final = 200
EXAMPLES: Final = 3

_DATE = re.compile(r"\s*([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{2,4}\b")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"\s*-?[0-9]+(?:\.0+)?\s*")


@dataclass(slots=True)
class Column:
    """What is known of one column."""

    position: int
    letters: str
    heading: str
    part: str
    examples: list[str] = field(default_factory=list)
    filled: int = 0
    """Rows with something in it."""
    values: dict[str, int] | None = field(default_factory=dict)
    """How often each value stands in it; nothing where there are too many."""
    is_unique: bool = True
    mean_length: int = 0
    emails: int = 0
    numbers: int = 0
    day_first: int = 0
    """Dates of which the first number can only be a day."""
    month_first: int = 0

    @property
    def words(self) -> str:
        """All that stands over it."""
        return f"{self.heading}: {self.part}" if self.part else self.heading

    @property
    def name(self) -> str:
        """What to call it on a page: its heading, else its letters."""
        return self.words or self.letters


@dataclass(slots=True)
class Survey:
    """What is known of a file."""

    platform: Platform
    sheet: str
    sheets: list[str]
    last_heading_row: int
    finished_at: int | None
    columns: list[Column]
    rows: int
    """Rows that were looked at."""
    all_read: bool
    notes: list[Note]

    def as_data(self) -> dict[str, Any]:
        """As plain values, to be kept."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Survey":
        """From plain values that were kept."""
        return cls(
            **{
                **data,
                "platform": Platform(data["platform"]),
                "columns": [Column(**column) for column in data["columns"]],
                "notes": [Note(NoteCode(note["code"]), note["values"]) for note in data["notes"]],
            }
        )

    @property
    def headings_digest(self) -> str:
        """The same for files of the same headings."""
        heads = [[column.heading, column.part] for column in self.columns]
        text = json.dumps([self.platform.value, heads], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def look(table: Table) -> Survey:
    """Look through a table's first rows.

    Raises
    ------
    ResponseFileError
        If it cannot be read, or holds no responses.
    """
    headings = headings_of(table)
    columns = [_column(head) for head in headings.heads]
    seen: list[set[str]] = [set() for _ in columns]
    count, all_read = 0, True
    for row in responses(table, headings.last_row):
        if count == LOOKED_AT:
            all_read = False
            break
        count += 1
        for column in columns:
            _take(column, row.cell(column.position).strip(), seen[column.position])
    if not count:
        raise ResponseFileError(FileFault.NO_ROWS)
    for column in columns:
        column.is_unique = column.is_unique and column.filled == count
        column.mean_length //= max(1, column.filled)
    filled = [column for column in columns if column.filled or column.heading]
    return Survey(
        platform=headings.platform,
        sheet=table.sheet,
        sheets=list(table.sheets),
        last_heading_row=headings.last_row,
        finished_at=headings.finished_at,
        columns=filled,
        rows=count,
        all_read=all_read,
        notes=[*table.notes, *_notes(headings, filled)],
    )


def responses(table: Table, last_heading_row: int) -> Iterator[Row]:
    """The rows below the headings.

    Raises
    ------
    ResponseFileError
        If there are too many.
    """
    count = 0
    for row in table.rows():
        if row.number > last_heading_row:
            count += 1
            if count > MOST_ROWS:
                raise ResponseFileError(FileFault.TOO_MANY_ROWS, limit=MOST_ROWS)
            yield row


def _column(head: Head) -> Column:
    return Column(head.position, letters(head.position), head.heading, head.part)


def _take(column: Column, text: str, seen: set[str]) -> None:
    if not text:
        return
    column.filled += 1
    column.mean_length += len(text)
    short = text[:LONGEST_VALUE]
    if column.is_unique:
        column.is_unique = short not in seen
        seen.add(short)
    if len(column.examples) < EXAMPLES and short not in column.examples:
        column.examples.append(short)
    if column.values is not None:
        if len(text) > LONGEST_VALUE or (
            text not in column.values and len(column.values) >= MOST_VALUES
        ):
            column.values = None
        else:
            column.values[text] = column.values.get(text, 0) + 1
    # Its time grows with the square of the length; no address is longer.
    column.emails += len(text) <= LONGEST_VALUE and _EMAIL.fullmatch(text) is not None
    column.numbers += _NUMBER.fullmatch(text) is not None
    if (found := _DATE.match(text)) is not None:
        column.day_first += int(found[1]) > 12
        column.month_first += int(found[2]) > 12


def _notes(headings: Headings, columns: list[Column]) -> list[Note]:
    names = Counter(plain(column.words) for column in columns if column.words)
    repeated = sum(count > 1 for count in names.values())
    unnamed = sum(not column.words for column in columns)
    found = []
    if headings.has_two_rows:
        found.append(Note(NoteCode.TWO_HEADING_ROWS))
    if repeated:
        found.append(Note(NoteCode.REPEATED_HEADINGS, {"count": repeated}))
    if unnamed:
        found.append(Note(NoteCode.NO_HEADING, {"count": unnamed}))
    return found
