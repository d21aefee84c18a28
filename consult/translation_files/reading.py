"""Reading a file that a translator sends back, whatever its kind."""

from pathlib import PurePath
from typing import Final

from consult.drafting.kinds import MEGABYTE
from consult.translation_files.csv_files import read_csv
from consult.translation_files.entries import LARGEST, ReadFile
from consult.translation_files.faults import FileFault, TranslationFileError
from consult.translation_files.po_reading import read_po
from consult.translation_files.xlsx_reading import read_xlsx

KINDS: Final = ("po", "xlsx", "csv")
"""The kinds of files, by the endings of their names."""

_PACKAGE = b"PK\x03\x04"
_EMPTY_PACKAGE = b"PK\x05\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_BINARIES = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!",
             b"{\\rtf", b"\xde\x12\x04\x95", b"\x95\x04\x12\xde")  # fmt: skip
"""What files begin with that are neither text nor a workbook; the last two are compiled PO."""
_WEB_PAGES = (b"<!doctype", b"<html", b"<?xml")


def read(name: str, content: bytes) -> ReadFile:
    """Read a file: a workbook by what it holds, text by the ending of its name.

    Raises
    ------
    TranslationFileError
        If it cannot be read.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise TranslationFileError(FileFault.EMPTY)
    if len(content) > LARGEST:
        raise TranslationFileError(FileFault.TOO_LARGE, limit=LARGEST // MEGABYTE)
    if content.startswith((_PACKAGE, _EMPTY_PACKAGE)):
        return read_xlsx(content)
    if content.startswith(_COMPOUND):
        protected = _PROTECTED in content
        raise TranslationFileError(FileFault.PASSWORD if protected else FileFault.OLD_EXCEL)
    start = content.lstrip()[:20].lower()
    if content.startswith(_BINARIES) or start.startswith(_WEB_PAGES):
        raise TranslationFileError(FileFault.UNKNOWN_TYPE)
    ending = PurePath(name.lower()).suffix
    if ending in {".po", ".pot"}:
        return read_po(content)
    if ending in {".csv", ".tsv", ".txt"}:
        return read_csv(content)
    raise TranslationFileError(
        FileFault.DAMAGED if ending in {".xlsx", ".xlsm"} else FileFault.UNKNOWN_TYPE
    )
