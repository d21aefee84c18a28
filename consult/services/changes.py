"""What officers have changed since residents were shown a consultation, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.document.completing import completed
from consult.document.model import Consultation as Document
from consult.models import Answer, Consultation, Question, QuestionVersion, Workspace, WorkspaceText
from consult.services import consultations
from consult.services.translating import published_translations
from consult.services.workspaces import (
    GROUPS,
    LISTS,
    WHOLE_FIELDS,
    content_of,
    digest,
    without_versions,
)

Translations = Mapping[str, Mapping[str, str]]

ORDER = "order"
"""Before the name of a list, the part that stands for the order of its items."""

TEXTS = "translations"
"""Before the code of a language, the part that stands for all its translations."""

REST = "rest"
"""The part that stands for every field that no page shows."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What would be published."""

    parts: tuple[str, ...]
    """Names of the parts that say something else, are new, or are gone."""
    new_versions: tuple[str, ...]
    """Keys of questions that have answers and ask something else now."""
    retired: tuple[str, ...]
    """Keys of questions that have answers and are not asked any more."""


def pending(session: Session, workspace: Workspace) -> Changes:
    """What residents do not meet yet of an opened consultation."""
    stored = workspace.consultation
    if stored is None:
        return Changes((), (), ())
    public = consultations.document_of(session, stored)
    before = digests(content_of(public), public.translations)
    after = shown_digests(session, workspace)
    parts = different(before, after)
    answered = _answered_keys(session, stored)
    asked_before = {question.key for question in public.questions}
    changed = {part.partition(".")[2] for part in parts if part.startswith("questions.")}
    return Changes(
        parts,
        tuple(sorted(key for key in changed & answered if f"questions.{key}" in after)),
        tuple(sorted(asked_before & answered - _keys(after, "questions"))),
    )


def swept_away(session: Session, workspace: Workspace, document: Document) -> tuple[str, ...]:
    """What officers have written and residents do not meet yet, where a document says otherwise.

    The parts are those of :func:`pending`. Drafts of translations count, for the document's
    words would take their place; translations that it does not have stay. Of a consultation
    that was never opened it is all of it: a document would open it past every check.
    """
    stored = workspace.consultation
    ours = digests(workspace.content, {})
    if stored is None or stored.is_preview:
        return tuple(ours)
    public = consultations.document_of(session, stored)
    before = digests(content_of(public), {})
    theirs = digests(content_of(document), {})
    parts = [
        name
        for name in {**ours, **before}
        if ours.get(name) != before.get(name) and ours.get(name) != theirs.get(name)
    ]
    languages = {
        row.language
        for row in workspace.texts
        if _is_somebodys(row)
        and row.text != public.translations.get(row.language, {}).get(row.path)
        and document.translations.get(row.language, {}).get(row.path) not in {None, row.text}
    }
    return (*parts, *(f"{TEXTS}.{language}" for language in sorted(languages)))


def shown_digests(session: Session, workspace: Workspace) -> dict[str, str]:
    """Digests of all that residents would meet, by part."""
    return digests(workspace.content, published_translations(session, workspace))


def digests(content: Mapping[str, Any], translations: Translations) -> dict[str, str]:
    """Digests by part. What is written out and what is taken for granted come to the same."""
    document, gaps = completed(content)
    plain = without_versions(content if gaps else content_of(document))
    found: dict[str, str] = {}
    for name, fields in GROUPS.items():
        found[name] = digest({field: plain.get(field) for field in fields})
    for name in WHOLE_FIELDS:
        found[name] = digest(plain.get(name))
    for name in LISTS:
        items = plain.get(name) or []
        found[f"{ORDER}.{name}"] = digest([item["key"] for item in items])
        for item in items:
            found[f"{name}.{item['key']}"] = digest(item)
    known = {field for fields in GROUPS.values() for field in fields} | {*WHOLE_FIELDS, *LISTS}
    found[REST] = digest({name: value for name, value in plain.items() if name not in known})
    for language, texts in translations.items():
        found[f"{TEXTS}.{language}"] = digest(dict(texts))
    return found


def different(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the parts that differ, those that are there first in their order.

    The order of a list counts only where no item of it came or went.
    """
    names = [*after, *(name for name in before if name not in after)]
    found = [name for name in names if before.get(name) != after.get(name)]
    for field in LISTS:
        if _keys(before, field) != _keys(after, field) and f"{ORDER}.{field}" in found:
            found.remove(f"{ORDER}.{field}")
    return tuple(found)


def _keys(parts: Mapping[str, str], field: str) -> set[str]:
    return {name.partition(".")[2] for name in parts if name.startswith(f"{field}.")}


def _is_somebodys(row: WorkspaceText) -> bool:
    return row.origin != "machine" or row.approved_at is not None


def _answered_keys(session: Session, stored: Consultation) -> set[str]:
    return set(
        session.scalars(
            select(Question.key)
            .join(QuestionVersion, QuestionVersion.question_id == Question.id)
            .join(Answer, Answer.question_version_id == QuestionVersion.id)
            .where(Question.consultation_id == stored.id)
            .distinct()
        )
    )
