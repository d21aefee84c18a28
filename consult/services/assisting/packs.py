"""The questions as a tablet takes them along: everything a session needs, in all its languages."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.document.model import choices_of
from consult.document.questions import Question
from consult.document.texts import texts_of
from consult.models import AssistedSession, Consultation, ReadAloud, SessionPack
from consult.services import consultations

FORMAT = "consult-pack/1"

PICTURES: Mapping[str, frozenset[str]] = {
    "food": frozenset({"food", "eating", "diet", "nutrition"}),
    "mind": frozenset({"mental", "mind", "wellbeing", "loneliness"}),
    "move": frozenset({"active", "sport", "walking", "movement", "travel"}),
    "tree": frozenset({"green", "park", "parks", "nature", "environment", "climate"}),
    "shield": frozenset({"protect", "safe", "safety", "prevention", "crime"}),
    "home": frozenset({"home", "homes", "housing"}),
    "people": frozenset({"community", "together", "neighbourhood", "gap", "equality"}),
    "start": frozenset({"start", "children", "young", "schools"}),
    "old": frozenset({"age", "ageing", "older", "old"}),
    "heart": frozenset({"health", "care", "vision"}),
}
"""The app's own pictures, and the words in a section's key that each stands for."""

_NOT_TAKEN = (".full", "privacy.lawful", "privacy.controller", "contact.paper")
"""Texts that the tablet never shows: the full draft is in the short one's stead."""


def current_pack(session: Session, stored: Consultation, *, now: datetime) -> SessionPack:
    """The pack of what a consultation asks now: made once, however many tablets ask for it."""
    document = consultations.document_of(session, stored)
    content = document.model_dump(mode="json")
    versions = {
        key: str(version) for key, version in consultations.version_ids(session, stored).items()
    }
    digest = _digest({"document": content, "versions": versions})
    found = _find(session, stored, digest)
    if found is not None:
        return found
    pack = SessionPack(
        consultation_id=stored.id,
        digest=digest,
        document=content,
        question_versions=versions,
        made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(pack)
    except IntegrityError:  # another tablet asked at the same moment
        found = _find(session, stored, digest)
        if found is None:
            raise
        return found
    return pack


def document_of(pack: SessionPack) -> Document:
    """The consultation as it was when the pack was made."""
    return Document.model_validate(pack.document)


def content(
    session: Session,
    held: AssistedSession,
    pack: SessionPack,
    *,
    keys: Mapping[str, Any],
    receipt_addresses: Mapping[str, str],
    clip_address: str,
    paused: bool,
    now: datetime,
) -> dict[str, Any]:
    """What a tablet loads for one session, as JSON.

    Parameters
    ----------
    keys
        The server's public keys: ``encryption`` and ``signing``, the newest first.
    receipt_addresses
        Where a receipt code is used, by language.
    clip_address
        How the address of a recording begins; its digest follows.
    paused
        Whether nobody is to begin for now. It is told beside the questions and is no part of them:
        what was finished without a network is taken all the same.
    """
    document = document_of(pack)
    return {
        "format": FORMAT,
        "digest": pack.digest,
        "made_at": _milliseconds(pack.made_at),
        "server_now": _milliseconds(now),
        "session": {
            "id": str(held.id),
            "code": held.code,
            "venue": held.venue,
            "on": held.on.isoformat(),
            "languages": [code for code in held.languages if code in document.languages],
            "interpreter": bool(held.interpreter),
        },
        "consultation": {
            "slug": document.slug,
            "paused": paused,
            "timezone": document.timezone,
            "opens_at": _milliseconds(document.opens),
            "closes_at": _milliseconds(document.closes),
            "finish_by": _milliseconds(document.closes + timedelta(minutes=document.grace_minutes)),
            "late_until": _milliseconds(document.late),
            "minimum_age": document.minimum_age,
            "illustration": document.illustration,
            "receipt_url": dict(receipt_addresses),
            "contact": {"phone": document.contact.phone, "email": document.contact.email},
        },
        "languages": list(document.languages),
        "source_language": document.source_language,
        "texts": _texts(document),
        "sections": [section.key for section in document.sections],
        "questions": [_question(question, document) for question in document.questions],
        "areas": [{"code": area.code, "name": area.name} for area in document.areas],
        "keys": dict(keys),
        "clips": _clips(session, held, clip_address),
        "pictures": pictures_of(document),
    }


def _texts(document: Document) -> dict[str, dict[str, str]]:
    source = texts_of(document)
    wanted = [path for path in source if not _is_left_out(path)]
    texts = {document.source_language: {path: source[path] for path in wanted}}
    for language in document.languages:
        if language != document.source_language:
            there = document.translations.get(language, {})
            texts[language] = {path: there[path] for path in wanted if there.get(path, "").strip()}
    return texts


def _is_left_out(path: str) -> bool:
    return any(part in path for part in _NOT_TAKEN)


def _question(question: Question, document: Document) -> dict[str, Any]:
    """A question without its words, and with every answer that can be chosen."""
    options = {option.key: option for option in question.options}
    choices = [
        {
            "key": key,
            "other": key in options and options[key].other,
            "exclusive": key in options and options[key].exclusive,
        }
        for key in choices_of(question, document)
    ]
    return {
        "key": question.key,
        "kind": question.kind.value,
        "part": question.part.value,
        "section": question.section,
        "required": question.required,
        "choices": [] if question.kind.value == "ward" else choices,
        "choose_at_most": question.choose_at_most,
        "rank_at_most": question.rank_at_most,
        "minimum": question.minimum,
        "maximum": question.maximum,
        "length_limit": question.length_limit,
        "show_if": [condition.model_dump(mode="json") for condition in question.show_if],
    }


def _clips(session: Session, held: AssistedSession, address: str) -> list[dict[str, Any]]:
    rows = session.execute(
        select(
            ReadAloud.target,
            ReadAloud.language,
            ReadAloud.digest,
            ReadAloud.media_type,
            ReadAloud.size,
        )
        .where(ReadAloud.workspace_id == held.workspace_id)
        .order_by(ReadAloud.language, ReadAloud.target)
    )
    return [
        {
            "target": row.target,
            "language": row.language,
            "url": f"{address}{row.digest}",
            "media_type": row.media_type,
            "size": row.size,
        }
        for row in rows
    ]


def pictures_of(document: Document) -> dict[str, str]:
    """Names of the app's pictures by section, where one fits what the section is about.

    A wrong picture is worse than none, so only plain words of the section's key decide.
    """
    found = {}
    for section in document.sections:
        words = set(section.key.split("_"))
        name = next((name for name, about in PICTURES.items() if words & about), None)
        if name is not None:
            found[section.key] = name
    return found


def _find(session: Session, stored: Consultation, digest: str) -> SessionPack | None:
    return session.scalar(
        select(SessionPack).where(
            SessionPack.consultation_id == stored.id, SessionPack.digest == digest
        )
    )


def _digest(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
