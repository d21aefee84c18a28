import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import (
    RULE,
    WITHHELD,
    Published,
    Reason,
    Rule,
    known_from,
    percentage,
    public_order,
    publish,
    read_back,
    weighted_percentage,
)

counts = st.integers(0, 100_000)
rules = st.builds(
    Rule,
    threshold=st.integers(3, 30),
    base=st.sampled_from([1, 2, 3, 5, 6]),
    total_threshold=st.integers(3, 30),
)


@pytest.mark.parametrize(
    ("count", "rounded"),
    [(0, 0), (1, 0), (2, 0), (3, 5), (4, 5), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)],
)
def test_counts_are_rounded_to_the_nearest_five(count, rounded):
    assert RULE.rounded(count) == rounded


def test_halves_are_rounded_up_and_a_base_of_one_does_not_round():
    assert [Rule(threshold=10, base=10).rounded(n) for n in (14, 15, 24, 25)] == [10, 20, 20, 30]
    assert Rule(base=1).rounded(37) == 37


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "fewer than 10"),
        (9, "fewer than 10"),
        (10, "10"),
        (12, "10"),
        (13, "15"),
        (1203, "1,205"),
    ],
)
def test_of_a_group_or_theme_fewer_than_ten_are_not_said_nor_that_there_are_none(count, text):
    assert publish(count).text == text


def test_of_a_closed_question_fewer_than_five_are_not_said_and_none_are():
    texts = [publish(count, crossed=False).text for count in (0, 1, 4, 5, 7, 8)]
    assert texts == ["0", "fewer than 5", "fewer than 5", "5", "5", "10"]


def test_a_published_number_says_what_a_reader_knows():
    assert publish(3) == Published("fewer than 10", None, 0, 9, Reason.SMALL)
    # 8 and 9 round to 10 but are hidden, so 10 is 10, 11 or 12.
    assert publish(11) == Published("10", 10, 10, 12)
    assert publish(16) == Published("15", 15, 13, 17)
    assert publish(3, crossed=False) == Published("fewer than 5", None, 1, 4, Reason.SMALL)
    assert publish(6, crossed=False) == Published("5", 5, 5, 7)
    assert Published("not shown", None, 0, None, Reason.WITHHELD) == WITHHELD


