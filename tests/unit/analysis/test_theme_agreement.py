"""Agreement of two coders."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from analysis.statistics import wilson
from analysis.themes.reviewing import agreement
from analysis.themes.reviewing.agreement import Kappa, Unknown, cohen_kappa, measure_agreement


def coded(*pairs):
    """Return two coders' decisions and languages from (first, second, times)."""
    rows = list(chain.from_iterable([(one, two)] * times for one, two, times in pairs))
    first = {f"r{at:03}": set(one) for at, (one, _) in enumerate(rows)}
    second = {f"r{at:03}": set(two) for at, (_, two) in enumerate(rows)}
    return first, second, dict.fromkeys(first, "en")


def measure(*pairs, themes=2, **options):
    first, second, languages = coded(*pairs)
    return measure_agreement(first, second, themes, languages, **options)


# 20 by both, 5 and 10 by one alone, 15 by neither: observed .7, by chance
# .5 * .6 + .5 * .4 = .5, kappa .2 / .5.
EXAMPLE: tuple[tuple[list[int], list[int], int], ...] = (
    ([0], [0], 20),
    ([0], [], 5),
    ([], [0], 10),
    ([], [], 15),
)


def test_kappa_by_hand():
    assert cohen_kappa(20, 5, 10, 15) == pytest.approx(0.4)
    assert cohen_kappa(0, 5, 5, 0) == pytest.approx(-1.0)
    assert cohen_kappa(25, 0, 0, 25) == pytest.approx(1.0)


def test_a_theme():
    theme = measure(*EXAMPLE, themes=1).themes[0]

    assert (theme.both, theme.only_first, theme.only_second, theme.neither) == (20, 5, 10, 15)
    assert theme.kappa.value == pytest.approx(0.4)
    assert theme.kappa.unknown is None
    assert theme.f1 is not None
    assert theme.f1.value == pytest.approx(40 / 55)


def test_interval_is_about_that_of_theory():
    # Fleiss, Cohen and Everitt (1969): standard error .1270 for this table.
    interval = measure(*EXAMPLE, themes=1).themes[0].kappa.interval

    assert interval is not None
    assert interval.low == pytest.approx(0.4 - 1.96 * 0.1270, abs=0.04)
    assert interval.high == pytest.approx(0.4 + 1.96 * 0.1270, abs=0.04)


def test_pooled_kappa_by_hand():
    # The table above for theme 0; on theme 1 they agree throughout, 10 of 50 times:
    # observed (.7 + 1) / 2, by chance (.5 + .2^2 + .8^2) / 2; kappa (.85 - .59) / (1 - .59).
    pairs = (([0, 1], [0, 1], 10), ([0], [0], 10), *EXAMPLE[1:])

    overall = measure(*pairs).overall

    assert overall.responses == 50
    assert overall.kappa.value == pytest.approx(0.26 / 0.41)
    # Right 20 + 10, said 25 + 10 and 30 + 10.
    assert overall.f1 is not None
    assert overall.f1.value == pytest.approx(60 / 75)
    # Within a response 1 where both say the same, 0 in the 15 where one alone does.
    assert overall.samples_f1 is not None
    assert overall.samples_f1.value == pytest.approx(35 / 50)


def test_alpha_by_hand():
    # Two coders, 100 values: 55 times the theme, 45 times not. Krippendorff's alpha is
    # 1 - observed / expected = 1 - .3 / (2 * 55 * 45 / (100 * 99)) = .4.
    found = measure(*EXAMPLE, themes=1)

    assert found.alpha_identical == pytest.approx(1 - 0.3 / (2 * 55 * 45 / 9900))
    # With one theme two sets are the same or have nothing in common: MASI sees no more.
    assert found.alpha == pytest.approx(found.alpha_identical)
    assert found.alpha_unknown is None


def test_alpha_gives_credit_for_an_overlap():
    # {0} against {0, 1}: MASI distance 1 - 1/2 * 2/3 = 2/3 where identity says 1.
    # Values: 20 times {0}, 10 times {0, 1}, 30 times {} of 60; 10 of 30 pairs differ.
    found = measure(([0], [0], 5), ([0], [0, 1], 10), ([], [], 15))

    # Expected: {0} with {0, 1} at 2/3, either with {} at 1.
    expected = 2 * (20 * 10 * 2 / 3 + 20 * 30 + 10 * 30) / (60 * 59)
    assert found.alpha == pytest.approx(1 - (10 * 2 / 3 / 30) / expected)
    identical = 2 * (20 * 10 + 20 * 30 + 10 * 30) / (60 * 59)
    assert found.alpha_identical == pytest.approx(1 - (10 / 30) / identical)


def test_full_agreement_has_an_interval_all_the_same():
    # By chance .5; Wilson's lower end of 40 of 40 is .912396.
    found = measure(([0], [0], 20), ([], [], 20), themes=1)

    for kappa in (found.themes[0].kappa, found.overall.kappa):
        assert kappa.value == 1.0
        assert kappa.interval is not None
        assert kappa.interval.high == 1.0
        assert kappa.interval.low == pytest.approx((wilson(40, 40).low - 0.5) / 0.5)
    assert found.alpha == pytest.approx(1.0)


