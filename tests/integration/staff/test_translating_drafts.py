"""Machine drafts as jobs: marked, kept as they come, and never in a person's place."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from consult.db import db, unit_of_work
from consult.forms.translating_words import standing_words
from consult.jobs.kinds import KINDS
from consult.jobs.presence import Presence
from consult.jobs.runner import Runner
from consult.models import Job
from consult.services import jobs, translating, translating_drafts, workspaces
from consult.services import translating_saving as saving
from consult.services.translating import Standing
from consult.services.translating_drafts import Draft
from consult.services.translating_saving import Author
from tests.support.jobs import FAST
from tests.support.translation_service import FakeService
from tests.support.visitors import NOON, SLUG, in_session


@pytest.fixture
def fake():
    service = FakeService()
    yield service
    service.stop()


@pytest.fixture
def bench(app, desk, fake):
    app.config["CONSULT_SETTINGS"] = replace(app.config["CONSULT_SETTINGS"], translate_url=fake.url)
    return Bench(app)


class Bench:
    """The model case with a worker beside it."""

    def __init__(self, app):
        self.app = app

    def write(self, path, text, *, origin="person"):
        with in_session(self.app) as session, unit_of_work(session):
            workspace = self.workspace(session)
            source = workspaces.source_texts(workspace.content)[path]
            saving.write(
                session, workspace, "ur", path, text,
                source=source, author=Author("omar", origin), now=NOON,
            )  # fmt: skip

    def workspace(self, session):
        found = workspaces.find(session, SLUG)
        assert found is not None
        return found

    def lines(self):
        with in_session(self.app) as session:
            lines = translating.lines(session, self.workspace(session), "ur")
        return {line.path: line for line in lines}

    def line(self, path):
        return self.lines()[path]

    def change_source(self, path, text):
        with in_session(self.app) as session, unit_of_work(session):
            workspace = self.workspace(session)
            workspace.content = {**workspace.content, path: text}

    def ask(self, *, again=False, language="ur", slug=SLUG):
        with in_session(self.app) as session, unit_of_work(session):
            return jobs.enqueue(
                session, "machine-translation", requested_by="anna", now=NOON,
                parameters={"language": language, "again": again}, subject=slug,
            ).id  # fmt: skip

    def run(self):
        """Let a worker do the one job that waits, and return it."""
        settings = self.app.config["CONSULT_SETTINGS"]
        with self.app.app_context():
            sessions = sessionmaker[Session](db.engine, expire_on_commit=False)
        with Presence(settings.data_dir / "workers") as presence:
            runner = Runner(sessions, KINDS, settings, presence, stop=threading.Event(), pace=FAST)
            assert runner.run_next()
        with in_session(self.app) as session:
            return session.scalars(select(Job)).one()


def test_missing_texts_are_drafted_and_marked(bench, fake):
    bench.write("title", "")
    bench.write("sections.food.easy_read", "")
    before = bench.line("sections.food.easy_read").source
    bench.ask()
    job = bench.run()
    assert (job.state, job.result) == ("done", {"drafted": 2, "passed_over": 0})
    title = bench.line("title")
    assert title.text == "CREATING A BOLDER, HEALTHIER CITY"[: len(title.text)]
    assert (title.standing, title.origin, title.written_by) == (
        Standing.MACHINE, "machine", "machine",
    )  # fmt: skip
    assert bench.line("sections.food.easy_read").text == before.upper()
    sent = [what for path, what in fake.asked if path == "/translate"]
    assert {(each["source"], each["target"]) for each in sent} == {("en", "ur")}


def test_residents_do_not_meet_a_draft_before_a_person_approves_it(bench):
    bench.write("title", "")
    bench.ask()
    bench.run()
    with in_session(bench.app) as session:
        published = translating.published_translations(session, bench.workspace(session))
    assert "title" not in published["ur"]
    assert "asked_by" in published["ur"]


def test_what_people_wrote_is_left_alone(bench):
    texts = {path: line.text for path, line in bench.lines().items()}
    bench.change_source("title", "Another title")
    bench.ask(again=True)
    job = bench.run()
    assert job.result == {"drafted": 0, "passed_over": 0}
    assert {path: line.text for path, line in bench.lines().items()} == texts


def test_old_drafts_are_made_again_only_if_asked(bench):
    bench.write("title", "پرانا", origin="machine")
    bench.change_source("title", "Another title")
    bench.ask()
    assert bench.run().result == {"drafted": 0, "passed_over": 0}
    assert bench.line("title").text == "پرانا"


def test_old_drafts_are_made_again(bench):
    bench.write("title", "پرانا", origin="machine")
    bench.write("asked_by", "کونسل", origin="machine")
    bench.change_source("title", "Another title")
    bench.ask(again=True)
    assert bench.run().result == {"drafted": 1, "passed_over": 0}
    title = bench.line("title")
    assert (title.text, title.standing) == ("ANOTHER TITLE", Standing.MACHINE)
    assert bench.line("asked_by").text == "کونسل", "a current draft stays"


def test_a_text_that_somebody_wrote_meanwhile_stays(bench):
    bench.write("title", "")
    bench.write("consent", "")
    lines = bench.lines()
    bench.write("title", "عمر کا شہر")
    bench.change_source("consent", "I am 18.")
    drafts = [Draft(lines["title"], "TITLE"), Draft(lines["consent"], "CONSENT")]
    drafts.append(Draft(replace(lines["asked_by"], path="gone"), "X"))
    with in_session(bench.app) as session, unit_of_work(session):
        assert translating_drafts.store(session, SLUG, "ur", drafts, now=NOON) == 0
    assert bench.line("title").text == "عمر کا شہر"
    assert bench.line("consent").standing is Standing.MISSING


def test_an_answer_that_cannot_be_kept_is_passed_over(bench):
    bench.write("title", "")
    line = bench.line("title")
    with in_session(bench.app) as session, unit_of_work(session):
        drafts = [Draft(line, "a\x00b"), Draft(line, "  ")]
        assert translating_drafts.store(session, SLUG, "ur", drafts, now=NOON) == 0
    assert bench.line("title").standing is Standing.MISSING


def test_what_came_before_a_fault_is_kept(bench, fake):
    for path in list(bench.lines())[:60]:
        bench.write(path, "")
    job_id = bench.ask()
    answered = 0

    def fail_after_two(sent):
        nonlocal answered
        answered += 1
        if answered > 2:
            fake.status = 503

    fake.before_answer = fail_after_two
    job = bench.run()
    assert (job.state, job.fault, job.fault_detail) == ("failed", "busy", "503")
    drafted = [line for line in bench.lines().values() if line.standing is Standing.MACHINE]
    missing = [line for line in bench.lines().values() if line.standing is Standing.MISSING]
    assert drafted
    assert missing
    assert len(drafted) + len(missing) == 60
    fake.status, fake.before_answer = 200, None
    with in_session(bench.app) as session, unit_of_work(session):
        jobs.retry(session, job_id, actor="anna", now=NOON)
    job = bench.run()
    assert (job.state, job.result) == ("done", {"drafted": len(missing), "passed_over": 0})


def test_a_job_that_is_cancelled_stops_between_batches(bench, fake):
    for path in list(bench.lines())[:60]:
        bench.write(path, "")
    job_id = bench.ask()

    def cancel(sent):
        with bench.app.app_context(), Session(db.engine) as session, unit_of_work(session):
            jobs.cancel(session, job_id, actor="anna", now=NOON)
        fake.before_answer = None

    fake.before_answer = cancel
    assert bench.run().state == "cancelled"
    assert len([path for path, _ in fake.asked if path == "/translate"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "fault"),
    [
        (b"<html>", 200, "bad_answer"),
        (b'{"translatedText": []}', 200, "bad_answer"),
        (b"", 500, "refused"),
        (b"", 429, "busy"),
    ],
)
def test_a_service_at_fault_is_explained(bench, fake, body, status, fault):
    bench.write("title", "")
    fake.body, fake.status = body, status
    bench.ask()
    job = bench.run()
    assert (job.state, job.fault) == ("failed", fault)
    assert bench.line("title").standing is Standing.MISSING


def test_a_language_that_the_service_does_not_know(bench):
    with in_session(bench.app) as session, unit_of_work(session):
        workspace = bench.workspace(session)
        saving.write(
            session, workspace, "pa", "title", "",
            source="", author=Author("omar"), now=NOON,
        )  # fmt: skip
    bench.ask(language="pa")
    assert bench.run().fault == "unknown_language"


def test_a_service_that_is_not_there(bench, fake):
    bench.write("title", "")
    fake.stop()
    bench.ask()
    assert bench.run().fault == "unreachable"


def test_no_service_and_no_consultation(bench):
    bench.ask(slug="nothing")
    assert bench.run().fault == "gone"


def test_switched_off_meanwhile(bench):
    bench.ask()
    bench.app.config["CONSULT_SETTINGS"] = replace(
        bench.app.config["CONSULT_SETTINGS"], translate_url=None
    )
    assert bench.run().fault == "switched_off"


def test_every_fault_has_words():
    kind = KINDS.get("machine-translation")
    assert kind is not None
    assert set(kind.faults) == {
        "gone", "switched_off", "unreachable", "timed_out", "refused", "busy", "bad_answer",
        "wrong_count", "unknown_language",
    }  # fmt: skip


def test_drafts_are_asked_for_on_the_page(bench, hire):
    bench.write("title", "")
    anna = hire("officer")
    page = anna.consultation("translations/ur/files")
    assert "A machine can draft 1 missing text." in page.text
    page = anna.send("/machine")
    assert "/jobs/" in page.path
    anna.consultation("translations/ur/files")
    again = anna.send("/machine")
    assert again.path == page.path, "the same work is not asked for twice"
    assert bench.run().state == "done"
    page = anna.get(page.path)
    assert "Texts drafted" in page.text
    page = anna.consultation("translations/ur?show=machine")
    with bench.app.test_request_context("/en/staff/"):
        assert standing_words(Standing.MACHINE) in page.text
    assert "Drafted by a machine on" in page.text


def test_old_drafts_are_offered_on_the_page(bench, hire):
    bench.write("title", "پرانا", origin="machine")
    bench.change_source("title", "Another title")
    anna = hire("officer")
    page = anna.consultation("translations/ur/files")
    assert "Draft 1 text once more" in page.text
    anna.send("/machine", {"again": ["yes"]})
    assert bench.run().result == {"drafted": 1, "passed_over": 0}


def test_without_a_service_the_page_says_so(app, desk, hire):
    anna = hire("officer")
    page = anna.consultation("translations/ur/files")
    assert "Machine drafts are switched off." in page.text
    token = page.form("/files").fields["csrf_token"]
    page = anna.post(
        f"/en/staff/consultations/{SLUG}/translations/ur/machine", {"csrf_token": token}
    )
    assert page.status == 422
    assert "so nothing was drafted" in page.text


def test_nothing_to_draft_is_said(bench, hire):
    page = hire("officer").consultation("translations/ur/files")
    assert "No text is missing, so there is nothing to draft." in page.text
