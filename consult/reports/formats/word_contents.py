"""What a Word file adds so that readers find their way: contents, and the foot of each page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from docx.oxml.xmlchemy import BaseOxmlElement

from consult.reports.formats.word_runs import Place, languages, properties, runs, way
from consult.reports.formats.word_xml import element
from consult.reports.paper import Heading, Paper, Part, Span, Text

_MOST: Final = 24
"""Entries that a reader can survey; beyond them the contents name parts alone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading that the contents lead to."""

    text: Text
    level: int
    """1 to 3, as Word counts; the paper's title has none."""
    number: int

    @property
    def bookmark(self) -> str:
        """The name of the place; Word looks for this beginning."""
        return f"_Toc{self.number:08d}"


def entries(paper: Paper) -> tuple[Entry, ...]:
    """All headings in order, none of them more than one level below the one before."""
    found: list[Entry] = []
    for part in paper.parts:
        found.append(Entry((Span(part.title),), 1, len(found) + 1))
        for heading in headings(part):
            level = min(heading.level - 1, found[-1].level + 1)
            found.append(Entry(heading.text, level, len(found) + 1))
    return tuple(found)


def headings(part: Part) -> Iterator[Heading]:
    """The headings inside of a part."""
    return (block for block in part.blocks if isinstance(block, Heading))


def marked(entry: Entry) -> tuple[BaseOxmlElement, BaseOxmlElement]:
    """The bookmark of a heading; it goes before the words, and needs no length."""
    return (
        element("w:bookmarkStart", id=entry.number, name=entry.bookmark),
        element("w:bookmarkEnd", id=entry.number),
    )


def contents(paper: Paper, found: Sequence[Entry]) -> BaseOxmlElement:
    """The contents, filled in: Word would ask each reader before it filled them.

    Pages are only known once fonts are, so entries are links without page numbers, and stay so
    when somebody updates them.
    """
    depth = 2 if sum(entry.level <= 2 for entry in found) <= _MOST else 1
    listed = [entry for entry in found if entry.level <= depth]
    lines = [_line(entry, paper) for entry in listed]
    # The instruction stands before the first entry and ends behind the last one.
    start = (
        _mark("begin"),
        _instruction(rf' TOC \o "1-{depth}" \n \h \z '),
        _mark("separate"),
    )
    for place, run in enumerate(start, 1):
        lines[0].insert(place, run)
    lines[-1].append(_mark("end"))
    title = element(
        "w:p",
        properties(paper.direction, paper.language, Place("TOCHeading")),
        *runs((Span(paper.contents_title),), paper.language),
    )
    return element(
        "w:sdt",
        element(
            "w:sdtPr",
            element(
                "w:docPartObj",
                element("w:docPartGallery", val="Table of Contents"),
                element("w:docPartUnique"),
            ),
        ),
        element("w:sdtContent", title, *lines),
    )


def _line(entry: Entry, paper: Paper) -> BaseOxmlElement:
    place = properties(way(entry.text, paper.language), paper.language, Place(f"TOC{entry.level}"))
    link = element(
        "w:hyperlink", *runs(entry.text, paper.language), anchor=entry.bookmark, history=1
    )
    return element("w:p", place, link)


def foot(paper: Paper) -> Iterator[BaseOxmlElement]:
    """The paragraph at the foot of each page: the title, and which page of how many."""
    yield properties(paper.direction, paper.language, Place("Footer"))
    yield from runs(paper.title, paper.language)
    yield _run(paper, element("w:tab"))
    yield from _counted("PAGE", paper)
    yield from runs((Span(" / "),), paper.language)
    yield from _counted("NUMPAGES", paper)


def _counted(name: str, paper: Paper) -> Iterator[BaseOxmlElement]:
    yield _mark("begin")
    yield _instruction(f" {name} ")
    yield _mark("separate")
    yield from runs((Span("1"),), paper.language)
    yield _mark("end")


def _run(paper: Paper, inside: BaseOxmlElement) -> BaseOxmlElement:
    side = element("w:rtl") if paper.direction == "rtl" else None
    return element("w:r", element("w:rPr", side, languages(paper.language)), inside)


def _mark(kind: str) -> BaseOxmlElement:
    return element("w:r", element("w:fldChar", fldCharType=kind))


def _instruction(text: str) -> BaseOxmlElement:
    said = element("w:instrText")
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    said.text = text
    return element("w:r", said)
