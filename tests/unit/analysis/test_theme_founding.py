"""Themes from a cut."""

import numpy as np
import pytest

from analysis.themes import founding
from analysis.themes.founding import found, with_single_words
from analysis.themes.prepare import Prepared
from analysis.themes.tracking.identity import theme_id
from tests.unit.analysis.theme_vectors import cloud, unit


def prepared(*keys):
    """Distinct units, each said once by somebody else; those of one word found nothing."""
    n, one_each = len(keys), np.arange(len(keys))
    return Prepared(
        respondents=tuple(map(str, one_each)),
        respondent=one_each,
        status=(),
        languages=("en",) * n,
        uncertain=(False,) * n,
        groups={},
        campaign=np.full(n, -1),
        unit_row=one_each,
        unit_number=np.ones(n, dtype=int),
        unit_key=one_each,
        unit_text=keys,
        keys=keys,
        key_text=keys,
        seeds=np.array([" " in key for key in keys]),
    )


def themes_of(ready, vectors, labels, seed=0):
    return found(
        ready, vectors, np.array(labels), model_id="model", means_version="means", seed=seed
    )


FOUR = prepared("buses come late", "late buses again", "plant more trees", "trees are good")
# Two themes opposite each other; each unit lies at a cosine of .8 to its middle.
CROSS = unit([[0.8, 0.6], [0.8, -0.6], [-0.8, 0.6], [-0.8, -0.6]])


def test_what_themes_are_by_hand():
    founded = themes_of(FOUR, CROSS, [0, 0, 1, 1])
    np.testing.assert_allclose(founded.centroids, [[1, 0], [-1, 0]], atol=1e-7)
    assert founded.centroids.dtype == np.float32
    assert founded.theme.tolist() == [0, 0, 1, 1]
    assert founded.strength == pytest.approx([0.8] * 4)
    assert founded.status.tolist() == ["assigned"] * 4
    # The bound that 95 % reach, where all lie equally far off; .64 - .36 between the two.
    assert [theme.threshold for theme in founded.frame.themes] == pytest.approx([0.8, 0.8])
    assert [theme.cohesion for theme in founded.frame.themes] == pytest.approx([0.28, 0.28])
    assert {theme.label for theme in founded.frame.themes} == {""}
    assert (founded.frame.model_id, founded.frame.means_version) == ("model", "means")
    assert founded.frame.seed == 0


def test_ids_are_those_of_the_units():
    founded = themes_of(FOUR, CROSS, [0, 0, 1, 1], seed=4)
    assert founded.frame.seed == 4
    assert founded.frame.ids == (theme_id(FOUR.keys[:2], 4), theme_id(FOUR.keys[2:], 4))


def test_ids_depend_on_no_order():
    labels = np.array([0, 0, 1, 1])
    ids = themes_of(FOUR, CROSS, labels).frame.ids
    assert themes_of(FOUR, CROSS, 1 - labels).frame.ids == ids[::-1]
    shuffled = [2, 0, 3, 1]
    other = prepared(*(FOUR.keys[at] for at in shuffled))
    assert themes_of(other, CROSS[shuffled], labels[shuffled]).frame.ids == ids


def test_a_unit_near_two_themes_is_uncertain():
    # .96 to the other theme: a margin of .04.
    founded = themes_of(prepared("a b", "c d"), unit([[1, 0], [0.96, 0.28]]), [0, 1])
    assert founded.status.tolist() == ["uncertain", "uncertain"]
    assert founded.strength == pytest.approx([1, 1])


def test_a_theme_of_one_unit_is_one():
    founded = themes_of(prepared("a b"), unit([[3, 4]]), [0])
    assert founded.frame.themes[0].cohesion is None
    assert founded.frame.themes[0].threshold == pytest.approx(1)
    assert founded.status.tolist() == ["assigned"]


def test_opposite_units_that_cancel_out_have_one_of_them_for_a_middle():
    vectors = unit([[0, 1], [0, -1], [1, 0]])
    founded = themes_of(prepared("a b", "c d", "e f"), vectors, [0, 0, 1])
    assert founded.centroids.tolist() == [[0, 1], [1, 0]]
    assert founded.strength.tolist() == [1, -1, 1]
    assert founded.status.tolist() == ["assigned", "uncertain", "assigned"]


def test_rows_taken_in_pieces_are_the_same(monkeypatch):
    ready, labels = prepared(*(f"unit {at:02}" for at in range(30))), np.arange(30) % 4
    vectors = cloud(30)
    before = vectors.copy()
    whole = themes_of(ready, vectors, labels)
    monkeypatch.setattr(founding, "_BLOCK", 7)
    piecewise = themes_of(ready, vectors, labels)
    assert piecewise.strength.tobytes() == whole.strength.tobytes()
    assert piecewise.status.tolist() == whole.status.tolist()
    np.testing.assert_array_equal(vectors, before)


# --- units of one word --------------------------------------------------------------------

# "far" points away from both themes, "buses" nearly as far, "trees" right into the second.
WORDS = prepared("buses", "buses come late", "far", "late buses again", "plant more trees", "trees")
WORD_VECTORS = unit([[0.1, 1], [1, 0.1], [0, -1], [1, -0.1], [-1, 0], [-1, 0.05]])


def test_units_of_one_word_found_no_theme():
    founded = themes_of(WORDS, WORD_VECTORS, [0, 0, 1])
    assert founded.theme.tolist() == [-1, 0, -1, 0, 1, -1]
    assert founded.status[[0, 2, 5]].tolist() == ["unclear"] * 3
    assert founded.strength[[0, 2, 5]].tolist() == [0, 0, 0]
    np.testing.assert_allclose(founded.centroids, [[1, 0], [-1, 0]], atol=1e-7)


def test_units_of_one_word_go_to_the_theme_they_fit_or_are_a_keyword_of():
    founded = themes_of(WORDS, WORD_VECTORS, [0, 0, 1])
    put = with_single_words(founded, WORDS, WORD_VECTORS, {founded.frame.ids[0]: ["Buses"]})
    assert put.theme.tolist() == [0, 0, -1, 0, 1, 1]
    assert put.status.tolist() == ["assigned", "assigned", "unclear", *["assigned"] * 3]
    # To its theme though it lies outside it; to the nearest one where it has none.
    assert put.strength[0] == pytest.approx(0.1 / np.sqrt(1.01))
    assert put.strength[2] == pytest.approx(0, abs=1e-7)
    assert put.strength[5] == pytest.approx(1 / np.sqrt(1.0025))
    assert put.frame is founded.frame
    assert founded.theme.tolist() == [-1, 0, -1, 0, 1, -1]


def test_without_keywords_a_word_that_fits_nothing_is_unclear():
    founded = themes_of(WORDS, WORD_VECTORS, [0, 0, 1])
    put = with_single_words(founded, WORDS, WORD_VECTORS, {})
    assert put.theme.tolist() == [-1, 0, -1, 0, 1, 1]
    assert put.status[0] == "unclear"


def test_without_units_of_one_word_nothing_changes():
    founded = themes_of(FOUR, CROSS, [0, 0, 1, 1])
    assert with_single_words(founded, FOUR, CROSS, {founded.frame.ids[0]: ["buses"]}) is founded
