"""Quotes that stand for a theme."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.themes.labelling import exemplars
from analysis.themes.labelling.exemplars import Candidate, choose_exemplars, count_words

CENTRE = np.array([1.0, 0.0], dtype=np.float32)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def at_degrees(*angles):
    """Unit rows at angles from the theme's middle."""
    radians = np.radians(angles)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def said(text, person, row, language="en", campaign=None):
    return Candidate(person, text, language, row, campaign)


def people(*texts, language="en"):
    return [said(text, f"p{row}", row, language) for row, text in enumerate(texts)]


def five_words(*starts):
    return [f"{start} is what we want" for start in starts]


def around(*angles):
    """Unit rows at angles from the middle, each in a direction of its own."""
    radians = np.radians(angles)
    rows = np.diag(np.sin(radians))
    return np.column_stack([np.cos(radians), rows]).astype(np.float32)


def middle_of(vectors):
    return np.eye(1, vectors.shape[1], dtype=np.float32)[0]


def test_what_was_said_weighs_against_a_quote():
    candidates = people(*five_words("parking", "housing", "lighting"))
    # Cosines with the middle .9455, .9397, .7660; with the first .7771 and .5150. Length
    # takes the same from each.
    vectors = at_degrees(19, -20, -40)
    # .7 * .9397 - .3 * .7771 = .4247 and .7 * .7660 - .3 * .5150 = .3817
    assert choose_exemplars(candidates, vectors, CENTRE) == (0, 1, 2)
    # .5 * .9397 - .5 * .7771 = .0813 and .5 * .7660 - .5 * .5150 = .1255
    assert choose_exemplars(candidates, vectors, CENTRE, relevance=0.5) == (0, 2, 1)
    assert choose_exemplars(candidates, vectors, CENTRE, at_most=2) == (0, 1)


def test_what_says_the_same_waits_until_nothing_else_is_left():
    candidates = people(*five_words("parking", "housing", "lighting", "cycling"))
    # The second and third are within .8 of the first (.9848, .9397), the fourth is not. Of
    # the two, .7 * .9848 - .3 * .9848 = .3939 and .7 * .9397 - .3 * .9397 = .3759.
    vectors = at_degrees(0, 10, -20, 60)
    assert choose_exemplars(candidates, vectors, CENTRE) == (0, 3, 1, 2)


def test_the_length_of_centroid_and_the_inputs_do_not_change():
    candidates = people(*five_words("parking", "housing"))
    vectors = at_degrees(30, 10)
    kept, centroid = vectors.copy(), CENTRE * 7
    assert choose_exemplars(candidates, vectors, centroid) == (1, 0)
    np.testing.assert_array_equal(vectors, kept)
    assert centroid.tolist() == [7.0, 0.0]


def test_of_near_equals_the_shorter_comes_first():
    longer = "parking is what we want " + "and want " * 10
    candidates = people(longer, "parking is what we need")
    # 20 words more cost .03 * 20 / 55 = .0109; cos 5 degrees is .9962, cos 20 is .9397.
    assert choose_exemplars(candidates, at_degrees(0, 5), CENTRE, at_most=1) == (1,)
    assert choose_exemplars(candidates, at_degrees(0, 20), CENTRE, at_most=1) == (0,)


def test_five_to_sixty_words():
    sixty, more = " ".join(["word"] * 60), " ".join(["word"] * 61)
    candidates = people("only four words here", sixty, more, "now five words are here")
    chosen = choose_exemplars(candidates, at_degrees(0, 1, 2, 3), CENTRE)
    assert sorted(chosen) == [1, 3]


def test_shorter_ones_rather_than_none():
    candidates = people("Parking", "Free parking", "07700 900123", " ".join(["word"] * 61), "?!")
    chosen = choose_exemplars(candidates, at_degrees(1, 0, 2, 3, 4), CENTRE)
    assert sorted(chosen) == [0, 1]


