"""Storing consultations, and reading them back as documents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.document.model import Question as QuestionDocument
from consult.document.texts import texts_of
from consult.models import (
    Answer,
    Consultation,
    Draft,
    DraftAnswer,
    Question,
    QuestionVersion,
    SessionPack,
    Translation,
)
from consult.services import audit


class NoSuchConsultation(LookupError):
    """There is no consultation of that name."""


def store(
    session: Session,
    document: Document,
    *,
    actor: str,
    now: datetime,
    is_preview: bool = False,
) -> Consultation:
    """Create a consultation, or bring a stored one up to a document.

    A question that has answers and now asks something else gets a new version, and its old
    answers stay with the old one; one that is gone is retired. Without answers, versions
    are replaced, under a new number where a draft holds the old one. What tablets were given
    counts as answered: their answers may come later.
    """
    stored = find(session, document.slug)
    action = "consultation changed"
    if stored is None:
        action = "consultation created"
        stored = Consultation(slug=document.slug, created_at=now, revision=0)
    stored.is_preview = is_preview
    stored.definition = document.model_dump(
        mode="json", exclude={"questions", "translations", "slug", "paused"}
    )
    stored.opens_at = document.opens
    stored.closes_at = document.closes
    stored.late_until = document.late
    stored.paused = document.paused
    if stored.data_removed_at is not None and document.privacy.delete_on > stored.delete_on:
        stored.data_removed_at = None  # what comes from now on is due on the new date
    stored.delete_on = document.privacy.delete_on
    stored.deletion = document.privacy.deletion.value
    stored.revision += 1
    session.add(stored)
    session.flush()
    _store_questions(session, stored, document, now)
    _store_translations(session, stored, document)
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=document.slug,
        now=now,
        revision=stored.revision,
        questions=len(document.questions),
        languages=list(document.languages),
    )
    return stored


def find(session: Session, slug: str) -> Consultation | None:
    """The stored consultation of that name, if there is one."""
    return session.scalar(select(Consultation).where(Consultation.slug == slug))


def get(session: Session, slug: str) -> Consultation:
    """The stored consultation of that name.

    Raises
    ------
    NoSuchConsultation
        If there is none.
    """
    stored = find(session, slug)
    if stored is None:
        raise NoSuchConsultation(slug)
    return stored


def document_of(session: Session, stored: Consultation) -> Document:
    """What a stored consultation says now, as the document that it was stored from."""
    translations: dict[str, dict[str, str]] = {}
    rows = session.execute(
        select(Translation.language, Translation.path, Translation.text).where(
            Translation.consultation_id == stored.id
        )
    )
    for language, path, text in rows:
        translations.setdefault(language, {})[path] = text
    document = Document.model_validate({**_said_now(stored), "translations": translations})
    return document.model_copy(update={"translations": _in_reading_order(document)})


def rules_of(stored: Consultation) -> Document:
    """What a stored consultation says now, without translations: read in a fifth of the time."""
    return Document.model_validate(_said_now(stored))


def _said_now(stored: Consultation) -> dict[str, Any]:
    return {
        **stored.definition,
        "slug": stored.slug,
        "paused": stored.paused,
        "questions": [q.current.definition for q in stored.questions if not q.retired],
    }


def slugs(session: Session) -> list[str]:
    """Names of all consultations that residents may see, the one that closes last first."""
    return list(
        session.scalars(
            select(Consultation.slug)
            .where(Consultation.is_preview.is_(False))
            .order_by(Consultation.closes_at.desc())
        )
    )


def edition_of(session: Session, slug: str) -> tuple[UUID, int] | None:
    """Which consultation has that name, and the revision it is at; nothing if there is none.

    A preview and what opens in its place have the same name, and both begin at revision 1.
    """
    found = session.execute(
        select(Consultation.id, Consultation.revision).where(Consultation.slug == slug)
    ).first()
    return None if found is None else (found.id, found.revision)


def version_ids(session: Session, stored: Consultation) -> dict[str, UUID]:
    """For each question that is asked now, the id of its current version, by key."""
    return {q.key: q.current.id for q in stored.questions if not q.retired}


def set_paused(session: Session, slug: str, paused: bool, *, actor: str, now: datetime) -> None:
    """Pause a consultation, or let it go on."""
    stored = get(session, slug)
    stored.paused = paused
    stored.revision += 1
    action = "consultation paused" if paused else "consultation resumed"
    audit.record(session, actor=actor, action=action, subject=slug, now=now)


def _store_questions(
    session: Session, stored: Consultation, document: Document, now: datetime
) -> None:
    by_key = {question.key: question for question in stored.questions}
    on_tablets = _versions_on_tablets(session, stored)
    for position, wanted in enumerate(document.questions):
        question = by_key.pop(wanted.key, None)
        if question is None:
            question = Question(key=wanted.key)
            stored.questions.append(question)
        question.position = position
        question.retired = False
        on_tablet = _is_on_tablets(question, on_tablets)
        _store_version(session, question, document, wanted, now, on_tablet=on_tablet)
    for question in by_key.values():
        if _is_on_tablets(question, on_tablets) or _has_answers(session, question):
            question.retired = True
        else:
            stored.questions.remove(question)
    session.flush()
    session.expire(stored, ["questions"])  # read again, they stand in their new order


def _store_version(
    session: Session,
    question: Question,
    document: Document,
    wanted: QuestionDocument,
    now: datetime,
    *,
    on_tablet: bool,
) -> None:
    prefix = f"questions.{wanted.key}."
    translations = {
        language: {path: text for path, text in texts.items() if path.startswith(prefix)}
        for language, texts in document.translations.items()
    }
    definition = wanted.model_dump(mode="json")
    latest = question.versions[-1] if question.versions else None
    if latest is not None and _same_question(latest.definition, definition):
        latest.translations = translations
        return
    if latest is not None and not on_tablet and not _has_answers(session, question):
        earlier = [version.number for version in question.versions[:-1]]
        if _is_in_drafts(session, question, latest.number):
            earlier.append(latest.number)
        latest.number = max(wanted.version, *(number + 1 for number in earlier), 1)
        latest.definition = {**definition, "version": latest.number}
        latest.translations = translations
        return
    number = wanted.version if latest is None else max(latest.number + 1, wanted.version)
    question.versions.append(
        QuestionVersion(
            number=number,
            definition={**definition, "version": number},
            translations=translations,
            created_at=now,
        )
    )


def _same_question(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return {**one, "version": 0} == {**other, "version": 0}


def _has_answers(session: Session, question: Question) -> bool:
    if question.id is None:
        return False
    found = exists().where(
        Answer.question_version_id == QuestionVersion.id, QuestionVersion.question_id == question.id
    )
    return bool(session.scalar(select(found)))


def _versions_on_tablets(session: Session, stored: Consultation) -> set[str]:
    """Ids of all versions that tablets were ever given."""
    packs = session.scalars(
        select(SessionPack.question_versions).where(SessionPack.consultation_id == stored.id)
    )
    return {version for versions in packs for version in versions.values()}


def _is_on_tablets(question: Question, on_tablets: set[str]) -> bool:
    return any(str(version.id) in on_tablets for version in question.versions)


def _is_in_drafts(session: Session, question: Question, number: int) -> bool:
    """Whether somebody has answered or skipped that version and not sent it yet."""
    found = exists().where(
        DraftAnswer.draft_id == Draft.id,
        Draft.consultation_id == question.consultation_id,
        Draft.sent_at.is_(None),
        DraftAnswer.question_key == question.key,
        DraftAnswer.question_version == number,
    )
    return bool(session.scalar(select(found)))


def _store_translations(session: Session, stored: Consultation, document: Document) -> None:
    session.execute(delete(Translation).where(Translation.consultation_id == stored.id))
    session.add_all(
        Translation(consultation_id=stored.id, language=language, path=path, text=text)
        for language, texts in document.translations.items()
        for path, text in texts.items()
    )
    session.flush()


def _in_reading_order(document: Document) -> dict[str, dict[str, str]]:
    """Translations in the order of the texts and languages, so that exports are stable."""
    paths = list(texts_of(document))
    return {
        language: {path: texts[path] for path in paths if path in texts}
        for language in document.languages
        if (texts := document.translations.get(language)) is not None
    }
