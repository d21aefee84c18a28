"""A Word file as blocks: headings, paragraphs and items of lists, in the order of reading."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Final

from consult.drafting.blocks import Block, Heading, Item, Paragraph, Span, Spans
from consult.drafting.characters import split_paragraphs, tidied
from consult.drafting.faults import DraftFault, DraftFileError, NoteCode
from consult.drafting.package import Package
from consult.drafting.source import Source
from consult.drafting.tables import Cell, Row, as_list, as_text, flat, is_layout
from consult.drafting.word_fields import Fields
from consult.drafting.word_numbering import Marker, Numbering
from consult.drafting.word_styles import ParagraphStyle, Styles, outline_level
from consult.drafting.word_tally import Tally
from consult.drafting.word_text import Line, LineReader, Story, chosen, is_placeholder
from consult.drafting.xml_tree import Node

_WRAPPERS: Final = frozenset({"w:customXml", "w:smartTag", "w:ins", "w:moveTo", "w:sdtContent"})
_LEFT_OUT: Final = frozenset({"w:del", "w:moveFrom"})
_CHANGES: Final = frozenset({"w:ins", *_LEFT_OUT})
_EMBEDDED: Final = frozenset({"w:altChunk", "w:subDoc"})
_CONTENTS_GALLERY: Final = "Table of Contents"
_COLUMNS = re.compile(r"[1-9][0-9]{0,3}")
_MAX_COLUMNS: Final = 63
"""As many as Word allows."""
_TYPED_BULLETS: Final = "•▪◦‣●○■□➢❖⬥◻·"


def read_word(content: bytes) -> Source:
    """Read a Word file with all tracked changes accepted.

    Raises
    ------
    DraftFileError
        If it cannot be read, or no text is in it.
    """
    package = Package(content)
    body = package.main_tree().child("w:body")
    if body is None:
        raise DraftFileError(DraftFault.DAMAGED)
    styles = Styles(package.related_tree("styles"))
    numbering = Numbering(package.related_tree("numbering"), styles)
    tally = Tally()
    tally.counts[NoteCode.COMMENTS] = _count(package.related_tree("comments"), "w:comment")
    story = Story(styles, Fields(body), package.links(), tally)
    blocks = tuple(_BlockReader(story, numbering).blocks(body))
    if not tally.words:
        images = tally.counts[NoteCode.IMAGES]
        raise DraftFileError(DraftFault.IMAGES_ONLY if images else DraftFault.NO_TEXT)
    footnotes = _footnotes(package, story, numbering, _references(blocks))
    tally.counts[NoteCode.FOOTNOTES] = len(footnotes)
    return Source(blocks, tuple(tally.notes()), footnotes)


class _BlockReader:
    """Reads the blocks of one part of a file."""

    def __init__(self, story: Story, numbering: Numbering) -> None:
        self._story = story
        self._numbering = numbering
        self._groups = count(1)

    def blocks(self, container: Node) -> Iterator[Block]:
        """The blocks of a body, a cell, a text box or a note."""
        joined: list[Span] = []
        for node in self._content(container):
            if node.name == "w:p":
                line = self._line(node)
                joined += line.spans
                if not self._mark_is_deleted(node):
                    yield from self._paragraph(node, joined)
                    joined = []
                for box in line.boxes:
                    yield from self._box(box)
            elif node.name == "w:tbl":
                yield from self._table(node)
            elif node.name in _EMBEDDED:
                self._story.tally.counts[NoteCode.EMBEDDED_FILES] += 1
        if spans := tidied(joined):
            yield Paragraph(spans)

    def _content(self, container: Node) -> Iterator[Node]:
        """What a container holds, whatever is wrapped around it."""
        for node in container.children:
            if node.name in _CHANGES:
                self._story.tally.change(node)
            if node.name in _LEFT_OUT:
                continue
            if node.name in _WRAPPERS:
                yield from self._content(node)
            elif node.name == "mc:AlternateContent":
                yield from self._content(chosen(node))
            elif node.name != "w:sdt":
                yield node
            elif node.value("w:sdtPr", "w:docPartObj", "w:docPartGallery") == _CONTENTS_GALLERY:
                self._story.tally.contents = True
            elif not is_placeholder(node):
                yield from self._content(node)

    def _mark_is_deleted(self, paragraph: Node) -> bool:
        """Whether a tracked change joins a paragraph with the next one."""
        properties = paragraph.child("w:pPr", "w:rPr")
        marks = properties.children if properties else []
        changes = [node for node in marks if node.name in _CHANGES]
        for node in changes:
            self._story.tally.change(node)
        return any(node.name in _LEFT_OUT for node in changes)

    def _style(self, paragraph: Node) -> ParagraphStyle:
        return self._story.styles.paragraph(paragraph.value("w:pPr", "w:pStyle"))

    def _line(self, paragraph: Node) -> Line:
        style = self._style(paragraph)
        if style.contents:
            self._story.tally.contents = True
            uncounted = replace(self._story, tally=Tally())
            return Line(
                boxes=LineReader(uncounted, style.look, heading=False).read(paragraph).boxes
            )
        heading = _level(paragraph, style) is not None
        return LineReader(self._story, style.look, heading=heading).read(paragraph)

    def _paragraph(self, node: Node, words: list[Span]) -> Iterator[Block]:
        style = self._style(node)
        level = _level(node, style)
        if level is not None:
            marker = self._marker(node, style)
            spans = tidied(words)
            if spans and marker is not None and (marker.number or marker.label):
                self._story.tally.counts[NoteCode.HEADING_NUMBERS] += 1
            yield Heading(level, spans)
            return
        if not (parts := split_paragraphs(words)):
            return
        first = _in_list(parts[0], self._marker(node, style), style, self._story.tally)
        yield first
        for spans in parts[1:]:
            if isinstance(first, Item):
                yield Item(spans, first.depth, continued=True)
            else:
                yield Paragraph(spans, quote=style.quote)

    def _marker(self, node: Node, style: ParagraphStyle) -> Marker | None:
        own = node.child("w:pPr", "w:numPr")
        number = own.value("w:numId") if own else None
        level = own.value("w:ilvl") if own else None
        if number is None:
            return self._numbering.next(
                style.list_number,
                level or style.list_level,
                node.value("w:pPr", "w:pStyle"),
            )
        return self._numbering.next(number, level or "0", None)

    def _box(self, box: Node) -> Iterator[Block]:
        fields = Fields(box)
        inner = Story(self._story.styles, fields, self._story.links, self._story.tally)
        blocks = tuple(_BlockReader(inner, self._numbering).blocks(box))
        if blocks:
            self._story.tally.counts[NoteCode.TEXT_BOXES] += 1
        yield from blocks

    def _table(self, table: Node) -> Iterator[Block]:
        rows = [self._row(row) for row in self._content(table) if row.name == "w:tr"]
        rows = [row for row in rows if row.cells]
        if not rows:
            return
        if is_layout(rows):
            yield from as_text(rows)
        else:
            self._story.tally.counts[NoteCode.TABLES] += 1
            yield from as_list(rows, next(self._groups))

    def _row(self, row: Node) -> Row:
        properties = row.child("w:trPr")
        changes = (
            [node for node in properties.children if node.name in _CHANGES] if properties else []
        )
        for node in changes:
            self._story.tally.change(node)
        if any(node.name in _LEFT_OUT for node in changes):
            return Row(())
        cells = tuple(self._cell(cell) for cell in self._content(row) if cell.name == "w:tc")
        return Row(cells, header=bool(row.switch("w:trPr", "w:tblHeader")))

    def _cell(self, cell: Node) -> Cell:
        columns = cell.value("w:tcPr", "w:gridSpan") or ""
        merge = cell.value("w:tcPr", "w:vMerge")
        return Cell(
            tuple(self.blocks(cell)),
            columns=min(int(columns), _MAX_COLUMNS) if _COLUMNS.fullmatch(columns) else 1,
            continues=merge is not None and merge != "restart",
        )


def _level(paragraph: Node, style: ParagraphStyle) -> int | None:
    """The level of the heading that a paragraph is, by its own outline level or its style."""
    own = outline_level(paragraph.child("w:pPr"))
    return style.level if own is None else own or None


def _in_list(spans: Spans, marker: Marker | None, style: ParagraphStyle, tally: Tally) -> Block:
    """A paragraph, or an item where Word or its author draws a number or a bullet before it."""
    if marker is None:
        text = spans[0].text
        if len(text) > 1 and text[0] in _TYPED_BULLETS and text[1].isspace():
            return Item(tidied((replace(spans[0], text=text[2:]), *spans[1:])))
        return Paragraph(spans, quote=style.quote)
    if marker.label is not None:
        return Paragraph(tidied((Span(f"{marker.label} "), *spans)))
    if marker.lettered:
        tally.counts[NoteCode.LETTERED] += 1
    return Item(spans, depth=marker.depth, number=marker.number)


def _references(blocks: tuple[Block, ...]) -> dict[str, Spans]:
    """The ids of footnotes in the order of their marks, each with no text yet."""
    marks = (span.note for block in blocks for span in block.spans if span.note is not None)
    return dict.fromkeys(marks, ())


def _footnotes(
    package: Package, story: Story, numbering: Numbering, wanted: dict[str, Spans]
) -> dict[str, Spans]:
    """The text of the footnotes and endnotes that the draft refers to."""
    for kind in ("footnotes", "endnotes"):
        root = package.related_tree(kind) if any(n.startswith(kind) for n in wanted) else None
        if root is None:
            continue
        inner = Story(story.styles, Fields(root), package.links(kind), story.tally)
        reader = _BlockReader(inner, numbering)
        for node in root.children:
            name = f"{kind}:{node.get('w:id')}"
            if wanted.get(name) == ():
                spans = flat(reader.blocks(node))
                wanted[name] = tuple(span for span in spans if span.note is None)
    return {name: spans for name, spans in wanted.items() if spans}


def _count(root: Node | None, name: str) -> int:
    return sum(node.name == name for node in root.children) if root else 0