@given(rules, counts, st.booleans())
def test_the_truth_lies_in_what_a_reader_knows_and_nothing_narrower_can_be_read(
    rule, count, crossed
):
    figure = publish(count, rule, crossed=crossed)
    low, high = read_back(figure.text, rule, crossed=crossed)
    assert low <= count <= high
    assert (figure.low, figure.high) == (low, high)
    # Every number in between is published the same.
    for other in (low, high, (low + high) // 2):
        assert publish(int(other), rule, crossed=crossed) == figure


@given(rules, counts, counts, st.booleans())
def test_more_people_are_never_published_as_fewer(rule, one, other, crossed):
    low, high = (publish(n, rule, crossed=crossed).value or 0 for n in sorted((one, other)))
    assert low <= high


def test_two_bases_that_differ_by_three_people_do_not_tell_the_three():
    # All 57 said yes and under 65 54 did, both large: the 3 of 65 and over must not show.
    everybody, under_65 = publish(57), publish(54)
    assert (everybody.text, under_65.text) == ("55", "55")
    (least, most), (others_least, others_most) = known_from(55), known_from(55)
    assert (max(0, least - others_most), most - others_least) == (0, 4)


def test_published_texts_are_read_back():
    assert read_back("not shown") == (0, math.inf)
    assert read_back("fewer than 5", crossed=False) == (1, 4)
    with pytest.raises(ValueError, match="invalid literal"):
        read_back("about ten")


def test_zero_is_exact_when_it_is_shown():
    assert known_from(0, crossed=False) == (0, 0)


@pytest.mark.parametrize(
    "values",
    [
        {"threshold": 1},
        {"total_threshold": 1},
        {"base": 0},
        {"width": -1},
        {"dominance": 0.4},
        {"dominance": 1.1},
        # 3 would be shown as 0.
        {"threshold": 3, "base": 10},
    ],
)
def test_a_rule_that_protects_nothing_is_refused(values):
    with pytest.raises(ValueError, match=r".+"):
        Rule(**values)


def test_fewer_than_nobody_cannot_be_published():
    with pytest.raises(ValueError, match="-1 people"):
        publish(-1)


def test_hidden_bounds_are_five_apart_unless_the_label_admits_less():
    assert RULE.needed(crossed=True) == 5
    # "fewer than 5" is 1 to 4.
    assert RULE.needed(crossed=False) == 3
    assert Rule(threshold=4).needed(crossed=True) == 3


@pytest.mark.parametrize(
    ("answers", "people", "expected"),
    [
        ((20, 0), 20, True),
        ((200, 0), 200, True),
        # 46 of 49 is 94 %; of 50 and more people nine in ten may answer alike.
        ((46, 3), 49, True),
        ((46, 4), 50, False),
        # Nine in ten is not more than nine in ten.
        ((36, 4), 40, False),
        ((0, 0), 0, False),
        ((), 12, False),
    ],
)
def test_a_group_that_answers_as_one_is_dominated(answers, people, expected):
    assert RULE.dominated(answers, people) is expected


def test_percentages_come_from_rounded_numbers():
    share = percentage(publish(16), publish(142))
    # 15 of 140; Wilson for 15/140: 0.0660 to 0.1691.
    assert (share.text, share.value, share.low, share.high) == ("11%", 11, 7, 17)
    assert not share.flagged


def test_percentages_have_a_decimal_from_a_thousand_people_on():
    assert percentage(publish(123), publish(1200)).text == "10.4%"
    assert percentage(publish(123), publish(997)).text == "13%"


def test_there_is_no_percentage_of_or_on_a_hidden_number():
    shown, hidden = publish(100), publish(3)
    assert percentage(hidden, shown).value is None
    assert percentage(hidden, shown).text == "not shown"
    assert percentage(shown, hidden).value is None
    assert percentage(WITHHELD, shown).value is None


def test_percentages_of_few_people_are_flagged_and_of_very_few_left_out():
    assert percentage(publish(12), publish(27)).flagged
    assert not percentage(publish(12), publish(28)).flagged
    few = publish(7, crossed=False)
    assert few.value == 5
    assert percentage(few, few).value is None


def test_a_part_never_exceeds_all():
    # Only when two rules meet: 8 of 8 by one rounds to 10, by the other it stays 8.
    assert percentage(publish(13), publish(13, Rule(base=1))).value == 100


def test_equal_weights_tell_no_more_than_no_weights():
    # 20 of 33: a whole per cent (61 %) would give the 20 away; 20 of 35 does not.
    unweighted = percentage(publish(20), publish(33))
    weighted = weighted_percentage(20 / 33, 33, publish(20))
    assert weighted == unweighted
    assert weighted.text == "57%"


@given(st.integers(10, 5000), st.data())
def test_weighted_shares_with_equal_weights_are_those_without(people, data):
    count = data.draw(st.integers(10, people))
    assert weighted_percentage(count / people, people, publish(count)) == percentage(
        publish(count), publish(people)
    )


def test_a_weighted_share_is_hidden_with_its_unweighted_number():
    assert weighted_percentage(0.4, 100, publish(3)).value is None
    assert weighted_percentage(0.4, 9, publish(12)).value is None
    with pytest.raises(ValueError, match=r"share of 1\.2"):
        weighted_percentage(1.2, 100, publish(50))


def test_the_order_tells_nothing_about_hidden_numbers():
    names = ["trees", "buses", "art", "lamps", "bins"]
    figures = [publish(count) for count in (3, 40, 9, 41, 12)]
    # 40 and 41 look the same, and so do 3 and 9.
    assert [names[at] for at in public_order(names, figures)] == [
        "buses",
        "lamps",
        "bins",
        "art",
        "trees",
    ]
