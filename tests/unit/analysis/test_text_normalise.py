import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.normalise import comparison_key, normalise, word_pattern

# Hypothesis leaves surrogates out unless told.
ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=80)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ""),
        (" \t\n ", ""),
        ("a\x00b\x07c", "abc"),
        ("caf\u0065\u0301", "caf\u00e9"),
        ("ﬁne ①", "fine 1"),
        ("ＰＡＲＫ２", "PARK2"),
        ("\u202eevil\u202c \u2066x\u2069 \u200fy", "evil x y"),
        ("half\u00adway\u200bthere\ufeff", "halfwaythere"),
        ("one\r\ntwo\rthree\u2028four\n\n \n five", "one\ntwo\nthree\nfour\nfive"),
        ("a\u00a0\u2003 b", "a b"),
        ("می\u200cشود", "می\u200cشود"),
        ("می\u200c\u200c\u200cشود \u200d", "می\u200cشود"),
        ("\ud800x\udfff", "x"),
        ("x\ufffe\ufdd0", "x"),
        ("\U000e0041\U000e0042ok", "ok"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\x1c", ""),
    ],
)
def test_what_looks_the_same_is_spelt_the_same(written, expected):
    assert normalise(written) == expected


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing_and_gives_text_that_can_be_stored(text):
    once = normalise(text)
    assert normalise(once) == once
    once.encode("utf-8")
    assert "\x00" not in once
    assert once == once.strip()
    assert "  " not in once


MARKED = st.text(
    st.sampled_from("ae\u0301\u0316\u0344\u0f73\u0f71\u034f\u200d\u200c \n\u1100\u1161\u09c7\u09be")
)


@given(MARKED)
def test_marks_change_nothing_either(text):
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0344", "\u0f73\u0301"])
def test_a_run_of_marks_is_sorted_in_time_that_grows_with_its_length(marks):
    text = "a" + marks * 100_000
    start = time.process_time()
    once = normalise(text)
    assert time.process_time() - start < 5
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFKC", once)


def test_words_keep_their_vowel_signs():
    words = word_pattern().findall("মন্তব্য নেই, ਕੁਝ don't می\u200cشود su'aal a_b")
    assert words == ["মন্তব্য", "নেই", "ਕੁਝ", "don't", "می\u200cشود", "su'aal", "a", "b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don't close our pool!", "DONT  close,our pool"),
        ("Save_our_park", "save our park"),
        ("می\u200cشود", "میشود"),
        ("Straße", "STRASSE"),
        ("don\u2019t — stop", "don't stop"),
    ],
)
def test_copies_have_one_key(one, other):
    assert comparison_key(one) == comparison_key(other)


def test_different_words_of_bengali_have_different_keys():
    assert comparison_key("কি") != comparison_key("কা")


@given(ANY_TEXT)
def test_a_key_is_its_own_key(text):
    key = comparison_key(text)
    assert comparison_key(key) == key
