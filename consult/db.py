"""The database: engines, the unit of work, and the schema's upgrades."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.resources import as_file, files
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from alembic import command
from alembic.config import Config
from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from consult.config import Settings

BUSY_TIMEOUT_MS = 15_000
"""How long a writer waits for SQLite's lock while another process holds it."""

UNAVAILABLE = (OperationalError, InterfaceError, InternalError, PoolTimeout)
"""What is raised while the database is gone, read-only, locked for too long, or its disk full."""

_WRITES = "consult_writes"
_locks: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()
_locks_guard = Lock()

db = SQLAlchemy()


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for a database, set up as the product needs it."""
    engine = create_engine(url, **{**engine_options(url), **options})
    prepare_engine(engine)
    return engine


def engine_options(url: str) -> dict[str, Any]:
    """Options of :func:`sqlalchemy.create_engine` that suit a database."""
    options: dict[str, Any] = {"hide_parameters": True}  # an error's words hold no one's
    if url.startswith("sqlite"):
        return {**options, "connect_args": {"check_same_thread": False}}
    return {**options, "pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}


def prepare_engine(engine: Engine) -> None:
    """Make SQLite keep its promises; other databases do so by themselves.

    Below Python 3.12 the driver opens transactions by its own rules, which break
    savepoints: it is told to leave that to us. A writer takes the lock at once
    (``BEGIN IMMEDIATE``), so that it waits its turn instead of failing half-way.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA recursive_triggers = ON")  # REPLACE, too, counts as deleting
        cursor.execute("PRAGMA secure_delete = ON")  # withdrawn text leaves the file too
        cursor.execute("PRAGMA journal_size_limit = 0")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def init_app(app: Flask, settings: Settings) -> None:
    """Give an application its database."""
    url = settings.database_url
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": url, **engine_options(url)}}
    db.init_app(app)
    # The library closes asynchronous sessions, which we have none of, on an event loop that it
    # makes for each request: a tenth of a request's time.
    app.teardown_appcontext_funcs = [
        closing
        for closing in app.teardown_appcontext_funcs
        if closing.__name__ != "_close_async_sessions"
    ]
    with app.app_context():
        prepare_engine(db.engine)
        db.sessionmaker.configure(expire_on_commit=False)


@contextmanager
def unit_of_work(session: Session) -> Iterator[Session]:
    """Commit once at the end, or roll everything back.

    What the session has read before is let go first, so that the work sees the database
    as it is when its turn to write comes.

    Raises
    ------
    RuntimeError
        If the session holds changes that nobody has committed.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside a unit of work")
    session.rollback()
    with _turn_to_write(session.get_bind()):
        session.connection(execution_options={_WRITES: True})
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def stand_still(session: Session) -> None:
    """Read everything as it was at one moment: tables that disagree cannot go out together.

    For a session that has read nothing yet. SQLite does so by itself.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def forget_removed(session: Session) -> None:
    """See to it that what was just removed leaves the disk as well.

    SQLite overwrites it in its file, and keeps older pages in the write-ahead log until that
    is emptied: done here, or, while somebody reads, at the next round of housekeeping. What
    PostgreSQL keeps in its log is its operator's to keep short.
    """
    session.rollback()
    bind = session.get_bind()
    if bind.dialect.name == "sqlite":
        with _turn_to_write(bind), bind.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _turn_to_write(bind: Engine | Connection) -> AbstractContextManager[object]:
    """Where only one may write at a time, a lock lets this process's threads queue.

    SQLite's own waiting is polling without any order: under load one thread can wait past
    every timeout while others go through.
    """
    if bind.dialect.name != "sqlite":
        return nullcontext()
    with _locks_guard:
        return _locks.setdefault(bind.engine, Lock())


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database's schema up to a revision, from nothing or from an older one."""
    with _alembic(url) as config:
        command.upgrade(config, revision)


def downgrade(url: str, revision: str) -> None:
    """Take a database's schema back to an older revision."""
    with _alembic(url) as config:
        command.downgrade(config, revision)


@contextmanager
def _alembic(url: str) -> Iterator[Config]:
    with as_file(files("consult") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        engine = make_engine(url)
        try:
            with engine.connect().execution_options(**{_WRITES: True}) as connection:
                config.attributes["connection"] = connection
                yield config
        finally:
            engine.dispose()
