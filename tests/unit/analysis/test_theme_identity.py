"""Ids of themes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.themes.tracking.identity import theme_id, theme_ids

WORDS = st.text("abcé ", max_size=4)
KEYS = st.lists(WORDS, min_size=1, max_size=6)

# printf '1:00:3:bus' | sha256sum, its digest as a number by bc, ten times the rest by 28.
BUS = "t-nz9db25ng8"
# The same of '1:00:3:busagain 1', and of '1:78:split of2:é' for seed 7 and an origin.
BUS_AGAIN = "t-w26gxnjg92"
SPLIT = "t-dmbyj5rh5f"


def test_ids_are_the_digest_of_seed_origin_and_keys():
    assert theme_id(["bus"], 0) == BUS
    assert theme_id(["é"], 7, origin="split of") == SPLIT


def test_a_taken_id_is_never_given_again():
    assert theme_id(["bus"], 0, taken=[BUS]) == BUS_AGAIN
    third = theme_id(["bus"], 0, taken=[BUS, BUS_AGAIN])
    assert third not in {BUS, BUS_AGAIN}
    assert theme_id(["bus"], 0, taken={BUS_AGAIN, BUS}) == third


def test_where_one_key_ends_counts():
    ids = {theme_id(keys, 0) for keys in (["ab", "c"], ["a", "bc"], ["abc"], ["a", "b", "c"])}
    assert len(ids) == 4


def test_seed_and_origin_count():
    assert len({theme_id(["bus"], 0), theme_id(["bus"], 1), theme_id(["bus"], 0, origin="x")}) == 3


def test_a_theme_of_nothing_has_no_id():
    with pytest.raises(ValueError, match="at least one unit"):
        theme_id([], 0)


def test_an_unpaired_surrogate_has_an_id():
    assert theme_id(["\ud800"], 0) != theme_id(["\ud801"], 0)


@settings(deadline=None)
@given(KEYS, st.integers(0, 9), st.randoms())
def test_order_and_repetition_of_keys_do_not_count(keys, seed, random):
    shuffled = [*keys, keys[0]]
    random.shuffle(shuffled)
    found = theme_id(keys, seed)
    assert theme_id(shuffled, seed) == found
    assert found.startswith("t-")
    assert len(found) == 12
    assert not set(found[2:]) & set("aeiou01l")


@settings(deadline=None)
@given(
    st.lists(st.frozensets(WORDS, min_size=1, max_size=4), unique=True, max_size=6), st.randoms()
)
def test_order_of_themes_does_not_count(members, random):
    ids = theme_ids(members, 3)
    assert len(set(ids)) == len(members)
    order = list(range(len(members)))
    random.shuffle(order)
    assert theme_ids([members[at] for at in order], 3) == tuple(ids[at] for at in order)


def test_several_themes_avoid_taken_ids():
    assert theme_ids([["bus"], ["pool"]], 0, taken=[BUS])[0] == BUS_AGAIN


def test_two_themes_of_the_same_units_are_a_mistake():
    with pytest.raises(ValueError, match="same units"):
        theme_ids([["a", "b"], ["b", "a", "a"]], 0)
