"""What the tables of a revision are, and bringing a database to a revision."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from consult.backups.values import KINDS, kind_of
from consult.db import make_engine

VERSION_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the migrations make it: its columns' kinds by name, and its primary key."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]

    def clause(self) -> sa.TableClause:
        """The table for statements, on whichever database."""
        columns: list[sa.ColumnClause[Any]] = [
            sa.column(name, KINDS[kind].type) for name, kind in self.columns.items()
        ]
        return sa.table(self.name, *columns)


@cache
def tables_at(revision: str) -> tuple[Table, ...]:
    """The product's tables at a revision, parents before their children.

    The migrations themselves say it: they are run on an empty database in memory. So a backup
    of an older schema needs nothing but the migrations, and what else may stand in the same
    database is never taken for the product's.
    """
    engine = make_engine("sqlite://")
    try:
        with engine.connect() as connection:
            migrate(connection, revision)
            inspector = sa.inspect(connection)
            ordered = [name for name, _keys in inspector.get_sorted_table_and_fkc_names() if name]
            return tuple(_table(inspector, name) for name in ordered if name != VERSION_TABLE)
    finally:
        engine.dispose()


def _table(inspector: sa.Inspector, name: str) -> Table:
    columns = {
        column["name"]: kind_of(column["type"])
        for column in inspector.get_columns(name)
        if "computed" not in column
    }
    key = inspector.get_pk_constraint(name)["constrained_columns"]
    return Table(name, columns, tuple(key))


def revision_of(connection: sa.Connection) -> str | None:
    """The revision that a database says it is at; none where it was never set up."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str:
    """The revision that this version of the product works on."""
    with _config() as config:
        found = ScriptDirectory.from_config(config).get_current_head()
    if found is None:
        raise LookupError("the product has no migrations")
    return found


@cache
def is_known(revision: str) -> bool:
    """Whether this version of the product has a revision's migration."""
    with _config() as config:
        try:
            found = ScriptDirectory.from_config(config).get_revision(revision or "none")
        except CommandError:
            return False
    return getattr(found, "revision", None) == revision  # "head", too, leads to one


def migrate(connection: sa.Connection, revision: str = "head") -> None:
    """Bring a database up to a revision in the connection's own transaction."""
    with _config() as config:
        config.attributes["connection"] = _begun(connection)
        command.upgrade(config, revision)


def take_down(connection: sa.Connection) -> None:
    """Take all the product's tables away in the connection's own transaction."""
    with _config() as config:
        config.attributes["connection"] = _begun(connection)
        command.downgrade(config, "base")


def _begun(connection: sa.Connection) -> sa.Connection:
    """A connection in a transaction: the migrations then leave it to us to commit."""
    if not connection.in_transaction():
        connection.begin()
    return connection


@contextmanager
def _config() -> Iterator[Config]:
    with as_file(files("consult") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        yield config
