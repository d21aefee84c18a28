"""Translations of a workspace: who wrote and approved them, what is stale, what is missing.

A translation remembers the source text that it translates. When that says something else by
now, the translation is stale: kept, shown with what changed, and met by no resident. Saving
and approving are in :mod:`consult.services.translating_saving`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.document.texts import texts_of
from consult.models import Workspace, WorkspaceText
from consult.services import consultations
from consult.services.translating_checks import TextWarning, warnings
from consult.services.workspaces import digest, source_texts, text_digest

MACHINE = "machine"
"""The origin of a text that no person has written or changed."""


class Standing(StrEnum):
    """How far the translation of one text is."""

    MISSING = "missing"
    MACHINE = "machine"
    """A machine's draft that no named person has approved."""
    WRITTEN = "written"
    """By a person, and not approved yet."""
    STALE = "stale"
    """The source text has changed since."""
    APPROVED = "approved"


class Stored(NamedTuple):
    """A translation as it is stored, for reading: a page takes in some thousand of them."""

    language: str
    path: str
    text: str
    source_digest: str
    source_text: str
    origin: str
    written_by: str
    written_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    on_word_of: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a consultation beside its translation in one language."""

    path: str
    source: str
    text: str
    """The translation; empty where there is none."""
    standing: Standing
    seen: str
    """Stands for both texts as they are: whoever saves says what they had before them."""
    warnings: tuple[TextWarning, ...] = ()
    source_then: str = ""
    """Of a stale one: the source text that it translates, where it was noted."""
    origin: str = ""
    written_by: str = ""
    written_at: datetime | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    on_word_of: str | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far a language is, in texts.

    ``translated`` and ``stale`` and ``missing`` make the total; ``approved`` and ``machine``
    are among the translated.
    """

    language: str
    total: int
    translated: int
    """With a translation of what the source says now."""
    approved: int
    """Of these, by a named person: what residents may meet."""
    stale: int
    machine: int
    """Machine drafts that nobody has approved."""
    missing: int
    warnings: tuple[TextWarning, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether residents would meet every text in the language."""
        return self.approved == self.total


def target_languages(workspace: Workspace) -> tuple[str, ...]:
    """The languages that a consultation is translated into."""
    source = source_language(workspace)
    chosen = workspace.content.get("languages") or ()
    return tuple(dict.fromkeys(code for code in chosen if code != source))


def source_language(workspace: Workspace) -> str:
    """The language that a consultation is written in."""
    return str(workspace.content.get("source_language") or "en")


def completeness(session: Session, workspace: Workspace) -> dict[str, Completeness]:
    """How far each language is that the consultation is translated into."""
    sources = source_texts(workspace.content)
    languages = target_languages(workspace)
    rows = rows_by_language(session, workspace, languages)
    return {
        language: counted(language, lines_of(sources, rows[language], language))
        for language in languages
    }


def counted(language: str, lines: Iterable[Line]) -> Completeness:
    """The figures of a language's lines."""
    all_lines = list(lines)
    standings = [line.standing for line in all_lines]
    approved, machine = standings.count(Standing.APPROVED), standings.count(Standing.MACHINE)
    return Completeness(
        language=language,
        total=len(all_lines),
        translated=approved + machine + standings.count(Standing.WRITTEN),
        approved=approved,
        stale=standings.count(Standing.STALE),
        machine=machine,
        missing=standings.count(Standing.MISSING),
        warnings=tuple(warning for line in all_lines for warning in line.warnings),
    )


def lines(session: Session, workspace: Workspace, language: str) -> list[Line]:
    """Every text of the consultation beside its translation, in reading order."""
    rows = rows_by_language(session, workspace, (language,))
    return lines_of(source_texts(workspace.content), rows[language], language)


def lines_of(sources: Mapping[str, str], rows: Mapping[str, Stored], language: str) -> list[Line]:
    """The same from source texts and rows by path."""
    return [line_of(path, source, rows.get(path), language) for path, source in sources.items()]


def line_of(path: str, source: str, row: Stored | None, language: str) -> Line:
    """One text beside its translation."""
    standing = Standing.MISSING if row is None else _standing(source, row)
    if row is None or standing is Standing.MISSING:
        return Line(path, source, "", Standing.MISSING, seen_of(source, ""))
    return Line(
        path=path,
        source=source,
        text=row.text,
        standing=standing,
        seen=seen_of(source, row.text),
        warnings=warnings(path, source, row.text, language),
        source_then=row.source_text if standing is Standing.STALE else "",
        origin=row.origin,
        written_by=row.written_by,
        written_at=row.written_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        on_word_of=row.on_word_of,
    )


def seen_of(source: str, text: str) -> str:
    """A short name for a source text and its translation, as somebody saw them."""
    return f"{text_digest(source)[:16]}.{text_digest(text)[:16]}"


def state_of(lines: Iterable[Line]) -> str:
    """A short name for the state of many lines, approvals included."""
    return digest([[line.path, line.seen, line.standing] for line in lines])


def _standing(source: str, row: Stored) -> Standing:
    if not row.text.strip():
        return Standing.MISSING
    if row.source_digest != text_digest(source):
        return Standing.STALE
    if row.approved_at is not None:
        return Standing.APPROVED
    return Standing.MACHINE if row.origin == MACHINE else Standing.WRITTEN


def rows_by_language(
    session: Session, workspace: Workspace, languages: Iterable[str]
) -> dict[str, dict[str, Stored]]:
    """What is stored of each language, by path, whether or not its source is still there."""
    found: dict[str, dict[str, Stored]] = {language: {} for language in languages}
    columns = [getattr(WorkspaceText, name) for name in Stored._fields]
    wanted = select(*columns).where(
        WorkspaceText.workspace_id == workspace.id, WorkspaceText.language.in_(found)
    )
    for row in session.execute(wanted):
        stored = Stored(*row)
        found[stored.language][stored.path] = stored
    return found


def left_over(session: Session, workspace: Workspace, language: str) -> dict[str, str]:
    """Translations of texts that officers have removed and residents still meet, by path.

    They are kept for good, so that a question that comes back brings its translations along;
    once the changes are published nobody is shown them any more.
    """
    stored = workspace.consultation
    if stored is None or stored.is_preview:
        return {}
    rows = rows_by_language(session, workspace, (language,))[language]
    removed = rows.keys() - source_texts(workspace.content).keys()
    if not removed:
        return {}
    published = texts_of(consultations.document_of(session, stored))
    return {path: rows[path].text for path in published if path in removed}


def published_translations(
    session: Session, workspace: Workspace, *, approved_only: bool = True
) -> dict[str, dict[str, str]]:
    """The translations that readers may meet, by language and path.

    A translation of a source text that says something else by now is left out, as is one that
    no named person has approved; previews show the latter too.
    """
    shown = {Standing.APPROVED}
    if not approved_only:
        shown |= {Standing.MACHINE, Standing.WRITTEN}
    sources = source_texts(workspace.content)
    languages = target_languages(workspace)
    rows = rows_by_language(session, workspace, languages)
    found = {
        language: {
            path: rows[language][path].text
            for path, source in sources.items()
            if path in rows[language] and _standing(source, rows[language][path]) in shown
        }
        for language in languages
    }
    return {language: texts for language, texts in found.items() if texts}
