"""Measures of agreement, against values worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.themes.metrics import (
    PrecisionRecall,
    b_cubed,
    compare,
    lands_with_source,
    pairwise,
)

TRUTH = [0, 0, 0, 1, 1, 1]
FOUND = [0, 0, 1, 1, 2, 2]

partitions = st.integers(1, 30).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 4), min_size=n, max_size=n),
        st.lists(st.integers(-1, 4), min_size=n, max_size=n),
    )
)


def test_every_measure_of_the_worked_example():
    # Clusters hold {two of class 0}, {one of each}, {two of class 1}. Entropies in bits:
    # H(class) = 1, H(class | cluster) = 1/3, H(cluster) = log2 3, I = 2/3.
    found = compare(TRUTH, FOUND)
    assert found.homogeneity == pytest.approx(2 / 3)
    assert found.completeness == pytest.approx(2 / 3 / np.log2(3))
    assert found.v_measure == pytest.approx(0.515804, abs=1e-6)
    # Index 2, expected 6 * 3 / 15 = 1.2, largest (6 + 3) / 2 = 4.5: 0.8 / 3.3.
    assert found.ari == pytest.approx(0.8 / 3.3)
    assert found.ami == pytest.approx(0.298792, abs=1e-6)
    # (2 * 1 + 2 * 1/2 + 2 * 1) / 6 and (2 * 2/3 + 1/3) * 2 / 6.
    assert found.b_cubed.precision == pytest.approx(5 / 6)
    assert found.b_cubed.recall == pytest.approx(5 / 9)
    assert found.b_cubed.f1 == pytest.approx(2 / 3)
    # 3 pairs put together, 2 of them rightly; 6 pairs belong together.
    assert found.pairwise.precision == pytest.approx(2 / 3)
    assert found.pairwise.recall == pytest.approx(1 / 3)
    assert found.pairwise.f1 == pytest.approx(4 / 9)


def test_words_serve_as_labels():
    assert compare([*"aaabbb"], [*"xxyyzz"]) == compare(TRUTH, FOUND)
    assert compare(np.array(TRUTH), np.array(FOUND)) == compare(TRUTH, FOUND)


def test_all_apart_and_all_together():
    # Apart: nothing wrong is together, each item is a third of its class.
    apart = b_cubed(TRUTH, range(6))
    assert (apart.precision, apart.recall) == pytest.approx((1.0, 1 / 3))
    assert pairwise(TRUTH, range(6)) == PrecisionRecall(1.0, 0.0)
    assert pairwise(TRUTH, range(6)).f1 == 0.0
    # Together: 6 of 15 pairs belong together.
    assert b_cubed(TRUTH, [7] * 6) == PrecisionRecall(0.5, 1.0)
    together = pairwise(TRUTH, [7] * 6)
    assert (together.precision, together.recall) == pytest.approx((0.4, 1.0))
    assert pairwise([0, 1], [0, 1]) == PrecisionRecall(1.0, 1.0)


def test_one_item_is_a_full_agreement():
    found = compare(["a"], [3])
    assert (found.ami, found.ari, found.b_cubed.f1, found.pairwise.f1) == (1, 1, 1, 1)


def test_both_shares_nought():
    assert PrecisionRecall(0.0, 0.0).f1 == 0.0


def test_a_large_item_count_keeps_its_pairs():
    # 200,000 items make 2e10 pairs, past 32 bits.
    many = np.zeros(200_000, dtype=np.int32)
    assert pairwise(many, many) == PrecisionRecall(1.0, 1.0)
    halves = np.repeat(np.array([0, 1], dtype=np.int32), 100_000)
    assert pairwise(many, halves).recall == pytest.approx(99_999 / 199_999)


@given(partitions)
def test_exchanging_the_two_exchanges_precision_and_recall(pair):
    truth, found = pair
    for measure in (b_cubed, pairwise):
        one, other = measure(truth, found), measure(found, truth)
        assert (one.precision, one.recall) == pytest.approx((other.recall, other.precision))
        assert 0 <= one.precision <= 1 + 1e-12
        assert 0 <= one.recall <= 1 + 1e-12


@given(partitions, st.randoms(use_true_random=False))
def test_order_and_names_do_not_matter(pair, random):
    order = list(range(len(pair[0])))
    random.shuffle(order)
    truth = [f"class {pair[0][at]}" for at in order]
    found = [pair[1][at] * 10 for at in order]
    expected, actual = compare(*pair), compare(truth, found)
    assert actual.ami == pytest.approx(expected.ami, abs=1e-9)
    assert actual.ari == pytest.approx(expected.ari, abs=1e-9)
    assert actual.b_cubed.f1 == pytest.approx(expected.b_cubed.f1)
    assert actual.pairwise.f1 == pytest.approx(expected.pairwise.f1)


@pytest.mark.parametrize("measure", [compare, b_cubed, pairwise])
def test_labels_that_do_not_fit(measure):
    with pytest.raises(ValueError, match="2 labels beside 1"):
        measure([0, 1], [0])
    with pytest.raises(ValueError, match="no item"):
        measure([], [])


# --- translations -------------------------------------------------------------------------


def test_translations_that_land_with_their_source():
    rows = [
        # sentence, language, theme
        ("s1", "en", 4), ("s2", "en", 5), ("s3", "en", 4),
        ("s1", "ur", 4), ("s2", "ur", 5), ("s3", "ur", 5),
        ("s3", "so", 4), ("s1", "so", 9),
        ("s9", "so", 4),  # its source is not there
        ("s9", "pl", 4),
    ]  # fmt: skip
    sentences, languages, themes = zip(*rows, strict=True)
    shares = lands_with_source(themes, sentences, languages)
    assert list(shares) == ["so", "ur"]
    assert shares == {"ur": pytest.approx(2 / 3), "so": 0.5}
    # Somali as the source: "s9" was left out before, and is Polish's only sentence.
    assert lands_with_source(themes, sentences, languages, source="so") == {
        "en": 0.5,
        "pl": 1.0,
        "ur": 0.0,
    }


def test_arrays_serve_as_well():
    shares = lands_with_source(np.array([1, 1]), np.array(["a", "a"]), np.array(["en", "ur"]))
    assert shares == {"ur": 1.0}
    assert [type(language) for language in shares] == [str]
    assert type(shares["ur"]) is float


def test_sources_that_are_missing_or_twice():
    with pytest.raises(ValueError, match="no sentence in 'en'"):
        lands_with_source([1], ["a"], ["ur"])
    with pytest.raises(ValueError, match="'a' is there twice in 'en'"):
        lands_with_source([1, 2], ["a", "a"], ["en", "en"])
    with pytest.raises(ValueError, match="1 labels beside 2"):
        lands_with_source([1], ["a", "b"], ["en", "ur"])
    with pytest.raises(ValueError, match="2 labels beside 1"):
        lands_with_source([1, 2], ["a", "b"], ["en"])
