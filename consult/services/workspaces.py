"""Consultations in the making: pieces that officers write, each saved without losing another's.

A workspace's ``content`` has the shape of a consultation file and may lack anything. It is
edited part by part; a part is named by its path:

``words``, ``dates``, ``contact``, ``privacy``, ``areas``, ``residents``,
``reference_population``, ``sections.KEY``, ``questions.KEY``.

Whoever saves a part says which state of it they saw (:func:`digest`). Where somebody else has
changed it since, nothing is written, and both versions can be shown.
"""

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.document.completing import STAND_IN, by_part, completed
from consult.document.fields import RESERVED_SLUGS
from consult.document.model import Consultation as Document
from consult.document.texts import texts_of
from consult.models import AuditEvent, Consultation, Workspace, WorkspaceText
from consult.services import audit, consultations

WORDS = (
    "title",
    "asked_by",
    "introduction",
    "what_happens_next",
    "consent",
    "monitoring_introduction",
)
DATES = (
    "opens_at",
    "closes_at",
    "grace_minutes",
    "late_until",
    "timezone",
    "draft_days",
    "minimum_age",
)
GROUPS: Mapping[str, tuple[str, ...]] = {
    "words": WORDS,
    "dates": DATES,
    "languages": ("source_language", "languages"),
}
"""Parts that stand for several fields of the content."""

WHOLE_FIELDS = ("contact", "privacy", "areas", "residents", "reference_population")
"""Parts that are one field of the content."""

LISTS = ("sections", "questions")
"""Fields whose items are parts, named by their keys."""


CHANGED = "setting up changed"
"""What the audit trail calls a change of a part."""

EVERYTHING = "everything"
"""The part that a change of all parts at once is noted with."""

MOVING = ("consultation extended", "consultation closed")
"""Acts that change parts too, and name them in the trail."""

_LOOKED_BACK = 200
"""Changes, for the last one of a part: two people who write at once are not further apart."""


class State(StrEnum):
    """Where a consultation stands, for its officers."""

    PREPARING = "preparing"
    SCHEDULED = "scheduled"
    """Opened by an officer, for a time to come."""
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class NoSuchPart(LookupError):
    """The consultation has no part of that name, or not any more."""


class PartChanged(Exception):
    """Somebody else saved the part since it was read; ``current`` is what it says now."""

    def __init__(self, current: Any, changed_by: str, changed_at: datetime) -> None:
        super().__init__(changed_by)
        self.current = current
        self.changed_by = changed_by
        self.changed_at = changed_at


class SlugTaken(ValueError):
    """Another consultation has that name in addresses."""


class KeyTaken(ValueError):
    """Another section or question has that key."""


