import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.segments import units

PIECES = st.lists(
    st.sampled_from(
        [
            "parks",
            "Dr.",
            "e.g.",
            "3.5",
            "bus",
            "۔",
            "।",
            "。",
            "؟",
            "!",
            "...",
            "\n",
            "- ",
            "1. ",
            "; ",
            " ",
            ". ",
            "停车太贵",
            "ਪਾਰਕ",
            "بسیں",
            "• ",
            "A",
            "I.",
            "\u2028",
            "x" * 700,
            "\u00a0",
            "why?",
            '."',
        ]
    ),
    max_size=60,
).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("Parking", ["Parking"]),
        # English: abbreviations, decimals, initials and addresses of the web stay whole.
        (
            "Dr. Khan is very good. The buses, e.g. the 8, are never on time. It is 3.5 miles off.",
            [
                "Dr. Khan is very good.",
                "The buses, e.g. the 8, are never on time.",
                "It is 3.5 miles off.",
            ],
        ),
        (
            "See www.bham.gov.uk for the details. J. Smith told me all of it.",
            ["See www.bham.gov.uk for the details.", "J. Smith told me all of it."],
        ),
        (
            "It opens at 9 a.m. on most days. We came at 9 a.m. Nobody was there at all.",
            ["It opens at 9 a.m. on most days.", "We came at 9 a.m.", "Nobody was there at all."],
        ),
        (
            "I like what you do. So do I. It all works well.",
            ["I like what you do. So do I.", "It all works well."],
        ),
        (
            "It was fine... until the roof fell in again",
            ["It was fine... until the roof fell in again"],
        ),
        (
            "The pool is far too cold... The changing rooms are worse.",
            ["The pool is far too cold...", "The changing rooms are worse."],
        ),
        # The space after a full stop is often missing.
        (
            "The park is never safe.We need some more lights.",
            ["The park is never safe.", "We need some more lights."],
        ),
        (
            'He said "nobody cares about us." She left the room.',
            ['He said "nobody cares about us."', "She left the room."],
        ),
        (
            "More trees on our street; fewer cars near the school",
            ["More trees on our street;", "fewer cars near the school"],
        ),
        # Under four words: to the one before, or to the next.
        (
            "Please mend the broken swings. Thank you.",
            ["Please mend the broken swings. Thank you."],
        ),
        ("Hi. Please mend the broken swings.", ["Hi. Please mend the broken swings."]),
        ("Hi. Yes. No. OK. Maybe.", ["Hi. Yes. No. OK. Maybe."]),
        ("Parks\nBuses\nHomes", ["Parks\nBuses\nHomes"]),
        # Items of a list were set apart by their writer.
        ("- parks\n- buses\n* homes", ["- parks", "- buses", "* homes"]),
        ("1. Parks\n2. Better buses\n(c) Homes", ["1. Parks", "2. Better buses", "(c) Homes"]),
        ("We want • more bins • less noise", ["We want", "• more bins", "• less noise"]),
        # Other scripts.
        (
            "پارک بہت گندے ہیں۔ بسیں وقت پر نہیں آتیں۔ کیا کوئی سن رہا ہے؟",
            ["پارک بہت گندے ہیں۔", "بسیں وقت پر نہیں آتیں۔", "کیا کوئی سن رہا ہے؟"],
        ),
        ("ਪਾਰਕ ਬਹੁਤ ਗੰਦੇ ਹਨ।ਬੱਸਾਂ ਵੇਲੇ ਸਿਰ ਨਹੀਂ ਆਉਂਦੀਆਂ।", ["ਪਾਰਕ ਬਹੁਤ ਗੰਦੇ ਹਨ।", "ਬੱਸਾਂ ਵੇਲੇ ਸਿਰ ਨਹੀਂ ਆਉਂਦੀਆਂ।"]),
        ("পার্ক অনেক নোংরা থাকে। বাস সময় মতো আসে না।", ["পার্ক অনেক নোংরা থাকে।", "বাস সময় মতো আসে না।"]),
        (
            "公园里的垃圾太多了。我们需要更多的树！谢谢",
            ["公园里的垃圾太多了。", "我们需要更多的树！谢谢"],
        ),
        ("ፓርኩ በጣም ቆሻሻ ነው። አውቶቡስ በሰዓቱ አይመጣም ሁልጊዜ።", ["ፓርኩ በጣም ቆሻሻ ነው።", "አውቶቡስ በሰዓቱ አይመጣም ሁልጊዜ።"]),
        # Polish and Romanian abbreviations.
        (
            "Mieszkam tu od 5 lat, np. przy ul. Kwiatowej. Jest tu bardzo brudno.",
            ["Mieszkam tu od 5 lat, np. przy ul. Kwiatowej.", "Jest tu bardzo brudno."],
        ),
        (
            "Stau pe str. Florilor de cinci ani. Autobuzul nu vine niciodată.",
            ["Stau pe str. Florilor de cinci ani.", "Autobuzul nu vine niciodată."],
        ),
        ("We waited for it etc., then we all left.", ["We waited for it etc., then we all left."]),
        (
            "Well this, etc. It was all the same to them.",
            ["Well this, etc. It was all the same to them."],
        ),
        ("It ends in a dot.    ", ["It ends in a dot."]),
    ],
)
def test_a_unit_is_one_thought(text, expected):
    assert [unit.text for unit in units(text)] == expected


@given(PIECES, st.integers(1, 12))
def test_units_hold_all_that_is_not_space_in_order(text, at_most):
    found = units(text, at_most=at_most)
    reached = 0
    for unit in found:
        assert unit.start >= reached
        assert not text[reached : unit.start].strip()
        assert unit.text == text[unit.start : unit.end] == unit.text.strip() != ""
        assert len(unit.text.split()) <= 60
        assert len(unit.text) <= 600
        reached = unit.end
    assert not text[reached:].strip()


def test_the_cap_joins_and_never_drops():
    text = " ".join(f"This is sentence number {i} of all." for i in range(12))
    found = units(text, at_most=3)
    assert [unit.text for unit in found[:2]] == [
        "This is sentence number 0 of all.",
        "This is sentence number 1 of all.",
    ]
    # 70 words are left, which are cut at 60.
    assert [len(unit.text.split()) for unit in found[2:]] == [60, 10]
    assert len(units(text, at_most=100)) == 12


def test_a_word_is_not_cut_between_a_letter_and_its_marks():
    found = units("কি" * 400)
    assert "".join(unit.text for unit in found) == "কি" * 400
    assert all(unit.text.startswith("ক") for unit in found)


def test_at_most_no_unit_is_refused():
    with pytest.raises(ValueError, match="at_most"):
        units("Parking", at_most=0)


@pytest.mark.parametrize("piece", [".", "a", "? ", "\n", '."', "- ", "• ", " ", "e.g. ", "word "])
def test_time_grows_with_length(piece):
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    units(text)
    assert time.process_time() - start < 10
