"""The job that makes a version: figures worked out on the model case, frozen once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.jobs import reporting
from consult.models import Job, ReportVersion, Response
from consult.reports.data import Audience
from consult.services import consultations, retention
from consult.services.reporting import versions
from tests.support.themes import run_jobs
from tests.support.versions import gathered
from tests.support.visitors import NOON, SLUG, in_session

OFFICER = "officer@council.example.org"


def ask(app, audience=Audience.PUBLIC, note=""):
    with in_session(app) as session, unit_of_work(session):
        return reporting.ask(session, SLUG, audience, note=note, actor=OFFICER, now=NOON).id


@pytest.fixture
def quick(monkeypatch):
    """Figures that are there at once: working them out takes half a minute."""
    monkeypatch.setattr(reporting, "gather", lambda *_, audience, **__: gathered("a", audience))


def run(app, settings, now=NOON):
    with in_session(app) as session:
        engine = session.get_bind()
    run_jobs(engine, settings.data_dir, settings, now=now)


def outcome(app, job_id):
    with in_session(app) as session:
        job = session.get_one(Job, job_id)
        return job.state, job.fault, job.result


def made(app):
    with in_session(app) as session:
        return versions.every(session, consultations.get(session, SLUG))


def test_a_version_is_made_of_the_model_case(themed_app, settings):
    job = ask(themed_app, note="The first")
    run(themed_app, settings)
    assert outcome(themed_app, job) == ("done", None, {"version": 1})
    (version,) = made(themed_app)
    assert (version.number, version.audience, version.note) == (1, "public", "The first")
    assert (version.made_by, version.made_at) == (OFFICER, NOON)
    with in_session(themed_app) as session:
        data = versions.data_of(session, versions.numbered(session, version_of(session), 1))
    assert data.audience is Audience.PUBLIC
    assert data.arrived.responses.value is not None
    assert data.talk


def version_of(session):
    return consultations.get(session, SLUG)


def test_the_same_again_is_the_same_version_and_an_internal_one_is_another(
    answered_app, settings, quick
):
    ask(answered_app)
    run(answered_app, settings)
    again = ask(answered_app)
    run(answered_app, settings, now=NOON + timedelta(hours=1))
    assert outcome(answered_app, again)[2] == {"version": 1}
    internal = ask(answered_app, Audience.INTERNAL)
    run(answered_app, settings, now=NOON + timedelta(hours=2))
    assert outcome(answered_app, internal)[2] == {"version": 2}


def test_a_job_that_waits_takes_the_newer_note(answered_app, settings, quick):
    ask(answered_app, note="The first")
    ask(answered_app, note="With post")
    ask(answered_app)
    run(answered_app, settings)
    (version,) = made(answered_app)
    assert version.note == "With post"


def test_two_who_ask_get_one_job(answered_app):
    assert ask(answered_app) == ask(answered_app)
    assert ask(answered_app) != ask(answered_app, Audience.INTERNAL)


@pytest.mark.parametrize(
    ("fault", "error"),
    [("outrun", versions.Outrun()), ("removed", versions.DataRemoved())],
)
def test_what_hinders_at_the_last_moment_is_told(answered_app, settings, monkeypatch, fault, error):
    def hinder(*_arguments, **_more):
        raise error

    job = ask(answered_app)
    monkeypatch.setattr(versions, "make", hinder)
    run(answered_app, settings)
    assert outcome(answered_app, job)[:2] == ("failed", fault)


def test_of_hardly_any_answers_no_public_version_is_made(answered_app, settings):
    with in_session(answered_app) as session, unit_of_work(session):
        for response in list(session.scalars(select(Response)))[9:]:
            response.withdrawn_at = NOON
    job = ask(answered_app)
    run(answered_app, settings)
    assert outcome(answered_app, job)[:2] == ("failed", "cannot_protect")
    assert made(answered_app) == []


def test_without_a_consultation_or_its_answers_there_is_no_version(answered_app, settings):
    with in_session(answered_app) as session, unit_of_work(session):
        gone = reporting.ask(session, "gone", Audience.PUBLIC, actor=OFFICER, now=NOON).id
        consultations.get(session, SLUG).data_removed_at = NOON
    removed = ask(answered_app)
    run(answered_app, settings)
    assert outcome(answered_app, gone)[:2] == ("failed", "gone")
    assert outcome(answered_app, removed)[:2] == ("failed", "removed")


def test_on_the_promised_day_internal_versions_go(answered_app, settings, quick):
    ask(answered_app)
    ask(answered_app, Audience.INTERNAL)
    run(answered_app, settings)
    assert len(made(answered_app)) == 2
    with in_session(answered_app) as session, unit_of_work(session):
        due = consultations.get(session, SLUG).delete_on - NOON.date() + timedelta(days=1)
        retention.remove_due_data(session, now=NOON + due)
    (left,) = made(answered_app)
    assert left.audience == "public"
    with in_session(answered_app) as session:
        # Its answers stay without names, so another report must know what this one said.
        assert consultations.get(session, SLUG).deletion == "anonymise"
        assert len(versions.earlier(session, consultations.get(session, SLUG))) == 1
        again = versions.data_of(session, session.get_one(ReportVersion, left.id))
    assert again.number == left.number
    assert all(theme.quotes == () for talk in again.talk for theme in talk.themes)
