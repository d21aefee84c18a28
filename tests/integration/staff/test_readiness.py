"""The page that says whether a consultation is ready, and what only people can answer."""

import pytest

from consult.db import unit_of_work
from consult.readiness.asked import NO, Asked, answers_in
from tests.support.readiness import BEFORE, PARKS, answer_all, found, make_ready, save, write
from tests.support.visitors import in_session

ANSWERS = {
    "formative": "Everything but the budget.",
    "information": "Costs are on page 2.",
    "time": "Four weeks, and two meetings.",
    "consideration": "The cabinet reads the report on 5 May.",
    "choice_election": NO,
}


@pytest.fixture
def parks(app, clock):
    """A consultation in the making: written and translated, nothing answered."""
    clock.now = BEFORE
    with in_session(app) as session:
        write(session)


@pytest.fixture
def officer(app, parks, hire):
    return at_parks(hire("officer"))


def at_parks(colleague):
    colleague.slug = PARKS
    return colleague


def answers_of(app):
    with in_session(app) as session:
        return answers_in(found(session).readiness)


def test_the_list_says_what_to_settle_and_leads_there(officer):
    page = officer.consultation("readiness")
    assert page.status == 200
    assert "5 things to settle before it can open" in page.text
    assert "Nobody has answered this question yet." in page.text
    assert f'href="/en/staff/consultations/{PARKS}/readiness/questions#formative"' in page.html
    assert "It is open for 29 days." in page.text
    assert f'href="/en/staff/consultations/{PARKS}/dates#closes_at"' in page.html
    assert "No colleague has gone through it" in page.text
    assert "too short to tell" in page.text


def test_a_ready_one_leads_to_opening(app, clock, hire):
    clock.now = BEFORE
    with in_session(app) as session:
        make_ready(session)
    page = at_parks(hire("officer")).consultation("readiness")
    assert "Nothing stands in the way" in page.text
    assert f'href="/en/staff/consultations/{PARKS}/opening"' in page.html


def test_what_is_unfinished_is_said_in_the_words_of_its_page(app, officer):
    with in_session(app) as session:
        save(session, "dates", closes_at="2026-01-01T12:00:00")
    page = officer.consultation("readiness")
    assert "1 thing here does not fit." in page.text


def test_a_translation_is_mended_on_its_own_page(app, officer):
    with in_session(app) as session, unit_of_work(session):
        for row in found(session).texts:
            row.approved_by = row.approved_at = None
    page = officer.consultation("readiness")
    assert f'href="/en/staff/consultations/{PARKS}/translations/ur"' in page.html


@pytest.mark.parametrize("language", ["ur", "bn", "ar"])
def test_every_language_of_the_desk_shows_it(app, parks, hire, language):
    colleague = at_parks(hire("officer", language=language))
    assert colleague.consultation("readiness").status == 200
    assert colleague.consultation("readiness/questions").status == 200
    assert colleague.consultation("sign-off").status == 200
    assert colleague.consultation("opening").status == 200
    assert colleague.consultation("preview-link").status == 200


def test_whoever_cannot_change_may_look(app, parks, hire):
    viewer = at_parks(hire(on={PARKS: "viewer"}))
    assert viewer.consultation("readiness").status == 200
    page = viewer.consultation("readiness/questions")
    assert page.status == 200
    assert "Not answered yet" in page.text
    assert not [form for form in page.forms if "readiness" in form.action]


def test_answers_are_saved_in_the_officers_name(app, officer):
    officer.consultation("readiness/questions")
    page = officer.send("readiness/questions", ANSWERS)
    assert page.path.endswith("/readiness")
    assert "Your answers are saved" in page.text
    saved = answers_of(app)
    assert saved[Asked.FORMATIVE].text == "Everything but the budget."
    assert {each.by for each in saved.values()} == {officer.email}
    assert "things to settle" not in page.text
    page = officer.consultation("readiness/questions")
    assert "Everything but the budget." in page.html
    assert f"Answered by {officer.email.split('@')[0].title()}" in page.text


def test_an_election_without_consequences_is_refused_and_nothing_is_lost(app, officer):
    officer.consultation("readiness/questions")
    page = officer.send("readiness/questions", {**ANSWERS, "choice_election": "yes"})
    assert page.status == 422
    assert "Say what follows from the election" in page.text
    assert 'href="#election"' in page.html
    assert "Everything but the budget." in page.html
    assert Asked.FORMATIVE in answers_of(app)  # what can be saved is saved
    assert Asked.ELECTION not in answers_of(app)


