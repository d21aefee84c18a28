"""Published results: the data of the newest public report, and nothing that was taken down."""

import jsonschema_rs
import pytest

from consult.db import unit_of_work
from consult.reports.data import Audience, ReportData
from consult.services import consultations
from consult.services.reporting import versions
from tests.support.versions import gathered
from tests.support.visitors import NOON, SLUG, in_session

OFFICER = "officer@council.example.org"


@pytest.fixture
def make(app):
    """Make a version, published or not; its number."""

    def make(digest, audience=Audience.PUBLIC, *, is_published=True):
        with in_session(app) as session, unit_of_work(session):
            stored = consultations.get(session, SLUG)
            found = gathered(digest, audience)
            version = versions.make(session, stored, found, actor=OFFICER, now=NOON)
            if is_published:
                versions.publish(session, version, actor=OFFICER, now=NOON)
            return version.number

    return make


def test_everybody_reads_the_newest_that_was_published(make, stranger):
    make("a")
    newest = make("b")
    make("c", is_published=False)
    make("d", Audience.INTERNAL, is_published=False)
    found = stranger.here("results")
    assert found["number"] == newest
    assert found["audience"] == "public"
    ReportData.model_validate(found)


def test_what_was_taken_down_is_not_read(app, make, stranger):
    number = make("a")
    with in_session(app) as session, unit_of_work(session):
        version = versions.numbered(session, consultations.get(session, SLUG), number)
        versions.take_down(session, version, actor=OFFICER, now=NOON)
    assert stranger.ask(f"consultations/{SLUG}/results").status_code == 404


def test_every_field_of_them_is_described(make, stranger):
    make("a")
    description = stranger.read("openapi.json")
    operation = description["paths"]["/consultations/{slug}/results"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": description["components"]}
    jsonschema_rs.validator_for(whole).validate(stranger.here("results"))
