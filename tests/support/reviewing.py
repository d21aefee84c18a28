"""A small study whose every strength, theme and letter a test knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.themes.tracking.frame import Frame, FrozenTheme
from consult.models import (
    Answer,
    Question,
    QuestionVersion,
    Response,
    Study,
    StudyAnswer,
    StudyKey,
    StudyUnit,
)
from consult.services import consultations
from tests.support.visitors import NOON, SLUG

QUESTION = "barriers_say"

PARKS, BUSES, FOOD = "t-parks", "t-buses", "t-food"
"""The themes of the small study; each has a direction of its own."""

_PLACE = {PARKS: (1.0, 0.0, 0.0), BUSES: (0.0, 1.0, 0.0), FOOD: (0.0, 0.0, 1.0)}
_LABELS = {PARKS: "Parks", BUSES: "Buses", FOOD: "Food"}


@dataclass(frozen=True)
class Said:
    """A statement: its words, where the machine put it, and how surely."""

    text: str
    theme: str | None = PARKS
    strength: float = 0.5


@dataclass(frozen=True)
class Given:
    """An answer."""

    statements: tuple[Said, ...]
    language: str = "en"
    letter: int | None = None
    is_test: bool = False


def said(text: str, theme: str | None = PARKS, strength: float = 0.5, **given: object) -> Given:
    """An answer of one statement."""
    return Given((Said(text, theme, strength),), **given)  # type: ignore[arg-type]


def response_id(number: int) -> UUID:
    """The id of the so manieth response of a small study."""
    return UUID(int=0xA000_0000 + number)


def unit_id(answer: int, number: int = 1) -> UUID:
    """The id of a statement of an answer."""
    return UUID(int=0xC000_0000 + 100 * answer + number)


def key_of(text: str) -> str:
    """The key of a statement in a small study."""
    return text.casefold()[:64]


def make_study(session: Session, answers: Sequence[Given], *, audit_size: int | None = 1) -> Study:
    """Store a study of these answers; the seed is 3, and one answer is drawn for the audit."""
    stored = consultations.get(session, SLUG)
    version = session.scalars(
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.consultation_id == stored.id, Question.key == QUESTION)
    ).one()
    study = Study(
        consultation_id=stored.id,
        question_key=QUESTION,
        seed=3,
        salt="0" * 32,
        findings={},
        frame=frame().to_dict(),
        analysed_at=NOON,
        analysed_by="test",
        audit_size=audit_size,
    )
    session.add(study)
    session.flush()
    keys: dict[str, StudyKey] = {}
    for number, given in enumerate(answers):
        _store(session, study, version, number, given, keys)
    session.flush()
    return study


def frame() -> Frame:
    """Three themes."""
    return Frame(
        themes=tuple(
            FrozenTheme(theme, _LABELS[theme], np.array(place, np.float32), threshold=0.5)
            for theme, place in _PLACE.items()
        ),
        model_id="model",
        means_version="1",
        seed=3,
    )


def _store(
    session: Session,
    study: Study,
    version: QuestionVersion,
    number: int,
    given: Given,
    keys: dict[str, StudyKey],
) -> None:
    response = Response(
        id=response_id(number),
        consultation_id=study.consultation_id,
        client_id=UUID(int=number + 1),
        content_digest=f"{number:064d}",
        code_hash=f"{number:064d}",
        channel="online",
        language="en",
        started_at=NOON,
        received_at=NOON,
        timing="on_time",
        is_test=given.is_test,
    )
    answer = Answer(
        id=UUID(int=0xB000_0000 + number),
        response_id=response.id,
        question_key=QUESTION,
        question_version_id=version.id,
        value={"text": " ".join(each.text for each in given.statements)},
        language="en",
        answered_at=NOON,
    )
    analysed = StudyAnswer(
        answer_id=answer.id,
        study_id=study.id,
        response_id=response.id,
        status="content" if given.statements else "no_content",
        language=given.language,
        campaign=given.letter,
    )
    for row in (response, answer, analysed):
        session.add(row)
        session.flush()
    for place, each in enumerate(given.statements, 1):
        key = key_of(each.text)
        if key not in keys:
            direction = _PLACE.get(each.theme or "", (0.6, 0.6, 0.5))
            keys[key] = StudyKey(
                study_id=study.id,
                key=key,
                vector=np.array(direction, "<f4").tobytes(),
                may_seed=True,
                machine_theme=each.theme,
                strength=each.strength,
                margin=0.2,
                status="assigned" if each.theme else "unclear",
                theme=each.theme,
                decided_by="machine",
            )
            session.add(keys[key])
            session.flush()
        session.add(
            StudyUnit(
                id=unit_id(number, place),
                study_id=study.id,
                key=key,
                answer_id=answer.id,
                response_id=response.id,
                number=place,
                text=each.text,
                folded=each.text.casefold(),
            )
        )