def test_consequences_without_an_election_ask_whether_there_is_one(app, officer):
    officer.consultation("readiness/questions")
    page = officer.send(
        "readiness/questions", {"election": "We wait with posters.", "choice_election": None}
    )
    assert page.status == 422
    assert 'href="#choice_election"' in page.html
    assert "We wait with posters." in page.html


def test_an_over_long_answer_is_explained_and_kept(officer):
    officer.consultation("readiness/questions")
    page = officer.send("readiness/questions", {**ANSWERS, "time": "ش" * 5_003})
    assert page.status == 422
    assert "too long by 3 characters" in page.text
    assert "ش" * 5_003 in page.html


def test_control_characters_are_left_out(app, officer):
    officer.consultation("readiness/questions")
    officer.send("readiness/questions", {**ANSWERS, "time": "Long\x07 enough\r\nfor all"})
    assert answers_of(app)[Asked.TIME].text == "Long enough\nfor all"


def test_two_officers_answer_one_question_and_neither_is_lost(app, parks, hire, officer):
    other = at_parks(hire("officer"))
    officer.consultation("readiness/questions")
    other.consultation("readiness/questions")
    officer.send("readiness/questions", {"time": "Mine: four weeks."})
    page = other.send("readiness/questions", {"time": "Hers: too short.", "formative": "All."})
    assert page.status == 422
    assert "answered this while you were writing" in page.text
    assert "Mine: four weeks." in page.text
    assert "Hers: too short." in page.html
    assert answers_of(app)[Asked.FORMATIVE].by == other.email
    page = other.send("readiness/questions")  # now knowing both
    assert page.status == 200
    assert answers_of(app)[Asked.TIME].text == "Hers: too short."
    assert answers_of(app)[Asked.TIME].by == other.email


def test_outdated_answers_are_confirmed_by_a_tick(app, officer):
    with in_session(app) as session:
        answer_all(session)
        save(session, "dates", closes_at="2026-05-20T12:00:00", late_until="2026-05-22T12:00:00")
    assert "Anna answered this for other dates." in officer.consultation("readiness").text.replace(
        "\u2068", ""
    ).replace("\u2069", "")
    page = officer.consultation("readiness/questions")
    assert "The dates have changed since this was answered" in page.text
    assert "7 May 2026" in page.text
    officer.send("readiness/questions")
    assert "for other dates" in officer.consultation("readiness").text
    officer.consultation("readiness/questions")
    officer.send("readiness/questions", {"still_election": "yes"})
    assert "for other dates" not in officer.consultation("readiness").text


def test_a_short_time_asks_for_a_lawyers_word(app, officer):
    with in_session(app) as session:
        save(session, "dates", closes_at="2026-03-10T12:00:00")
    page = officer.consultation("readiness/questions")
    assert "Has a lawyer advised that this is enough?" in page.text
    officer.send("readiness/questions", {**ANSWERS, "choice_time": "no"})
    assert "It is open for 8 days only." in officer.consultation("readiness").text
    assert "1 thing to settle" in officer.page.text
    officer.consultation("readiness/questions")
    officer.send("readiness/questions", {"choice_time": "yes"})
    assert "to settle" not in officer.consultation("readiness").text


# Denials


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_who_may_only_look_changes_nothing(app, parks, hire, role):
    reader = at_parks(hire(on={PARKS: role}))
    reader.consultation("readiness")
    page = reader.post(
        f"/en/staff/consultations/{PARKS}/readiness/questions",
        {"formative": "x", "seen_formative": ""},
    )
    assert page.status == 403
    assert answers_of(app) == {}


def test_others_find_no_such_page(app, parks, hire):
    stranger = at_parks(hire(on={}))
    for rest in ("readiness", "readiness/questions", "sign-off", "opening", "preview-link"):
        assert stranger.consultation(rest).status == 404


def test_a_forged_form_changes_nothing_and_keeps_what_it_said(app, officer):
    officer.consultation("readiness/questions")
    page = officer.send("readiness/questions", {**ANSWERS, "csrf_token": "forged"})
    assert page.status == 400
    assert "Everything but the budget." in page.html
    assert answers_of(app) == {}


def test_a_session_that_ended_keeps_what_was_typed(app, officer):
    officer.consultation("readiness/questions")
    form = officer.page.form("readiness/questions")
    officer.client.delete_cookie("consult")
    page = officer.post(form.action, {**form.fields, **ANSWERS})
    assert page.status == 401
    assert "Everything but the budget." in page.html
    assert answers_of(app) == {}
