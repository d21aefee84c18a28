"""What Word's styles say of a paragraph or of words: heading, list, bold, hidden, contents."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from consult.drafting.blocks import TITLE_LEVEL
from consult.drafting.xml_tree import Node

NO_LIST: Final = "0"
"""The list number that takes a paragraph out of the list of its style."""

_HEADING = re.compile(r"heading ?([1-9])")
_PAGES_HEADING: Final = "heading"
_TITLE: Final = "title"
_SUBTITLE: Final = "subtitle"
_CONTENTS = re.compile(
    r"toc ?\d|index ?\d|contents \d|(toc|contents|index) heading|table of (figures|authorities)"
)
_QUOTE: Final = frozenset({"quote", "intense quote", "quotations"})
_BODY_LEVELS: Final = 9
_MAX_CHAIN: Final = 15


@dataclass(frozen=True, slots=True)
class Look:
    """How words are to look, where something says so; None where nothing does."""

    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None

    def over(self, below: "Look") -> "Look":
        """One look, and below it another for what it leaves open."""
        return Look(
            below.bold if self.bold is None else self.bold,
            below.italic if self.italic is None else self.italic,
            below.hidden if self.hidden is None else self.hidden,
        )


def look_of(properties: Node | None) -> Look:
    """What a ``w:rPr`` says; right-to-left letters have their own switches for bold and italic."""
    if properties is None:
        return Look()
    complex_script = "Cs" if properties.switch("w:rtl") else ""
    return Look(
        properties.switch(f"w:b{complex_script}"),
        properties.switch(f"w:i{complex_script}"),
        properties.switch("w:vanish"),
    )


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a paragraph's style says, with what it inherits."""

    level: int | None = None
    """Level of the heading that it makes."""
    contents: bool = False
    """Whether it is for a list of contents."""
    quote: bool = False
    list_number: str | None = None
    list_level: str | None = None
    look: Look = Look()


class Styles:
    """The styles of one file.

    Word writes the names of its own styles in English whatever its language is; only the ids are
    translated. So the name decides, and the id where a file does not define the style.
    """

    def __init__(self, root: Node | None) -> None:
        self._styles: dict[tuple[str, str], Node] = {}
        self._paragraphs: dict[str, ParagraphStyle] = {}
        self._looks: dict[str, Look] = {}
        for node in root.children if root else ():
            if node.name == "w:style":
                key = (node.get("w:type"), node.get("w:styleId"))
                self._styles.setdefault(key, node)

    @cached_property
    def _default(self) -> str:
        return next(
            (
                style_id
                for (kind, style_id), node in self._styles.items()
                if kind == "paragraph" and node.get("w:default") in {"1", "true", "on"}
            ),
            "",
        )

    def paragraph(self, style_id: str | None) -> ParagraphStyle:
        """What a paragraph's style says."""
        style_id = self._default if style_id is None else style_id
        if style_id not in self._paragraphs:
            self._paragraphs[style_id] = self._read_paragraph(style_id)
        return self._paragraphs[style_id]

    def character(self, style_id: str | None) -> Look:
        """What a style for words says."""
        if style_id is None:
            return Look()
        if style_id not in self._looks:
            self._looks[style_id] = self._look("character", style_id)
        return self._looks[style_id]

    def list_of(self, style_id: str) -> str | None:
        """The list that a style for lists stands for."""
        node = self._styles.get(("numbering", style_id))
        return node.value("w:pPr", "w:numPr", "w:numId") if node else None

    def _read_paragraph(self, style_id: str) -> ParagraphStyle:
        chain = self._chain("paragraph", style_id)
        names = [_name(node) for node in chain] or [style_id.casefold()]
        numbers = [node.value("w:pPr", "w:numPr", "w:numId") for node in chain]
        levels = [node.value("w:pPr", "w:numPr", "w:ilvl") for node in chain]
        return ParagraphStyle(
            level=_level(chain, names),
            contents=any(_CONTENTS.fullmatch(name) for name in names),
            quote=any(name in _QUOTE for name in names),
            list_number=_first(numbers),
            list_level=_first(levels),
            look=self._look("paragraph", style_id),
        )

    def _look(self, kind: str, style_id: str) -> Look:
        look = Look()
        for node in self._chain(kind, style_id):
            look = look.over(look_of(node.child("w:rPr")))
        return look

    def _chain(self, kind: str, style_id: str) -> list[Node]:
        """A style and those it is based on; a ring of styles is gone round once."""
        chain: list[Node] = []
        node = self._styles.get((kind, style_id))
        while node is not None and node not in chain and len(chain) < _MAX_CHAIN:
            chain.append(node)
            node = self._styles.get((kind, node.value("w:basedOn") or ""))
        return chain


def outline_level(properties: Node | None) -> int | None:
    """The level that ``w:outlineLvl`` gives, from 1; 0 says that it is running text."""
    value = properties.value("w:outlineLvl") if properties else None
    if value is None or not re.fullmatch(r"[0-9]", value):
        return None
    return 0 if int(value) == _BODY_LEVELS else int(value) + 1


def _level(chain: list[Node], names: list[str]) -> int | None:
    """The heading's level by the nearest style that has one by its name or its outline."""
    if names[0] == _PAGES_HEADING:
        return 1
    for i, name in enumerate(names):
        if name == _SUBTITLE:
            return None
        if name == _TITLE:
            return TITLE_LEVEL
        outline = outline_level(chain[i].child("w:pPr")) if chain else None
        if outline is not None:
            return outline or None
        if found := _HEADING.fullmatch(name):
            return int(found.group(1))
    return None


def _name(node: Node) -> str:
    return (node.value("w:name") or node.get("w:styleId")).casefold()


def _first(values: list[str | None]) -> str | None:
    return next((value for value in values if value is not None), None)
