"""People who use the pages, through Flask's test client. Every page they fetch is checked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consult import create_app
from consult.config import Settings
from consult.db import db, make_engine, unit_of_work
from consult.demo.setting_up import model_case
from consult.document.model import Consultation as Document
from consult.services import consultations
from tests.support.html import check_page

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
SLUG = "bolder-healthier-city"


@dataclass
class Clock:
    """The time that an application believes it is."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Form:
    """One form of a page: where it goes and what it would send untouched."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    """Of all its fields, also of those that would send nothing."""
    values: dict[str, list[str]] = field(default_factory=dict)
    """The values that each group of choices offers."""


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._textarea: str | None = None
        self._select: str | None = None
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""))
            self.forms.append(self._open)
        form = self._open
        if form is None or (not given.get("name") and tag != "option"):
            return
        name = given.get("name", "")
        if tag in {"input", "select", "textarea", "button"}:
            form.names.add(name)
        if tag == "input" and given.get("type") in {"radio", "checkbox"}:
            form.values.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "input":
            form.fields[name] = [given.get("value", "")]
        elif tag == "textarea":
            self._textarea = name
            form.fields[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.values.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given:
                form.fields[self._select] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._textarea = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._textarea and self._open is not None:
            self._open.fields[self._textarea][0] += data


class Page:
    """A page as a person gets it."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.path = response.request.path
        self.html = response.get_data(as_text=True)

    @cached_property
    def _read(self) -> _Forms:
        parser = _Forms()
        parser.feed(self.html)
        return parser

    @property
    def forms(self) -> list[Form]:
        return self._read.forms

    @cached_property
    def text(self) -> str:
        return " ".join(" ".join(self._read.text).split())

    def form(self, part: str) -> Form:
        """The form whose action contains a text."""
        return next(form for form in self.forms if part in form.action)


class Visitor:
    """One browser: its cookies, and the page it shows."""

    def __init__(self, client: FlaskClient, language: str = "en", slug: str = SLUG) -> None:
        self.client = client
        self.language = language
        self.slug = slug
        self.page: Page | None = None

    def address(self, rest: str = "") -> str:
        """The address of a page of the consultation."""
        return f"/{self.language}/{self.slug}/{rest}"

    def get(self, path: str, **options: Any) -> Page:
        """Fetch a page, following redirects, and check it."""
        return self._shown(self.client.get(path, follow_redirects=True, **options))

    def post(self, path: str, data: Mapping[str, Any] | bytes, **options: Any) -> Page:
        """Send a form, following redirects, and check the page that comes."""
        return self._shown(self.client.post(path, data=data, follow_redirects=True, **options))

    def visit(self, rest: str = "") -> Page:
        """Fetch a page of the consultation."""
        return self.get(self.address(rest))

    def send(self, part: str, changes: Mapping[str, Any] | None = None) -> Page:
        """Fill the form in whose action contains a text, and send it."""
        assert self.page is not None
        form = self.page.form(part)
        data: dict[str, Any] = {name: list(entries) for name, entries in form.fields.items()}
        data.update(changes or {})
        return self.post(form.action, {k: v for k, v in data.items() if v is not None})

    def answer(self, key: str, **fields: Any) -> Page:
        """Answer one question and press Continue; ``other_x`` is the field ``other-x``."""
        self.visit(f"question/{key}")
        return self.send(
            f"question/{key}",
            {
                name.replace("_", "-", 1) if name.startswith(("other_", "rank_")) else name: value
                for name, value in fields.items()
            },
        )

    def answer_everything(self, words: str = "More parks, please.") -> Page:
        """Go the whole way to the check, answering each question with its first choice."""
        page = self.visit("answer")
        for _ in range(100):
            if page.path.endswith("/about-you"):
                page = self.send("about-you")
            elif "/question/" in page.path:
                page = self.send("/question/", _plausible(page.form("/question/"), words))
            else:
                return page
        raise AssertionError(f"the way does not end: {page.path}")

    def send_all(self, words: str = "More parks, please.") -> Page:
        """Answer everything, and send."""
        self.answer_everything(words)
        return self.send("/send")

    def _shown(self, response: TestResponse) -> Page:
        self.page = Page(response)
        if response.mimetype == "text/html":
            check_page(self.page.html)
        return self.page


def _plausible(form: Form, words: str) -> dict[str, Any]:
    if "answer" in form.values:
        return {"answer": form.values["answer"][0]}
    ranks = sorted(name for name in form.names if name.startswith("rank-"))
    if ranks:
        return {name: str(place) for place, name in enumerate(ranks[:2], start=1)}
    return {"answer": "3" if "walk_days" in form.action else words}


@pytest.fixture
def clock() -> Clock:
    """The application's clock; it stands at noon of a day on which the model case is open."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path, sqlite_database_url: str) -> Settings:
    """Settings of an application on a fresh SQLite database."""
    return Settings.for_tests(tmp_path, sqlite_database_url)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_app(
    clock: Clock, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Callable[[Settings], Flask]]:
    """Make applications whose connections are closed at the end."""
    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        app = create_app(settings)
        app.jinja_env.bytecode_cache = compiled_templates
        app.config.update(TESTING=False, CONSULT_CLOCK=clock)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def model_document() -> Document:
    """The model case as its file says it, open from 2 November 2026 to 17 January 2027."""
    return model_case()


@pytest.fixture(scope="session")
def model_database(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes, model_document: Document
) -> bytes:
    """The file of an SQLite database that holds the model case."""
    path = tmp_path_factory.mktemp("model") / "model.sqlite3"
    path.write_bytes(migrated_sqlite)
    engine = make_engine(f"sqlite:///{path}")
    with Session(engine) as session, unit_of_work(session):
        consultations.store(session, model_document, actor="test", now=NOON)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path.read_bytes()


@pytest.fixture
def app(make_app: Callable[[Settings], Flask], settings: Settings, model_database: bytes) -> Flask:
    """An application that holds the model case."""
    Path(settings.database_url.removeprefix("sqlite:///")).write_bytes(model_database)
    return make_app(settings)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Someone who reads English."""
    return Visitor(app.test_client())


def put(app: Flask, document: Document) -> None:
    """Store a consultation, or a change of it."""
    with in_session(app) as session, unit_of_work(session):
        consultations.store(session, document, actor="test", now=app.config["CONSULT_CLOCK"]())


class in_session:  # noqa: N801 - reads as a verb
    """A session on an application's database: ``with in_session(app) as session``."""

    def __init__(self, app: Flask) -> None:
        self._context = app.app_context()

    def __enter__(self) -> Session:
        self._context.push()
        return db.session

    def __exit__(self, *_error: object) -> None:
        self._context.pop()
