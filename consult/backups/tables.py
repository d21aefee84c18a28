"""A table's rows as lines of JSON, and back."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from consult.backups.errors import BackupError
from consult.backups.schema import Table
from consult.backups.values import KINDS

BATCH = 1_000
"""Rows held in memory at once."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def lines_of(connection: sa.Connection, table: Table) -> Iterator[bytes]:
    """Each row of a table as one line, in the order of its primary key.

    The same rows make the same lines on every database. The order also says nothing of when a
    row was written, which matters for contact details.

    Raises
    ------
    BackupError
        If a value is not of its column's kind; SQLite lets any value into any column.
    """
    clause = table.clause()
    encoders = [(name, KINDS[kind].encode) for name, kind in table.columns.items()]
    rows = connection.execute(
        sa.select(clause).order_by(*_order(connection, table, clause)),
        execution_options={"yield_per": BATCH},
    )
    with rows:
        for row in rows:
            values = []
            for (name, encode), value in zip(encoders, row, strict=True):
                try:
                    values.append(None if value is None else encode(value))
                except (ArithmeticError, TypeError, ValueError) as error:
                    raise BackupError(
                        f"The database holds a value in {table.name}.{name} that does not belong "
                        "there. Mend that row first."
                    ) from error
            yield _ENCODER.encode(values).encode("utf-8") + b"\n"


def _order(
    connection: sa.Connection, table: Table, clause: sa.TableClause
) -> list[sa.ColumnElement[Any]]:
    """The key's columns; texts by their bytes, as SQLite orders them."""
    by_bytes = connection.dialect.name == "postgresql"
    return [
        sa.collate(clause.c[name], "C")
        if by_bytes and table.columns[name] == "text"
        else clause.c[name]
        for name in table.key or table.columns
    ]


def load(connection: sa.Connection, table: Table, lines: Iterable[bytes]) -> None:
    """Insert what :func:`lines_of` made.

    Raises
    ------
    BackupError
        If a line is not a row of this table.
    """
    statement = sa.insert(table.clause())
    rows = _rows(table, lines)
    while batch := list(islice(rows, BATCH)):
        connection.execute(statement, batch)


def _rows(table: Table, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    decoders = [(name, KINDS[kind].decode) for name, kind in table.columns.items()]
    for number, line in enumerate(lines, start=1):
        try:
            values = json.loads(line)
            yield {
                name: None if value is None else decode(value)
                for (name, decode), value in zip(decoders, values, strict=True)
            }
        except (ArithmeticError, TypeError, ValueError) as error:
            raise BackupError(
                f"The backup is damaged: line {number} of its table {table.name} is no row of it. "
                "Use an earlier backup."
            ) from error


def digest_of(lines: Iterable[bytes]) -> tuple[int, str]:
    """How many lines there are, and their SHA-256."""
    count, digest = 0, hashlib.sha256()
    for line in lines:
        count += 1
        digest.update(line)
    return count, digest.hexdigest()
