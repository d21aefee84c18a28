"""Translations of a workspace: who wrote and approved them, what is stale."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Workspace, WorkspaceText
from consult.services.workspaces import source_texts, text_digest


def published_translations(
    session: Session, workspace: Workspace, *, approved_only: bool = True
) -> dict[str, dict[str, str]]:
    """The translations that readers may meet, by language and path.

    A translation of a source text that says something else by now is left out, as is one that
    no named person has approved; previews show the latter too.
    """
    digests = {path: text_digest(text) for path, text in source_texts(workspace.content).items()}
    languages = workspace.content.get("languages", [])
    source = workspace.content.get("source_language")
    found: dict[str, dict[str, str]] = {code: {} for code in languages if code != source}
    for row in session.scalars(
        select(WorkspaceText).where(WorkspaceText.workspace_id == workspace.id)
    ):
        approved = row.approved_at is not None or not approved_only
        if row.language in found and approved and digests.get(row.path) == row.source_digest:
            found[row.language][row.path] = row.text
    return {
        language: {path: texts[path] for path in digests if path in texts}
        for language, texts in found.items()
        if texts
    }
