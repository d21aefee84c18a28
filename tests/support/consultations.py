"""The example consultation in a database, people who answer it, and two who come at once."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from consult.db import make_engine, unit_of_work
from consult.document.model import Consultation as Document
from consult.document.model import Question
from consult.models import Base, Consultation, Draft, Response
from consult.models.base import UtcDateTime
from consult.services import consultations, drafts
from consult.services.codes import new_code
from consult.services.responses import Receipt, Submission, send_draft, submit
from tests.support.databases import sqlite_url
from tests.support.postgres import PostgresServer
from tests.unit import consultation_example

Result = TypeVar("Result")
Fields = Mapping[str, Mapping[str, list[str]]]

SECRET = "a-secret-of-the-tests-0123456789abcdef"
SLUG = "riverton-parks"

# The example opens on 2 March 2026 at 09:00 GMT, and closes on 31 March at 23:59 summer time.
OPENS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
CLOSES = datetime(2026, 3, 31, 22, 59, tzinfo=UTC)
GRACE_ENDS = datetime(2026, 3, 31, 23, 29, tzinfo=UTC)
LATE_UNTIL = datetime(2026, 4, 2, 11, 0, tzinfo=UTC)
DELETE_ON = date(2027, 3, 31)

FULL: Fields = {
    "capacity": {"answer": ["group"], "other-group": ["Planted allotment club"]},
    "vision_agree": {"answer": ["disagree"]},
    "vision_why": {"answer": ["Planted reason: no bench for my mother"]},
    "name_of_park": {"answer": ["Planted meadow"]},
    "visits": {"answer": ["12"]},
    "wishes": {"answer": ["toilets", "benches"]},
    "order": {"rank-trees": ["2"], "rank-play": ["1"]},
    "ward": {"answer": ["E1"]},
    "age": {"answer": ["from_45"]},
}
"""Every question of the example answered, as the fields of its form."""

FULL_VALUES: Mapping[str, Mapping[str, Any]] = {
    "capacity": {"choice": "group", "other": "Planted allotment club"},
    "vision_agree": {"choice": "disagree"},
    "vision_why": {"text": "Planted reason: no bench for my mother"},
    "name_of_park": {"text": "Planted meadow"},
    "visits": {"number": 12},
    "wishes": {"choices": ["benches", "toilets"]},
    "order": {"order": ["play", "trees"]},
    "ward": {"choice": "E1"},
    "age": {"choice": "from_45"},
}
"""What they come to."""

PLANTED = ("Planted allotment club", "Planted reason: no bench for my mother", "Planted meadow")


@cache
def example() -> Document:
    """The example consultation, read once for all tests."""
    return consultation_example.example()


@dataclass
class World:
    """A database that holds the example, and ways to act on it."""

    engine: Engine
    session: Session
    _known: dict[int, Document] = field(default_factory=dict)

    @property
    def stored(self) -> Consultation:
        return consultations.get(self.session, SLUG)

    @property
    def document(self) -> Document:
        """What is stored now, read again when its revision grows, as the pages do."""
        stored = self.stored
        if stored.revision not in self._known:
            self._known[stored.revision] = consultations.document_of(self.session, stored)
        return self._known[stored.revision]

    def question(self, key: str) -> Question:
        found = self.document.question(key)
        assert found is not None
        return found

    def store(self, document: Document, now: datetime = NOW) -> None:
        """Store a document in a unit of work of its own."""
        with unit_of_work(self.session):
            consultations.store(self.session, document, actor="an officer", now=now)

    def begin(self, fields: Fields = FULL, *, language: str = "en", now: datetime = NOW) -> Draft:
        """Begin a draft, and fill it in; it is committed."""
        with unit_of_work(self.session):
            document = self.document
            draft = drafts.start(self.session, self.stored, document, language=language, now=now)
            for key, typed in fields.items():
                drafts.save_answer(
                    self.session,
                    draft,
                    document,
                    self.question(key),
                    typed,
                    language=language,
                    now=now,
                )
        return draft

    def save(
        self,
        draft: Draft,
        key: str,
        typed: Mapping[str, list[str]],
        *,
        language: str = "en",
        now: datetime = NOW,
        skip: bool = False,
    ) -> Any:
        """Save one answer in a unit of work of its own."""
        with unit_of_work(self.session):
            return drafts.save_answer(
                self.session,
                draft,
                self.document,
                self.question(key),
                typed,
                language=language,
                now=now,
                skip=skip,
            )

    def skip_rest(self, draft: Draft, now: datetime = NOW) -> None:
        """Skip every question that was not seen."""
        with unit_of_work(self.session):
            document = self.document
            drafts.skip_unseen(
                self.session, draft, document, document.questions, language="en", now=now
            )

    def send(self, draft: Draft, now: datetime = NOW, **options: Any) -> Receipt:
        """Send a draft in a unit of work of its own."""
        with unit_of_work(self.session):
            return send_draft(
                self.session,
                self.stored,
                self.document,
                draft.id,
                secret_key=SECRET,
                now=now,
                **options,
            )

    def submit(self, now: datetime = NOW, **changes: Any) -> Receipt:
        """Submit answers that come at once, in a unit of work of their own."""
        given = submission(**changes)
        with unit_of_work(self.session):
            return submit(
                self.session, self.stored, self.document, given, secret_key=SECRET, now=now
            )

    def response(self, receipt: Receipt) -> Response:
        return self.session.get_one(Response, receipt.response_id)

    def marks(self, receipt: Receipt) -> set[tuple[str, str]]:
        """Kinds and reasons of a response's marks."""
        self.session.expire_all()
        return {(mark.kind, mark.reason) for mark in self.response(receipt).marks}

    def count(self, table: str) -> int:
        return int(self.scalar(f"SELECT count(*) FROM {table}"))

    def scalar(self, statement: str) -> Any:
        """One value, read in a connection of its own: only what is committed."""
        with self.engine.connect() as connection:
            return connection.execute(sa.text(statement)).scalar_one()

    def meanwhile(
        self, first: Callable[[Session], Any], second: Callable[[Session], Result]
    ) -> Result:
        """Let a second person act while the first is not done, and return what they get.

        The second has to wait for the first: who does not wait is a fault.

        Raises
        ------
        Exception
            What the second raised.
        """
        outcome: list[Result] = []
        failure: list[BaseException] = []

        def act() -> None:
            try:
                with Session(self.engine) as session, unit_of_work(session):
                    outcome.append(second(session))
            except BaseException as error:
                failure.append(error)

        other = threading.Thread(target=act)
        with Session(self.engine) as session, unit_of_work(session):
            first(session)
            other.start()
            other.join(0.25)
            waited = other.is_alive()
        other.join(10)
        assert not other.is_alive(), "the second never came to an end"
        if failure:
            raise failure[0]
        assert waited, "the second did not wait for the first"
        return outcome[0]

    def at_once(self, act: Callable[[Session], Result], people: int = 4) -> list[Result]:
        """What several people get who do the same in the same moment."""
        start = threading.Barrier(people)
        outcome: list[Result] = []
        failures: list[BaseException] = []

        def one() -> None:
            try:
                with Session(self.engine) as session:
                    start.wait(10)
                    with unit_of_work(session):
                        result = act(session)
                outcome.append(result)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=one) for _ in range(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        if failures:
            raise failures[0]
        assert len(outcome) == people
        return outcome

    def everything(self) -> str:
        """All that stands in all tables, as text."""
        tables = sa.MetaData()
        tables.reflect(self.engine)
        with self.engine.connect() as connection:
            return "\n".join(
                repr(tuple(row))
                for table in tables.sorted_tables
                for row in connection.execute(sa.select(table))
            )


@contextmanager
def shared_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database at head for several tests, of the dialect in the parameter.

    :func:`fresh_world` brings it back to the example for each of them. That is many times
    faster than a new database and a new engine, which has to learn every statement again.
    """
    if request.param == "sqlite":
        folder = request.getfixturevalue("tmp_path_factory").mktemp("shared")
        engine = make_engine(sqlite_url(folder / "consult.sqlite3"))
        yield engine
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database(template=request.getfixturevalue("migrated_postgres"))
    engine = make_engine(server.url(name))
    _keep_example(engine)
    yield engine
    engine.dispose()
    server.drop_database(name)


@contextmanager
def fresh_world(engine: Engine, request: pytest.FixtureRequest) -> Iterator[World]:
    """A world in a shared database, with nothing in it that another test has left."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        path = Path(str(engine.url.database))
        for left in path.parent.iterdir():
            left.unlink()
        path.write_bytes(request.getfixturevalue("example_sqlite"))
    else:
        with engine.begin() as connection:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            for table in Base.metadata.sorted_tables:
                connection.execute(sa.delete(table))
            for name in sa.inspect(connection).get_table_names(schema=_KEPT):
                connection.exec_driver_sql(f"INSERT INTO {name} SELECT * FROM {_KEPT}.{name}")
    with Session(engine) as session:
        yield World(engine, session)


@pytest.fixture(scope="session")
def example_sqlite(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: bytes) -> bytes:
    """The file of an SQLite database that holds the example."""
    path = tmp_path_factory.mktemp("example") / "example.sqlite3"
    path.write_bytes(migrated_sqlite)
    with world_in(sqlite_url(path)) as world:
        world.session.close()
        with world.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


_KEPT = "kept"
"""A room in a PostgreSQL database of tests for the rows of the example."""


def _keep_example(engine: Engine) -> None:
    with _world_on(engine):
        pass
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {_KEPT}")
        for table in Base.metadata.sorted_tables:
            if connection.execute(sa.select(table).limit(1)).first() is not None:
                connection.exec_driver_sql(
                    f"CREATE TABLE {_KEPT}.{table.name} AS SELECT * FROM {table.name}"
                )


@contextmanager
def world_in(url: str) -> Iterator[World]:
    """A world in a database at head."""
    engine = make_engine(url)
    try:
        with _world_on(engine) as world:
            yield world
    finally:
        engine.dispose()


@contextmanager
def _world_on(engine: Engine) -> Iterator[World]:
    with Session(engine) as session:
        world = World(engine, session)
        world.store(example(), now=OPENS)
        yield world


def submission(**changes: Any) -> Submission:
    """A person's answers that come at once, begun ten minutes before they are sent."""
    given = Submission(
        client_id=uuid4(),
        answers={"capacity": {"choice": "resident"}, "vision_agree": {"choice": "agree"}},
        language="en",
        channel="online",
        code=new_code(),
        started_at=datetime(2026, 3, 10, 11, 50, tzinfo=UTC),
    )
    return replace(given, **changes)


def with_question(document: Document, key: str, **changes: Any) -> Document:
    """A document with one question changed, validated again."""
    plain = document.model_dump()
    [question] = [q for q in plain["questions"] if q["key"] == key]
    question.update(changes)
    return Document.model_validate(plain)


def changed(document: Document, **changes: Any) -> Document:
    """A document with fields changed, validated again."""
    return Document.model_validate({**document.model_dump(), **changes})


# Rows of the first schema, written out so that they stay what they are when models change.


def rows_of_0001() -> dict[str, dict[str, Any]]:
    """One valid row of each table of migration 0001, parents first."""
    ids = {name: UUID(int=number) for number, name in enumerate(_TABLES, start=1)}
    consultation = ids["consultation"]
    return {
        "audit_event": {
            "id": ids["audit_event"],
            "at": NOW,
            "actor": "machine",
            "action": "tested",
            "subject": "a subject",
            "details": {"count": 1},
        },
        "code_guess": {"hour": NOW, "wrong_count": 3},
        "consultation": {
            "id": consultation,
            "slug": "kept",
            "definition": {"title": "Kept"},
            "opens_at": OPENS,
            "closes_at": CLOSES,
            "late_until": LATE_UNTIL,
            "paused": False,
            "delete_on": DELETE_ON,
            "deletion": "delete",
            "revision": 7,
            "created_at": OPENS,
        },
        "postcode_area": {"postcode": "B11BB", "area_code": "E1"},
        "contact": {
            "id": ids["contact"],
            "consultation_id": consultation,
            "email": "a@example.org",
            "language": "en",
            "given_on": date(2026, 3, 9),
        },
        "contact_intake": {
            "id": ids["contact_intake"],
            "consultation_id": consultation,
            "email": "b@example.org",
            "language": "ur",
            "given_on": date(2026, 3, 10),
        },
        "question": {
            "id": ids["question"],
            "consultation_id": consultation,
            "key": "why",
            "position": 0,
            "retired": False,
        },
        "response": {
            "id": ids["response"],
            "consultation_id": consultation,
            "client_id": UUID(int=100),
            "content_digest": "d" * 64,
            "code_hash": "c" * 64,
            "channel": "online",
            "language": "ur",
            "started_at": OPENS,
            "received_at": NOW,
            "timing": "on_time",
            "is_resident": True,
        },
        "translation": {
            "consultation_id": consultation,
            "language": "ur",
            "path": "title",
            "text": "ریورٹن کے پارک",
        },
        "draft": {
            "id": ids["draft"],
            "consultation_id": consultation,
            "client_id": UUID(int=101),
            "code_hash": "e" * 64,
            "receipt_seed": "f" * 64,
            "language": "en",
            "created_at": OPENS,
            "updated_at": NOW,
            "expires_at": CLOSES,
        },
        "question_version": {
            "id": ids["question_version"],
            "question_id": ids["question"],
            "number": 1,
            "definition": {"label": "Why?"},
            "translations": {},
            "created_at": OPENS,
        },
        "response_mark": {
            "id": ids["response_mark"],
            "response_id": ids["response"],
            "kind": "suspected_spam",
            "reason": "hidden_field",
            "marked_by": "machine",
            "marked_at": NOW,
        },
        "answer": {
            "id": ids["answer"],
            "response_id": ids["response"],
            "question_key": "why",
            "question_version_id": ids["question_version"],
            "value": {"text": "Because 🌳"},
            "language": "ur",
            "answered_at": NOW,
        },
        "draft_answer": {
            "draft_id": ids["draft"],
            "question_key": "why",
            "question_version": 1,
            "typed": {"answer": ["Bec"]},
            "value": {"text": "Bec"},
            "skipped": False,
            "language": "en",
            "answered_at": NOW,
        },
    }


_TABLES = (
    "audit_event",
    "consultation",
    "contact",
    "contact_intake",
    "question",
    "response",
    "draft",
    "question_version",
    "response_mark",
    "answer",
)


def plain_table(name: str, row: Mapping[str, Any]) -> sa.TableClause:
    """A table with the columns of a row, their types told from its values."""
    return sa.table(name, *(sa.column(key, _type_of(value)) for key, value in row.items()))


def insert_row(connection: Connection, name: str, row: Mapping[str, Any]) -> None:
    """Insert one row, past all models."""
    connection.execute(sa.insert(plain_table(name, row)).values(row))


def _type_of(value: object) -> sa.types.TypeEngine[Any]:
    types: dict[type, sa.types.TypeEngine[Any]] = {
        UUID: sa.Uuid(),
        datetime: UtcDateTime(),
        date: sa.Date(),
        dict: sa.JSON(),
        bool: sa.Boolean(),
        int: sa.Integer(),
        str: sa.Text(),
    }
    return types[type(value)]
