"""The public report of the model case: figures, then every format in five languages."""

import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.desk_themes import analysed_engine
from benchmarks.outcome import Outcome, Table
from consult import create_app
from consult.config import Settings
from consult.db import unit_of_work
from consult.demo.setting_up import model_case
from consult.reports.data import Audience, Form
from consult.reports.formats import FORMATS
from consult.services import consultations
from consult.services.reporting import versions
from consult.services.reporting.gathering import gather
from consult.services.themes import studies
from consult.telling.report import files

RESPONSES = 400
LANGUAGES = ("en", "ur", "bn", "pl", "ar")
GOAL_SECONDS = 60


def run(folder: Path) -> Outcome:
    """Measure the way from themes to twenty-five files."""
    questions = [question.key for question in studies.text_questions(model_case())]
    _, engine = analysed_engine(folder / "reports", RESPONSES, questions)
    settings = Settings.for_tests(folder / "reports", str(engine.url))
    now = datetime.now(UTC)
    with create_app(settings).app_context(), Session(engine, expire_on_commit=False) as session:
        stored = consultations.get(session, model_case().slug)
        began = time.perf_counter()
        with unit_of_work(session):
            gathered = gather(session, stored, audience=Audience.PUBLIC, now=now)
            version = versions.make(session, stored, gathered, actor="benchmark", now=now)
        figures = time.perf_counter() - began
        rows: list[tuple[str, float, int]] = []
        for name in FORMATS:
            began, size = time.perf_counter(), 0
            for language in LANGUAGES:
                size += len(files.file_of(session, version, Form.FULL, language, name, now=now))
            rows.append((name, time.perf_counter() - began, round(size / len(LANGUAGES) / 1000)))
    engine.dispose()
    whole = figures + sum(seconds for _, seconds, _ in rows)
    return Outcome(
        figures={"figures_seconds": round(figures, 1), "report_seconds": round(whole, 1)},
        tables=[
            Table(
                f"A public report of {RESPONSES} responses in {len(LANGUAGES)} languages",
                ("what", "seconds", "kB a file"),
                [("figures", round(figures, 1), None), *rows],
            )
        ],
        notes=[f"Together {whole:.1f} s (goal {GOAL_SECONDS} s)."],
    )
