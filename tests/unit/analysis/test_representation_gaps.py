import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from analysis.representation.comparison import gaps as module
from analysis.representation.comparison.gaps import State, Untested
from analysis.representation.comparison.materiality import (
    in_line_p_values,
    material_p_values,
    responses_needed,
)
from analysis.statistics import Interval

# Figures can be None; where a test expects one, None fails it.
group_gaps: Any = module.group_gaps


def gap_of(respondents, n, population_share):
    """Return the gap of a group beside one other group with everybody else."""
    part = round(population_share * 10_000)
    return group_gaps([respondents, n - respondents], [part, 10_000 - part])[0]


@pytest.mark.parametrize(
    ("respondents", "n", "population_share", "expected"),
    [
        # P(X <= count | n, 0.8 * share): 0.12, 0.12, 0.12, 0.08 and 0.096 (methods, part D).
        (3, 50, 0.15, 0.134534),
        (0, 20, 0.15, 0.88**20),
        (0, 25, 0.15, 0.040932),
        (30, 500, 0.10, 0.054261),
        (3, 50, 0.12, 0.280466),
        # At 0.5: (1 + 10 + 45) / 1024.
        (2, 10, 0.625, 0.0546875),
        # At 0.10.
        (30, 500, 0.125, 0.001003),
    ],
)
def test_chance_of_so_few_at_the_boundary_that_matters(respondents, n, population_share, expected):
    assert gap_of(respondents, n, population_share).p_under == pytest.approx(expected, abs=6e-7)


def test_a_gap_against_the_exact_share_need_not_be_material():
    # 6 % against 10 %: the usual test of equality rejects (p = 0.002146), yet 8 % is not
    # excluded (p = 0.054261): too few to tell.
    assert binomtest(30, 500, 0.10).pvalue == pytest.approx(0.002146, abs=6e-7)
    assert gap_of(30, 500, 0.10).state is State.TOO_FEW


@pytest.mark.parametrize(
    ("respondents", "n", "low", "high"),
    [
        (3, 50, 0.020615, 0.162171),
        (0, 20, 0.0, 0.161125),
        (20, 20, 0.838875, 1.0),
        (1, 1, 0.206549, 1.0),
        (0, 1, 0.0, 0.793451),
        (30, 500, 0.042348, 0.084361),
    ],
)
def test_interval_is_wilsons(respondents, n, low, high):
    gap = gap_of(respondents, n, 0.3)
    assert (gap.interval.low, gap.interval.high) == pytest.approx((low, high), abs=6e-7)
    assert gap.ratio_interval.low == pytest.approx(low / 0.3, abs=3e-6)
    assert gap.ratio_interval.high == pytest.approx(high / 0.3, abs=3e-6)


def test_shares_and_ratios():
    first, second, third = group_gaps([30, 50, 20], [2_000, 5_000, 3_000])
    assert (first.ratio, second.ratio, third.ratio) == pytest.approx((1.5, 1.0, 2 / 3))
    assert (first.share, first.population_share, first.known) == (0.3, 0.2, 100)
    assert first.direction is State.OVER
    assert first.p_value == first.p_over
    assert third.direction is State.UNDER
    assert third.p_value == third.p_under


@pytest.mark.parametrize(
    ("respondents", "n", "population_share", "state"),
    [
        # 0.88^25 = 0.041 is the first power of so few answers that is below 0.05 ...
        (0, 25, 0.15, State.UNDER),
        # ... and 0.88^20 = 0.078 is not.
        (0, 20, 0.15, State.TOO_FEW),
        # 20 % of 2,000 where 20 % live: 8 standard errors of 0.009 inside 16 % and 25 %.
        (400, 2_000, 0.20, State.IN_LINE),
        (400, 2_000, 0.10, State.OVER),
        (5, 10, 0.45, State.TOO_FEW),
    ],
)
def test_four_states(respondents, n, population_share, state):
    assert gap_of(respondents, n, population_share).state is state


def test_birmingham_2021_muslims_are_under_on_both_bases():
    # Published: 16 of 142 responses. Census 2021 (ONS, TS030): 341,811 of 1,144,917, of whom
    # 69,856 did not answer. 39 Christians, 16 Muslims and 52 of no religion are published.
    every = group_gaps([16, 126], [341_811, 1_144_917 - 341_811])[0]
    assert every.share == pytest.approx(0.1127, abs=5e-5)
    assert every.population_share == pytest.approx(0.2985, abs=5e-5)
    assert every.ratio == pytest.approx(0.377, abs=5e-4)
    assert every.state is State.UNDER
    known = group_gaps([16, 91], [341_811, 1_144_917 - 69_856 - 341_811])[0]
    assert known.population_share == pytest.approx(0.3179, abs=5e-5)
    assert known.state is State.UNDER


