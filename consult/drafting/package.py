"""The parts of a Word file, unpacked with limits: a file can claim little and unpack to much."""

import posixpath
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from consult.drafting.faults import DraftFault, DraftFileError
from consult.drafting.kinds import MEGABYTE
from consult.drafting.xml_tree import Node, parse

MAX_ENTRIES: Final = 5_000
MAX_UNPACKED: Final = 200 * MEGABYTE
"""What all parts together may claim to hold."""
MAX_RATIO: Final = 100
"""How much larger than the file that may be, from ``RATIO_FROM`` on. Real drafts stay below 30."""
RATIO_FROM: Final = 20 * MEGABYTE
MAX_PART: Final = 64 * MEGABYTE
"""What one part may really unpack to. The text of 1,000 pages takes about 15 megabytes."""

_CHUNK: Final = 1 << 16
_ENCRYPTED: Final = 0x1
_WORD_TYPES: Final = ("wordprocessingml.document.main", "wordprocessingml.template.main")
_MACRO_TYPES: Final = ("ms-word.document.macroenabled", "ms-word.template.macroenabled")
_OTHER_OFFICE_TYPES: Final = ("spreadsheetml.", "presentationml.", "ms-excel.", "ms-powerpoint.")
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_EXTERNAL: Final = "External"
_TYPES: Final = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class Relationships:
    """What a part points to."""

    by_type: Mapping[str, str]
    """The first part of each type, by the last word of the type."""
    links: Mapping[str, str]
    """Addresses outside of the file, by id."""


class Package:
    """A Word file's parts, read when they are asked for.

    Raises
    ------
    DraftFileError
        If it is damaged, no Word file, protected, has macros, or is made to burst.
    """

    def __init__(self, content: bytes) -> None:
        if content.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
            raise DraftFileError(DraftFault.EXPANDS)
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
            raise DraftFileError(DraftFault.DAMAGED) from error
        self._entries = {info.filename: info for info in self._zip.infolist()}
        self._check_size(len(content))
        self._check_type()
        self.main = self._relationships("").by_type.get("officeDocument", "word/document.xml")
        if self.main not in self._entries:
            raise DraftFileError(DraftFault.DAMAGED)
        self._related = self._relationships(self.main).by_type

    def main_tree(self) -> Node:
        """The tree of the text itself."""
        return self._tree(self.main)

    def related_tree(self, kind: str) -> Node | None:
        """The tree of the part that the text has of that kind, such as ``styles``."""
        name = self._related.get(kind)
        return self._tree(name) if name in self._entries else None

    def links(self, kind: str | None = None) -> Mapping[str, str]:
        """The addresses that the text, or its part of a kind, points to."""
        name = self.main if kind is None else self._related.get(kind)
        return self._relationships(name).links if name else {}

    def _check_size(self, packed: int) -> None:
        unpacked = sum(info.file_size for info in self._zip.infolist())
        bursts = unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed
        if unpacked > MAX_UNPACKED or bursts:
            raise DraftFileError(DraftFault.EXPANDS)

    def _check_type(self) -> None:
        if any(info.flag_bits & _ENCRYPTED for info in self._entries.values()):
            raise DraftFileError(DraftFault.PASSWORD)
        if _TYPES not in self._entries:
            raise DraftFileError(self._kind_without_types())
        types = [node.get("ContentType").casefold() for node in self._tree(_TYPES).elements()]
        if not _any_within((*_WORD_TYPES, *_MACRO_TYPES), types):
            office = _any_within(_OTHER_OFFICE_TYPES, types)
            raise DraftFileError(DraftFault.OTHER_OFFICE if office else DraftFault.UNKNOWN_TYPE)
        if _any_within(_MACRO_TYPES, types) or _any_within(
            ["vbaproject.bin"], [name.casefold() for name in self._entries]
        ):
            raise DraftFileError(DraftFault.MACROS)

    def _kind_without_types(self) -> DraftFault:
        if "mimetype" not in self._entries:
            return DraftFault.UNKNOWN_TYPE
        kind = self._bytes("mimetype")
        return (
            DraftFault.OPEN_DOCUMENT
            if kind.startswith(b"application/vnd.oasis.opendocument.text")
            else DraftFault.UNKNOWN_TYPE
        )

    def _relationships(self, part: str) -> Relationships:
        """Where a part's links lead, without those that leave the package's own folder."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        by_type: dict[str, str] = {}
        links: dict[str, str] = {}
        if path in self._entries:
            for node in self._tree(path).elements():
                target = node.get("Target")
                if node.get("TargetMode") == _EXTERNAL:
                    links[node.get("Id")] = target
                else:
                    kind = node.get("Type").rpartition("/")[2]
                    by_type.setdefault(kind, posixpath.normpath(_joined(folder, target)))
        return Relationships(by_type, links)

    def _tree(self, name: str) -> Node:
        return parse(self._chunks(name))

    def _bytes(self, name: str) -> bytes:
        return b"".join(self._chunks(name))

    def _chunks(self, name: str) -> Iterator[bytes]:
        """A part piece by piece, so that one that lies about its size is left in time."""
        taken = 0
        try:
            with self._zip.open(self._entries[name]) as part:
                while chunk := part.read(_CHUNK):
                    taken += len(chunk)
                    if taken > MAX_PART:
                        raise DraftFileError(DraftFault.EXPANDS)
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise DraftFileError(DraftFault.DAMAGED) from error


def _joined(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)


def _any_within(words: Iterable[str], texts: Collection[str]) -> bool:
    return any(word in text for word in words for text in texts)
