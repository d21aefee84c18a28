"""``consult report``: a file of a version that is on record, or one clear sentence why not."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult import report_command, whole_files
from consult.cli import main
from consult.db import make_engine, unit_of_work
from consult.models import AuditEvent, Consultation, ReportVersion, Response
from consult.reports.formats import FORMATS
from consult.services.reporting import versions
from consult.services.reporting.versions import Outrun
from tests.support.visitors import SLUG

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
STARTS = {"docx": b"PK", "xlsx": b"PK", "html": b"<!DOCTYPE", "csv": b"\xef\xbb\xbf", "json": b"{"}


class Folder:
    """A demonstration's folder with the model case, and the command on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "CONSULT_DATA_DIR": str(folder / "data"),
            "CONSULT_SECRET_KEY": "a-long-enough-secret-for-a-test-0123456789",
        }

    def report(self, *options: str, output: str = "out", slug: str = SLUG) -> Result:
        arguments = ["report", slug, "--output", str(self.folder / output), *options]
        return CliRunner().invoke(main, arguments, env=self.environment)

    def session(self) -> Session:
        return Session(make_engine(f"sqlite:///{self.folder / 'data' / 'consult.sqlite3'}"))

    def change(self, statement) -> None:
        session = self.session()
        with unit_of_work(session):
            session.execute(statement)
        session.close()

    def on_record(self) -> list[tuple[int, str]]:
        with self.session() as session:
            rows = session.scalars(select(ReportVersion).order_by(ReportVersion.number))
            return [(row.number, row.audience) for row in rows]

    def written(self, output: str = "out") -> bytes:
        return (self.folder / output).read_bytes()


@pytest.fixture
def folder(tmp_path: Path, answered_database: bytes, monkeypatch: pytest.MonkeyPatch) -> Folder:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "consult.sqlite3").write_bytes(answered_database)
    monkeypatch.delenv("CONSULT_DATABASE_URL", raising=False)
    return Folder(tmp_path)


def refused(result: Result, *words: str) -> None:
    assert result.exit_code == 2, result.output
    for each in words:
        assert each in result.output
    assert "Traceback" not in result.output


def test_the_public_report_for_word_by_default(folder: Folder) -> None:
    done = folder.report()
    assert done.exit_code == 0, done.output
    assert f"{SLUG}: public report, version 1, responses: 120\n" in done.stdout
    assert f"written to {folder.folder / 'out'}\n" in done.stdout
    assert "Working the figures out" in done.stderr
    assert folder.written().startswith(b"PK")
    assert folder.on_record() == [(1, "public")]


def test_the_same_figures_make_no_new_version(folder: Folder) -> None:
    folder.report("--format", "json", output="one")
    folder.report("--format", "json", output="two")
    assert folder.on_record() == [(1, "public")]
    assert folder.written("one") == folder.written("two")
    with folder.session() as session:
        one = session.scalars(select(Response.id)).first()
    folder.change(
        update(Response)
        .where(Response.id == one)
        .values(excluded_at=NOON, excluded_by="olga", exclusion_reason="spam")
    )
    done = folder.report("--format", "json")
    assert "version 2" in done.stdout
    assert folder.on_record() == [(1, "public"), (2, "public")]


def test_every_format(folder: Folder) -> None:
    folder.report("--format", "csv")
    for file_format in FORMATS:
        done = folder.report(
            *("--format", file_format, "--language", "ur", "--form", "easy_read"),
            *("--version", "1"),
        )
        assert done.exit_code == 0, done.output
        assert folder.written().startswith(STARTS[file_format])


def test_an_internal_report_is_exact_and_noted(folder: Folder) -> None:
    done = folder.report("--format", "json", "--audience", "internal")
    assert "internal report, version 1" in done.stdout
    data = json.loads(folder.written())
    assert data["audience"] == "internal"
    assert data["arrived"]["responses"]["value"] == 120
    with folder.session() as session:
        acts = session.scalars(select(AuditEvent.action)).all()
    assert "internal report downloaded" in acts


