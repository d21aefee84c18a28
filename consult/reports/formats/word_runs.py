"""Runs and paragraphs of a Word file: each says its language, its script and its direction.

Word lays a run out by what the run says, not by its letters. A run of Urdu that is not marked as
right-to-left has its words in the wrong order and its size from the wrong setting, and one mark
for a whole paragraph does the same to a Latin name inside it.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Final

from docx.oxml.xmlchemy import BaseOxmlElement

from consult.languages import direction
from consult.reports.formats.word_xml import element, words
from consult.reports.paper import Span, Text

LATIN_FONT: Final = "Arial"
"""On Windows and macOS alike; with metrics that LibreOffice has a twin for."""
NASTALIQ: Final = "Urdu Typesetting"
"""The hand that Urdu is read in; Microsoft's, fetched by Word where it is not installed."""
INDIC_FONT: Final = "Nirmala UI"
"""Bengali, Gurmukhi and their neighbours, on every Windows since 8."""

_REGIONS: Final = {
    "en": "en-GB",
    "ur": "ur-PK",
    "pa": "pa-IN",
    "bn": "bn-BD",
    "pl": "pl-PL",
    "ar": "ar-SA",
    "so": "so-SO",
    "ro": "ro-RO",
}
"""Word's proofing tools ask for a region."""
_INDIC: Final = range(0x0900, 0x0E00)
_INDIC_LANGUAGES: Final = frozenset(
    {"as", "bn", "gu", "hi", "kn", "ml", "mr", "ne", "or", "pa", "sa", "si", "ta", "te"}
)


class Script(Enum):
    """How Word treats letters: as simple ones, or by its settings for complex scripts."""

    SIMPLE = "simple"
    COMPLEX = "complex"
    RIGHT_TO_LEFT = "right to left"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring letters that one run can hold."""

    text: str
    script: Script


def tag(language: str) -> str:
    """A language with its region, as Word names it."""
    return _REGIONS.get(language, language)


def script_of(language: str) -> Script:
    """The script that a language is written in, as far as Word tells scripts apart."""
    if direction(language) == "rtl":
        return Script.RIGHT_TO_LEFT
    return Script.COMPLEX if language.split("-")[0] in _INDIC_LANGUAGES else Script.SIMPLE


def complex_font(language: str, script: Script) -> str:
    """The font for letters of a complex script in words of a language."""
    if script is Script.COMPLEX or (
        script is Script.SIMPLE and script_of(language) is script.COMPLEX
    ):
        return INDIC_FONT
    return NASTALIQ if language.split("-")[0] == "ur" else LATIN_FONT


def languages(language: str) -> BaseOxmlElement:
    """What proofing and screen readers take the words for."""
    if script_of(language) is Script.SIMPLE:
        return element("w:lang", val=tag(language))
    return element("w:lang", val=tag("en"), bidi=tag(language))


def stretches(text: str, language: str) -> tuple[Stretch, ...]:
    """Words cut where their script changes.

    Blanks, digits and punctuation go with the letters on both sides of them, or, where these
    differ, with the language: as in Unicode's rules for mixed directions.

    >>> [stretch.text for stretch in stretches("(Ward End) میں 12", "ur")]
    ['(', 'Ward End', ') میں 12']
    """
    base = script_of(language)
    scripts = _settled(text)
    ahead: list[Script] = []
    for script in reversed(scripts):
        ahead.append(script or (ahead[-1] if ahead else base))
    before = base
    found: list[Script] = []
    for script, after in zip(scripts, reversed(ahead), strict=True):
        before = script or before
        found.append(script or (before if before is after else base))
    pairs = zip(found, text, strict=True)
    return tuple(
        Stretch("".join(letter for _, letter in group), script)
        for script, group in groupby(pairs, key=lambda pair: pair[0])
    )


def _settled(text: str) -> list[Script | None]:
    """The script of each letter, also of what leans on letters before: "Census 2021" is one."""
    settled: list[Script | None] = []
    last: Script | None = None
    for letter in text:
        script = _strong(letter)
        if unicodedata.combining(letter) and script is None:
            script = settled[-1] if settled else None
        elif letter.isdecimal() and last is Script.SIMPLE:
            script = last
        last = script or last
        settled.append(script)
    return settled


def _strong(letter: str) -> Script | None:
    """The script of a letter; none for what takes it from its neighbours."""
    kind = unicodedata.bidirectional(letter)
    if kind in {"R", "AL", "AN"} or "\u06f0" <= letter <= "\u06f9":
        return Script.RIGHT_TO_LEFT
    if ord(letter) in _INDIC:
        return Script.COMPLEX
    return Script.SIMPLE if kind == "L" else None


def runs(text: Text, language: str) -> Iterator[BaseOxmlElement]:
    """The runs of a paragraph in a paper of a language."""
    for span in text:
        for stretch in stretches(span.text, span.language or language):
            yield _run(span, stretch, span.language or language, language)


def _run(span: Span, stretch: Stretch, language: str, papers: str) -> BaseOxmlElement:
    fonts = None
    if stretch.script is not Script.SIMPLE:
        font = complex_font(language, stretch.script)
        if font != complex_font(papers, script_of(papers)):
            fonts = element("w:rFonts", cs=font)
    properties = element(
        "w:rPr",
        fonts,
        element("w:b") if span.strong else None,
        element("w:bCs") if span.strong else None,
        element("w:rtl") if stretch.script is Script.RIGHT_TO_LEFT else None,
        element("w:cs") if stretch.script is Script.COMPLEX else None,
        languages(language),
    )
    return element("w:r", properties, *words(stretch.text))


def way(text: Text, language: str) -> str:
    """The direction of a paragraph: its words' where they agree, else the paper's."""
    found = {direction(span.language or language) for span in text if span.text.strip()}
    return found.pop() if len(found) == 1 else direction(language)


@dataclass(frozen=True, slots=True)
class Place:
    """How a paragraph stands on the page beyond what its style says."""

    style: str
    at_end: bool = False
    """At the far side of the line, like a number in a table."""
    of_paper: bool = True
    """On the side where lines of the paper begin, whatever the direction of the words."""
    page_before: bool = False


def paragraph(
    text: Text, language: str, place: Place, *, before: tuple[BaseOxmlElement, ...] = ()
) -> BaseOxmlElement:
    """A paragraph with its runs; ``before`` goes first, such as a bookmark's start."""
    inside = (*before, *runs(text, language))
    return element("w:p", properties(way(text, language), language, place), *inside)


def properties(direction_: str, language: str, place: Place) -> BaseOxmlElement:
    """What a paragraph says of itself.

    In a paragraph that runs from right to left, Word takes "left" for the side where lines begin.
    """
    right_to_left = direction_ == "rtl"
    turned = place.of_paper and direction_ != direction(language)
    side = "right" if place.at_end != turned else "left"
    return element(
        "w:pPr",
        element("w:pStyle", val=place.style),
        element("w:pageBreakBefore") if place.page_before else None,
        element("w:bidi") if right_to_left else None,
        element("w:jc", val=side) if place.at_end or turned else None,
        element("w:rPr", element("w:rtl")) if right_to_left else None,
    )