def test_never_personal_data():
    candidates = people(
        "Ring Mrs Khan about the parking", "My number is 07700 900123 for parking", "parking please"
    )
    assert choose_exemplars(candidates, at_degrees(0, 0, 60), CENTRE) == (2,)
    assert choose_exemplars(candidates[:2], at_degrees(0, 0), CENTRE) == ()


def test_distinct_respondents_and_distinct_texts():
    candidates = [
        said("parking is what we want", "a", 0),
        said("housing is what we want", "a", 1),
        said("Parking is what we want!", "b", 0),
        said("lighting is what we want", "c", 2),
    ]
    assert choose_exemplars(candidates, at_degrees(0, 90, 45), CENTRE) == (2, 3, 1)


def test_a_copy_by_somebody_else_stands_in():
    # Both texts are each by "a", and by one more: two quotes of two people are found.
    candidates = [
        said("housing is what we want", "b", 1),
        said("parking is what we want", "a", 0),
        said("housing is what we want", "a", 1),
    ]
    assert choose_exemplars(candidates, at_degrees(0, 40), CENTRE) == (1, 0)


def test_one_of_a_campaign():
    letters = [said(f"save our {word} pool in town", f"c{word}", 0, campaign=7) for word in NUMBERS]
    own = [said("parking is what we want", "x", 1), said("housing is what we want", "y", 2)]
    chosen = choose_exemplars(letters + own, at_degrees(0, 60, -60), CENTRE)
    assert [([*letters, *own][at]).campaign for at in chosen] == [7, None, None]


def test_letters_of_many_copies_leave_room_in_the_pool(monkeypatch):
    monkeypatch.setattr(exemplars, "_POOL", 8)
    letters = [said("save our pool in town", f"c{at}", 0, campaign=7) for at in range(30)]
    own = [said("parking is what we want", "x", 1)]
    assert len(choose_exemplars(letters + own, at_degrees(0, 60), CENTRE)) == 2


def test_each_frequent_language_has_a_quote():
    english = people(*five_words(*NUMBERS[:7]))
    polish = [said(f"chcemy tu więcej miejsc {word}", f"q{word}", 7, "pl") for word in NUMBERS[:2]]
    somali = [said("waxaan rabnaa meel baabuur badan", "s", 8, "so")]
    vectors = around(*[35] * 7, 80, 70)
    centre = middle_of(vectors)
    chosen = choose_exemplars(english + polish + somali, vectors, centre, at_most=3)
    # Two of ten wrote Polish, one wrote Somali.
    assert sorted(([*english, *polish, *somali][at]).language for at in chosen) == [
        "en",
        "en",
        "pl",
    ]
    chosen = choose_exemplars(
        english + polish + somali, vectors, centre, at_most=3, language_share=0.1
    )
    assert {([*english, *polish, *somali][at]).language for at in chosen} == {"en", "pl", "so"}


def test_languages_are_counted_by_respondents():
    english = people(*five_words(*NUMBERS[:9]))
    one_pole = [said(f"chcemy tu więcej miejsc {word}", "q", 9, "pl") for word in NUMBERS]
    vectors = around(*[35] * 9, 80)
    chosen = choose_exemplars(english + one_pole, vectors, middle_of(vectors), at_most=2)
    assert max(chosen) < 9


def test_where_there_is_no_room_the_most_frequent_language_has_it():
    english = people(*five_words(*NUMBERS[:3]))
    polish = [said(f"chcemy tu więcej miejsc {word}", f"q{word}", 3, "pl") for word in NUMBERS[:4]]
    vectors = at_degrees(0, 1, 2, 80)
    (chosen,) = choose_exemplars(english + polish, vectors, CENTRE, at_most=1)
    assert chosen >= 3


def test_a_frequent_language_of_short_answers_has_one_of_them():
    english = people(*five_words(*NUMBERS[:3]))
    polish = [said("więcej miejsc", f"q{row}", 3, "pl") for row in range(2)]
    chosen = choose_exemplars(english + polish, at_degrees(0, 1, 2, 80), CENTRE)
    assert {([*english, *polish][at]).language for at in chosen} == {"en", "pl"}


