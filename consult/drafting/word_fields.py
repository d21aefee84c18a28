"""Word's fields: instructions that nobody sees, and the text that they last gave."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from consult.drafting.xml_tree import Node

_LINK = re.compile(r'\s*HYPERLINK\s+(?:"([^"]*)"|([^\s\\"]\S*))', re.IGNORECASE)
_CONTENTS = re.compile(r"\s*(TOC|INDEX|TOA)\b", re.IGNORECASE)
_APART = frozenset({"w:del", "w:moveFrom", "w:drawing", "w:pict", "w:object"})
"""What is not read with the paragraph that it is in."""
_MAX_NESTED = 20


@dataclass(slots=True)
class _Field:
    begin: Node
    instruction: list[str] = field(default_factory=list)
    separated: bool = False

    @property
    def text(self) -> str:
        return "".join(self.instruction)


class Fields:
    """Where a walk through a story stands between the beginnings and ends of fields.

    A field can reach over many paragraphs. A beginning without an end is passed over: it would
    hide the rest of the document.
    """

    def __init__(self, story: Node) -> None:
        self._begin_of = _pairs(story)
        self._begins = {id(begin) for begin in self._begin_of.values()}
        self._open: list[_Field] = []

    def mark(self, node: Node) -> None:
        """Pass a ``w:fldChar``."""
        match node.get("w:fldCharType"):
            case "begin" if id(node) in self._begins and len(self._open) < _MAX_NESTED:
                self._open.append(_Field(node))
            case "separate" if self._open:
                self._open[-1].separated = True
            case "end" if (begin := self._begin_of.get(id(node))) is not None:
                places = [i for i, one in enumerate(self._open) if one.begin is begin]
                del self._open[places[-1] if places else len(self._open) :]

    def instruct(self, text: str) -> None:
        """Pass a piece of an instruction."""
        if self._open and not self._open[-1].separated:
            self._open[-1].instruction.append(text)

    @property
    def showing(self) -> bool:
        """Whether text at this place is seen."""
        return all(one.separated for one in self._open)

    @property
    def in_contents(self) -> bool:
        """Whether this place is in a list of contents or an index."""
        return any(is_contents(one.text) for one in self._open)

    @property
    def link(self) -> str | None:
        """The address that text at this place leads to."""
        addresses = (link_of(one.text) for one in reversed(self._open))
        return next((address for address in addresses if address), None)


def is_contents(instruction: str) -> bool:
    """Whether a field is a list of contents or an index."""
    return bool(_CONTENTS.match(instruction))


def link_of(instruction: str) -> str | None:
    """The address that a field leads to."""
    found = _LINK.match(instruction)
    return (found.group(1) or found.group(2)) if found else None


def _pairs(story: Node) -> dict[int, Node]:
    """The beginning of each field, by the identity of its end."""
    waiting: list[Node] = []
    pairs: dict[int, Node] = {}
    for node in _with_text(story):
        if node.name != "w:fldChar":
            continue
        if node.get("w:fldCharType") == "begin":
            waiting.append(node)
        elif node.get("w:fldCharType") == "end" and waiting:
            pairs[id(node)] = waiting.pop()
    return pairs


def _with_text(story: Node) -> Iterator[Node]:
    waiting = [story]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(child for child in reversed(node.children) if child.name not in _APART)
