"""The database that a restore replaces: held still, saved, and exchanged in one step."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from consult.backups import schema
from consult.backups.errors import BackupError, explaining_database, explaining_files
from consult.backups.places import Place
from consult.backups.recovering import remove_unfinished, unfinished
from consult.backups.staging import sync_folder
from consult.db import make_engine, upgrade

_WAIT_SECONDS = 2


class Build(Protocol):
    """A database that is being filled and that nobody else sees yet."""

    @property
    def connection(self) -> sa.Connection:
        """A connection to it, in a transaction."""

    def upgrade(self) -> None:
        """Bring what was filled in up to the schema of this version."""

    def publish(self) -> None:
        """Let it take the place of what was there."""


class Held(Protocol):
    """A database while nobody else may write to it."""

    connection: sa.Connection | None
    """Reads what is there; none where there is nothing."""

    def building(self, revision: str) -> AbstractContextManager[Build]:
        """A new database in its place, with the tables of a revision, and no rows."""


@contextmanager
def held(place: Place) -> Iterator[Held]:
    """Keep everybody else off a database.

    Raises
    ------
    BackupError
        If somebody uses it, it cannot be reached, or it is not one of Consult's.
    """
    file = place.sqlite_file
    holding = _held_sqlite(file) if file is not None else _held_postgresql(place.database_url)
    with explaining_database(), holding as database:
        if database.connection is not None:
            revision = schema.revision_of(database.connection)
            if revision is not None and not schema.is_known(revision):
                raise BackupError(
                    f"The database here is at revision {revision}, which this version does not "
                    "know. Restore into an empty database, or with the version that runs on it."
                )
        yield database


def has_rows(connection: sa.Connection | None) -> bool:
    """Whether a database holds anything of the product's."""
    revision = None if connection is None else schema.revision_of(connection)
    if connection is None or revision is None:
        return False
    return any(
        connection.scalar(sa.select(sa.exists().select_from(table.clause())))
        for table in schema.tables_at(revision)
    )


# SQLite: a new file is built and takes the name of the old one.


class _Sqlite:
    def __init__(self, file: Path, connection: sa.Connection | None) -> None:
        self.file = file
        self.connection = connection

    @contextmanager
    def building(self, revision: str) -> Iterator["_SqliteBuild"]:
        remove_unfinished(self.file)
        part = unfinished(self.file)
        with explaining_files(part):
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        build = _SqliteBuild(self.file, part)
        try:
            build.begin(revision)
            yield build
        finally:
            build.close()
            remove_unfinished(self.file)


class _SqliteBuild:
    def __init__(self, file: Path, part: Path) -> None:
        self._file = file
        self._part = part
        self._url = f"sqlite:///{part}"
        self._engine = make_engine(self._url)
        self._connection: sa.Connection | None = None

    @property
    def connection(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.begin()
        return self._connection

    def begin(self, revision: str) -> None:
        upgrade(self._url, revision)
        # Also between tables that point to each other.
        self.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")

    def upgrade(self) -> None:
        self._commit()
        upgrade(self._url)

    def publish(self) -> None:
        self._commit()
        with self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._engine.dispose()
        with explaining_files(self._file):
            with self._part.open("rb") as file:
                os.fsync(file.fileno())
            for suffix in ("-wal", "-shm"):  # of a database that was deleted without them
                with suppress(FileNotFoundError):
                    self._file.with_name(f"{self._file.name}{suffix}").unlink()
            self._part.replace(self._file)
            sync_folder(self._file.parent)

    def _commit(self) -> None:
        self.connection.commit()
        self.connection.close()
        self._connection = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


@contextmanager
def _held_sqlite(file: Path) -> Iterator[_Sqlite]:
    with explaining_files(file):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_there = file.exists() and file.stat().st_size > 0
    if not is_there:
        yield _Sqlite(file, None)
        return
    raw = sqlite3.connect(file, isolation_level=None, timeout=_WAIT_SECONDS)
    engine = sa.create_engine(
        "sqlite://", creator=lambda: raw, poolclass=StaticPool, pool_reset_on_return=None
    )
    try:
        _keep_others_off(raw, file)
        with engine.connect() as connection:
            raw.execute("BEGIN IMMEDIATE")
            yield _Sqlite(file, connection)
    finally:
        engine.dispose()
        raw.close()


def _keep_others_off(raw: sqlite3.Connection, file: Path) -> None:
    """Leave write-ahead logging, which SQLite lets nobody do whose database others have open."""
    try:
        [(mode,)] = raw.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise BackupError(f"{file} cannot be used: {error}.") from error
        mode = "in use"
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{file} is no database: {error}. Move it away first.") from error
    if mode != "delete":
        raise BackupError(f"{file} is in use. Stop the server and the workers, and try again.")


# PostgreSQL: everything happens in one transaction.


class _Postgresql:
    def __init__(self, connection: sa.Connection) -> None:
        self.connection: sa.Connection | None = connection
        self._connection = connection

    @contextmanager
    def building(self, revision: str) -> Iterator["_PostgresqlBuild"]:
        there = schema.revision_of(self._connection)
        if there is not None:
            names = ", ".join(f'"{table.name}"' for table in schema.tables_at(there))
            self._connection.exec_driver_sql(f"TRUNCATE {names}")
            schema.take_down(self._connection)
        schema.migrate(self._connection, revision)
        yield _PostgresqlBuild(self._connection)


class _PostgresqlBuild:
    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def upgrade(self) -> None:
        schema.migrate(self.connection)

    def publish(self) -> None:
        self.connection.commit()


@contextmanager
def _held_postgresql(url: str) -> Iterator[_Postgresql]:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            connection.begin()
            _refuse_company(connection)
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT_SECONDS}s'")
            revision = schema.revision_of(connection)
            if revision is not None and schema.is_known(revision):
                names = ", ".join(f'"{table.name}"' for table in schema.tables_at(revision))
                connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
            yield _Postgresql(connection)
    finally:
        engine.dispose()


def _refuse_company(connection: sa.Connection) -> None:
    """Refuse while the product itself is connected: it would go on with what it remembers."""
    others = connection.scalar(
        sa.text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = current_user AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
    )
    if others:
        raise BackupError(
            f"The database is in use: {others} other connections of this account are open. Stop "
            "the server and the workers, and try again."
        )
