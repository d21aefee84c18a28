from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.representation.comparison import missing
from analysis.representation.comparison.gaps import State
from analysis.representation.comparison.missing import cautious
from analysis.representation.watching.families import Tier

# Figures can be None; where a test expects one, None fails it.
unknown_effect: Any = missing.unknown_effect


def test_bounds_and_tipping_point():
    # 30 of 500 known and 100 who did not say, against 0.8 * 10 %: 30/600 and 130/600 of all;
    # 0.8 * 0.1 * 600 - 30 = 18 exactly, which floating point makes 18.000000000000007.
    effect = unknown_effect(30, 500, 100, 0.10)
    assert effect.bounds.low == pytest.approx(0.05)
    assert effect.bounds.high == pytest.approx(130 / 600)
    assert effect.tipping_point == 18
    assert not effect.robust
    assert effect.share_unknown == pytest.approx(1 / 6)


def test_robust_when_all_who_did_not_say_could_not_undo_it():
    # 0.8 * 0.3 * 150 - 16 = 20 of 8.
    effect = unknown_effect(16, 142, 8, 0.30)
    assert (effect.tipping_point, effect.robust) == (20, True)
    # 0.8 * 0.3 * 162 - 16 = 22.88: 23 of 20, and with 24 unknown 0.24 * 166 - 16 = 23.84.
    assert unknown_effect(16, 142, 20, 0.30).robust
    assert not unknown_effect(16, 142, 24, 0.30).robust


def test_an_excess_tips_when_the_unknown_belong_to_others():
    # 60 of 100 known against 40 % / 0.8 = 50 %; with 30 unknown 65 of 130 would be 50 %. All
    # unknown in the group make 90; 25 of them elsewhere bring it to 65.
    effect = unknown_effect(60, 100, 30, 0.40, direction=State.OVER)
    assert (effect.tipping_point, effect.robust) == (25, False)
    # With 10 unknown: 55 of 110 would be 50 %, and there are 60 without any of them.
    assert unknown_effect(60, 100, 10, 0.40, direction=State.OVER).robust


def test_no_gap_needs_nobody():
    assert unknown_effect(50, 100, 10, 0.10).tipping_point == 0


def test_without_unknown_and_without_anybody():
    known = unknown_effect(5, 50, 0, 0.2)
    assert (known.bounds.low, known.bounds.high) == (0.1, 0.1)
    assert known.share_unknown == 0
    # 0.8 * 0.2 * 50 = 8.
    assert (known.tipping_point, known.robust) == (3, True)
    nobody = unknown_effect(0, 0, 0, 0.2)
    assert nobody.bounds is None
    assert nobody.share_unknown is None


@given(
    known=st.integers(0, 2_000),
    part=st.floats(0, 1),
    unknown=st.integers(0, 2_000),
    percent=st.integers(1, 99),
)
def test_the_tipping_point_is_the_first_number_that_tips(known, part, unknown, percent):
    respondents = round(part * known)
    share, boundary = Fraction(percent, 100), Fraction(4, 5)
    everybody = known + unknown
    under = unknown_effect(respondents, known, unknown, percent / 100)
    least = next(
        k for k in range(10**6) if respondents + k >= boundary * share * everybody
    )  # in exact fractions
    assert under.tipping_point == least
    assert under.robust == (respondents + unknown < boundary * share * everybody)
    over = unknown_effect(respondents, known, unknown, percent / 100, direction=State.OVER)
    most = next(
        k for k in range(10**6) if respondents + unknown - k <= share / boundary * everybody
    )
    assert over.tipping_point == most


@pytest.mark.parametrize(
    ("tier", "unknown", "shown"),
    [
        # 16 of 142 against 30 %: 62 of 204 are 30.4 %, and 0.24 * 204 - 16 = 33 could undo it.
        (Tier.CONFIRMED, 62, Tier.EARLY),
        # 60 of 202 are 29.7 %.
        (Tier.CONFIRMED, 60, Tier.CONFIRMED),
        (Tier.EARLY, 62, Tier.EARLY),
        (Tier.NONE, 62, Tier.NONE),
    ],
)
def test_confirmed_becomes_early_when_too_many_did_not_say(tier, unknown, shown):
    assert cautious(tier, unknown_effect(16, 142, unknown, 0.30)) is shown


def test_a_robust_flag_stays_confirmed_however_many_did_not_say():
    # 10 of 600 and 400 unknown against 60 %: 0.48 * 1000 = 480 is beyond 410.
    effect = unknown_effect(10, 600, 400, 0.60)
    assert effect.robust
    assert cautious(Tier.CONFIRMED, effect) is Tier.CONFIRMED


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((5, 4, 0, 0.1), {}, "from 0 to its base"),
        ((-1, 4, 0, 0.1), {}, "from 0 to its base"),
        ((1, 4, -1, 0.1), {}, "from 0 to its base"),
        ((1, 4, 0, 0.0), {}, "population share"),
        ((1, 4, 0, 1.0), {}, "population share"),
        ((1, 4, 0, 0.1), {"materiality": 1.2}, "population share"),
        ((1, 4, 0, 0.1), {"direction": State.IN_LINE}, "under or over"),
    ],
)
def test_impossible_input_is_refused(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        unknown_effect(*arguments, **options)
