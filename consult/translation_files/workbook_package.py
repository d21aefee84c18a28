"""The look at a workbook from outside: whether it is one, and safe to open."""

import zipfile
import zlib
from io import BytesIO
from typing import Final

from consult.drafting.kinds import MEGABYTE
from consult.translation_files.faults import FileFault, TranslationFileError

MOST_PARTS: Final = 1_000
MOST_UNPACKED: Final = 40 * MEGABYTE
"""What all parts together may hold. Ten thousand long texts take about twenty million bytes."""
MOST_MARKS: Final = 1_000_000
"""XML marks, which take time by their number and not by their length. Ten thousand texts with
all their cells take half a million."""

_TYPES = "[Content_Types].xml"
_SHEET_TYPE = b"spreadsheetml.sheet.main"
_MACRO_TYPE = b"macroenabled"
_OFFICE_TYPES = (b"wordprocessingml", b"presentationml", b"ms-word", b"ms-powerpoint")
_OPEN_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_DECLARATIONS = (b"<!doctype", b"<!entity")
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)
"""What the library raises for packages that are damaged or made to do harm."""


def check_package(content: bytes) -> None:
    """Let a workbook pass that can be opened without harm.

    Raises
    ------
    TranslationFileError
        If it is damaged, of another kind, protected, has macros, or is made to burst.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _check_parts(package)
    except _BROKEN as error:
        raise TranslationFileError(FileFault.DAMAGED) from error


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TranslationFileError(FileFault.EXPANDS)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise TranslationFileError(FileFault.PASSWORD)
    names = [part.filename for part in parts]
    if _TYPES not in names:
        raise TranslationFileError(_kind_without_types(package, names))
    types = package.read(_TYPES).lower()
    if _MACRO_TYPE in types or any("vbaproject" in name.lower() for name in names):
        raise TranslationFileError(FileFault.MACROS)
    if _SHEET_TYPE not in types:
        office = any(kind in types for kind in _OFFICE_TYPES)
        raise TranslationFileError(FileFault.OTHER_OFFICE if office else FileFault.UNKNOWN_TYPE)
    marks = 0
    for part in parts:
        # A part's real size is held to what it claims: reading stops there, and the sum differs.
        plain = package.read(part).replace(b"\0", b"").lower()
        if any(declaration in plain for declaration in _DECLARATIONS):
            raise TranslationFileError(FileFault.DAMAGED)
        marks += plain.count(b"<")
        if marks > MOST_MARKS:
            raise TranslationFileError(FileFault.EXPANDS)


def _kind_without_types(package: zipfile.ZipFile, names: list[str]) -> FileFault:
    if "mimetype" not in names:
        return FileFault.UNKNOWN_TYPE
    kind = package.read("mimetype")
    return FileFault.OPEN_DOCUMENT if kind.startswith(_OPEN_SHEET) else FileFault.UNKNOWN_TYPE
