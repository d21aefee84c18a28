"""The tree of themes: joining, cutting, opening and closing."""

import os
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import linkage

from analysis.themes import clustering, diffusion
from analysis.themes.clustering import (
    ThemeTree,
    bounds,
    build_tree,
    by_size,
    default_themes,
    refine,
)
from analysis.themes.diffusion import diffuse
from analysis.themes.ward import crown, ward
from tests.unit.analysis.theme_vectors import blobs, cloud, parts, unit


def circle(*degrees):
    angles = np.radians(degrees)
    return np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)


# Three themes by eye: three units close by, two close by, two a little apart.
TREE = build_tree(circle(0, 1, 2, 30, 31, 90, 100))
THREE = np.array([0, 0, 0, 1, 1, 2, 2])


def few_places():
    """Return a strategy of units in a few places of a grid, with ties and repeats."""
    coordinate = st.integers(-2, 2)
    place = st.tuples(coordinate, coordinate, coordinate).filter(any)
    return st.lists(place, min_size=1, max_size=14).map(unit)


# --- joining ------------------------------------------------------------------------------


def test_joining_on_a_line_by_hand():
    # 0 and 1: 1/2 * 1. Their middle .5, of weight 2, and 5: 2/3 * 4.5 ** 2.
    merges, heights = ward(np.array([[0.0], [5.0], [1.0]]), np.ones(3))
    assert merges.tolist() == [[0, 2], [1, 3]]
    assert heights == pytest.approx([0.5, 13.5])


def test_weights_draw_the_middle():
    # 3 * 1 / 4 * 1 and then the middle .25, of weight 4, and 2.25: 4 * 2 / 6 * 4.
    merges, heights = ward(np.array([[0.0], [1.0], [2.25]]), np.array([3.0, 1.0, 2.0]))
    assert merges.tolist() == [[0, 1], [2, 3]]
    assert heights == pytest.approx([0.75, 16 / 3])


@pytest.mark.parametrize("m", [2, 3, 40, 150])
def test_joining_is_that_of_scipy(m):
    points = np.random.default_rng(m).standard_normal((m, 5))
    merges, heights = ward(points, np.ones(m))
    expected = linkage(points, method="ward")
    np.testing.assert_allclose(np.sqrt(2 * heights), expected[:, 2])
    np.testing.assert_array_equal(merges, np.sort(expected[:, :2], axis=1))


def test_a_weight_stands_for_repeated_points():
    random = np.random.default_rng(0)
    points, weights = random.standard_normal((20, 3)), random.integers(1, 5, 20)
    _, heights = ward(points, weights.astype(float))
    repeated = linkage(np.repeat(points, weights, axis=0), method="ward")[:, 2]
    # What repeats is joined first, at no loss.
    assert repeated[:-19] == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(np.sqrt(2 * heights), repeated[-19:])


def test_one_point_is_joined_to_nothing():
    merges, heights = ward(np.zeros((1, 2)), np.ones(1))
    assert merges.shape == (0, 2)
    assert heights.shape == (0,)


