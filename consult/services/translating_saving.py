"""Writing and approving translations, so that nobody's words are lost.

Whoever saves or approves says what they had before them (:func:`translating.seen_of`). Where
somebody else has changed that since, nothing is written, and both versions can be shown.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from consult.document.fields import UNPRINTABLE
from consult.models import Workspace, WorkspaceText
from consult.services import audit, workspaces
from consult.services.translating import (
    Line,
    Standing,
    Stored,
    line_of,
    lines_of,
    rows_by_language,
    seen_of,
    state_of,
)
from consult.services.workspaces import source_texts, text_digest

LONGEST = 400_000
"""Characters of a translation: twice what the source may have."""

WAITING = (Standing.MACHINE, Standing.WRITTEN)
"""What can be approved."""


class Hindrance(StrEnum):
    """Why a text was not taken as it came."""

    CHANGED = "changed"
    """Somebody else has written or removed the translation meanwhile."""
    SOURCE_CHANGED = "source_changed"
    """The text that was translated says something else by now."""
    GONE = "gone"
    """The consultation does not have that text any more."""
    UNPRINTABLE = "unprintable"
    """``character``: the number of one that cannot be seen, as U+0000."""
    TOO_LONG = "too_long"
    """``count`` characters, ``limit`` at most."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wrote as the translation of a text."""

    path: str
    text: str
    seen: str


@dataclass(frozen=True, slots=True)
class Held:
    """A text that was not written, with all that was typed."""

    path: str
    text: str
    hindrance: Hindrance
    now: Line | None
    """The text as it stands; nothing where it is gone."""
    figures: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving: paths with their new ``seen``, and what was held back."""

    seen: Mapping[str, str]
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a translation, and by what means."""

    name: str
    origin: str = "person"


class LanguageChanged(Exception):
    """Somebody has changed a text of the language since it was looked at."""


