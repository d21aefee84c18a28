"""What changed in a source text since it was translated, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain

_WORDS = re.compile(r"\s+|[^\s]+")

MOST_WORDS = 4_000
"""Of both texts; comparing more takes longer than a page should."""


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row, and what became of them."""

    change: Change
    text: str


def changes(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts in one: what stayed, what was removed and what was added, in reading order.

    Joining what stayed and what was removed gives ``before``; with what was added instead,
    ``after``. Very long texts are compared paragraph by paragraph.
    """
    words = _WORDS.findall(before), _WORDS.findall(after)
    if len(words[0]) + len(words[1]) > MOST_WORDS:
        words = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return tuple(_pieces(*words))


def _pieces(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    found = chain.from_iterable(
        (
            (Change.SAME, after[c:d]) if kind == "equal" else (Change.REMOVED, before[a:b]),
            (Change.ADDED, () if kind == "equal" else after[c:d]),
        )
        for kind, a, b, c, d in opcodes
    )
    return [Piece(change, "".join(words)) for change, words in found if words]
