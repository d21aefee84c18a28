"""The characters of a file that claims to be text."""

import codecs
import re
from typing import Final

from consult.response_files.faults import FileFault, ResponseFileError

WINDOWS: Final = "cp1252"
"""What Excel on Windows writes as plain "CSV"."""

_CHUNK = 1_000_000
_LOOKED_AT = 4_000
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_TWICE = re.compile(
    "\u00c3[\u0080-\u00bf\u0192\u2020]|\u00e2\u20ac[\u2122\u0153\u201c\u201d\u00a6]|\u00c2\u00a3"
)
_MANY = 3


def encoding_of(content: bytes) -> str:
    """The encoding of a text file: UTF-8, UTF-16, or else Windows-1252.

    Raises
    ------
    ResponseFileError
        If it holds bytes that none of them knows.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            _check(content, encoding)
            return encoding
    if (wide := _wide(content[:_LOOKED_AT])) is not None:
        _check(content, wide)
        return wide
    try:
        _check(content, "utf-8")
    except ResponseFileError:
        _check(content, WINDOWS)
        return WINDOWS
    return "utf-8"


def looks_twice_encoded(text: str) -> bool:
    """Whether letters stand as their UTF-8 bytes read in Windows-1252 would."""
    return len(_TWICE.findall(text)) >= _MANY


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of plain letters is nought."""
    if start[1::2].count(0) * 3 > len(start):
        return "utf-16-le"
    if start[0::2].count(0) * 3 > len(start):
        return "utf-16-be"
    return None


def _check(content: bytes, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    for start in range(0, len(content), _CHUNK):
        chunk = content[start : start + _CHUNK]
        try:
            lines += decoder.decode(chunk, final=start + _CHUNK >= len(content)).count("\n")
        except UnicodeDecodeError as error:
            lines += error.object[: error.start].count(b"\n")
            raise ResponseFileError(FileFault.WRONG_ENCODING, line=lines) from error
