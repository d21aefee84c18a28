"""XML of unknown origin as a light tree, with limits on everything that can grow.

Expat is driven by hand: a document type is refused before an entity can be made, what no
reader sees is left out while reading, and the count of elements bounds the memory.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final
from xml.parsers import expat

from consult.drafting.faults import DraftFault, DraftFileError

MAX_ELEMENTS: Final = 2_000_000
"""Elements that are looked at. A page of a much edited text has about 1,500."""
MAX_KEPT: Final = 600_000
MAX_DEPTH: Final = 150

_PREFIXES: Final = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "urn:schemas-microsoft-com:vml": "v",
}
"""Both families of namespaces that Word writes, by their usual prefixes."""

_UNSEEN: Final = frozenset(
    f"w:{name}"
    for name in [
        "rPrChange",
        "pPrChange",
        "sectPr",
        "sectPrChange",
        "tblPrChange",
        "tblPrExChange",
        "tcPrChange",
        "trPrChange",
        "tblGridChange",
        "numberingChange",
        "tblGrid",
        "proofErr",
        "bookmarkStart",
        "bookmarkEnd",
        "permStart",
        "permEnd",
        "lastRenderedPageBreak",
        "commentRangeStart",
        "commentRangeEnd",
        "latentStyles",
        "rsids",
        "lang",
        "color",
        "spacing",
        "ind",
        "jc",
        "sz",
        "szCs",
        "kern",
        "tabs",
        "pBdr",
        "shd",
        "tcW",
        "tcBorders",
        "tcMar",
        "keepNext",
        "keepLines",
        "widowControl",
        "contextualSpacing",
        "highlight",
        "noProof",
    ]
)
_TEXT: Final = frozenset({"w:t", "m:t", "w:instrText"})
"""The elements whose own text is kept; elsewhere it is only indentation."""

_IGNORED: Final = ("w:rsid", "paraId", "textId", "space")
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Node:
    """An element: its name with the usual prefix, attributes likewise, and what is in it."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node] = []
        self.text = ""

    def get(self, name: str, default: str = "") -> str:
        """An attribute's value."""
        return self.attributes.get(name, default)

    def child(self, *path: str) -> "Node | None":
        """The first element at the end of a path of names."""
        node: Node | None = self
        for name in path:
            if node is None:
                return None
            node = next((inner for inner in node.children if inner.name == name), None)
        return node

    def value(self, *path: str) -> str | None:
        """The ``w:val`` of the element at the end of a path; None without that element."""
        node = self.child(*path)
        return None if node is None else node.get("w:val")

    def switch(self, *path: str) -> bool | None:
        """Whether the element at the end of a path switches something on; None without it."""
        value = self.value(*path)
        return None if value is None else value not in {"0", "false", "off"}

    def elements(self) -> Iterator["Node"]:
        """The element and all below it, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))


def parse(chunks: Iterable[bytes]) -> Node:
    """Read a part.

    Raises
    ------
    DraftFileError
        If it is no XML, declares a document type, or has more or deeper elements than a
        document of a thousand pages.
    """
    return _Builder().build(chunks)


class _Builder:
    def __init__(self) -> None:
        self._open: list[Node] = []
        self._root = Node("", _NONE)
        self._skipping = 0
        self._seen = 0
        self._kept = 0
        self._names: dict[str, str] = {}
        self._letters: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def build(self, chunks: Iterable[bytes]) -> Node:
        try:
            for chunk in chunks:
                self._parser.Parse(chunk, False)
            self._parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise DraftFileError(DraftFault.DAMAGED) from error
        return self._root

    def _refuse(self, *_declaration: object) -> None:
        raise DraftFileError(DraftFault.FORBIDDEN_XML)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._seen += 1
        if self._seen > MAX_ELEMENTS:
            raise DraftFileError(DraftFault.TOO_COMPLEX)
        name = self._short(name)
        if self._skipping or name in _UNSEEN:
            self._skipping += 1
            return
        self._kept += 1
        if self._kept > MAX_KEPT or len(self._open) >= MAX_DEPTH:
            raise DraftFileError(DraftFault.TOO_COMPLEX)
        node = Node(name, self._kept_attributes(attributes))
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node
        self._open.append(node)

    def _end(self, _name: str) -> None:
        if self._skipping:
            self._skipping -= 1
            return
        node = self._open.pop()
        if self._letters:
            node.text = "".join(self._letters)
            self._letters.clear()

    def _characters(self, text: str) -> None:
        if not self._skipping and self._open and self._open[-1].name in _TEXT:
            self._letters.append(text)

    def _kept_attributes(self, attributes: Mapping[str, str]) -> Mapping[str, str]:
        """Those that are read; most others say in which session something was written."""
        short = {self._short(name): value for name, value in attributes.items()}
        kept = {name: value for name, value in short.items() if not name.startswith(_IGNORED)}
        return kept or _NONE

    def _short(self, name: str) -> str:
        """The name with the usual prefix, whatever prefix the file has chosen."""
        short = self._names.get(name)
        if short is None:
            namespace, _, local = name.rpartition(" ")
            prefix = _PREFIXES.get(namespace)
            short = f"{prefix}:{local}" if prefix else local
            self._names[name] = short
        return short