def test_a_version_that_was_made_before_can_be_made_again(folder: Folder) -> None:
    folder.report("--format", "html", output="first")
    folder.report("--audience", "internal")
    done = folder.report("--format", "html", "--version", "1", output="again")
    assert done.exit_code == 0, done.output
    assert folder.written("again") == folder.written("first")
    refused(
        folder.report("--version", "2"),
        "there is no public version 2. Versions of that kind: 1.",
    )
    refused(folder.report("--version", "9", "--audience", "internal"), "Versions of that kind: 2.")
    assert len(folder.on_record()) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--language", "xx"], ["'xx' is none of its languages. It has: en, ur, "]),
        (["--format", "pdf"], ["'pdf' is not one of 'docx', 'xlsx', 'html', 'csv', 'json'"]),
        (["--audience", "friends"], ["'friends' is not one of 'public', 'internal'"]),
        (["--form", "long"], ["'long' is not one of 'full', 'one_page', 'easy_read'"]),
        (["--version", "x"], ["'x' is not a valid integer"]),
    ],
)
def test_what_there_is_not_is_refused(folder: Folder, options: list[str], words: list[str]) -> None:
    refused(folder.report(*options), *words)
    assert not (folder.folder / "out").exists()
    assert folder.on_record() == []


def test_another_consultation_is_refused(folder: Folder) -> None:
    refused(folder.report(slug="nothing"), "There is no consultation 'nothing'.")


def test_a_place_that_cannot_be_written_is_told_before_the_work(folder: Folder) -> None:
    refused(folder.report(output="no/such/out"), "there is no folder", "Make it first.")
    refused(folder.report(output="."), "a folder. Name a file in it.")
    assert folder.on_record() == []


def test_a_folder_that_is_locked_is_told(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_command, "access", lambda *_: False)
    refused(folder.report(), "the folder cannot be written to")


def test_a_disk_that_is_full_leaves_what_was_there(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.folder / "out").write_bytes(b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_files, "fsync", full)
    refused(folder.report("--format", "csv"), "No space left on device. Name another file.")
    assert folder.written() == b"old"
    assert sorted(each.name for each in folder.folder.iterdir()) == ["data", "out"]


def test_a_file_that_is_replaced_keeps_who_may_read_it(folder: Folder) -> None:
    file = folder.folder / "out"
    file.write_bytes(b"old")
    file.chmod(0o640)
    folder.report("--format", "csv")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    folder.report("--format", "csv", output="new")
    assert stat.S_IMODE((folder.folder / "new").stat().st_mode) == 0o600


def test_after_the_last_day_only_what_is_on_record_is_made(folder: Folder) -> None:
    folder.report("--format", "csv")
    with folder.session() as session:
        closed = session.scalars(select(Consultation.closes_at)).first()
    folder.change(update(Consultation).values(data_removed_at=closed))
    refused(folder.report(), "answers were removed", "--version")
    done = folder.report("--format", "csv", "--version", "1", output="again")
    assert done.exit_code == 0, done.output
    assert folder.written("again") == folder.written()


def test_a_preview_is_not_reported(folder: Folder) -> None:
    folder.change(update(Consultation).values(is_preview=True))
    folder.change(update(Response).values(is_test=True))
    refused(folder.report(), "it is not open yet")


def test_versions_that_come_in_between_are_waited_out(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = versions.make
    tries: list[int] = []

    def outrun(*arguments, **named):
        tries.append(1)
        if len(tries) < 3:
            raise Outrun
        return make(*arguments, **named)

    monkeypatch.setattr(versions, "make", outrun)
    assert folder.report("--format", "csv").exit_code == 0
    assert len(tries) == 3

    def always(*arguments, **named):
        raise Outrun

    monkeypatch.setattr(versions, "make", always)
    refused(folder.report("--format", "csv"), "Try again.")


def test_so_few_answers_that_nothing_can_be_said(folder: Folder) -> None:
    folder.change(update(Response).values(withdrawn_at=Response.received_at))
    refused(folder.report(), "so few answers", "--audience internal")
    assert folder.on_record() == []
