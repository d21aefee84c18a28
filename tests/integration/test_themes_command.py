"""``consult analyse`` finds everything at once, and says what could not be."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.cli import main
from consult.db import make_engine
from consult.models import Study
from tests.support.visitors import SLUG


@pytest.fixture
def analyse(tmp_path: Path, answered_database: bytes, monkeypatch: pytest.MonkeyPatch):
    """Run the command on the answered model case."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "consult.sqlite3").write_bytes(answered_database)
    environment = {
        "CONSULT_DATA_DIR": str(tmp_path / "data"),
        "CONSULT_SECRET_KEY": "a-long-enough-secret-for-a-test-0123456789",
    }
    monkeypatch.delenv("CONSULT_DATABASE_URL", raising=False)

    def run(*arguments: str, **more: str) -> Result:
        return CliRunner().invoke(main, ["analyse", *arguments], env={**environment, **more})

    return run


def test_every_text_question_is_analysed(analyse, tmp_path: Path) -> None:
    done = analyse(SLUG)
    assert done.exit_code == 0, done.output
    assert "barriers_say: themes " in done.output
    assert "change_say: themes " in done.output
    assert "representation: responses 120" in done.output
    assert "Embedding: " in done.stderr
    again = analyse(SLUG)
    assert "new answers 0, new statements 0" in again.output
    engine = make_engine(f"sqlite:///{tmp_path / 'data' / 'consult.sqlite3'}")
    with Session(engine) as session:
        assert session.scalars(select(Study.analysed_by).distinct()).all() == ["command line"]
    engine.dispose()


def test_what_cannot_be_done_is_said(analyse) -> None:
    missing = analyse("no-such-thing")
    assert (missing.exit_code, "There is no consultation" in missing.output) == (2, True)
    wrong = analyse(SLUG, CONSULT_EMBEDDER="nowhere")
    assert wrong.exit_code == 2
    assert "barriers_say: the model that CONSULT_EMBEDDER names cannot be used" in wrong.output
