"""Themes in another space, and later units that fit none."""

import numpy as np
import pytest

from analysis.themes.later import gather, moved
from analysis.themes.tracking.frame import Frame, FrozenTheme

FRAME = Frame(
    themes=(
        FrozenTheme("t-a", "A", np.array([1, 0], np.float32), 0.5, 0.7),
        FrozenTheme("t-b", "B", np.array([0, 1], np.float32), 0.5, None, retired=True),
    ),
    model_id="old",
    means_version="1",
    seed=3,
)


def test_a_theme_lies_where_its_units_lie_in_the_new_space() -> None:
    vectors = np.array([[1, 0, 0], [0.6, 0.8, 0], [0, 0, 1]], np.float32)
    found = moved(FRAME, {"t-a": [1, 0]}, vectors, model_id="new", means_version="2")
    assert (found.model_id, found.means_version, found.seed) == ("new", "2", 3)
    assert [theme.id for theme in found.themes] == ["t-a", "t-b"]
    one, two = found.themes
    assert one.centroid == pytest.approx([1.6 / 3.2**0.5, 0.8 / 3.2**0.5, 0], abs=1e-6)
    assert one.cohesion == pytest.approx(0.6)
    assert one.threshold == pytest.approx(1.6 / 3.2**0.5, abs=1e-6)  # both lie so far from it
    assert (two.label, two.retired, two.threshold, two.cohesion) == ("B", True, 1.0, None)


def test_units_that_cancel_out_still_have_a_middle() -> None:
    vectors = np.array([[1, 0], [-1, 0]], np.float32)
    found = moved(FRAME, {"t-a": [0, 1]}, vectors, model_id="new", means_version="2")
    assert found.themes[0].centroid.tolist() == [1, 0]


def test_a_frame_with_no_unit_left_takes_nothing() -> None:
    vectors = np.array([[0, 1]], np.float32)
    found = moved(FRAME, {}, vectors, model_id="new", means_version="2")
    assert [theme.threshold for theme in found.themes] == [1.0, 1.0]


def test_units_far_apart_are_gathered_apart() -> None:
    numbers = np.random.default_rng(0)
    centres = np.repeat(np.eye(2, 8), 12, axis=0)
    rows = (centres + numbers.normal(0, 0.05, centres.shape)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    labels = gather(rows, 0)
    assert not set(labels[:12].tolist()) & set(labels[12:].tolist())
