"""Bringing translators' files in: held first, applied once somebody has seen what they change.

What they would change is in :mod:`consult.services.translating_plans`.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consult.models import TranslationImport, Workspace
from consult.services import audit, workspaces
from consult.services.translating import Stored, rows_by_language
from consult.services.translating_plans import TAKEN, Fate, Plan, Proposal, plan
from consult.services.translating_saving import Author, set_approval, write
from consult.services.workspaces import text_digest
from consult.translation_files.entries import ReadFile
from consult.translation_files.faults import FileFault, TranslationFileError

KEPT_FOR = timedelta(days=30)
"""How long a file that was read waits to be applied."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How many texts were written, left as they were by choice, and approved."""

    written: int
    left: int
    approved: int


class NoSuchImport(LookupError):
    """There is no such file waiting: it was put away, or never there."""


class AlreadyApplied(Exception):
    """The file has been brought in; nothing is brought in twice."""


class PlanChanged(Exception):
    """What the file would do is not any more what somebody saw."""


def hold(
    session: Session,
    workspace: Workspace,
    language: str,
    file: ReadFile,
    *,
    name: str,
    content: bytes,
    actor: str,
    now: datetime,
) -> TranslationImport:
    """Keep a file that was read, until somebody has looked at what it would do.

    An earlier one of the same person for the language is put away.

    Raises
    ------
    TranslationFileError
        If it says that it is in another language.
    """
    if file.language is not None and not _same_language(file.language, language):
        raise TranslationFileError(
            FileFault.WRONG_LANGUAGE, found=file.language[:20], wanted=language
        )
    _put_away_old(session, workspace, language, actor, now)
    held = TranslationImport(
        workspace_id=workspace.id,
        language=language,
        file_name="".join(sign for sign in name if sign.isprintable())[-200:],
        file_digest=hashlib.sha256(content).hexdigest(),
        content=asdict(file),
        uploaded_by=actor,
        uploaded_at=now,
    )
    session.add(held)
    session.flush()
    return held


def find(
    session: Session, workspace: Workspace, language: str, import_id: UUID
) -> TranslationImport:
    """A file that waits, or was applied.

    Raises
    ------
    NoSuchImport
        If there is none of that id for the language of the consultation.
    """
    held = session.get(TranslationImport, import_id)
    if held is None or (held.workspace_id, held.language) != (workspace.id, language):
        raise NoSuchImport
    return held


def apply(
    session: Session,
    slug: str,
    language: str,
    import_id: UUID,
    *,
    state: str,
    translator: str,
    take: Collection[str] | None,
    approve: bool,
    actor: str,
    now: datetime,
) -> Applied:
    """Write what a file brings, in the translator's name; once.

    Parameters
    ----------
    state : str
        Of the plan that was seen.
    take : collection of str or None
        Paths of conflicts in which the file's text shall replace what is there; all of them
        where it is nothing.
    approve : bool
        Whether ``actor`` approves, on the translator's word, each text of the file that then
        stands as the file has it. What is outdated or unsure is not approved.

    Raises
    ------
    NoSuchImport
        If the file was put away.
    AlreadyApplied
        If it was applied.
    PlanChanged
        If it would do something else by now.
    """
    workspace = workspaces.lock(session, slug)
    held = session.get(TranslationImport, import_id, with_for_update=True, populate_existing=True)
    if held is None or (held.workspace_id, held.language) != (workspace.id, language):
        raise NoSuchImport
    if held.applied_at is not None:
        raise AlreadyApplied
    seen = plan(session, workspace, held)
    if seen.state != state:
        raise PlanChanged
    chosen = [
        each
        for each in seen.proposals
        if each.fate in TAKEN
        or (each.fate is Fate.CONFLICT and (take is None or each.path in take))
    ]
    author = Author(translator, "file")
    for each in chosen:
        write(session, workspace, held.language, each.path, each.text, source=each.source,
              author=author, now=now)  # fmt: skip
    approved = _approve(session, workspace, held, seen, translator, actor, now) if approve else 0
    held.applied_by, held.applied_at = actor, now
    held.content = {}
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="translations brought in",
        subject=slug,
        now=now,
        language=held.language,
        translator=translator,
        texts=len(chosen),
        approved=approved,
        file_digest=held.file_digest[:16],
    )
    return Applied(len(chosen), len(seen.of(Fate.CONFLICT)) - _conflicts(chosen), approved)


def put_away(session: Session, held: TranslationImport) -> None:
    """Forget a file that nobody wants applied; one that was applied stays on record."""
    if held.applied_at is None:
        session.delete(held)
        session.flush()


def _conflicts(proposals: Iterable[Proposal]) -> int:
    return sum(each.fate is Fate.CONFLICT for each in proposals)


def _approve(
    session: Session,
    workspace: Workspace,
    held: TranslationImport,
    seen: Plan,
    translator: str,
    actor: str,
    now: datetime,
) -> int:
    rows = rows_by_language(session, workspace, (held.language,))[held.language]
    paths = [
        each.path
        for each in seen.proposals
        if not each.unsure and _stands(each, rows.get(each.path))
    ]
    set_approval(session, workspace, held.language, paths, by=actor, on_word_of=translator, at=now)
    return len(paths)


def _stands(proposal: Proposal, row: Stored | None) -> bool:
    """Whether a text stands as the file has it, beside its source, and waits for approval."""
    if proposal.line is None or row is None or row.approved_at is not None:
        return False
    current = row.source_digest == text_digest(proposal.line.source)
    return current and row.text == proposal.text


def _put_away_old(
    session: Session, workspace: Workspace, language: str, actor: str, now: datetime
) -> None:
    waiting = delete(TranslationImport).where(
        TranslationImport.workspace_id == workspace.id, TranslationImport.applied_at.is_(None)
    )
    session.execute(
        waiting.where(
            TranslationImport.language == language, TranslationImport.uploaded_by == actor
        )
    )
    session.execute(waiting.where(TranslationImport.uploaded_at < now - KEPT_FOR))


def _same_language(found: str, wanted: str) -> bool:
    """Whether a file's language is the wanted one, or that of one of its countries."""
    return found.lower() == wanted.lower() or found.lower().startswith(f"{wanted.lower()}-")
