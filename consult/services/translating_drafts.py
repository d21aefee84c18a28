"""Machine drafts of translations: which texts want one, and where it is kept.

A draft never takes the place of what a person wrote or approved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from consult.services import audit, workspaces
from consult.services.translating import MACHINE, Line, Standing, line_of, rows_by_language
from consult.services.translating_saving import Author, plain, refusal, write
from consult.services.workspaces import source_texts


@dataclass(frozen=True, slots=True)
class Draft:
    """What a machine made of a text, and what was there when it began."""

    line: Line
    text: str


def waiting(lines: Iterable[Line], *, again: bool) -> list[Line]:
    """The texts that want a machine's draft: the missing ones.

    With ``again``, also those whose own draft nobody approved before its source changed.
    """
    return [
        line
        for line in lines
        if line.standing is Standing.MISSING or (again and _is_old_draft(line))
    ]


def store(
    session: Session, slug: str, language: str, drafts: Iterable[Draft], *, now: datetime
) -> int:
    """Keep drafts where nothing has changed since they were asked for, and say how many.

    Raises
    ------
    consult.services.consultations.NoSuchConsultation
        If the consultation is gone.
    """
    workspace = workspaces.lock(session, slug)
    sources = source_texts(workspace.content)
    rows = rows_by_language(session, workspace, (language,))[language]
    kept = 0
    for draft in drafts:
        path, text = draft.line.path, plain(draft.text)
        if path not in sources or not text or refusal(text) is not None:
            continue
        now_there = line_of(path, sources[path], rows.get(path), language)
        if now_there.seen != draft.line.seen or now_there.standing is not draft.line.standing:
            continue
        write(session, workspace, language, path, text, source=sources[path],
              author=Author(audit.MACHINE, MACHINE), now=now)  # fmt: skip
        kept += 1
    return kept


def _is_old_draft(line: Line) -> bool:
    return line.standing is Standing.STALE and line.origin == MACHINE and line.approved_at is None
