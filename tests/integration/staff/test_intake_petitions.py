"""Petitions: recorded, put right, removed, and counted apart."""

import re
from uuid import UUID

import pytest

from consult.models import Petition, Response
from tests.support.intake import count, trail

PETITION = {
    "title": "Save our baths",
    "asks": "Keep the swimming baths open.",
    "organiser": "Friends of the Baths",
    "signatures": "1,204",
    "received_on-day": "20",
    "received_on-month": "11",
    "received_on-year": "2026",
}


@pytest.fixture
def officer(app, desk, hire):
    return hire("officer")


def record(officer, **changes):
    officer.consultation("petitions")
    return officer.send("/petitions", {**PETITION, **changes})


def open_first(officer):
    page = officer.consultation("petitions")
    [address] = re.findall(r'href="([^"]*/petitions/[0-9a-f-]{36})"', page.html)
    return officer.get(address)


def test_a_petition_is_recorded_and_is_no_response(app, officer):
    page = record(officer)
    assert "The petition is recorded." in page.text
    assert "1204 signatures altogether." in page.text
    assert "Signatures are no responses" in page.text
    assert (count(app, Petition), count(app, Response)) == (1, 0)
    assert trail(app, "petition recorded") == [{"signatures": 1204}]


def test_signatures_of_all_petitions_are_added_up(officer):
    record(officer)
    page = record(officer, title="Another", signatures="96")
    assert "1300 signatures altogether." in page.text


def test_a_petition_is_put_right(app, officer):
    record(officer)
    page = open_first(officer)
    assert page.form("/petitions/").fields["received_on-day"] == ["20"]
    page = officer.send("/petitions/", {"signatures": "1300", "do": "save"})
    assert "The petition is changed." in page.text
    assert "1300 signatures altogether." in page.text
    assert trail(app, "petition changed") == [{"signatures": 1300}]


def test_a_petition_is_removed(app, officer):
    record(officer)
    open_first(officer)
    page = officer.send("/petitions/", {"do": "remove"})
    assert "The petition is removed." in page.text
    assert count(app, Petition) == 0
    assert trail(app, "petition removed") == [{"signatures": 1204}]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Write what the petition is called."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"asks": " "}, "Write what it asks for."),
        ({"asks": "x" * 5_001}, "at most 5000 characters"),
        ({"organiser": ""}, "Write who handed it in."),
        ({"signatures": ""}, "Write how many people signed"),
        ({"signatures": "many"}, "Write a whole number"),
        ({"signatures": "0"}, "from 1 to 10,000,000"),
        ({"received_on-year": ""}, "Write the day, the month and the year"),
        ({"received_on-year": "2199"}, "still to come"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app, officer, changes, words):
    page = record(officer, **changes)
    assert page.status == 422
    assert words in page.text
    kept = page.form("/petitions").fields
    wanted = {**PETITION, **changes}
    assert {name: kept[name][0].strip() for name in PETITION} == {
        name: value.strip() for name, value in wanted.items()
    }
    assert count(app, Petition) == 0


def test_a_petition_is_not_put_wrong(app, officer):
    record(officer)
    open_first(officer)
    page = officer.send("/petitions/", {"signatures": "-5", "do": "save"})
    assert page.status == 422
    assert page.form("/petitions/").fields["signatures"] == ["-5"]


def test_a_petition_that_is_not_there_is_not_found(officer):
    assert officer.consultation(f"petitions/{UUID(int=1)}").status == 404


def test_an_analyst_reads_and_records_nothing(app, officer, hire):
    record(officer)
    analyst = hire("analyst")
    page = analyst.consultation("petitions")
    assert "Save our baths" in page.text
    assert "Record it" not in page.html
