"""Saving everything, and restoring it, on each database and from one to the other."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from consult.backups import BackupError, Place, making, rehearse, restore
from consult.backups.places import Contents, contents_of
from consult.backups.schema import head
from consult.models import Base
from tests.support.backups import (  # noqa: F401
    LATER,
    SECRET,
    Installation,
    each_dialect,
    engine_of,
    fill_every_table,
    installing,
    rows_in,
)
from tests.support.databases import DIALECTS


def promises_of(url: str) -> dict[str, object]:
    """What a database keeps to: constraints, triggers, and what differs from the models."""
    with engine_of(url) as engine, engine.connect() as connection:
        triggers = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            if engine.dialect.name == "sqlite"
            else "SELECT tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE NOT tgisinternal"
        )
        inspector = sa.inspect(connection)
        return {
            "keys": {
                (name, key["name"], str(key["options"]), str(key["referred_columns"]))
                for name in inspector.get_table_names()
                for key in inspector.get_foreign_keys(name)
            },
            "triggers": {tuple(row) for row in connection.execute(sa.text(triggers))},
            "differences": compare_metadata(MigrationContext.configure(connection), Base.metadata),
            "checks": {
                str(check["name"])
                for name in inspector.get_table_names()
                for check in inspector.get_check_constraints(name)
            },
        }


@pytest.mark.parametrize("target", DIALECTS)
def test_every_table_and_file_comes_back_on_each_database(install, tmp_path, dialect, target):
    here = install(dialect, "here", migrated=True)
    fill_every_table(here.url)
    here.write("logo.png", b"\x89PNG\x00\xff")
    here.write("drafts/strategy ü/عنوان.docx", b"a draft")
    before = here.rows()
    assert set(before) == set(Base.metadata.tables)
    assert {name: len(rows) for name, rows in before.items() if len(rows) != 1} == {}

    written = here.back_up(tmp_path / "saved")
    there = install(target, "there")
    restored = restore(tmp_path / "saved", there.place, now=LATER)

    assert written.manifest.row_count == restored.manifest.row_count == len(before)
    assert there.rows() == before
    assert there.files() == {
        "logo.png": b"\x89PNG\x00\xff",
        "drafts/strategy ü/عنوان.docx": b"a draft",
    }
    fresh = install(target, "fresh", migrated=True)
    assert promises_of(there.url) == promises_of(fresh.url)
    assert promises_of(there.url)["differences"] == []
    with pytest.raises(DBAPIError, match="only grows"):
        there.execute("DELETE FROM audit_event")
    assert here.rows() == before


def test_the_same_rows_make_the_same_lines_on_each_database(install, tmp_path, postgres_server):
    here = install("sqlite", "here", migrated=True)
    fill_every_table(here.url)
    for postcode in ("b1", "B1", "ÄB", "a b", "ab", "_"):  # languages would sort them otherwise
        here.execute("INSERT INTO postcode_area VALUES (:p, 'E1')", p=postcode)
    first = here.back_up(tmp_path / "first")
    there = install("postgresql", "there")
    restore(tmp_path / "first", there.place, now=LATER)
    second = there.back_up(tmp_path / "second")
    differing = {
        name
        for name, entry in first.manifest.tables.items()
        if second.manifest.tables[name] != entry
    }
    assert differing == {"audit_event"}  # it tells of the restore
    assert (first.manifest.dialect, second.manifest.dialect) == ("sqlite", "postgresql")


def test_json_s_null_and_no_value_stay_two_things(install, tmp_path, dialect):
    here = install(dialect, "here", migrated=True)
    fill_every_table(here.url)
    for value in ("NULL", "'null'"):
        here.execute(f"UPDATE draft_answer SET value = {value}")
        written = here.back_up(tmp_path / f"saved {value}")
        for target in ("sqlite", "postgresql"):
            there = install(target, f"{target} {value}")
            restore(written.path, there.place, now=LATER)
            with engine_of(there.url) as engine, engine.connect() as connection:
                empty = connection.scalar(sa.text("SELECT value IS NULL FROM draft_answer"))
            assert bool(empty) == (value == "NULL")


def test_the_trail_tells_of_the_restore_and_the_rehearsal_tells_nobody(install, tmp_path):
    here = install("sqlite", "here", migrated=True)
    here.back_up(tmp_path / "saved")
    there = install("sqlite", "there")
    restore(tmp_path / "saved", there.place, now=LATER)
    with engine_of(there.url) as engine, engine.connect() as connection:
        [event] = connection.execute(sa.select(Base.metadata.tables["audit_event"])).mappings()
    assert (event["actor"], event["action"], event["subject"], event["at"]) == (
        "command line",
        "data restored",
        "saved",
        LATER,
    )
    assert event["details"]["made_at"] == "2026-03-10T12:00:00+00:00"
    assert (event["details"]["rows"], event["details"]["replaced"]) == (0, False)


def test_a_rehearsal_restores_and_leaves_nothing(install, tmp_path, dialect, monkeypatch):
    here = install(dialect, "here", migrated=True)
    fill_every_table(here.url)
    here.write("logo.png", b"a logo")
    written = here.back_up(tmp_path / "saved")
    before = here.rows(), here.files()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    rehearsed = rehearse(tmp_path / "saved", now=LATER)
    assert rehearsed.manifest == written.manifest
    assert rehearsed.revision == head()
    assert 0 < rehearsed.seconds < 60
    [first, tried, last] = rehearsed.lines()
    assert tried.startswith("The keys of tablets were not tried: name the file with the keys")
    assert first.startswith("Rehearsed the backup of 2026-03-10 12:00 UTC in ")
    counts = f"{len(before[0])} rows of {len(before[0])} tables, files: 1, keys: 0. Every row was"
    assert counts in first
    assert "temporary folder" in last
    assert list(scratch.iterdir()) == []
    assert (here.rows(), here.files()) == before


# What is in it


def test_neither_temporary_files_nor_other_backups_are_saved(install, tmp_path):
    here = install("sqlite", "here", migrated=True)
    (here.folder / "backups").mkdir()
    first = here.back_up(here.folder / "backups" / "monday")
    here.write("tmpab12cd_e", "half a secret")
    here.write("upload.tmp", "half an upload")
    here.write("tuesday.part", "half a backup")
    here.write(".restore/new/x", "half a restore")
    here.write("lost+found/x", "the file system's")
    here.write("workers/1234.lock", "of a worker that lives")
    here.write("compressed.gz", b"\x1f\x8b no backup")
    second = here.back_up(here.folder / "backups" / "tuesday")
    assert list(first.manifest.files) == []
    assert list(second.manifest.files) == ["compressed.gz"]


def test_links_are_named_and_not_followed(install, tmp_path):
    here = install("sqlite", "here", migrated=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "words.txt").write_text("not in the folder")
    (here.folder / "uploads").symlink_to(tmp_path / "elsewhere")
    here.execute("CREATE TABLE of_another_program (id INTEGER)")
    written = here.back_up(tmp_path / "saved")
    assert written.left_out == ("uploads", "the table of_another_program")
    assert written.lines()[-2:] == [
        "Left out: uploads",
        "Left out: the table of_another_program",
    ]
    assert list(written.manifest.files) == []


@pytest.mark.postgres
def test_a_move_to_postgresql_by_an_account_that_may_not_do_everything(
    install, tmp_path, postgres_server
):
    here = install("sqlite", "here", migrated=True)
    fill_every_table(here.url)
    here.write("logo.png", "a logo")
    here.back_up(tmp_path / "saved")
    name = postgres_server.create_database()
    with engine_of(postgres_server.url(name)) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE operator_of_a_council LOGIN")
        connection.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO operator_of_a_council")
        connection.exec_driver_sql("GRANT ALL ON SCHEMA public TO operator_of_a_council")
    url = postgres_server.url(name).replace("consult@", "operator_of_a_council@")
    moved = Installation(replace(here.place, database_url=url))

    restore(tmp_path / "saved", moved.place, now=LATER, replace=True)
    assert moved.rows() == here.rows()
    again = moved.back_up(tmp_path / "again")
    assert list(again.manifest.files) == ["logo.png"]
    assert again.left_out == ("consult.sqlite3",)  # it lies there still, and is in no backup
    restore(tmp_path / "again", moved.place, now=LATER, replace=True)
    assert moved.rows() == here.rows()
    postgres_server.drop_database(name)
    with engine_of(postgres_server.url("postgres")) as engine, engine.begin() as connection:
        connection.exec_driver_sql("DROP ROLE operator_of_a_council")


def test_a_file_that_goes_while_it_is_saved_is_not_missed(install, tmp_path, monkeypatch):
    def listed_before(place: Place) -> Contents:
        found = contents_of(place)
        gone.unlink()
        return found

    here = install("sqlite", "here", migrated=True)
    here.write("a", "stays")
    gone = here.write("b", "goes")
    monkeypatch.setattr(making, "contents_of", listed_before)
    assert list(here.back_up(tmp_path / "saved").manifest.files) == ["a"]


def test_answers_older_than_a_shortened_time_for_them_come_back(install, tmp_path, dialect):
    here = install(dialect, "here", migrated=True)
    fill_every_table(here.url)
    here.execute(
        "UPDATE consultation SET opens_at = :a, closes_at = :b, late_until = :b",
        a="2026-03-01 00:00:00+00:00",
        b="2026-03-02 00:00:00+00:00",
    )
    here.back_up(tmp_path / "saved")
    there = install(dialect, "there")
    restore(tmp_path / "saved", there.place, now=LATER)
    assert there.rows() == here.rows()
    with pytest.raises(DBAPIError, match="takes no more answers"):
        there.execute(
            "INSERT INTO response SELECT * FROM response"
            if dialect == "sqlite"
            else "INSERT INTO response SELECT (r).* FROM response AS r"
        )


# Replacing


def test_what_is_there_is_not_replaced_unasked(install, tmp_path, dialect):
    here = install(dialect, "here", migrated=True)
    here.back_up(tmp_path / "saved")
    there = install(dialect, "there", migrated=True)
    there.execute("INSERT INTO postcode_area VALUES ('B11BB', 'E1')")
    before = there.rows()
    with pytest.raises(BackupError, match=r"data here already.*--replace"):
        restore(tmp_path / "saved", there.place, now=LATER)
    assert there.rows() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "saved", "there"]


def test_a_database_that_was_only_set_up_counts_as_empty(install, tmp_path, dialect):
    here = install(dialect, "here", migrated=True)
    fill_every_table(here.url)
    here.back_up(tmp_path / "saved")
    there = install(dialect, "there", migrated=True)
    assert restore(tmp_path / "saved", there.place, now=LATER).saved is None
    assert there.rows() == here.rows()


@pytest.mark.parametrize("only", ["rows", "files", "keys"])
def test_what_is_replaced_is_saved_first_and_can_be_restored(install, tmp_path, dialect, only):
    here = install(dialect, "here", migrated=True, secret=None)
    fill_every_table(here.url)
    here.write("same.txt", "new words")
    here.write("new/only here.txt", "new")
    here.write("secret.key", SECRET)
    here.back_up(tmp_path / "saved")

    there = install(dialect, "there", migrated=only == "rows", secret=None)
    there.folder.mkdir(exist_ok=True)
    if only == "rows":
        there.execute("INSERT INTO postcode_area VALUES ('B11BB', 'E1')")
    if only == "files":
        there.write("same.txt", "old words")
        there.write("old/only there.txt", "old")
    if only == "keys":
        there.write("secret.key", "the-old-secret-of-this-place-0123456789")
    there.write("old backups/sunday.part", "is not touched")
    before_files = there.files()

    with pytest.raises(BackupError, match="data here already"):
        restore(tmp_path / "saved", there.place, now=LATER)
    restored = restore(tmp_path / "saved", there.place, now=LATER, replace=True)
    assert there.rows() == here.rows()
    assert there.files() == {
        **here.files(),
        "old backups/sunday.part": b"is not touched",
    }
    assert not (there.folder / "old").exists()
    assert restored.saved is not None
    assert restored.saved.path == tmp_path / "saved.replaced-20260311T093000Z"
    assert f"What was here before: {restored.saved.path}" in restored.lines()

    restore(restored.saved.path, there.place, now=LATER, replace=True)
    assert there.files() == before_files | (
        {} if only == "keys" else {"secret.key": SECRET.encode()}
    )
    assert there.rows()["postcode_area"] == (
        [{"postcode": "B11BB", "area_code": "E1"}] if only == "rows" else []
    )


# The place


def test_the_place_is_what_the_settings_name(tmp_path, monkeypatch):
    place = Place.from_environment({"CONSULT_DATA_DIR": str(tmp_path)})
    assert (place.data_dir, place.secret) == (tmp_path, None)
    assert place.sqlite_file == tmp_path / "consult.sqlite3"
    (tmp_path / "secret.key").write_text(SECRET + "\n")
    assert place.secret == SECRET
    named = Place.from_environment(
        {"CONSULT_DATABASE_URL": "postgresql://c@h/n", "CONSULT_SECRET_KEY": SECRET[::-1]}
    )
    assert (named.sqlite_file, named.secret) == (None, SECRET[::-1])
    assert SECRET[::-1] not in repr(named)


def test_rows_are_compared_with_the_models_not_with_ourselves(install, tmp_path):
    # The tests above would pass with an empty comparison.
    here = install("sqlite", "here", migrated=True)
    fill_every_table(here.url)
    before = rows_in(here.url)
    here.execute("UPDATE postcode_area SET area_code = 'E2'")
    assert rows_in(here.url) != before
