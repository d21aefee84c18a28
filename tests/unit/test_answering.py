"""From the fields of a form to an answer: whatever people type, in whichever script."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.document.model import Question
from consult.services.answering import (
    Fault,
    Problem,
    ascii_digits,
    clean,
    is_blank,
    keep_typed,
    parse_whole_number,
    read_answer,
    typed_from_value,
)
from tests.support.consultations import example

DOCUMENT = example()
AGREE_SCALE = [
    "strongly_agree",
    "agree",
    "neither",
    "disagree",
    "strongly_disagree",
    "dont_know",
]
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
BIDI = "\u200f\u202b\u202c\u2067\u2069"
BLANKS = ["", " ", "\t\r\n", "\u00a0\u3000\u2009", ZERO_WIDTH, BIDI, "\x00\x00", "\x00 \u200f\n"]


def question(key: str, **changes: Any) -> Question:
    found = DOCUMENT.question(key)
    assert found is not None
    return Question.model_validate({**found.model_dump(), **changes})


def read(asked: str | Question, *answer: str, **fields: str):
    """Read fields; ``rank_trees`` stands for the field ``rank-trees``."""
    if isinstance(asked, str):
        asked = question(asked)
    typed = {name.replace("_", "-", 1): [text] for name, text in fields.items()}
    if answer:
        typed["answer"] = list(answer)
    return read_answer(asked, DOCUMENT, typed)


def fault(reading):
    """The one problem, as (field, fault, figures); there must be no answer beside it."""
    assert reading.value is None
    [problem] = reading.problems
    return problem.field, problem.fault, dict(problem.figures)


def value(reading):
    assert reading.problems == ()
    return reading.value


OPTIONAL = ["vision_agree", "vision_why", "name_of_park", "visits", "wishes", "ward", "age"]


@pytest.mark.parametrize("key", OPTIONAL)
def test_no_field_is_a_skipped_question(key):
    assert value(read(key)) is None
    assert value(read_answer(question(key), DOCUMENT, {"answer": []})) is None
    assert value(read(key, "")) is None


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("vision_agree", Fault.REQUIRED),
        ("wishes", Fault.REQUIRED),
        ("order", Fault.REQUIRED),
        ("capacity", Fault.REQUIRED),
        ("name_of_park", Fault.REQUIRED_TEXT),
        ("vision_why", Fault.REQUIRED_TEXT),
        ("visits", Fault.REQUIRED_TEXT),
    ],
)
def test_a_required_question_is_asked_for_in_words_that_fit(key, expected):
    asked = question(key, required=True)
    assert fault(read(asked)) == ("answer", expected, {})
    assert fault(read(asked, "")) == ("answer", expected, {})


# Own words


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
def test_what_cannot_be_seen_is_no_answer(blank):
    assert is_blank(clean(blank))
    for key in ("name_of_park", "vision_why", "visits"):
        assert value(read(key, blank)) is None
        assert fault(read(question(key, required=True), blank))[1] is Fault.REQUIRED_TEXT
    assert value(read("order", rank_trees=blank, rank_play=blank)) is None
    assert value(read("capacity", "group", other_group=blank)) == {"choice": "group"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("The meadow", "The meadow"),
        ("  two  spaces ", "  two  spaces "),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("nu\x00ll", "null"),
        ("\x00\x00x", "x"),
        ("half \ud83d of an emoji", "half  of an emoji"),
        ("\u2067پارک\u2069 (Park)\u200f", "\u2067پارک\u2069 (Park)\u200f"),
        ("👩🏽‍🌾🌳🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩🏽‍🌾🌳🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("زمین‌داری", "زمین‌داری"),  # the joiner is part of the word
        ("cafe\u0301", "cafe\u0301"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=1+1", "=1+1"),
        ("0", "0"),
        ("N/A", "N/A"),
    ],
)
def test_words_are_kept_as_they_were_written(typed, kept):
    assert value(read("name_of_park", typed)) == {"text": kept}
    assert value(read("vision_why", typed)) == {"text": kept}


@pytest.mark.parametrize(
    ("key", "limit"), [("vision_why", 2_000), ("name_of_park", 200)], ids=["own limit", "usual"]
)
def test_a_text_may_be_as_long_as_its_limit_and_not_one_longer(key, limit):
    assert value(read(key, "ب" * limit)) == {"text": "ب" * limit}
    longer = fault(read(key, "ب" * (limit + 1)))
    assert longer == ("answer", Fault.TOO_LONG, {"limit": limit, "over": 1})
    assert value(read(key, "\r\n" * (limit - 1) + "x")) == {"text": "\n" * (limit - 1) + "x"}
    assert value(read(key, "x" * limit + "\x00")) == {"text": "x" * limit}


def test_a_long_text_without_a_limit_of_its_own_takes_5000():
    asked = question("vision_why", max_length=None)
    assert value(read(asked, "x" * 5_000)) is not None
    assert fault(read(asked, "x" * 5_003))[2] == {"limit": 5_000, "over": 3}


# Numbers


@pytest.mark.parametrize(
    "typed",
    [
        "12",
        "١٢",
        "۱۲",
        "১২",
        "੧੨",
        "१२",
        "１２",
        " 12 ",
        "\u200f١٢\u200f",
        "+12",
        "12.0",
        "12.",
        "১২.০",
        "١٢٫٠",
        "12,0",
        "012",
        "12\x00",
    ],
)
def test_a_number_is_read_in_the_digits_of_any_script(typed):
    assert value(read("visits", typed)) == {"number": 12}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0),
        ("-3", -3),
        ("\u22123", -3),
        ("1,200", 1200),
        ("1 200", 1200),
        ("1\u00a0200", 1200),
        ("1\u202f200", 1200),
        ("1'200", 1200),
        ("1’200", 1200),
        ("١٬٢٠٠", 1200),
        ("1,00,000", 100000),
        ("1,200,300", 1200300),
        ("1,200.00", 1200),
    ],
)
def test_marks_between_groups_of_digits_are_passed_over(typed, number):
    assert parse_whole_number(typed) == number


@pytest.mark.parametrize("typed", ["7,5", "7.5", "٧٫٥", "৭.৫", "-7.5", "-7,5", "1.000", ".5"])
def test_a_fraction_is_not_taken_for_a_larger_number(typed):
    assert parse_whole_number(typed) is None
    assert fault(read("visits", typed)) == ("answer", Fault.NOT_WHOLE, {})


@pytest.mark.parametrize(
    "typed",
    ["twelve", "بارہ", "12 times", "1-2", "12 13", "--1", "-", "½", "²", "1e3", "0x1f"],
)
def test_words_are_no_number(typed):
    assert parse_whole_number(typed) is None
    assert fault(read("visits", typed)) == ("answer", Fault.NOT_A_NUMBER, {})


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0", {"number": 0}),
        ("60", {"number": 60}),
        ("-1", ("answer", Fault.TOO_SMALL, {"limit": 0})),
        ("61", ("answer", Fault.TOO_LARGE, {"limit": 60})),
        ("9" * 16, ("answer", Fault.TOO_LARGE, {"limit": 60})),
        ("9" * 300, ("answer", Fault.TOO_LARGE, {"limit": 60})),
        ("-" + "9" * 300, ("answer", Fault.TOO_SMALL, {"limit": 0})),
        ("9" * 100_000, ("answer", Fault.NOT_A_NUMBER, {})),
    ],
    ids=lambda given: str(given)[:20],
)
def test_a_number_stays_within_its_limits(typed, expected):
    reading = read("visits", typed)
    assert (fault(reading) if isinstance(expected, tuple) else value(reading)) == expected


def test_a_number_without_limits_stays_within_what_is_stored_everywhere():
    asked = question("visits", minimum=None, maximum=None)
    assert value(read(asked, "1000000000000")) == {"number": 10**12}
    assert fault(read(asked, "1000000000001"))[1:] == (Fault.TOO_LARGE, {"limit": 10**12})
    assert fault(read(asked, "-1000000000001"))[1:] == (Fault.TOO_SMALL, {"limit": -(10**12)})


def test_digits_of_every_script_are_turned_and_nothing_else():
    assert ascii_digits("٣ পাঁচ ৫ ੭ ² Ⅳ 一") == "3 পাঁচ 5 7 ² Ⅳ 一"


# One choice


@pytest.mark.parametrize(
    ("key", "choices"),
    [
        ("capacity", ["resident", "group"]),
        ("vision_agree", AGREE_SCALE),
        ("ward", ["E1", "W1", "outside_area", "prefer_not_to_say"]),
        ("age", ["under_45", "from_45", "prefer_not_to_say"]),
    ],
)
def test_every_choice_is_taken_and_no_other(key, choices):
    for choice in choices:
        assert value(read(key, choice)) == {"choice": choice}
    others = {"RESIDENT", "nothing", "e1", " agree", "1"} | {"prefer_not_to_say"} - set(choices)
    for other in others:
        assert fault(read(key, other)) == ("answer", Fault.UNKNOWN_OPTION, {})


def test_of_two_radio_buttons_the_first_counts():
    assert value(read("capacity", "resident", "group")) == {"choice": "resident"}


# Please say


def test_words_go_with_their_option():
    expected = {"choice": "group", "other": " ہمارا کلب 🌳 "}
    assert value(read("capacity", "group", other_group=" ہمارا کلب 🌳 ")) == expected


def test_words_alone_choose_their_option():
    # Without scripts nothing selects the button as somebody writes.
    expected = {"choice": "group", "other": "Our club"}
    assert value(read("capacity", other_group="Our club")) == expected
    assert value(read("capacity", "", other_group="Our club")) == expected


def test_words_of_an_option_that_was_not_chosen_are_left_out():
    assert value(read("capacity", "resident", other_group="Our club")) == {"choice": "resident"}
    assert value(read("capacity", "resident", other_resident="x")) == {"choice": "resident"}
    assert fault(read("capacity", other_unheard_of="x"))[1] is Fault.REQUIRED


def test_other_words_may_have_200_characters():
    assert value(read("capacity", "group", other_group="x" * 200)) is not None
    longer = fault(read("capacity", "group", other_group="x" * 201))
    assert longer == ("other-group", Fault.TOO_LONG, {"limit": 200, "over": 1})


# Several choices


MORE = [
    {"key": "benches", "label": "Benches"},
    {"key": "toilets", "label": "Toilets"},
    {"key": "shade", "label": "Shade", "other": True},
    {"key": "nothing", "label": "Nothing", "exclusive": True},
]


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        (["benches"], ["benches"]),
        (["toilets", "benches"], ["benches", "toilets"]),
        (["toilets", "toilets"], ["toilets"]),
        (["", "toilets"], ["toilets"]),
        (["nothing"], ["nothing"]),
    ],
)
def test_several_choices_come_in_the_order_of_the_question(entered, expected):
    assert value(read("wishes", *entered)) == {"choices": expected}


def test_too_many_choices_are_told_with_the_limit():
    asked = question("wishes", options=MORE)
    two = {"choices": ["benches", "toilets"]}
    assert value(read(asked, "benches", "toilets")) == two
    too_many = fault(read(asked, "benches", "toilets", "shade"))
    assert too_many == ("answer", Fault.TOO_MANY, {"limit": 2})
    without_limit = question("wishes", options=MORE, choose_at_most=None)
    assert value(read(without_limit, "shade", "toilets", "benches")) == {
        "choices": ["benches", "toilets", "shade"]
    }


def test_an_exclusive_choice_stands_alone():
    assert fault(read("wishes", "nothing", "benches")) == ("answer", Fault.EXCLUSIVE, {})
    monitoring = question("wishes", part="monitoring")
    assert value(read(monitoring, "prefer_not_to_say")) == {"choices": ["prefer_not_to_say"]}
    assert fault(read(monitoring, "prefer_not_to_say", "benches"))[1] is Fault.EXCLUSIVE


def test_an_unknown_choice_spoils_the_answer_rather_than_being_dropped():
    assert fault(read("wishes", "benches", "swings")) == ("answer", Fault.UNKNOWN_OPTION, {})
    assert fault(read("wishes", "prefer_not_to_say"))[1] is Fault.UNKNOWN_OPTION


def test_words_choose_their_option_among_several():
    asked = question("wishes", options=MORE)
    expected = {"choices": ["benches", "shade"], "other": "By the pond"}
    assert value(read(asked, "benches", other_shade="By the pond")) == expected
    assert value(read(asked, other_shade="By the pond")) == {
        "choices": ["shade"],
        "other": "By the pond",
    }
    too_many = fault(read(asked, "benches", "toilets", other_shade="By the pond"))
    assert too_many == ("answer", Fault.TOO_MANY, {"limit": 2})
    assert fault(read(asked, "nothing", other_shade="By the pond"))[1] is Fault.EXCLUSIVE


# Ranking


FOUR = [{"key": key, "label": key} for key in ("trees", "play", "paths", "ponds")]
LONG = question("order", options=FOUR, rank_at_most=3)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"rank_trees": "1", "rank_play": "2"}, ["trees", "play"]),
        ({"rank_trees": "2", "rank_play": "1"}, ["play", "trees"]),
        ({"rank_ponds": "۱", "rank_paths": " ২ ", "rank_trees": "੩"}, ["ponds", "paths", "trees"]),
        ({"rank_ponds": "1"}, ["ponds"]),
        ({"rank_ponds": "1", "rank_trees": "", "rank_play": "\u200f"}, ["ponds"]),
        ({"rank_ponds": "1.0"}, ["ponds"]),
        ({"rank_ponds": "1", "rank_unheard": "1"}, ["ponds"]),
    ],
)
def test_places_make_an_order(fields, expected):
    assert value(read(LONG, **fields)) == {"order": expected}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"rank_trees": "1", "rank_paths": "1"}, ("rank-paths", Fault.SAME_PLACE, {"place": 1})),
        ({"rank_trees": "2", "rank_paths": "3"}, ("rank-trees", Fault.PLACE_SKIPPED, {"place": 1})),
        ({"rank_paths": "1", "rank_play": "3"}, ("rank-trees", Fault.PLACE_SKIPPED, {"place": 2})),
        ({"rank_play": "4"}, ("rank-play", Fault.UNKNOWN_PLACE, {"limit": 3})),
        ({"rank_play": "0"}, ("rank-play", Fault.UNKNOWN_PLACE, {"limit": 3})),
        ({"rank_play": "-1"}, ("rank-play", Fault.UNKNOWN_PLACE, {"limit": 3})),
        ({"rank_play": "first"}, ("rank-play", Fault.UNKNOWN_PLACE, {"limit": 3})),
        ({"rank_play": "1.5"}, ("rank-play", Fault.UNKNOWN_PLACE, {"limit": 3})),
    ],
)
def test_faults_of_a_ranking_are_told_where_they_are(fields, expected):
    assert fault(read(LONG, **fields)) == expected


def test_a_ranking_without_a_limit_has_a_place_for_each_option():
    asked = question("order", options=FOUR, rank_at_most=None)
    fields = {"rank_trees": "4", "rank_play": "3", "rank_paths": "2", "rank_ponds": "1"}
    assert value(read(asked, **fields)) == {"order": ["ponds", "paths", "play", "trees"]}
    assert fault(read(asked, rank_trees="5"))[2] == {"limit": 4}
    generous = question("order", options=FOUR, rank_at_most=9)
    assert fault(read(generous, rank_trees="5"))[2] == {"limit": 4}


# What is kept of a form


def test_only_fields_of_a_question_are_kept_and_cleaned():
    fields = {
        "answer": ["a\x00", "b\r\n"],
        "other-group": ["x"],
        "rank-trees": ["1"],
        "csrf_token": ["secret"],
        "postcode": ["B1 1BB"],
        "version": ["1"],
        "answers": ["x"],
    }
    assert keep_typed(fields) == {
        "answer": ["a", "b\n"],
        "other-group": ["x"],
        "rank-trees": ["1"],
    }


# There and back


texts = st.text(min_size=1, max_size=200).map(clean).filter(lambda text: not is_blank(text))
WISHES = question("wishes", options=MORE)


def orders(keys: list[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.permutations(keys).flatmap(
        lambda order: st.integers(1, most).map(lambda length: list(order)[:length])
    )


answers = st.one_of(
    st.tuples(st.just(question("name_of_park")), texts.map(lambda text: {"text": text})),
    st.tuples(st.just(question("vision_why")), texts.map(lambda text: {"text": text})),
    st.tuples(st.just(question("visits")), st.integers(0, 60).map(lambda n: {"number": n})),
    st.tuples(
        st.just(question("vision_agree")),
        st.sampled_from(AGREE_SCALE).map(lambda key: {"choice": key}),
    ),
    st.tuples(st.just(question("capacity")), texts.map(lambda t: {"choice": "group", "other": t})),
    st.tuples(st.just(question("ward")), st.just({"choice": "outside_area"})),
    st.tuples(
        st.just(WISHES),
        st.sampled_from(
            [["nothing"], ["benches"], ["benches", "toilets"], ["toilets", "shade"], ["shade"]]
        ).map(lambda keys: {"choices": keys}),
    ),
    st.tuples(st.just(WISHES), texts.map(lambda t: {"choices": ["toilets", "shade"], "other": t})),
    st.tuples(
        st.just(LONG),
        orders(["trees", "play", "paths", "ponds"], 3).map(lambda order: {"order": order}),
    ),
)


@given(answers)
def test_a_stored_answer_fills_a_form_that_makes_the_same_answer(given_answer):
    asked, stored = given_answer
    typed = typed_from_value(asked, stored)
    assert keep_typed(typed) == typed
    assert value(read_answer(asked, DOCUMENT, typed)) == stored


names = st.sampled_from(
    ["answer", "other-group", "other-shade", "rank-trees", "rank-play", "rank-ponds", "x"]
)
entries = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["1", "2", "۳", "group", "benches", "toilets", "E1", "agree", "shade"]),
)


@given(
    st.sampled_from([*DOCUMENT.questions, WISHES, LONG]),
    st.dictionaries(names, st.lists(entries, max_size=3)),
)
def test_whatever_comes_there_is_an_answer_or_a_problem_and_never_both(asked, typed):
    reading = read_answer(asked, DOCUMENT, keep_typed(typed))
    assert reading.value is None or not reading.problems
    for problem in reading.problems:
        assert isinstance(problem, Problem)
        assert problem.field == "answer" or problem.field.startswith(("other-", "rank-"))
    if reading.value is not None:
        again = read_answer(asked, DOCUMENT, typed_from_value(asked, reading.value))
        assert again == reading
