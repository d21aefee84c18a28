"""The key file of tablets: saved apart, put back where it belongs, and tried in a rehearsal."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from consult.backups import BackupError, Place, rehearse, restore
from consult.db import unit_of_work
from consult.services.assisting.keys import Keys
from tests.support.backups import (  # noqa: F401
    LATER,
    NOW,
    Installation,
    Make,
    engine_of,
    installing,
    members_of,
)

INSIDE = "keys/assisted.key"


def with_keys(installation: Installation, path: Path) -> Installation:
    """A place whose server has keys under a file."""
    with engine_of(installation.url) as engine, Session(engine) as session, unit_of_work(session):
        Keys(path).published(session, now=NOW)
    return installation


@pytest.fixture(name="here")
def place_with_keys(install: Make) -> Installation:
    """A place whose key file lies in its data folder."""
    here = install("sqlite", "here", migrated=True)
    return with_keys(here, here.folder / INSIDE)


@pytest.fixture(name="apart")
def place_with_keys_elsewhere(install: Make, tmp_path: Path) -> Installation:
    """A place whose key file lies on another disk."""
    found = install("sqlite", "apart", migrated=True)
    found.place = replace(found.place, key_file=tmp_path / "disk" / "tablets.key")
    return with_keys(found, tmp_path / "disk" / "tablets.key")


def opens(installation: Installation, path: Path) -> bool:
    with engine_of(installation.url) as engine, Session(engine) as session:
        Keys(path).signer(session, now=NOW)
        return True


def test_the_key_file_is_in_the_file_with_the_keys_and_nowhere_else(
    here: Installation, tmp_path: Path
) -> None:
    written = here.back_up(tmp_path / "saved")
    key = (here.folder / INSIDE).read_bytes()
    assert all(key.strip() not in content for content in members_of(written.path).values())
    assert members_of(tmp_path / "saved.keys")[INSIDE] == key


def test_a_rehearsal_opens_the_keys(here: Installation, tmp_path: Path) -> None:
    here.back_up(tmp_path / "saved")
    lines = rehearse(tmp_path / "saved", now=LATER).lines()
    assert "The key file opens the keys of tablets: 2." in lines


def test_a_rehearsal_without_the_keys_says_what_it_could_not_try(
    here: Installation, tmp_path: Path
) -> None:
    here.back_up(tmp_path / "saved")
    (tmp_path / "saved.keys").rename(tmp_path / "elsewhere")
    lines = rehearse(tmp_path / "saved", now=LATER).lines()
    assert any("were not tried: name the file with the keys with --keys" in each for each in lines)


def test_a_rehearsal_tells_where_the_key_file_was_another(
    here: Installation, tmp_path: Path
) -> None:
    (here.folder / INSIDE).write_text("A" * 43)
    here.back_up(tmp_path / "saved")
    with pytest.raises(BackupError, match="does not open the keys of tablets"):
        rehearse(tmp_path / "saved", now=LATER)


def test_a_restore_puts_the_key_file_back(
    here: Installation, install: Make, tmp_path: Path
) -> None:
    here.back_up(tmp_path / "saved")
    there = install("sqlite", "there")
    restore(tmp_path / "saved", there.place, now=LATER)
    assert opens(there, there.folder / INSIDE)


def test_a_key_file_elsewhere_is_saved_under_its_name(apart: Installation, tmp_path: Path) -> None:
    apart.back_up(tmp_path / "saved")
    key = (tmp_path / "disk" / "tablets.key").read_bytes()
    assert members_of(tmp_path / "saved.keys")[INSIDE] == key
    lines = rehearse(tmp_path / "saved", now=LATER).lines()
    assert "The key file opens the keys of tablets: 2." in lines


def test_a_restore_puts_it_where_the_settings_say(
    apart: Installation, install: Make, tmp_path: Path
) -> None:
    apart.back_up(tmp_path / "saved")
    there = install("sqlite", "there")
    target = tmp_path / "other disk" / "tablets.key"
    restore(tmp_path / "saved", replace(there.place, key_file=target), now=LATER)
    assert opens(there, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert not (there.folder / INSIDE).exists()


def test_a_restore_never_overwrites_another_key_file(
    apart: Installation, install: Make, tmp_path: Path
) -> None:
    apart.back_up(tmp_path / "saved")
    there = install("sqlite", "there")
    target = tmp_path / "other disk" / "tablets.key"
    target.parent.mkdir()
    target.write_text("another key")
    with pytest.raises(BackupError, match="holds another key than the backup"):
        restore(tmp_path / "saved", replace(there.place, key_file=target), now=LATER)
    assert target.read_text() == "another key"
    assert not (there.folder / "consult.sqlite3").exists()


def test_a_key_file_that_is_in_place_needs_no_other(
    apart: Installation, install: Make, tmp_path: Path
) -> None:
    apart.back_up(tmp_path / "saved")
    (tmp_path / "saved.keys").unlink()
    there = install("sqlite", "there")
    with pytest.raises(BackupError, match=r"keys of this backup are not at .*: keys/assisted\.key"):
        restore(tmp_path / "saved", there.place, now=LATER)
    restore(tmp_path / "saved", replace(there.place, key_file=apart.place.key_file), now=LATER)
    assert opens(there, tmp_path / "disk" / "tablets.key")


def test_where_the_key_file_lies_is_told_by_the_settings(tmp_path: Path) -> None:
    data = {"CONSULT_DATA_DIR": str(tmp_path / "data")}
    inside = str(tmp_path / "data" / "keys" / "assisted.key")
    assert Place.from_environment(data).key_file is None
    assert Place.from_environment({**data, "CONSULT_KEY_FILE": inside}).key_file is None
    outside = {**data, "CONSULT_KEY_FILE": str(tmp_path / "tablets.key")}
    assert Place.from_environment(outside).key_file == tmp_path / "tablets.key"
