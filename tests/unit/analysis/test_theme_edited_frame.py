"""The themes that new units are assigned to after people's edits."""

import numpy as np
import pytest

from analysis.themes.tracking.assigning import assign
from analysis.themes.tracking.events import (
    Confirm,
    Create,
    Lock,
    Merge,
    Move,
    Rename,
    Split,
    Unlock,
)
from analysis.themes.tracking.frame import Frame, FrozenTheme
from analysis.themes.tracking.replay import replay
from analysis.themes.tracking.resolving import edited_frame, resolve
from tests.unit.analysis.theme_log import (
    BASE,
    KEYS,
    SAID,
    VECTORS,
    Log,
)


def test_a_locked_list_stays_locked_for_the_machine_and_open_for_people():
    log = Log((Lock,), (Create, "Pools", "Swimming"))
    result = edited_frame(BASE, log.state, KEYS, resolve(log.state, KEYS, SAID), VECTORS)
    assert result.locked
    assert not log.add(Unlock).locked


def frame_after(*edits, described=None, order=None):
    log = Log(*edits)
    at = list(order or range(5))
    keys = [KEYS[row] for row in at]
    resolved = resolve(log.state, keys, [SAID[row] for row in at], VECTORS[at])
    return edited_frame(BASE, log.state, keys, resolved, VECTORS[at], described), log.state


def test_a_theme_that_nobody_touched_keeps_all_but_its_label():
    frame, _ = frame_after((Rename, "t-bus", "Bus service"))
    assert frame.ids == BASE.ids
    assert frame.themes[0].label == "Bus service"
    for mine, theirs in zip(frame.themes, BASE.themes, strict=True):
        assert mine.to_dict() | {"label": ""} == theirs.to_dict() | {"label": ""}


def test_a_persons_units_count_three_times():
    # Doctors: 3 (1, 0, 0) + (0, 1, 0) + (0, .8, .6) = (3, 1.8, .6), of length 3.5496.
    frame, _ = frame_after((Move, "b1", "t-bus", "t-gp"))
    doctors = frame.themes[1]
    assert doctors.centroid == pytest.approx(np.array([3, 1.8, 0.6]) / np.sqrt(12.6))
    # Pairs: 0, 0 and .8.
    assert doctors.cohesion == pytest.approx(0.8 / 3)
    # Cosines of b1, g1, g2: 3, 1.8 and 1.44 + .36 of 3.5496; of b2 to the old centroid: .8.
    # All four: .507, .507, .8, .845; 5 % is at .15: .507. Three members: between equals: .507.
    assert doctors.threshold == pytest.approx(1.8 / np.sqrt(12.6))
    assert frame.themes[0].to_dict() == BASE.themes[0].to_dict()


def test_a_locked_theme_keeps_its_centroid():
    frame, _ = frame_after((Move, "b1", "t-bus", "t-gp"), (Lock, "t-gp"))
    assert frame.themes[1].to_dict() == BASE.themes[1].to_dict()


def test_a_merged_theme_has_its_centroid_from_both():
    frame, _ = frame_after((Merge, "t-gp", "t-bus"))
    assert frame.ids == ("t-gp", "t-old")
    assert frame.themes[0].centroid == pytest.approx(np.array([1.8, 1.8, 1.2]) / np.sqrt(7.92))


def test_parts_take_new_units_and_the_group_does_not():
    frame, state = frame_after((Split, "t-bus", (("b1",), ("b2",))))
    assert frame.ids == ("t-gp", "t-old", *state.groups["t-bus"])
    found = assign(np.array([[1, 0, 0]], np.float32), frame)
    assert found.ids(frame) == (state.groups["t-bus"][0],)


def test_a_theme_made_by_description_needs_its_vector():
    edit = (Create, "Pools", "Swimming")
    frame, state = frame_after(edit)
    assert frame.ids == BASE.ids
    pools = state.standing[-1]
    frame, _ = frame_after(edit, described={pools: np.array([0, 0, -2], np.float32)})
    assert frame.ids == (*BASE.ids, pools)
    assert frame.themes[-1].centroid.tolist() == [0, 0, -1]
    assert frame.themes[-1].cohesion is None


@pytest.mark.parametrize(("base", "threshold"), [(BASE, 0.4), (Frame((), "m", "1", 0), 0.0)])
def test_with_descriptions_alone_thresholds_are_those_of_the_frame(base, threshold):
    log = Log((Create, "Pools", "Swimming"), base=base)
    described = {log.state.standing[-1]: np.array([0, 0, 1], np.float32)}
    nothing = resolve(log.state, (), ())
    frame = edited_frame(base, log.state, (), nothing, np.zeros((0, 3), np.float32), described)
    assert frame.themes[-1].threshold == threshold


def test_the_order_of_units_does_not_change_a_byte():
    edits = ((Merge, "t-gp", "t-bus"), (Confirm, "x", "t-gp"))
    straight, _ = frame_after(*edits)
    turned, _ = frame_after(*edits, order=(4, 2, 0, 3, 1))
    assert turned.to_dict() == straight.to_dict()


def test_sums_have_one_order_whatever_the_order_of_units():
    # 1 - 1 + 1e-17 is 1e-17, 1e-17 + 1 - 1 is nothing.
    base = Frame((FrozenTheme("t", "T", np.ones(2, np.float32), 0.5),), "m", "1", 0)
    vectors = np.array([[1, 0], [-1, 0], [1e-17, 1e-17]], np.float32)
    state = Log(*((Confirm, key, "t") for key in "abc"), base=base).state
    for order in ([0, 1, 2], [2, 0, 1]):
        keys = ["abc"[at] for at in order]
        resolved = resolve(state, keys, ["t"] * 3)
        (theme,) = edited_frame(base, state, keys, resolved, vectors[order]).themes
        assert theme.centroid == pytest.approx([np.sqrt(0.5)] * 2)


def test_lengths_that_do_not_fit_are_refused():
    state = replay(BASE, [])
    with pytest.raises(ValueError, match="5 keys do not fit"):
        resolve(state, KEYS, SAID[:4])
    with pytest.raises(ValueError, match="5 keys do not fit"):
        resolve(state, KEYS, SAID, VECTORS[:4])
    with pytest.raises(ValueError, match="two units of one key"):
        resolve(state, ("b1", "b1"), (None, None))
    with pytest.raises(ValueError, match=r"not there: \['t-none'\]"):
        resolve(state, ("b1",), ("t-none",))
    with pytest.raises(ValueError, match="5 keys, 5 themes, 4 vectors"):
        edited_frame(BASE, state, KEYS, resolve(state, KEYS, SAID), VECTORS[:4])
