"""The commands, as an operator types them."""

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.cli import main
from consult.db import make_engine
from consult.document.reading import read_consultation
from consult.models import AssistedSession, AuditEvent, Job, PostcodeArea, Response, ServerKey
from tests.unit.consultation_example import example, example_text


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in ("SECRET_KEY", "DATA_DIR", "DATABASE_URL", "LANGUAGES", "KEY_FILE"):
        monkeypatch.delenv(f"CONSULT_{name}", raising=False)

    def run_(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(main, list(arguments), env=environment)

    return run_


@pytest.fixture
def configured(tmp_path: Path) -> dict[str, str]:
    return {
        "CONSULT_DATA_DIR": str(tmp_path / "data"),
        "CONSULT_SECRET_KEY": "a-long-enough-secret-for-a-test-0123456789",
    }


def rows(data: Path, table) -> int:
    engine = make_engine(f"sqlite:///{data / 'consult.sqlite3'}")
    try:
        with Session(engine) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0
    finally:
        engine.dispose()


def test_demo_prepares_everything_and_prints_addresses(run, tmp_path: Path) -> None:
    result = run("demo", "--data", "d", "--responses", "7", "--no-serve")
    assert result.exit_code == 0, result.output
    assert "7 illustrative responses, none of them real" in result.output
    assert "http://127.0.0.1:8000/ur/bolder-healthier-city/" in result.output
    assert rows(tmp_path / "d", Response) == 7
    assert rows(tmp_path / "d", Job) == 5, "themes of four questions, and a report"
    assert "partner@example.org" in result.output
    assert rows(tmp_path / "d", AssistedSession) == 2, "one held, one planned"
    secret = tmp_path / "d" / "secret.key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    kept = secret.read_text()
    again = run("demo", "--data", "d", "--responses", "9", "--no-serve")
    assert again.exit_code == 0
    assert rows(tmp_path / "d", Response) == 7
    assert rows(tmp_path / "d", Job) == 5, "asked for already"
    assert rows(tmp_path / "d", AssistedSession) == 2
    assert secret.read_text() == kept


def test_commands_work_on_a_demonstration_s_folder(run, tmp_path: Path) -> None:
    run("demo", "--data", "d", "--responses", "1", "--no-serve")
    result = run("export-consultation", "bolder-healthier-city", "out.yaml", CONSULT_DATA_DIR="d")
    assert result.exit_code == 0, result.output
    exported = read_consultation(tmp_path / "out.yaml")
    assert len(exported.translations) == 7


def test_export_after_import_loses_nothing(run, configured, tmp_path: Path) -> None:
    Path("in.yaml").write_text(example_text(), encoding="utf-8")
    result = run("import-consultation", "in.yaml", **configured)
    assert result.exit_code == 0, result.output
    result = run("export-consultation", example().slug, "out.yaml", **configured)
    assert result.exit_code == 0, result.output
    assert read_consultation(Path("out.yaml")) == example()
    run("import-consultation", "out.yaml", **configured)
    run("export-consultation", example().slug, "again.yaml", **configured)
    assert Path("out.yaml").read_bytes() == Path("again.yaml").read_bytes()
    assert rows(tmp_path / "data", AuditEvent) == 2


def test_a_wrong_file_names_line_and_mend(run, configured) -> None:
    Path("in.yaml").write_text(
        example_text().replace("kind: number", "kind: nummer"), encoding="utf-8"
    )
    result = run("import-consultation", "in.yaml", **configured)
    assert result.exit_code == 2
    assert "line" in result.output
    assert "nummer" in result.output


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["serve"], {}, "CONSULT_SECRET_KEY is not set"),
        (["serve"], {"CONSULT_SECRET_KEY": "short"}, "too weak"),
        (["worker"], {}, "consult make-secret"),
        (["import-consultation", "missing.yaml"], {"SECRET": "1"}, "missing.yaml"),
        (
            ["export-consultation", "nothing", "x.yaml"],
            {"SECRET": "1"},
            "no consultation 'nothing'",
        ),
        (["pause", "nothing"], {"SECRET": "1"}, "no consultation"),
        (["load-postcodes", "missing.csv"], {"SECRET": "1"}, "missing.csv"),
        (["serve"], {"SECRET": "1", "CONSULT_DATABASE_URL": "mysql://x"}, "must start with"),
        (["serve"], {"SECRET": "1", "CONSULT_LANGUAGES": "en,xx"}, "names xx"),
        (["serve"], {"SECRET": "1", "CONSULT_TRUSTED_PROXIES": "many"}, "whole number"),
        (
            ["serve"],
            {"SECRET": "1", "CONSULT_DATABASE_URL": "sqlite:////nowhere/at/all/x.db"},
            "database cannot be used",
        ),
    ],
)
def test_what_an_operator_can_mend_is_one_clear_line(
    run, configured, arguments, environment, words
) -> None:
    if environment.pop("SECRET", None):
        environment = {**configured, **environment}
    result = run(*arguments, **environment)
    assert result.exit_code == 2, result.output
    assert words in result.output
    assert "Traceback" not in result.output


