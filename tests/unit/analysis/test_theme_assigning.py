"""Units into frozen themes."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.themes.tracking import assigning
from analysis.themes.tracking.assigning import Status, assign, cohesion, thresholds
from analysis.themes.tracking.frame import Frame, FrozenTheme


def theme(name, *centroid, threshold=0.6, **more):
    return FrozenTheme(name, name.upper(), np.array(centroid, np.float32), threshold, **more)


def frame_of(*themes, **more):
    return Frame(themes, "model", "1", 0, **more)


EAST_NORTH = frame_of(theme("east", 2, 0), theme("north", 0, 1))


def rows(*values):
    return np.array(values, dtype=np.float32)


def test_a_unit_goes_to_the_nearest_theme_that_takes_it():
    # Strengths are cosines, margins their differences, by hand.
    found = assign(rows([1, 0], [0.6, 0.8], [0.72, 0.694], [-1, 0]), EAST_NORTH)
    assert found.theme.tolist() == [0, 1, 0, -1]
    assert found.ids(EAST_NORTH) == ("east", "north", "east", None)
    assert found.strength == pytest.approx([1, 0.8, 0.72, 0])
    assert found.margin == pytest.approx([1, 0.2, 0.026, 1], abs=1e-6)
    assert found.status.tolist() == ["assigned", "assigned", "uncertain", "unclear"]
    assert not found.by_keyword.any()


def test_a_tight_theme_leaves_a_unit_to_a_wider_one():
    frame = frame_of(theme("east", 1, 0, threshold=0.95), theme("north", 0, 1, threshold=0.5))
    found = assign(rows([0.8, 0.6]), frame)
    assert found.theme.tolist() == [1]
    assert found.strength == pytest.approx([0.6])
    assert found.margin == pytest.approx([-0.2])
    assert found.status.tolist() == [Status.UNCERTAIN]


def test_a_row_of_zeros_belongs_to_nothing_however_wide_the_themes():
    frame = frame_of(theme("east", 1, 0, threshold=0.0), theme("north", 0, 1, threshold=0.0))
    assert assign(rows([0, 0]), frame).status.tolist() == ["unclear"]


def test_with_one_theme_the_margin_is_the_strength():
    found = assign(rows([0.8, 0.6]), frame_of(theme("east", 1, 0)))
    assert found.margin == pytest.approx([0.8])
    assert found.status.tolist() == ["assigned"]


def test_the_machine_puts_nothing_into_a_retired_theme():
    frame = frame_of(theme("east", 1, 0, retired=True), theme("north", 0, 1))
    found = assign(rows([1, 0], [0, 1]), frame)
    assert found.ids(frame) == (None, "north")
    assert found.margin == pytest.approx([0, 1])


def test_without_themes_everything_is_unclear():
    found = assign(rows([1, 0]), frame_of())
    assert found.theme.tolist() == [-1]
    assert found.status.tolist() == ["unclear"]
    assert assign(np.zeros((0, 2), np.float32), EAST_NORTH).theme.shape == (0,)


def test_a_tie_goes_by_id_and_not_by_order():
    turned = frame_of(*reversed(EAST_NORTH.themes))
    half = rows([np.sqrt(0.5), np.sqrt(0.5)])
    assert assign(half, EAST_NORTH).ids(EAST_NORTH) == ("east",)
    assert assign(half, turned).ids(turned) == ("east",)


def test_one_word_goes_by_cosine_then_by_keyword_then_nowhere():
    frame = frame_of(theme("bus", 1, 0, 0), theme("car", 0, 1, 0), theme("dog", 0, 0, 1))
    keywords = {"bus": ["Bus stop", "parking"], "car": ["Parking", "cars"], "dog": ["dogs", "?"]}
    texts = ["Cars!", "CARS", "Parking", "Pool", "bus stop", "?", "dogs are nice"]
    vectors = rows([1, 0, 0], *[[0.3, 0.4, 0.2]] * 6)
    found = assign(vectors, frame, texts=texts, keywords=keywords)
    assert found.ids(frame) == ("bus", "car", "car", None, None, None, None)
    assert found.status.tolist() == ["assigned", "assigned", "uncertain", *["unclear"] * 4]
    assert found.by_keyword.tolist() == [False, True, True, False, False, False, False]
    # To its keyword's theme, not to the nearest one.
    dogs = assign(vectors[1:2], frame, texts=["dogs"], keywords=keywords)
    assert dogs.ids(frame) == ("dog",)
    assert dogs.strength == pytest.approx([0.2])
    assert dogs.margin == pytest.approx([-0.2])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.data())
def test_a_rows_result_depends_on_nothing_around_it(seed, data):
    random = np.random.default_rng(seed)
    n, k, d = random.integers((1, 1, 2), (60, 8, 40)).tolist()
    vectors = random.normal(size=(n, d)).astype(np.float32)
    vectors /= np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    themes = [theme(f"t-{at}", *random.normal(size=d), threshold=0.1) for at in range(k)]
    frame = frame_of(*themes)
    whole = assign(vectors, frame)
    few = data.draw(st.permutations(range(n)))[: data.draw(st.integers(1, n))]
    turned = frame_of(*data.draw(st.permutations(themes)))
    part = assign(vectors[few], turned)
    assert part.strength.tobytes() == whole.strength[few].tobytes()
    assert part.margin.tobytes() == whole.margin[few].tobytes()
    assert part.status.tolist() == whole.status[few].tolist()
    assert part.ids(turned) == tuple(whole.ids(frame)[at] for at in few)


def test_blocks_do_not_show(monkeypatch):
    random = np.random.default_rng(0)
    vectors = random.normal(size=(50, 8)).astype(np.float32)
    frame = frame_of(*(theme(f"t-{at}", *random.normal(size=8)) for at in range(5)))
    labels = np.arange(50) % 5
    centroids = np.stack([one.centroid for one in frame.themes])
    whole, least = assign(vectors, frame), thresholds(vectors, labels, centroids)
    monkeypatch.setattr(assigning, "_BLOCK", 7)
    assert assign(vectors, frame).strength.tobytes() == whole.strength.tobytes()
    assert thresholds(vectors, labels, centroids).tobytes() == least.tobytes()


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="do not fit the frame"):
        assign(np.zeros((1, 3), np.float32), EAST_NORTH)
    with pytest.raises(ValueError, match="1 vectors but 2 texts"):
        assign(rows([1, 0]), EAST_NORTH, texts=["a", "b"])
    with pytest.raises(ValueError, match="not finite"):
        assign(rows([np.nan, 0]), EAST_NORTH)


def at_cosines(*cosines):
    return rows(*([c, np.sqrt(1 - c * c)] for c in cosines))


def test_thresholds_are_quantiles_drawn_towards_the_common_one():
    # Theme 0: cosines .50, .52 ... .90, of which the 5 % quantile is the second, .52.
    # Theme 1: one member at .30. All 22: .50 + .05 * .02 = .501, which counts as 20 members.
    many = at_cosines(*np.arange(21) * 0.02 + 0.5)
    vectors = np.vstack([many, at_cosines(0.3), at_cosines(-1.0)])
    labels = np.array([0] * 21 + [1, -1])
    found = thresholds(vectors, labels, rows([3, 0], [1, 0], [0, 1]))
    expected = [(21 * 0.52 + 20 * 0.501) / 41, (0.3 + 20 * 0.501) / 21, 0.501]
    assert found == pytest.approx(expected, abs=1e-6)


def test_a_threshold_is_never_below_zero():
    assert thresholds(rows([-1, 0]), np.array([0]), rows([1, 0])).tolist() == [0.0]


@pytest.mark.parametrize(
    ("labels", "message"),
    [([-1], "no row has a theme"), ([1], "label 1 with 1 centroids"), ([0, 0], "labels of shape")],
)
def test_thresholds_refuse_labels_that_do_not_fit(labels, message):
    with pytest.raises(ValueError, match=message):
        thresholds(rows([1, 0]), np.array(labels), rows([1, 0]))


def test_cohesion_is_the_mean_over_pairs():
    # Pairs: east and north 0, east and between .6, north and between .8.
    assert cohesion(rows([1, 0], [0, 1], [0.6, 0.8])) == pytest.approx(1.4 / 3)
    with pytest.raises(ValueError, match="two or more"):
        cohesion(rows([1, 0]))


def test_a_frame_keeps_every_bit_through_json():
    random = np.random.default_rng(1)
    frame = frame_of(
        theme("east", *random.normal(size=5), threshold=1 / 3, cohesion=0.1, retired=True),
        theme("north", *random.normal(size=5)),
        locked=True,
    )
    back = Frame.from_dict(json.loads(json.dumps(frame.to_dict())))
    assert back.to_dict() == frame.to_dict()
    for mine, theirs in zip(frame.themes, back.themes, strict=True):
        assert theirs.centroid.dtype == np.float32
        assert theirs.centroid.tobytes() == mine.centroid.tobytes()
    # 1.0 and -2.0 as little-endian float32: 00 00 80 3f 00 00 00 c0.
    assert theme("x", 1, -2).to_dict()["centroid"] == "AACAPwAAAMA="


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.pop("seed"),
        lambda data: data.update(themes=None),
        lambda data: data["themes"][0].update(centroid="AAA"),
        lambda data: data["themes"][0].update(centroid="AAAA"),
        lambda data: data["themes"][0].update(threshold=7),
        lambda data: data["themes"].append(data["themes"][0]),
    ],
)
def test_a_damaged_frame_is_said_to_be(damage):
    data = EAST_NORTH.to_dict()
    damage(data)
    with pytest.raises(InputError, match="stored themes are damaged"):
        Frame.from_dict(data)


def test_a_theme_has_one_finite_centroid_that_nobody_changes():
    mine = np.array([1.0, 0.0], dtype=np.float32)
    kept = FrozenTheme("a", "A", mine, 0.5)
    mine[0] = 9
    assert kept.centroid.tolist() == [1, 0]
    with pytest.raises(ValueError, match="read-only"):
        kept.centroid[0] = 9
    for bad in ([0, 0], [np.inf, 0], [[1, 0]]):
        with pytest.raises(ValueError, match="centroid"):
            FrozenTheme("a", "A", np.array(bad, np.float32), 0.5)
    with pytest.raises(ValueError, match="different lengths"):
        frame_of(theme("a", 1, 0), theme("b", 1, 0, 0))
