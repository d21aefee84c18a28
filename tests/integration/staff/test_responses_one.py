"""One response: everything that staff may see of it, and what they decide about it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from consult.db import unit_of_work
from consult.models import Answer, Response, ResponseMark, ResponseOrigin
from consult.services import consultations, responses, workspaces
from consult.services.reading import judging, redacting, translating_answers
from consult.services.reading.redacting import Hiding
from tests.support.reading import acts, answer_id, respond
from tests.support.visitors import NOON, SLUG, in_session

WORDS = "Mrs Khan drives the bus too fast. The park near my home is lovely."


@pytest.fixture
def given(app, desk):
    answers = {"vision_agree": {"choice": "agree"}, "walk_days": {"number": 3}}
    return respond(app, WORDS, answers=answers, finished_at_device=NOON - timedelta(minutes=1))


def row(app, response_id):
    with in_session(app) as session:
        found = session.get_one(Response, response_id)
        session.expunge(found)
        return found


def change(app, response_id, **changes):
    with in_session(app) as session, unit_of_work(session):
        for name, value in changes.items():
            setattr(session.get_one(Response, response_id), name, value)


def test_a_response_is_shown_with_all_its_answers(app, given, hire):
    page = hire("analyst").consultation(f"responses/{given}")
    for words in ("Counts", "English", "Online", "Given on the pages", "In time", "Agree", WORDS):
        assert words in page.text
    assert row(app, given).code_hash not in page.html


def test_hidden_words_are_not_in_the_page(app, given, hire):
    with in_session(app) as session, unit_of_work(session):
        answer = session.get_one(Answer, answer_id(app, given))
        redacting.hide(session, answer, [Hiding(4, 8, "name")], actor="olga", now=NOON)
    for place in (f"responses/{given}", "responses"):
        page = hire("analyst").consultation(place)
        assert "Khan" not in page.html
        sign = "[name removed]" if place != "responses" else "[…]"
        assert f"Mrs {sign} drives the bus" in page.text
    assert "1 place is hidden" in hire("analyst").consultation(f"responses/{given}").text


def test_words_beside_a_choice_are_hidden_too(app, desk, hire):
    response_id = respond(
        app, answers={"help_most": {"choices": ["cheaper_food"], "other": "Ring Asha Patel"}}
    )
    with in_session(app) as session, unit_of_work(session):
        answer = session.get_one(Answer, answer_id(app, response_id, "help_most"))
        redacting.hide(session, answer, [Hiding(5, 15, "name")], actor="olga", now=NOON)
    page = hire("analyst").consultation(f"responses/{response_id}")
    assert "Ring [name removed]" in page.text
    assert "Asha" not in page.html


def test_translations_stand_beside_with_who_made_them(app, given, hire):
    with in_session(app) as session, unit_of_work(session):
        for origin, translator, text in (
            ("person", "Noor Ali", "Written by Noor"),
            ("machine", "machine", "Drafted"),
        ):
            translating_answers.write(
                session, answer_id(app, given), "ur", text,
                origin=origin, translator=translator, actor="olga", now=NOON,
            )  # fmt: skip
    page = hire("analyst").consultation(f"responses/{given}")
    assert "by Noor Ali" in page.text
    assert "by a machine" in page.text
    assert page.text.index("Written by Noor") < page.text.index("Drafted")


def test_a_translation_that_may_hold_hidden_words_is_not_shown(app, given, hire):
    with in_session(app) as session, unit_of_work(session):
        translating_answers.write(
            session, answer_id(app, given), "ur", "Mrs Khan …",
            origin="person", translator="Noor", actor="olga", now=NOON,
        )  # fmt: skip
        answer = session.get_one(Answer, answer_id(app, given))
        redacting.hide(session, answer, [Hiding(4, 8, "name")], actor="olga", now=NOON)
    page = hire("analyst").consultation(f"responses/{given}")
    assert "1 translation was made before words of this answer were hidden" in page.text
    assert "Khan" not in page.html


def test_how_it_came_is_told(app, given, hire):
    with in_session(app) as session, unit_of_work(session):
        session.add(
            ResponseOrigin(
                response_id=given, consultation_id=consultations.get(session, SLUG).id,
                kind="letter", source="Letter of 3 May, scanned", entered_by="olga",
                entered_at=NOON,
            )
        )  # fmt: skip
    page = hire("analyst").consultation(f"responses/{given}")
    assert "Letter of 3 May, scanned" in page.text
    assert "Entered by olga" in page.text


def test_what_is_not_there_is_not_found(app, desk, given, hire):
    officer = hire("officer")
    tried = respond(app, "A colleague tries it out.", is_test=True)
    for wrong in (uuid4(), tried):
        assert officer.consultation(f"responses/{wrong}").status == 404
    with in_session(app) as session, unit_of_work(session):
        workspaces.create(session, "another-one", {"title": "Another"}, actor="test", now=NOON)
    assert officer.visit(f"consultations/another-one/responses/{given}").status == 404


def test_a_withdrawn_response_shows_no_answer(app, given, hire):
    with in_session(app) as session, unit_of_work(session):
        responses.withdraw(session, session.get_one(Response, given), now=NOON)
    page = hire("officer").consultation(f"responses/{given}")
    assert "Its answers are deleted everywhere" in page.text
    assert "Khan" not in page.html
    assert "Leave it out of the figures" not in page.text


# Leaving out


def test_a_response_is_left_out_with_a_reason_and_taken_in_again(app, given, hire):
    officer = hire("officer")
    officer.consultation(f"responses/{given}")
    page = officer.send("/exclude", {"reason": " Sent by the council to try it out "})
    assert "left out of every figure" in page.text
    assert "Sent by the council to try it out" in page.text
    found = row(app, given)
    assert (found.excluded_by, found.exclusion_reason) == (
        officer.email,
        "Sent by the council to try it out",
    )
    page = officer.send("/include")
    assert "not left out any more" in page.text
    assert row(app, given).excluded_at is None
    assert acts(app, given) == sorted(
        [
            (officer.email, "response excluded"),
            (officer.email, "response included again"),
        ]
    )


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("  ", "Say why this response is left out"),
        ("x" * 1001, "we can take up to 1000 characters"),
    ],
)
def test_nothing_is_left_out_without_a_fit_reason(app, given, hire, reason, sentence):
    officer = hire("officer")
    officer.consultation(f"responses/{given}")
    page = officer.send("/exclude", {"reason": reason})
    assert page.status == 422
    assert sentence in page.text
    assert page.form("/exclude").fields["reason"][0].strip() == reason.strip()
    assert row(app, given).excluded_at is None


def test_the_last_of_two_decisions_holds_and_both_are_in_the_trail(app, given, hire):
    first, second = hire("officer", email="olga@x.org"), hire("officer", email="omar@x.org")
    for officer in (first, second):
        officer.consultation(f"responses/{given}")
    first.send("/exclude", {"reason": "Spam"})
    second.send("/exclude", {"reason": "Not about this"})
    assert row(app, given).exclusion_reason == "Not about this"
    assert acts(app, given) == sorted(
        [
            ("olga@x.org", "response excluded"),
            ("omar@x.org", "response excluded"),
        ]
    )


def test_an_exclusion_that_a_colleague_took_back_is_told(app, given, hire):
    officer = hire("officer")
    change(app, given, excluded_at=NOON, excluded_by="omar", exclusion_reason="Spam")
    officer.consultation(f"responses/{given}")
    change(app, given, excluded_at=None, excluded_by=None, exclusion_reason=None)
    assert "was not left out, so nothing was changed" in officer.send("/include").text
    assert acts(app, given) == []


def test_a_response_withdrawn_meanwhile_is_left_alone(app, given, hire):
    officer = hire("officer")
    officer.consultation(f"responses/{given}")
    with in_session(app) as session, unit_of_work(session):
        responses.withdraw(session, session.get_one(Response, given), now=NOON)
    page = officer.send("/exclude", {"reason": "Spam"})
    assert "withdrawn meanwhile" in page.text
    assert row(app, given).excluded_at is None


# Late ones


@pytest.mark.parametrize(
    ("choice", "decision", "sentence"),
    [
        ("accept", "accepted", "accepted as in time"),
        ("refuse", "refused", "refused as too late"),
    ],
)
def test_a_doubtful_late_one_is_decided(app, given, hire, choice, decision, sentence):
    change(app, given, timing="doubtful")
    officer = hire("officer")
    page = officer.consultation(f"responses/{given}")
    assert "Waits for a decision" in page.text
    page = officer.send("/timing", {"decision": choice})
    assert sentence in page.text
    assert f"by {officer.email}" in page.text
    found = row(app, given)
    assert (found.timing_decision, found.timing_decided_by) == (decision, officer.email)
    assert acts(app, given) == [(officer.email, f"late response {decision}")]


def test_no_choice_decides_nothing(app, given, hire):
    change(app, given, timing="doubtful")
    officer = hire("officer")
    officer.consultation(f"responses/{given}")
    page = officer.send("/timing")
    assert (page.status, "Choose whether the response counts" in page.text) == (422, True)


def test_one_in_time_cannot_be_decided(app, given, hire):
    officer = hire("officer")
    page = officer.consultation(f"responses/{given}")
    assert "Did it come in time?" not in page.text
    address = officer.address(f"consultations/{SLUG}/responses/{given}/timing")
    token = page.form("/exclude").fields["csrf_token"][0]
    page = officer.post(address, {"csrf_token": token, "decision": "refuse"})
    assert "Nobody doubts when this response came" in page.text
    assert row(app, given).timing_decision is None


# Marks


def test_a_mark_excludes_nothing_and_can_be_taken_away(app, given, hire):
    analyst = hire("analyst")
    analyst.consultation(f"responses/{given}")
    page = analyst.send("/marks", {"suspicion": "suspected_spam:advertising"})
    assert "still counts" in page.text
    assert f"Marked by {analyst.email}" in page.text
    assert row(app, given).excluded_at is None
    page = analyst.send("/take")
    assert "The mark is taken away" in page.text
    assert acts(app, given) == sorted(
        [
            (analyst.email, "response marked"),
            (analyst.email, "mark taken away"),
        ]
    )


def test_the_same_mark_of_two_people_is_kept_once(app, given):
    for actor in ("olga", "omar"):
        with in_session(app) as session, unit_of_work(session):
            found = session.get_one(Response, given)
            judging.mark(session, found, judging.REPEAT, "same_person", actor=actor, now=NOON)
    with in_session(app) as session:
        (mark,) = session.get_one(Response, given).marks
        assert mark.marked_by == "olga"
    assert [actor for actor, _ in acts(app, given)] == ["olga", "omar"]


@pytest.mark.parametrize("suspicion", ["", "suspected_spam:", "suspected_spam:same_person", "x:y"])
def test_a_mark_needs_a_reason_of_its_kind(app, given, hire, suspicion):
    analyst = hire("analyst")
    analyst.consultation(f"responses/{given}")
    page = analyst.send("/marks", {"suspicion": suspicion})
    assert (page.status, "Choose what you suspect" in page.text) == (422, True)
    with in_session(app) as session:
        assert session.get_one(Response, given).marks == []


def test_the_machine_s_mark_stays(app, given, hire):
    with in_session(app) as session, unit_of_work(session):
        mark = ResponseMark(
            response_id=given, kind="suspected_spam", reason="many_links",
            marked_by="machine", marked_at=NOON,
        )  # fmt: skip
        session.add(mark)
        session.flush()
        mark_id = mark.id
    analyst = hire("analyst")
    page = analyst.consultation(f"responses/{given}")
    assert "Found by the machine" in page.text
    assert "Take this mark away" not in page.text
    address = analyst.address(f"consultations/{SLUG}/responses/{given}/marks/{mark_id}/take")
    page = analyst.post(address, {"csrf_token": page.form("/marks").fields["csrf_token"][0]})
    assert "or is the machine’s" in page.text
    with in_session(app) as session:
        assert session.get(ResponseMark, UUID(str(mark_id))) is not None


# Who may


def test_an_analyst_excludes_nothing_and_decides_no_lateness(app, given, hire):
    change(app, given, timing="doubtful")
    analyst = hire("analyst")
    page = analyst.consultation(f"responses/{given}")
    for words in ("Leave it out", "Did it come in time?"):
        assert words not in page.text
    token = page.form("/marks").fields["csrf_token"][0]
    for act in ("exclude", "include", "timing"):
        address = analyst.address(f"consultations/{SLUG}/responses/{given}/{act}")
        data = {"csrf_token": token, "reason": "x", "decision": "accept"}
        assert analyst.client.post(address, data=data).status_code == 403
    assert row(app, given).timing_decision is None


def test_a_viewer_may_do_nothing_with_responses(app, given, hire):
    viewer = hire("viewer")
    token = viewer.visit("").form("/logout").fields["csrf_token"][0]
    for act in ("exclude", "include", "timing", "marks", f"marks/{uuid4()}/take"):
        address = viewer.address(f"consultations/{SLUG}/responses/{given}/{act}")
        assert viewer.client.post(address, data={"csrf_token": token}).status_code == 403
