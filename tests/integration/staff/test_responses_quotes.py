"""Statements that a named person lets stand for a theme in public."""

from uuid import uuid4

import pytest

from consult.db import unit_of_work
from consult.models import Answer, Quote, Response, Study, StudyKey, StudyUnit
from consult.services.reading import quotes, redacting
from consult.services.reading.redacting import Hiding
from tests.support.reading import BUSES, PARKS, SAY, acts, answer_id, respond, study, unit_ids
from tests.support.visitors import NOON, SLUG, in_session

WORDS = "The number 8 bus never comes on time. We met Mrs Khan, who promised us a new park."
BUS = "The number 8 bus never comes on time."


@pytest.fixture
def given(app, desk):
    return respond(app, WORDS)


@pytest.fixture
def made(app, given):
    return study(app, {given: [BUSES, PARKS]})


@pytest.fixture
def units(app, given, made):
    return unit_ids(app, given)


def place(unit, theme):
    return f"themes/{SAY}/quotes/{unit}/{theme}"


def hide(app, given, start, end, *, now=NOON):
    with in_session(app) as session, unit_of_work(session):
        answer = session.get_one(Answer, answer_id(app, given))
        redacting.hide(session, answer, [Hiding(start, end, "name")], actor="olga", now=now)


def stored_quotes(app):
    with in_session(app) as session:
        return [(q.text, q.theme, q.approved_by, q.cleared) for q in session.query(Quote)]


def test_a_statement_is_approved_and_listed_and_taken_back(app, given, units, hire):
    analyst = hire("analyst")
    page = analyst.consultation(place(units[0], BUSES))
    for words in (BUS, "Buses", "It would be published.", "words can only be hidden"):
        assert words in page.text
    page = analyst.send("/quotes/")
    assert "approved in your name" in page.text
    assert f"Approved by {analyst.email}" in page.text
    assert stored_quotes(app) == [(BUS, BUSES, analyst.email, [])]
    page = analyst.send("/withdraw")
    assert "not approved any more" in page.text
    assert "No quote is approved yet" in page.text
    assert acts(app, given) == sorted(
        [
            (analyst.email, "quote approved"),
            (analyst.email, "quote withdrawn"),
        ]
    )


def test_personal_data_holds_a_quote_back_until_somebody_decides(app, units, hire):
    analyst = hire("analyst")
    page = analyst.consultation(place(units[1], PARKS))
    assert "held back, because a machine finds personal data" in page.text
    page = analyst.send("/quotes/")
    assert (page.status, "Hide the personal data in the answer first" in page.text) == (422, True)
    assert stored_quotes(app) == []
    (found,) = page.form("/quotes/").values["cleared"]
    page = analyst.send("/quotes/", {"cleared": found})
    assert page.status == 200
    ((_, _, _, cleared),) = stored_quotes(app)
    assert cleared == [found]
    assert "Not published" not in page.text


def test_a_quote_is_published_without_what_is_hidden(app, given, units, hire):
    start = WORDS.index("Khan")
    hide(app, given, start, start + 4)
    analyst = hire("analyst")
    page = analyst.consultation(place(units[1], PARKS))
    assert "We met Mrs […], who promised us a new park." in page.text
    assert "Khan" not in page.html
    analyst.send("/quotes/")
    assert stored_quotes(app)[0][0] == "We met Mrs […], who promised us a new park."


def test_words_hidden_while_somebody_looked_are_not_approved(app, given, units, hire):
    analyst = hire("analyst")
    analyst.consultation(place(units[0], BUSES))
    hide(app, given, 4, 12)
    page = analyst.send("/quotes/")
    assert (page.status, "look at it once more" in page.text) == (422, True)
    assert stored_quotes(app) == []
    page = analyst.send("/quotes/")
    assert stored_quotes(app)[0][0] == "The […] bus never comes on time."


def test_a_statement_hidden_whole_is_no_quote(app, given, units, hire):
    hide(app, given, 0, len(BUS))
    analyst = hire("analyst")
    analyst.consultation(place(units[0], BUSES))
    page = analyst.send("/quotes/")
    assert (page.status, "nothing is left to quote" in page.text) == (422, True)


def test_the_last_of_two_approvals_holds(app, given, units, hire):
    first, second = hire("analyst"), hire("officer")
    for colleague in (first, second):
        colleague.consultation(place(units[0], BUSES))
    first.send("/quotes/")
    second.send("/quotes/")
    assert [quote[2] for quote in stored_quotes(app)] == [second.email]
    assert {actor for actor, _ in acts(app, given)} == {first.email, second.email}


def test_a_statement_stands_for_its_own_theme_only(app, units, hire):
    page = hire("analyst").consultation(place(units[0], PARKS))
    assert (page.status, "not in this theme any more" in page.text) == (422, True)


