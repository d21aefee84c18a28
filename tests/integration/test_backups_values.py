"""Values as lines of JSON, and back, on each database."""

import json
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from consult.backups.loading import set_counters
from consult.backups.schema import Table, head, tables_at
from consult.backups.tables import digest_of, lines_of, load
from consult.backups.values import kind_of
from consult.models import Base
from tests.support.backups import engine_of


def scratch_table(connection: sa.Connection) -> Table:
    connection.exec_driver_sql(
        "CREATE TABLE scratch (id INTEGER PRIMARY KEY, n NUMERIC(12, 4), f DOUBLE PRECISION,"
        f" b {'BLOB' if connection.dialect.name == 'sqlite' else 'BYTEA'}, t TIME, d DATE,"
        " j JSON, w TEXT, g BIGINT, o BOOLEAN)"
    )
    return Table(
        "scratch",
        {
            "id": "integer",
            "n": "decimal",
            "f": "float",
            "b": "bytes",
            "t": "time",
            "d": "date",
            "j": "json",
            "w": "text",
            "g": "integer",
            "o": "boolean",
        },
        ("id",),
    )


SCRATCH_ROWS = [
    (1, "1.5", 0.1, b"\x00\xff", time(1, 2, 3, 4), date(2026, 2, 28), '{"b": 1.50}', "", -1, True),
    (2, "-0.0001", 1e300, b"", time(), date(1, 1, 1), '"\\u0000"', "ا\n\t\"'\\", 2**62, False),
    (
        3,
        "12345678.9",
        float("inf"),
        b"x" * 999,
        time(23, 59),
        date(9999, 12, 31),
        "[]",
        "x",
        0,
        None,
    ),
    (4, None, None, None, None, None, None, None, None, None),
    (5, "100", -0.0, b"\n", time(12), date(2026, 3, 1), "null", "NULL", 1, True),
]


def test_every_kind_of_value_comes_back(database_url):
    with engine_of(database_url) as engine, engine.begin() as connection:
        table = scratch_table(connection)
        columns = [sa.column(name, _type(kind)) for name, kind in table.columns.items()]
        plain = sa.table("scratch", *columns)
        for row in SCRATCH_ROWS:
            values: dict[str, Any] = dict(zip(table.columns, row, strict=True))
            values["n"] = None if row[1] is None else Decimal(row[1])
            values["j"] = None if row[6] is None else json.loads(row[6])
            if row[6] == "null":
                values["j"] = sa.JSON.NULL
            connection.execute(sa.insert(plain).values(values))
        lines = list(lines_of(connection, table))
        read = connection.execute(sa.select(plain).order_by("id")).all()
        connection.execute(sa.delete(plain))
        load(connection, table, lines)
        assert connection.execute(sa.select(plain).order_by("id")).all() == read
        assert list(lines_of(connection, table)) == lines
    assert json.loads(lines[0])[:4] == [1, "1.5", 0.1, "AP8="]
    assert json.loads(lines[1])[1:5] == ["-0.0001", 1e300, "", "00:00:00"]
    assert json.loads(lines[2])[2] == "inf"
    assert json.loads(lines[3]) == [4, *[None] * 9]
    assert json.loads(lines[4])[1] == "100"
    assert digest_of(lines)[0] == 5


def _type(kind: str) -> sa.types.TypeEngine[Any]:
    plain: dict[str, sa.types.TypeEngine[Any]] = {
        "integer": sa.BigInteger(),
        "decimal": sa.Float(),
        "float": sa.Double(),
        "bytes": sa.LargeBinary(),
        "time": sa.Time(),
        "date": sa.Date(),
        "json": sa.JSON(none_as_null=True),
        "text": sa.Text(),
        "boolean": sa.Boolean(),
    }
    return plain[kind]


@pytest.mark.postgres
def test_postgresql_goes_on_counting_after_the_highest_number(postgres_server):
    name = postgres_server.create_database()
    with engine_of(postgres_server.url(name)) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE scratch (id SERIAL PRIMARY KEY, w INTEGER)")
        connection.exec_driver_sql("CREATE TABLE bare (id SERIAL PRIMARY KEY, w INTEGER)")
        columns = {"id": "integer", "w": "integer"}
        scratch, bare = (Table(each, columns, ("id",)) for each in ("scratch", "bare"))
        load(connection, scratch, [b"[7, 1]\n", b"[3, 9]\n"])
        set_counters(connection, [scratch, bare])
        insert = "INSERT INTO {} (w) VALUES (0) RETURNING id"
        assert connection.exec_driver_sql(insert.format("scratch")).scalar_one() == 8
        assert connection.exec_driver_sql(insert.format("bare")).scalar_one() == 1
    postgres_server.drop_database(name)


def test_every_column_of_the_models_is_of_a_kind_that_backups_know():
    known = {table.name: set(table.columns) for table in tables_at(head())}
    assert known == {
        name: {column.name for column in table.columns}
        for name, table in Base.metadata.tables.items()
    }


def test_a_type_that_backups_do_not_know_is_named():
    # The first backup after a migration that brings one would fail, and so do the tests above.
    with pytest.raises(LookupError, match="INTERVAL"):
        kind_of(sa.dialects.postgresql.INTERVAL())
