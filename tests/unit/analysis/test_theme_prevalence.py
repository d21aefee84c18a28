"""Shares corrected by an audit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import wilson
from analysis.themes.reviewing.prevalence import audited_run, estimate_prevalence
from analysis.themes.reviewing.review_queue import audit_order


def estimate(*arguments):
    """Untyped on purpose: a test may assume an estimate where there could be none."""
    return estimate_prevalence(*arguments)


def audit(right=25, wrong=5, missed=10, rest=60):
    """What the machine said and people found: so many of each kind."""
    said = [True] * (right + wrong) + [False] * (missed + rest)
    found = [True] * right + [False] * wrong + [True] * missed + [False] * rest
    return np.array(said), np.array(found)


def example(total=1000, positive=300, **counts):
    """Return the machine's word on all responses, with the audited ones first."""
    said, found = audit(**counts)
    others = total - said.size
    ones = positive - int(said.sum())
    machine = np.concatenate([said, np.arange(others) < ones])
    return machine[:, None], range(said.size), found[:, None]


def test_worked_example():
    # 300 of 1,000 by the machine. In the audit of 100 it had 5 too many and missed 10:
    # .3 + .05 = .35. Variance .3 * .7 / 1000 + (.15 - .0025) / 99.
    prevalence = estimate(*example())

    theme = prevalence.themes[0]
    assert theme.machine_share == 0.3
    assert theme.estimate.share == pytest.approx(0.35, abs=1e-12)
    assert theme.estimate.standard_error == pytest.approx(0.0412298, abs=6e-8)
    # The audit alone: 35 of 100, and less sharp.
    assert theme.classical.share == 0.35
    assert theme.classical.standard_error == pytest.approx(0.047697, abs=6e-7)
    assert theme.classical.interval == wilson(35, 100)
    assert (prevalence.responses, prevalence.audited, prevalence.still_needed) == (1000, 100, 0)


def test_interval_by_hand():
    # Half an error of either kind more: (10.5, 5.5) of 101. Variance of the difference
    # (16 / 101 - (5 / 101)^2) / 101 = .00154422, and .00021 of the machine's share.
    interval = estimate(*example()).themes[0].estimate.interval

    reach = 1.959964 * (0.00154422 + 0.00021) ** 0.5
    assert (interval.low, interval.high) == pytest.approx((0.35 - reach, 0.35 + reach), abs=1e-6)


def test_no_error_met_is_no_proof():
    # 50 read, none wrong. The plain standard error is that of the machine's share alone.
    said = np.arange(1000) < 20
    found = estimate(said[:, None], range(950, 1000), said[950:, None]).themes[0].estimate

    assert found.share == pytest.approx(0.02)
    assert found.standard_error == pytest.approx((0.02 * 0.98 / 1000) ** 0.5)
    assert found.interval.low == 0.0
    assert found.interval.high - found.share > 2 * 1.96 * found.standard_error


def test_shares_stay_between_0_and_1():
    # Nobody by the machine and 3 too many in the audit: below zero, were it not cut.
    machine, rows, found = example(positive=3, right=0, wrong=3, missed=0, rest=97)
    assert estimate(machine, rows, found).themes[0].estimate.share == 0.0
    flipped = estimate(~machine, rows, ~found).themes[0].estimate
    assert (flipped.share, flipped.interval.high) == (1.0, 1.0)


def test_not_yet():
    machine, _, found = example()

    prevalence = estimate(machine, range(49), found[:49], ["en"] * 1000)

    assert prevalence.still_needed == 1
    assert prevalence.strata == ()
    theme = prevalence.themes[0]
    assert theme.machine_share == 0.3
    assert theme.estimate is theme.classical is theme.languages["en"] is None
    assert estimate(machine, range(50), found[:50]).themes[0].estimate is not None


def test_languages_are_corrected_by_themselves():
    # English: 800 responses, 40 audited, the machine right. Urdu: 200 responses, 20 audited;
    # it finds the theme in none and misses it in 10 of the 20.
    # .8 * (400 / 800) + .2 * (0 + 10 / 20) = .5. Without strata it would be
    # .4 + 10 / 60 = .5667, as Urdu is a third of the audit and a fifth of all.
    machine = np.array([True, False] * 400 + [False] * 200)
    rows = [*range(40), *range(800, 820)]
    found = np.concatenate([machine[:40], np.arange(20) < 10])
    languages = ["en"] * 800 + ["ur"] * 200

    prevalence = estimate(machine[:, None], rows, found[:, None], languages)
    plain = estimate(machine[:, None], rows, found[:, None])

    assert prevalence.strata == (("en",), ("ur",))
    corrected = prevalence.themes[0].estimate
    assert corrected.share == pytest.approx(0.5)
    assert plain.themes[0].estimate.share == pytest.approx(0.4 + 10 / 60)
    assert plain.strata == ()
    # .8^2 * .25 / 800 + .2^2 * (.5 - .25) / 19: English errs nowhere, Urdu's share is certain.
    assert corrected.standard_error == pytest.approx((0.0002 + 0.04 * 0.25 / 19) ** 0.5)


