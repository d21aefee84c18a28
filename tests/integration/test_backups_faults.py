"""What can go wrong with a backup: one clear line each, and nothing changed."""

import errno
import fcntl
import os
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from consult import db
from consult.backups import BackupError, Place, back_up, databases, making, restore
from consult.backups.archive import ArchiveWriter
from consult.backups.staging import Staging
from tests.support.backups import (  # noqa: F401
    LATER,
    SECRET,
    each_dialect,
    engine_of,
    installing,
    names_in,
    place_to_restore_to,
    refusing,
    saved_place,
)

# Making


def test_a_file_that_exists_is_never_overwritten(here, tmp_path):
    before = (tmp_path / "saved").read_bytes()
    with refusing(here, "saved exists already"):
        here.back_up(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == before
    (tmp_path / "other.keys").write_text("somebody's")
    with refusing(here, "other.keys exists already"):
        here.back_up(tmp_path / "other")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with refusing(here, "dangling exists already"):
        here.back_up(tmp_path / "dangling")
    assert names_in(tmp_path) == ["dangling", "here", "other.keys", "saved"]


def test_a_name_that_is_taken_meanwhile_is_not_overwritten(here, tmp_path, monkeypatch):
    def add_files(*arguments: Any) -> Iterator[Any]:
        (tmp_path / "other").write_text("somebody's")
        return add(*arguments)

    add = making._add_files
    monkeypatch.setattr(making, "_add_files", add_files)
    here.write("secret.key", SECRET)
    with refusing(here, "other exists already"):
        here.back_up(tmp_path / "other")
    assert (tmp_path / "other").read_text() == "somebody's"
    assert names_in(tmp_path) == ["here", "other", "saved"]  # nor its keys alone


def test_a_file_system_without_links(here, tmp_path, monkeypatch):
    def refuse(*_arguments: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    here.back_up(tmp_path / "other")
    assert names_in(tmp_path) == ["here", "other", "saved"]
    restore(tmp_path / "other", here.place, now=LATER, replace=True)


def test_a_full_disk(here, tmp_path, monkeypatch):
    def add(self: tarfile.TarFile, member: tarfile.TarInfo, fileobj: Any = None) -> None:
        if member.name == "tables/answer.jsonl":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, member, fileobj)

    real = tarfile.TarFile.addfile
    monkeypatch.setattr(tarfile.TarFile, "addfile", add)
    with refusing(here, "other: the disk is full. Make room there"):
        here.back_up(tmp_path / "other")
    assert names_in(tmp_path) == ["here", "saved"]


SAVE_WITH_LITTLE_ROOM = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from consult.backups import BackupError, Place, back_up

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
folder, url, target = sys.argv[1:]
try:
    back_up(Place(Path(folder), url, "x" * 40), Path(target), now=datetime.now(UTC))
except BackupError as error:
    print(error)
"""


def test_no_room_for_the_rest(here, tmp_path):
    # The system itself refuses, in a process of its own.
    here.write("big.bin", os.urandom(300_000))
    done = subprocess.run(
        [sys.executable, "-c", SAVE_WITH_LITTLE_ROOM, here.folder, here.url, tmp_path / "other"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (
        f"{tmp_path / 'other'}: the disk is full. Make room there, or choose another place.\n"
    )
    assert names_in(tmp_path) == ["here", "saved"]


def test_a_folder_that_is_not_there(here, tmp_path):
    with refusing(here, "there is no such file or folder"):
        here.back_up(tmp_path / "nowhere" / "other")


def test_what_may_not_be_written(here, tmp_path, monkeypatch):
    def refuse(*_arguments: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "other"))

    monkeypatch.setattr(os, "fchmod", refuse)
    with refusing(here, "other: this account may not use it"):
        here.back_up(tmp_path / "other")


def test_a_file_that_shrinks_while_it_is_saved(here, tmp_path, monkeypatch):
    def add(self: ArchiveWriter, name: str, file: Any, size: int) -> str:
        if name == "files/logo.png":
            size += 1
        return real(self, name, file, size)

    real = ArchiveWriter._add
    monkeypatch.setattr(ArchiveWriter, "_add", add)
    with refusing(here, r"logo\.png changed while it was read\. Try again"):
        here.back_up(tmp_path / "other")
    assert names_in(tmp_path) == ["here", "saved"]


def test_there_is_no_database(tmp_path):
    place = Place(tmp_path / "mistyped", f"sqlite:///{tmp_path / 'mistyped' / 'consult.sqlite3'}")
    with pytest.raises(BackupError, match=r"There is no database at .*Check CONSULT_DATA_DIR"):
        back_up(place, tmp_path / "other", now=LATER)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true"])
def test_an_address_that_names_no_file(tmp_path, url):
    with pytest.raises(BackupError, match="names no file"):
        back_up(Place(tmp_path, url), tmp_path / "other", now=LATER)


def restore_from(place: Place, backup: Path, *, now: datetime) -> None:
    restore(backup, place, now=now)


@pytest.mark.parametrize(("act", "name"), [(back_up, "other"), (restore_from, "saved")])
def test_a_database_that_cannot_be_reached(here, tmp_path, act, name):
    (tmp_path / "away").mkdir()
    url = f"postgresql+psycopg://consult@/consult?host={tmp_path}/no-socket"
    place = Place(tmp_path / "away", url, SECRET)
    with pytest.raises(BackupError, match="The database cannot be used: ") as caught:
        act(place, tmp_path / name, now=LATER)
    assert "\n" not in str(caught.value)
    assert names_in(tmp_path / "away") == []
    assert names_in(tmp_path) == ["away", "here", "saved"]


def test_a_database_that_was_never_set_up(install, tmp_path, dialect):
    empty = install(dialect, "empty")
    empty.folder.mkdir()
    with engine_of(empty.url) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE other (id INTEGER)")
    with pytest.raises(BackupError, match="nothing to save"):
        empty.back_up(tmp_path / "other")


def test_a_database_of_a_newer_version(install, tmp_path, dialect):
    newer = install(dialect, "newer", migrated=True)
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackupError, match="revision 9999, which this version does not know"):
        newer.back_up(tmp_path / "other")
    good = install("sqlite", "good", migrated=True)
    good.back_up(tmp_path / "saved")
    with pytest.raises(BackupError, match="database here is at revision 9999"):
        restore(tmp_path / "saved", newer.place, now=LATER, replace=True)
    assert names_in(tmp_path) == ["good", "newer", "saved"]


def test_a_database_that_has_lost_a_table(here, tmp_path):
    here.execute("DROP TABLE postcode_area")
    with pytest.raises(BackupError, match="has no table postcode_area"):
        here.back_up(tmp_path / "other")


def test_a_value_that_does_not_belong_where_it_stands(here, tmp_path):
    here.execute("UPDATE code_guess SET wrong_count = 'many'")
    with pytest.raises(BackupError, match=r"value in code_guess\.wrong_count that does not belong"):
        here.back_up(tmp_path / "other")
    assert names_in(tmp_path) == ["here", "saved"]


# Restoring where it is not possible


def test_a_database_in_use(here, there, tmp_path):
    with engine_of(there.url) as engine, engine.connect() as connection:
        connection.execute(sa.text("SELECT count(*) FROM consultation"))
        connection.rollback()  # a server that waits for its next request
        with pytest.raises(BackupError, match=r"is in use\. Stop the server and the workers"):
            restore(tmp_path / "saved", there.place, now=LATER, replace=True)
    restore(tmp_path / "saved", there.place, now=LATER, replace=True)


@pytest.mark.postgres
def test_a_postgresql_database_in_use(install, here, tmp_path):
    there = install("postgresql", "there", migrated=True)
    with engine_of(there.url) as engine, engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        with pytest.raises(BackupError, match="in use: 1 other connections"):
            restore(tmp_path / "saved", there.place, now=LATER)
    restore(tmp_path / "saved", there.place, now=LATER)


def test_what_is_no_database_is_not_replaced(here, there, tmp_path):
    file = there.folder / "consult.sqlite3"
    file.write_text("somebody's words, longer than the head of a database file is" * 3)
    words = file.read_text()
    with pytest.raises(BackupError, match=r"consult\.sqlite3 is no database: .*Move it away"):
        restore(tmp_path / "saved", there.place, now=LATER, replace=True)
    assert file.read_text() == words


def test_a_disk_that_fills_while_rows_are_stored(here, there, tmp_path, monkeypatch):
    def small(url: str, **options: Any) -> sa.Engine:
        engine = make_engine(url, **options)

        @sa.event.listens_for(engine, "connect")
        def limit(connection: sqlite3.Connection, _record: Any) -> None:
            connection.execute("PRAGMA max_page_count = 1")  # no more than it has

        return engine

    make_engine = db.make_engine
    here.execute("UPDATE translation SET text = :words", words="many words " * 20_000)
    here.back_up(tmp_path / "larger")
    monkeypatch.setattr("consult.backups.databases.make_engine", small)
    with refusing(there, "database or disk is full"):
        restore(tmp_path / "larger", there.place, now=LATER, replace=True)


def test_a_disk_that_fills_while_files_are_stored(here, there, tmp_path, monkeypatch):
    def full(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Staging, "add", full)
    with refusing(there, "there: the disk is full"):
        restore(tmp_path / "saved", there.place, now=LATER, replace=True)


@pytest.mark.parametrize("at", ["swap", "publish"])
def test_a_failure_at_the_last_moment_brings_everything_back(
    install, here, tmp_path, dialect, monkeypatch, at
):
    there = install(dialect, "there", migrated=True)
    there.execute("INSERT INTO postcode_area VALUES ('B11BB', 'E1')")
    there.write("kept.txt", "kept")
    there.write("logo.png", "the old logo")

    def fail(*_arguments: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    if at == "publish":
        for build in (databases._SqliteBuild, databases._PostgresqlBuild):
            monkeypatch.setattr(build, "publish", fail)
    else:
        moved: list[str] = []
        real = Staging._move

        def move(self: Staging, source: Path, target: Path, name: str) -> None:
            moved.append(name)
            if len(moved) == 3:  # two are put aside, and the first is to be put in place
                raise OSError(errno.EIO, "Input/output error")
            real(self, source, target, name)

        monkeypatch.setattr(Staging, "_move", move)
    with refusing(there, "Input/output error"):
        restore(tmp_path / "saved", there.place, now=LATER, replace=True)
    assert names_in(tmp_path) == ["here", "saved", "there"]
    monkeypatch.undo()
    restore(tmp_path / "saved", there.place, now=LATER, replace=True)
    assert there.rows() == here.rows()


def test_one_at_a_time(here, there, tmp_path):
    handle = os.open(there.folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with refusing(there, "Another backup or restore is at work"):
        restore(tmp_path / "saved", there.place, now=LATER, replace=True)
    with refusing(there, "Another backup or restore is at work"):
        there.back_up(tmp_path / "other")
    os.close(handle)
    there.back_up(tmp_path / "other")
    part = os.open(tmp_path / "third.part", os.O_CREAT | os.O_RDWR)
    fcntl.flock(part, fcntl.LOCK_EX)
    with refusing(there, "Another backup to .*third is being written"):
        there.back_up(tmp_path / "third")
    os.close(part)  # killed
    there.back_up(tmp_path / "third")
    assert names_in(tmp_path) == ["here", "other", "saved", "there", "third"]


def test_what_cannot_be_saved_is_not_replaced(here, there, tmp_path, monkeypatch):
    def full(*_arguments: Any, **_options: Any) -> None:
        raise BackupError("the disk is full")

    monkeypatch.setattr("consult.backups.restoring.write_backup", full)
    with refusing(there, "the disk is full"):
        restore(tmp_path / "saved", there.place, now=LATER, replace=True)
