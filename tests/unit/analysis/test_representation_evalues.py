import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special
from scipy.stats import binom

from analysis.representation.watching.evalues import (
    as_number,
    confidence_sequence,
    confidence_sequence_each,
    e_bh,
    e_value,
    ever_certain,
    log_e_value,
)
from analysis.statistics import wilson


def exact_log_e(x, n, p0):
    """Return the e-value's logarithm from its finite sum, in 50 decimals.

    Integrating by parts n - x times gives e = 1 / (x + 1) * the sum over j of the products of
    (n - x - i) / (x + 2 + i) * p0 / (1 - p0) for i < j.
    """
    with localcontext() as context:
        context.prec = 50
        odds = Decimal(p0) / (1 - Decimal(p0))
        total = term = Decimal(1)
        for i in range(n - x):
            term *= odds * (n - x - i) / (x + 2 + i)
            total += term
            if term < total * Decimal("1e-40") and (n - x - i) * odds < x + 2 + i:
                break
        return float((total / (x + 1)).ln())


@pytest.mark.parametrize(
    ("x", "n", "p0", "expected"),
    [
        # integral of (1 - t) / 0.5 from 0 to 0.5, divided by 0.5.
        (0, 1, 0.5, 1.5),
        # (1 - 0.88^21) / (21 * 0.12 * 0.88^20).
        (0, 20, 0.12, 4.766976),
        (1, 30, 0.2, 17.221367),
        (5, 100, 0.12, 8.163564),
        (30, 500, 0.10, 44.240594),
        (3, 50, 0.096, 0.9929),
    ],
)
def test_e_values(x, n, p0, expected):
    assert e_value(x, n, p0) == pytest.approx(expected, abs=6e-7 if expected != 0.9929 else 5e-5)


def test_e_value_by_fractions():
    # The finite sum by hand: (1 + 2/3 * 1/2 * ... ) for one of three at 1/3, odds 1/2:
    # 1/2 * (1 + 2/3 * 1/2 + 2/3 * 1/2 * 1/4 * 1/2) = 1/2 * (1 + 1/3 + 1/24) = 11/16.
    assert e_value(1, 3, 1 / 3) == pytest.approx(11 / 16, rel=1e-12)


def test_muslims_in_birmingham_2021():
    # 16 of 142 against 0.8 * 341,811 / 1,144,917.
    assert e_value(16, 142, 0.8 * 341_811 / 1_144_917) == pytest.approx(413, abs=0.5)


@pytest.mark.parametrize(
    ("x", "n", "p0"),
    [
        (0, 200_000, 0.08),
        (12_000, 200_000, 0.08),
        (15_900, 200_000, 0.08),
        (16_000, 200_000, 0.08),
        (16_500, 200_000, 0.08),
        (99_000, 200_000, 0.5),
        (20_001, 200_000, 0.08),
        # Here the integral is below the smallest number a computer holds.
        (108_000, 200_000, 0.5),
        (150_000, 200_000, 0.3),
        (200_000, 200_000, 0.1),
        (400, 400, 0.0625),
    ],
)
def test_large_counts_against_exact_sums(x, n, p0):
    assert float(log_e_value(x, n, p0)) == pytest.approx(exact_log_e(x, n, p0), rel=1e-9, abs=2e-9)


@given(n=st.integers(0, 400), part=st.floats(0, 1), p0=st.floats(0.001, 0.999))
def test_e_values_against_exact_sums(n, part, p0):
    x = round(part * n)
    assert float(log_e_value(x, n, p0)) == pytest.approx(exact_log_e(x, n, p0), rel=1e-9, abs=1e-11)


@given(n=st.integers(0, 300), part=st.floats(0, 1), hundredths=st.integers(1, 99))
def test_a_fair_bet_at_the_boundary_and_a_losing_one_beyond(n, part, hundredths):
    # The mean of the next e-value is today's when the share is p0, and less when it is more.
    x, p0 = round(part * n), hundredths / 100
    with_one, with_other = np.exp(log_e_value([x + 1, x], n + 1, p0) - log_e_value(x, n, p0))
    assert p0 * with_one + (1 - p0) * with_other == pytest.approx(1, rel=1e-9)
    more = (1 + p0) / 2
    assert more * with_one + (1 - more) * with_other <= 1 + 1e-12


def test_the_mean_e_value_is_1_at_the_boundary():
    x = np.arange(501)
    assert binom.pmf(x, 500, 0.08) @ np.exp(log_e_value(x, 500, 0.08)) == pytest.approx(1)


def test_no_responses_are_no_evidence():
    assert log_e_value([0, 0], 0, [0.1, 0.9]).tolist() == [0.0, 0.0]


def test_numbers_stay_finite():
    assert math.isfinite(e_value(0, 200_000, 0.3))
    assert as_number(1e6) == pytest.approx(math.exp(700))
    assert as_number(0.0) == 1.0


@pytest.mark.parametrize(
    ("x", "n", "p0", "message"),
    [
        (3, 2, 0.5, "count lies between"),
        (-1, 2, 0.5, "count lies between"),
        (1, math.inf, 0.5, "base is finite"),
        (1, 2, 0.0, "boundary"),
        (1, 2, 1.0, "boundary"),
    ],
)
def test_impossible_counts_are_refused(x, n, p0, message):
    with pytest.raises(ValueError, match=message):
        log_e_value(x, n, p0)


