"""An uploaded file, read as a draft in sections."""

import posixpath
from dataclasses import dataclass

from consult.document.fields import UNPRINTABLE
from consult.drafting.blocks import plain
from consult.drafting.faults import DraftFault, DraftFileError, Note, NoteCode
from consult.drafting.keys import key_for
from consult.drafting.kinds import Kind, kind_of
from consult.drafting.plain_text import read_text
from consult.drafting.sections import Part, cut
from consult.drafting.source import MAX_CHARACTERS, Source
from consult.drafting.splitting import written
from consult.drafting.word import read_word
from consult.drafting.writing import Writer

_MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """A section as it was cut out of a draft; its summary and easy read are still to be written."""

    key: str
    title: str
    full: str


@dataclass(frozen=True, slots=True)
class DraftRead:
    """What a draft holds, and what was done with its oddities."""

    title: str | None
    sections: tuple[SectionDraft, ...]
    notes: tuple[Note, ...]


def read_draft(content: bytes, name: str) -> DraftRead:
    """Cut a Word file or a Markdown or plain text into sections by its headings.

    Parameters
    ----------
    content
        The file.
    name
        What the uploader calls it. Only errors show it: what a file is, its content says.

    Raises
    ------
    DraftFileError
        If it cannot be read, is not safe to read, or does not make sections; ``values`` holds
        ``name`` and what its code promises.
    """
    try:
        return _read(content)
    except DraftFileError as error:
        error.values["name"] = _bare_name(name)
        raise


def _read(content: bytes) -> DraftRead:
    source = read_word(content) if kind_of(content) is Kind.ZIP else read_text(content)
    if not any(plain(block.spans) for block in source.blocks):
        raise DraftFileError(DraftFault.NO_TEXT)
    if _length(source) > MAX_CHARACTERS:
        raise DraftFileError(DraftFault.TOO_MUCH_TEXT, limit=MAX_CHARACTERS)
    parts = cut(source.blocks)
    sections: dict[str, SectionDraft] = {}
    split: list[str] = []
    for part in parts.parts:
        texts = list(written(part, lambda one: _markdown(one, source)))
        if len(texts) > 1:
            split.append(part.title)
        for title, full in texts:
            key = key_for(title, len(sections) + 1, sections)
            sections[key] = SectionDraft(key, title, full)
    notes = [*source.notes, *parts.notes]
    if split:
        notes.append(Note(NoteCode.SPLIT_SECTIONS, {"titles": tuple(split)}))
    return DraftRead(parts.title, tuple(sections.values()), tuple(notes))


def _markdown(part: Part, source: Source) -> str:
    return Writer(source.footnotes).write(part.heading, part.blocks)


def _length(source: Source) -> int:
    """How much is to be written: words, and the addresses that lie behind them."""
    texts = (*(block.spans for block in source.blocks), *source.footnotes.values())
    return sum(len(span.text) + len(span.link or "") for spans in texts for span in spans)


def _bare_name(name: str) -> str:
    """A file's name as it can be shown: some browsers send the folders too."""
    bare = posixpath.basename(name.replace("\\", "/"))
    return UNPRINTABLE.sub("", bare)[:_MAX_NAME]