def plain(text: str) -> str:
    """A text as it is kept: lines end in one way, nothing blank around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def refusal(text: str) -> tuple[Hindrance, dict[str, int | str]] | None:
    """Why a text cannot be kept at all, if so."""
    if (found := UNPRINTABLE.search(text)) is not None:
        return Hindrance.UNPRINTABLE, {"character": f"U+{ord(found.group()):04X}"}
    if len(text) > LONGEST:
        return Hindrance.TOO_LONG, {"count": len(text), "limit": LONGEST}
    return None


def save(
    session: Session,
    slug: str,
    language: str,
    typed: Iterable[Typed],
    *,
    actor: str,
    now: datetime,
) -> Saved:
    """Write what was typed where it differs from what was seen; a blank removes a translation.

    What nobody else has touched is written even where other texts are held back. A changed
    text loses its approval.

    Raises
    ------
    consult.services.consultations.NoSuchConsultation
        If there is none of that name any more.
    """
    workspace = workspaces.lock(session, slug)
    sources = source_texts(workspace.content)
    rows = rows_by_language(session, workspace, (language,))[language]
    seen: dict[str, str] = {}
    held: list[Held] = []
    for one in typed:
        text = plain(one.text)
        if one.seen.partition(".")[2] == _text_part(text):
            continue  # it was left as it was
        hindered = _hindered(one, text, sources.get(one.path), rows.get(one.path), language)
        if hindered is not None:
            held.append(hindered)
            continue
        source = sources[one.path]
        seen[one.path] = seen_of(source, text)
        row = rows.get(one.path)
        if row is None or row.text != text:
            write(session, workspace, language, one.path, text, source=source,
                  author=Author(actor), now=now)  # fmt: skip
    if seen:
        _note(session, workspace, "translations written", language, len(seen), actor, now)
    return Saved(seen, tuple(held))


def write(
    session: Session,
    workspace: Workspace,
    language: str,
    path: str,
    text: str,
    *,
    source: str,
    author: Author,
    now: datetime,
) -> WorkspaceText | None:
    """Store a translation of a source text, not approved; a blank one removes what is there."""
    row = session.get(WorkspaceText, (workspace.id, language, path))
    if not text:
        if row is not None:
            session.delete(row)
            session.flush()
        return None
    if row is None:
        row = WorkspaceText(workspace_id=workspace.id, language=language, path=path)
        session.add(row)
    row.text = text
    row.source_text, row.source_digest = source, text_digest(source)
    row.origin, row.written_by, row.written_at = author.origin, author.name, now
    row.approved_by = row.approved_at = row.on_word_of = None
    session.flush()
    return row


def approve(
    session: Session,
    slug: str,
    language: str,
    seen: Mapping[str, str],
    *,
    on_word_of: str | None,
    actor: str,
    now: datetime,
) -> Saved:
    """Approve translations in somebody's name, as that person saw them.

    What is missing, stale or approved already is passed over.

    Parameters
    ----------
    seen : mapping of str to str
        By path, what the person had before them.
    on_word_of : str or None
        Who read the texts, where ``actor`` does not read the language.
    """
    workspace = workspaces.lock(session, slug)
    wanted = _seen_lines(session, workspace, language, seen)
    approved, held = _parted(wanted, WAITING, seen)
    _approve(session, workspace, language, approved, on_word_of, actor, now)
    return Saved({line.path: line.seen for line in approved}, held)


def approve_all(
    session: Session,
    slug: str,
    language: str,
    *,
    state: str,
    on_word_of: str | None,
    actor: str,
    now: datetime,
) -> int:
    """Approve every current translation of a language, and say how many were waiting.

    Raises
    ------
    LanguageChanged
        If the language is not any more as it was seen (:func:`translating.state_of`).
    """
    workspace = workspaces.lock(session, slug)
    rows = rows_by_language(session, workspace, (language,))[language]
    found = lines_of(source_texts(workspace.content), rows, language)
    if state_of(found) != state:
        raise LanguageChanged(language)
    waiting = [line for line in found if line.standing in WAITING]
    _approve(session, workspace, language, waiting, on_word_of, actor, now)
    return len(waiting)


def confirm(
    session: Session,
    slug: str,
    language: str,
    seen: Mapping[str, str],
    *,
    on_word_of: str | None,
    actor: str,
    now: datetime,
) -> Saved:
    """Say of stale translations that they are still right, and approve them so.

    It takes somebody who reads the language, as every approval does: only such a person can
    tell that a translation says what the new source says.
    """
    workspace = workspaces.lock(session, slug)
    wanted = _seen_lines(session, workspace, language, seen)
    stale, held = _parted(wanted, (Standing.STALE,), seen)
    for line in stale:
        row = session.get_one(WorkspaceText, (workspace.id, language, line.path))
        row.source_text, row.source_digest = line.source, text_digest(line.source)
    _approve(session, workspace, language, stale, on_word_of, actor, now)
    return Saved({line.path: line.seen for line in stale}, held)


def take_back(
    session: Session,
    slug: str,
    language: str,
    paths: Collection[str],
    *,
    actor: str,
    now: datetime,
) -> int:
    """Take approvals back, and say how many there were."""
    workspace = workspaces.lock(session, slug)
    rows = rows_by_language(session, workspace, (language,))[language]
    approved = [path for path in paths if path in rows and rows[path].approved_at]
    set_approval(session, workspace, language, approved, by=None, on_word_of=None, at=None)
    if approved:
        action = "approvals of translations taken back"
        _note(session, workspace, action, language, len(approved), actor, now)
    return len(approved)


def set_approval(
    session: Session,
    workspace: Workspace,
    language: str,
    paths: Collection[str],
    *,
    by: str | None,
    on_word_of: str | None,
    at: datetime | None,
) -> None:
    """Note who approved translations, or that nobody did."""
    session.execute(
        update(WorkspaceText)
        .where(
            WorkspaceText.workspace_id == workspace.id,
            WorkspaceText.language == language,
            WorkspaceText.path.in_(paths),
        )
        .values(approved_by=by, approved_at=at, on_word_of=on_word_of)
    )


def _hindered(
    one: Typed, text: str, source: str | None, row: Stored | None, language: str
) -> Held | None:
    """Why a typed text cannot be written, if anything stands in its way."""
    if source is None:
        return Held(one.path, text, Hindrance.GONE, None)
    line = line_of(one.path, source, row, language)
    if line.text != text:
        seen_source, _, seen_text = one.seen.partition(".")
        now_source, _, now_text = line.seen.partition(".")
        if seen_text != now_text:
            return Held(one.path, text, Hindrance.CHANGED, line)
        if seen_source != now_source:
            return Held(one.path, text, Hindrance.SOURCE_CHANGED, line)
    refused = refusal(text)
    return None if refused is None else Held(one.path, text, refused[0], line, refused[1])


def _text_part(text: str) -> str:
    return seen_of("", text).partition(".")[2]


def _seen_lines(
    session: Session, workspace: Workspace, language: str, seen: Mapping[str, str]
) -> list[Line]:
    """The lines of the paths that somebody saw, as they are now; those that are gone left out."""
    rows = rows_by_language(session, workspace, (language,))[language]
    sources = source_texts(workspace.content)
    there = {path: sources[path] for path in seen if path in sources}
    return lines_of(there, rows, language)


def _parted(
    lines: Iterable[Line], standings: Collection[Standing], seen: Mapping[str, str]
) -> tuple[list[Line], tuple[Held, ...]]:
    """Lines of some standings: those as they were seen, and those that say something else."""
    wanted = [line for line in lines if line.standing in standings]
    same = [line for line in wanted if line.seen == seen[line.path]]
    changed = (line for line in wanted if line.seen != seen[line.path])
    return same, tuple(Held(line.path, line.text, Hindrance.CHANGED, line) for line in changed)


def _approve(
    session: Session,
    workspace: Workspace,
    language: str,
    lines: Collection[Line],
    on_word_of: str | None,
    actor: str,
    now: datetime,
) -> None:
    paths = [line.path for line in lines]
    set_approval(session, workspace, language, paths, by=actor, on_word_of=on_word_of, at=now)
    if lines:
        more = {"on_word_of": on_word_of} if on_word_of else {}
        action = "translations approved"
        _note(session, workspace, action, language, len(lines), actor, now, **more)


def _note(
    session: Session,
    workspace: Workspace,
    action: str,
    language: str,
    count: int,
    actor: str,
    now: datetime,
    **details: Any,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=workspace.slug,
        now=now,
        language=language,
        texts=count,
        **details,
    )
