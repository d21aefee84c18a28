import math
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare, multinomial

from analysis.representation.comparison import overall as module
from analysis.representation.comparison.overall import dissimilarity_by_chance

# Figures can be None; where a test expects one, None fails it.
overall: Any = module.overall

COUNTS, POPULATION = [30, 50, 20], [2_000, 5_000, 3_000]


def test_worked_example():
    # Shares .3 .5 .2 against .2 .5 .3: D = (.1 + 0 + .1) / 2; CV^2 = .01/.2 + .01/.3 = 1/12;
    # deff = .04/.3 + .25/.5 + .09/.2 = 13/12.
    whole = overall(COUNTS, POPULATION)
    assert whole.similarity == pytest.approx(0.9)
    assert whole.variation == pytest.approx(math.sqrt(1 / 12))
    assert whole.variation == pytest.approx(0.2886751, abs=5e-8)
    assert whole.design_effect == pytest.approx(13 / 12)
    assert whole.effective_n == pytest.approx(92.307692, abs=5e-7)
    assert (whole.known, whole.empty) == (100, ())
    # sqrt(P) (r - 1): sqrt(.2) * .5, 0, -sqrt(.3) / 3.
    assert whole.parts == pytest.approx((math.sqrt(0.2) / 2, 0, -math.sqrt(0.3) / 3))
    by_chance = 1 - whole.similarity_by_chance
    assert whole.excess == pytest.approx((0.1 - by_chance) / (1 - by_chance))


def test_variation_is_chi_squared():
    # chi-squared 8.333333, p = .0155039 with two degrees of freedom.
    test = chisquare(COUNTS, [20, 50, 30])
    assert test.pvalue == pytest.approx(0.0155039, abs=5e-8)
    assert 100 * overall(COUNTS, POPULATION).variation ** 2 == pytest.approx(test.statistic)


def test_dissimilarity_by_chance():
    # One draw lands in a group with its chance P and is then 1 - P off it: sum of P (1 - P).
    assert dissimilarity_by_chance([0.2, 0.5, 0.3], 1) == pytest.approx(0.16 + 0.25 + 0.21)
    # Monte Carlo gives .0540, the normal approximation .0541866.
    exact = dissimilarity_by_chance([0.2, 0.5, 0.3], 100)
    assert exact == pytest.approx(0.0540, abs=5e-5)
    approximate = sum(math.sqrt(p * (1 - p) / (200 * math.pi)) for p in (0.2, 0.5, 0.3))
    assert approximate == pytest.approx(0.0541866, abs=5e-8)
    assert exact == pytest.approx(approximate, rel=0.005)


@pytest.mark.parametrize("n", [1, 2, 5, 8])
def test_dissimilarity_by_chance_is_the_mean_over_all_samples(n):
    shares = [0.15, 0.6, 0.25]
    mean = 0.0
    for x, y in product(range(n + 1), repeat=2):
        if x + y <= n:
            sample = (x, y, n - x - y)
            distance = sum(abs(k / n - p) for k, p in zip(sample, shares, strict=True)) / 2
            mean += multinomial.pmf(sample, n, shares) * distance
    assert dissimilarity_by_chance(shares, n) == pytest.approx(mean, rel=1e-9)


def test_a_perfect_sample_has_no_excess():
    whole = overall([20, 50, 30], POPULATION)
    assert whole.similarity == pytest.approx(1.0)
    assert whole.excess == 0
    assert whole.variation == pytest.approx(0.0, abs=1e-12)
    assert whole.effective_n == pytest.approx(100)


def test_an_empty_group_cannot_be_weighted():
    whole = overall([0, 10, 5], [10, 20, 30])
    assert whole.empty == (0,)
    assert whole.design_effect is None
    assert whole.effective_n is None
    assert whole.similarity is not None


def test_groups_without_a_reference_are_left_out():
    whole = overall([30, 9, 50, 20], [2_000, 0, 5_000, 3_000])
    assert whole.similarity == pytest.approx(0.9)
    assert whole.known == 100
    assert whole.parts[1] is None


@pytest.mark.parametrize(
    ("counts", "population", "empty"),
    [([0, 0], [1, 2], (0, 1)), ([5], [7], ()), ([5, 2], [7, 0], ()), ([], [], ())],
)
def test_no_score(counts, population, empty):
    whole = overall(counts, population)
    assert whole.similarity is None
    assert whole.similarity_by_chance is None
    assert whole.excess is None
    assert whole.variation is None
    assert whole.design_effect is None
    assert whole.parts == (None,) * len(counts)
    assert whole.empty == empty


GROUPS = st.lists(
    st.tuples(st.integers(0, 500), st.integers(1, 100_000)), min_size=2, max_size=8
).filter(lambda groups: any(count for count, _ in groups))


@given(GROUPS.flatmap(lambda groups: st.tuples(st.just(groups), st.permutations(groups))))
def test_the_order_of_groups_changes_nothing(case):
    one, two = (overall(*zip(*groups, strict=True)) for groups in case)
    assert two.similarity == one.similarity
    assert two.similarity_by_chance == one.similarity_by_chance
    assert two.excess == one.excess
    assert two.variation == one.variation
    assert two.effective_n == one.effective_n


@given(GROUPS)
def test_twice_the_counts_keep_similarity_and_variation(groups):
    counts, population = zip(*groups, strict=True)
    once, twice = overall(counts, population), overall([2 * n for n in counts], population)
    assert twice.similarity == pytest.approx(once.similarity, abs=1e-12)
    assert twice.variation == pytest.approx(once.variation, rel=1e-9)
    assert twice.similarity_by_chance >= once.similarity_by_chance
    assert 0 <= once.similarity <= 1
    assert 0 <= once.excess <= 1
    squares = math.fsum(part**2 for part in once.parts)
    assert squares == pytest.approx(once.variation**2, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(
    ("counts", "population", "message"),
    [
        ([1, 2], [1], "one count for each group"),
        ([1, -2], [1, 1], "finite and not negative"),
        ([1, 2], [1, math.inf], "finite and not negative"),
    ],
)
def test_impossible_input_is_refused(counts, population, message):
    with pytest.raises(ValueError, match=message):
        overall(counts, population)


@pytest.mark.parametrize(
    ("shares", "n", "message"),
    [
        ([0.5, 0.5], 0, "at least one person"),
        ([0.5, 0.6], 5, "add up to 1"),
        ([1.5, -0.5], 5, "not negative"),
    ],
)
def test_chance_asks_for_shares_and_people(shares, n, message):
    with pytest.raises(ValueError, match=message):
        dissimilarity_by_chance(shares, n)
