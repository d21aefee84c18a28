"""Opening a file of responses, whatever its kind: its content says what it is, not its name."""

from pathlib import PurePath
from typing import Final

from consult.drafting.kinds import MEGABYTE
from consult.response_files.csv_files import TextTable
from consult.response_files.faults import FileFault, ResponseFileError
from consult.response_files.tables import Table
from consult.response_files.xlsx_files import WorkbookTable

LARGEST: Final = 100 * MEGABYTE
"""The largest file that is read at all."""

LARGEST_UPLOAD: Final = 30 * MEGABYTE
"""The largest that the pages take; larger ones come by the command line."""

_PACKAGES = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_BINARIES = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!",
             b"{\\rtf", b"SQLite format")  # fmt: skip
_OTHER_TEXTS = (b"<!doctype", b"<html", b"<?xml", b"{")


def open_table(name: str, content: bytes, *, sheet: str = "", largest: int = LARGEST) -> Table:
    """A file as a table: a workbook by what it holds, everything else as separated values.

    Raises
    ------
    ResponseFileError
        If it cannot be read.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe,;"):
        raise ResponseFileError(FileFault.EMPTY)
    if len(content) > largest:
        raise ResponseFileError(FileFault.TOO_LARGE, limit=largest // MEGABYTE)
    if content.startswith(_PACKAGES):
        return WorkbookTable(content, sheet)
    if content.startswith(_COMPOUND):
        is_protected = _PROTECTED in content
        raise ResponseFileError(FileFault.PASSWORD if is_protected else FileFault.OLD_EXCEL)
    start = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if content.startswith(_BINARIES) or start.startswith(_OTHER_TEXTS):
        raise ResponseFileError(FileFault.UNKNOWN_TYPE)
    if PurePath(name.lower()).suffix in {".xlsx", ".xlsm"}:
        raise ResponseFileError(FileFault.DAMAGED)
    table = TextTable(content)
    if not table.is_text:
        raise ResponseFileError(FileFault.UNKNOWN_TYPE)
    return table
