"""The tests' own PostgreSQL server starts, copies databases, and leaves nothing behind."""

import contextlib
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text

from tests.support.postgres import SUPERUSER, PostgresUnavailable, running_postgres


def test_each_database_is_empty(database_url):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE answer (id INTEGER PRIMARY KEY)"))
    engine.dispose()


@pytest.mark.postgres
def test_a_database_is_a_copy_of_its_template(postgres_server):
    template = postgres_server.create_database()
    engine = create_engine(postgres_server.url(template))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE answer AS SELECT 'Łódź' AS written"))
    engine.dispose()

    copy = postgres_server.create_database(template=template)

    engine = create_engine(postgres_server.url(copy))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT lower(written) FROM answer")).scalar() == "łódź"
    engine.dispose()
    postgres_server.drop_database(copy)
    postgres_server.drop_database(template)


@pytest.mark.postgres
def test_the_server_stops_after_an_error(postgres_server):
    folder = None
    with contextlib.suppress(KeyError), running_postgres() as server:
        folder = server.socket_dir
        raise KeyError
    assert folder is not None
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(folder), port=5432, user=SUPERUSER, dbname="postgres")


def test_a_machine_without_postgres_is_told_what_is_missing(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: [])
    with pytest.raises(PostgresUnavailable, match="no initdb on the path"), running_postgres():
        pass
