"""Counting people by theme, language and group."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import Interval, fisher_exact, newcombe, wilson
from analysis.themes.counting import (
    FALSE_DISCOVERY_RATE,
    State,
    compare_each,
    count_themes,
    incidence,
)


def count(people, themes=2, **details):
    """Count from one tuple of themes a person, None for a person without content."""
    pairs = [(at, theme) for at, own in enumerate(people) for theme in own or ()]
    raised = incidence([at for at, _ in pairs], [theme for _, theme in pairs], len(people), themes)
    return count_themes(raised, content=[own is not None for own in people], **details)


def test_a_person_counts_once_however_much_they_write():
    counts = count([(0, 0, 0, 1), (0,)])

    assert [theme.responses for theme in counts.themes] == [2, 1]


def test_the_base_is_who_gave_content():
    # Six were asked, two of them wrote "no comment", one wrote something in no theme.
    counts = count([(0,), (0,), (0, 1), None, None, (-1,)])

    assert (counts.asked, counts.answering, counts.without_theme) == (6, 4, 1)
    assert [theme.share for theme in counts.themes] == [3 / 4, 1 / 4]
    assert counts.themes[0].interval == wilson(3, 4)


def test_interval_by_hand():
    # Wilson, 3 of 50: .020615 to .162171.
    interval = count([(0,)] * 3 + [()] * 47).themes[0].interval

    assert (interval.low, interval.high) == pytest.approx((0.020615, 0.162171), abs=6e-7)


def test_campaigns_are_counted_both_ways():
    # Four sent a letter about theme 0, one of whom added theme 1; two wrote their own.
    counts = count([(0,), (0,), (0,), (0, 1), (1,), ()], campaigns=[7, 7, 7, 7, -1, -1])

    assert counts.voices == 3
    assert [theme.responses for theme in counts.themes] == [4, 2]
    assert [theme.responses_without_campaigns for theme in counts.themes] == [1, 2]
    assert [theme.share_without_campaigns for theme in counts.themes] == [1 / 3, 2 / 3]
    assert counts.themes[1].interval_without_campaigns == wilson(2, 3)


def test_a_campaign_member_without_content_has_no_voice():
    assert count([(0,), None, None], campaigns=[0, 0, 1]).voices == 1


def test_without_campaigns_both_counts_agree():
    theme = count([(0,), (0,), ()]).themes[0]

    assert theme.responses == theme.responses_without_campaigns == 2
    assert theme.interval == theme.interval_without_campaigns


def test_languages_and_groups():
    counts = count(
        [(0,), (0, 1), (1,), None],
        languages=["ur", "en", "en", "pl"],
        groups={"age": ["young", "old", " ", "old"], "ward": ["A", None, "A", "B"]},
    )

    assert counts.languages == {"en": 2, "ur": 1}
    assert counts.themes[0].languages == {"en": 1, "ur": 1}
    assert counts.themes[1].languages == {"en": 2}
    # The value B belongs to nobody who gave content, and is still in the list.
    assert counts.groups == {"age": {"old": 1, "young": 1}, "ward": {"A": 2, "B": 0}}
    assert counts.not_known == {"age": 1, "ward": 1}
    assert counts.themes[1].groups == {"age": {"old": 1, "young": 0}, "ward": {"A": 1, "B": 0}}
    assert counts.themes[1].not_known == {"age": 1, "ward": 1}


def test_differences_by_hand():
    # 8 of 20 young people against 10 of 80 others: Newcombe .072673 to .495558,
    # Fisher p .00822735. Two values and one theme make two tests of the same p.
    people = [(0,)] * 8 + [()] * 12 + [(0,)] * 10 + [()] * 70 + [(0,)] * 9
    age = ["young"] * 20 + ["old"] * 80 + [""] * 9

    old, young = count(people, themes=1, groups={"age": age}).differences

    assert (young.theme, young.column, young.value) == (0, "age", "young")
    comparison = young.comparison
    # The nine whose age is not known are on neither side.
    assert (comparison.count, comparison.base) == (8, 20)
    assert (comparison.rest_count, comparison.rest_base) == (10, 80)
    assert (comparison.share, comparison.rest_share) == (0.4, 0.125)
    interval = comparison.difference
    assert (interval.low, interval.high) == pytest.approx((0.072673, 0.495558), abs=6e-7)
    assert comparison.p_value == pytest.approx(0.00822735, abs=6e-9)
    assert comparison.q_value == pytest.approx(0.00822735, abs=6e-9)
    assert comparison.state is State.MORE
    assert old.comparison.state is State.LESS
    assert old.comparison.difference.high == pytest.approx(-interval.low)


def test_too_few_is_said_and_not_dropped():
    people = [(0,)] * 9 + [()] * 30
    (few, many) = count(people, themes=1, groups={"age": ["a"] * 9 + ["b"] * 30}).differences

    assert few.comparison.state is many.comparison.state is State.TOO_FEW
    assert (few.comparison.count, few.comparison.base, few.comparison.share) == (9, 9, 1.0)
    assert few.comparison.difference is few.comparison.p_value is few.comparison.q_value is None


def test_ten_on_either_side_are_enough():
    (comparison,) = compare_each([5], [10], [5], [10])

    assert comparison.state is State.NO_CLEAR_DIFFERENCE
    assert comparison.p_value == pytest.approx(1.0)


def test_one_value_alone_has_no_rest():
    (only,) = count([(0,)] * 20, themes=1, groups={"age": ["a"] * 20}).differences

    assert only.comparison.state is State.TOO_FEW
    assert (only.comparison.rest_base, only.comparison.rest_share) == (0, None)


def test_the_whole_table_is_one_family():
    # p .00822735 alone is clear; as the least of ten, q is .0822735.
    alone = compare_each([8], [20], [10], [80])
    among = compare_each([8] + [5] * 9, [20] * 10, [10] + [20] * 9, [80] * 10)

    assert alone[0].state is State.MORE
    assert among[0].p_value == alone[0].p_value
    assert among[0].q_value == pytest.approx(0.0822735, abs=6e-8)
    assert among[0].state is State.NO_CLEAR_DIFFERENCE
    # What is too small to be compared is not a test, and costs the others nothing.
    mixed = compare_each([8] + [5] * 9, [20] + [9] * 9, [10] + [20] * 9, [80] * 10)
    assert mixed[0].q_value == alone[0].q_value


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)),
        min_size=1,
        max_size=8,
    )
)
def test_comparisons_never_contradict_themselves(cells):
    one, other, two, another = (np.array(part) for part in zip(*cells, strict=True))

    for (a, b, c, d), found in zip(
        cells, compare_each(one, one + other, two, two + another), strict=True
    ):
        if min(a + b, c + d) < 10:
            assert found.state is State.TOO_FEW
            continue
        assert found.difference == newcombe(a, a + b, c, c + d)
        assert found.p_value is not None
        assert found.q_value is not None
        assert found.p_value == pytest.approx(fisher_exact(a, b, c, d))
        assert found.q_value >= found.p_value - 1e-12
        if found.state is not State.NO_CLEAR_DIFFERENCE:
            assert found.q_value <= FALSE_DISCOVERY_RATE
            assert (found.difference.low > 0) == (found.state is State.MORE)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 2)), st.sampled_from("abc "), st.integers(-1, 2)),
        min_size=1,
        max_size=25,
    ),
    st.randoms(),
)
def test_the_order_of_people_is_nothing(people, random):
    shuffled = list(people)
    random.shuffle(shuffled)

    here, there = (
        count(
            [own for own, _, _ in order],
            themes=3,
            groups={"ward": [ward for _, ward, _ in order]},
            campaigns=[campaign for _, _, campaign in order],
        )
        for order in (people, shuffled)
    )

    assert here == there
    for theme in here.themes:
        known = sum(theme.groups["ward"].values())
        assert known + theme.not_known["ward"] == theme.responses


def test_nobody_at_all():
    counts = count([], groups={"age": []}, languages=[], campaigns=[])

    assert (counts.asked, counts.answering, counts.voices) == (0, 0, 0)
    assert counts.themes[0].share is counts.themes[0].share_without_campaigns is None
    assert counts.themes[0].interval == Interval(0.0, 1.0)
    assert counts.differences == ()


def test_no_themes():
    counts = count([(), None], themes=0, groups={"age": ["a", "b"]})

    assert (counts.themes, counts.differences, counts.without_theme) == ((), (), 1)


@pytest.mark.parametrize(
    ("respondents", "themes", "message"),
    [
        ([0, 1], [0], "but"),
        ([[0]], [[0]], "but"),
        ([2], [0], "respondent"),
        ([-1], [0], "respondent"),
        ([0], [2], "theme is not"),
        ([0], [-2], "theme is not"),
    ],
)
def test_indexes_out_of_range(respondents, themes, message):
    with pytest.raises(ValueError, match=message):
        incidence(respondents, themes, 2, 2)


@pytest.mark.parametrize(
    "details",
    [{"campaigns": [0]}, {"languages": ["en"]}, {"groups": {"age": ["a", "b", "c"]}}],
)
def test_lengths_that_differ(details):
    with pytest.raises(ValueError, match="values for 2 respondents"):
        count([(0,), (1,)], **details)


def test_content_must_fit():
    with pytest.raises(ValueError, match="content: 1 values"):
        count_themes(incidence([], [], 2, 1), content=[True])
    with pytest.raises(ValueError, match="without content"):
        count_themes(incidence([0], [0], 1, 1), content=[False])


def test_inputs_stay_as_they_were():
    raised = incidence([0, 1], [0, 0], 2, 1)
    raised.flags.writeable = False
    campaigns = np.array([0, 0])
    campaigns.flags.writeable = False

    assert count_themes(raised, content=[True, True], campaigns=campaigns).voices == 1