def test_birmingham_2019_sikhs_are_too_few_to_tell_on_both_bases():
    # Published: 10 of 447; 173 Christians, 18 Muslims, 141 of no religion. Census: 33,126.
    every = group_gaps([10, 437], [33_126, 1_144_917 - 33_126])[0]
    assert every.ratio == pytest.approx(0.773, abs=5e-4)
    assert every.state is State.TOO_FEW
    known = group_gaps([10, 332], [33_126, 1_144_917 - 69_856 - 33_126])[0]
    assert known.ratio == pytest.approx(0.949, abs=5e-4)
    assert known.state is State.TOO_FEW


@pytest.mark.parametrize(
    ("population_share", "materiality", "needed"),
    [
        # ln 0.05 / ln 0.96 = 73.38...
        (0.05, 0.8, 74),
        # ln 0.05 / ln 0.88 = 23.43...
        (0.15, 0.8, 24),
        # 0.5^4 = 0.0625 and 0.5^5 = 0.03125.
        (0.5, 1.0, 5),
    ],
)
def test_responses_before_silence_means_anything(population_share, materiality, needed):
    assert responses_needed(population_share, materiality=materiality) == needed


def test_needed_is_the_first_number_at_which_none_is_a_sign():
    needed = responses_needed(0.03)
    assert gap_of(0, needed, 0.03).state is State.UNDER
    assert gap_of(0, needed - 1, 0.03).state is State.TOO_FEW
    assert gap_of(0, 5, 0.03).needed == needed


def test_floating_noise_does_not_ask_for_one_more():
    # 0.05 = 0.2236...^2, so that exactly two are needed; in floating point it may be more.
    share = 1 - math.sqrt(0.05)
    assert responses_needed(share, materiality=1.0) == 2


def test_no_respondents_is_a_ratio_of_0_and_no_reference_is_none():
    silent, unknown, rest = group_gaps([0, 4, 96], [50, 0, 950])
    assert (silent.share, silent.ratio, silent.interval.low) == (0.0, 0.0, 0.0)
    assert unknown.untested is Untested.NO_REFERENCE
    assert (unknown.respondents, unknown.state) == (4, State.TOO_FEW)
    assert unknown.share is None
    assert unknown.population_share is None
    assert unknown.ratio is None
    assert unknown.ratio_interval is None
    assert unknown.p_value is None
    assert unknown.needed is None
    # The four with nothing to compare them with are in no base.
    assert (rest.known, rest.share) == (96, 1.0)
    assert rest.population_share == 0.95


def test_nobody_answered():
    gaps = group_gaps([0, 0], [30, 70])
    assert [gap.untested for gap in gaps] == [Untested.NO_RESPONSES] * 2
    assert [gap.state for gap in gaps] == [State.TOO_FEW] * 2
    assert [gap.share for gap in gaps] == [None, None]
    # ln 0.05 / ln(1 - 0.24) = 10.9...
    assert gaps[0].needed == 11


def test_one_person():
    yes, no = group_gaps([1, 0], [30, 70])
    assert (yes.share, no.share) == (1.0, 0.0)
    assert {yes.state, no.state} == {State.TOO_FEW}


def test_one_category_is_not_tested():
    (only,) = group_gaps([7], [100])
    assert only.untested is Untested.WHOLE_POPULATION
    assert (only.share, only.population_share, only.ratio) == (1.0, 1.0, 1.0)
    assert only.p_under is None
    assert only.state is State.TOO_FEW


def test_a_population_of_nobody_gives_no_reference():
    assert {gap.untested for gap in group_gaps([1, 2], [0, 0])} == {Untested.NO_REFERENCE}


def test_no_groups():
    assert group_gaps([], []) == ()


def test_a_share_that_nothing_can_be_materially_above():
    # 0.85 / 0.8 is above 1: everybody of this group is not over, but can be shown in line.
    gap = gap_of(60, 60, 0.85)
    assert gap.p_over == 1.0
    # 0.68^60.
    assert gap.p_in_line == pytest.approx(0.68**60)
    assert gap.state is State.IN_LINE


def test_several_answers_a_person_are_held_one_against_the_rest():
    # 60 people ticked 50 and 40 boxes; 70 and 50 of 100 residents would.
    first, second = group_gaps(
        [50, 40], [700, 500], categories=["a", "b"], known=60, population=1_000, multiple=True
    )
    assert (first.share, first.population_share) == (50 / 60, 0.7)
    assert (second.category, second.known, second.ratio) == ("b", 60, 40 / 60 / 0.5)
    assert second.p_over == pytest.approx(binom.sf(39, 60, 0.625), rel=1e-9)


def test_responses_that_came_together_count_as_fewer():
    plain = gap_of(12, 150, 0.15)
    batched = group_gaps([12, 138], [15, 85], cluster_factor=1.5)[0]
    assert (batched.share, batched.ratio) == (plain.share, pytest.approx(plain.ratio))
    # As if 8 of 100 had answered.
    assert batched.p_under == pytest.approx(binom.cdf(8, 100, 0.12), rel=1e-9)
    fewer = gap_of(8, 100, 0.15)
    assert batched.interval.high == pytest.approx(fewer.interval.high)
    # 1.5 * 23.43 = 35.15.
    assert batched.needed == 36


