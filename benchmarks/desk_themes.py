"""The officer's themes: the model case analysed, and work on the themes of 20,000 responses."""

import statistics
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.outcome import Outcome, Table
from consult.config import Settings
from consult.db import make_engine, unit_of_work, upgrade
from consult.demo.setting_up import model_case, set_up
from consult.jobs.kinds import KINDS
from consult.jobs.presence import Presence
from consult.jobs.runner import Runner
from consult.models import Study, StudyKey
from consult.services import consultations, workspaces
from consult.services.themes import answers, asking, editing, figures, studies

SMALL, LARGE = 400, 20_000
QUESTION = "barriers_say"
ROUNDS = 8
GOAL_ANALYSIS_SECONDS, GOAL_ACTION_MS = 20, 200


def run(folder: Path) -> Outcome:
    """Measure both."""
    questions = [question.key for question in studies.text_questions(model_case())]
    small = _analysed(folder / "small", SMALL, questions)
    large_seconds, engine = analysed_engine(folder / "large", LARGE, [QUESTION])
    actions = {name: _milliseconds(engine, act) for name, act in _actions(engine).items()}
    engine.dispose()
    every = sorted(value for values in actions.values() for value in values)
    p95 = every[round(0.95 * (len(every) - 1))]
    table = Table(
        f"Work on the themes of {LARGE:,} responses, ms",
        ("action", "median", "slowest"),
        [
            (name, round(statistics.median(values)), round(max(values)))
            for name, values in actions.items()
        ],
    )
    notes = [
        f"Model case, {SMALL} responses, every text question as a job: {small:.1f} s "
        f"(goal {GOAL_ANALYSIS_SECONDS} s).",
        f"One question of {LARGE:,} responses as a job: {large_seconds:.0f} s.",
        f"Work on its themes, p95 of {len(every)} actions: {p95:.0f} ms "
        f"(goal {GOAL_ACTION_MS} ms).",
    ]
    return Outcome(
        figures={
            "model_case_seconds": round(small, 1),
            "large_seconds": round(large_seconds, 1),
            "action_p95_ms": round(p95),
        },
        tables=[table],
        notes=notes,
    )


def _analysed(folder: Path, responses: int, questions: list[str]) -> float:
    seconds, engine = analysed_engine(folder, responses, questions)
    engine.dispose()
    return seconds


def analysed_engine(folder: Path, responses: int, questions: list[str]) -> tuple[float, Engine]:
    """The model case with themes of some questions, and the seconds that those took."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'consult.sqlite3'}"
    upgrade(url)
    settings = Settings.for_tests(folder, url)
    engine = make_engine(url)
    now = datetime.now(UTC)
    with Session(engine, expire_on_commit=False) as session:
        set_up(session, settings, responses=responses, now=now)
        workspace = workspaces.find(session, model_case().slug)
        assert workspace is not None
        with unit_of_work(session):
            for question in questions:
                asking.ask(session, workspace, question, actor="benchmark", now=now)
    sessions = sessionmaker[Session](engine, expire_on_commit=False)
    with Presence(folder / "workers") as presence:
        runner = Runner(sessions, KINDS, settings, presence, stop=threading.Event())
        began = time.perf_counter()
        while runner.run_next():
            pass
        return time.perf_counter() - began, engine


Act = Callable[[Session, Study], object]


def _actions(engine: Engine) -> dict[str, Act]:
    with Session(engine) as session:
        themes = [theme.id for theme in figures.overview(session, _study(session)).themes]
        figures.theme_detail(session, _study(session), themes[0])

    def edited(edit: Act) -> Act:
        def act(session: Session, study: Study) -> object:
            with unit_of_work(session):
                done = edit(session, study)
            return done, figures.overview(session, _study(session))

        return act

    def now() -> datetime:
        return datetime.now(UTC)

    def some(session: Session, study: Study) -> list[str]:
        return list(
            session.scalars(
                select(StudyKey.key)
                .where(StudyKey.study_id == study.id, StudyKey.decided_by == "machine")
                .limit(5)
            )
        )

    me = "benchmark"
    return {
        "the list of themes": figures.overview,
        "one theme": lambda s, study: figures.theme_detail(s, study, themes[2]),
        "the answers behind it": lambda s, study: answers.behind(s, study, theme=themes[2]),
        "search": lambda s, study: answers.behind(s, study, words="bus late"),
        "rename": edited(
            lambda s, study: editing.rename(
                s, study.id, themes[3], f"Label {now()}", actor=me, now=now()
            )
        ),
        "move five statements": edited(
            lambda s, study: editing.move(
                s, study.id, some(s, study), themes[3], actor=me, now=now()
            )
        ),
        "merge": edited(
            lambda s, study: editing.merge(
                s, study.id, themes[4], _another(s, study, themes[4]), actor=me, now=now()
            )
        ),
        "undo": edited(
            lambda s, study: editing.undo(s, study.id, study.last_sequence, actor=me, now=now())
        ),
        "a proposal to split": lambda s, study: editing.proposed_parts(s, study, themes[1]),
        "a proposal to merge": editing.closest_pair,
        "history": editing.history,
    }


def _another(session: Session, study: Study, theme: str) -> str:
    standing = studies.standing(session, study).state.standing
    return next(name for name in reversed(standing) if name != theme)


def _milliseconds(engine: Engine, act: Act) -> list[float]:
    taken = []
    for _ in range(ROUNDS):
        with Session(engine, expire_on_commit=False) as session:
            study = _study(session)
            began = time.perf_counter()
            act(session, study)
            taken.append(1000 * (time.perf_counter() - began))
    return taken


def _study(session: Session) -> Study:
    stored = consultations.get(session, model_case().slug)
    found = studies.find(session, stored, QUESTION)
    assert found is not None
    return found
