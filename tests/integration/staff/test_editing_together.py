"""Two officers at one consultation: neither's words are lost."""

from datetime import timedelta

from tests.support.editing import content_of, item, keys, written
from tests.support.visitors import SLUG


def test_of_two_who_edit_one_question_both_keep_their_words(app, desk, hire, clock):
    anna, omar = hire("officer", email="anna@council.example.org"), hire("officer")
    anna.consultation("question/help_most")
    omar.consultation("question/help_most")
    clock.now += timedelta(minutes=1)
    anna.send("/question/help_most", {"label": "Anna's words?", "choose_at_most": "4"})
    clock.now += timedelta(minutes=1)
    anna.consultation("words")
    anna.send("/words", {"title": "Another part"})
    omars = {"label": "Omar's words?", "option-1-label": "Omar's <b>food</b>"}
    page = omar.send("/question/help_most", omars)
    assert page.status == 409
    assert "Anna changed this while you were writing" in page.text
    assert "12:01 on 1 December 2026" in page.text
    assert "Question Theirs, saved Anna's words? Yours, not saved Omar's words?" in page.text
    assert "How many may be chosen Theirs, saved 4 Yours, not saved 3" in page.text
    assert "Help with answering Theirs" not in page.text
    assert "Omar's <b>food</b> Streets that feel safe" in page.text
    assert written(page, "/question/help_most", "label") == "Omar's words?"
    assert written(page, "/question/help_most", "option-1-label") == "Omar's <b>food</b>"
    assert item(app, "questions", "help_most")["label"] == "Anna's words?"
    page = omar.send("/question/help_most")
    assert page.status == 200
    assert item(app, "questions", "help_most")["label"] == "Omar's words?"
    assert item(app, "questions", "help_most")["choose_at_most"] == 3


def test_theirs_can_be_kept(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    for each in (anna, omar):
        each.consultation("section/food")
    anna.send("/section/food", {"summary": "Anna's summary."})
    page = omar.send("/section/food", {"summary": "Omar's summary.", "title": "Omar's title"})
    assert ">Keep theirs</a>" in page.html
    assert f'href="/en/staff/consultations/{SLUG}/section/food">Keep theirs' in page.html
    page = omar.consultation("section/food")
    assert written(page, "/section/food", "summary") == "Anna's summary."
    assert item(app, "sections", "food")["title"] == "Healthy and affordable food"


def test_a_third_change_is_shown_too(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    for each in (anna, omar):
        each.consultation("words")
    anna.send("/words", {"title": "Anna's first"})
    page = omar.send("/words", {"title": "Omar's"})
    assert page.status == 409
    anna.send("/words", {"title": "Anna's second"})
    page = omar.send("/words")
    assert page.status == 409
    assert "Theirs, saved Anna's second Yours, not saved Omar's" in page.text
    assert omar.send("/words").status == 200
    assert content_of(app)["title"] == "Omar's"


def test_the_same_words_are_no_conflict(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    for each in (anna, omar):
        each.consultation("words")
        page = each.send("/words", {"title": "The same"})
        assert "Saved" in page.text


def test_different_parts_do_not_meet(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    anna.consultation("question/age")
    omar.consultation("question/sex")
    anna.send("/question/age", {"label": "Your age?"})
    assert omar.send("/question/sex", {"label": "Your sex?"}).status == 200
    assert item(app, "questions", "age")["label"] == "Your age?"


def test_rows_are_kept_through_a_conflict_and_its_buttons(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    for each in (anna, omar):
        each.consultation("question/life_stages")
    anna.send("/question/life_stages", {"help": "Anna's help"})
    omar.send("/question/life_stages", {"option-3-label": "Omar's later life"})
    page = omar.send("/question/life_stages", {"add_option": "1"})
    assert page.status == 200
    assert written(page, "/question/life_stages", "option-3-label") == "Omar's later life"
    page = omar.send(
        "/question/life_stages", {"option-4-label": "The very end", "add_option": None}
    )
    assert page.status == 200, page.text
    question = item(app, "questions", "life_stages")
    assert [option["label"] for option in question["options"]][2:] == [
        "Omar's later life",
        "The very end",
    ]


def test_a_kind_that_somebody_changed_meanwhile(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    omar.consultation("question/help_most")
    anna.consultation("question/help_most/kind")
    anna.send("/kind", {"kind": "long_text"})
    anna.send("/kind")
    assert item(app, "questions", "help_most")["kind"] == "long_text"
    page = omar.send("/question/help_most", {"option-1-label": "Omar's food"})
    assert page.status == 409
    assert "How it is answered Theirs, saved Own words Yours, not saved Several" in page.text
    assert "Omar's food" in page.text
    omar.send("/question/help_most")
    assert item(app, "questions", "help_most")["options"][0]["label"] == "Omar's food"


def test_what_was_removed_meanwhile_leaves_the_words_to_copy(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    omar.consultation("section/food")
    anna.consultation("section/food/remove")
    anna.send("/remove")
    page = omar.send("/section/food", {"summary": "Omar's long thoughts"})
    assert page.status == 409
    assert "It is not there any more" in page.text
    assert "Omar's long thoughts" in page.text
    assert "food" not in keys(app, "sections")


def test_what_was_changed_meanwhile_is_not_removed_unseen(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    omar.consultation("question/age/remove")
    anna.consultation("question/age")
    anna.send("/question/age", {"label": "How old are you today?"})
    page = omar.send("/remove")
    assert page.status == 409
    assert "changed it while you were looking" in page.text
    assert "How old are you today?" in page.text
    assert "age" in keys(app, "questions")
    omar.send("/remove")
    assert "age" not in keys(app, "questions")


def test_what_two_remove_is_removed_once(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    for each in (anna, omar):
        each.consultation("question/walk_days/remove")
    assert "It is removed." in anna.send("/remove").text
    page = omar.send("/remove")
    assert page.status == 200
    assert "Somebody had removed it before." in page.text


def test_a_kind_is_not_changed_over_somebody_s_words(app, desk, hire):
    anna, omar = hire("officer"), hire("officer")
    omar.consultation("question/good_place/kind")
    anna.consultation("question/good_place")
    anna.send("/question/good_place", {"label": "Anna's place?"})
    page = omar.send("/kind", {"kind": "long_text"})
    assert page.status == 409
    assert "changed the question while you were looking" in page.text
    assert "Anna's place?" in page.text
    omar.send("/kind", {"kind": "long_text"})
    question = item(app, "questions", "good_place")
    assert (question["label"], question["kind"]) == ("Anna's place?", "long_text")


def test_figures_of_one_question_meet_and_those_of_others_do_not(app, desk, hire):
    anna, omar, third = hire("officer"), hire("officer"), hire("officer")
    anna.consultation("population/age")
    omar.consultation("population/age")
    third.consultation("population/sex")
    anna.send("/population/age", {"base": "Anna's people"})
    assert third.send("/population/sex", {"base": "Somebody else's"}).status == 200
    page = omar.send("/population/age", {"base": "Omar's people"})
    assert page.status == 409
    assert "Who is counted Theirs, saved Anna's people Yours, not saved Omar's people" in page.text
    assert omar.send("/population/age").status == 200
    bases = {e["dimension"]: e["base"] for e in content_of(app)["reference_population"]}
    assert (bases["age"], bases["sex"]) == ("Omar's people", "Somebody else's")
