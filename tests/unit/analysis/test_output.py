"""Results are written whole or not at all, whatever happens on the way."""

import errno
import os
import stat
from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.output import check_folder, write_files


def contents(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture
def old(tmp_path):
    """A folder with the results of an earlier run."""
    folder = tmp_path / "out"
    write_files(folder, {"a.csv": "old a\n", "b.md": "old b\n"})
    return folder


def failing(monkeypatch, owner, name, error, *, at=1):
    """Let a function fail at one of its calls."""
    real, calls = getattr(owner, name), []

    def function(*args, **kwargs):
        calls.append(args)
        if len(calls) == at:
            raise error
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, function)


def test_files_are_written_to_the_letter_for_their_owner_alone(tmp_path):
    folder = tmp_path / "new" / "out"
    write_files(folder, {"a.csv": "one\nپارک\n", "b.md": ""})
    assert (folder / "a.csv").read_bytes() == "one\nپارک\n".encode()
    assert sorted(contents(folder)) == ["a.csv", "b.md"]
    if os.name == "posix":
        assert stat.S_IMODE((folder / "a.csv").stat().st_mode) == 0o600


def test_a_second_run_replaces_the_first(old):
    write_files(old, {"a.csv": "new a\n", "c.json": "{}\n"})
    assert contents(old) == {"a.csv": "new a\n", "b.md": "old b\n", "c.json": "{}\n"}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize(("owner", "name"), [(os, "fsync"), (Path, "replace")])
@pytest.mark.parametrize("at", [1, 2])
def test_a_full_disk_leaves_what_was_there(old, monkeypatch, number, owner, name, at):
    failing(monkeypatch, owner, name, OSError(number, "no room"), at=at)
    with pytest.raises(InputError, match=r"The disk is full: nothing was written to .*out\."):
        write_files(old, {"a.csv": "new a\n", "b.md": "new b\n"})
    assert contents(old) == {"a.csv": "old a\n", "b.md": "old b\n"}


def test_a_new_file_goes_again_when_the_next_one_fails(tmp_path, monkeypatch):
    failing(monkeypatch, Path, "replace", PermissionError(errno.EACCES, "Permission denied"), at=2)
    with pytest.raises(InputError, match=r"cannot be written to: Permission denied\."):
        write_files(tmp_path, {"a.csv": "new a\n", "b.md": "new b\n"})
    assert contents(tmp_path) == {}


def test_a_stop_between_two_files_puts_the_first_back(old, monkeypatch):
    failing(monkeypatch, Path, "replace", KeyboardInterrupt, at=2)
    with pytest.raises(KeyboardInterrupt):
        write_files(old, {"a.csv": "new a\n", "b.md": "new b\n"})
    assert contents(old) == {"a.csv": "old a\n", "b.md": "old b\n"}


def test_a_folder_in_the_place_of_a_file(tmp_path):
    (tmp_path / "b.md").mkdir()
    with pytest.raises(InputError, match="cannot be written to"):
        write_files(tmp_path, {"a.csv": "new a\n", "b.md": "new b\n"})
    assert [path.name for path in tmp_path.iterdir()] == ["b.md"]


def test_an_error_without_words_is_shown_as_it_is(tmp_path, monkeypatch):
    failing(monkeypatch, os, "fsync", OSError("the drive is gone"))
    with pytest.raises(InputError, match="cannot be written to: the drive is gone"):
        write_files(tmp_path, {"a.csv": "new\n"})


def test_a_folder_is_checked_without_making_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_folder(tmp_path)
    check_folder(tmp_path / "new" / "out")
    check_folder(Path("out"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("inside", ["", "out"])
def test_a_file_is_no_folder(tmp_path, inside):
    file = tmp_path / "results.md"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"results\.md is no folder"):
        check_folder(file / inside)


def test_a_folder_of_somebody_else(tmp_path, monkeypatch):
    # Tests can run as root, who may write anywhere.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(InputError, match="out cannot be written to: Permission denied"):
        check_folder(tmp_path / "out")
