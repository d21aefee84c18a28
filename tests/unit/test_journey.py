"""The way through the questions: what is asked, where one stands, how long it takes."""

from typing import Any

import pytest

from consult.document.model import Condition, Question
from consult.services.journey import (
    Place,
    asks_for_text,
    chosen_keys,
    is_shown,
    minutes_needed,
    place_of,
    visible_questions,
)
from tests.support.consultations import example


def choice(key, *conditions, kind="single_choice", part="draft"):
    options = [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}]
    return {
        "key": key,
        "part": part,
        "kind": kind,
        "label": "One two three four five six",
        "options": options,
        "show_if": list(conditions),
    }


def if_any(question, *keys):
    return {"question": question, "any_of": keys}


def unless(question, *keys):
    return {"question": question, "none_of": keys}


def document(*questions: dict[str, Any], **changes: Any):
    plain = example().model_dump()
    plain.update(
        questions=questions, residents=None, sections=[], reference_population=[], translations={}
    )
    return type(example()).model_validate({**plain, **changes})


YES, NO = {"choice": "yes"}, {"choice": "no"}


def shown(doc, **answers):
    return "".join(question.key for question in visible_questions(doc, answers))


def test_a_chain_is_followed_only_as_far_as_it_is_asked():
    doc = document(choice("a"), choice("b", if_any("a", "yes")), choice("c", if_any("b", "yes")))
    assert shown(doc) == "a"
    assert shown(doc, a=YES) == "ab"
    assert shown(doc, a=YES, b=NO) == "ab"
    assert shown(doc, a=YES, b=YES) == "abc"
    # "b" was answered before "a" was changed: it is not asked, so it does not count.
    assert shown(doc, a=NO, b=YES) == "a"
    assert shown(doc, b=YES) == "a"
    assert shown(doc, a=None, b=YES) == "a"


def test_none_of_is_met_by_no_answer_and_by_a_question_not_asked():
    doc = document(choice("a"), choice("b", if_any("a", "yes")), choice("c", unless("b", "yes")))
    assert shown(doc) == "ac"
    assert shown(doc, a=YES) == "abc"
    assert shown(doc, a=YES, b=YES) == "ab"
    assert shown(doc, a=NO, b=YES) == "ac"


def test_all_conditions_must_be_met():
    doc = document(choice("a"), choice("b"), choice("c", if_any("a", "yes"), unless("b", "yes")))
    assert shown(doc, a=YES) == "abc"
    assert shown(doc, a=YES, b=YES) == "ab"
    assert shown(doc, b=NO) == "ab"


def test_one_of_several_choices_is_enough():
    doc = document(choice("a", kind="several_choices"), choice("b", if_any("a", "yes")))
    assert shown(doc, a={"choices": ["no", "yes"]}) == "ab"
    assert shown(doc, a={"choices": ["no"]}) == "a"


def test_the_example_asks_why_of_those_who_disagree():
    everyone = [q.key for q in visible_questions(example(), {})]
    assert everyone == [
        "capacity",
        "vision_agree",
        "name_of_park",
        "visits",
        "wishes",
        "order",
        "ward",
        "age",
    ]
    disagreeing = visible_questions(example(), {"vision_agree": {"choice": "disagree"}})
    assert [q.key for q in disagreeing][2] == "vision_why"
    assert len(disagreeing) == 9


def test_a_question_without_conditions_is_always_shown():
    plain = Question.model_validate(choice("a"))
    routed = plain.model_copy(update={"show_if": (Condition(question="x", any_of=("yes",)),)})
    assert is_shown(plain, {})
    assert not is_shown(routed, {})
    assert is_shown(routed, {"x": YES})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, set()),
        ({}, set()),
        ({"choice": "yes"}, {"yes"}),
        ({"choice": "group", "other": "words"}, {"group"}),
        ({"choices": ["a", "b"]}, {"a", "b"}),
        ({"order": ["b", "a"]}, {"a", "b"}),
        ({"text": "yes"}, set()),
        ({"number": 3}, set()),
    ],
)
def test_chosen_keys(value, expected):
    assert chosen_keys(value) == expected


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("capacity", Place(1, 6, monitoring=False)),
        ("name_of_park", Place(3, 6, monitoring=False)),
        ("order", Place(6, 6, monitoring=False)),
        ("ward", Place(1, 2, monitoring=True)),
        ("age", Place(2, 2, monitoring=True)),
    ],
)
def test_places_are_counted_apart_for_monitoring(key, place):
    question = example().question(key)
    assert question is not None
    assert place_of(question, visible_questions(example(), {})) == place


def test_a_routed_question_counts_where_it_is_asked():
    questions = visible_questions(example(), {"vision_agree": {"choice": "disagree"}})
    why = example().question("vision_why")
    after = example().question("name_of_park")
    assert why is not None
    assert after is not None
    assert place_of(why, questions) == Place(3, 7, monitoring=False)
    assert place_of(after, questions) == Place(4, 7, monitoring=False)


def with_summary(words):
    document = example()
    [section] = document.sections
    section = section.model_copy(update={"summary": "word " * words})
    return document.model_copy(update={"sections": (section,)})


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        # Deciding takes 8 + 12 + 15 + 10 + 25 + 35 seconds, and half of 20 + 8 for monitoring:
        # 119. To read are 50 words besides the summary: labels 4 + 6 + 6 + 7 + 3 + 3 + 4 + 4,
        # and the options of capacity 6, wishes 3 and order 4. A word takes a third of a second.
        (5, 2),  # 119 + 55 / 3 = 137.3 s
        (42, 2),  # 119 + 92 / 3 = 149.7 s
        (44, 3),  # 119 + 94 / 3 = 150.3 s
        (300, 4),  # 119 + 350 / 3 = 235.7 s
    ],
)
def test_minutes_are_those_of_reading_and_answering(words, minutes):
    assert minutes_needed(with_summary(words)) == minutes


def test_at_least_a_minute_is_named():
    assert minutes_needed(document(choice("a"))) == 1


def test_help_is_read_and_routed_questions_are_not_counted():
    # 8 s and 8 words (2.7 s) for each question; 240 words of help take 80 s.
    helped = {**choice("a"), "help": "word " * 240}
    assert minutes_needed(document(helped, choice("b"))) == 2  # 16 + 85.3 = 101.3 s
    routed = {**helped, "key": "c", "show_if": [if_any("a", "yes")]}
    assert minutes_needed(document(choice("a"), choice("b"), routed)) == 1


def test_own_words_are_told_apart():
    own = {question.key for question in example().questions if asks_for_text(question)}
    assert own == {"vision_why", "name_of_park"}