@given(
    n=st.integers(1, 3_000),
    part=st.floats(0, 1),
    share=st.floats(0.001, 0.999),
    materiality=st.floats(0.5, 0.99),
)
def test_p_values_agree_with_scipys_binomial_law(n, part, share, materiality):
    x = round(part * n)
    under, over = material_p_values(x, n, share, materiality)
    assert float(under) == pytest.approx(binom.cdf(x, n, materiality * share), rel=1e-9)
    upper = share / materiality
    if upper < 1:
        assert float(over) == pytest.approx(binom.sf(x - 1, n, upper), rel=1e-9)
        in_line = max(binom.sf(x - 1, n, materiality * share), binom.cdf(x, n, upper))
        assert float(in_line_p_values(x, n, share, materiality)) == pytest.approx(in_line, rel=1e-9)
    else:
        assert float(over) == 1.0


COUNTED = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 100_000)), min_size=2, max_size=8
).flatmap(lambda groups: st.tuples(st.just(groups), st.permutations(range(len(groups)))))


@given(COUNTED)
def test_the_order_of_groups_changes_nothing(case):
    groups, order = case
    counts, population = zip(*groups, strict=True)
    names = [f"group {at}" for at in range(len(groups))]
    given_order = group_gaps(counts, population, categories=names)
    other_order = group_gaps(
        [counts[at] for at in order],
        [population[at] for at in order],
        categories=[names[at] for at in order],
    )
    assert other_order == tuple(given_order[at] for at in order)


@given(COUNTED)
@settings(max_examples=50)
def test_twice_the_counts_keep_ratios_and_narrow_intervals(case):
    counts, population = zip(*case[0], strict=True)
    once = group_gaps(counts, population)
    twice = group_gaps(np.multiply(counts, 2), np.multiply(population, 2))
    for one, two in zip(once, twice, strict=True):
        assert two.share == one.share
        assert two.ratio == (None if one.ratio is None else pytest.approx(one.ratio, rel=1e-12))
        if one.interval is not None:
            widths = [gap.interval.high - gap.interval.low for gap in (one, two)]
            assert widths[1] < widths[0]


@given(
    counts=st.lists(st.integers(0, 5_000), min_size=2, max_size=6),
    population=st.lists(st.integers(1, 10_000), min_size=6, max_size=6),
    materiality=st.floats(0.5, 1.0),
)
def test_no_group_has_two_states(counts, population, materiality):
    for gap in group_gaps(counts, population[: len(counts)], materiality=materiality):
        if gap.untested is None:
            signs = [gap.p_under, gap.p_over, gap.p_in_line]
            assert sum(p <= 0.05 for p in signs) <= 1
            assert gap.interval.low <= gap.share <= gap.interval.high


def test_ten_thousand_categories():
    population = np.arange(1, 10_001)
    gaps = group_gaps(np.ones(10_000), population)
    assert len(gaps) == 10_000
    assert gaps[0].interval == group_gaps([1, 9_999], [1, 50_004_999])[0].interval
    assert gaps[-1].p_under == pytest.approx(binom.cdf(1, 10_000, 0.8 * 10_000 / 50_005_000))


def test_inputs_are_left_alone():
    counts, population = np.array([3.0, 4.0]), np.array([5.0, 6.0])
    group_gaps(counts, population)
    assert counts.tolist() == [3.0, 4.0]
    assert population.tolist() == [5.0, 6.0]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([1, 2], [1]), {}, "one count for each group"),
        (([[1]], [[1]]), {}, "one count for each group"),
        (([-1, 2], [1, 1]), {}, "finite and not negative"),
        (([1, 2], [1, float("nan")]), {}, "finite and not negative"),
        (([1.5, 2], [1, 1]), {}, "whole people"),
        (([1, 2], [1, 1]), {"categories": ["a"]}, "one name each"),
        (([1, 2], [1, 1]), {"categories": ["a", "a"]}, "one name each"),
        (([1, 2], [1, 1]), {"known": 3}, "unless `multiple`"),
        (([1, 2], [1, 1]), {"multiple": True, "known": 3}, "are needed"),
        (([1, 2], [1, 1]), {"multiple": True, "known": 1, "population": 2}, "no group is larger"),
        (([1, 2], [1, 9]), {"multiple": True, "known": 2, "population": 2}, "no group is larger"),
        (([1, 2], [1, 1]), {"materiality": 0}, "materiality"),
        (([1, 2], [1, 1]), {"materiality": 1.1}, "materiality"),
        (([1, 2], [1, 1]), {"significance": 0.5}, "significance"),
        (([1, 2], [1, 1]), {"cluster_factor": 0.9}, "cluster factor"),
        (([1, 2], [1, 1]), {"confidence": 1.0}, "confidence"),
    ],
)
def test_impossible_input_is_refused(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        group_gaps(*arguments, **options)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1])
def test_needed_asks_for_a_real_share(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        responses_needed(share)


def test_interval_is_the_shared_one():
    assert isinstance(gap_of(1, 2, 0.5).interval, Interval)