@pytest.mark.parametrize("themes", [[0], []])
def test_one_category_alone_says_nothing(themes):
    found = measure((themes, themes, 40), themes=1)

    assert found.themes[0].kappa == Kappa(None, None, Unknown.ONE_CATEGORY)
    assert found.overall.kappa.unknown is Unknown.ONE_CATEGORY
    assert found.alpha is found.alpha_identical is None
    assert found.alpha_unknown is Unknown.ONE_CATEGORY
    # F1 stands where there is anything to find.
    assert (found.themes[0].f1 is not None) == bool(themes)


def test_a_coder_who_never_uses_a_theme_agrees_as_by_chance():
    kappa = measure(([0], [], 20), ([], [], 20), themes=1).themes[0].kappa

    assert kappa.value == pytest.approx(0.0)


def test_no_overlap():
    first, _, languages = coded(([0], [0], 40))
    second = {f"other{key}": themes for key, themes in first.items()}

    found = measure_agreement(first, second, 1, languages)

    assert (found.only_first, found.only_second, found.overall.responses) == (40, 40, 0)
    assert found.overall.kappa.unknown is Unknown.NO_OVERLAP
    assert found.themes[0].kappa.unknown is Unknown.NO_OVERLAP
    assert found.alpha_unknown is Unknown.NO_OVERLAP
    assert found.languages == {}


def test_nothing_coded():
    found = measure_agreement({}, {}, 0, {})

    assert (found.overall.responses, found.themes, found.languages) == (0, (), {})


def test_no_themes():
    assert measure(([], [], 40), themes=0).overall.kappa.unknown is Unknown.ONE_CATEGORY


def test_too_few_is_said():
    found = measure(([0], [0], 15), ([], [], 14), themes=1)

    assert found.overall.kappa.unknown is Unknown.TOO_FEW
    assert found.overall.f1 is found.themes[0].f1 is None
    assert found.alpha_unknown is Unknown.TOO_FEW
    # The counts stand.
    assert (found.themes[0].both, found.themes[0].neither) == (15, 14)


def test_too_many_different_sets(monkeypatch):
    monkeypatch.setattr(agreement, "MOST_SETS", 2)

    found = measure(([0], [0], 20), ([1], [0, 1], 20))

    assert found.alpha is None
    assert found.alpha_unknown is Unknown.TOO_VARIED
    assert found.overall.kappa.value is not None


def test_by_language():
    first, second, _ = coded(*EXAMPLE, ([0], [0], 20), ([], [], 15), ([0], [], 6))
    languages = {
        key: "en" if at < 50 else "ur" if at < 85 else "pl" for at, key in enumerate(first)
    }

    found = measure_agreement(first, second, 1, languages)

    assert list(found.languages) == ["en", "pl", "ur"]
    assert found.languages["en"].kappa.value == pytest.approx(0.4)
    assert found.languages["ur"].kappa.value == 1.0
    assert found.languages["pl"].kappa.unknown is Unknown.TOO_FEW
    assert found.languages["pl"].responses == 6


def test_same_seed_same_interval_in_any_order():
    first, second, languages = coded(*EXAMPLE)

    def interval(order, seed):
        ordered = {key: first[key] for key in order}
        return measure_agreement(ordered, second, 1, languages, seed=seed).overall.kappa.interval

    assert interval(first, 3) == interval(reversed(first), 3)
    assert interval(first, 3) != interval(first, 4)


def test_draws_in_blocks_are_the_same_in_kind(monkeypatch):
    whole = measure(*EXAMPLE, themes=1).overall.kappa
    monkeypatch.setattr(agreement, "_BLOCK", 50 * 300)

    parts = measure(*EXAMPLE, themes=1).overall.kappa

    assert parts == whole


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 2)), st.sets(st.integers(0, 2))), min_size=30, max_size=60
    )
)
def test_every_theme_agrees_with_scikit_learn(rows):
    found = measure(*((one, two, 1) for one, two in rows), themes=3)

    for theme, ours in enumerate(found.themes):
        assert ours.both + ours.only_first + ours.only_second + ours.neither == len(rows)
        one = [theme in first for first, _ in rows]
        two = [theme in second for _, second in rows]
        if len({*one, *two}) == 1:
            assert ours.kappa.unknown is Unknown.ONE_CATEGORY
            continue
        assert ours.kappa.value == pytest.approx(cohen_kappa_score(one, two))
        assert ours.kappa.interval is not None
        assert -1 <= ours.kappa.interval.low <= ours.kappa.interval.high <= 1 + 1e-12
    mirrored = measure(*((two, one, 1) for one, two in rows), themes=3)
    if found.overall.kappa.value is not None:
        assert mirrored.overall.kappa.value == pytest.approx(found.overall.kappa.value)


def test_bad_input():
    with pytest.raises(ValueError, match="not one of 1"):
        measure(([1], [0], 1), themes=1)
    with pytest.raises(ValueError, match="not one of 1"):
        measure(([0], [-1], 1), themes=1)
    first, second, _ = coded(([0], [0], 1))
    with pytest.raises(ValueError, match="no language for 'r000'"):
        measure_agreement(first, second, 1, {})
    with pytest.raises(ValueError, match="negative"):
        cohen_kappa(1, -1, 0, 0)
    assert cohen_kappa(0, 0, 0, 0) is None


def test_replicates_weigh_responses_and_not_decisions():
    # One response carries all themes at once: its replicates move together.
    random = np.random.default_rng(1)
    rows = [([0, 1], [0, 1], 1) if hit else ([0, 1], [], 1) for hit in random.random(40) < 0.5]
    rows += [([], [], 40)]
    found = measure(*rows)

    assert found.overall.kappa.interval == found.themes[0].kappa.interval
