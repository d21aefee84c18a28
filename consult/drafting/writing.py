"""Blocks as Markdown that shows exactly their words: headings, lists, links and emphasis.

Only what would mean something is escaped, for officers edit this text by hand.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from consult.drafting.blocks import Block, Heading, Item, Span, Spans
from consult.drafting.inline import inline

_DEEPEST_ITEM: Final = 4
_BULLETS: Final = "-*"
_AFTER_NUMBER: Final = ".)"


@dataclass(slots=True)
class _List:
    """A list that is being written."""

    number: int | None
    group: int
    other: bool
    """Whether it has the other of the two marks, which parts it from the list before it."""
    offset: int
    """Where the text of its items begins."""


class Writer:
    """Writes the blocks of one section, with its footnotes at the end."""

    def __init__(self, footnotes: Mapping[str, Spans]) -> None:
        self._footnotes = footnotes
        self._numbers: dict[str, int] = {}
        self._lists: list[_List] = []

    def write(self, title: Spans, blocks: Iterable[Block]) -> str:
        """The blocks below a title as Markdown.

        The levels of headings are those that the page has for them. A footnote that is marked
        in the title stands at the end too.
        """
        self._numbered(title)
        parts: list[str] = []
        for block in blocks:
            spans = self._numbered(block.spans)
            if isinstance(block, Item):
                before, text = self._item(block, spans)
                parts += [before if parts else "", text]
                continue
            self._lists.clear()
            parts += ["\n\n" if parts else "", *_paragraph(block, spans)]
        if self._numbers:
            parts += ["\n\n---\n\n" if parts else "", "\n".join(self._notes())]
        return "".join(parts)

    def _numbered(self, spans: Spans) -> Spans:
        """The words with the marks of footnotes as numbers; those without a text go."""
        return tuple(
            span if span.note is None else Span(f"[{self._number(span.note)}]", note=span.note)
            for span in spans
            if span.note is None or span.note in self._footnotes
        )

    def _number(self, note: str) -> int:
        return self._numbers.setdefault(note, len(self._numbers) + 1)

    def _notes(self) -> Iterator[str]:
        for note, number in self._numbers.items():
            mark = f"{number}. "
            yield mark + _indented(inline(self._footnotes[note]), len(mark))

    def _item(self, item: Item, spans: Spans) -> tuple[str, str]:
        """What parts an item from the block before it, and the item.

        An inner list that does not begin with 1 would be taken for more text of the item above.
        """
        if item.continued and self._lists:
            place = min(item.depth, len(self._lists) - 1)
            del self._lists[place + 1 :]
            offset = self._lists[place].offset
            return "\n\n", " " * offset + _indented(inline(spans), offset)
        depth = min(item.depth, len(self._lists), _DEEPEST_ITEM)
        before = self._lists[depth] if depth < len(self._lists) else None
        tight = bool(self._lists) and (before is not None or item.number in {None, 1})
        joins = before is None or _joins(before, item)
        other = before is not None and _alike(before, item) and before.other is joins
        mark = _mark(item, other=other)
        outer = self._lists[depth - 1].offset if depth else 0
        offset = outer + len(mark)
        self._lists[depth:] = [_List(item.number, item.group, other, offset)]
        text = " " * outer + mark + _indented(inline(spans), offset)
        return "\n" if tight and joins else "\n\n", text


def _joins(before: _List, item: Item) -> bool:
    """Whether an item goes on with a list."""
    if before.group != item.group or not _alike(before, item):
        return False
    return before.number is None or item.number == before.number + 1


def _alike(before: _List, item: Item) -> bool:
    """Whether an item has a number or a bullet as the list before it has."""
    return (before.number is None) is (item.number is None)


def _mark(item: Item, *, other: bool) -> str:
    if item.number is None:
        return f"{_BULLETS[other]} "
    return f"{item.number}{_AFTER_NUMBER[other]} "


def _paragraph(block: Block, spans: Spans) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {inline(spans, heading=True)}"
    elif isinstance(block, Item) or not block.quote:
        yield inline(spans)
    else:
        yield "> " + inline(spans).replace("\n", "\n> ")


def _indented(text: str, offset: int) -> str:
    return text.replace("\n", "\n" + " " * offset)
