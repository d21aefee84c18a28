"""Ways to begin a consultation: from nothing, from another one, from a draft's file."""

import re
import unicodedata
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.document.texts import texts_of
from consult.drafting.reading import DraftRead
from consult.models import Workspace, WorkspaceText
from consult.services import workspaces

LONGEST_SLUG = 60

OWN = (
    "illustration",
    "title",
    "asked_by",
    "introduction",
    "what_happens_next",
    "consent",
    *("opens_at", "closes_at", "late_until"),
    "contact",
    "privacy",
)
"""What a consultation cannot take over from another: its own words, times and promises."""


def from_nothing(
    session: Session, *, title: str, slug: str, actor: str, now: datetime
) -> Workspace:
    """Begin with a title.

    Raises
    ------
    workspaces.SlugTaken
        If another consultation has that name.
    """
    return workspaces.create(session, slug, {"title": title}, actor=actor, now=now)


def from_draft(
    session: Session, draft: DraftRead, *, title: str, slug: str, actor: str, now: datetime
) -> Workspace:
    """Begin with the sections of a draft strategy; their short texts are still to be written.

    Raises
    ------
    workspaces.SlugTaken
        If another consultation has that name.
    """
    content = {"title": title, "sections": [asdict(section) for section in draft.sections]}
    workspace = workspaces.create(session, slug, content, actor=actor, now=now)
    workspace.draft_notes = [
        {"code": note.code.value, "values": dict(note.values)} for note in draft.notes
    ]
    session.flush()
    return workspace


def from_document(
    session: Session,
    document: Document,
    *,
    title: str,
    slug: str,
    whole: bool,
    origin: str,
    written_by: str,
    actor: str,
    now: datetime,
) -> Workspace:
    """Begin with what another consultation asks; ``whole`` takes its own words over too.

    Its translations come along and wait for somebody's approval. ``origin`` is one of
    :data:`consult.models.workspace.ORIGINS`.

    Raises
    ------
    workspaces.SlugTaken
        If another consultation has that name.
    """
    content = workspaces.content_of(document)
    if not whole:
        content = {name: value for name, value in content.items() if name not in OWN}
    if title:
        content["title"] = title
    workspace = workspaces.create(session, slug, content, actor=actor, now=now)
    sources = workspaces.source_texts(workspace.content)
    originals = texts_of(document)
    workspace.texts = [
        WorkspaceText(
            language=language,
            path=path,
            text=text,
            source_digest=workspaces.text_digest(originals[path]),
            source_text=originals[path],
            origin=origin,
            written_by=written_by,
            written_at=now,
        )
        for language, texts in document.translations.items()
        for path, text in texts.items()
        if sources.get(path) == originals[path]
    ]
    session.flush()
    return workspace


def free_slug(session: Session, title: str) -> str:
    """A name in addresses for a title, one that no consultation has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    start = words[:LONGEST_SLUG].rstrip("-") or "consultation"
    slug, number = start, 1
    while workspaces.is_taken(session, slug):
        number += 1
        slug = f"{start}-{number}"
    return slug
