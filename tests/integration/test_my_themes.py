"""What a receipt code shows of the published themes that somebody raised."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import db, unit_of_work
from consult.models import Answer, ReportVersion, Response, Study, StudyKey, StudyUnit
from consult.reports.data import Audience
from consult.services import consultations, responses
from consult.services.counted import counted
from consult.services.reporting import mine, versions
from consult.services.reporting.gathering import gather
from consult.services.themes import editing, figures, studies
from tests.support.themes import QUESTION
from tests.support.visitors import NOON, SLUG, Visitor

LATER = NOON + timedelta(days=1)


def published(app: Flask) -> ReportVersion:
    """Publish what there is."""
    stored = consultations.get(db.session, SLUG)
    with unit_of_work(db.session):
        gathered = gather(db.session, stored, audience=Audience.PUBLIC, now=NOON)
        version = versions.make(db.session, stored, gathered, actor="officer", now=NOON)
        versions.publish(db.session, version, actor="officer", now=NOON)
    return version


def somebody_in(study: Study, theme: str) -> Response:
    """A person whose words are in a theme."""
    found = db.session.scalar(
        select(Response)
        .join(StudyUnit, StudyUnit.response_id == Response.id)
        .join(StudyKey, (StudyKey.study_id == StudyUnit.study_id) & (StudyKey.key == StudyUnit.key))
        .where(StudyUnit.study_id == study.id, StudyKey.theme == theme, counted())
        .order_by(Response.id)
    )
    assert found is not None
    return found


@pytest.fixture
def study(themed_app: Flask):
    """The study of the question that most tests look at, within the application."""
    with themed_app.app_context():
        found = studies.find(db.session, consultations.get(db.session, SLUG), QUESTION)
        assert found is not None
        yield found


def fate(response: Response, version: ReportVersion) -> mine.Fate:
    stored = consultations.get(db.session, SLUG)
    data = versions.data_of(db.session, version)
    found = mine.fates(db.session, stored, response, data)
    return next(each for each in found if each.question == QUESTION)


def test_themes_that_somebody_raised_are_named(themed_app, study) -> None:
    largest = figures.overview(db.session, study).themes[0].id
    version = published(themed_app)
    found = fate(somebody_in(study, largest), version)
    assert largest in {raised.theme.id for raised in found.raised}
    assert not next(each for each in found.raised if each.theme.id == largest).by_person
    assert found.is_read


def test_a_theme_that_was_merged_since_leads_on_and_people_are_named(themed_app, study) -> None:
    first, second = (theme.id for theme in figures.overview(db.session, study).themes[:2])
    person = somebody_in(study, second)
    version = published(themed_app)
    with unit_of_work(db.session):
        editing.merge(db.session, study.id, first, second, actor="officer", now=LATER)
    raised = {each.theme.id for each in fate(person, version).raised}
    assert second in raised


def test_small_themes_are_told_by_their_number_alone(themed_app, study) -> None:
    version = published(themed_app)
    data = versions.data_of(db.session, version)
    talk = next(each for each in data.talk if each.question == QUESTION)
    shown = {theme.id for theme in talk.themes}
    small = [
        theme.id for theme in figures.overview(db.session, study).themes if theme.id not in shown
    ]
    assert small, "the example must hold a theme that is too small to publish"
    found = fate(somebody_in(study, small[0]), version)
    assert found.other >= 1
    assert small[0] not in {raised.theme.id for raised in found.raised}


def test_the_page_of_a_receipt_code_shows_them_and_leads_to_the_results(themed_app, study) -> None:
    largest = figures.overview(db.session, study).themes[0].id
    person = somebody_in(study, largest)
    visitor = Visitor(themed_app.test_client())
    with visitor.client.session_transaction() as session:
        session["responses"] = {SLUG: str(person.id)}
    assert "What became of what you said" not in visitor.visit("my-response").text
    published(themed_app)
    page = visitor.visit("my-response")
    assert "What became of what you said" in page.text
    assert "A machine put your words there." in page.text
    assert "/results/1/part/themes#" in page.html
    with unit_of_work(db.session):
        excluded = db.session.get_one(Response, person.id)
        excluded.excluded_at, excluded.excluded_by = LATER, "officer"
        excluded.exclusion_reason = "A test of ours."
    page = visitor.visit("my-response")
    assert "not counted in the results" in page.text
    assert "/part/themes#" not in page.html
    with unit_of_work(db.session):
        responses.withdraw(db.session, db.session.get_one(Response, person.id), now=LATER)
    assert "What became of what you said" not in visitor.visit("my-response").text


def test_somebody_who_wrote_nothing_is_told_nothing(themed_app, study) -> None:
    version = published(themed_app)
    stored = consultations.get(db.session, SLUG)
    silent = db.session.scalar(
        select(Response).where(
            Response.consultation_id == stored.id,
            counted(),
            ~Response.answers.any(
                Answer.question_key.in_(
                    [each.question_key for each in studies.all_of(db.session, stored)]
                )
            ),
        )
    )
    assert silent is not None, "the example must hold somebody who wrote nothing"
    data = versions.data_of(db.session, version)
    assert mine.fates(db.session, stored, silent, data) == []
