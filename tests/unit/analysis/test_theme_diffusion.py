"""Coordinates in which units that share neighbours lie together."""

import os

import numpy as np
import pytest

from analysis.themes import diffusion
from analysis.themes.diffusion import diffuse, nearest, neighbour_count
from tests.unit.analysis.theme_vectors import blobs, cloud, unit


def cliques(count, size):
    """Groups as large as a unit's neighbourhood: each is tied to all of its own and no other."""
    vectors, group = blobs(count, size, dimension=count)
    return vectors, group[:, None] == group[None, :]


@pytest.mark.parametrize(
    ("n", "count"), [(2, 5), (89, 5), (90, 6), (225, 15), (1000, 15), (12_000, 15)]
)
def test_neighbours_grow_with_the_units_up_to_fifteen(n, count):
    assert neighbour_count(n) == count


@pytest.mark.parametrize("without_self", [False, True])
def test_neighbours_are_those_of_a_search_of_all(monkeypatch, without_self):
    monkeypatch.setattr(diffusion, "_BLOCK", 64)
    vectors = cloud(150)
    scores = vectors.astype(float) @ vectors.astype(float).T
    if without_self:
        np.fill_diagonal(scores, -2)
    found = nearest(vectors, vectors, 7, without_self=without_self)
    expected = np.argsort(-scores, axis=1)[:, :7]
    np.testing.assert_array_equal(np.sort(found, axis=1), np.sort(expected, axis=1))


def test_neighbours_among_other_rows():
    found = nearest(unit([[1, 0], [0, 1]]), unit([[0, 2], [1, 1], [3, 0]]), 1)
    assert found.tolist() == [[2], [0]]


@pytest.mark.parametrize(("count", "size"), [(14, 6), (40, 16)], ids=["84", "640"])
def test_groups_that_no_tie_joins_lie_at_right_angles(count, size):
    # The eigenvalues of a clique of m are 1 and -1/(m - 1): what remains of each is one axis.
    vectors, together = cliques(count, size)
    rows = diffuse(vectors)
    np.testing.assert_allclose(rows @ rows.T, together, atol=1e-6)


def test_more_separate_groups_than_coordinates_still_lie_apart():
    vectors, together = cliques(70, 16)
    rows = diffuse(vectors)
    alike = rows @ rows.T
    assert rows.shape == (1120, 60)
    assert alike[together].min() > 1 - 1e-6
    assert alike[~together].max() < 0.9


def test_two_separate_parts_of_any_shape_lie_at_right_angles():
    vectors, group = blobs(2, 40, spread=0.5)
    rows = diffuse(vectors)
    assert np.abs(rows[group == 0] @ rows[group == 1].T).max() < 1e-6


@pytest.mark.parametrize("n", [2, 3, 12, 60, 600, 601])
def test_rows_are_unit_and_the_vectors_stay_as_they_were(n):
    vectors = cloud(n)
    before = vectors.copy()
    rows = diffuse(vectors)
    assert rows.shape == (n, min(60, n - 1))
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1)
    np.testing.assert_array_equal(vectors, before)


def test_power_iteration_finds_what_the_full_search_does(monkeypatch):
    vectors, _ = blobs(5, 60, spread=0.7)
    full = diffuse(vectors)
    monkeypatch.setattr(diffusion, "_DENSE", 100)
    np.testing.assert_allclose(diffuse(vectors) @ diffuse(vectors).T, full @ full.T, atol=0.02)


@pytest.mark.parametrize(
    ("sixteenth", "steps"),
    [(0.2 ** (1 / 7), 7), (0.001, 1), (0.9999, 200), (1.0, 1), (0.0, 1), (-0.5, 1)],
)
def test_ties_are_followed_until_the_sixteenth_coordinate_fades_to_a_fifth(sixteenth, steps):
    values = np.ones(20)
    values[15:] = sixteenth
    assert diffusion._steps(values) == pytest.approx(steps)


def test_units_outside_the_sample_lie_with_their_group():
    vectors, group = blobs(6, 50)
    rows = diffuse(vectors, exact=100, landmarks=120)
    middles = unit([rows[group == each].sum(axis=0) for each in range(6)])
    np.testing.assert_array_equal(np.argmax(rows @ middles.T, axis=1), group)


def test_a_sample_of_all_is_all():
    vectors = cloud(80)
    sampled = diffuse(vectors, exact=10, landmarks=500)
    assert sampled.tobytes() == diffuse(vectors).tobytes()


@pytest.mark.parametrize("landmarks", [2, 3, 5, 6])
def test_a_sample_smaller_than_a_neighbourhood(landmarks):
    rows = diffuse(cloud(20), exact=10, landmarks=landmarks)
    assert rows.shape == (20, landmarks - 1)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1)


@pytest.mark.parametrize(("n", "landmarks"), [(1, 4000), (0, 4000), (30, 1)])
def test_one_unit_has_no_neighbour(n, landmarks):
    with pytest.raises(ValueError, match="no neighbours among"):
        diffuse(cloud(n), exact=min(n, 10), landmarks=landmarks)


@pytest.mark.parametrize("sample", [{}, {"exact": 100, "landmarks": 150}], ids=["all", "sample"])
def test_the_number_of_processors_changes_no_byte(monkeypatch, sample):
    monkeypatch.setattr(diffusion, "_BLOCK", 50)
    vectors, found = cloud(640), []
    for processors in (1, 2, 64, None):
        monkeypatch.setattr(os, "cpu_count", lambda processors=processors: processors)
        found.append(diffuse(vectors, **sample).tobytes())
    assert len(set(found)) == 1


def test_the_seed_draws_the_sample():
    vectors = cloud(90)
    one, again, other = (diffuse(vectors, seed=seed, exact=50, landmarks=40) for seed in (1, 1, 2))
    assert one.tobytes() == again.tobytes() != other.tobytes()
