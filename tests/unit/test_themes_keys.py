"""Keys of statements, and vectors as they are kept."""

import numpy as np

from consult.services.themes.keys import digests, from_bytes, to_bytes


def test_a_key_says_nothing_without_the_salt_and_is_the_same_with_it() -> None:
    one, again, other = (
        digests(salt, ["the bus is late", "no buses"]) for salt in ("aa" * 16, "aa" * 16, "ab" * 16)
    )
    assert one == again
    assert not set(one) & set(other)
    assert len(set(one)) == 2
    assert {len(key) for key in one} == {32}


def test_what_no_text_may_hold_has_a_key_too() -> None:
    assert len(digests("aa" * 16, ["\ud800"])[0]) == 32


def test_vectors_come_back_to_the_bit() -> None:
    rows = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    kept = [to_bytes(row) for row in rows]
    assert [len(each) for each in kept] == [20, 20, 20]
    assert from_bytes(kept).tobytes() == rows.tobytes()
    assert from_bytes([]).shape == (0, 0)
