"""A draft as a row of blocks: what a Word file and a Markdown text have in common."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

TITLE_LEVEL = 0
"""The level of a document's title, above the first level of headings."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some words that look alike. A line feed in them is a line break that was meant."""

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str | None = None
    note: str | None = None
    """Set where these are no words but the mark of a footnote: the footnote's id."""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is a document's title."""

    level: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    spans: Spans
    quote: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, or a further paragraph of the item before it."""

    spans: Spans
    depth: int = 0
    number: int | None = None
    """Its number, or nothing in a list with bullets."""
    continued: bool = False
    group: int = 0
    """Neighbours with other groups are other lists."""


Block = Heading | Paragraph | Item


def plain(spans: Iterable[Span]) -> str:
    """The words alone, on one line."""
    return " ".join("".join(span.text for span in spans if span.note is None).split())


def trimmed(spans: Iterable[Span]) -> Spans:
    """The spans without outer blanks and empty parts, neighbours of one look joined."""
    filled = (span for span in spans if span.text or span.note is not None)
    joined: list[Span] = []
    for (*_, note), alike in groupby(filled, key=_look):
        if note is not None:
            joined.extend(alike)
        else:
            first, *others = alike
            joined.append(replace(first, text="".join([first.text, *(s.text for s in others)])))
    return _stripped_end(_stripped_start(joined))


def _look(span: Span) -> tuple[bool, bool, str | None, str | None]:
    return span.strong, span.emphasis, span.link, span.note


def _stripped_start(spans: Sequence[Span]) -> Spans:
    for i, span in enumerate(spans):
        if span.note is not None:
            return tuple(spans[i:])
        if text := span.text.lstrip():
            return (replace(span, text=text), *spans[i + 1 :])
    return ()


def _stripped_end(spans: Sequence[Span]) -> Spans:
    for i in range(len(spans) - 1, -1, -1):
        if spans[i].note is not None:
            return tuple(spans[: i + 1])
        if text := spans[i].text.rstrip():
            return (*spans[:i], replace(spans[i], text=text))
    return ()
