import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.content import ContentStatus, content_status

SAYS_NOTHING = {
    "en": [
        "N/A",
        "n.a.",
        "No comment",
        "no comments!",
        "-",
        "...",
        "?",
        "none",
        "None.",
        "Same as above",
        "as above",
        "See above.",
        "nothing",
        "NOTHING!!",
        "Don't know",
        "don’t know",
        "dont know",
        "No further comments at this time",
        "nothing really, thanks",
        "Nothing else to add",
        "ditto",
        "nil",
        "I have no other comments",
        "absolutely nothing",
        "not applicable",
        "no",
        "asdf",
    ],
    "ur": [
        "کچھ نہیں",
        "کچھ نہیں۔",
        "كچھ نہیں",
        "کوئی رائے نہیں",
        "نہیں",
        "معلوم نہیں",
        "kuch nahi",
        "N/A",
    ],
    "pa": ["ਕੁਝ ਨਹੀਂ", "ਕੋਈ ਟਿੱਪਣੀ ਨਹੀਂ।", "ਪਤਾ ਨਹੀਂ", "kujh nahi"],
    "bn": ["মন্তব্য নেই", "নাই", "কিছু না।", "জানি না", "প্রযোজ্য নয়"],
    "pl": [
        "brak",
        "Brak uwag.",
        "nie dotyczy",
        "nie mam zdania",
        "nic",
        "j.w.",
        "jak wyżej",
        "jak wyzej",
    ],
    "ar": ["لا يوجد", "لا تعليق", "لا شيء.", "لا شئ", "لا أعرف", "لا اعرف", "كما أعلاه"],
    "so": ["Ma jiro", "waxba", "Maya", "faallo ma jirto", "ma aqaan"],
    "ro": [
        "nimic",
        "Nu am comentarii",
        "nu știu",
        "nu stiu",
        "fără comentarii",
        "la fel ca mai sus",
    ],
}
SAYS_SOMETHING = {
    "en": [
        "Parking",
        "no parks",
        "No more buses",
        "parks",
        "nothing could be better",
        "None of the above is safe",
        "no dentist",
        "not enough trees",
        "Not safe",
        "noise",
        "same day appointments",
        "20mph",
        "GP",
        "nothing to do for teenagers",
    ],
    "ur": ["پارکنگ", "کوئی پارک نہیں", "بس", "سکون"],
    "pa": ["ਬੱਸ", "ਕੋਈ ਪਾਰਕ ਨਹੀਂ"],
    "bn": ["পার্কিং", "ডাক্তার নাই", "কার"],
    "pl": ["brak parków", "dentysta!!!", "nie ma dentysty", "bez zmian"],
    "ar": ["لا يوجد مواقف", "مترجم", "حديقة"],
    "so": ["turjumaan", "ma jiro dhakhtar"],
    "ro": ["dentist", "nu sunt parcuri", "chirie mai mică"],
    "zh": ["贵", "停车"],
}


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in SAYS_NOTHING.items() for text in texts]
)
def test_ways_to_say_nothing_are_known_with_and_without_the_language(language, text):
    assert content_status(text, language) is ContentStatus.NO_CONTENT
    assert content_status(text, None) is ContentStatus.NO_CONTENT


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in SAYS_SOMETHING.items() for text in texts]
)
def test_short_answers_are_answers(language, text):
    assert content_status(text, language) is ContentStatus.CONTENT
    assert content_status(text, None) is ContentStatus.CONTENT


@pytest.mark.parametrize(
    "text", ["", "  ", "\x00", "12", "10/10!", "👍👍", "1️⃣", "…", "???", "x", "zzz", "\u202e"]
)
def test_marks_numbers_and_emoji_say_nothing(text):
    assert content_status(text, None) is ContentStatus.NO_CONTENT


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Yes", "en"),
        ("ok 👍", "pl"),
        ("نعم", "ar"),
        ("ਹਾਂ ਜੀ", "pa"),
        ("ٹھیک ہے", "ur"),
        ("Agree.", "en"),
    ],
)
def test_bare_agreement_has_no_topic(text, language):
    assert content_status(text, language) is ContentStatus.UNCLEAR


def test_a_name_that_means_no_elsewhere_is_content():
    assert content_status("Maya", "en") is ContentStatus.CONTENT
    assert content_status("Maya", "so") is ContentStatus.NO_CONTENT


def test_what_no_language_knows_is_content():
    assert content_status("parkering", "xx") is ContentStatus.CONTENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-" * 5000, "no_content"),
        (" " * 5000 + "none", "no_content"),
        ("nothing " * 500, "content"),
    ],
)
def test_long_texts(text, expected):
    assert content_status(text, "en").value == expected


@given(st.text(max_size=40), st.sampled_from([None, "en", "ur", "so", "xx"]))
def test_every_text_has_a_status(text, language):
    status = content_status(text, language)
    if not any(character.isalpha() for character in text):
        assert status is ContentStatus.NO_CONTENT
