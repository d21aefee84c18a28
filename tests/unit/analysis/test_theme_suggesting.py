"""Units that fit no theme, gathered into suggestions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.themes.tracking.assigning import assign
from analysis.themes.tracking.frame import Frame, FrozenTheme
from analysis.themes.tracking.identity import theme_id
from analysis.themes.tracking.suggesting import adopt, suggest


def theme(name, *centroid, threshold=0.6, **more):
    return FrozenTheme(name, name.upper(), np.array(centroid, np.float32), threshold, **more)


def frame_of(*themes, **more):
    return Frame(themes, "model", "1", 0, **more)


def cohesive(*values):
    return frame_of(*(theme(f"t-{at}", *[1] * 5, cohesion=c) for at, c in enumerate(values)))


COHESIVE = cohesive(0.1, 0.5, 0.9)


def rejects():
    """Fourteen units along one axis, three along another, and two by themselves."""
    axes = [0] * 14 + [1] * 3 + [2, 3]
    vectors = np.eye(5, dtype=np.float32)[axes] + np.float32(0.1) * np.eye(5, dtype=np.float32)[4]
    vectors /= np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    return vectors, [f"unit {at:02}" for at in range(19)]


def by_axis(vectors):
    return np.argmax(vectors, axis=1)


def gather(vectors, keys, total=900, frame=COHESIVE, cluster=by_axis, **more):
    return suggest(vectors, keys, frame=frame, cluster=cluster, seed=0, total=total, **more)


def test_a_large_group_is_proposed_and_a_small_one_is_waiting():
    vectors, keys = rejects()
    found = gather(vectors, keys)
    (large,), (small,) = found.themes, found.waiting
    assert found.least == 10
    assert large.keys == tuple(keys[:14])
    assert large.id == theme_id(keys[:14], 0)
    assert large.cohesion == pytest.approx(1.0, abs=1e-6)
    assert large.centroid == pytest.approx(vectors[0], abs=1e-6)
    assert large.threshold == pytest.approx(1.0, abs=1e-6)
    assert small.keys == tuple(keys[14:17])
    assert found.pool == tuple(keys[17:])


def test_one_in_a_hundred_is_asked_of_many():
    vectors, keys = rejects()
    found = gather(vectors, keys, total=1401)
    assert found.least == 15
    assert found.themes == ()
    assert [len(group.keys) for group in found.waiting] == [14, 3]
    assert gather(vectors, keys, total=1400).least == 14


def test_too_few_are_not_clustered():
    def never(vectors):
        raise AssertionError

    vectors, keys = rejects()
    found = gather(vectors, keys, total=1901, cluster=never)
    assert (found.themes, found.waiting, found.least) == ((), (), 20)
    assert found.pool == tuple(keys)


def test_a_group_of_unlike_units_stays_in_the_pool():
    # Pairs of one axis have cosine 1, of different ones .01 / 1.01. All together, 91 + 3 of 171
    # pairs are alike: cohesion .554. The lower quartile of .4, .7, .9 is .55, of .42, .7, .9 .56.
    vectors, keys = rejects()

    def together(vectors):
        return np.zeros(len(vectors), int)

    found = gather(vectors, keys, frame=cohesive(0.4, 0.7, 0.9), cluster=together)
    assert found.themes[0].cohesion == pytest.approx((94 + 77 * 0.01 / 1.01) / 171, abs=1e-6)
    found = gather(vectors, keys, frame=cohesive(0.42, 0.7, 0.9), cluster=together)
    assert (found.themes, found.waiting, found.pool) == ((), (), tuple(keys))


def test_without_themes_any_group_that_points_somewhere_will_do():
    vectors, keys = rejects()
    assert len(gather(vectors, keys, frame=frame_of()).themes) == 1
    nowhere = gather(np.zeros_like(vectors), keys, frame=frame_of())
    assert (nowhere.themes, nowhere.waiting) == ((), ())


def test_a_locked_list_gets_no_proposals_and_loses_none():
    vectors, keys = rejects()
    locked = frame_of(*COHESIVE.themes, locked=True)
    found = gather(vectors, keys, frame=locked)
    assert found.themes == ()
    assert [len(group.keys) for group in found.waiting] == [14, 3]
    with pytest.raises(InputError, match="locked"):
        adopt(locked, found.waiting, {})


def test_units_of_one_word_make_no_theme():
    vectors, keys = rejects()
    found = gather(vectors, keys, may_seed=[False] * 3 + [True] * 16)
    assert found.themes[0].keys == tuple(keys[3:14])
    assert found.pool == (*keys[:3], *keys[17:])


def test_units_without_a_label_stay_in_the_pool():
    vectors, keys = rejects()
    found = gather(vectors, keys, cluster=lambda rows: np.full(len(rows), -1))
    assert found.pool == tuple(keys)


def test_a_suggested_id_avoids_every_id_ever_given():
    vectors, keys = rejects()
    plain = theme_id(keys[:14], 0)
    found = gather(vectors, keys, taken=[plain])
    assert found.themes[0].id == theme_id(keys[:14], 0, [plain])


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(19)))
def test_the_order_of_rejects_does_not_count(order):
    vectors, keys = rejects()
    vectors = vectors + np.float32(1e-3) * np.arange(19, dtype=np.float32)[:, None]
    straight = gather(vectors, keys)
    turned = gather(vectors[list(order)], [keys[at] for at in order])
    assert turned.pool == straight.pool
    mine, theirs = straight.themes + straight.waiting, turned.themes + turned.waiting
    for one, other in zip(mine, theirs, strict=True):
        assert (one.id, one.keys, one.threshold) == (other.id, other.keys, other.threshold)
        assert one.centroid.tobytes() == other.centroid.tobytes()


def test_adopted_groups_are_themes():
    vectors, keys = rejects()
    (group,) = gather(vectors, keys).themes
    frame = adopt(COHESIVE, [group], {group.id: "Swimming"})
    assert frame.ids == ("t-0", "t-1", "t-2", group.id)
    assert frame.themes[-1].label == "Swimming"
    assert frame.themes[-1].cohesion == group.cohesion
    assert assign(vectors[:1], frame).ids(frame) == (group.id,)


def test_suggesting_refuses_what_does_not_fit():
    vectors, keys = rejects()
    with pytest.raises(ValueError, match="18 keys"):
        gather(vectors, keys[:-1])
    with pytest.raises(ValueError, match="two units of one key"):
        gather(vectors, [keys[0]] * 19)
    with pytest.raises(ValueError, match="of 18 in all"):
        gather(vectors, keys, total=18)
    with pytest.raises(ValueError, match="labels of shape"):
        gather(vectors, keys, cluster=lambda rows: np.zeros(3, int))
