"""Sections that are too long for one, in several."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from consult.drafting.blocks import Block, Span, Spans
from consult.drafting.faults import DraftFault, DraftFileError
from consult.drafting.sections import Part

MAX_FULL: Final = 200_000
"""The longest full text of a section, as :data:`consult.document.fields.Markdown` allows."""

Write = Callable[[Part], str]


def written(part: Part, write: Write) -> Iterator[tuple[str, str]]:
    """The titles and Markdown of a part: one pair, or several where it is too long.

    Raises
    ------
    DraftFileError
        If one footnote alone is too long.
    """
    texts = list(_halved(part, write))
    for number, text in enumerate(texts, 1):
        yield (part.title if number == 1 else f"{part.title} ({number})"), text


def _halved(part: Part, write: Write) -> Iterator[str]:
    if sum(_size(block.spans) for block in part.blocks) <= MAX_FULL:
        text = write(part)
        if len(text) <= MAX_FULL:
            yield text
            return
    if len(part.blocks) == 1 and _size(part.blocks[0].spans) < 2:
        raise DraftFileError(DraftFault.TOO_MUCH_TEXT, limit=MAX_FULL)
    for blocks in _halves(part.blocks):
        yield from _halved(replace(part, blocks=tuple(blocks), heading=()), write)


def _halves(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    if len(blocks) == 1:
        first, second = _halves_of_words(blocks[0].spans)
        return [replace(blocks[0], spans=first)], [replace(blocks[0], spans=second)]
    sizes = [_size(block.spans) for block in blocks]
    half, taken, place = sum(sizes) / 2, sizes[0], 1
    while place < len(blocks) - 1 and taken + sizes[place] <= half:
        taken += sizes[place]
        place += 1
    return blocks[:place], blocks[place:]


def _halves_of_words(spans: Spans) -> tuple[Spans, Spans]:
    """The words before and after the blank that is next to the middle."""
    if len(spans) > 1:
        half = len(spans) // 2
        return spans[:half], spans[half:]
    text = spans[0].text
    place = text.rfind(" ", 1, len(text) // 2 + 1)
    place = len(text) // 2 if place < 0 else place
    return _both(spans[0], text[:place], text[place:])


def _size(spans: Spans) -> int:
    """How much there is to part: letters and marks of footnotes."""
    return sum(len(span.text) or 1 for span in spans)


def _both(span: Span, first: str, second: str) -> tuple[Spans, Spans]:
    return (replace(span, text=first.rstrip()),), (replace(span, text=second.lstrip()),)
