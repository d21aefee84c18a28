"""Letters as they should be kept: composed, without what cannot be seen or would mislead."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from consult.document.fields import UNPRINTABLE
from consult.drafting.blocks import Span, Spans, trimmed

_BREAKS = str.maketrans(dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"))
_MAX_MARKS: Final = 30
_UNSEEN = re.compile("[\u00ad\ufeff\ufffc\ud800-\udfff]")
"""Soft hyphens, byte order marks, places of objects, half characters."""

_ISOLATE: Final = str.maketrans(
    {
        "\u202a": "\u2066",
        "\u202d": "\u2066",
        "\u202b": "\u2067",
        "\u202e": "\u2067",
        "\u202c": "\u2069",
    }
)
"""Marks that embed or force a direction, as marks that keep it to themselves."""

_OPENING: Final = "\u2066\u2067\u2068"
_CLOSING: Final = "\u2069"
_BLANKS = re.compile(r"[ \t]+")
_LINE_ENDS = re.compile(r" ?\n[ \n]*")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_DIRECTED = re.compile("[\u202a-\u202e\u2066-\u2069]")

_SYMBOLS: Final[Mapping[str, Mapping[int, str]]] = {
    "symbol": {0xB7: "•", 0xAE: "→", 0xAC: "←", 0xA3: "≤", 0xB3: "≥", 0xB4: "×", 0xB0: "°"}
    | {0x2D: "−", 0xB1: "±", 0xB9: "≠", 0xDE: "⇒", 0xA8: "♦", 0xD0: "∠", 0xD6: "√", 0xA5: "∞"},
    "wingdings": {0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖"}
    | {0x77: "⬥", 0x9F: "•", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔"}
    | {0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x28: "☎", 0x2A: "✉", 0x4A: "☺", 0x46: "☞"},
}
"""The characters that Word writes as numbers of a symbol font and that drafts hold."""


def clean(text: str) -> str:
    """The text composed (NFC), without unseen characters; line ends are line feeds.

    Marks of direction stay, for they keep Arabic, Hebrew and Urdu readable next to figures.
    """
    text = _UNSEEN.sub("", UNPRINTABLE.sub("", text.replace("\r\n", "\n").translate(_BREAKS)))
    return text if text.isascii() else unicodedata.normalize("NFC", _with_few_marks(text))


def _with_few_marks(text: str) -> str:
    """The text with no more marks on a letter than any language has.

    Composing sorts the marks of a letter in a time that grows with the square of their count.
    """
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MAX_MARKS:
            kept.append(letter)
    return "".join(kept)


def tidied(spans: Iterable[Span]) -> Spans:
    """The spans of a paragraph with clean letters, one blank between words and none outside.

    Every mark that opens a direction is closed, and there are no other closing marks: one that
    is left open turns what follows on the page. A mark that forces a direction shows text
    backwards, as in forged names of files; it becomes one that does not.
    """
    whole = trimmed(replace(span, text=clean(span.text)) for span in spans)
    kept = trimmed(_on_lines(whole))
    if not any(_DIRECTED.search(span.text) for span in kept):
        return kept
    opened = 0
    closed: list[Span] = []
    for span in kept:
        text, opened = _isolated(span.text, opened)
        closed.append(replace(span, text=text))
    return trimmed([*closed[:-1], replace(closed[-1], text=closed[-1].text + _CLOSING * opened)])


def split_paragraphs(spans: Sequence[Span]) -> list[Spans]:
    """The paragraphs of a text: an empty line typed into one parts it."""
    parts: list[list[Span]] = [[]]
    for span in trimmed(replace(span, text=clean(span.text)) for span in spans):
        first, *others = _EMPTY_LINE.split(span.text)
        parts[-1].append(replace(span, text=first))
        parts += [[replace(span, text=text)] for text in others]
    return [spans for spans in map(tidied, parts) if spans]


def _on_lines(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans with single blanks and line breaks, also where one span meets the next."""
    before = ""
    for span in spans:
        text = _LINE_ENDS.sub("\n", _BLANKS.sub(" ", span.text))
        if before.endswith("\n"):
            text = text.lstrip(" \n")
        before = "]" if span.note is not None else text or before
        yield replace(span, text=text)


def _isolated(text: str, opened: int) -> tuple[str, int]:
    """The text with marks that isolate, and how many of them are open after it."""
    kept: list[str] = []
    for letter in text.translate(_ISOLATE):
        if letter == _CLOSING and not opened:
            continue
        opened += (letter in _OPENING) - (letter == _CLOSING)
        kept.append(letter)
    return "".join(kept), opened


def symbol(font: str, number: int) -> str | None:
    """The character that a symbol font shows for a number, or nothing if it is not known."""
    return _SYMBOLS.get(font.casefold(), {}).get(number & 0xFF if number >= 0xF000 else number)


def with_known_letters(text: str, instead: Callable[[int], str]) -> str:
    """The text with something instead of the characters that only one font knows."""
    return _PRIVATE.sub(lambda found: instead(ord(found.group())), text)
