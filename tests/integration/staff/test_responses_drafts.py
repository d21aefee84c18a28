"""Machine drafts of answers: by the council's own service, marked, without what is hidden."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from consult.db import db, unit_of_work
from consult.jobs.kinds import KINDS
from consult.jobs.presence import Presence
from consult.jobs.runner import Runner
from consult.models import Answer, AnswerTranslation, Job
from consult.services.reading import redacting
from consult.services.reading.redacting import Hiding
from tests.support.jobs import FAST
from tests.support.reading import SAY, answer_id, respond
from tests.support.translation_service import FakeService
from tests.support.visitors import NOON, in_session

PLACE = f"answer-translations/{SAY}"
WORDS = "naam asha hai. bus nahin aati."


@pytest.fixture
def fake():
    service = FakeService()
    yield service
    service.stop()


@pytest.fixture
def connected(app, desk, fake):
    app.config["CONSULT_SETTINGS"] = replace(app.config["CONSULT_SETTINGS"], translate_url=fake.url)
    return app


def hide(app, response_id, start, end, *, now=NOON):
    with in_session(app) as session, unit_of_work(session):
        answer = session.get_one(Answer, answer_id(app, response_id))
        redacting.hide(session, answer, [Hiding(start, end, "name")], actor="olga", now=now)


def run(app):
    """Let a worker do the one job that waits, and return it."""
    settings = app.config["CONSULT_SETTINGS"]
    with app.app_context():
        sessions = sessionmaker[Session](db.engine, expire_on_commit=False)
    with Presence(settings.data_dir / "workers") as presence:
        runner = Runner(
            sessions, KINDS, settings, presence,
            stop=threading.Event(), pace=FAST, clock=lambda: NOON + timedelta(hours=1),
        )  # fmt: skip
        assert runner.run_next()
    with in_session(app) as session:
        return session.scalars(select(Job)).one()


def drafts(app):
    with in_session(app) as session:
        return [(row.text, row.origin, row.translator) for row in session.query(AnswerTranslation)]


def ask(colleague):
    colleague.consultation(PLACE)
    return colleague.send("/machine")


def test_answers_are_drafted_and_marked_and_nothing_hidden_is_sent(connected, fake, hire):
    response_id = respond(connected, WORDS, language="ur")
    respond(connected, "The bus never comes.")
    hide(connected, response_id, 5, 9)
    analyst = hire("analyst")
    page = ask(analyst)
    assert "Drafting translations of answers by machine" in page.text
    job = run(connected)
    assert (job.state, job.result) == (
        "done",
        {"drafted": 1, "passed_over": 0, "unknown_language": 0},
    )
    assert drafts(connected) == [("NAAM […] HAI. BUS NAHIN AATI.", "machine", "machine")]
    sent = [what for path, what in fake.asked if path == "/translate"]
    assert all("asha" not in text and "[…]" not in text for each in sent for text in each["q"])
    page = analyst.consultation(f"responses/{response_id}")
    assert "by a machine" in page.text
    assert "nothing to draft" in analyst.consultation(PLACE).text


def test_what_was_hidden_during_the_work_is_not_kept(connected, fake, hire):
    response_id = respond(connected, WORDS, language="ur")
    ask(hire("analyst"))
    fake.before_answer = lambda _sent: hide(connected, response_id, 5, 9)
    job = run(connected)
    assert job.result == {"drafted": 0, "passed_over": 1, "unknown_language": 0}
    assert drafts(connected) == []


def test_languages_that_the_service_does_not_know_are_counted(connected, hire):
    respond(connected, WORDS, language="ur")
    respond(connected, "পার্কে আরও আলো দরকার।", language="bn")
    ask(hire("analyst"))
    assert run(connected).result == {"drafted": 1, "passed_over": 0, "unknown_language": 1}


@pytest.mark.parametrize(
    ("language", "status", "fault"),
    [("bn", 200, "unknown_language"), ("ur", 500, "refused"), ("ur", 503, "busy")],
)
def test_a_service_that_cannot_is_explained(connected, fake, hire, language, status, fault):
    respond(connected, WORDS, language=language)
    ask(hire("analyst"))
    fake.status = status
    job = run(connected)
    assert (job.state, job.fault) == ("failed", fault)
    assert drafts(connected) == []


def test_a_service_switched_off_meanwhile_is_explained(connected, hire):
    respond(connected, WORDS, language="ur")
    ask(hire("analyst"))
    settings = connected.config["CONSULT_SETTINGS"]
    connected.config["CONSULT_SETTINGS"] = replace(settings, translate_url=None)
    job = run(connected)
    assert (job.state, job.fault) == ("failed", "switched_off")


def test_without_a_service_nothing_is_asked_for(app, desk, hire):
    respond(app, WORDS, language="ur")
    analyst = hire("analyst")
    page = analyst.consultation(PLACE)
    token = page.form("/sheet").fields["csrf_token"][0]
    address = analyst.address(f"consultations/{analyst.slug}/{PLACE}/machine")
    page = analyst.post(address, {"csrf_token": token})
    assert (page.status, "switched off here" in page.text) == (422, True)
    with in_session(app) as session:
        assert session.query(Job).count() == 0
