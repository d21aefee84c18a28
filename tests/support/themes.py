"""The model case answered, and its themes found: made once, and copied for each test."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from consult.config import Settings
from consult.db import make_engine, unit_of_work
from consult.demo.setting_up import set_up
from consult.document.model import Consultation as Document
from consult.jobs.kinds import KINDS
from consult.jobs.presence import Presence
from consult.jobs.runner import Runner
from consult.models import Study, Workspace
from consult.services import consultations, workspaces
from consult.services.themes import asking, studies
from tests.support.databases import sqlite_url
from tests.support.visitors import NOON, SLUG

RESPONSES = 120
"""Made-up people in the example."""

ANALYSED_AT = NOON
QUESTION = "barriers_say"
"""The question that most tests look at."""


def run_jobs(engine: Any, folder: Path, settings: Settings, *, now: datetime = NOON) -> None:
    """Run every job that waits, as a worker does."""
    sessions = sessionmaker[Session](engine, expire_on_commit=False)
    with Presence(folder / "workers") as presence:
        runner = Runner(
            sessions, KINDS, settings, presence, stop=threading.Event(), clock=lambda: now
        )
        while runner.run_next():
            pass


def analyse(
    engine: Any,
    folder: Path,
    settings: Settings,
    *questions: str,
    now: datetime = NOON,
    **wishes: Any,
) -> None:
    """Ask for the themes of questions, and run the jobs."""
    with Session(engine) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        for question in questions:
            asking.ask(session, workspace, question, actor="test", now=now, **wishes)
    run_jobs(engine, folder, settings, now=now)


@pytest.fixture(scope="session")
def answered_database(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes, model_document: Document
) -> bytes:
    """The file of an SQLite database: the model case with its workspace and its responses."""
    folder = tmp_path_factory.mktemp("answered")
    path = folder / "answered.sqlite3"
    path.write_bytes(migrated_sqlite)
    return _made(path, lambda engine: _answer(engine, folder, path))


@pytest.fixture(scope="session")
def themed_database(
    tmp_path_factory: pytest.TempPathFactory, answered_database: bytes, model_document: Document
) -> bytes:
    """The same with the themes of every long text question."""
    folder = tmp_path_factory.mktemp("themed")
    path = folder / "themed.sqlite3"
    path.write_bytes(answered_database)
    questions = [question.key for question in studies.text_questions(model_document)]
    return _made(
        path,
        lambda engine: analyse(engine, folder, _settings(folder, path), *questions),
    )


@pytest.fixture
def answered_app(
    make_app: Callable[[Settings], Flask], settings: Settings, answered_database: bytes
) -> Flask:
    """An application that holds the model case with 120 made-up responses and no themes."""
    Path(settings.database_url.removeprefix("sqlite:///")).write_bytes(answered_database)
    return make_app(settings)


@pytest.fixture
def themed_app(
    make_app: Callable[[Settings], Flask], settings: Settings, themed_database: bytes
) -> Flask:
    """The same with the themes of its text questions."""
    Path(settings.database_url.removeprefix("sqlite:///")).write_bytes(themed_database)
    return make_app(settings)


def study_of(session: Session, question: str = QUESTION) -> Study:
    """The study of a question of the model case."""
    stored = consultations.get(session, SLUG)
    found = studies.find(session, stored, question)
    assert found is not None
    return found


def workspace_of(session: Session) -> Workspace:
    """The workspace of the model case."""
    found = workspaces.find(session, SLUG)
    assert found is not None
    return found


def _answer(engine: Any, folder: Path, path: Path) -> None:
    with Session(engine, expire_on_commit=False) as session:
        set_up(session, _settings(folder, path), responses=RESPONSES, now=NOON)


def _settings(folder: Path, path: Path) -> Settings:
    return Settings.for_tests(folder, sqlite_url(path))


def _made(path: Path, make: Callable[[Any], None]) -> bytes:
    engine = make_engine(sqlite_url(path))
    make(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path.read_bytes()