def test_a_statement_moved_while_somebody_looked_is_told(app, given, made, units, hire):
    analyst = hire("analyst")
    analyst.consultation(place(units[0], BUSES))
    with in_session(app) as session, unit_of_work(session):
        key = session.get_one(StudyUnit, units[0]).key
        session.get_one(StudyKey, (made, key)).theme = PARKS
    page = analyst.send("/quotes/")
    assert (page.status, "not in this theme any more" in page.text) == (422, True)
    assert stored_quotes(app) == []


def exclude(app, given):
    with in_session(app) as session, unit_of_work(session):
        found = session.get_one(Response, given)
        found.excluded_at, found.excluded_by, found.exclusion_reason = NOON, "olga", "A test"


def test_nothing_of_a_response_that_does_not_count_is_quoted(app, given, units, hire):
    exclude(app, given)
    page = hire("analyst").consultation(place(units[0], BUSES))
    assert (page.status, "does not count any more" in page.text) == (422, True)


def test_a_quote_whose_response_was_left_out_since_is_said_to_be_held_back(app, given, units, hire):
    analyst = hire("analyst")
    analyst.consultation(place(units[0], BUSES))
    analyst.send("/quotes/")
    exclude(app, given)
    page = analyst.consultation(f"themes/{SAY}/quotes")
    assert "Not published" in page.text
    assert "The response does not count any more." in page.text


def test_a_quote_whose_statement_was_moved_since_is_said_to_be_held_back(app, made, units, hire):
    analyst = hire("analyst")
    analyst.consultation(place(units[0], BUSES))
    analyst.send("/quotes/")
    assert "Not published" not in analyst.consultation(f"themes/{SAY}/quotes").text
    with in_session(app) as session, unit_of_work(session):
        key = session.get_one(StudyUnit, units[0]).key
        session.get_one(StudyKey, (made, key)).theme = PARKS
    page = analyst.consultation(f"themes/{SAY}/quotes")
    assert "Not published" in page.text
    assert "The statement is not in this theme any more" in page.text


def test_the_language_stands_beside_a_quote_of_many_only(app, desk):
    people = [respond(app, f"The number {each} bus is late.") for each in range(10)]
    made = study(app, {each: [BUSES] for each in people})
    unit = unit_ids(app, people[0])[0]
    with in_session(app) as session:
        found = quotes.candidate(session, session.get_one(Study, made), unit, BUSES)
        assert found.judged([]).attribute == ("language", "en")
        session.get_one(Response, people[1]).excluded_at = NOON
        session.get_one(Response, people[1]).excluded_by = "olga"
        session.get_one(Response, people[1]).exclusion_reason = "A test"
        session.flush()
        found = quotes.candidate(session, session.get_one(Study, made), unit, BUSES)
        assert found.judged([]).attribute is None
        assert [reason.value for reason in found.judged([]).reasons] == ["small_group"]


def test_an_approval_taken_back_by_a_colleague_is_told(app, units, hire):
    first, second = hire("analyst"), hire("officer")
    first.consultation(place(units[0], BUSES))
    first.send("/quotes/")
    second.consultation(f"themes/{SAY}/quotes")
    first.send("/withdraw")
    assert "Somebody took this approval back before you did." in second.send("/withdraw").text


def test_what_is_not_there_is_not_found(app, units, hire):
    analyst = hire("analyst")
    for wrong in (
        place(uuid4(), BUSES),
        f"themes/vision_say/quotes/{units[0]}/{BUSES}",
        "themes/nothing/quotes",
        "themes/vision_agree/quotes",
    ):
        assert analyst.consultation(wrong).status == 404
    assert "No quote is approved yet" in analyst.consultation("themes/vision_say/quotes").text


def test_a_quote_goes_with_its_response(app, given, units, hire):
    analyst = hire("analyst")
    analyst.consultation(place(units[0], BUSES))
    analyst.send("/quotes/")
    with in_session(app) as session, unit_of_work(session):
        found = session.get_one(Response, given)
        found.answers.clear()
    assert stored_quotes(app) == []


@pytest.mark.parametrize("role", ["viewer", "partner"])
def test_others_neither_read_nor_approve_quotes(app, units, hire, role):
    colleague = hire(role)
    for each in (f"themes/{SAY}/quotes", place(units[0], BUSES)):
        assert colleague.consultation(each).status == 403
    token = colleague.visit("").form("/logout").fields["csrf_token"][0]
    for each in (place(units[0], BUSES), f"themes/{SAY}/quotes/{uuid4()}/withdraw"):
        address = colleague.address(f"consultations/{SLUG}/{each}")
        assert colleague.client.post(address, data={"csrf_token": token}).status_code == 403
    assert stored_quotes(app) == []
