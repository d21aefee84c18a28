"""Installations to save and restore, with a row in every table of the models."""

import gzip
import io
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from consult.backups import BackupError, Place, Written, back_up
from consult.backups.recovering import RESTORED
from consult.db import make_engine
from consult.models import Base
from consult.models.base import UtcDateTime
from tests.support.databases import DIALECTS, sqlite_url
from tests.support.postgres import PostgresServer

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
SECRET = "the-secret-of-the-backup-tests-0123456789"


@dataclass
class Installation:
    """One place, and what lies in it."""

    place: Place

    @property
    def folder(self) -> Path:
        return self.place.data_dir

    @property
    def url(self) -> str:
        return self.place.database_url

    def write(self, name: str, content: str | bytes) -> Path:
        """Put a file into the data folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    def files(self) -> dict[str, bytes]:
        """All files but the database's."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and ".sqlite3" not in path.name
        }

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """All rows by table, as the models read them, without the note of a restore."""
        return rows_in(self.url)

    def back_up(self, target: Path, now: datetime = NOW) -> Written:
        return back_up(self.place, target, now=now)

    def execute(self, statement: str, **values: Any) -> None:
        """Change something in the database, past all models."""
        with engine_of(self.url) as engine, engine.begin() as connection:
            connection.execute(sa.text(statement), values)


Make = Callable[..., Installation]


@pytest.fixture(name="install")
def installing(
    request: pytest.FixtureRequest, tmp_path: Path, migrated_sqlite: bytes
) -> Iterator[Make]:
    """Make places: ``install("sqlite", "name", migrated=True, secret=SECRET)``."""
    made: list[tuple[PostgresServer, str]] = []

    def make(
        dialect: str, name: str, *, migrated: bool = False, secret: str | None = SECRET
    ) -> Installation:
        folder = tmp_path / name
        if migrated:
            folder.mkdir(mode=0o700)
        if dialect == "sqlite":
            path = folder / "consult.sqlite3"
            if migrated:
                path.write_bytes(migrated_sqlite)
            return Installation(Place(folder, sqlite_url(path), secret))
        server: PostgresServer = request.getfixturevalue("postgres_server")
        template = request.getfixturevalue("migrated_postgres") if migrated else "template1"
        database = server.create_database(template=template)
        made.append((server, database))
        return Installation(Place(folder, server.url(database), secret))

    yield make
    for server, database in made:
        server.drop_database(database)


@pytest.fixture(
    name="dialect",
    params=DIALECTS,
)
def each_dialect(request: pytest.FixtureRequest) -> str:
    """Each database in its turn."""
    return str(request.param)


@pytest.fixture(name="here")
def saved_place(install: Make, tmp_path: Path) -> Installation:
    """A place with a row in every table, one file, and a backup of it: ``saved``."""
    installation = install("sqlite", "here", migrated=True)
    fill_every_table(installation.url)
    installation.write("logo.png", "a logo")
    installation.back_up(tmp_path / "saved")
    return installation


@pytest.fixture(name="there")
def place_to_restore_to(install: Make) -> Installation:
    """A place to restore to, with data of its own that must stay what it is."""
    installation = install("sqlite", "there", migrated=True)
    installation.execute("INSERT INTO postcode_area VALUES ('B11BB', 'E1')")
    installation.write("kept.txt", "kept")
    return installation


@contextmanager
def refusing(installation: Installation, words: str) -> Iterator[None]:
    """Expect one line that says these words, and that nothing has changed."""
    before = installation.rows(), installation.files()
    with pytest.raises(BackupError, match=words) as caught:
        yield
    assert "\n" not in str(caught.value)
    assert (installation.rows(), installation.files()) == before
    assert sorted(path.name for path in installation.folder.iterdir() if path.is_dir()) == []


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def engine_of(url: str) -> Iterator[sa.Engine]:
    """An engine that lets go of the database at the end."""
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def rows_in(url: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of a database by table, in the order of their keys."""
    with engine_of(url) as engine, engine.connect() as connection:
        return {
            table.name: sorted(
                (
                    dict(row)
                    for row in connection.execute(sa.select(table)).mappings()
                    if row.get("action") != RESTORED
                ),
                key=repr,
            )
            for table in Base.metadata.sorted_tables
        }


def fill_every_table(url: str) -> None:
    """Put one row into every table of the models, with a value in every column that allows one.

    Where a promise of the table speaks against that, what may be empty stays empty.
    """
    made: dict[str, Mapping[str, Any]] = {}
    with engine_of(url) as engine, engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            if connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
                _insert_one(connection, table, made)
            made[table.name] = dict(connection.execute(sa.select(table)).mappings().one())


def _insert_one(
    connection: sa.Connection, table: sa.Table, made: Mapping[str, Mapping[str, Any]]
) -> None:
    for full, choice in product((True, False), range(9)):
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(table).values(_row(table, made, full, choice)))
        except IntegrityError:
            continue
        return
    raise AssertionError(f"no row was found that {table.name} takes: help it to one here")


_LEFT_EMPTY = {"server_key": {"removed_at"}}
"""Columns without which a full row keeps its table's promises."""


def _row(
    table: sa.Table, made: Mapping[str, Mapping[str, Any]], full: bool, choice: int
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for place, column in enumerate(table.columns):
        left_empty = column.name in _LEFT_EMPTY.get(table.name, ())
        if column.nullable and (left_empty or not full):
            continue
        key = next(iter(column.foreign_keys), None)
        if key is None:
            allowed = _allowed(table, column)
            row[column.name] = (
                allowed[choice % len(allowed)] if allowed else _value(table, column, place)
            )
        elif key.column.table is not table:
            row[column.name] = made[key.column.table.name][key.column.name]
    return row


def _allowed(table: sa.Table, column: sa.Column[Any]) -> list[str]:
    """The values that a table's promises name for a column, where they name all."""
    for constraint in table.constraints:
        if isinstance(constraint, sa.CheckConstraint) and "known" in str(constraint.name):
            found = re.search(rf"\b{column.name} IN \(([^)]*)\)", str(constraint.sqltext))
            if found:
                return re.findall(r"'(\w+)'", found[1])
    return []


def _value(table: sa.Table, column: sa.Column[Any], place: int) -> Any:
    # Later columns hold later times and larger numbers; nothing is too late for its consultation.
    start = datetime(2030, 1, 1, tzinfo=UTC) if table.name == "consultation" else NOW
    values: dict[type[sa.types.TypeEngine[Any]], Any] = {
        sa.String: f"ق'{column.name}"[: getattr(column.type, "length", None) or 80],
        sa.JSON: {"b": [1, 2.5, None, "ا 🌳"], "a": {"null": None}, "q": "'\";%s:x?\\ "},
        sa.Uuid: uuid4(),
        UtcDateTime: start + timedelta(hours=place, microseconds=place),
        sa.Date: date(2027, 3, 31),
        sa.Boolean: True,
        sa.Integer: 1 + place,
        sa.Float: 0.1,
        sa.LargeBinary: b"\x00\xff\n'\"",
    }
    return next(value for kind, value in values.items() if isinstance(column.type, kind))


def members_of(backup: Path) -> dict[str, bytes]:
    """The members of a backup by name."""
    with tarfile.open(backup) as archive:
        return {
            member.name: archive.extractfile(member).read()  # type: ignore[union-attr]
            for member in archive
        }


def repacked(backup: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A backup with its members changed, otherwise sound."""
    members = members_of(backup)
    change(members)
    target = backup.with_name(f"changed-{backup.name}")
    with gzip.open(target, "wb") as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target
