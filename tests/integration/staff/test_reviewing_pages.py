"""The pages of review as officers and analysts use them, two at once among them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from consult.db import unit_of_work
from consult.models import Answer, Coding, Study, StudyEvent
from consult.services.themes import editing
from tests.support.reviewing import (
    BUSES,
    FOOD,
    PARKS,
    QUESTION,
    Given,
    Said,
    make_study,
    response_id,
    said,
    unit_id,
)
from tests.support.staff import Colleague, Hire
from tests.support.visitors import NOON, SLUG, Clock, Page, in_session

REVIEW = f"themes/{QUESTION}/review"
TWO = Given((Said("We need trees", PARKS, 0.2), Said("Buses come late", BUSES, 0.3)))


@pytest.fixture
def study(app: Flask, desk) -> Callable[..., Study]:
    """Makes a small study of the model case; by default of four answers, none read blind."""

    def make(*answers: Given, audit_size: int | None = None) -> Study:
        given = answers or (
            TWO,
            said("Chips are cheap", FOOD, 0.4),
            said("میں پارک جاتا ہوں", PARKS, 0.6, language="ur"),
            said("Nothing helps", None, 0.1),
        )
        with in_session(app) as session, unit_of_work(session):
            made = make_study(session, given, audit_size=audit_size)
            session.expunge(made)
            return made

    return make


@pytest.fixture
def anna(study, hire: Hire, clock: Clock) -> Colleague:
    """An analyst who has opened the queue."""
    study()
    colleague = hire("analyst", email="anna@council.example.org")
    colleague.consultation(REVIEW)
    return colleague


def tell(clock: Clock, minutes: int = 1) -> None:
    clock.now = clock.now + timedelta(minutes=minutes)


def take(colleague: Colleague, clock: Clock, **themes: str) -> Page:
    """Send the answer at hand; ``first="t-food"`` chooses for its first statement."""
    tell(clock)
    assert colleague.page is not None
    form = colleague.page.form(REVIEW)
    names = [name for name in form.fields if name.startswith("theme-")]
    places = {"first": 0, "second": 1}
    return colleague.send(REVIEW, {names[places[which]]: to for which, to in themes.items()})


def kinds(app: Flask) -> list[str]:
    with in_session(app) as session:
        return list(session.scalars(select(StudyEvent.kind).order_by(StudyEvent.sequence)))


def test_the_least_certain_answer_comes_first_with_the_machines_word(anna):
    page = anna.page
    assert "0 of 4 answers looked at" in page.text
    assert "Nothing helps" in page.text
    assert "It found no theme for this." in page.text
    assert "trees" not in page.text


def test_one_press_takes_an_answer_and_the_next_one_comes(app, anna, clock):
    page = take(anna, clock)
    assert "1 of 4 answers looked at" in page.text
    assert "You have decided 1 answer today." in page.text
    assert "We need trees Buses come late" in page.text
    assert kinds(app) == ["move"]  # that it fits no theme
    page = take(anna, clock, second="none")
    assert "Chips are cheap" in page.text
    assert kinds(app) == ["move", "move", "confirm"]


def test_the_last_answer_ends_the_queue(anna, clock):
    for _ in range(3):
        take(anna, clock)
    assert "Every answer here has been looked at." in take(anna, clock).text


def test_a_persons_word_stands_apart_from_the_machines(anna, clock):
    take(anna, clock)
    take(anna, clock, first=FOOD)
    page = anna.consultation(f"{REVIEW}?answer={response_id(0)}")
    assert "Machine Parks" in page.text
    assert "Anna Food" in page.text


def test_skipping_leads_on_and_back(anna):
    anna.visit(f"consultations/{SLUG}/{REVIEW}?after={response_id(3)}")
    assert "We need trees" in anna.page.text
    page = anna.consultation(f"{REVIEW}?after={response_id(2)}")
    assert "4 answers that were skipped are still to be looked at." in page.text


def test_skipping_lasts_through_a_decision(anna, clock):
    anna.visit(f"consultations/{SLUG}/{REVIEW}?after={response_id(3)}")
    page = take(anna, clock)
    assert "Chips are cheap" in page.text


def test_undo_brings_the_answer_back(app, anna, clock):
    take(anna, clock)
    take(anna, clock)
    tell(clock)
    page = anna.send("review/undo")
    assert "Undone." in page.text
    assert "We need trees Buses come late" in page.text
    assert "1 of 4 answers looked at" in page.text
    tell(clock)
    page = anna.send("review/undo")
    assert "Nothing helps" in page.text
    assert "review/undo" not in page.html


def test_undo_from_a_stale_page_does_nothing_twice(app, anna, clock):
    page = take(anna, clock)
    form = page.form("review/undo")
    tell(clock)
    anna.post(form.action, form.fields)
    before = kinds(app)
    page = anna.post(form.action, form.fields)
    assert "This was undone already." in page.text
    assert kinds(app) == before


def test_two_at_once_lose_neither_word(app, anna, hire, clock):
    omar = hire("officer", email="omar@council.example.org")
    for colleague in (anna, omar):
        colleague.visit(f"consultations/{SLUG}/{REVIEW}?answer={response_id(0)}")
    take(anna, clock, first=FOOD)
    page = take(omar, clock)
    assert "A colleague decided 1 statement of that answer otherwise" in page.text
    page = omar.consultation(f"{REVIEW}?answer={response_id(0)}")
    assert "Anna Food" in page.text
    assert kinds(app) == ["move", "confirm"]


def test_what_a_colleague_decided_is_not_shown_again(anna, hire, clock):
    omar = hire("officer")
    omar.consultation(REVIEW)
    take(anna, clock)
    page = take(omar, clock)
    assert "We need trees" in page.text
    assert "otherwise" not in page.text


def test_an_answer_withdrawn_while_it_is_looked_at(app, anna, clock):
    with in_session(app) as session, unit_of_work(session):
        session.execute(delete(Answer).where(Answer.response_id == response_id(3)))
    page = take(anna, clock)
    assert "That answer is not there to be reviewed" in page.text
    assert "We need trees" in page.text
    assert "0 of 3 answers looked at" in page.text
    assert kinds(app) == []


def test_a_theme_split_meanwhile_is_said_and_no_choice_is_lost(app, anna, clock):
    anna.visit(f"consultations/{SLUG}/{REVIEW}?answer={response_id(0)}")
    with in_session(app) as session, unit_of_work(session):
        study = session.scalars(select(Study)).one()
        editing.move(session, study.id, ["nothing helps"], FOOD, actor="omar@example.org", now=NOON)
        editing.split(
            session,
            study.id,
            FOOD,
            [["nothing helps"], ["chips are cheap"]],
            ["Prices", "Shops"],
            actor="omar@example.org",
            now=NOON,
        )
    page = take(anna, clock, first=FOOD, second=PARKS)
    assert page.status == 409
    assert "was split into “\u2068Prices\u2069” and “\u2068Shops\u2069”" in page.text
    form = page.form(REVIEW)
    assert form.fields[f"theme-{unit_id(0, 2)}"] == [PARKS]
    assert kinds(app)[-1] == "split"


def test_a_theme_merged_meanwhile_is_followed(app, anna, clock):
    anna.visit(f"consultations/{SLUG}/{REVIEW}?answer={response_id(0)}")
    with in_session(app) as session, unit_of_work(session):
        study = session.scalars(select(Study)).one()
        editing.merge(session, study.id, FOOD, PARKS, actor="omar@example.org", now=NOON)
    page = take(anna, clock)
    assert page.status == 200
    page = anna.consultation(f"{REVIEW}?answer={response_id(0)}")
    assert "Anna Food" in page.text


def test_a_letter_of_many_says_so(study, hire):
    study(*(said("Save our baths", letter=0) for _ in range(6)))
    page = hire("analyst").consultation(REVIEW)
    assert "6 people sent this letter." in page.text


def test_a_letter_is_settled_by_one_look(study, hire, clock):
    study(*(said("Save our baths", letter=0) for _ in range(6)))
    colleague = hire("analyst")
    colleague.consultation(REVIEW)
    assert "Every answer here has been looked at." in take(colleague, clock).text


def test_a_new_theme_on_the_way(app, anna, clock):
    page = anna.consultation(f"{REVIEW}/new-theme/{unit_id(3)}")
    assert "Nothing helps" in page.text
    page = anna.send("new-theme", {"label": " ", "description": "kept words"})
    assert page.status == 422
    assert "Write what the theme is called" in page.text
    assert "kept words" in page.html
    page = anna.send("new-theme", {"label": "x" * 201})
    assert page.status == 422
    page = anna.send("new-theme", {"label": "Despair", "description": "d" * 2001})
    assert "The description can have 2000 characters" in page.text
    page = anna.send("new-theme", {"label": "Despair", "description": "No hope"})
    assert "The theme is made, and the statement is in it." in page.text
    assert "Anna Despair" in page.text


def test_a_new_theme_of_a_statement_that_is_gone(app, anna):
    with in_session(app) as session, unit_of_work(session):
        session.execute(delete(Answer).where(Answer.response_id == response_id(3)))
    page = anna.consultation(f"{REVIEW}/new-theme/{unit_id(3)}")
    assert "That statement is not there any more" in page.text


@pytest.mark.parametrize("sent", [{}, {"response": "x"}, {"response": str(response_id(0))}])
def test_a_damaged_form_leads_back_to_the_queue(app, anna, sent):
    token = anna.page.form(REVIEW).fields["csrf_token"][0]
    page = anna.post(anna.address(f"consultations/{SLUG}/{REVIEW}"), {"csrf_token": token, **sent})
    assert page.status == 200
    assert kinds(app) == []


def test_an_address_that_names_nothing(anna):
    assert anna.consultation(f"{REVIEW}?answer=x").status == 404
    assert anna.consultation("themes/no_question/review").status == 404
    page = anna.consultation(f"{REVIEW}?answer={response_id(99)}")
    assert "That answer is not there to be reviewed" in page.text


def test_a_question_whose_answers_were_never_analysed_leads_to_the_list(app, desk, hire):
    page = hire("analyst").consultation(REVIEW)
    assert page.path.endswith("/themes")


def test_an_empty_queue_says_why(study, hire):
    study(Given(()))
    page = hire("analyst").consultation(REVIEW)
    assert "There are no answers to review yet." in page.text


def test_so_few_answers_that_all_are_kept(study, hire):
    study(audit_size=50)
    page = hire("analyst").consultation(REVIEW)
    assert "all of them are kept for the random check" in page.text
    assert "4 more answers are kept" in page.text


@pytest.mark.parametrize("room", ["", "/audit", "/audit/figures", "/double"])
def test_viewers_and_partners_read_nothing(study, hire, room):
    study()
    for role in ("viewer", "partner"):
        assert hire(role).consultation(REVIEW + room).status == 403


# Reading blind


def test_the_random_check_from_beginning_to_figures(app, study, hire, clock):
    study(*(said(f"Words {n}", PARKS) for n in range(55)))
    colleague = hire("analyst")
    colleague.consultation(f"{REVIEW}/audit")
    assert "There are 55 answers with content." in colleague.page.text
    colleague.send("audit/size", {"size": "50"})
    assert "0 of 50 answers read" in colleague.page.text
    assert "Machine" not in colleague.page.text
    for n in range(50):
        assert colleague.send("/audit", {"themes": [PARKS] if n else ["none"]}).status == 200
    assert "All of them are read." in colleague.page.text
    page = colleague.consultation(f"{REVIEW}/audit/figures")
    assert "Parks 100% 98%" in page.text
    assert "All languages 50 98%" in page.text
    page = colleague.consultation(REVIEW)
    assert "0 of 5 answers looked at" in page.text


def test_before_fifty_the_page_says_how_many_are_left(study, hire):
    study(audit_size=50)
    page = hire("analyst").consultation(f"{REVIEW}/audit/figures")
    assert "50 more answers have to be read before there is a figure." in page.text


def test_a_reading_without_a_tick_or_with_a_contradiction(app, study, hire):
    study(audit_size=50)
    colleague = hire("analyst")
    colleague.consultation(f"{REVIEW}/audit")
    page = colleague.send("/audit", {"themes": []})
    assert page.status == 422
    assert "Tick the themes that you find" in page.text
    page = colleague.send("/audit", {"themes": [PARKS, "none"]})
    assert page.status == 422
    assert "not both" in page.text
    assert page.form("/audit").fields["themes"] == [PARKS, "none"]
    page = colleague.send("/audit", {"themes": [PARKS, "t-gone"]})
    assert page.status == 409
    assert page.form("/audit").fields["themes"] == [PARKS]
    with in_session(app) as session:
        assert session.scalars(select(Coding)).all() == []


def test_an_answer_withdrawn_while_it_is_read_blind(app, study, hire):
    study(audit_size=50)
    colleague = hire("analyst")
    page = colleague.consultation(f"{REVIEW}/audit")
    shown = page.form("/audit").fields["response"][0]
    with in_session(app) as session, unit_of_work(session):
        session.execute(delete(Answer))
    page = colleague.send("/audit", {"themes": [PARKS]})
    assert "That answer is not there any more" in page.text
    assert shown not in page.html


@pytest.mark.parametrize(("room", "act"), [("audit", "audit/size"), ("double", "double/begin")])
def test_a_size_has_to_be_chosen(study, hire, room, act):
    study()
    colleague = hire("analyst")
    colleague.consultation(f"{REVIEW}/{room}")
    page = colleague.send(act, {"size": "7"})
    assert page.status == 422
    assert "Choose how many answers to read" in page.text


def test_nothing_can_be_drawn_from_no_answers(study, hire):
    study(Given(()))
    colleague = hire("analyst")
    colleague.consultation(f"{REVIEW}/double")
    assert "There are no answers to read yet." in colleague.send("begin", {"size": "30"}).text


def test_two_colleagues_read_apart_and_then_see_how_far_they_agree(study, hire):
    study(*(said(f"Words {n}", PARKS if n % 2 else BUSES) for n in range(31)))
    anna, omar = (hire("analyst", email=f"{name}@council.example.org") for name in ("anna", "omar"))
    anna.consultation(f"{REVIEW}/double")
    anna.send("double/begin", {"size": "30"})
    for n in range(30):
        anna.send("/double", {"themes": [PARKS] if n % 2 else ["none"]})
    assert "You have read all of them." in anna.page.text
    omar.consultation(f"{REVIEW}/double")
    omar.send("/double", {"themes": ["none"]})
    page = omar.consultation(f"themes/{QUESTION}/agreement")
    assert "There is nothing to compare yet." in page.text
    page = anna.consultation(f"themes/{QUESTION}/agreement")
    assert "Anna and Omar" not in page.text
    assert "Anna and the machine" in page.text
    omar.consultation(f"{REVIEW}/double")
    for n in range(1, 30):
        omar.send("/double", {"themes": [PARKS] if n % 2 else ["none"]})
    page = omar.consultation(f"themes/{QUESTION}/agreement")
    assert "Anna and Omar" in page.text
    assert "Very good agreement." in page.text
    assert "Both said the same throughout" in page.text  # of buses and food
    assert "Krippendorff" in page.text
