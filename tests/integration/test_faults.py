"""The database gone, the disk full: a page that says so, what was typed kept, and a recovery."""

import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError

from consult.config import Settings
from consult.db import db, upgrade
from consult.languages import LANGUAGES
from tests.support.visitors import Visitor, put


class Trouble:
    """Makes every statement, or every write, of an application fail."""

    def __init__(self, app: Flask, message: str, *, writes_only: bool) -> None:
        self.active = False
        with app.app_context():
            engine = db.engine

        @event.listens_for(engine, "before_cursor_execute")
        def fail(_connection, _cursor, statement, *_more) -> None:
            writes = statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
            if self.active and (writes or not writes_only):
                raise OperationalError(statement, {}, sqlite3.OperationalError(message))


@pytest.mark.parametrize(
    ("message", "writes_only"),
    [("database or disk is full", True), ("unable to open database file", False)],
)
def test_what_was_typed_stays_until_it_can_be_saved(
    app: Flask, visitor: Visitor, message: str, writes_only: bool
) -> None:
    trouble = Trouble(app, message, writes_only=writes_only)
    visitor.visit("question/vision_say")
    trouble.active = True
    page = visitor.send("/question/vision_say", {"answer": "do not lose me"})
    assert page.status == 503
    assert "do not lose me" in page.html
    assert "We could not save your answer just now" in page.text
    trouble.active = False
    page = visitor.send("/question/vision_say")
    assert page.path.endswith("/question/food_agree")
    assert "do not lose me" in visitor.visit("question/vision_say").html


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_pages_say_that_the_records_are_out_of_reach(app: Flask, language: str) -> None:
    trouble = Trouble(app, "unable to open database file", writes_only=False)
    visitor = Visitor(app.test_client(), language)
    visitor.answer("who", answer="resident")
    trouble.active = True
    page = visitor.visit("check")
    assert page.status == 503
    assert page.response.headers["Retry-After"] == "30"
    assert f'lang="{language}"' in page.html
    trouble.active = False
    assert visitor.visit("check").status == 200


def test_health_follows_the_database(app: Flask) -> None:
    trouble = Trouble(app, "unable to open database file", writes_only=False)
    client = app.test_client()
    assert client.get("/healthz").get_json() == {"status": "ok", "database": "ok"}
    trouble.active = True
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.get_json()["database"] == "unreachable"


def test_a_fresh_start_without_a_database_says_so(
    make_app: Callable[[Settings], Flask], settings: Settings
) -> None:
    app = make_app(settings)
    trouble = Trouble(app, "unable to open database file", writes_only=False)
    trouble.active = True
    page = Visitor(app.test_client()).visit()
    assert page.status == 503
    assert "cannot reach our records" in page.text


def test_a_fault_of_ours_says_so_and_tells_the_log_no_words(
    app: Flask,
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_arguments: object, **_more: object) -> None:
        raise ValueError("secret words of a resident")

    visitor.visit("question/vision_say")
    monkeypatch.setattr("consult.services.drafts.save_answer", broken)
    page = visitor.send("/question/vision_say", {"answer": "secret words of a resident"})
    assert page.status == 500
    assert "our fault, not yours" in page.text
    logged = capsys.readouterr().err
    assert "secret words" not in logged


@pytest.mark.postgres
def test_postgresql_gone_and_back(
    make_app: Callable[[Settings], Flask], tmp_path, postgres_server, model_document
) -> None:
    name = postgres_server.create_database()
    url = postgres_server.url(name)
    upgrade(url)
    app = make_app(Settings.for_tests(tmp_path, url))
    put(app, model_document)
    visitor = Visitor(app.test_client())
    visitor.visit("question/vision_say")
    engine = create_engine(postgres_server.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": name},
        )
        page = visitor.send("/question/vision_say", {"answer": "do not lose me"})
        assert page.status == 503
        assert "do not lose me" in page.html
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    engine.dispose()
    assert visitor.send("/question/vision_say").path.endswith("/question/food_agree")
