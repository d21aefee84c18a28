"""A consultation in the making as residents would meet it in one language."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.document.completing import completed
from consult.document.model import Consultation as Document
from consult.document.texts import texts_of
from consult.models import Workspace, WorkspaceText
from consult.services.workspaces import text_digest


def document_in(
    session: Session, workspace: Workspace, content: Mapping[str, Any], language: str
) -> Document:
    """The consultation with its translations into one language.

    ``content`` may hold what nobody has saved yet. A translation of a text that says something
    else by now is left out, as it will be when residents read the consultation; one that waits
    for approval is shown.
    """
    document, _gaps = completed({**content, "translations": {}}, slug=workspace.slug)
    if language == document.source_language or language not in document.languages:
        return document
    rows = session.execute(
        select(WorkspaceText.path, WorkspaceText.text, WorkspaceText.source_digest).where(
            WorkspaceText.workspace_id == workspace.id, WorkspaceText.language == language
        )
    )
    sources = texts_of(document)
    texts = {
        path: text
        for path, text, source_digest in rows
        if path in sources and text_digest(sources[path]) == source_digest
    }
    return document.model_copy(update={"translations": {language: texts}})
