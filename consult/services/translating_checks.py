"""What may be wrong with a translation, as far as a machine can tell by comparing texts.

None of it stands in the way of saving or approving: a person who reads the language decides.
The sentences are in :mod:`consult.forms.translating_words`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from markdown_it import MarkdownIt
from markdown_it.token import Token

from consult.scripts import letters_by_script, script_of


class Doubt(StrEnum):
    """Something that a reader of the language should look at."""

    HEADINGS = "headings"
    """``count`` in the translation, ``wanted`` in the source; likewise below."""
    LIST_ITEMS = "list_items"
    LINKS = "links"
    LINK_TARGETS = "link_targets"
    """``target``: the first that the source does not have, or has and the translation lacks."""
    EASY_READ_LINES = "easy_read_lines"
    TOO_LONG = "too_long"
    """``times`` as long as the source, ``limit`` times at most being usual."""
    TOO_SHORT = "too_short"
    SAME_AS_SOURCE = "same_as_source"
    OTHER_SCRIPT = "other_script"
    """Most letters are of another script than the language's."""
    FOREIGN_LETTERS = "foreign_letters"
    """``letters``: some are of a third script, neither the language's nor Latin."""


@dataclass(frozen=True, slots=True)
class TextWarning:
    """One doubt about one text, with the figures that its sentence needs."""

    path: str
    doubt: Doubt
    figures: Mapping[str, int | str] = field(default_factory=dict)


USUAL_TIMES = 3
"""A translation is seldom longer, or shorter, than the source by more than that."""

_TOO_SHORT_TO_COMPARE = 40
"""Characters; one word may well be four times as long in another language."""

_SAME_WORDS = 2
"""Names and numbers stay as they are; that many words in a row may be one."""

_NOT_WORDS = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\]\([^)\s]*\)")
_Found: TypeAlias = tuple[Doubt, Mapping[str, int | str]]
_markdown = MarkdownIt("commonmark", {"html": False})


@lru_cache(maxsize=8_192)
def warnings(path: str, source: str, text: str, language: str) -> tuple[TextWarning, ...]:
    """What a reader of the language should look at in a translation of a source text.

    Parameters
    ----------
    path : str
        Of the text in the consultation; it tells a Markdown or an Easy Read text.
    language : str
        BCP 47 code of the translation.
    """
    found = _warnings(path, source.strip(), text.strip(), language) if text.strip() else ()
    return tuple(TextWarning(path, doubt, figures) for doubt, figures in found)


def _warnings(path: str, source: str, text: str, language: str) -> Iterator[_Found]:
    if path.endswith(".full"):
        yield from _structure(source, text)
    if path.endswith(".easy_read"):
        yield from _differing(Doubt.EASY_READ_LINES, _lines(source), _lines(text))
    yield from _length(source, text)
    if text == source and len(_letters_only(source).split()) > _SAME_WORDS:
        yield Doubt.SAME_AS_SOURCE, {}
    elif text != source:
        yield from _script(text, language)


def _structure(source: str, text: str) -> Iterator[_Found]:
    wanted, found = _outline(source), _outline(text)
    for doubt in (Doubt.HEADINGS, Doubt.LIST_ITEMS, Doubt.LINKS):
        yield from _differing(doubt, wanted.counts[doubt], found.counts[doubt])
    lost, added = wanted.targets - found.targets, found.targets - wanted.targets
    target = next(iter(added), None) or next(iter(lost), None)
    if target is not None:
        yield Doubt.LINK_TARGETS, {"target": target}


def _differing(doubt: Doubt, wanted: int, count: int) -> Iterator[_Found]:
    if count != wanted:
        yield doubt, {"count": count, "wanted": wanted}


@dataclass(frozen=True, slots=True)
class _Outline:
    counts: Counter[Doubt]
    targets: Counter[str]


def _outline(text: str) -> _Outline:
    """How many headings, list items and links a Markdown text has, and where those lead."""
    counts: Counter[Doubt] = Counter()
    targets: Counter[str] = Counter()
    for token in _every(_markdown.parse(text)):
        if token.type == "heading_open":
            counts[Doubt.HEADINGS] += 1
        elif token.type == "list_item_open":
            counts[Doubt.LIST_ITEMS] += 1
        elif token.type == "link_open":
            counts[Doubt.LINKS] += 1
            targets[str(token.attrGet("href") or "")] += 1
    return _Outline(counts, targets)


def _every(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        if token.children:
            yield from token.children


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def _length(source: str, text: str) -> Iterator[_Found]:
    shorter, longer = sorted((len(source), len(text)))
    if longer <= _TOO_SHORT_TO_COMPARE or longer <= USUAL_TIMES * shorter:
        return
    doubt = Doubt.TOO_LONG if len(text) > len(source) else Doubt.TOO_SHORT
    yield doubt, {"times": longer // shorter, "limit": USUAL_TIMES}


def _script(text: str, language: str) -> Iterator[_Found]:
    own = script_of(language)
    letters = letters_by_script(_letters_only(text))
    if own is None or not letters:
        return
    if letters[own] * 2 < letters.total():
        yield Doubt.OTHER_SCRIPT, {}
        return
    third = set(letters) - {own, "LATIN"}
    if third:
        signs = (sign for sign in text if set(letters_by_script(sign)) & third)
        yield Doubt.FOREIGN_LETTERS, {"letters": " ".join(dict.fromkeys(signs))[:20]}


def _letters_only(text: str) -> str:
    """A text without addresses, which are the same in every language."""
    return _NOT_WORDS.sub(" ", text)