def test_e_bh():
    # K / alpha = 100: 1 * 250, 2 * 60 and 3 * 44.24 reach it, 4 * 8 does not.
    values = [250, 60, 44.24, 8, 1.2, 0.9, 0.5, 0.3, 0.2, 0.1]
    assert e_bh(np.log(values)).tolist() == [True] * 3 + [False] * 7


def test_e_bh_rejects_all_up_to_the_last_that_is_enough():
    # K / alpha = 40: 1 * 15 and 2 * 14 are too little, 3 * 13.5 is enough, for all three.
    assert e_bh(np.log([13.5, 1.0, 15.0, 14.0])).tolist() == [True, False, True, True]


def test_e_bh_on_the_bound_and_ties():
    # 2 * 50 = 100 = 10 / 0.1 exactly.
    assert e_bh(np.log([50.0, 50.0] + [1.0] * 8)).tolist() == [True, True] + [False] * 8
    assert e_bh([]).tolist() == []
    assert not e_bh([-math.inf, 0.0]).any()


@given(st.lists(st.floats(-5, 12), min_size=1, max_size=30), st.floats(0.01, 0.5))
def test_e_bh_against_its_definition(logs, alpha):
    values = [math.exp(value) for value in logs]
    enough = [
        k
        for k, value in enumerate(sorted(values, reverse=True), start=1)
        if k * value >= len(values) / alpha * (1 - 1e-12)
    ]
    assert e_bh(logs, alpha).sum() == max(enough, default=0)


def test_a_maximum_over_looks_meets_the_strict_bound():
    # Two groups: ln(2 / 0.1) = 2.996. The first passed it once and fell again.
    looks = np.array([[0.5, 0.1], [3.1, 2.9], [1.0, 2.0]])
    assert ever_certain(looks).tolist() == [True, False]
    assert ever_certain(np.zeros((1, 0))).tolist() == []


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_alpha_is_a_rate(alpha):
    with pytest.raises(ValueError, match="alpha"):
        e_bh([1.0], alpha)
    with pytest.raises(ValueError, match="alpha"):
        ever_certain([[1.0]], alpha)


def test_shapes_of_evidence():
    with pytest.raises(ValueError, match="one e-value for each"):
        e_bh([[1.0]])
    with pytest.raises(ValueError, match="one e-value for each"):
        e_bh([math.nan])
    with pytest.raises(ValueError, match="at least one look"):
        ever_certain(np.zeros((0, 3)))
    with pytest.raises(ValueError, match="one row"):
        ever_certain([1.0])


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [
        (3, 50, 0.00431, 0.22684),
        (30, 500, 0.02943, 0.10526),
        (0, 20, 0.0, 0.22401),
        (20, 20, 1 - 0.22401, 1.0),
        (300, 5_000, 0.04788, 0.07387),
        # B(3/2, 1/2) / B(1/2, 1/2) = 1/2 <= 20 p.
        (1, 1, 0.025, 1.0),
        (0, 1, 0.0, 0.975),
        (0, 0, 0.0, 1.0),
    ],
)
def test_confidence_sequence(x, n, low, high):
    band = confidence_sequence(x, n)
    assert (band.low, band.high) == pytest.approx((low, high), abs=6e-6)


@given(n=st.integers(1, 200_000), part=st.floats(0, 1), confidence=st.floats(0.5, 0.999))
@settings(max_examples=50)
def test_bounds_of_the_band_solve_its_equation(n, part, confidence):
    x = round(part * n)
    band = confidence_sequence(x, n, confidence)
    assert 0 <= band.low <= x / n <= band.high <= 1
    for p in (band.low, band.high):
        # Where 1 - p is a few rounding errors the equation cannot be written down that way.
        if 0 < p < 1 - 1e-9:
            left = special.betaln(x + 0.5, n - x + 0.5) - math.log(math.pi)
            left -= special.xlogy(x, p) + special.xlog1py(n - x, -p)
            assert left == pytest.approx(-math.log(1 - confidence), rel=1e-6, abs=1e-6)
    mirrored = confidence_sequence(n - x, n, confidence)
    assert mirrored.low == pytest.approx(1 - band.high, abs=1e-12)


@given(n=st.integers(1, 5_000), part=st.floats(0, 1))
@settings(max_examples=50)
def test_a_band_for_all_looks_is_wider_than_an_interval_for_one(n, part):
    x = round(part * n)
    band, interval = confidence_sequence(x, n), wilson(x, n)
    assert band.high - band.low > interval.high - interval.low


def test_bands_of_many():
    low, high = confidence_sequence_each([0, 3, 20], [0, 50, 20])
    assert low == pytest.approx([0, 0.00431, 0.77599], abs=6e-6)
    assert high == pytest.approx([1, 0.22684, 1], abs=6e-6)


def test_confidence_is_a_share():
    with pytest.raises(ValueError, match="confidence"):
        confidence_sequence(1, 2, 1.0)


def test_the_exact_sum_itself():
    # integral of t^x (1 - t)^(n - x) for x = 1, n = 3, p0 = 1/3: 1/18 - 2/81 + 1/324 = 11/324,
    # over 1/3 * (1/3 * 4/9) = 4/81.
    integral = Fraction(1, 18) - Fraction(2, 81) + Fraction(1, 324)
    assert integral / Fraction(4, 81) == Fraction(11, 16)
    assert math.exp(exact_log_e(1, 3, 1 / 3)) == pytest.approx(11 / 16)
