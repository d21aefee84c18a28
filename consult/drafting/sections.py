"""Blocks cut into sections by their headings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from consult.drafting import headings
from consult.drafting.blocks import Block, Heading, Paragraph, Span, Spans, plain
from consult.drafting.faults import DraftFault, DraftFileError, Note, NoteCode

MAX_SECTIONS: Final = 60
MAX_TITLE: Final = 150
"""A longer heading is a paragraph that someone made large."""
_MAX_FIRST_WORDS: Final = 60
_TOP_LEVEL: Final = 2
"""The level on the page of the headings directly below a section's title."""
_DEEPEST_LEVEL: Final = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A section before it has a key and is written."""

    title: str
    blocks: tuple[Block, ...]
    heading: Spans = ()
    """The words of its heading with the marks of footnotes."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A draft in parts, and what is to be said of that."""

    title: str | None
    parts: tuple[Part, ...]
    notes: tuple[Note, ...]


def cut(blocks: Sequence[Block]) -> Cut:
    """Cut at the highest level of headings that occurs at least twice.

    A lone heading above that level, at the beginning, is the document's title. Where no two
    headings share a level, the highest one below the title cuts.

    Raises
    ------
    DraftFileError
        If there would be more sections than anyone will answer.
    """
    kept, notes = headings.without_empty(blocks)
    kept, bold = headings.with_bold_lines(headings.with_one_title(kept))
    title, kept, shortened = _without_title(kept)
    level = headings.cutting_level(kept)
    pieces = list(_pieces(kept, level))
    if len(pieces) > MAX_SECTIONS:
        raise DraftFileError(DraftFault.TOO_MANY_SECTIONS, count=len(pieces), limit=MAX_SECTIONS)
    cutter = _Cutter(title, level, shortened)
    parts = tuple(map(cutter.part, pieces))
    return Cut(title, parts, (*notes, *bold, *cutter.notes(parts)))


def _without_title(blocks: list[Block]) -> tuple[str | None, list[Block], list[str]]:
    """The document's title, the blocks without it, and the title again if it was shortened."""
    place = headings.find_title(blocks)
    if place is None:
        return None, blocks, []
    spans = blocks[place].spans
    title = shorten(plain(spans), MAX_TITLE)
    whole = title == plain(spans)
    kept = tuple(span for span in spans if span.note is not None) if whole else spans
    instead = [Paragraph(kept)] if kept else []
    return title, [*blocks[:place], *instead, *blocks[place + 1 :]], [] if whole else [title]


@dataclass(slots=True)
class _Piece:
    heading: Heading | None
    blocks: list[Block] = field(default_factory=list)


def _pieces(blocks: Iterable[Block], level: int | None) -> Iterator[_Piece]:
    """The blocks in pieces, each but perhaps the first with the heading that begins it.

    A mark of the title's footnote that stands alone before the first heading goes below it.
    """
    piece = _Piece(None)
    for block in blocks:
        if isinstance(block, Heading) and level is not None and block.level <= level:
            if piece.heading or _has_words(piece.blocks):
                yield piece
                piece = _Piece(None)
            piece.heading = block
        else:
            piece.blocks.append(block)
    yield piece


def _has_words(blocks: Iterable[Block]) -> bool:
    return any(plain(block.spans) for block in blocks)


class _Cutter:
    """Makes parts of pieces and remembers what is to be said of them."""

    def __init__(self, title: str | None, level: int | None, shortened: list[str]) -> None:
        self._title = title
        self._level = level
        self._shortened = shortened
        self._bare: list[str] = []
        self._notes: list[Note] = [] if level is not None else [Note(NoteCode.NO_HEADINGS)]
        self._skipped = 0
        self._deep = 0

    def part(self, piece: _Piece) -> Part:
        """The part that a piece makes. It always has a title and a text."""
        blocks = self._levelled(piece.blocks)
        heading = piece.heading.spans if piece.heading else ()
        whole = plain(heading) or self._start_title(blocks)
        title = shorten(whole, MAX_TITLE)
        if title != whole:
            self._shortened.append(title)
            return Part(title, (Paragraph(heading), *blocks))
        if not _has_words(blocks):
            self._bare.append(title)
            blocks = (Paragraph((Span(title),)), *blocks)
        return Part(title, blocks, heading)

    def _start_title(self, blocks: Sequence[Block]) -> str:
        """A title for what stands before the first heading: the document's, or its first words."""
        if self._title is not None:
            if self._level is not None:
                self._notes.append(Note(NoteCode.START_TITLED, {"title": self._title}))
            return self._title
        texts = (plain(block.spans) for block in blocks)
        title = shorten(next(text for text in texts if text), _MAX_FIRST_WORDS)
        self._notes.append(Note(NoteCode.START_UNTITLED, {"title": title}))
        return title

    def _levelled(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """The blocks with the levels that headings have on the page, one below the other."""
        levelled: list[Block] = []
        above: list[int] = []
        for block in blocks:
            if isinstance(block, Heading):
                while above and above[-1] >= block.level:
                    above.pop()
                upper = above[-1] if above else self._level
                self._skipped += upper is not None and block.level > upper + 1
                above.append(block.level)
                level = _TOP_LEVEL - 1 + len(above)
                self._deep += level > _DEEPEST_LEVEL
                levelled.append(replace(block, level=min(level, _DEEPEST_LEVEL)))
            else:
                levelled.append(block)
        return tuple(levelled)

    def notes(self, parts: Sequence[Part]) -> Iterator[Note]:
        """What is to be said of levels and titles."""
        yield from self._notes
        if self._skipped:
            yield Note(NoteCode.SKIPPED_LEVELS, {"count": self._skipped})
        if self._deep:
            yield Note(NoteCode.DEEP_LEVELS, {"count": self._deep})
        times = Counter(part.title.casefold() for part in parts)
        titles = {part.title.casefold(): part.title for part in parts}
        for code, named in (
            (NoteCode.DUPLICATE_HEADINGS, [titles[key] for key, n in times.items() if n > 1]),
            (NoteCode.LONG_TITLES, self._shortened),
            (NoteCode.WITHOUT_TEXT, self._bare),
        ):
            if named:
                yield Note(code, {"titles": tuple(named)})


def shorten(text: str, most: int) -> str:
    """The text, or as many of its words as fit with an ellipsis."""
    if len(text) <= most:
        return text
    start = text[:most]
    return f"{start.rpartition(' ')[0] or start[:-1]}…"
