"""Responses with words of one's own, and themes made by hand, for tests of reading them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.text.normalise import comparison_key, normalise
from analysis.text.segments import units
from analysis.themes.tracking.frame import Frame, FrozenTheme
from consult.db import unit_of_work
from consult.models import (
    Answer,
    AuditEvent,
    Response,
    Study,
    StudyAnswer,
    StudyKey,
    StudyUnit,
)
from consult.services import codes, consultations
from consult.services.responses import Submission, submit
from tests.support.visitors import NOON, SLUG, in_session

BUSES, PARKS = "T1", "T2"
"""The themes of a study made by hand: "Buses" and "Parks"."""

SAY = "barriers_say"
"""A question that is answered in one's own words."""


def respond(
    app: Flask,
    words: str = "",
    *,
    question: str = SAY,
    language: str = "en",
    received: datetime = NOON,
    answers: Mapping[str, Any] | None = None,
    channel: str = "online",
    **changes: Any,
) -> UUID:
    """Store a response; ``changes`` are set on its row."""
    given: dict[str, Any] = {"who": {"choice": "resident"}, **(answers or {})}
    if words:
        given[question] = {"text": words}
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        receipt = submit(
            session,
            stored,
            consultations.document_of(session, stored),
            Submission(
                client_id=uuid4(),
                answers=given,
                language=language,
                channel=channel,
                code=codes.new_code(),
                started_at=received - timedelta(minutes=10),
            ),
            secret_key="test",
            now=received,
        )
        response = session.get_one(Response, receipt.response_id)
        for name, value in changes.items():
            setattr(response, name, value)
        return receipt.response_id


def answer_id(app: Flask, response_id: UUID, question: str = SAY) -> UUID:
    """The id of a response's answer to a question."""
    with in_session(app) as session:
        return session.scalars(
            select(Answer.id).where(
                Answer.response_id == response_id, Answer.question_key == question
            )
        ).one()


def study(
    app: Flask,
    themes: Mapping[UUID, Sequence[str | None]],
    *,
    languages: Mapping[UUID, str] | None = None,
    campaigns: Mapping[UUID, int] | None = None,
    question: str = SAY,
) -> UUID:
    """Themes made by hand: for each response the themes of its statements, in their order."""
    with in_session(app) as session, unit_of_work(session):
        made = _study(session, question)
        for response_id, placed in themes.items():
            answer = session.scalars(
                select(Answer).where(
                    Answer.response_id == response_id, Answer.question_key == question
                )
            ).one()
            session.add(
                StudyAnswer(
                    answer_id=answer.id,
                    study_id=made.id,
                    response_id=response_id,
                    status="content",
                    language=(languages or {}).get(response_id, answer.language),
                    campaign=(campaigns or {}).get(response_id),
                )
            )
            session.flush()
            texts = [unit.text for unit in units(normalise(answer.value["text"]))]
            assert len(texts) == len(placed), texts
            for number, (text, theme) in enumerate(zip(texts, placed, strict=True), start=1):
                _add_unit(session, made, answer, number, text, theme)
        return made.id


def unit_ids(app: Flask, response_id: UUID) -> list[UUID]:
    """The ids of a response's statements, in their order."""
    with in_session(app) as session:
        rows = select(StudyUnit.id).where(StudyUnit.response_id == response_id)
        return list(session.scalars(rows.order_by(StudyUnit.number)))


def acts(app: Flask, response_id: UUID) -> list[tuple[str, str]]:
    """Who did what with a response, in the order of the letters: a test's clock stands still."""
    with in_session(app) as session:
        rows = session.execute(
            select(AuditEvent.actor, AuditEvent.action).where(
                AuditEvent.subject == f"response {response_id}"
            )
        )
        return sorted((actor, action) for actor, action in rows)


def _study(session: Session, question: str) -> Study:
    stored = consultations.get(session, SLUG)
    frame = Frame(
        themes=(
            FrozenTheme(BUSES, "Buses", np.array([1, 0], dtype=np.float32), 0.5),
            FrozenTheme(PARKS, "Parks", np.array([0, 1], dtype=np.float32), 0.5),
        ),
        model_id="by hand",
        means_version="1",
        seed=0,
    )
    made = Study(
        consultation_id=stored.id,
        question_key=question,
        salt="0" * 32,
        frame=frame.to_dict(),
        findings={},
        analysed_at=NOON,
        analysed_by="test",
    )
    session.add(made)
    session.flush()
    return made


def _add_unit(
    session: Session, made: Study, answer: Answer, number: int, text: str, theme: str | None
) -> None:
    folded = comparison_key(text)
    key = hashlib.sha256(folded.encode()).hexdigest()
    if session.get(StudyKey, (made.id, key)) is None:
        session.add(
            StudyKey(
                study_id=made.id,
                key=key,
                vector=np.array([1, 1], dtype="<f4").tobytes(),
                may_seed=True,
                machine_theme=theme,
                strength=0.9,
                margin=0.5,
                status="assigned",
                theme=theme,
                decided_by="machine",
            )
        )
        session.flush()
    session.add(
        StudyUnit(
            study_id=made.id,
            key=key,
            answer_id=answer.id,
            response_id=answer.response_id,
            number=number,
            text=text,
            folded=folded,
        )
    )
    session.flush()
