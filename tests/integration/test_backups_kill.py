"""Killed half-way: what was there stays, or what was to come is there; nothing between."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from consult.backups import BackupError, Place, recover, restore
from tests.support.backups import (  # noqa: F401
    LATER,
    SECRET,
    Installation,
    each_dialect,
    fill_every_table,
    installing,
    names_in,
)

# Dies, as by the power switch, at the moment of a call that an argument names: before or after
# it, and the how many-th time.
WORK = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from consult.backups import Place, back_up, restore

act, folder, url, file, when, owner, name, count = sys.argv[1:]
module, _, of = owner.rpartition(".")
owner = getattr(__import__(module, fromlist=[of]), of)
real, left = getattr(owner, name), [int(count)]

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def call(*arguments, **options):
    left[0] -= 1
    if left[0] == 0 and when == "before":
        die()
    result = real(*arguments, **options)
    if left[0] == 0 and when == "after":
        die()
    return result

setattr(owner, name, call)
place = Place(Path(folder), url, "the-secret-of-the-backup-tests-0123456789")
if act == "back up":
    back_up(place, Path(file), now=datetime.now(UTC))
else:
    restore(Path(file), place, now=datetime.now(UTC), replace=True)
"""


def killed(act: str, place: Place, file: Path, moment: tuple[str, str, str, int]) -> None:
    """Do something in another process, and let it die at a moment."""
    when, owner, name, count = moment
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            WORK,
            act,
            str(place.data_dir),
            place.database_url,
            str(file),
            when,
            owner,
            name,
            str(count),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


STAGING = "consult.backups.staging.Staging"
SQLITE = "consult.backups.databases._SqliteBuild"
POSTGRESQL = "consult.backups.databases._PostgresqlBuild"

# (moment, whether the restore has taken place by then)
MOMENTS: dict[str, tuple[tuple[str, str, str, int], bool]] = {
    "rows half filled in": (("after", "consult.backups.tables.json", "loads", 9), False),
    "schema upgraded": (("before", STAGING, "swap", 1), False),
    "one file put aside": (("after", STAGING, "_move", 1), False),
    "one file put in place": (("after", STAGING, "_move", 3), False),
    "all files put in place": (("after", STAGING, "swap", 1), False),
    "database published": (("after", "BUILD", "publish", 1), True),
    "tidying up": (("before", "consult.backups.staging.shutil", "rmtree", 1), True),
}


def world(install, tmp_path: Path, dialect: str) -> tuple[Installation, Installation]:
    """A place that was saved, and one with other data that is to be replaced."""
    here = install("sqlite", "here", migrated=True)
    fill_every_table(here.url)
    here.write("same.txt", "new words")
    here.write("folder/new.txt", "new")
    here.back_up(tmp_path / "saved")
    there = install(dialect, "there", migrated=True)
    there.execute("INSERT INTO postcode_area VALUES ('B11BB', 'E1')")
    there.write("same.txt", "old words")
    there.write("folder/old.txt", "old")
    return here, there


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_restore_killed_at_any_moment(install, tmp_path, moment):
    check(install, tmp_path, "sqlite", moment)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "moment", ["rows half filled in", "one file put in place", "database published"]
)
def test_a_restore_on_postgresql_killed_at_any_moment(install, tmp_path, moment):
    check(install, tmp_path, "postgresql", moment)


def check(install, tmp_path: Path, dialect: str, name: str) -> None:
    here, there = world(install, tmp_path, dialect)
    before = there.rows(), there.files()
    (when, owner, method, count), took_place = MOMENTS[name]
    build = SQLITE if dialect == "sqlite" else POSTGRESQL
    killed(
        "restore",
        there.place,
        tmp_path / "saved",
        (when, build if owner == "BUILD" else owner, method, count),
    )
    # The next start, be it of a backup, a restore or the server.
    assert recover(there.place) is (name == "database published")
    after = (here.rows(), here.files()) if took_place else before
    assert (there.rows(), there.files()) == after
    beside = {"folder", "same.txt"} | ({"consult.sqlite3"} if dialect == "sqlite" else set())
    assert set(names_in(there.folder)) - {"consult.sqlite3-wal", "consult.sqlite3-shm"} == beside
    restore(tmp_path / "saved", there.place, now=LATER, replace=True)
    assert (there.rows(), there.files()) == (here.rows(), here.files())


def test_a_restore_into_nothing_killed_leaves_nothing(install, tmp_path, dialect):
    here = install("sqlite", "here", migrated=True)
    here.write("new.txt", "new")
    here.back_up(tmp_path / "saved")
    there = install(dialect, "there")
    moment, _ = MOMENTS["all files put in place"]
    killed("restore", there.place, tmp_path / "saved", moment)
    assert not recover(there.place)
    assert names_in(there.folder) == []
    assert not recover(there.place)
    assert restore(tmp_path / "saved", there.place, now=LATER).saved is None


def test_going_back_may_be_killed_too(install, tmp_path):
    _here, there = world(install, tmp_path, "sqlite")
    before = there.rows(), there.files()
    moment, _ = MOMENTS["all files put in place"]
    killed("restore", there.place, tmp_path / "saved", moment)
    for count in (1, 2):
        killed("back up", there.place, tmp_path / "other", ("after", STAGING, "_move", count))
    there.back_up(tmp_path / "other")
    assert (there.rows(), there.files()) == before
    restore(tmp_path / "other", (again := install("sqlite", "again")).place, now=LATER)
    assert (again.rows(), again.files()) == before


@pytest.mark.parametrize(
    "moment",
    [
        ("after", "consult.backups.archive.ArchiveWriter", "add_lines", 5),
        ("before", "consult.backups.making.os", "link", 1),
    ],
    ids=["half written", "without its name"],
)
def test_a_backup_that_was_killed_is_none(install, tmp_path, moment):
    here = install("sqlite", "here", migrated=True)
    fill_every_table(here.url)
    killed("back up", here.place, tmp_path / "saved", moment)
    assert names_in(tmp_path) == ["here", "saved.part"]
    with pytest.raises(BackupError, match="no such file"):
        restore(tmp_path / "saved", here.place, now=LATER)
    here.back_up(tmp_path / "saved")
    assert names_in(tmp_path) == ["here", "saved"]


def test_a_file_s_name_is_not_given_before_its_keys_are_there(install, tmp_path):
    here = install("sqlite", "here", migrated=True, secret=None)
    here.write("secret.key", SECRET)
    moment = ("before", "consult.backups.making.os", "link", 2)
    killed("back up", here.place, tmp_path / "saved", moment)
    assert names_in(tmp_path) == ["here", "saved.keys", "saved.part"]


def test_going_back_waits_for_a_database_that_cannot_be_asked(tmp_path):
    folder = tmp_path / "there"
    (folder / ".restore" / "new").mkdir(parents=True)
    plan = folder / ".restore" / "plan.json"
    plan.write_text('{"restore": "x", "aside": [], "placed": ["a"]}')
    (folder / "a").write_text("which one?")
    url = f"postgresql+psycopg://consult@/consult?host={tmp_path}/no-socket"
    with pytest.raises(BackupError, match="cannot be used"):
        recover(Place(folder, url, SECRET))
    assert plan.exists()
    assert (folder / "a").read_text() == "which one?"