@pytest.mark.parametrize("scale", [1.0, 0.1, 1 / 3, 0.7])
def test_points_all_equally_far_apart(scale):
    # Joining what weighs a and b, of one-hot points: (a b / (a + b)) (1 / a + 1 / b) = 1.
    merges, heights = ward(np.eye(33) * scale, np.ones(33))
    assert heights == pytest.approx(np.full(32, scale**2))
    assert len(np.unique(merges)) == 64
    assert (np.diff(heights) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(few_places())
def test_every_group_is_joined_once_and_after_it_came_about(vectors):
    tree = build_tree(vectors)
    m = len(tree.merges) + 1
    assert m == len(np.unique(vectors, axis=0))
    assert sorted(tree.merges.ravel()) == list(range(2 * m - 2))
    assert (tree.merges.max(axis=1, initial=-1) < m + np.arange(m - 1)).all()


def test_the_crown_lets_sizes_count_less():
    # Ten at 0, ten at 1, one at 2.6. Ward: 100/20 * 1 = 5 against 10/11 * 2.56 = 2.33, so the
    # one goes. Roots of the sizes: 2.236 against 2.441, so the two tens are joined.
    centres, weights = np.array([[0.0], [1.0], [2.6]]), np.array([10.0, 10.0, 1.0])
    by_ward, _ = crown(centres, weights, 1.0)
    assert by_ward.tolist() == [[1, 2], [0, 3]]
    merges, heights = crown(centres, weights, 0.5)
    assert merges.tolist() == [[0, 1], [2, 3]]
    # Then twenty at .5 and the one: (20/21) ** .5 * 2.1 ** 2.
    assert heights == pytest.approx([5**0.5, (20 / 21) ** 0.5 * 4.41])


def test_the_crown_with_wards_power_is_wards_tree():
    points = cloud(40, 3)
    merges, heights = crown(points.astype(float), np.ones(40), 1.0)
    expected, its_heights = ward(points.astype(float), np.ones(40))
    assert merges.tolist() == expected.tolist()
    assert heights == pytest.approx(its_heights)


# --- cutting ------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(few_places() | st.integers(0, 99).map(lambda seed: cloud(3 + seed % 20, 4, seed)))
def test_a_cut_gives_as_many_themes_as_asked_for(vectors):
    tree = build_tree(vectors)
    for themes in range(1, len(tree.merges) + 2):
        labels = tree.cut(themes)
        sizes = np.bincount(labels)
        assert len(sizes) == themes
        assert sizes.min() > 0
        assert (np.diff(sizes) <= 0).all()


@pytest.mark.parametrize("n", [1, 2, 12, 59, 60, 61, 601])
def test_any_number_of_units_can_be_cut(n):
    tree = build_tree(cloud(n))
    for themes in {1, min(2, n), min(20, n), min(160, n)}:
        assert np.unique(tree.cut(themes)).tolist() == list(range(themes))


@pytest.mark.parametrize("themes", [0, -1, 8])
def test_not_so_many_themes(themes):
    with pytest.raises(ValueError, match=f"{themes} themes from 7 groups"):
        TREE.cut(themes)


@pytest.mark.parametrize("vectors", [cloud(30), cloud(100)], ids=["30", "100"])
def test_groups_are_nested_before_refining(vectors):
    tree = build_tree(vectors)
    m = len(tree.merges) + 1
    for count in range(1, m):
        coarse, fine = tree.joined(count), tree.joined(count + 1)
        assert len(np.unique(fine)) == count + 1
        # One pair of the finer groups is joined, and all else is the same.
        assert len(np.unique(np.column_stack([coarse, fine]), axis=0)) == count + 1


def test_a_cut_numbers_larger_themes_first():
    assert TREE.cut(3).tolist() == [0, 0, 0, 1, 1, 2, 2]
    assert TREE.cut(1).tolist() == [0] * 7


def test_themes_by_size_and_then_by_their_first_unit():
    assert by_size(np.array([7, 3, 3, 5, 7, 9])).tolist() == [0, 1, 1, 2, 0, 3]
    assert by_size(np.array([2, 4, 4])).tolist() == [1, 0, 0]


def test_refining_moves_units_to_the_nearest_middle():
    # Middles .5 and 6: 2 goes over, and middles 1 and 10 keep every unit.
    line = np.array([[0.0], [2.0], [10.0], [1.0]])
    assert refine(line, np.array([5, 9, 9, 5])).tolist() == [0, 0, 1, 0]


def test_refining_ends_after_some_rounds():
    # Middles 0 and 5.3: 2.5 goes over. Middles 1.25 and 6.75: 3.5 goes too. Then all stay.
    line, labels = np.array([[0.0], [2.5], [3.5], [10.0]]), np.array([0, 1, 1, 1])
    assert refine(line, labels).tolist() == [0, 0, 0, 1]
    assert refine(line, labels, rounds=1).tolist() == [0, 0, 1, 1]


def test_refining_leaves_no_theme_empty():
    # The middle of -4 and 4 is 0, and both lie nearer to -3 and 3: no unit would stay.
    line = np.array([[-4.0], [4.0], [-3.0], [3.0]])
    labels = np.array([0, 0, 1, 2])
    assert refine(line, labels).tolist() == labels.tolist()


def test_refining_in_pieces_is_the_same(monkeypatch):
    rows = cloud(100).astype(float)
    labels = np.arange(100) % 7
    whole = refine(rows, labels)
    monkeypatch.setattr(clustering, "_BLOCK", 33)
    np.testing.assert_array_equal(refine(rows, labels), whole)


# --- opening and closing ------------------------------------------------------------------


def test_the_two_closest_themes():
    # In degrees: 3 * 2 / 5 * 29.5 ** 2 = 1044 against 2 * 2 / 4 * 64.5 ** 2 = 4160.
    assert TREE.closest(THREE) == (0, 1)
    assert TREE.closest(np.array([8, 8, 8, 1, 1, 4, 4])) == (1, 8)
    with pytest.raises(ValueError, match="no neighbour"):
        TREE.closest(np.zeros(7, dtype=int))


def test_the_theme_that_gains_most_by_a_split():
    # In degrees: 2 / 3 * 1.5 ** 2 and 1 / 2 * 1 against 1 / 2 * 10 ** 2.
    assert TREE.loosest(THREE) == 2
    with pytest.raises(ValueError, match="no theme can be split"):
        TREE.loosest(np.arange(7))


def test_a_split_leaves_the_other_themes_alone():
    labels = np.array([1, 1, 1, 1, 1, 0, 0])
    assert TREE.split(labels, 1).tolist() == [1, 1, 1, 2, 2, 0, 0]
    assert TREE.split(labels, 0).tolist() == [1, 1, 1, 1, 1, 0, 2]
    assert TREE.split(labels, 1, parts=3).tolist()[5:] == [0, 0]
    assert labels.tolist() == [1, 1, 1, 1, 1, 0, 0]


def test_a_theme_of_fewer_places_than_parts_is_not_split():
    with pytest.raises(ValueError, match="3 themes from 2 groups"):
        TREE.split(THREE, 2, parts=3)


def test_a_merge_joins_the_second_to_the_first():
    assert TREE.merge(THREE, 2, 0).tolist() == [2, 2, 2, 1, 1, 2, 2]
    assert THREE.tolist() == [0, 0, 0, 1, 1, 2, 2]


def test_a_split_and_a_merge_of_the_parts_give_the_theme_back():
    labels = np.array([0, 0, 0, 1, 1, 0, 0])
    assert TREE.merge(TREE.split(labels, 0), 0, 2).tolist() == labels.tolist()


# --- the whole way ------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "size"), [(3, 4), (4, 10), (6, 10), (5, 40), (20, 35)])
def test_groups_far_apart_are_found_exactly(count, size):
    vectors, group = blobs(count, size, spread=0.3)
    assert parts(build_tree(vectors).cut(count)) == parts(group)


def test_more_units_than_take_part_themselves(monkeypatch):
    vectors, group = blobs(6, 50, spread=0.3)
    whole = build_tree(vectors).cut(6)
    monkeypatch.setattr(clustering, "diffuse", partial(diffuse, exact=100, landmarks=120))
    sampled = build_tree(vectors).cut(6)
    assert parts(sampled) == parts(whole) == parts(group)


def test_units_are_gathered_first_when_there_are_many(monkeypatch):
    monkeypatch.setattr(clustering, "_LEAVES", 50)
    vectors, group = blobs(5, 80, spread=0.3)
    tree = build_tree(vectors)
    assert tree.leaf.max() == len(tree.merges) <= 49
    assert parts(tree.cut(5)) == parts(group)
    assert tree.loosest(tree.cut(5)) in range(5)


def test_places_that_differ_in_the_last_digits_alone_are_gathered_without_a_warning(monkeypatch):
    monkeypatch.setattr(clustering, "_LEAVES", 50)
    random = np.random.default_rng(0)
    places = np.repeat(random.standard_normal((20, 4)), 15, axis=0)
    places += 1e-13 * random.standard_normal(places.shape)
    monkeypatch.setattr(clustering, "diffuse", lambda vectors, seed: places)
    tree = build_tree(cloud(300))
    assert len(tree.merges) < 50
    assert parts(tree.cut(20)) == parts(np.repeat(np.arange(20), 15))


@pytest.mark.parametrize("places", [1, 3, 15])
def test_many_units_in_few_places_are_gathered_by_place(monkeypatch, places):
    monkeypatch.setattr(clustering, "_LEAVES", 20)
    place = np.arange(90) % places
    tree = build_tree(cloud(places)[place])
    assert parts(tree.leaf) == parts(place)


def test_units_of_one_vector_are_never_parted():
    vectors = np.concatenate([cloud(70), np.repeat(cloud(1), 30, axis=0)])
    tree = build_tree(vectors)
    assert len(tree.merges) == 69
    for themes in (6, 20, 70):
        assert len(np.unique(tree.cut(themes)[[0, *range(70, 100)]])) == 1


@pytest.mark.parametrize("n", [2, 12, 60, 700])
def test_units_that_are_all_the_same_are_one_theme(n):
    tree = build_tree(np.repeat(cloud(1), n, axis=0))
    assert default_themes(tree) == 1
    assert tree.cut(1).tolist() == [0] * n
    with pytest.raises(ValueError, match="2 themes from 1 groups"):
        tree.cut(2)


@pytest.mark.parametrize("n", [25, 59, 80])
def test_the_order_of_rows_changes_no_theme(n):
    vectors = cloud(n)
    shuffled = np.random.default_rng(1).permutation(n)
    one, other = build_tree(vectors), build_tree(vectors[shuffled])
    for themes in (2, 6, 12):
        assert parts(one.cut(themes)[shuffled]) == parts(other.cut(themes))


@pytest.mark.parametrize("n", [40, 640])
def test_runs_and_processors_change_no_byte(monkeypatch, n):
    monkeypatch.setattr(diffusion, "_BLOCK", 50)
    monkeypatch.setattr(clustering, "_LEAVES", 200)
    vectors, found = cloud(n), []
    before = vectors.copy()
    for processors in (1, 2, 2):
        monkeypatch.setattr(os, "cpu_count", lambda processors=processors: processors)
        tree = build_tree(vectors, seed=3)
        themes = default_themes(tree)
        arrays = (tree.coordinates, tree.leaf, tree.merges, tree.heights, tree.cut(themes))
        found.append((themes, *(array.tobytes() for array in arrays)))
    assert found[0] == found[1] == found[2]
    np.testing.assert_array_equal(vectors, before)


def test_no_units_have_no_tree():
    with pytest.raises(ValueError, match="no units"):
        build_tree(np.empty((0, 8), dtype=np.float32))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_not_finite_is_told(value):
    vectors = cloud(20)
    vectors[3, 2] = value
    with pytest.raises(ValueError, match="not finite"):
        build_tree(vectors)


# --- how many -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (1, (2, 2)),
        (12, (2, 4)),
        (59, (2, 19)),
        (60, (6, 6)),
        (299, (6, 19)),
        (300, (10, 20)),
        (1_999, (10, 30)),
        (200_000, (12, 30)),
    ],
)
def test_bounds_grow_with_the_units(n, expected):
    assert bounds(n) == expected


