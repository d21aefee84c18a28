"""Which blocks are headings, and which of them is the document's title."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from consult.drafting.blocks import TITLE_LEVEL, Block, Heading, Paragraph, Span, plain
from consult.drafting.faults import Note, NoteCode

MAX_BOLD_HEADING: Final = 100
_MOST_BOLD_HEADINGS: Final = 60
_HAND_MADE_LEVEL: Final = 9
"""Below all levels that a style can give: a real heading is of more weight."""
_SENTENCE_ENDS: Final = (".", ",", ";", "۔", "،", "؛", "。", "।")
_BETWEEN_TITLE_LINES: Final = Span(" – ")


def without_empty(blocks: Sequence[Block]) -> tuple[list[Block], list[Note]]:
    """The blocks without headings that have no words: authors use them to make space."""
    kept: list[Block] = []
    empty = 0
    for block in blocks:
        if not isinstance(block, Heading) or plain(block.spans):
            kept.append(block)
        elif block.spans:
            kept.append(Paragraph(block.spans))
        else:
            empty += 1
    return kept, [Note(NoteCode.EMPTY_HEADINGS, {"count": empty})] if empty else []


def with_bold_lines(blocks: list[Block]) -> tuple[list[Block], list[Note]]:
    """Short paragraphs in bold as headings, where an author formatted all headings by hand.

    One that another follows at once is no heading, but for the first of all, which is the title.
    """
    if sum(isinstance(block, Heading) for block in blocks) > 1:
        return blocks, []
    bold = [*map(_is_bold_line, blocks), True]
    heads = [i for i in range(len(blocks)) if bold[i] and not bold[i + 1]]
    if not 2 <= len(heads) <= _MOST_BOLD_HEADINGS:
        return blocks, []
    levels = dict.fromkeys(heads, _HAND_MADE_LEVEL)
    if bold[0] and bold[1]:
        levels[0] = TITLE_LEVEL
    lines = [
        Heading(levels[i], block.spans) if i in levels else block for i, block in enumerate(blocks)
    ]
    return lines, [Note(NoteCode.BOLD_HEADINGS, {"count": len(heads)})]


def _is_bold_line(block: Block) -> bool:
    if not isinstance(block, Paragraph) or not (words := plain(block.spans)):
        return False
    bold = all(span.strong or not span.text.strip() for span in block.spans)
    return bold and len(words) <= MAX_BOLD_HEADING and not words.endswith(_SENTENCE_ENDS)


def with_one_title(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with title lines that follow one another as one heading."""
    kept: list[Block] = []
    for block in blocks:
        before = kept[-1] if kept else None
        if _is_title(block) and before is not None and _is_title(before):
            spans = (*before.spans, _BETWEEN_TITLE_LINES, *block.spans)
            kept[-1] = Heading(TITLE_LEVEL, spans)
        else:
            kept.append(block)
    return kept


def _is_title(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == TITLE_LEVEL


def find_title(blocks: Sequence[Block]) -> int | None:
    """The place of the document's title: the first heading, if all others are below its level."""
    heads = [(i, block.level) for i, block in enumerate(blocks) if isinstance(block, Heading)]
    if not heads:
        return None
    (place, level), *others = heads
    return place if all(level < other for _, other in others) else None


def cutting_level(blocks: Sequence[Block]) -> int | None:
    """The highest level that occurs at least twice, or else the highest that occurs."""
    levels = sorted(block.level for block in blocks if isinstance(block, Heading))
    twice = (level for level, following in pairwise(levels) if level == following)
    return next(twice, levels[0] if levels else None)
