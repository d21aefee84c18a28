"""Intervals and tests for counts, against published and independent values."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest

from analysis.statistics import (
    Interval,
    benjamini_hochberg,
    clopper_pearson,
    fisher_exact,
    fisher_exact_each,
    jeffreys,
    newcombe,
    newcombe_each,
    wilson,
    wilson_each,
)


@st.composite
def counted(draw):
    n = draw(st.integers(1, 5000))
    return draw(st.integers(0, n)), n


confidences = st.sampled_from([0.8, 0.9, 0.95, 0.99])


# Worked by two routes, to six places, with z = 1.959964.
@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        (3, 50, 0.020615, 0.162171),
        (0, 20, 0.0, 0.161125),
        (20, 20, 0.838875, 1.0),
        (1, 1, 0.206549, 1.0),
        (0, 1, 0.0, 0.793451),
        (30, 500, 0.042348, 0.084361),
        # A weighted share of .48 on an effective sample of 92.3.
        (0.48 * 92.3076923, 92.3076923, 0.380934, 0.580664),
    ],
)
def test_wilson(count, n, low, high):
    interval = wilson(count, n)

    assert (interval.low, interval.high) == pytest.approx((low, high), abs=6e-7)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        (3, 50, 0.012549, 0.165482),
        (0, 20, 0.0, 0.168433),  # 1 - .025 ** (1 / 20)
        (20, 20, 0.831567, 1.0),
        (30, 500, 0.040844, 0.084549),
        (1, 1, 0.025, 1.0),
    ],
)
def test_clopper_pearson(count, n, low, high):
    interval = clopper_pearson(count, n)

    assert (interval.low, interval.high) == pytest.approx((low, high), abs=6e-7)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(3, 50, 0.017187, 0.151533), (30, 500, 0.041677, 0.083394)],
)
def test_jeffreys(count, n, low, high):
    interval = jeffreys(count, n)

    assert (interval.low, interval.high) == pytest.approx((low, high), abs=6e-7)


def test_jeffreys_reaches_the_end_that_was_met():
    assert jeffreys(0, 20).low == 0.0
    assert jeffreys(20, 20).high == 1.0


@given(counted(), confidences)
def test_agrees_with_scipy(counts, confidence):
    count, n = counts
    test = binomtest(count, n)

    score = test.proportion_ci(confidence, method="wilson")
    exact = test.proportion_ci(confidence, method="exact")
    tail = (1 - confidence) / 2
    law = beta(count + 0.5, n - count + 0.5)

    ours = wilson(count, n, confidence)
    assert (ours.low, ours.high) == pytest.approx((score.low, score.high), abs=1e-9)
    ours = clopper_pearson(count, n, confidence)
    assert (ours.low, ours.high) == pytest.approx((exact.low, exact.high), abs=1e-9)
    ours = jeffreys(count, n, confidence)
    expected = (law.ppf(tail) if count else 0.0, law.ppf(1 - tail) if count < n else 1.0)
    assert (ours.low, ours.high) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("interval", [wilson, clopper_pearson, jeffreys])
def test_nobody_leaves_everything_open(interval):
    assert interval(0, 0) == Interval(0.0, 1.0)


@given(counted())
def test_wilson_holds_the_share_and_mirrors(counts):
    count, n = counts

    here, there = wilson(count, n), wilson(n - count, n)

    assert here.low <= count / n <= here.high
    assert (here.low, here.high) == pytest.approx((1 - there.high, 1 - there.low), abs=1e-12)


def test_a_weighted_count_may_exceed_its_base_by_rounding():
    n = 0.1 * 3
    assert wilson(np.nextafter(n, 1), n).high == 1.0
    assert clopper_pearson(np.nextafter(n, 1), n).high == 1.0


@pytest.mark.parametrize("interval", [wilson, clopper_pearson, jeffreys])
@pytest.mark.parametrize(
    ("count", "n", "confidence"),
    [
        (4, 3, 0.95),
        (-1, 3, 0.95),
        (float("nan"), 3, 0.95),
        (1, float("nan"), 0.95),
        (1, float("inf"), 0.95),
        (0, -1, 0.95),
        (1, 3, 1.0),
        (1, 3, 0.0),
        (1, 3, float("nan")),
    ],
)
def test_impossible_counts_are_refused(interval, count, n, confidence):
    with pytest.raises(ValueError, match="lies between"):
        interval(count, n, confidence)


def test_newcombe():
    # 8 of 20 less 10 of 80, by Newcombe's method 10.
    interval = newcombe(8, 20, 10, 80)

    assert (interval.low, interval.high) == pytest.approx((0.072673, 0.495558), abs=6e-7)


@pytest.mark.parametrize(
    ("one", "two", "low", "high"),
    [  # Newcombe (1998), table II, row "10. Score".
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_as_published(one, two, low, high):
    interval = newcombe(*one, *two)

    assert (interval.low, interval.high) == pytest.approx((low, high), abs=6e-5)


def test_newcombe_without_people_on_a_side():
    assert newcombe(0, 0, 3, 9) == Interval(-1.0, 1.0)
    assert newcombe(3, 9, 0, 0) == Interval(-1.0, 1.0)


@given(counted(), counted())
def test_newcombe_turns_with_the_sides(one, two):
    here, there = newcombe(*one, *two), newcombe(*two, *one)

    assert -1 <= here.low <= one[0] / one[1] - two[0] / two[1] <= here.high <= 1
    assert (here.low, here.high) == pytest.approx((-there.high, -there.low), abs=1e-12)


def test_arrays_give_what_single_counts_give():
    counts, n = np.array([[3, 0], [30, 0]]), np.array([[50, 20], [500, 0]])

    low, high = wilson_each(counts, n)
    below, above = newcombe_each(counts, n, 10, 80)

    for at, count in enumerate(counts.ravel().tolist()):
        base = int(n.flat[at])
        assert Interval(low.flat[at], high.flat[at]) == wilson(count, base)
        assert Interval(below.flat[at], above.flat[at]) == newcombe(count, base, 10, 80)


def test_benjamini_hochberg():
    p_values = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]

    adjusted = benjamini_hochberg(p_values)

    expected = [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105714, 0.216, 0.216, 0.216]
    assert adjusted == pytest.approx(expected, abs=6e-7)
    assert np.sum(adjusted <= 0.05) == 2


def test_benjamini_hochberg_takes_a_grid_as_one_family():
    grid = np.array([[0.04, 0.01], [0.03, 1.0]])

    # Ranked .01, .03, .04, 1: times 4 over rank .04, .06, .0533 (carried down to .03), 1.
    assert benjamini_hochberg(grid) == pytest.approx(np.array([[0.16 / 3, 0.04], [0.16 / 3, 1.0]]))


def test_benjamini_hochberg_of_nothing():
    assert benjamini_hochberg([]).shape == (0,)


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_benjamini_hochberg_refuses_what_is_no_probability(value):
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([0.5, value])


def test_fisher():
    assert fisher_exact(8, 12, 10, 70) == pytest.approx(0.00822735, abs=6e-9)


@pytest.mark.parametrize(
    ("table", "p_value"),
    [
        # Fisher's lady and her tea: 1/70 + 16/70 on either side.
        ((3, 1, 1, 3), 34 / 70),
        # The table mirrored is exactly as likely, and counts: 2 * 2116 / 184756.
        ((8, 2, 2, 8), 2 * (45 * 45 + 10 * 10 + 1) / 184756),
        ((3, 3, 3, 3), 1.0),
        ((0, 0, 0, 0), 1.0),
        ((5, 0, 0, 0), 1.0),
        ((5, 0, 7, 0), 1.0),
    ],
)
def test_fisher_by_hand(table, p_value):
    assert fisher_exact(*table) == pytest.approx(p_value, abs=1e-12)


@given(st.tuples(*[st.integers(0, 25)] * 4))
def test_fisher_against_exact_arithmetic(table):
    a, b, c, d = table
    row, column, total = a + b, a + c, sum(table)
    ways = {
        k: comb(column, k) * comb(total - column, row - k)
        for k in range(max(0, row + column - total), min(row, column) + 1)
    }
    expected = Fraction(sum(way for way in ways.values() if way <= ways[a]), comb(total, row))

    assert fisher_exact(a, b, c, d) == pytest.approx(float(expected), abs=1e-12)


def test_fisher_of_large_tables():
    # 2,000 of 20,000 against 18,000 of 180,000 is the mode itself; a far tail is zero.
    p_values = fisher_exact_each([2000, 9000], [18000, 11000], [18000, 0], [162000, 180000])

    assert p_values == pytest.approx([1.0, 0.0], abs=1e-9)


@pytest.mark.parametrize("table", [(-1, 2, 3, 4), (1.5, 2, 3, 4), (float("nan"), 2, 3, 4)])
def test_fisher_refuses_what_is_no_count(table):
    with pytest.raises(ValueError, match="whole numbers"):
        fisher_exact(*table)


def test_inputs_stay_as_they_were():
    values = np.array([3.0, 0.0])
    values.flags.writeable = False

    wilson_each(values, 5)
    benjamini_hochberg(values / 4)
    fisher_exact_each(values, 1, 2, 3)

    assert values.tolist() == [3.0, 0.0]
