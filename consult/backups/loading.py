"""Filling a database from a backup, and reading back what was filled in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

import sqlalchemy as sa

from consult.backups.archive import FILES, MANIFEST_MEMBER, TABLES, ArchiveReader
from consult.backups.errors import BackupError
from consult.backups.manifest import Manifest
from consult.backups.schema import Table, tables_at
from consult.backups.tables import digest_of, lines_of, load


def tables_of(manifest: Manifest) -> list[Table]:
    """The tables of a backup, with their columns in the order that its lines have.

    Raises
    ------
    BackupError
        If this version makes other tables at the backup's revision.
    """
    here = {table.name: table for table in tables_at(manifest.revision)}
    there = {name: entry.columns for name, entry in manifest.tables.items()}
    if {name: table.columns for name, table in here.items()} != there:
        raise BackupError(
            f"The backup has other tables than this version makes at revision {manifest.revision}. "
            f"Restore it with version {manifest.product_version}, which made it."
        )
    return [Table(name, columns, here[name].key) for name, columns in there.items()]


def fill(
    connection: sa.Connection,
    archive: ArchiveReader,
    manifest: Manifest,
    add_file: Callable[[str, IO[bytes]], None],
) -> None:
    """Fill the tables of the backup's revision, and hand its files on.

    Triggers are put aside meanwhile: they judge what people do, such as sending an answer too
    late, not what was rightly there. All other promises of the database are kept or the
    restore fails, and every table is read back and compared with what was saved.

    Raises
    ------
    BackupError
        If a row cannot be stored, or is not read back as it was.
    """
    tables = tables_of(manifest)
    by_member = {f"{TABLES}{table.name}.jsonl": table for table in tables}
    with _triggers_aside(connection, tables), _keys_aside(connection, tables):
        for table in reversed(tables):  # a migration may have put rows in
            connection.execute(sa.delete(table.clause()))
        for name, content in archive.members():
            if name in by_member:
                load(connection, by_member[name], content)
            elif name != MANIFEST_MEMBER:
                add_file(name.removeprefix(FILES), content)
    for table in tables:
        entry = manifest.tables[table.name]
        if digest_of(lines_of(connection, table)) != (entry.rows, entry.sha256):
            raise BackupError(
                f"The table {table.name} does not read back as it was saved. Nothing was changed. "
                "Please report this as a fault of Consult."
            )
    if connection.dialect.name == "postgresql":
        set_counters(connection, tables)
    else:
        _check_keys(connection)


@contextmanager
def _triggers_aside(connection: sa.Connection, tables: list[Table]) -> Iterator[None]:
    if connection.dialect.name == "postgresql":
        for table in tables:
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
        yield
        for table in tables:
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')
        return
    triggers = connection.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    for name, _sql in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _name, statement in triggers:
        connection.exec_driver_sql(statement)


@contextmanager
def _keys_aside(connection: sa.Connection, tables: list[Table]) -> Iterator[None]:
    """Check foreign keys once at the end, so that tables may point to each other.

    SQLite waits with them for the end of the transaction by itself, where it was told to.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    keys = connection.execute(
        sa.text(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f'"
            " AND conrelid = ANY (SELECT to_regclass(quote_ident(name))"
            " FROM unnest(CAST(:names AS text[])) AS name)"
        ),
        {"names": [table.name for table in tables]},
    ).all()
    for table, key, _definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
    yield
    for table, key, definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {key} {definition}")


def _check_keys(connection: sa.Connection) -> None:
    missing = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if missing is not None:
        raise BackupError(
            f"The backup is damaged: a row of its table {missing[0]} points to a row of "
            f"{missing[2]} that is not in it. Use an earlier backup."
        )


def set_counters(connection: sa.Connection, tables: list[Table]) -> None:
    """Let PostgreSQL go on counting after the highest number that was filled in."""
    for table in tables:
        clause = table.clause()
        for name, kind in table.columns.items():
            if kind != "integer":
                continue
            counter = connection.scalar(
                sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', name))
            )
            highest = connection.scalar(sa.select(sa.func.max(clause.c[name])))
            if counter is not None and highest is not None:
                connection.execute(sa.select(sa.func.setval(counter, highest)))
