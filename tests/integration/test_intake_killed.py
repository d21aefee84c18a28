"""A worker that is lost in the middle of a file: every response comes in once all the same."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.jobs import importing_responses
from consult.jobs.context import Context, Lost
from consult.models import Job, Response, ResponseImport, ResponseOrigin
from consult.response_files.reading import open_table
from consult.response_files.survey import look
from consult.services import consultations, job_claims, jobs
from consult.services.intake import holding, places, storing, undoing
from consult.services.intake.mapping import ColumnUse, Mapping, Use
from tests.support.intake import work
from tests.support.visitors import NOON, SLUG, in_session

ROWS = 40
CSV = "words\n" + "".join(f"Words of row {number % 30}\n" for number in range(ROWS))


@pytest.fixture
def held(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[ResponseImport]:
    """A file of which ten rows each are stored in a unit of work."""
    batches = storing.batches
    monkeypatch.setattr(storing, "batches", lambda *given, **more: batches(*given, **more, size=10))
    with in_session(app) as session:
        with unit_of_work(session):
            stored = consultations.get(session, SLUG)
            survey = look(open_table("a.csv", CSV.encode()))
            found = holding.hold(
                session, stored, name="a.csv", content=CSV.encode(), survey=survey,
                actor="anna", now=NOON,
            )  # fmt: skip
            mapping = Mapping(
                (ColumnUse(0, Use.QUESTION, "vision_say"),), received_on=date(2026, 11, 20)
            )
            holding.remember(session, found, mapping, actor="anna", now=NOON)
            jobs.enqueue(
                session,
                importing_responses.KIND,
                requested_by="anna",
                now=NOON,
                parameters={"import": str(found.id), "do": "bring_in"},
                subject=SLUG,
                key=importing_responses.key_of(SLUG),
            )
        yield found


def responses_in(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Response)) or 0


def lose_after(monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    """Let the worker be lost when so many batches are stored."""
    done = 0
    real = Context.progress

    def progress(self: Context, *given: int, stage: str = "") -> None:
        nonlocal done
        done += 1
        if done > batches:
            self.lost.set()
            raise Lost
        real(self, given[0], given[1])

    monkeypatch.setattr(
        Context, "progress", lambda self, a, b, stage="": progress(self, a, b, stage=stage)
    )


def free(app: Flask) -> None:
    """The watch finds that the worker is gone."""
    with in_session(app) as session, unit_of_work(session):
        for seen in job_claims.running(session):
            job_claims.take_up(session, seen, now=NOON)


def test_an_attempt_that_begins_anew_stores_nothing_twice(
    app: Flask, held: ResponseImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        lose_after(patch, 2)
        work(app)
    with in_session(app) as session:
        assert responses_in(session) == 20
        assert session.get_one(ResponseImport, held.id).applied_at is None
    free(app)
    assert work(app)
    with in_session(app) as session:
        session.expire_all()
        assert responses_in(session) == ROWS
        job = session.scalars(select(Job)).one()
        assert job.state == "done"
        assert job.result == {"rows": ROWS, "new": ROWS, "there": 0, "left_out": 0}
        done = session.get_one(ResponseImport, held.id)
        assert (done.applied_by, done.content) == ("anna", None)
        keys = session.scalars(select(ResponseOrigin.source_key)).all()
        assert len(set(keys)) == ROWS


def test_what_came_of_a_job_that_stopped_can_be_taken_out(
    app: Flask, held: ResponseImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        lose_after(patch, 2)
        work(app)
    free(app)
    with in_session(app) as session:
        with unit_of_work(session):
            jobs.cancel(session, session.scalars(select(Job.id)).one(), actor="anna", now=NOON)
        with unit_of_work(session):
            stored = consultations.get(session, SLUG)
            assert undoing.undo(session, stored, held.id, actor="anna", now=NOON) == 20
        waiting = session.get_one(ResponseImport, held.id)
        assert (waiting.undone_at, waiting.content is None) == (None, False)
        assert responses_in(session) == 0


def test_a_file_that_was_put_away_fails_the_job_in_words(app: Flask, held: ResponseImport) -> None:
    with in_session(app) as session, unit_of_work(session):
        session.delete(session.get_one(ResponseImport, held.id))
    assert work(app)
    with in_session(app) as session:
        assert session.scalars(select(Job.fault)).one() == "gone"


def test_a_preview_with_gathered_responses_is_known(app: Flask, held: ResponseImport) -> None:
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        assert places.holds_gathered(session, stored)
        with unit_of_work(session):
            session.delete(session.get_one(ResponseImport, held.id))
        assert not places.holds_gathered(session, stored)
