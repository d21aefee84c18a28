"""What officers do with whole questions: take over standard ones, copy one, see what is in use."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import as_file, files
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.document.model import Part
from consult.document.model import Question as QuestionDocument
from consult.document.reading import read_consultation
from consult.document.texts import texts_of
from consult.models import Answer, Question, QuestionVersion, Workspace, WorkspaceText
from consult.services import workspaces

SOURCE_LANGUAGE = "en"
"""The language that the standard questions are written in."""


def standard_questions() -> tuple[QuestionDocument, ...]:
    """Questions about the person that can be taken over as they are, in the usual order."""
    return tuple(q for q in _model_case().questions if q.part is Part.MONITORING)


def add_standard_questions(
    session: Session, slug: str, keys: Iterable[str], *, actor: str, now: datetime
) -> list[str]:
    """Add standard questions that are not there yet; the keys of those that were added.

    Their translations come along. A machine made them, so they wait for somebody's approval.
    """
    wanted = set(keys)
    workspace = workspaces.lock(session, slug)
    there = {question["key"] for question in workspace.content.get("questions", [])}
    added = [q for q in standard_questions() if q.key in wanted - there]
    for question in added:
        item = question.model_dump(mode="json")
        workspaces.add_item(session, slug, "questions", item, actor=actor, now=now)
        prefix = f"questions.{question.key}."
        document = _model_case()
        sources = {
            path: text for path, text in texts_of(document).items() if path.startswith(prefix)
        }
        for language, texts in document.translations.items():
            _put_texts(
                session,
                workspace,
                language,
                {path: (sources[path], texts[path]) for path in sources if path in texts},
                now,
            )
    return [question.key for question in added]


def duplicate(session: Session, slug: str, key: str, *, actor: str, now: datetime) -> str:
    """Add a copy of a question after it, with its translations; the copy's key.

    The translations were approved for the first one: those of the copy wait for approval.

    Raises
    ------
    workspaces.NoSuchPart
        If the question is not there any more.
    """
    workspace = workspaces.lock(session, slug)
    question = workspaces.part_of(workspace, f"questions.{key}")
    keys = [each["key"] for each in workspace.content["questions"]]
    # Translations of a question that was removed stay: their key is not given out again.
    translated = {
        text.path.split(".")[1] for text in workspace.texts if text.path.startswith("questions.")
    }
    taken = translated.union(keys)
    copy = next(name for i in count(2) if (name := f"{key[:55]}_{i}") not in taken)
    following = keys[keys.index(key) + 1] if key != keys[-1] else None
    item = {**question, "key": copy, "version": 1}
    workspaces.add_item(session, slug, "questions", item, before=following, actor=actor, now=now)
    prefix = f"questions.{key}."
    for text in [text for text in workspace.texts if text.path.startswith(prefix)]:
        path = f"questions.{copy}.{text.path.removeprefix(prefix)}"
        workspace.texts.append(
            WorkspaceText(
                language=text.language,
                path=path,
                text=text.text,
                source_digest=text.source_digest,
                source_text=text.source_text,
                origin=text.origin,
                written_by=text.written_by,
                written_at=text.written_at,
            )
        )
    session.flush()
    return copy


def answered(session: Session, workspace: Workspace) -> frozenset[str]:
    """Keys of the questions that residents have answered: a change gives them a new version."""
    if workspace.consultation_id is None or workspace.opened_at is None:
        return frozenset()
    found = (
        select(Question.key)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(
            Question.consultation_id == workspace.consultation_id,
            select(Answer.question_version_id)
            .where(Answer.question_version_id == QuestionVersion.id)
            .exists(),
        )
    )
    return frozenset(session.scalars(found))


def _put_texts(
    session: Session,
    workspace: Workspace,
    language: str,
    texts: Mapping[str, tuple[str, str]],
    now: datetime,
) -> None:
    """Keep machine-made translations (source and translation by path), where there are none."""
    kept = {text.path: text for text in workspace.texts if text.language == language}
    for path, (source, text) in texts.items():
        digest = workspaces.text_digest(source)
        if path in kept and kept[path].source_digest == digest:
            continue  # somebody has seen to it, before the question was taken out once
        row = kept.get(path)
        if row is None:
            row = WorkspaceText(language=language, path=path)
            workspace.texts.append(row)
        row.text = text
        row.source_digest, row.source_text = digest, source
        row.origin, row.written_by, row.written_at = "machine", "machine", now
        row.approved_by = row.approved_at = row.on_word_of = None
    session.flush()


@cache
def _model_case() -> Document:
    with as_file(files("consult.demo")) as folder:
        return read_consultation(folder / "consultation.yaml")
