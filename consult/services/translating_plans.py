"""What a translator's file would change: each of its texts beside what is there.

A file carries, beside each text, the source that was translated and a mark of the translation
that was there. So it can be told apart whether the source has changed since, and whether
somebody has written something else meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import TranslationImport, Workspace
from consult.services.translating import (
    Line,
    Standing,
    Stored,
    line_of,
    rows_by_language,
    seen_of,
)
from consult.services.translating_checks import TextWarning, warnings
from consult.services.translating_saving import Hindrance, plain, refusal
from consult.services.workspaces import digest, source_texts, text_digest
from consult.translation_files.entries import ReadEntry, ReadFile


class Fate(StrEnum):
    """What would become of one text of a file."""

    NEW = "new"
    CHANGED = "changed"
    CHECKED = "checked"
    """The same words, which the translator has looked at: a draft, or a stale one, no more."""
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    """Somebody has written something else since the file was made: one of the two stays."""
    EMPTY = "empty"
    """The file has no translation; what is there stays."""
    UNKNOWN = "unknown"
    """The consultation has no such text, or not any more."""
    REFUSED = "refused"
    """The text cannot be kept at all."""


TAKEN = (Fate.NEW, Fate.CHANGED, Fate.CHECKED)
"""What is written without asking."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One text of a file beside what is there."""

    path: str
    text: str
    fate: Fate
    place: int
    line: Line | None = None
    """The text as it stands; nothing where the consultation does not have it."""
    outdated: bool = False
    """Whether it translates a source that says something else by now: it will be stale."""
    source: str = ""
    """That source."""
    unsure: bool = False
    note: str = ""
    warnings: tuple[TextWarning, ...] = ()
    hindrance: Hindrance | None = None
    figures: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a file would do."""

    proposals: tuple[Proposal, ...]
    state: str
    """Stands for all of this: whoever applies it says what they saw."""
    translator: str
    """As the file names them; may be empty."""
    other_project: str = ""
    """The consultation that the file was made for, where that is another one."""
    content_changed: bool = False
    """Whether any source text has changed since the file was made."""
    names_language: bool = True
    applied_before: TranslationImport | None = None
    """The same file, where it was brought in once already."""

    def of(self, *fates: Fate) -> list[Proposal]:
        """The texts with one of these fates, in the file's order."""
        return [each for each in self.proposals if each.fate in fates]


def plan(session: Session, workspace: Workspace, held: TranslationImport) -> Plan:
    """What applying a file would do, as things stand."""
    file = _read_file(held)
    sources = source_texts(workspace.content)
    rows = rows_by_language(session, workspace, (held.language,))[held.language]
    proposals = tuple(
        _proposal(entry, file, sources.get(entry.path), rows.get(entry.path), held.language)
        for entry in file.entries
    )
    other = file.project if file.project not in {None, workspace.slug} else None
    return Plan(
        proposals=proposals,
        state=_state_of(proposals),
        translator=file.translator,
        other_project=other or "",
        content_changed=file.digest not in {None, content_digest(sources)},
        names_language=file.language is not None,
        applied_before=_applied_before(session, held),
    )


def content_digest(sources: Mapping[str, str]) -> str:
    """What stands for all source texts, for the header of a file."""
    return digest(dict(sources))[:16]


def _proposal(
    entry: ReadEntry, file: ReadFile, source: str | None, row: Stored | None, language: str
) -> Proposal:
    text = plain(entry.text)
    shared: dict[str, Any] = {
        "path": entry.path,
        "text": text,
        "place": entry.place,
        "unsure": entry.unsure,
        "note": plain(entry.note),
    }
    if source is None:
        return Proposal(**shared, fate=Fate.UNKNOWN)
    line = line_of(entry.path, source, row, language)
    translated = source if entry.source is None else plain(entry.source)
    outdated = text_digest(translated) != text_digest(source)
    shared |= {"line": line, "outdated": outdated, "source": translated if outdated else source}
    if not text:
        return Proposal(**shared, fate=Fate.EMPTY)
    refused = refusal(text)
    if refused is not None:
        return Proposal(**shared, fate=Fate.REFUSED, hindrance=refused[0], figures=refused[1])
    return Proposal(
        **shared,
        fate=_fate(entry, file, line, text, outdated),
        warnings=warnings(entry.path, shared["source"], text, language),
    )


def _fate(entry: ReadEntry, file: ReadFile, line: Line, text: str, outdated: bool) -> Fate:
    if line.standing is Standing.MISSING:
        was_there = entry.mark not in {None, _mark("")}
        return Fate.CONFLICT if was_there else Fate.NEW
    if line.text == text:
        waits = line.standing in {Standing.MACHINE, Standing.STALE}
        checked = waits and file.says_unsure and not entry.unsure and not outdated
        return Fate.CHECKED if checked else Fate.UNCHANGED
    newer = outdated and line.standing is not Standing.STALE
    return Fate.CONFLICT if newer or entry.mark != _mark(line.text) else Fate.CHANGED


def _mark(text: str) -> str:
    return mark_of(seen_of("", text))


def mark_of(seen: str) -> str:
    """What a file says of the translation that was there: the part of ``seen`` that tells it."""
    return seen.partition(".")[2]


def _state_of(proposals: Iterable[Proposal]) -> str:
    return digest(
        [
            [each.path, each.fate, each.outdated, each.line.seen if each.line else ""]
            for each in proposals
        ]
    )


def _applied_before(session: Session, held: TranslationImport) -> TranslationImport | None:
    return session.scalar(
        select(TranslationImport)
        .where(
            TranslationImport.workspace_id == held.workspace_id,
            TranslationImport.language == held.language,
            TranslationImport.file_digest == held.file_digest,
            TranslationImport.applied_at.is_not(None),
            TranslationImport.id != held.id,
        )
        .order_by(TranslationImport.applied_at.desc())
        .limit(1)
    )


def _read_file(held: TranslationImport) -> ReadFile:
    content = dict(held.content)
    entries = tuple(ReadEntry(**entry) for entry in content.pop("entries", ()))
    return ReadFile(entries=entries, **content)
