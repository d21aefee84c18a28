"""E-mails, letters, calls and paper forms: entered once, in time by the day they came."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.db import unit_of_work
from consult.models import Response, ResponseOrigin
from consult.services import workspaces
from tests.support.intake import answers_of, count, responses, trail
from tests.support.visitors import NOON, in_session

LETTER = {
    "kind": "letter",
    "source": "Letter of 3 November, folder 12",
    "received_on-day": "5",
    "received_on-month": "11",
    "received_on-year": "2026",
    "language": "ur",
    "who.answer": "resident",
    "vision_say.answer": "مزید درخت لگائیں",
}


@pytest.fixture
def officer(app, desk, hire):
    return hire("officer")


def enter(officer, **changes):
    officer.consultation("responses/add")
    return officer.send("responses/add", {**LETTER, **changes})


def test_a_letter_is_stored_as_a_response_of_the_day_it_came(app, officer):
    page = enter(officer)
    assert "The response is stored." in page.text
    [one] = responses(app)
    assert answers_of(one) == {
        "who": {"choice": "resident"},
        "vision_say": {"text": "مزید درخت لگائیں"},
    }
    assert (one.channel, one.language, one.timing, one.is_test) == ("paper", "ur", "on_time", False)
    assert one.received_at == datetime(2026, 11, 5, 12, tzinfo=UTC)
    assert one.is_resident
    with in_session(app) as session:
        origin = session.get_one(ResponseOrigin, one.id)
        assert (origin.kind, origin.source, origin.entered_by, origin.import_id) == (
            "letter",
            "Letter of 3 November, folder 12",
            officer.email,
            None,
        )
        assert origin.entered_at == NOON


@pytest.mark.parametrize(
    ("kind", "channel"),
    [("email", "online"), ("letter", "paper"), ("phone", "phone"), ("paper_form", "paper")],
)
def test_each_way_has_its_channel(app, officer, kind, channel):
    enter(officer, kind=kind)
    assert responses(app)[0].channel == channel


def test_the_trail_counts_and_holds_no_words(app, officer):
    enter(officer)
    assert trail(app, "response entered") == [{"kind": "letter", "answers": 2}]


def test_every_kind_of_question_can_be_answered(app, officer, model_document):
    areas = model_document.areas
    ranked = model_document.question("priorities").options
    enter(
        officer,
        **{
            "vision_agree.answer": "agree",
            "life_stages.answer": ["start", "ageing"],
            "walk_days.answer": "3",
            "good_place.answer": "The canal",
            "ward.answer": areas[0].code,
            f"priorities.rank-{ranked[1].key}": "1",
            f"priorities.rank-{ranked[0].key}": "2",
        },
    )
    found = answers_of(responses(app)[0])
    assert found["life_stages"] == {"choices": ["start", "ageing"]}
    assert found["walk_days"] == {"number": 3}
    assert found["ward"] == {"choice": areas[0].code}
    assert found["priorities"] == {"order": [ranked[1].key, ranked[0].key]}


def test_nobody_on_paper_is_made_to_answer(app, officer):
    enter(officer, **{"who.answer": []})
    assert set(answers_of(responses(app)[0])) == {"vision_say"}


def test_another_one_follows_with_the_same_way(app, officer):
    page = enter(officer, do="another", kind="email")
    assert page.path.endswith("/responses/add")
    assert page.form("responses/add").fields["kind"] == ["email"]
    assert page.form("responses/add").fields["vision_say.answer"][0].strip() == ""


def test_the_same_form_sent_twice_is_one_response(app, officer):
    officer.consultation("responses/add")
    form = officer.page.form("responses/add")
    for _ in range(2):
        officer.post(form.action, {**form.fields, **LETTER})
    assert count(app, Response) == 1
    page = officer.post(form.action, {**form.fields, **LETTER, "vision_say.answer": "Other words"})
    assert page.status == 422
    assert "sent before with other answers" in page.text
    assert page.form("responses/add").fields["vision_say.answer"][0].strip() == "Other words"
    officer.send("responses/add")
    assert count(app, Response) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Say how it came."),
        ({"source": " "}, "Say where it can be found"),
        ({"source": "x" * 201}, "at most 200 characters"),
        ({"language": "xx"}, "Choose the language"),
        ({"received_on-day": ""}, "Write the day, the month and the year"),
        ({"received_on-day": "31", "received_on-month": "2"}, "There is no such day"),
        ({"received_on-day": "2", "received_on-month": "12"}, "still to come"),
        ({"received_on-day": "1", "received_on-month": "11"}, "opened on 2 November 2026"),
        ({"walk_days.answer": "often"}, "Write a number"),
        ({"vision_agree.answer": "perhaps"}, "Choose one of the answers"),
        ({"good_place.answer": "x" * 5_001}, "too long"),
        ({"priorities.rank-food": "1", "priorities.rank-green": "1"}, "more than one"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app, officer, changes, words):
    page = enter(officer, **changes)
    assert page.status == 422
    assert words in page.text
    kept = page.form("responses/add").fields
    assert kept["vision_say.answer"][0].strip() == "مزید درخت لگائیں"
    assert kept["who.answer"] == ["resident"]
    assert count(app, Response) == 0


def test_an_empty_form_is_no_response(app, officer):
    page = enter(officer, **{"who.answer": [], "vision_say.answer": ""})
    assert page.status == 422
    assert "at least one question" in page.text
    assert count(app, Response) == 0


def test_what_came_in_time_is_entered_after_the_closing_and_later_is_not(app, desk, hire, clock):
    clock.now = NOON + timedelta(days=90)
    officer = hire("officer")
    last = {"received_on-day": "17", "received_on-month": "1", "received_on-year": "2027"}
    page = enter(officer, **last)
    assert "The response is stored." in page.text
    assert responses(app)[0].timing == "on_time"
    page = enter(officer, **{**last, "received_on-day": "18"})
    assert page.status == 422
    assert "closed on 17 January 2027" in page.text


def test_before_it_opens_a_consultation_takes_what_came(app, desk, hire):
    with in_session(app) as session, unit_of_work(session):
        workspaces.create(
            session,
            "early",
            {
                "title": "Early",
                "opens_at": "2026-11-01T09:00",
                "closes_at": "2026-12-20T23:59",
                "late_until": "2026-12-27T23:59",
                "questions": [
                    {"key": "why", "part": "draft", "kind": "long_text", "label": "Why?"}
                ],
            },
            actor="t",
            now=NOON,
        )
    officer = hire("officer")
    officer.slug = "early"
    officer.consultation("responses/add")
    officer.send(
        "responses/add", {**LETTER, "language": "en", "who.answer": None, "why.answer": "Because",
                          "vision_say.answer": None}
    )  # fmt: skip
    [one] = responses(app)
    assert (one.is_test, answers_of(one)) == (False, {"why": {"text": "Because"}})
    assert app.test_client().get("/en/early/").status_code == 404


def test_only_officers_enter_responses(app, desk, hire):
    assert hire("analyst").consultation("responses/add").status == 403