def digest(value: Any) -> str:
    """A short name for a state of a part: equal values have equal digests."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def find(session: Session, slug: str) -> Workspace | None:
    """The workspace of that name, if there is one."""
    return session.scalar(select(Workspace).where(Workspace.slug == slug))


def lock(session: Session, slug: str) -> Workspace:
    """The workspace of that name as it is now, held until the unit of work ends.

    Raises
    ------
    consult.services.consultations.NoSuchConsultation
        If there is none.
    """
    found = session.scalar(
        select(Workspace)
        .where(Workspace.slug == slug)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise consultations.NoSuchConsultation(slug)
    return found


def create(
    session: Session, slug: str, content: Mapping[str, Any], *, actor: str, now: datetime
) -> Workspace:
    """Begin a consultation from what is there: a title alone, or a whole file's content.

    Raises
    ------
    SlugTaken
        If another consultation has that name.
    """
    if is_taken(session, slug):
        raise SlugTaken(slug)
    made = Workspace(
        slug=slug,
        content=_loose(content),
        readiness={},
        created_by=actor,
        created_at=now,
        changed_by=actor,
        changed_at=now,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor=actor, action="setting up began", subject=slug, now=now)
    return made


def is_taken(session: Session, slug: str) -> bool:
    """Whether a name in addresses is another consultation's, or the product's own."""
    return (
        slug in RESERVED_SLUGS
        or find(session, slug) is not None
        or consultations.find(session, slug) is not None
    )


def part_of(workspace: Workspace, part: str) -> Any:
    """What a part says now: a mapping or a list; an empty one where nothing was written.

    Raises
    ------
    NoSuchPart
        If it is an item that is not there.
    """
    return _part(workspace.content, part)


def save_part(
    session: Session, slug: str, part: str, value: Any, *, seen: str, actor: str, now: datetime
) -> Workspace:
    """Write one part. ``seen`` is the digest of what the writer had before them.

    Raises
    ------
    PartChanged
        If it says something else by now; saving what it already says is no fault.
    NoSuchPart
        If it is an item that is not there any more.
    """
    workspace = lock(session, slug)
    current = _part(workspace.content, part)
    if current == value:
        return workspace
    if digest(current) != seen:
        raise PartChanged(current, *last_change(session, workspace, part))
    content = deepcopy(workspace.content)
    _put(content, part, value)
    _change(session, workspace, content, actor=actor, now=now, what=part)
    return workspace


def add_item(
    session: Session,
    slug: str,
    field: str,
    item: Mapping[str, Any],
    *,
    before: str | None = None,
    actor: str,
    now: datetime,
) -> Workspace:
    """Add a section or a question, at the end or before another.

    Raises
    ------
    KeyTaken
        If one of that key is there.
    NoSuchPart
        If ``before`` is not there.
    """
    workspace = lock(session, slug)
    content = deepcopy(workspace.content)
    items = content.setdefault(field, [])
    if any(each["key"] == item["key"] for each in items):
        raise KeyTaken(item["key"])
    at = len(items) if before is None else _position(items, f"{field}.{before}", before)
    items.insert(at, dict(item))
    _change(session, workspace, content, actor=actor, now=now, what=f"{field}.{item['key']}")
    return workspace


def remove_item(
    session: Session, slug: str, part: str, *, seen: str, actor: str, now: datetime
) -> Workspace:
    """Remove a section or a question, as it was seen.

    Raises
    ------
    PartChanged
        If somebody has changed it since.
    NoSuchPart
        If it is not there any more.
    """
    workspace = lock(session, slug)
    current = _part(workspace.content, part)
    if digest(current) != seen:
        raise PartChanged(current, *last_change(session, workspace, part))
    content = deepcopy(workspace.content)
    field, key = part.split(".", 1)
    content[field] = [each for each in content[field] if each["key"] != key]
    _change(session, workspace, content, actor=actor, now=now, what=part)
    return workspace


def move_item(
    session: Session, slug: str, part: str, places: int, *, actor: str, now: datetime
) -> int:
    """Move a section or a question down by some places, or up by a negative number.

    Returns its new position, from 0. At an end it stays.

    Raises
    ------
    NoSuchPart
        If it is not there any more.
    """
    workspace = lock(session, slug)
    content = deepcopy(workspace.content)
    field, key = part.split(".", 1)
    items = content.get(field, [])
    before = _position(items, part, key)
    after = max(0, min(len(items) - 1, before + places))
    if after != before:
        items.insert(after, items.pop(before))
        _change(session, workspace, content, actor=actor, now=now, what=f"order of {field}")
    return after


def last_change(session: Session, workspace: Workspace, *parts: str) -> tuple[str, datetime]:
    """Who changed one of these parts last, and when: others may have been changed since."""
    events = select(AuditEvent).where(
        AuditEvent.subject == workspace.slug, AuditEvent.action.in_((CHANGED, *MOVING))
    )
    for event in session.scalars(events.order_by(AuditEvent.at.desc()).limit(_LOOKED_BACK)):
        touched = {event.details.get("part"), *event.details.get("parts", ())}
        if not touched.isdisjoint({*parts, EVERYTHING}):
            return event.actor, event.at
    return workspace.changed_by, workspace.changed_at


def state_of(workspace: Workspace, now: datetime) -> State:
    """Where a consultation stands."""
    stored = workspace.consultation
    if stored is None or stored.is_preview or workspace.opened_at is None:
        return State.PREPARING
    if now < stored.opens_at:
        return State.SCHEDULED
    if now >= stored.closes_at:
        return State.CLOSED
    return State.PAUSED if stored.paused else State.OPEN


def adopt(
    session: Session,
    stored: Consultation,
    *,
    translations_by: str,
    actor: str,
    now: datetime,
    origin: str = "file",
) -> Workspace:
    """Give a stored consultation a workspace that says the same, or bring its workspace up to it.

    Translations count as written by ``translations_by`` and approved by ``actor``, for
    residents read them already.
    """
    document = consultations.document_of(session, stored)
    content = content_of(document)
    workspace = find(session, stored.slug)
    if workspace is None:
        workspace = Workspace(
            slug=stored.slug,
            content=content,
            readiness={},
            created_by=actor,
            created_at=now,
            changed_by=actor,
            changed_at=now,
        )
        session.add(workspace)
    elif without_versions(workspace.content) != without_versions(content):
        _change(session, workspace, content, actor=actor, now=now, what=EVERYTHING)
    workspace.consultation = stored
    if workspace.opened_at is None:
        workspace.opened_at = stored.created_at
    session.flush()
    _adopt_texts(session, workspace, document, origin, translations_by, actor, now)
    return workspace


def adopt_all(session: Session, *, actor: str, now: datetime) -> int:
    """Give every consultation that residents meet and that has no workspace one. How many."""
    waiting = session.scalars(
        select(Consultation)
        .outerjoin(Workspace, Workspace.consultation_id == Consultation.id)
        .where(Workspace.id.is_(None))
    ).all()
    for stored in waiting:
        adopt(session, stored, translations_by=actor, actor=actor, now=now)
    return len(waiting)


def content_of(document: Document) -> dict[str, Any]:
    """A document as a workspace's content: plain values, without translations."""
    return document.model_dump(mode="json", exclude={"translations", "slug", "paused", "format"})


