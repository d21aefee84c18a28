"""A small study made by hand: three themes on three axes, and statements around them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from analysis.themes.embedding.protocol import unit_rows
from analysis.themes.tracking.assigning import assign
from analysis.themes.tracking.frame import Frame, FrozenTheme
from analysis.themes.tracking.resolving import resolve
from consult.db import unit_of_work
from consult.models import Answer, Study, StudyAnswer, StudyKey, StudyUnit
from consult.services.themes import keys as stored_keys
from consult.services.themes import studies
from tests.support.consultations import NOW, World

QUESTION = "vision_why"
THEMES = ("t-buses", "t-parks", "t-shops")
DIMENSION = 6


@dataclass
class SmallStudy:
    """A study in a world, and ways to look at it."""

    world: World
    id: UUID
    keys: list[str]

    @property
    def session(self) -> Session:
        return self.world.session

    @property
    def study(self) -> Study:
        self.session.rollback()
        self.session.expire_all()
        return self.session.get_one(Study, self.id)

    def do(self, edit: Any, *given: Any, actor: str = "amina", **named: Any) -> int:
        """Make an edit in a unit of work of its own."""
        with unit_of_work(self.session):
            return int(edit(self.session, self.id, *given, actor=actor, now=NOW, **named))

    def stands(self) -> dict[str, tuple[str | None, str]]:
        """Where each statement stands by its row, and who decided."""
        self.session.rollback()
        rows = self.session.execute(
            select(StudyKey.key, StudyKey.theme, StudyKey.decided_by).where(
                StudyKey.study_id == self.id
            )
        )
        return {row.key: (row.theme, row.decided_by) for row in rows}

    def resolved(self) -> dict[str, tuple[str | None, str]]:
        """Where each statement stands by the whole log, all statements looked at."""
        state = studies.read_standing(self.session, self.study).state
        rows = self.session.execute(
            select(StudyKey.key, StudyKey.machine_theme, StudyKey.vector)
            .where(StudyKey.study_id == self.id)
            .order_by(StudyKey.key)
        ).all()
        found = resolve(
            state,
            [row.key for row in rows],
            [row.machine_theme for row in rows],
            stored_keys.from_bytes([row.vector for row in rows]),
        )
        return {
            row.key: (theme, decider.value)
            for row, theme, decider in zip(rows, found.themes, found.decided_by, strict=True)
        }

    def said(self) -> dict[UUID, list[str]]:
        """Keys of the statements of each response."""
        found: dict[UUID, list[str]] = {}
        rows = self.session.execute(
            select(StudyUnit.response_id, StudyUnit.key).order_by(StudyUnit.response_id)
        )
        for response, key in rows:
            found.setdefault(response, []).append(key)
        return found

    def of(self, theme: str) -> list[str]:
        """Keys of the statements in a theme."""
        return sorted(key for key, (stands, _) in self.stands().items() if stands == theme)


def small_study(world: World, responses: int = 12, seed: int = 0) -> SmallStudy:
    """Three themes and two statements by each of some people, one of which nobody shares."""
    numbers = np.random.default_rng(seed)
    centres = np.eye(3, DIMENSION, dtype=np.float32)
    frame = Frame(
        themes=tuple(
            FrozenTheme(name, name[2:].title(), centres[at], 0.3, 0.5)
            for at, name in enumerate(THEMES)
        ),
        model_id="by hand",
        means_version="none",
        seed=0,
    )
    count = responses + 3
    near = numbers.integers(0, 3, count)
    vectors = unit_rows(
        centres[near].astype(np.float64) + numbers.normal(0, 0.35, (count, DIMENSION))
    )
    vectors[-1] = np.eye(1, DIMENSION, 5)
    put = assign(vectors, frame)
    names = [f"{at:032x}" for at in numbers.permutation(count)]
    machine = put.ids(frame)
    for _ in range(responses):
        world.submit(
            answers={"vision_agree": {"choice": "disagree"}, QUESTION: {"text": "One. Two."}}
        )
    session = world.session
    with unit_of_work(session):
        study = studies.begin(session, world.stored, QUESTION)
        study.frame = frame.to_dict()
        study.analysed_at, study.analysed_by = NOW, "test"
        study_id = study.id
        session.execute(
            insert(StudyKey),
            [
                {
                    "study_id": study_id,
                    "key": name,
                    "vector": stored_keys.to_bytes(vectors[at]),
                    "may_seed": True,
                    "machine_theme": machine[at],
                    "strength": float(put.strength[at]),
                    "margin": float(put.margin[at]),
                    "status": str(put.status[at]),
                    "theme": machine[at],
                    "decided_by": "machine",
                }
                for at, name in enumerate(names)
            ],
        )
        answers = session.scalars(
            select(Answer).where(Answer.question_key == QUESTION).order_by(Answer.id)
        ).all()
        for at, answer in enumerate(answers):
            session.add(
                StudyAnswer(
                    answer_id=answer.id,
                    study_id=study_id,
                    response_id=answer.response_id,
                    status="content",
                    language="en",
                )
            )
            session.flush()
            # Each says a statement of their own, and the first six also one that they share.
            said = [at] if at >= 6 else [at, responses + at % 3]
            for number, place in enumerate(said, start=1):
                session.add(
                    StudyUnit(
                        id=uuid4(),
                        study_id=study_id,
                        key=names[place],
                        answer_id=answer.id,
                        response_id=answer.response_id,
                        number=number,
                        text=f"Statement {place}",
                        folded=f"statement {place}",
                    )
                )
    return SmallStudy(world, study_id, names)
