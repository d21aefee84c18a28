"""The look at a workbook from outside: whether it is one, and safe to open."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from consult.drafting.kinds import MEGABYTE
from consult.response_files.faults import FileFault, ResponseFileError

MOST_PARTS: Final = 1_000
MOST_UNPACKED: Final = 600 * MEGABYTE
"""What all parts together may hold: 200,000 rows of thirty cells."""
MOST_SHARED: Final = 150 * MEGABYTE
"""Texts that a workbook holds in one part are in memory all at once."""
MOST_CELLS_IN_ROW: Final = 20_000
"""A row is in memory all at once, too. Spreadsheet programs end at 16,384 columns."""

_TYPES = "[Content_Types].xml"
_SHEET_TYPE = b"spreadsheetml.sheet.main"
_MACRO_TYPE = b"macroenabled"
_OFFICE_TYPES = (b"wordprocessingml", b"presentationml", b"ms-word", b"ms-powerpoint")
_OPEN_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_ENCRYPTED = 0x1
_CHUNK = 1 << 20
_OVERLAP = 200
"""Bytes of a chunk that are looked at again with the next, for what lies on the border."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_ROW = re.compile(rb"<(?:\w+:)?row[ />]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*?ref=\"([A-Z0-9:]+)\"")
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


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a sheet's part says that reading it row by row does not tell."""

    formulas: int = 0
    merged: tuple[str, ...] = ()
    """The stretches of merged cells, such as A2:A5."""


def checked_package(content: bytes) -> Mapping[str, SheetFacts]:
    """Let a workbook pass that can be opened without harm; facts by the names of its parts.

    Raises
    ------
    ResponseFileError
        If it is damaged, of another kind, protected, has macros, or is made to burst.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _check_parts(package)
            return {
                part.filename: _facts(package, part)
                for part in package.infolist()
                if part.filename.endswith((".xml", ".rels"))
            }
    except _BROKEN as error:
        raise ResponseFileError(FileFault.DAMAGED) from error


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ResponseFileError(FileFault.EXPANDS)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise ResponseFileError(FileFault.PASSWORD)
    names = [part.filename for part in parts]
    if _TYPES not in names:
        raise ResponseFileError(_kind_without_types(package, names))
    if package.getinfo(_TYPES).file_size > MEGABYTE:
        raise ResponseFileError(FileFault.EXPANDS)
    types = package.read(_TYPES).lower()
    if _MACRO_TYPE in types or any("vbaproject" in name.lower() for name in names):
        raise ResponseFileError(FileFault.MACROS)
    if _SHEET_TYPE not in types:
        office = any(kind in types for kind in _OFFICE_TYPES)
        raise ResponseFileError(FileFault.OTHER_OFFICE if office else FileFault.UNKNOWN_TYPE)


def _kind_without_types(package: zipfile.ZipFile, names: list[str]) -> FileFault:
    if "mimetype" not in names or package.getinfo("mimetype").file_size > MEGABYTE:
        return FileFault.UNKNOWN_TYPE
    kind = package.read("mimetype")
    return FileFault.OPEN_DOCUMENT if kind.startswith(_OPEN_SHEET) else FileFault.UNKNOWN_TYPE


def _facts(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> SheetFacts:
    """Look through one part piece by piece: it may unpack to more than it claims."""
    is_shared = part.filename.endswith("sharedStrings.xml")
    formulas = taken = cells = 0
    merged: dict[str, None] = {}
    for piece, fresh in _pieces(package, part):
        taken += fresh
        if taken > (MOST_SHARED if is_shared else MOST_UNPACKED):
            raise ResponseFileError(FileFault.EXPANDS)
        plain = piece.replace(b"\0", b"")
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise ResponseFileError(FileFault.DAMAGED)
        if not is_shared:
            formulas += len(_FORMULA.findall(piece, 0 if taken == fresh else _OVERLAP - 4))
            if part.filename.startswith("xl/worksheets/"):
                cells = _cells_of_the_row(piece, cells)
            merged.update(dict.fromkeys(found.decode() for found in _MERGED.findall(piece)))
    return SheetFacts(formulas, tuple(merged))


def _cells_of_the_row(piece: bytes, before: int) -> int:
    """How many cells the row has so far in which a piece ends.

    Pieces overlap a little, so a few may be counted twice; the limit is far from that.

    Raises
    ------
    ResponseFileError
        If a row has more than any program writes, or something hides where rows end.
    """
    if b"<!--" in piece or b"<![CDATA[" in piece:
        raise ResponseFileError(FileFault.DAMAGED)
    count, since = before, 0
    for row in _ROW.finditer(piece):
        count += len(_CELL.findall(piece, since, row.start()))
        if count > MOST_CELLS_IN_ROW:
            raise ResponseFileError(FileFault.EXPANDS)
        count, since = 0, row.end()
    count += len(_CELL.findall(piece, since))
    if count > MOST_CELLS_IN_ROW:
        raise ResponseFileError(FileFault.EXPANDS)
    return count


def _pieces(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Pieces that each begin with the end of the one before, and how many bytes are new."""
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield tail + chunk, len(chunk)
            tail = chunk[-_OVERLAP:]
