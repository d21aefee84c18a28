"""From rows to distinct units: every row has its place, whatever is in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.themes.prepare import Answers, RowStatus, content_languages, most_common, prepare
from tests.unit.analysis.theme_answers import answers

CONTENT, NOTHING, UNCLEAR = RowStatus.CONTENT, RowStatus.NO_CONTENT, RowStatus.UNCLEAR
LETTER = (
    "I am writing to ask the council to keep the swimming pool on Moseley Road open. "
    "It is the only warm place where our children can learn to swim."
)


def prepared(texts, **columns):
    return prepare(answers(texts, **columns))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("More buses please", CONTENT),
        ("Parking", CONTENT),
        ("", NOTHING),
        (" \n ", NOTHING),
        ("N/A", NOTHING),
        ("no comment.", NOTHING),
        ("-", NOTHING),
        ("👍👍", NOTHING),
        ("12345", NOTHING),
        ("??!", NOTHING),
        ("yes", UNCLEAR),
        ("I agree", UNCLEAR),
        # A letter to Unicode, and an apostrophe to everybody.
        ("\u02bc" * 130, UNCLEAR),
    ],
)
def test_what_an_answer_holds(text, status):
    made = prepared([text])
    assert made.status == (status,)
    assert len(made.unit_text) == (status is CONTENT)
    assert made.answered.tolist() == [status is CONTENT]


def test_rows_become_units_and_units_distinct_ones():
    made = prepared(
        ["The bus is late. Our flat is very damp.", "n/a", "THE BUS IS LATE!"], ids=["a", "b", "c"]
    )
    assert made.respondents == ("a", "b", "c")
    assert made.unit_text == ("The bus is late.", "Our flat is very damp.", "THE BUS IS LATE!")
    assert made.unit_row.tolist() == [0, 0, 2]
    assert made.unit_number.tolist() == [1, 2, 1]
    assert made.unit_respondent.tolist() == [0, 0, 2]
    assert made.keys == ("our flat is very damp", "the bus is late")
    # Capitals come first by code points: one wording stands for the copies, whoever came first.
    assert made.key_text == ("Our flat is very damp.", "THE BUS IS LATE!")
    assert made.unit_key.tolist() == [1, 0, 1]
    assert content_languages(made) == ["en"]


def test_rows_of_one_id_are_one_respondent():
    made = prepared(
        ["More buses please", "n/a", "Too much traffic", "-"],
        ids=["a", "b", "a", "b"],
        ward=["", "Aston", "Lozells", "Aston"],
    )
    assert made.respondents == ("a", "b")
    assert made.respondent.tolist() == [0, 1, 0, 1]
    assert made.groups == {"ward": ("Lozells", "Aston")}
    assert made.answered.tolist() == [True, False]


def test_the_value_that_most_rows_hold_speaks_for_a_respondent():
    rows = [
        (0, "Aston"),
        (0, "Lozells"),
        (0, " Lozells "),
        (1, "Small Heath"),
        (1, "Aston"),
        (2, ""),
    ]
    assert most_common(rows, 4) == ("Lozells", "Aston", "", "")
    assert most_common(reversed(rows), 4) == ("Lozells", "Aston", "", "")


@pytest.mark.parametrize(
    "seeds",
    [
        {"parking": False, "more buses": True, "停车": True, "车": False},
        {"parking": True},
        {"parking": False, "litter": False},
    ],
)
def test_one_word_founds_no_theme_unless_it_is_all_that_was_said(seeds):
    made = prepared([*seeds, *seeds])
    assert dict(zip(made.keys, made.seeds.tolist(), strict=True)) == seeds


def test_a_letter_of_five_people_is_a_campaign():
    copies = [
        LETTER,
        LETTER.upper(),
        LETTER.replace("warm", "safe"),
        f"{LETTER} Thank you.",
        LETTER,
    ]
    made = prepared([*copies, "More buses please"])
    assert made.campaign.tolist() == [0, 0, 0, 0, 0, -1]


def test_one_person_who_sends_a_letter_five_times_is_no_campaign():
    made = prepared([LETTER] * 9, ids=["a"] * 5 + ["b", "c", "d", "d"])
    assert made.campaign.tolist() == [-1, -1, -1, -1]
    made = prepared([LETTER] * 9, ids=["a"] * 5 + ["b", "c", "d", "e"])
    assert made.campaign.tolist() == [0, 0, 0, 0, 0]


def test_who_sent_two_letters_belongs_to_the_one_with_more_copies():
    other = (
        "Please plant trees along the Coventry Road before next summer. "
        "The heat there is hard to bear for everybody who has to wait for a bus."
    )
    ids = ["a", "b", "c", "d", "e", "f", "a", "g", "h", "i", "j", "k"]
    made = prepared([LETTER] * 6 + [other] * 6, ids=ids)
    assert made.campaign.tolist() == [0] * 6 + [1] * 5


def test_own_sentences_of_an_edited_letter_stay():
    own = "My son has asthma and the chlorine at the other pool makes him ill."
    made = prepared([LETTER] * 5 + [f"{LETTER} {own}"])
    assert made.campaign.tolist() == [0] * 6
    assert own in made.unit_text


def test_what_cannot_be_seen_is_taken_out():
    made = prepared(
        ["More\x00 buses\x1b please", "More \u202ebuses\u202c please", "More\udc80 buses please"]
    )
    assert made.keys == ("more buses please",)
    assert all(text.isprintable() for text in made.unit_text)


def test_the_language_of_the_form_helps_with_one_word():
    made = prepared(["پارکنگ", "Parking"], languages=["ur", None])
    assert made.languages[0] == "ur"
    assert made.uncertain[0]


def test_nothing_at_all():
    made = prepared([])
    assert (made.respondents, made.keys, made.status) == ((), (), ())
    assert made.answered.tolist() == []


def test_progress_is_told_now_and_then_and_at_the_end():
    told = []
    prepare(answers(["n/a"] * 2500), report=lambda done, total: told.append((done, total)))
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


@pytest.mark.parametrize(
    ("texts", "languages", "wards"),
    [
        (("a",), ("en", "en"), ("", "")),
        (("a", "b"), ("en",), ("", "")),
        (("a", "b"), ("en", "ur"), ("",)),
    ],
)
def test_columns_of_different_lengths_are_a_mistake_of_the_caller(texts, languages, wards):
    with pytest.raises(ValueError, match="a column of 1 rows beside 2 ids"):
        Answers(ids=("1", "2"), texts=texts, languages=languages, groups={"ward": wards})


texts = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            ["n/a", "yes", "Parking", "More buses. The park is dark at night.", LETTER]
        ),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(texts)
def test_every_row_has_units_or_a_status_that_says_why_not(rows):
    made = prepared(rows)
    assert len(made.status) == len(made.languages) == len(made.uncertain) == len(rows)
    with_units = set(made.unit_row.tolist())
    assert with_units == {at for at, status in enumerate(made.status) if status is CONTENT}
    assert all(made.keys[key] for key in made.unit_key.tolist())


@settings(max_examples=25, deadline=None)
@given(texts, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_unit_and_no_campaign(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    one = prepared(rows)
    two = prepared([rows[at] for at in order], ids=[str(at + 1) for at in order])
    assert one.keys == two.keys
    assert one.key_text == two.key_text
    assert one.seeds.tolist() == two.seeds.tolist()
    assert dict(zip(one.respondents, one.campaign.tolist(), strict=True)) == dict(
        zip(two.respondents, two.campaign.tolist(), strict=True)
    )
