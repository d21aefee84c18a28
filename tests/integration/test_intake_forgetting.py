"""On the deletion date nothing of files and sources is left but that they came."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask

from consult.db import unit_of_work
from consult.models import (
    Answer,
    ImportMapping,
    Response,
    ResponseImport,
    ResponseOrigin,
    Workspace,
)
from consult.response_files.reading import open_table
from consult.response_files.survey import look
from consult.services import consultations, retention
from consult.services.intake import by_hand, forgetting, holding, storing
from consult.services.intake.by_hand import Entry
from consult.services.intake.mapping import ColumnUse, Mapping, Use
from consult.services.intake.storing import Tally
from tests.support.visitors import NOON, SLUG, in_session

CSV = b"words\nSomething said\n"
SECRET = "only for this test"


@pytest.fixture
def gathered(app: Flask, desk: Workspace) -> Flask:
    """A file that was brought in, one that waits, and a letter."""
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        mapping = Mapping(
            (ColumnUse(0, Use.QUESTION, "vision_say"),), received_on=date(2026, 11, 3)
        )
        for name in ("brought.csv", "waits.csv"):
            held = holding.hold(
                session, stored, name=name, content=CSV, survey=look(open_table(name, CSV)),
                actor="anna", now=NOON,
            )  # fmt: skip
            holding.remember(session, held, mapping, actor="anna", now=NOON)
            if name == "brought.csv":
                source, tally = storing.source_of(session, held.id), Tally()
                for batch in storing.batches(source, tally, secret_key=SECRET, now=NOON):
                    storing.store(session, source, batch, tally, now=NOON)
                storing.finish(session, source, tally, actor="anna", now=NOON)
        letter = Entry(
            uuid4(),
            "letter",
            "Ann's letter",
            date(2026, 11, 3),
            "en",
            {"vision_say": {"text": "x"}},
        )
        by_hand.add(session, SLUG, letter, secret_key=SECRET, actor="anna", now=NOON)
    return app


def test_words_and_files_go_and_counts_stay(gathered: Flask) -> None:
    with in_session(gathered) as session:
        with unit_of_work(session):
            forgetting.forget(session, consultations.get(session, SLUG))
        [held] = session.query(ResponseImport).all()
        assert (held.file_name, held.report and held.report["new"]) == ("brought.csv", 1)
        assert (held.content, held.mapping) == (None, None)
        assert session.query(ImportMapping).count() == 0
        origins = session.query(ResponseOrigin).all()
        assert {(each.source, each.source_key, each.row) for each in origins} == {
            ("removed on the deletion date", None, None)
        }
        assert {each.kind for each in origins} == {"file", "letter"}


def test_what_is_entered_after_the_day_goes_in_the_next_round(gathered: Flask) -> None:
    day = NOON + timedelta(days=1_000)
    with in_session(gathered) as session:
        stored = consultations.get(session, SLUG)
        with unit_of_work(session):
            retention.remove_due_data(session, now=day)
        before = session.query(Response).count()
        said = {"vision_say": {"text": "x"}}
        late = Entry(uuid4(), "letter", "Bea's letter", date(2026, 11, 4), "en", said)
        later = day + timedelta(minutes=1)
        with unit_of_work(session):
            by_hand.add(session, SLUG, late, secret_key=SECRET, actor="anna", now=later)
        with unit_of_work(session):
            assert retention.remove_due_data(session, now=day + timedelta(hours=1)) == [SLUG]
        assert session.query(Answer).filter_by(question_key="vision_say").count() == 0
        assert session.query(Response).count() in {before, before + 1}
        assert {each.source for each in session.query(ResponseOrigin)} <= {forgetting.REMOVED}
        with unit_of_work(session):
            assert retention.remove_due_data(session, now=day + timedelta(hours=2)) == []
        assert stored.data_removed_at == day + timedelta(hours=1)


def test_a_file_of_which_a_part_came_in_does_not_vanish_with_time(gathered: Flask) -> None:
    with in_session(gathered) as session, unit_of_work(session):
        late = NOON + holding.KEPT_FOR * 2
        assert holding.forget_waiting(session, now=NOON + holding.KEPT_FOR) == 0
        assert holding.forget_waiting(session, now=late) == 1
        assert [each.file_name for each in session.query(ResponseImport)] == ["brought.csv"]
