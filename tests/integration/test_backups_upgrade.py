"""A backup of an older schema, with rows in every table, comes back at this version's."""

import pytest
import sqlalchemy as sa

from consult.backups import rehearse, restore
from consult.backups.schema import head
from consult.db import upgrade
from tests.support.backups import (  # noqa: F401
    LATER,
    each_dialect,
    engine_of,
    installing,
    members_of,
)
from tests.support.consultations import insert_row, plain_table, rows_of_0001
from tests.support.databases import DIALECTS


@pytest.mark.parametrize("target", DIALECTS)
@pytest.mark.parametrize("revision", ["0002", "0001"])
def test_rows_of_an_older_schema_end_at_head(install, tmp_path, dialect, target, revision):
    old = install(dialect, "old")
    old.folder.mkdir()
    upgrade(old.url, revision)
    rows = rows_of_0001()
    with engine_of(old.url) as engine, engine.begin() as connection:
        for name, row in rows.items():
            insert_row(connection, name, row)
    written = old.back_up(tmp_path / "saved")
    assert written.manifest.revision == revision
    assert {name for name, entry in written.manifest.tables.items() if entry.rows == 1} == {*rows}
    with engine_of(old.url) as engine, engine.connect() as connection:  # it was only read
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == revision

    assert rehearse(tmp_path / "saved", now=LATER).revision == head()
    new = install(target, "new")
    restored = restore(tmp_path / "saved", new.place, now=LATER)
    assert f"Schema upgraded from {revision} to {head()}." in restored.lines()
    with engine_of(new.url) as engine, engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == head()
        found = {
            name: [
                dict(kept)
                for kept in connection.execute(sa.select(plain_table(name, row))).mappings()
                if kept.get("action") != "data restored"
            ]
            for name, row in rows.items()
        }
    assert found == {name: [row] for name, row in rows.items()}
    # The models read what came, and what is new since has its default.
    assert new.rows()["consultation"][0]["is_preview"] is False


def test_an_older_database_is_replaced_and_saved_as_it_is(install, tmp_path, dialect):
    good = install("sqlite", "good", migrated=True)
    good.back_up(tmp_path / "saved")
    old = install(dialect, "old")
    old.folder.mkdir()
    upgrade(old.url, "0002")
    rows = rows_of_0001()
    with engine_of(old.url) as engine, engine.begin() as connection:
        insert_row(connection, "audit_event", rows["audit_event"])
    restored = restore(tmp_path / "saved", old.place, now=LATER, replace=True)
    assert old.rows() == good.rows()
    assert restored.saved is not None
    assert restored.saved.manifest.revision == "0002"
    [line] = members_of(restored.saved.path)["tables/audit_event.jsonl"].splitlines()
    assert b'"a subject"' in line
