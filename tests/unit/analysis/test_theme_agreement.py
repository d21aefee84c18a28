from collections import Counter

import numpy as np
import pytest

from analysis.themes.agreement import LEAST_UNITS, _Alpha, _Kappa, agreement, alpha, kappa

A, B, AB, NONE = frozenset("a"), frozenset("b"), frozenset("ab"), frozenset[str]()


def coded(*counts: int) -> tuple[list[bool], list[bool]]:
    """Both yes, the first alone, the second alone, neither."""
    both, first, second, neither = counts
    one = [True] * (both + first) + [False] * (second + neither)
    two = [True] * both + [False] * first + [True] * second + [False] * neither
    return one, two


def test_kappa_of_the_worked_example():
    # Observed .7; by chance .5 * .6 + .5 * .4 = .5; (.7 - .5) / (1 - .5) = .4.
    found = kappa(*coded(20, 5, 10, 15))
    assert found.value == pytest.approx(0.4, abs=1e-12)
    assert found.observed == pytest.approx(0.7)
    assert found.units == 50


def test_kappa_sees_through_agreement_by_chance():
    # 18 of 20 alike, all of them "no": chance gives .9 * 1 + .1 * 0 = .9 already.
    found = kappa(*coded(0, 2, 0, 18))
    assert found.observed == 0.9
    assert found.value == pytest.approx(0.0, abs=1e-12)


def test_interval_holds_the_value_and_narrows_with_more_units():
    few, many = kappa(*coded(20, 5, 10, 15)), kappa(*coded(400, 100, 200, 300))
    for found in (few, many):
        assert found.interval.low < 0.4 < found.interval.high
    # A twentieth of the variance: 4.5 times as narrow, give or take the draws.
    width = few.interval.high - few.interval.low
    assert 3.5 < width / (many.interval.high - many.interval.low) < 5.5


def test_full_agreement_is_one_and_its_interval_a_point():
    found = kappa(*coded(12, 0, 0, 12))
    assert (found.value, found.interval.low, found.interval.high) == (1.0, 1.0, 1.0)


def test_alpha_of_single_themes_by_hand():
    # Coders at one on 8 a and 8 b, apart on 4. Seen .2. Twenty of forty values are a:
    # by chance 2 * 20 * 20 / (40 * 39) = .512821. MASI of two single themes is 1.
    one = [A] * 8 + [B] * 8 + [A] * 2 + [B] * 2
    two = [A] * 8 + [B] * 8 + [B] * 2 + [A] * 2
    assert alpha(one, two).value == pytest.approx(1 - 0.2 / (800 / 1560), abs=1e-12)


def test_a_theme_in_common_counts_for_something():
    apart = alpha([A] * 10 + [B] * 10 + [A] * 5, [A] * 10 + [B] * 10 + [B] * 5).value
    shared = alpha([A] * 10 + [B] * 10 + [A] * 5, [A] * 10 + [B] * 10 + [AB] * 5).value
    assert apart < shared < 1


@pytest.mark.parametrize("kind", [_Kappa, _Alpha])
def test_the_bootstrap_works_out_the_coefficient_that_the_library_gives(kind):
    one = [A] * 7 + [AB] * 6 + [B] * 11
    two = [A] * 5 + [AB] * 6 + [B] * 13
    kinds = Counter(zip(one, two, strict=True))
    counts = np.array(list(kinds.values()))
    measure = kind(list(kinds))
    assert measure.of(counts) == pytest.approx(measure.by_library(one, two), abs=1e-12)


def test_a_draw_of_one_category_is_left_out():
    # One unit in twenty differs: a third of the draws hold none of it and say nothing.
    found = alpha([A] * 19 + [B], [A] * 19 + [B])
    assert (found.value, found.interval.low, found.interval.high) == (1.0, 1.0, 1.0)


def test_no_theme_is_a_judgement():
    found = alpha([NONE] * 12 + [A] * 12, [NONE] * 12 + [A] * 12)
    assert found.value == 1.0


@pytest.mark.parametrize(
    ("first", "second"),
    [([True] * 30, [True] * 30), ([True, False] * 9, [True, False] * 9)],
    ids=["one category", "too few"],
)
def test_says_nothing_rather_than_something_wrong(first, second):
    found = kappa(first, second)
    assert (found.value, found.interval) == (None, None)
    assert (found.units, found.observed) == (len(first), 1.0)


def test_nothing_judged_by_both():
    found = agreement({"u1": ["a"]}, {"u2": ["a"]})
    assert (found.units, found.only_first, found.only_second) == (0, 1, 1)
    assert (found.alpha.value, found.alpha.observed, found.f1) == (None, None, None)
    assert found.themes == {}


def test_lengths_must_match():
    with pytest.raises(ValueError, match="2 judgements beside 1"):
        kappa([True, False], [True])


def test_two_coders_by_theme_and_language():
    first = {f"u{at}": {"bus"} if at % 2 else set() for at in range(80)}
    second = {unit: set(themes) for unit, themes in first.items()}
    for at in range(0, 40, 10):  # in Urdu the second coder misses none and adds four
        second[f"u{at}"] = {"bus", "park"}
    languages = {f"u{at}": "ur" if at < 40 else "en" for at in range(79)}
    found = agreement(first, second, languages=languages)
    assert found.units == 80
    # 40 themes given by the first, 48 by the second, 40 in common.
    assert found.f1 == pytest.approx(2 * 40 / 88)
    # Bus: 40 both, 4 the second alone, 36 neither: .95 seen; .5 * .55 + .5 * .45 = .5 chance.
    assert found.themes["bus"].value == pytest.approx(0.9, abs=1e-12)
    # Park: the first never, the second four times; what chance gives is all there is.
    assert found.themes["park"].value == pytest.approx(0.0, abs=1e-12)
    assert found.languages["en"].value == 1.0
    assert found.languages["ur"].value < 1.0
    assert (found.languages["en"].units, found.languages["ur"].units) == (39, 40)


def test_neither_the_order_of_units_nor_of_themes_shows():
    first = {f"u{at}": ["a", "b"] if at % 3 else ["b"] for at in range(LEAST_UNITS * 2)}
    second = {f"u{at}": ["b", "a"] if at % 4 else ["a"] for at in range(LEAST_UNITS * 2)}
    turned = agreement(dict(reversed(first.items())), dict(reversed(second.items())))
    assert agreement(first, second) == turned
