"""What goes into a translator's file, and what comes back out of one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from consult.document.fields import UNPRINTABLE
from consult.drafting.kinds import MEGABYTE
from consult.translation_files.faults import FileFault, TranslationFileError

LARGEST: Final = 10 * MEGABYTE
"""Bytes of a file. A draft of 300 pages in Bengali takes about three million."""
MOST_ENTRIES: Final = 10_000

_LONGEST_PATH = 250


@dataclass(frozen=True, slots=True)
class Entry:
    """One text to translate."""

    path: str
    where: str
    """Where residents meet it, in words."""
    source: str
    translation: str
    notes: tuple[str, ...]
    """What a translator should know of it, in words."""
    mark: str
    """Stands for the translation as it was when the file was made."""
    unsure: bool = False
    """Whether somebody has to look at the translation that is there."""
    source_then: str = ""
    """The source text that the translation was made from, where that has changed."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file for a translator."""

    project: str
    """The consultation's name in addresses."""
    title: str
    source_language: str
    language: str
    direction: str
    """Of the language's writing: ``ltr`` or ``rtl``."""
    digest: str
    """Stands for all source texts as they were when the file was made."""
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One translation as it stands in a file."""

    path: str
    source: str | None
    """The source text beside it; nothing where the file has none."""
    text: str
    place: int
    """Its line in a catalogue, its row in a sheet; counted from 1."""
    mark: str | None = None
    note: str = ""
    """What the translator says about it."""
    unsure: bool = False
    """Whether the file says that somebody has to look at it."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read."""

    entries: tuple[ReadEntry, ...]
    language: str | None = None
    project: str | None = None
    digest: str | None = None
    translator: str = ""
    says_unsure: bool = False
    """Whether its kind can say that an entry is unsure, so that one that does not is sure."""


def checked(entries: Iterable[ReadEntry]) -> tuple[ReadEntry, ...]:
    """The entries of a file, which names each text once; their paths and notes fit to be shown.

    Raises
    ------
    TranslationFileError
        If a text is named twice, or there are none, or too many.
    """
    places: dict[str, int] = {}
    kept: list[ReadEntry] = []
    for raw in entries:
        path, note = (UNPRINTABLE.sub("", text) for text in (raw.path, raw.note))
        entry = replace(raw, path=path[:_LONGEST_PATH], note=note)
        if entry.path in places:
            raise TranslationFileError(
                FileFault.REPEATED_PATH,
                path=entry.path,
                first=places[entry.path],
                second=entry.place,
            )
        places[entry.path] = entry.place
        kept.append(entry)
        if len(kept) > MOST_ENTRIES:
            raise TranslationFileError(FileFault.TOO_MANY, limit=MOST_ENTRIES)
    if not kept:
        raise TranslationFileError(FileFault.NO_ENTRIES)
    return tuple(kept)