def without_versions(content: Mapping[str, Any]) -> dict[str, Any]:
    """Content without the numbers of questions' versions, which storing gives out."""
    questions = [
        {name: value for name, value in question.items() if name != "version"}
        for question in content.get("questions", [])
    ]
    return {**content, "questions": questions}


def source_texts(content: Mapping[str, Any]) -> dict[str, str]:
    """Every text to translate that is written so far, by path, in reading order."""
    document, _gaps = completed(content)
    return {path: text for path, text in texts_of(document).items() if text != STAND_IN}


def text_digest(text: str) -> str:
    """What a translation remembers of the source text that it translates."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def _adopt_texts(
    session: Session,
    workspace: Workspace,
    document: Document,
    origin: str,
    written_by: str,
    actor: str,
    now: datetime,
) -> None:
    sources = texts_of(document)
    kept = {(text.language, text.path): text for text in workspace.texts}
    for language, texts in document.translations.items():
        for path, text in texts.items():
            row = kept.get((language, path))
            digest_now = text_digest(sources[path])
            if row is not None and (row.text, row.source_digest) == (text, digest_now):
                if row.approved_at is None:
                    row.approved_by, row.approved_at = actor, now
                continue
            if row is None:
                row = WorkspaceText(language=language, path=path)
                workspace.texts.append(row)
            row.text = text
            row.source_digest = digest_now
            row.source_text = sources[path]
            row.origin = origin
            row.written_by, row.written_at = written_by, now
            row.approved_by, row.approved_at, row.on_word_of = actor, now, None
    session.flush()


def _change(
    session: Session,
    workspace: Workspace,
    content: dict[str, Any],
    *,
    actor: str,
    now: datetime,
    what: str,
) -> None:
    workspace.content = {**content, "questions": by_part(content.get("questions", []))}
    workspace.revision += 1
    workspace.changed_by = actor
    workspace.changed_at = now
    audit.record(
        session,
        actor=actor,
        action=CHANGED,
        subject=workspace.slug,
        now=now,
        part=what,
    )


def _part(content: Mapping[str, Any], part: str) -> Any:
    if part in GROUPS:
        return {name: content[name] for name in GROUPS[part] if name in content}
    if part in WHOLE_FIELDS:
        return content.get(part)
    field, _, key = part.partition(".")
    if field not in LISTS or not key:
        raise NoSuchPart(part)
    items = content.get(field, [])
    return items[_position(items, part, key)]


def _put(content: dict[str, Any], part: str, value: Any) -> None:
    if part in GROUPS:
        for name in GROUPS[part]:
            content.pop(name, None)
        content.update(value)
    elif part in WHOLE_FIELDS:
        content[part] = value
    else:
        field, key = part.split(".", 1)
        items = content[field]
        items[_position(items, part, key)] = value


def _position(items: list[dict[str, Any]], part: str, key: str) -> int:
    for at, item in enumerate(items):
        if item["key"] == key:
            return at
    raise NoSuchPart(part)


def _loose(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as plain data, with what every consultation has."""
    plain: dict[str, Any] = json.loads(json.dumps(content))
    plain.pop("translations", None)
    plain.setdefault("source_language", "en")
    plain.setdefault("languages", [plain["source_language"]])
    plain.setdefault("timezone", "Europe/London")
    for field in LISTS:
        plain.setdefault(field, [])
    return plain