def test_a_language_with_nothing_to_quote_is_left_out():
    english = people(*five_words(*NUMBERS[:3]))
    polish = [said("07700 900123", "q", 3, "pl")]
    assert len(choose_exemplars(english + polish, at_degrees(0, 30, 60, 80), CENTRE)) == 3


def test_what_is_far_off_is_not_read(monkeypatch):
    monkeypatch.setattr(exemplars, "_MOST_READ", 2)
    monkeypatch.setattr(exemplars, "_BLOCK", 2)
    candidates = people(*five_words("parking", "housing", "lighting"))
    assert sorted(choose_exemplars(candidates, at_degrees(60, 0, 30), CENTRE)) == [1, 2]


def test_only_the_nearest_take_part(monkeypatch):
    monkeypatch.setattr(exemplars, "_POOL", 2)
    candidates = people(*five_words("parking", "housing", "lighting"))
    assert choose_exemplars(candidates, at_degrees(60, 0, 40), CENTRE) == (1, 2)


def test_short_answers_do_not_fill_the_pool(monkeypatch):
    monkeypatch.setattr(exemplars, "_POOL", 2)
    candidates = people("parking", "more parking", "free parking", *five_words("parking"))
    assert choose_exemplars(candidates, at_degrees(0, 1, 2, 50), CENTRE) == (3,)


def test_nothing_from_nothing():
    assert choose_exemplars([], at_degrees(0), CENTRE) == ()


TEXTS = (*five_words("parking", "housing", "lighting"), "more buses", "Mrs Khan is what we want")


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.builds(
            Candidate,
            st.sampled_from("abcdef"),
            st.sampled_from(TEXTS),
            st.sampled_from(["en", "pl", "ur"]),
            st.integers(0, 7),
            st.one_of(st.none(), st.integers(0, 1)),
        ),
        max_size=14,
        unique_by=lambda one: (one.response, one.text),
    ),
    st.integers(0, 1000),
)
def test_the_rules_hold_and_the_order_does_not_matter(candidates, seed):
    vectors = at_degrees(0, 15, 30, 45, 60, 75, -20, -50)
    # A row belongs to a text: the same text lies in the same place.
    candidates = [
        Candidate(one.response, one.text, one.language, TEXTS.index(one.text), one.campaign)
        for one in candidates
    ]
    chosen = [candidates[at] for at in choose_exemplars(candidates, vectors, CENTRE)]
    assert len({one.response for one in chosen}) == len(chosen) <= 5
    assert len({one.text for one in chosen}) == len(chosen)
    campaigns = [one.campaign for one in chosen if one.campaign is not None]
    assert len(set(campaigns)) == len(campaigns)
    assert not any("Khan" in one.text for one in chosen)
    assert bool(chosen) == any("Khan" not in one.text for one in candidates)
    shuffled = random.Random(seed).sample(candidates, len(candidates))
    assert [shuffled[at] for at in choose_exemplars(shuffled, vectors, CENTRE)] == chosen


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The x-ray took 3 hours", 6),
        ("پارکنگ کی فیس زیادہ ہے", 5),
        ("রাস্তার বাতি নষ্ট", 3),
        # Two characters are a word: nine are four.
        ("这里停车费实在太贵", 4),
        ("NHS 停车太贵", 3),
        ("?!", 0),
    ],
)
def test_words_are_counted_in_every_script(text, words):
    assert count_words(text) == words


@pytest.mark.parametrize("options", [{"relevance": 1.1}, {"language_share": -0.1}, {"at_most": 0}])
def test_shares_and_numbers_are_checked(options):
    with pytest.raises(ValueError, match=f"{next(iter(options))} must be"):
        choose_exemplars([], at_degrees(0), CENTRE, **options)
