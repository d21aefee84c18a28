import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.representation.weights.margins import Cells, Margin
from analysis.representation.weights.raking import effective_size, rake
from analysis.representation.weights.trimming import trim, trim_to_margins

LOPSIDED = [0.5] * 60 + [1.0] * 30 + [6.0] * 10


def test_cutting_to_three_times_the_mean():
    # Before: mean 1.2, so 6 is 5 times the mean, and n_eff = 120^2 / (15 + 30 + 360) = 35.5556.
    assert max(LOPSIDED) / np.mean(LOPSIDED) == pytest.approx(5)
    assert effective_size(LOPSIDED) == pytest.approx(35.5556, abs=1e-4)
    # After: 10 x 3 = 30, and 60 a + 30 x 2 a = 70.
    cut = trim(LOPSIDED, 3)
    assert cut[[0, 60, 90]] == pytest.approx([0.583333, 1.166667, 3.0], abs=1e-6)
    # 100^2 / (60 x .340278 + 30 x 1.361111 + 10 x 9).
    assert effective_size(cut) == pytest.approx(66.115702, abs=1e-6)


def test_counts_stand_for_people():
    cut = trim([0.5, 1.0, 6.0], 3, counts=[60, 30, 10])
    assert cut == pytest.approx([0.583333, 1.166667, 3.0], abs=1e-6)


def test_nothing_to_cut_only_scales():
    assert trim([1, 2, 3], 5) == pytest.approx([0.5, 1, 1.5])
    assert trim([], 5).tolist() == []


@pytest.mark.parametrize(
    ("weights", "cap", "message"),
    [
        ([1, 0], 5, "above zero"),
        ([1, -1], 5, "above zero"),
        ([1, np.nan], 5, "above zero"),
        ([1, np.inf], 5, "above zero"),
        ([1, 2], 1, "above the mean"),
        ([1, 2], float("nan"), "above the mean"),
    ],
)
def test_what_makes_no_sense_is_refused(weights, cap, message):
    with pytest.raises(ValueError, match=message):
        trim(weights, cap)


@given(
    st.lists(st.floats(0.01, 100), min_size=1, max_size=30),
    st.floats(1.5, 6),
)
@settings(max_examples=40, deadline=None)
def test_is_where_cutting_and_scaling_in_turns_would_end(weights, cap):
    turns = np.array(weights) / np.mean(weights)
    for _ in range(2000):
        turns = np.minimum(turns, cap)
        turns /= turns.mean()
        if turns.max() <= cap * (1 + 1e-12):
            break
    cut = trim(weights, cap)
    assert cut.mean() == pytest.approx(1)
    assert cut.max() <= cap
    assert cut == pytest.approx(turns, rel=1e-6)
    assert trim(cut, cap) == pytest.approx(cut)


def two_margins():
    """Few young men, whom two margins ask for often; with a bound they can both be met."""
    sex = [0] * 300 + [1] * 100
    age = [0] * 12 + [1] * 288 + [0] * 8 + [1] * 92
    return Cells.of(
        [Margin("age", ["young", "old"], [15, 85], age), Margin("sex", ["f", "m"], [1, 1], sex)]
    )


def test_raking_again_restores_the_margins_under_the_cap():
    cells = two_margins()
    raking = rake(cells)
    cap = 0.98 * raking.weights.max()
    found = trim_to_margins(cells, raking.weights, cap=cap)
    assert found.people == 8
    assert 0 < found.rounds <= 10
    assert found.weights.max() <= cap
    assert found.margins_met
    assert effective_size(found.weights, cells.counts) < cells.n


def test_a_cap_that_margins_cannot_keep_leaves_a_residual():
    # 8 + 12 young people at most twice: 40 of 400 are .10, where .15 is wanted.
    cells = two_margins()
    found = trim_to_margins(cells, rake(cells).weights, cap=2)
    assert found.rounds == 10
    assert found.weights.max() <= 2
    assert not found.margins_met
    assert found.residuals["age"] >= 0.05 - 1e-9
    assert np.sum(found.weights * cells.counts) == pytest.approx(400)


def test_nothing_above_the_cap_changes_nothing():
    cells = two_margins()
    raking = rake(cells)
    found = trim_to_margins(cells, raking.weights, cap=50)
    assert found.weights is raking.weights
    assert (found.people, found.rounds, found.margins_met) == (0, 0, True)
