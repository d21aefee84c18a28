"""A database for each test: fresh and empty, or with the schema at head."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer

DIALECTS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.sqlite3")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(params=DIALECTS)
def migrated_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the schema at head, once on SQLite and on PostgreSQL.

    It is a copy of one that was migrated once, which is some hundred times faster.
    """
    if request.param == "sqlite":
        path = tmp_path / "consult.sqlite3"
        path.write_bytes(request.getfixturevalue("migrated_sqlite"))
        yield sqlite_url(path)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database(template=request.getfixturevalue("migrated_postgres"))
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def sqlite_database_url(tmp_path: Path, migrated_sqlite: bytes) -> str:
    """The address of an SQLite database at head, for tests whose subject is no database."""
    path = tmp_path / "consult.sqlite3"
    path.write_bytes(migrated_sqlite)
    return sqlite_url(path)


@pytest.fixture(scope="session")
def migrate() -> Callable[[str], None]:
    """What brings an empty database to head."""
    from consult.db import upgrade

    return upgrade


@pytest.fixture(scope="session")
def migrated_sqlite(
    tmp_path_factory: pytest.TempPathFactory, migrate: Callable[[str], None]
) -> bytes:
    """The file of an SQLite database at head."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    migrate(sqlite_url(path))
    connection = sqlite3.connect(path)
    try:
        (busy, *_pages) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    assert not busy, "consult.db.upgrade left a connection open"
    return path.read_bytes()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer, migrate: Callable[[str], None]) -> str:
    """The name of a PostgreSQL database at head, to copy.

    PostgreSQL copies no database that somebody is connected to, so the migration has to
    close its connections.
    """
    name = postgres_server.create_database()
    migrate(postgres_server.url(name))
    return name


def sqlite_url(path: Path) -> str:
    """SQLAlchemy's address of an SQLite file."""
    return f"sqlite:///{path}"
