"""The columns of a sheet for translators, and the entries that its rows make.

Headings are the same in every language, because they are what a program finds columns by.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consult.translation_files.entries import Entry, Outgoing, ReadEntry, ReadFile, checked
from consult.translation_files.faults import FileFault, TranslationFileError

PATH, WHERE, SOURCE, TRANSLATION, NOTE, MARK = (
    "path",
    "where",
    "source",
    "translation",
    "note",
    "mark",
)
NEEDED = (PATH, TRANSLATION)

_HEADING = re.compile(r"([A-Za-z]+)\s*(?:\(\s*([A-Za-z_-]+)\s*\))?")

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Heading:
    """What the first row of a sheet says."""

    positions: Mapping[str, int]
    language: str | None


def headings(file: Outgoing) -> list[str]:
    """The first row: source and translation with their languages' codes."""
    return [
        PATH,
        WHERE,
        f"{SOURCE} ({file.source_language})",
        f"{TRANSLATION} ({file.language})",
        NOTE,
        MARK,
    ]


def cells(entry: Entry) -> list[str]:
    """The row of one text. The column for notes is the translator's own."""
    where = "\n".join((entry.where, *entry.notes))
    return [entry.path, where, entry.source, entry.translation, "", entry.mark]


def heading_of(row: Row) -> Heading:
    """Read the first row.

    Raises
    ------
    TranslationFileError
        If it does not name the columns that are needed, or names one twice.
    """
    positions: dict[str, int] = {}
    language = None
    for position, cell in enumerate(row):
        found = _HEADING.fullmatch(cell.strip())
        name = found[1].lower() if found else ""
        if found is None or name not in {PATH, WHERE, SOURCE, TRANSLATION, NOTE, MARK}:
            continue
        if name in positions:
            raise TranslationFileError(FileFault.REPEATED_COLUMN, column=name)
        positions[name] = position
        if name == TRANSLATION and found[2]:
            language = found[2].replace("_", "-")
    missing = [name for name in NEEDED if name not in positions]
    if missing:
        raise TranslationFileError(FileFault.MISSING_COLUMNS, columns=", ".join(missing))
    return Heading(positions, language)


def read_rows(heading: Heading, rows: Iterable[tuple[int, Row]]) -> ReadFile:
    """Make entries of the rows below the first, each with its number.

    Raises
    ------
    TranslationFileError
        If a text is named twice, or there are none, or too many.
    """
    entries = (_entry(heading.positions, number, row) for number, row in rows)
    return ReadFile(
        entries=checked(entry for entry in entries if entry.path), language=heading.language
    )


def _entry(positions: Mapping[str, int], number: int, row: Row) -> ReadEntry:
    def cell(name: str) -> str | None:
        position = positions.get(name)
        return row[position] if position is not None and position < len(row) else None

    return ReadEntry(
        path=(cell(PATH) or "").strip(),
        source=cell(SOURCE),
        text=cell(TRANSLATION) or "",
        place=number,
        mark=(cell(MARK) or "").strip() or None,
        note=cell(NOTE) or "",
    )
