"""Whether a theme is found again without a fifth of the units."""

import os

import numpy as np
import pytest

from analysis.themes import clustering
from analysis.themes import stability as module
from analysis.themes.clustering import build_tree, default_themes
from analysis.themes.diffusion import diffuse
from analysis.themes.stability import stability
from tests.unit.analysis.theme_vectors import blobs, cloud, unit


@pytest.mark.parametrize("size", [8, 25], ids=["32 units", "100 units"])
def test_groups_far_apart_are_always_found_again(size):
    vectors, group = blobs(4, size)
    assert stability(vectors, group).tolist() == [1.0] * 4


@pytest.mark.parametrize("n", [50, 200])
def test_parts_of_a_cloud_are_not(n):
    vectors = cloud(n)
    found = stability(vectors, build_tree(vectors).cut(6))
    assert found.shape == (6,)
    assert (found >= 0).all()
    assert found.mean() < 0.75


def test_the_overlap_is_with_the_likest_theme():
    # Two groups close by and one far off, all of one size; a and b are found together. So a
    # is half of what it lies in, and of b with c no more than half is ever found together.
    group = np.repeat([0, 1, 2], 15)
    middles = np.array([[1.0, 0.0, 0.0], [0.9, 0.3, 0.0], [0.0, 0.0, 1.0]])
    vectors = unit(middles[group] + np.random.default_rng(0).normal(0, 0.01, (45, 3)))
    found = stability(vectors, np.array([0, 1, 1])[group])
    assert found == pytest.approx([0.5, 0.5], abs=0.1)


def test_one_theme_is_always_found():
    assert stability(cloud(1), np.zeros(1, dtype=int)).tolist() == [1.0]
    assert stability(cloud(30), np.zeros(30, dtype=int)).tolist() == [1.0]


def test_two_units_of_two_themes():
    # One of them is drawn each time, and is then a theme of its own.
    found = stability(unit([[1, 0], [0, 1]]), np.array([0, 1]))
    assert set(found[~np.isnan(found)]) == {1.0}


def test_of_a_theme_never_drawn_nothing_is_said(monkeypatch):
    # Five draws of two leave at least 2 of 12 units out, whichever they are.
    monkeypatch.setattr(module, "_MOST_UNITS", 2)
    vectors, units = cloud(12), np.arange(12)
    found = np.array([stability(vectors, (units == each).astype(int)) for each in units])
    assert np.isnan(found[:, 1]).sum() >= 2
    assert not np.isnan(found[:, 0]).any()


@pytest.mark.parametrize(("size", "times"), [(59, 0), (60, 5)])
def test_a_sample_is_clustered_in_the_way_all_units_were(monkeypatch, size, times):
    # 48 of 60 units are fewer than it takes to follow neighbours, and yet they do.
    drawn = []

    def counted(vectors, *, seed):
        drawn.append(len(vectors))
        return diffuse(vectors, seed=seed)

    monkeypatch.setattr(clustering, "diffuse", counted)
    stability(cloud(size), np.arange(size) % 3)
    assert drawn == [48] * times


def test_it_reports_how_far_it_is():
    seen = []
    vectors, group = blobs(2, 6)
    stability(vectors, group, report=lambda *now: seen.append(now))
    assert seen == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_runs_and_processors_change_no_byte(monkeypatch):
    vectors, found = cloud(150), []
    tree = build_tree(vectors)
    labels = tree.cut(default_themes(tree))
    before = vectors.copy(), labels.copy()
    for processors in (1, 2, 2):
        monkeypatch.setattr(os, "cpu_count", lambda processors=processors: processors)
        found.append(stability(vectors, labels, seed=1).tobytes())
    assert found[0] == found[1] == found[2] != stability(vectors, labels, seed=2).tobytes()
    np.testing.assert_array_equal(vectors, before[0])
    np.testing.assert_array_equal(labels, before[1])
