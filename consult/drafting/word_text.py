"""The words of one paragraph of a Word file, as a reader of the page would see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from consult.drafting.blocks import Span
from consult.drafting.characters import symbol, with_known_letters
from consult.drafting.faults import NoteCode
from consult.drafting.links import safe_link
from consult.drafting.word_fields import Fields, is_contents, link_of
from consult.drafting.word_styles import Look, Styles, look_of
from consult.drafting.word_tally import Tally
from consult.drafting.xml_tree import Node

_TRANSPARENT: Final = frozenset(
    {"w:smartTag", "w:customXml", "w:bdo", "w:dir", "w:sdtContent", "w:rubyBase", "w:ruby"}
)
"""Elements that say something about the words in them and are otherwise not there."""
_LINE_BREAKS: Final = frozenset({"w:br", "w:cr"})
_GRAPHICS: Final = frozenset({"w:drawing", "w:pict", "w:object"})
_PICTURES: Final = frozenset({"a:blip", "v:imagedata", "chart", "relIds"})
_BOX: Final = "w:txbxContent"
_NOTES: Final = {"w:footnoteReference": "footnotes", "w:endnoteReference": "endnotes"}


@dataclass(slots=True)
class Line:
    """What a paragraph holds."""

    spans: list[Span] = field(default_factory=list)
    boxes: list[Node] = field(default_factory=list)
    """Text boxes that are anchored in it."""


@dataclass(frozen=True, slots=True)
class Story:
    """What the paragraphs of one part of a file share."""

    styles: Styles
    fields: Fields
    links: Mapping[str, str]
    tally: Tally


@dataclass(frozen=True, slots=True)
class _Place:
    """What is known of the words at a place."""

    look: Look
    link: str | None = None
    changed: bool = False


class LineReader:
    """Reads one paragraph."""

    def __init__(self, story: Story, look: Look, *, heading: bool) -> None:
        self._story = story
        self._heading = heading
        self._below = look
        self._was_hidden = False
        self.line = Line()

    def read(self, paragraph: Node) -> Line:
        """The paragraph's words and boxes."""
        self._all(paragraph, _Place(Look()))
        return self.line

    def _all(self, parent: Node, place: _Place) -> None:
        for node in parent.children:
            self._one(node, place)

    def _one(self, node: Node, place: _Place) -> None:
        match node.name:
            case "w:r":
                self._run(node, place)
            case "w:hyperlink":
                address = self._story.links.get(node.get("r:id")) or None
                self._all(node, _Place(place.look, address or place.link, place.changed))
            case "w:ins" | "w:moveTo":
                self._story.tally.change(node)
                self._all(node, _Place(place.look, place.link, changed=True))
            case "w:del" | "w:moveFrom":
                self._story.tally.change(node)
            case "w:fldSimple":
                self._simple_field(node, place)
            case "w:sdt":
                if not is_placeholder(node):
                    self._all(node, place)
            case "mc:AlternateContent":
                self._all(chosen(node), place)
            case "m:oMath" | "m:oMathPara":
                self._formula(node, place)
            case name if name in _TRANSPARENT:
                self._all(node, place)
            case _:
                pass

    def _simple_field(self, node: Node, place: _Place) -> None:
        instruction = node.get("w:instr")
        if is_contents(instruction):
            self._story.tally.contents = True
        else:
            self._all(node, _Place(place.look, link_of(instruction) or place.link, place.changed))

    def _formula(self, node: Node, place: _Place) -> None:
        text = "".join(part.text for part in node.elements() if part.name == "m:t")
        if text.strip():
            self._story.tally.counts[NoteCode.FORMULAS] += 1
        self._add(text, place)

    def _run(self, run: Node, place: _Place) -> None:
        properties = run.child("w:rPr")
        own = look_of(properties)
        style = properties.value("w:rStyle") if properties else None
        look = own.over(self._story.styles.character(style)).over(self._below)
        within = _Place(look, place.link, place.changed)
        font = properties.child("w:rFonts") if properties else None
        for node in run.children:
            self._part(node, within, font)

    def _part(self, node: Node, place: _Place, font: Node | None) -> None:
        match node.name:
            case "w:t":
                self._add(self._known_letters(node.text, font), place)
            case name if name in _LINE_BREAKS:
                self._add("\n", place)
            case "w:tab" | "w:ptab":
                self._add(" ", place)
            case "w:noBreakHyphen":
                self._add("\u2011", place)
            case "w:sym":
                self._add(self._symbol(node.get("w:font"), _code_point(node)), place)
            case "w:fldChar":
                self._story.fields.mark(node)
            case "w:instrText":
                self._story.fields.instruct(node.text)
            case name if name in _GRAPHICS:
                self._graphic(node, place)
            case name if name in _NOTES:
                self._note(f"{_NOTES[name]}:{node.get('w:id')}", place)
            case "mc:AlternateContent":
                for inner in chosen(node).children:
                    self._part(inner, place, font)
            case "w:ruby":
                self._all(node, place)
            case _:
                pass

    def _add(self, text: str, place: _Place, *, words: bool = True) -> None:
        """Take text that is seen; keep count of what is not."""
        fields, tally = self._story.fields, self._story.tally
        if not text or not fields.showing:
            return
        if fields.in_contents and not self._heading:
            tally.contents = True
            return
        if place.look.hidden:
            if text.strip() and not self._was_hidden:
                self._was_hidden = True
                tally.counts[NoteCode.HIDDEN_TEXT] += 1
            return
        self._was_hidden = False
        if not place.changed:
            tally.unchanged()
        tally.words = tally.words or (words and bool(text.strip()))
        self.line.spans.append(
            Span(
                text,
                strong=bool(place.look.bold),
                emphasis=bool(place.look.italic),
                link=self._address(place),
            )
        )

    def _address(self, place: _Place) -> str | None:
        """The address for words at a place, if it is one that residents can follow."""
        address = place.link or self._story.fields.link
        if address is None:
            return None
        link = safe_link(address)
        if link is None:
            self._story.tally.links.add(address)
        return link

    def _note(self, name: str, place: _Place) -> None:
        if self._story.fields.showing and not place.look.hidden:
            self.line.spans.append(Span("", note=name))

    def _known_letters(self, text: str, font: Node | None) -> str:
        """The text with the letters of symbol fonts as characters that every font has."""
        name = font.get("w:ascii") or font.get("w:hAnsi") if font else ""
        return with_known_letters(text, lambda number: self._symbol(name, number))

    def _symbol(self, font: str, number: int | None) -> str:
        found = None if number is None else symbol(font, number)
        if found is None:
            self._story.tally.counts[NoteCode.SYMBOLS] += 1
        return found or ""

    def _graphic(self, node: Node, place: _Place) -> None:
        """Set text boxes aside; stand in for a picture with its description in brackets."""
        boxes = [inner for inner in _outside_boxes(node) if inner.name == _BOX]
        self.line.boxes.extend(boxes)
        if boxes or not any(inner.name in _PICTURES for inner in _outside_boxes(node)):
            return
        tally = self._story.tally
        tally.counts[NoteCode.IMAGES] += 1
        if text := _description(node):
            tally.described += 1
            self._add(f"[{text}]", _Place(Look(hidden=place.look.hidden)), words=False)


def _code_point(symbol_node: Node) -> int | None:
    try:
        return int(symbol_node.get("w:char"), 16)
    except ValueError:
        return None


def chosen(alternative: Node) -> Node:
    """The branch of an ``mc:AlternateContent`` that we know how to read."""
    branches = alternative.children
    known = (
        branch
        for branch in branches
        if any(inner.name.startswith("w:") for inner in branch.children)
    )
    return next(known, Node("mc:Fallback", {}))


def is_placeholder(control: Node) -> bool:
    """Whether a form's field holds no more than "Click here to enter text"."""
    return bool(control.switch("w:sdtPr", "w:showingPlcHdr"))


def _outside_boxes(node: Node) -> Iterator[Node]:
    """A drawing's elements with its text boxes, but without what is in these."""
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        yield inner
        if inner.name != _BOX:
            waiting.extend(reversed(inner.children))


def _description(drawing: Node) -> str:
    """What the author wrote for people who cannot see a picture."""
    for node in _outside_boxes(drawing):
        if node.name == "wp:docPr":
            text = node.get("descr").strip() or node.get("title").strip()
        elif node.name == "v:shape":
            text = node.get("alt").strip()
        else:
            continue
        if text:
            return " ".join(text.split())
    return ""
