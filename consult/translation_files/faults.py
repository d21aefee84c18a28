"""Why a translator's file cannot be read, as codes.

The page words them (:mod:`consult.forms.translation_file_words`), because only it knows the
language.
"""

from enum import StrEnum


class FileFault(StrEnum):
    """A reason why a file cannot be taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    """``limit`` in megabytes."""
    UNKNOWN_TYPE = "unknown_type"
    OLD_EXCEL = "old_excel"
    OPEN_DOCUMENT = "open_document"
    OTHER_OFFICE = "other_office"
    """A text document or slides."""
    PASSWORD = "password"
    MACROS = "macros"
    EXPANDS = "expands"
    """It would unpack to far more than such a file holds."""
    DAMAGED = "damaged"
    WRONG_ENCODING = "wrong_encoding"
    """``line``: the first that is not UTF-8."""
    SYNTAX = "syntax"
    """``line`` of a PO file that no such file has."""
    PLURAL = "plural"
    """``line``: an entry with plural forms, which no text of a consultation has."""
    NO_CONTEXT = "no_context"
    """``line``: an entry that does not say which text it is."""
    MISSING_COLUMNS = "missing_columns"
    """``columns`` that are needed and not there."""
    REPEATED_COLUMN = "repeated_column"
    """``column``: its heading stands over two columns."""
    FORMULA = "formula"
    """``cell``"""
    NO_TEXT = "no_text"
    """``cell`` that holds a date, an error or a yes or no."""
    REPEATED_PATH = "repeated_path"
    """``path``, and the lines or rows ``first`` and ``second`` that both name it."""
    TOO_MANY = "too_many"
    """``limit`` of texts."""
    NO_ENTRIES = "no_entries"
    WRONG_LANGUAGE = "wrong_language"
    """``found`` in the file, ``wanted`` on the page: codes."""


class TranslationFileError(Exception):
    """A file that cannot be taken."""

    def __init__(self, code: FileFault, **values: str | int) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values
