"""What programs read: consultations, questions, responses page by page, themes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import AuditEvent, Response
from consult.services import responses
from consult.services.raw import reading
from consult.services.tokens import Scope
from tests.support.reading import BUSES, SAY, respond, study
from tests.support.visitors import NOON, SLUG, in_session


def test_everybody_may_know_of_what_residents_see(app, stranger):
    (found,) = stranger.read("consultations")["items"]
    assert found["slug"] == SLUG
    assert found["state"] == "open"
    assert stranger.read(f"consultations/{SLUG}") == found


def test_questions_come_with_their_options(app, stranger):
    found = stranger.here("questions")
    question = next(each for each in found["items"] if each["key"] == "vision_agree")
    (version,) = question["versions"]
    assert version["options"][0] == {
        "key": "strongly_agree",
        "label": "Strongly agree",
        "asks_for_words": False,
    }
    assert found["language"] == "en"


def test_a_response_is_read_with_its_answers(app, install):
    response_id = respond(app, "More buses.", answers={"vision_agree": {"choice": "agree"}})
    page = install("analyst").here("responses")
    assert page["total"] == 1
    assert page["next"] is None
    (found,) = page["items"]
    assert found == {
        "id": str(response_id),
        "received_on": "2026-12-01",
        "channel": "online",
        "session": None,
        "partner": None,
        "mode": None,
        "interpreted": None,
        "language": "en",
        "origin": "pages",
        "import": None,
        "timing": "on_time",
        "is_resident": True,
        "status": "counted",
        "answers": {
            "who": {"version": 1, "choice": "resident"},
            "vision_agree": {"version": 1, "choice": "agree"},
            SAY: {"version": 1, "text": "More buses.", "language": "en"},
        },
    }


def test_pages_follow_each_other_to_the_end(app, install):
    ids = [str(respond(app, f"Words of number {number}")) for number in range(5)]
    program = install("analyst")
    page, found = program.here("responses", limit=2), []
    while True:
        found += [each["id"] for each in page["items"]]
        assert len(page["items"]) <= 2
        if page["next"] is None:
            break
        page = program.here("responses", limit=2, cursor=page["next"])
        assert page["total"] is None
    assert sorted(found) == sorted(ids)


def test_what_is_withdrawn_while_a_page_is_read_ends_no_reading(app, install, monkeypatch):
    ids = [respond(app, f"Words of {n}", received=NOON - timedelta(hours=3 - n)) for n in range(3)]
    read_them = reading._read

    def after_a_withdrawal(*known):
        with in_session(app) as session, unit_of_work(session):
            responses.withdraw(session, session.get_one(Response, ids[1]), now=NOON)
        return read_them(*known)

    monkeypatch.setattr(reading, "_read", after_a_withdrawal)
    program = install("analyst")
    first = program.here("responses", limit=2)
    assert [each["id"] for each in first["items"]] == [str(ids[0])]
    second = program.here("responses", limit=2, cursor=first["next"])
    assert [each["id"] for each in second["items"]] == [str(ids[2])]
    assert second["next"] is None


def test_a_reading_is_noted_once_in_the_audit_trail(app, install):
    for number in range(3):
        respond(app, f"Words of number {number}")
    program = install("analyst")
    page = program.here("responses", limit=2)
    program.here("responses", limit=2, cursor=page["next"])
    with in_session(app) as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "raw data read"))
        assert (event.actor, event.subject) == (program.email, SLUG)
        assert event.details["responses"] == 3
        assert event.details["token"] == "statistics"


def test_themes_are_told_with_their_figures(app, desk, install):
    response_id = respond(app, "More buses in the evening please.")
    study(app, {response_id: [BUSES]})
    program = install("analyst", scopes=[Scope.THEMES])
    line = next(each for each in program.here("themes")["items"] if each["question"] == SAY)
    assert (line["answering"], line["themes"]) == (1, 2)
    found = program.here(f"themes/{SAY}")
    theme = next(each for each in found["items"] if each["id"] == BUSES)
    assert (theme["label"], theme["responses"], theme["share"]) == ("Buses", 1, 1)


@pytest.mark.parametrize("path", ["themes/walk_days", "themes/unheard_of"])
def test_a_question_without_themes_is_not_found(app, install, path):
    answer = install("analyst").ask(f"consultations/{SLUG}/{path}")
    assert answer.status_code == 404
    assert answer.get_json()["type"] == "urn:consult:problem:not-found"


def test_the_last_use_of_a_token_is_written_down(app, install):
    from consult.models import ApiToken

    program = install("analyst")
    program.here("responses")
    with in_session(app) as session:
        assert session.scalars(select(ApiToken.last_used_at)).one() == NOON
