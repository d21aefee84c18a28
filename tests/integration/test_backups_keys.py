"""The keys: written apart, needed again, and told from others."""

import json
import stat
from dataclasses import replace

import pytest

from consult.backups import BackupError, restore
from tests.support.backups import (  # noqa: F401
    LATER,
    SECRET,
    fill_every_table,
    installing,
    members_of,
)


def test_only_this_account_may_read_it_whatever_the_umask(install, tmp_path):
    here = install("sqlite", "here", migrated=True, secret=None)
    here.write("secret.key", SECRET + "\n")
    here.write("logo.png", b"a logo")
    written = here.back_up(tmp_path / "saved")
    assert written.keys == tmp_path / "saved.keys"
    there = install("sqlite", "there", secret=None)
    restore(tmp_path / "saved", there.place, now=LATER)
    private = [written.path, written.keys, *(p for p in there.folder.rglob("*") if p.is_file())]
    assert {path.name for path in private} == {
        "saved",
        "saved.keys",
        "secret.key",
        "logo.png",
        "consult.sqlite3",
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_keys_are_written_apart_and_put_back(install, tmp_path):
    here = install("sqlite", "here", migrated=True, secret=None)
    here.write("secret.key", SECRET + "\n")
    here.write("keys/tablets/2026.pem", "a private key")
    here.write("consult.env", f"CONSULT_SECRET_KEY={SECRET}\n")
    here.write("notes.txt", "nothing secret")
    written = here.back_up(tmp_path / "saved")
    members = members_of(written.path)
    assert [name for name in members if name.startswith("files/")] == ["files/notes.txt"]
    for content in members.values():
        assert SECRET.encode() not in content
        assert b"a private key" not in content
    assert set(members_of(tmp_path / "saved.keys")) == {
        "FORMAT",
        "secret.key",
        "keys/tablets/2026.pem",
        "consult.env",
    }
    assert "Keep the two files in different places" in " ".join(written.lines())

    there = install("sqlite", "there", secret=None)
    restored = restore(written.path, there.place, now=LATER)
    assert there.files() == here.files()
    assert restored.keys == ("consult.env", "keys/tablets/2026.pem", "secret.key")


def test_a_secret_of_the_environment_is_nowhere(install, tmp_path):
    here = install("sqlite", "here", migrated=True, secret=SECRET)
    written = here.back_up(tmp_path / "saved")
    assert written.keys is None
    assert not (tmp_path / "saved.keys").exists()
    manifest = json.loads(members_of(written.path)["manifest.json"])
    assert len(manifest["secret"]) == 32
    for content in members_of(written.path).values():
        assert SECRET.encode() not in content
    assert "CONSULT_SECRET_KEY is not in the backup" in " ".join(written.lines())


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("another-secret-of-an-operator-987654321", "used with another CONSULT_SECRET_KEY"),
        (None, "No CONSULT_SECRET_KEY is set"),
    ],
)
def test_another_secret_has_to_be_accepted(install, tmp_path, secret, words):
    here = install("sqlite", "here", migrated=True)
    fill_every_table(here.url)
    here.back_up(tmp_path / "saved")
    there = install("sqlite", "there", secret=secret)
    with pytest.raises(BackupError, match=words):
        restore(tmp_path / "saved", there.place, now=LATER)
    assert there.files() == {}
    assert not (there.folder / "consult.sqlite3").exists()
    restore(tmp_path / "saved", there.place, now=LATER, without_keys=True)
    assert there.rows() == here.rows()


def test_keys_kept_in_another_place_are_named(install, tmp_path):
    here = install("sqlite", "here", migrated=True, secret=None)
    here.write("secret.key", SECRET)
    here.write("keys/one", "first key")
    here.back_up(tmp_path / "saved")
    safe = tmp_path / "a safe" / "the keys"
    safe.parent.mkdir()
    (tmp_path / "saved.keys").rename(safe)

    there = install("sqlite", "there", secret=None)
    with pytest.raises(BackupError, match="No CONSULT_SECRET_KEY is set, and no keys were found"):
        restore(tmp_path / "saved", there.place, now=LATER)
    with pytest.raises(BackupError, match="there is no such file"):
        restore(tmp_path / "saved", there.place, now=LATER, keys=tmp_path / "nowhere")
    knowing = replace(there.place, secret_in_environment=SECRET)
    with pytest.raises(BackupError, match=r"keys of this backup are not at .*: keys/one\. Name"):
        restore(tmp_path / "saved", knowing, now=LATER)
    assert there.files() == {}
    restore(tmp_path / "saved", there.place, now=LATER, keys=safe)
    assert there.files() == here.files()


def test_the_environment_s_secret_stands_for_the_key_file(install, tmp_path):
    here = install("sqlite", "here", migrated=True, secret=None)
    here.write("secret.key", SECRET + "\n")
    here.back_up(tmp_path / "saved")
    (tmp_path / "saved.keys").unlink()
    there = install("sqlite", "there", secret=SECRET)
    restore(tmp_path / "saved", there.place, now=LATER)
    assert there.files() == {}


def test_later_keys_serve_for_an_older_backup_unless_one_was_changed(install, tmp_path):
    here = install("sqlite", "here", migrated=True, secret=None)
    here.write("secret.key", SECRET)
    here.back_up(tmp_path / "monday")
    here.back_up(tmp_path / "tuesday")
    here.write("secret.key", "a-new-secret-of-an-operator-0123456789")
    here.back_up(tmp_path / "wednesday")
    there = install("sqlite", "there", secret=None)
    with pytest.raises(BackupError, match="keys of another backup"):
        restore(tmp_path / "monday", there.place, now=LATER, keys=tmp_path / "wednesday.keys")
    restore(tmp_path / "monday", there.place, now=LATER, keys=tmp_path / "tuesday.keys")
    assert there.files() == {"secret.key": SECRET.encode()}