def test_pausing_and_resuming(run, configured) -> None:
    Path("in.yaml").write_text(example_text(), encoding="utf-8")
    run("import-consultation", "in.yaml", **configured)
    assert "paused" in run("pause", example().slug, **configured).output
    run("export-consultation", example().slug, "out.yaml", **configured)
    assert read_consultation(Path("out.yaml")).paused
    assert "goes on" in run("pause", "--resume", example().slug, **configured).output


def test_postcodes_are_loaded(run, configured, tmp_path: Path) -> None:
    Path("p.csv").write_text("postcode,area_code\nB1 1BB,E05011118\n", encoding="utf-8")
    result = run("load-postcodes", "p.csv", **configured)
    assert "1 postcodes loaded" in result.output
    assert rows(tmp_path / "data", PostcodeArea) == 1


def test_secrets_differ_and_are_long(run) -> None:
    one, other = run("make-secret").output.strip(), run("make-secret").output.strip()
    assert one != other
    assert len(one) >= 64


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            [
                *(sys.executable, "-c", "from consult.cli import main; main()", "demo"),
                *("--data", str(tmp_path / "d"), "--responses", "0", "--port", str(port)),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert result.returncode == 2
    assert "Choose another with --port" in result.stderr


def test_a_data_folder_that_cannot_be_made_is_said(run) -> None:
    Path("file").write_text("in the way")
    result = run("demo", "--data", "file/d", "--no-serve")
    assert result.exit_code == 2
    assert "Name another folder" in result.output


def test_keys_of_tablets_are_made_anew(run, configured, tmp_path: Path) -> None:
    first, again = run("rotate-keys", **configured), run("rotate-keys", **configured)
    assert (first.exit_code, again.exit_code) == (0, 0), again.output
    assert first.output.startswith("New keys: ")
    assert f"Key file: {tmp_path / 'data' / 'keys' / 'assisted.key'}." in first.output
    assert first.output.splitlines()[0] != again.output.splitlines()[0]
    assert "Tablets take the new keys when they are next online." in again.output
    assert rows(tmp_path / "data", ServerKey) == 4


def test_a_lost_key_file_is_told_and_can_be_given_up(run, configured, tmp_path: Path) -> None:
    elsewhere = {**configured, "CONSULT_KEY_FILE": str(tmp_path / "disk" / "tablets.key")}
    assert run("rotate-keys", **elsewhere).exit_code == 0
    (tmp_path / "disk" / "tablets.key").unlink()
    refused = run("rotate-keys", **elsewhere)
    assert refused.exit_code == 2
    assert f"The key file {tmp_path / 'disk' / 'tablets.key'} is missing." in refused.output
    done = run("rotate-keys", "--old-are-lost", **elsewhere)
    assert done.exit_code == 0, done.output
    assert "What tablets have sealed so far can never be opened." in done.output
    assert (tmp_path / "disk" / "tablets.key").exists()
