"""Raw answers of a very large consultation as CSV: how long, and in how much memory."""

import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.outcome import Outcome
from consult.db import make_engine, unit_of_work, upgrade
from consult.demo.setting_up import model_case
from consult.document.model import Consultation as Document
from consult.document.model import Question, QuestionKind, choices_of
from consult.models import Answer, Response
from consult.services import consultations

RESPONSES, ANSWERS = 250_000, 20
AT_A_TIME = 2_000
GOAL_SECONDS, GOAL_MEGABYTES = 90, 300
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
PHRASES = (
    "parks are cold",
    "buses come too late for children",
    "walk to school every day in winter",
    "we need more seats",
    "clean air along the main road please listen",
)


def run(folder: Path) -> Outcome:
    """Make the responses, then read them in a process of its own."""
    url = f"sqlite:///{folder / 'consult.sqlite3'}"
    upgrade(url)
    _fill(url)
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.raw_reader", url, str(folder / "responses.csv")],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(ended.stdout)
    rows = int(found["rows"])
    return Outcome(
        figures=found,
        faults=[] if rows == RESPONSES else [f"{rows:,} responses came out of {RESPONSES:,}"],
        notes=[
            f"{RESPONSES:,} responses of {ANSWERS} answers as CSV, {found['megabytes']} MB: "
            f"{found['seconds']} s (goal {GOAL_SECONDS} s), at most {found['peak_megabytes']} MB "
            f"of memory (goal {GOAL_MEGABYTES} MB)."
        ],
    )


def _fill(url: str) -> None:
    chance = random.Random(1)  # noqa: S311 - made-up answers
    engine = make_engine(url)
    with Session(engine) as session:
        with unit_of_work(session):
            consultations.store(session, model_case(), actor="benchmark", now=NOW)
        stored = consultations.get(session, model_case().slug)
        document = consultations.document_of(session, stored)
        asked = [
            (question, row.current.id)
            for row in stored.questions[:ANSWERS]
            if (question := document.question(row.key)) is not None
        ]
        consultation_id = stored.id
    for first in range(0, RESPONSES, AT_A_TIME):
        responses: list[dict[str, Any]] = []
        answers: list[dict[str, Any]] = []
        for number in range(first, first + AT_A_TIME):
            response_id = UUID(int=chance.getrandbits(128))
            came = NOW - timedelta(seconds=chance.randint(0, 2_000_000))
            responses.append(
                {
                    "id": response_id,
                    "consultation_id": consultation_id,
                    "client_id": UUID(int=chance.getrandbits(128)),
                    "content_digest": "d" * 64,
                    "code_hash": f"{number:064d}",
                    "channel": "online",
                    "language": chance.choice(["en", "ur", "bn"]),
                    "started_at": came,
                    "received_at": came,
                    "timing": "on_time",
                    "is_test": False,
                    "is_resident": True,
                }
            )
            answers.extend(
                {
                    "id": UUID(int=chance.getrandbits(128)),
                    "response_id": response_id,
                    "question_key": question.key,
                    "question_version_id": version_id,
                    "value": _value(question, document, chance),
                    "language": "en",
                    "answered_at": came,
                }
                for question, version_id in asked
            )
        with engine.begin() as connection:
            connection.execute(sa.insert(Response), responses)
            connection.execute(sa.insert(Answer), answers)
    engine.dispose()


def _value(question: Question, document: Document, chance: random.Random) -> dict[str, Any]:
    if question.kind in {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}:
        return {"text": " ".join(chance.choices(PHRASES, k=chance.randint(1, 8)))}
    if question.kind is QuestionKind.NUMBER:
        return {"number": chance.randint(0, 7)}
    keys = choices_of(question, document)
    if question.kind is QuestionKind.SEVERAL_CHOICES:
        return {"choices": sorted(chance.sample(keys, min(len(keys), 3)))}
    if question.kind is QuestionKind.RANKING:
        return {"order": chance.sample(keys, min(len(keys), 3))}
    return {"choice": chance.choice(keys)}
