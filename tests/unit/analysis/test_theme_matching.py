"""Old themes found again in a new clustering."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.themes.tracking.frame import Frame, FrozenTheme
from analysis.themes.tracking.identity import theme_id
from analysis.themes.tracking.matching import Cluster, best_pairs, carry_over, match, match_scores


def cluster(keys, *centroid):
    return Cluster(frozenset(keys), np.array(centroid, dtype=np.float32))


# Old "a" is units 1 to 4 along the first axis, old "b" 5 and 6 along the second.
OLD = {"a": cluster("1234", 1, 0, 0), "b": cluster("56", 0, 1, 0)}
X, Y = cluster("123", 1, 0, 0), cluster("456", 0, 1, 0)


def test_the_best_sum_of_scores_wins_over_the_best_single_score():
    # .8 + .85 = 1.65; taking .9 first leaves 1.1 at the most.
    assert best_pairs(np.array([[0.9, 0.8, 0.1], [0.85, 0.2, 0.1]])) == ((0, 1), (1, 0))


def test_scores_are_half_shared_units_and_half_cosine():
    # a and X share 3 of 4 units: (3/4 + 1) / 2. a and Y share 1 of 6. b and Y share 2 of 3.
    expected = [[0.875, 1 / 12], [0.0, 5 / 6]]
    assert match_scores(list(OLD.values()), [X, Y]) == pytest.approx(np.array(expected))


def test_centroids_that_point_apart_count_nothing_and_not_less():
    found = match_scores([cluster("12", 1, 0)], [cluster("12", -3, 0)])
    assert found.tolist() == [[0.5]]


def test_units_of_one_clustering_alone_do_not_count():
    # 4 was withdrawn, 7 and 8 came since: what both saw is the same, 1 to 3.
    found = match_scores([cluster("1234", 1, 0)], [cluster("12378", 0, 1)])
    assert found.tolist() == [[0.5]]


def test_too_weak_a_pair_is_not_taken():
    scores = np.array([[0.3, 0.0], [0.0, 0.299999]])
    assert best_pairs(scores) == ((0, 0),)


def test_two_weak_pairs_do_not_push_out_a_strong_one():
    # .29 + .29 is more than .31, but neither of the two would be taken.
    assert best_pairs(np.array([[0.31, 0.29], [0.29, 0.0]])) == ((0, 0),)


def test_what_is_still_there_keeps_its_id():
    found = match(OLD, [Y, X], seed=0)
    assert found.ids == ("b", "a")
    assert found.scores == pytest.approx((5 / 6, 0.875))
    assert found.retired == ()


def test_what_is_new_gets_an_id_and_what_is_gone_is_retired():
    new = [cluster("789", 0, 0, 1), X]
    found = match(OLD, new, seed=5)
    assert found.ids == (theme_id("789", 5), "a")
    # Unit 4 is in no new cluster, so that a and X are the same.
    assert found.scores == (None, 1.0)
    assert found.retired == ("b",)


def test_a_new_id_avoids_every_id_ever_given():
    plain = theme_id("789", 5)
    (found,) = match({}, [cluster("789", 0, 0, 1)], seed=5, taken=[plain]).ids
    assert found == theme_id("789", 5, [plain])


def test_nothing_old_and_nothing_new():
    assert match({}, [], seed=0).ids == ()
    assert match(OLD, [], seed=0).retired == ("a", "b")
    assert match({}, [X], seed=0).ids == (theme_id("123", 0),)


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(4)), st.integers(0, 2**32 - 1))
def test_the_order_of_clusters_does_not_count(order, seed):
    random = np.random.default_rng(seed)
    units = random.integers(0, 4, 24)
    again = np.where(random.random(24) < 0.3, random.integers(0, 4, 24), units)

    def clusters(labels):
        # Unit vectors from a few directions, so that ties occur.
        return [
            cluster([str(u) for u in np.flatnonzero(labels == c)] + [f"own {c}"], *np.eye(2)[c % 2])
            for c in range(4)
        ]

    old = {f"t-{c}": one for c, one in enumerate(clusters(units))}
    new = clusters(again)
    straight = match(old, new, seed=0)
    turned = match(dict(reversed(old.items())), [new[at] for at in order], seed=0)
    assert turned.ids == tuple(straight.ids[at] for at in order)
    assert turned.retired == straight.retired


def test_of_two_clusters_that_match_alike_the_same_one_is_kept():
    old = {"a": cluster("12", 1, 0)}
    one, two = cluster("1", 1, 0), cluster("2", 1, 0)
    straight, turned = match(old, [one, two], seed=0), match(old, [two, one], seed=0)
    assert straight.scores == (0.75, None)
    assert turned.ids == tuple(reversed(straight.ids))


def test_the_same_clustering_again_gives_the_same_ids():
    for order in permutations(OLD):
        found = match(OLD, [OLD[name] for name in order], seed=9)
        assert found.ids == order
        assert found.scores == (1.0, 1.0)


def frame(*names, locked=False, seed=0):
    themes = tuple(FrozenTheme(name, name.upper(), np.ones(2, np.float32), 0.5) for name in names)
    return Frame(themes, "model", "1", seed, locked)


def test_the_frame_goes_on_with_retired_themes_in_it():
    found = match(OLD, [cluster("789", 0, 0, 1), X], seed=5)
    result = carry_over(frame("a", "b"), frame("new 1", "new 2", seed=5), found)
    assert result.ids == (theme_id("789", 5), "a", "b")
    assert [theme.label for theme in result.themes] == ["NEW 1", "NEW 2", "B"]
    assert [theme.retired for theme in result.themes] == [False, False, True]
    assert result.seed == 5


def test_a_locked_list_gains_no_theme():
    found = match(OLD, [cluster("789", 0, 0, 1), X], seed=5)
    with pytest.raises(InputError, match="locked"):
        carry_over(frame("a", "b", locked=True), frame("x", "y"), found)


def test_a_locked_list_can_lose_one():
    found = match(OLD, [X], seed=5)
    result = carry_over(frame("a", "b", locked=True), frame("x"), found)
    assert result.locked
    assert result.ids == ("a", "b")