def test_languages_with_few_audited_are_pooled():
    counts = {"ar": 4, "bn": 5, "en": 40, "pl": 3, "ur": 0}
    languages = [name for name, count in counts.items() for _ in range(count + 2)]
    rows: list[int] = []
    start = 0
    for count in counts.values():
        rows += range(start, start + count)
        start += count + 2
    truth = np.zeros((len(rows), 1), bool)

    prevalence = estimate(np.zeros((len(languages), 1)), rows, truth, languages)

    assert prevalence.strata == (("en",), ("ar", "bn", "pl", "ur"))


def test_a_pool_that_is_too_small_joins_the_least_audited():
    languages = ["en"] * 60 + ["pl"] * 15 + ["so"] * 5
    truth = np.zeros((80, 1), bool)

    prevalence = estimate(truth, range(80), truth, languages)

    assert prevalence.strata == (("en",), ("pl", "so"))


def test_many_small_languages_make_one_stratum():
    languages = [f"x{at % 10}" for at in range(60)]
    truth = np.zeros((60, 1), bool)

    assert len(estimate(truth, range(60), truth, languages).strata) == 1


def test_a_language_alone():
    # The worked example again, as the English part of a larger whole.
    machine, rows, found = example()
    machine = np.concatenate([np.ones((70, 1), bool), machine])
    rows = [row + 70 for row in rows]
    languages = ["pl"] * 70 + ["en"] * 1000

    theme = estimate(machine, rows, found, languages).themes[0]

    assert theme.languages["en"].share == pytest.approx(0.35)
    assert theme.languages["en"].standard_error == pytest.approx(0.0412298, abs=6e-8)
    assert theme.languages["pl"] is None


def test_the_estimate_is_right_on_the_mean():
    # A machine that finds half of what is there and errs 1 time in 20, seen by 500 audits.
    random = np.random.default_rng(8)
    truth = random.random((1000, 1)) < 0.3
    machine = np.where(truth, random.random((1000, 1)) < 0.5, random.random((1000, 1)) < 0.05)
    inside, shares = 0, []
    for seed in range(500):
        rows = np.random.default_rng(seed).choice(1000, 80, replace=False).tolist()
        found = estimate(machine, rows, truth[rows]).themes[0].estimate
        shares.append(found.share)
        inside += found.interval.low <= truth.mean() <= found.interval.high

    assert np.mean(shares) == pytest.approx(truth.mean(), abs=0.005)
    assert inside / 500 > 0.93


def test_nobody_answered():
    empty = np.zeros((0, 2), bool)

    prevalence = estimate(empty, [], empty, [])

    assert [theme.machine_share for theme in prevalence.themes] == [None, None]
    assert prevalence.still_needed == 50


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_reading_everything_gives_the_truth(seed):
    random = np.random.default_rng(seed)
    truth, machine = random.random((2, 80, 2)) < 0.4
    languages = random.choice(["en", "ur", "so"], 80, p=[0.6, 0.3, 0.1]).tolist()

    prevalence = estimate(machine, range(80), truth, languages)

    assert [theme.estimate.share for theme in prevalence.themes] == pytest.approx(
        truth.mean(axis=0).tolist()
    )


def test_only_the_run_without_gaps_is_a_sample():
    ids = [str(at) for at in range(20)]
    order = audit_order(ids, seed=1)
    read = set(order[:5]) | {order[6]}

    assert audited_run(order, read) == order[:5]
    assert audited_run(order, set()) == ()
    assert audited_run(order, set(order)) == order


@pytest.mark.parametrize(
    ("machine", "rows", "truth", "languages", "message"),
    [
        (np.zeros((3, 1)), [0, 0], np.zeros((2, 1)), None, "twice"),
        (np.zeros((3, 1)), [3], np.zeros((1, 1)), None, "does not exist"),
        (np.zeros((3, 1)), [-1], np.zeros((1, 1)), None, "does not exist"),
        (np.zeros((3, 1)), [0], np.zeros((1, 2)), None, "audit"),
        (np.zeros((3, 1)), [0], np.zeros((2, 1)), None, "audit"),
        (np.zeros(3), [0], np.zeros(1), None, "machine"),
        (np.zeros((3, 1)), [0], np.zeros((1, 1)), ["en"], "1 languages"),
    ],
)
def test_bad_input(machine, rows, truth, languages, message):
    with pytest.raises(ValueError, match=message):
        estimate(machine, rows, truth, languages)
