"""Which script a language and a sign are of."""

import pytest

from consult.languages import LANGUAGES
from consult.scripts import letters_by_script, script_of, script_of_sign


def test_the_script_of_every_language_of_the_pages_is_known():
    assert {code: script_of(code) for code in LANGUAGES} == {
        "en": "LATIN",
        "ur": "ARABIC",
        "pa": "GURMUKHI",
        "bn": "BENGALI",
        "pl": "LATIN",
        "ar": "ARABIC",
        "so": "LATIN",
        "ro": "LATIN",
    }


def test_the_script_of_other_languages():
    assert [script_of(code) for code in ("zh", "gu", "hi", "xx", "tlh")] == [
        *("CJK", "GUJARATI", "DEVANAGARI", None, None),
    ]


@pytest.mark.parametrize(
    ("sign", "script"),
    [
        ("a", "LATIN"),
        ("Ł", "LATIN"),
        ("ش", "ARABIC"),
        ("\u0941", "DEVANAGARI"),  # a vowel, which is a mark
        ("\u0301", None),  # an accent of no script
        ("\u0964", None),  # the danda, which many scripts have
        ("১", None),
        ("!", None),
        ("ཀ", None),  # a script that no language here is known by
    ],
)
def test_the_script_of_a_sign(sign, script):
    assert script_of_sign(sign) == script


def test_letters_and_their_marks_are_counted_by_script():
    found = letters_by_script("Łódź ১ শহর, 12 شہر! ਕੀ")
    assert found == {"LATIN": 4, "BENGALI": 3, "ARABIC": 3, "GURMUKHI": 2}
