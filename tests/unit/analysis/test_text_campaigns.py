import time
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.text.campaigns import _shingles, candidate_probability, find_campaigns

LETTER = (
    "I am writing to ask the council to keep the Rookery Vale pool open for everyone. "
    "It is the only pool within walking distance for thousands of people in our part of the city. "
    "Please do not close it before you have listened to the people who use it every week."
)
OTHER = (
    "The plan to close our library on Saturdays is a mistake and must be withdrawn at once. "
    "Children have nowhere else to do their homework in the quiet and the warm at weekends."
)
OWN = "My daughter learnt to swim there after her operation."


def groups(found):
    return {frozenset(campaign.members) for campaign in found.campaigns}


def changed(text, number):
    """Give a copy with one word changed, a different one each time."""
    words = text.split(" ")
    words[5 + number] = f"{words[5 + number]}s"
    return " ".join(words)


@pytest.mark.parametrize(
    ("similarity", "expected"),
    [(0.3, 0.1220167), (0.5, 0.6439259), (0.8, 0.9997821), (0.9, 0.99999996)],
)
def test_chance_to_be_compared(similarity, expected):
    # 1 - (1 - s^4)^16, by hand and in methods.md part D.
    assert candidate_probability(similarity) == pytest.approx(expected, abs=5e-8)


def test_copies_near_copies_and_copies_with_additions_are_one_campaign():
    texts = [
        LETTER,
        "Parking",
        LETTER.upper(),
        changed(LETTER, 0),
        f"Dear councillor,\n\n{LETTER} {OWN}",
        "The buses never come on time in our street and nobody tells us why.",
        LETTER
        + " "
        + " ".join(f"And number {i} is another thing that I want to say." for i in range(20)),
    ]
    found = find_campaigns(texts)
    (campaign,) = found.campaigns
    assert campaign.members == (0, 2, 3, 4, 6)
    assert campaign.template == 0
    assert campaign.own_units[4] == (OWN,)
    assert set(campaign.own_units) == {4, 6}
    assert campaign.own_units[6][0] == "And number 0 is another thing that I want to say."
    assert len(campaign.own_units[6]) == 20
    assert found.exact_groups == ((0, 2),)
    assert found.sampled == ()


def test_two_campaigns_stay_apart_largest_first():
    texts = [changed(OTHER, i) for i in range(5)] + [changed(LETTER, i) for i in range(6)]
    found = find_campaigns(texts)
    assert [campaign.members for campaign in found.campaigns] == [
        tuple(range(5, 11)),
        tuple(range(5)),
    ]


def test_a_sentence_that_many_added_is_part_of_the_campaign():
    texts = [LETTER] * 5 + [f"{changed(LETTER, i)} {OWN}" for i in range(5)]
    (campaign,) = find_campaigns(texts).campaigns
    assert len(campaign.members) == 10
    assert campaign.own_units == {}


def test_short_answers_are_no_campaign_however_many():
    found = find_campaigns(["More parking"] * 50 + ["-"] * 50 + [""] * 9)
    assert found.campaigns == ()
    assert found.exact_groups == (tuple(range(50)),)


def test_chinese_letters_need_no_spaces():
    text = "我们反对关闭游泳池因为这是附近唯一的游泳池请不要关闭它"
    assert len(find_campaigns([text] * 5).campaigns) == 1


def test_fewer_than_the_minimum_is_no_campaign():
    assert find_campaigns([LETTER] * 4).campaigns == ()
    assert len(find_campaigns([LETTER] * 4, minimum=4).campaigns) == 1


