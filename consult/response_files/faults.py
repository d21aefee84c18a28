"""Why a file of responses cannot be read, and what an officer should know of one that can.

Codes only: the pages word them, because only they know the language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class FileFault(StrEnum):
    """A reason why a file cannot be taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    """``limit`` in megabytes."""
    UNKNOWN_TYPE = "unknown_type"
    OLD_EXCEL = "old_excel"
    OPEN_DOCUMENT = "open_document"
    OTHER_OFFICE = "other_office"
    PASSWORD = "password"
    MACROS = "macros"
    EXPANDS = "expands"
    """It would unpack to far more than such a file holds."""
    DAMAGED = "damaged"
    WRONG_ENCODING = "wrong_encoding"
    """``line``: the first with letters that no known encoding gives."""
    QUOTES = "quotes"
    """``line`` near which a quotation mark is not closed, or stands inside of a cell."""
    LONG_CELL = "long_cell"
    """``line`` of a cell longer than any answer: mostly a quotation mark is not closed."""
    TOO_MANY_ROWS = "too_many_rows"
    """``limit``"""
    TOO_MANY_COLUMNS = "too_many_columns"
    """``limit``"""
    NO_ROWS = "no_rows"
    """Headings, and nothing below them."""
    NO_SUCH_SHEET = "no_such_sheet"
    """``sheet``"""


class ResponseFileError(Exception):
    """A file that cannot be taken."""

    def __init__(self, code: FileFault, **values: str | int) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


class NoteCode(StrEnum):
    """Something about a file that was read all the same."""

    READ_AS_WINDOWS = "read_as_windows"
    """It is not in UTF-8 and was read as Windows-1252."""
    TWICE_ENCODED = "twice_encoded"
    """Letters look as if they had been saved in the wrong encoding before."""
    OTHER_SHEETS = "other_sheets"
    """``count`` sheets beside the one that is read."""
    HIDDEN_SHEETS = "hidden_sheets"
    """``count``; they are never read."""
    MERGED = "merged"
    """``count`` of stretches of merged cells; the first cell has the value."""
    FORMULAS = "formulas"
    """``count``; their last results are read."""
    REPEATED_HEADINGS = "repeated_headings"
    """``count`` of headings that stand over several columns."""
    NO_HEADING = "no_heading"
    """``count`` of columns with values and no heading."""
    TWO_HEADING_ROWS = "two_heading_rows"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that an officer should know about how a file was read."""

    code: NoteCode
    values: Mapping[str, Any] = field(default_factory=dict)
