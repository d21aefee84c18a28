"""The schema's way up and down, and what stands in it on the way."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

from consult.db import downgrade, make_engine, upgrade
from consult.models import Base
from tests.support.consultations import insert_row, plain_table, rows_of_0001

HEAD = "0007"


@pytest.fixture
def engine(database_url):
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def tables_in(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def version_of(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(engine: sa.Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, Base.metadata))


def triggers_in(engine: sa.Engine) -> set[str]:
    statement = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with engine.connect() as connection:
        return set(connection.execute(sa.text(statement)).scalars())


def functions_in(engine: sa.Engine) -> set[str]:
    if engine.dialect.name == "sqlite":
        return set()
    statement = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    with engine.connect() as connection:
        return set(connection.execute(sa.text(statement)).scalars())


def checks_in(engine: sa.Engine) -> set[str]:
    inspector = sa.inspect(engine)
    return {
        str(check["name"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def test_there_is_one_head():
    scripts = ScriptDirectory("consult/migrations")
    assert scripts.get_heads() == [HEAD]
    assert scripts.get_bases() == ["0001"]


def test_from_nothing_to_head_and_the_models_say_the_same(database_url, engine):
    upgrade(database_url)
    assert version_of(engine) == HEAD
    assert differences(engine) == []
    assert tables_in(engine) == {*Base.metadata.tables, "alembic_version"}


def test_models_and_head_promise_the_same_checks(database_url, engine):
    # alembic does not compare CHECK constraints.
    upgrade(database_url)
    promised = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert checks_in(engine) == promised


def test_a_difference_would_be_found(database_url, engine):
    upgrade(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE draft DROP COLUMN sent_at"))
    assert [difference[0] for difference in differences(engine)] == ["add_column"]  # type: ignore[index]


def test_down_to_nothing_and_up_again(database_url, engine):
    upgrade(database_url)
    triggers = triggers_in(engine)
    assert len(triggers) >= 3
    downgrade(database_url, "base")
    assert tables_in(engine) <= {"alembic_version"}
    assert triggers_in(engine) == set()
    assert functions_in(engine) == set()
    assert version_of(engine) is None
    upgrade(database_url)
    assert differences(engine) == []
    assert triggers_in(engine) == triggers


def test_upgrading_twice_changes_nothing(database_url, engine):
    upgrade(database_url)
    upgrade(database_url)
    assert version_of(engine) == HEAD


def kept(engine: sa.Engine, name: str) -> list[dict[str, object]]:
    row = rows_of_0001()[name]
    with engine.connect() as connection:
        found = connection.execute(sa.select(plain_table(name, row)))
        return [dict(each) for each in found.mappings()]


def test_rows_in_every_table_outlive_the_upgrade_and_the_way_back(database_url, engine):
    upgrade(database_url, "0001")
    rows = rows_of_0001()
    assert {*rows, "alembic_version"} == tables_in(engine)
    with engine.begin() as connection:
        for name, row in rows.items():
            insert_row(connection, name, row)
    upgrade(database_url)
    assert {name: kept(engine, name) for name in rows} == {
        name: [row] for name, row in rows.items()
    }
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM audit_event"))
    downgrade(database_url, "0001")
    assert {name: kept(engine, name) for name in rows} == {
        name: [row] for name, row in rows.items()
    }
    with engine.begin() as connection:  # the first schema did not promise this yet
        connection.execute(sa.text("DELETE FROM audit_event"))


def test_a_failed_upgrade_leaves_the_old_schema(database_url, engine):
    upgrade(database_url, "0001")
    with engine.begin() as connection:
        # In the way of the last statement of 0002.
        if engine.dialect.name == "sqlite":
            connection.execute(
                sa.text(
                    "CREATE TRIGGER answer_not_too_late BEFORE INSERT ON answer BEGIN SELECT 1; END"
                )
            )
        else:
            connection.execute(
                sa.text(
                    "CREATE FUNCTION consult_answer_not_too_late() RETURNS trigger"
                    " LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
                )
            )
    before = triggers_in(engine)
    with pytest.raises(sa.exc.DBAPIError):
        upgrade(database_url)
    assert version_of(engine) == "0001"
    assert triggers_in(engine) == before