def test_nothing_in_nothing_out():
    found = find_campaigns([])
    assert (found.exact_groups, found.campaigns, found.sampled) == ((), (), ())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"minimum": 1}, "minimum"),
        ({"similarity": 0.0}, "similarity"),
        ({"similarity": 1.5}, "similarity"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        find_campaigns([LETTER], **options)


POOL = [
    LETTER,
    *(changed(LETTER, i) for i in range(4)),
    f"{LETTER} {OWN}",
    OTHER,
    changed(OTHER, 1),
    "Parking",
    f"{OTHER} {LETTER}",
    "no",
    "",
    "We need more benches for older people in the park.",
]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(POOL), max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(texts, random):
    order = list(range(len(texts)))
    random.shuffle(order)
    one = find_campaigns(texts, minimum=3)
    other = find_campaigns([texts[i] for i in order], minimum=3)
    assert groups(one) == {frozenset(order[i] for i in group) for group in groups(other)}
    assert [texts[c.template].casefold() for c in one.campaigns if len(one.campaigns) == 1] == [
        texts[order[c.template]].casefold() for c in other.campaigns if len(one.campaigns) == 1
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(POOL), min_size=1, max_size=20), st.data())
def test_an_exact_duplicate_changes_no_other_group(texts, data):
    doubled = data.draw(st.integers(0, len(texts) - 1))
    before = groups(find_campaigns(texts, minimum=3))
    after = groups(find_campaigns([*texts, texts[doubled]], minimum=3))
    new = len(texts)
    assert before <= {group - {new} for group in after}
    assert all(new in group for group in after if group - {new} not in before)


def test_what_is_verified_is_the_true_similarity():
    # "abcdefgh" has abcde bcdef cdefg defgh; "abcdefgx" shares three: 3 of 5.
    one, other = _shingles("abcdefgh", 0), _shingles("abcdefgx", 0)
    assert (len(one), len(other), len(np.intersect1d(one, other))) == (4, 4, 3)
    # Pieces of a long text, hashed apart, give the same as the whole.
    long = "".join(Random(1).choices("abcd efgh", k=600_000))
    assert len(_shingles(long, 0)) == len({long[i : i + 5] for i in range(len(long) - 4)})


def test_candidates_are_verified():
    # Half in common: a candidate more often than not, and never a campaign.
    words = [f"word{i}" for i in range(60)]
    rng = Random(0)
    texts = [" ".join(words[:30] + [f"{rng.random():.12f}" for _ in range(25)]) for _ in range(10)]
    assert find_campaigns(texts).campaigns == ()


def test_long_texts_are_compared_by_a_sample_and_named():
    rng = Random(0)
    base = " ".join("".join(rng.choices("abcdefghijklmnop", k=6)) for _ in range(6000))
    texts = [f"{base} ending {i}" for i in range(3)] + [
        base[: int(len(base) * 0.93)],
        base[: int(len(base) * 0.6)] + base[::-1],
    ]
    found = find_campaigns(texts, minimum=3)
    assert [campaign.members for campaign in found.campaigns] == [(0, 1, 2, 3)]
    assert found.sampled == (0, 1, 2, 3, 4)


def test_copies_on_either_side_of_the_sampling_limit_meet():
    rng = Random(2)
    base = " ".join("".join(rng.choices("abcdefghijklmnop", k=6)) for _ in range(2860))
    assert len(base) > 20_000
    found = find_campaigns([base, base[:19_000]], minimum=2)
    assert found.sampled == (0,)
    assert [campaign.members for campaign in found.campaigns] == [(0, 1)]


def test_a_hundred_thousand_copies_and_an_enormous_text_take_seconds():
    start = time.process_time()
    found = find_campaigns([LETTER] * 100_000 + ["parks and buses " * 700_000])
    assert time.process_time() - start < 20
    assert len(found.campaigns[0].members) == 100_000
    assert found.sampled == (100_000,)


def test_many_edited_copies_take_seconds():
    rng = Random(0)
    texts = [f"{LETTER} {rng.random()} {rng.random()}" for _ in range(1000)]
    start = time.process_time()
    (campaign,) = find_campaigns(texts).campaigns
    assert time.process_time() - start < 20
    assert len(campaign.members) == 1000
