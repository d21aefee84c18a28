"""Telling that a worker is gone: by its lock at once, else by a heartbeat that stands still."""

import fcntl
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from consult.jobs.presence import Presence
from consult.jobs.watch import Watch
from consult.services.job_claims import Running
from tests.support.consultations import NOW
from tests.support.logs import Logged


def lock_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.lock"))


def file_left_by(folder: Path, presence: Presence) -> Path:
    """What stays of a worker that was killed: its file, which nobody holds."""
    path = folder / f"{presence.name.rsplit(':', 1)[1]}.lock"
    path.touch()
    return path


def test_no_two_workers_have_the_same_name(tmp_path: Path) -> None:
    one, other = Presence(tmp_path), Presence(tmp_path)
    assert one.name != other.name
    assert one.name.split(":")[1] == str(os.getpid())
    assert len(one.name) <= 160


def test_a_worker_that_lives_is_not_gone_nor_is_one_that_nobody_knows(tmp_path: Path) -> None:
    with Presence(tmp_path) as one, Presence(tmp_path) as other:
        assert not other.is_gone(one.name)
        assert not one.is_gone(one.name)
        assert not one.is_gone(one.name.rsplit(":", 1)[0] + ":0000000000000000")
        other.tidy([])
        assert len(lock_files(tmp_path)) == 2, "the living ones' files stay"
    assert lock_files(tmp_path) == []


def test_a_worker_that_was_killed_is_gone(tmp_path: Path) -> None:
    killed = Presence(tmp_path)
    left = file_left_by(tmp_path, killed)
    with Presence(tmp_path) as one:
        assert one.is_gone(killed.name)
        one.tidy([killed.name])
        assert left.exists(), "its job was not taken up yet"
        one.tidy([])
        assert not left.exists()


def test_of_a_worker_on_another_machine_nothing_is_certain(tmp_path: Path) -> None:
    killed = Presence(tmp_path)
    file_left_by(tmp_path, killed)
    elsewhere = "another-host:" + killed.name.split(":", 1)[1]
    with Presence(tmp_path) as one:
        assert not one.is_gone(elsewhere)


def test_a_host_name_with_colons_or_of_any_length_makes_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "fe80::1" + "x" * 300)
    killed = Presence(tmp_path)
    assert len(killed.name) <= 160
    file_left_by(tmp_path, killed)
    with Presence(tmp_path) as one:
        assert one.is_gone(killed.name)


def test_a_folder_that_cannot_be_written_stops_no_worker(tmp_path: Path, logged: Logged) -> None:
    (tmp_path / "workers").write_text("in the way")
    with Presence(tmp_path / "workers") as one:
        assert not one.is_gone(one.name)
        one.tidy([])
    assert "worker has no file to show that it lives" in [record.getMessage() for record in logged]


def test_a_file_tidied_away_while_it_was_made_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker may find it between its making and its locking, and take it for left."""
    lock = fcntl.flock
    calls: list[int] = []

    def meddling(descriptor: int, how: int) -> None:
        if not calls:
            for path in lock_files(tmp_path):
                path.unlink()
        calls.append(how)
        lock(descriptor, how)

    monkeypatch.setattr("fcntl.flock", meddling)
    with Presence(tmp_path):
        assert len(lock_files(tmp_path)) == 1
        assert len(calls) == 2


# The watch


class Stopwatch:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


JOB = Running(UUID(int=1), "host:1:aa", 1, NOW)
BEATEN = Running(UUID(int=1), "host:1:aa", 1, NOW + timedelta(seconds=5))


def watch(stopwatch: Stopwatch, gone: tuple[str, ...] = ()) -> Watch:
    return Watch(lambda worker: worker in gone, 60, clock=stopwatch)


def test_a_heartbeat_that_stands_still_for_a_minute_is_lost() -> None:
    stopwatch = Stopwatch()
    watching = watch(stopwatch)
    assert watching.lost([JOB]) == []
    stopwatch.at += 59
    assert watching.lost([JOB]) == []
    stopwatch.at += 1
    assert watching.lost([JOB]) == [JOB]


def test_a_heartbeat_that_moves_is_not_whatever_time_it_tells() -> None:
    stopwatch = Stopwatch()
    watching = watch(stopwatch)
    for jump in (0, -86_400, 1, 86_400, 2):
        moved = Running(UUID(int=1), "host:1:aa", 1, NOW + timedelta(seconds=jump))
        assert watching.lost([moved]) == []
        stopwatch.at += 59


def test_a_new_worker_knows_nothing_of_before() -> None:
    """A heartbeat of yesterday may come from a machine whose clock is wrong."""
    yesterday = Running(UUID(int=1), "host:1:aa", 1, NOW - timedelta(days=1))
    assert watch(Stopwatch()).lost([yesterday]) == []


def test_a_job_that_ended_meanwhile_is_forgotten() -> None:
    stopwatch = Stopwatch()
    watching = watch(stopwatch)
    watching.lost([JOB])
    stopwatch.at += 59
    watching.lost([])
    stopwatch.at += 1
    assert watching.lost([JOB]) == []
    stopwatch.at += 30
    assert watching.lost([BEATEN]) == []


def test_who_is_certainly_gone_is_lost_at_once() -> None:
    other = Running(UUID(int=2), "host:2:bb", 1, NOW)
    assert watch(Stopwatch(), gone=("host:2:bb",)).lost([JOB, other]) == [other]
