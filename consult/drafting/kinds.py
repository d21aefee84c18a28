"""What a file is, by its content: people rename files, and browsers guess."""

import re
from enum import StrEnum
from typing import Final

from consult.drafting.faults import DraftFault, DraftFileError

MEGABYTE: Final = 1_000_000
MAX_BYTES: Final = 20 * MEGABYTE
"""The largest file that is read."""


class Kind(StrEnum):
    """A kind of file that a draft can be in."""

    ZIP = "zip"
    """A Word file, or another one that is packed in the same way."""
    TEXT = "text"


_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TEXT_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16 and, for the first, of UTF-32."""
_IMAGE_STARTS: Final = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x01\x00",
)
_IMAGE = re.compile(
    rb"RIFF....WEBP|....ftyp(?:heic|heix|mif1|avif)|BM....\x00\x00\x00\x00", re.DOTALL
)
_WEB_PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE | re.DOTALL
)
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def kind_of(content: bytes) -> Kind:
    """What a file is.

    Raises
    ------
    DraftFileError
        If it is nothing that a draft can be read from, with a code of its own for what people
        have most often, as each has another mend.
    """
    if not content:
        raise DraftFileError(DraftFault.EMPTY)
    if len(content) > MAX_BYTES:
        raise DraftFileError(
            DraftFault.TOO_LARGE,
            size=-(-len(content) // MEGABYTE),
            limit=MAX_BYTES // MEGABYTE,
        )
    if content.startswith(_ZIP_STARTS):
        return Kind.ZIP
    if fault := _other_kind(content):
        raise DraftFileError(fault)
    return Kind.TEXT


def _other_kind(content: bytes) -> DraftFault | None:
    start = content[:1024]
    if content.startswith(_OLE):
        return _kind_of_ole(content)
    if b"%PDF-" in start:
        return DraftFault.PDF
    if start.lstrip().startswith(b"{\\rtf"):
        return DraftFault.RICH_TEXT
    if start.startswith(_IMAGE_STARTS) or _IMAGE.match(start):
        return DraftFault.IMAGE
    if start.startswith(_TEXT_MARKS):
        return None
    if _WEB_PAGE.match(start.removeprefix(b"\xef\xbb\xbf")):
        return DraftFault.WEB_PAGE
    if start.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml") or _BINARY.search(content):
        return DraftFault.UNKNOWN_TYPE
    return None


def _kind_of_ole(content: bytes) -> DraftFault:
    """What lies in the container that old Office files and encrypted new ones share.

    Its table of contents names the streams in UTF-16; where it lies differs, so all is searched.
    """
    if "EncryptedPackage".encode("utf-16-le") in content:
        return DraftFault.PASSWORD
    if "WordDocument".encode("utf-16-le") in content:
        return DraftFault.OLD_WORD
    if any(
        name.encode("utf-16-le") in content for name in ("Workbook", "PowerPoint Document", "Book")
    ):
        return DraftFault.OTHER_OFFICE
    return DraftFault.UNKNOWN_TYPE