@pytest.mark.parametrize("size", [4, 10, 14])
def test_four_tight_groups_are_four_themes(size):
    vectors, group = blobs(4, size)
    tree = build_tree(vectors)
    assert default_themes(tree) == 4
    assert parts(tree.cut(4)) == parts(group)


def test_eight_tight_groups_of_many_units_are_eight_themes():
    vectors, _ = blobs(8, 25)
    assert default_themes(build_tree(vectors)) == 8


@pytest.mark.parametrize("n", [12, 59, 60, 150, 310])
def test_the_default_is_within_bounds(n):
    low, high = bounds(n)
    assert low <= default_themes(build_tree(cloud(n))) <= high


@pytest.mark.parametrize("places", [2, 3, 5, 6])
def test_of_few_places_there_are_no_more_themes_than_places(places):
    tree = build_tree(np.repeat(cloud(places), 20, axis=0))
    assert len(tree.merges) + 1 == places
    assert default_themes(tree) == places


def test_a_sample_in_which_no_number_can_be_judged_gives_the_least(monkeypatch):
    monkeypatch.setattr(clustering, "_SILHOUETTE_SAMPLE", 1)
    assert default_themes(build_tree(cloud(30))) == 2


def test_a_tree_is_what_it_was_made_of():
    tree = build_tree(circle(0, 90, 0), seed=5)
    assert isinstance(tree, ThemeTree)
    assert tree.seed == 5
    assert tree.leaf[0] == tree.leaf[2] != tree.leaf[1]
    # Weights 2 and 1 at a right angle: 2 / 3 * 2.
    assert tree.heights == pytest.approx([4 / 3])
