"""Labels and keywords of themes."""

import math
import random
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.themes.labelling.keywords import Term, choose_keywords
from analysis.themes.labelling.labels import LabelledUnit, describe_themes
from analysis.themes.labelling.phrases import Phrase, class_tf_idf, theme_phrases
from analysis.themes.labelling.spelling import BREAK, Spelling, function_words, may_bound
from analysis.themes.labelling.wording import Wordings

AXES = 16


def embed(phrases, language):
    """Put each word on an axis of its own: a phrase lies between its words."""
    rows = np.zeros((len(phrases), AXES), dtype=np.float32)
    for row, phrase in zip(rows, phrases, strict=True):
        for word in phrase.lower().split():
            row[axis(word)] += 1
    return rows


def axis(word):
    return sum(map(ord, word)) % AXES


def middle(*phrases):
    return embed([" ".join(phrases)], "en")[0]


def units_of(*themes, language="en"):
    """One respondent for each text; a list of texts for each theme."""
    return [
        LabelledUnit(text, language, f"{theme}.{at}", theme)
        for theme, texts in enumerate(themes)
        for at, text in enumerate(texts)
    ]


def describe(units, *middles, **options):
    return describe_themes(units, len(middles), centroids=np.array(middles), embed=embed, **options)


def found(texts, themes=None, language="en", respondents=None, **options):
    """Return voices by phrase, for each theme."""
    by_theme = theme_phrases(
        texts,
        respondents or range(len(texts)),
        themes or [0] * len(texts),
        language,
        **options,
    )
    return {
        theme: {" ".join(phrase.words): phrase.voices for phrase in phrases}
        for theme, phrases in by_theme.items()
    }


# --- counting -----------------------------------------------------------------------------


def test_the_worked_value_of_class_tf_idf():
    # .3 * ln(1 + 10 / 5) = .3 * ln 3
    assert class_tf_idf(0.3, 10, 5) == pytest.approx(0.3 * math.log(3))
    assert class_tf_idf([0.3], 10, [5])[0] == pytest.approx(0.3295837, abs=5e-8)


def test_weights_by_hand():
    texts = ["parking cost", "parking", "parking permit", "buses", "parking buses"]
    phrases = theme_phrases(texts, range(5), [0, 0, 0, 1, 1], "en", least=1)
    weights = {
        theme: {" ".join(phrase.words): phrase.weight for phrase in own}
        for theme, own in phrases.items()
    }
    # Words: three of "parking", one of "cost", one of "permit" in the first theme; two of
    # "buses" and one of "parking" in the second: five and three, four on the mean.
    # "parking": 3/5 here, 1/3 there, four times in all.
    assert weights[0]["parking"] == pytest.approx((3 / 5 - 1 / 3) * math.log(1 + 4 / 4))
    assert weights[0]["cost"] == pytest.approx(1 / 5 * math.log(1 + 4 / 1))
    assert weights[1]["buses"] == pytest.approx(2 / 3 * math.log(1 + 4 / 2))
    # Rarer here than there: 2 % of 1/3 * ln 2 is left.
    assert weights[1]["parking"] == pytest.approx(0.02 * 1 / 3 * math.log(2))
    assert phrases[1][0].words == ("buses",)


def test_ties_go_by_the_words():
    phrases = theme_phrases(["zebra apple mango"], [1], [0], "en", least=1)[0]
    assert [phrase.words for phrase in phrases[:3]] == [
        ("apple",),
        ("apple", "mango"),
        ("mango",),
    ]


def test_a_letter_of_many_is_one_voice_yet_reaches_the_least():
    letter = "Save the old swimming pool"
    texts = [letter] * 500 + ["cheaper swimming lessons"]
    by_phrase = found(texts, least=10)[0]
    assert by_phrase["swimming"] == 2
    assert by_phrase["old swimming pool"] == 1
    assert "cheaper" not in by_phrase


def test_letters_of_several_sentences_are_counted_by_their_senders():
    texts = ["swimming pool", "closing time"] * 7
    respondents = [at // 2 for at in range(14)]
    assert found(texts, respondents=respondents, least=7)[0]["pool"] == 1
    assert not found(texts, respondents=respondents, least=8)


def test_copies_that_differ_in_capitals_and_marks_are_one_text():
    assert found(["Close it: parking!", "close it, PARKING"], least=2)[0]["parking"] == 1


def test_what_one_respondent_repeats_counts_once():
    texts = ["more parking", "parking fees", "parking is bad", "buses late", "late buses"]
    respondents = ["a", "a", "a", "b", "c"]
    by_phrase = found(texts, respondents=respondents, least=2)[0]
    assert by_phrase == {"buses": 2, "late": 2}


def test_least_is_lowered_only_where_asked_and_until_three_words_are_in_reach():
    texts = ["parking cost", "parking permit", "parking zone"]
    assert found(texts, least=8) == {}
    assert found(texts, least=3)[0] == {"parking": 3}
    relaxed = found(texts, least=8, relaxed=[0])[0]
    assert set(relaxed) >= {"parking", "cost", "permit", "zone", "parking cost"}
    enough = ["parking cost zone", "zone: parking, cost", "permit"]
    assert set(found(enough, least=4, relaxed=[0])[0]) == {"parking", "cost", "zone"}


def test_phrases_do_not_start_or_end_with_function_words():
    by_phrase = found(["the waste of time and of money"], least=1)[0]
    assert set(by_phrase) == {"waste", "time", "money", "waste of time"}
    assert "of" in found(["the waste of time"], least=1, any_edge=True)[0]


@pytest.mark.parametrize(
    "text",
    [
        "clean, quiet",
        "clean (quiet",
        "clean - quiet",
        "clean 24 quiet",
        "clean\nquiet",
        "clean [name] quiet",
        "clean/quiet",
        "clean. Quiet",
    ],
)
def test_no_phrase_reaches_across(text):
    assert set(found([text], least=1)[0]) == {"clean", "quiet"}


def test_numbers_letters_and_blanked_names_are_no_phrases():
    assert set(found(["2024 b xxxx 20mph"], least=1)[0]) == {"20mph"}
    assert set(found(["nurse xxxx"], least=1)[0]) == {"nurse"}


def test_letters_joined_by_an_ampersand_are_a_word():
    assert "aʼe waiting" in found(["A&E waiting times"], least=1)[0]
    assert Spelling("en").words("salt & vinegar") == ["salt", "vinegar"]


def test_line_ends_and_marks_become_breaks():
    assert Spelling("en").words("Clean,\nquiet rooms") == ["clean", BREAK, BREAK, "quiet", "rooms"]


@pytest.mark.parametrize(
    ("language", "text", "phrase"),
    [
        ("ur", "پارکنگ کی فیس بہت زیادہ ہے", "پارکنگ کی فیس"),
        # Vowel signs that \w does not match, and an Arabic keyboard's kaf and yeh.
        ("bn", "রাস্তার বাতি নষ্ট", "রাস্তার বাতি"),
        ("pa", "ਬੱਸ ਸੇਵਾ ਮਾੜੀ ਹੈ", "ਬੱਸ ਸੇਵਾ"),
        ("ar", "مَوقِفُ السيارات غالٍ", "موقف السيارات"),
        ("ur", "پاركنگ كى فيس", "پارکنگ کی فیس"),
        ("ur-Latn", "parking ki fees bohat zyada hai", "parking ki fees"),
        ("pl", "opłata za parkowanie", "opłata za parkowanie"),
        ("zh", "停车太贵", "停车 车太 太贵"),
    ],
)
def test_words_of_other_scripts_stay_whole(language, text, phrase):
    assert phrase in found([text], language=language, least=1)[0]


def test_a_region_shares_the_list_and_a_script_does_not():
    assert function_words("en-GB") == function_words("en")
    assert function_words("ur-Latn") != function_words("ur")
    assert function_words("pa-Arab") is None


def test_edges_without_a_list_need_three_letters():
    assert may_bound("eau", None)
    assert not may_bound("de", None)
    assert may_bound("go", frozenset({"to"}))
    assert may_bound("停车", None)
    assert not may_bound("的停", None)


def test_words_that_stand_everywhere_are_function_words_where_no_list_is():
    # French has no list here. "dans" is in every second text of either theme; "vélo" in
    # every second text of one.
    texts = [
        f"{'dans ' if at % 2 else ''}{'vélo ' if at < 20 and at % 2 else ''}mot{at}"
        for at in range(40)
    ]
    themes = [0] * 20 + [1] * 20
    by_theme = found(texts, themes, "fr", least=2)
    assert by_theme == {0: {"vélo": 10}}
    # Of few texts nothing can be said.
    assert "dans" in found(texts[:20], [0] * 10 + [1] * 10, "fr", least=2)[0]


WORDS = ("parking", "the", "bus", "late", "fees", ",")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join),
            st.integers(0, 3),
            st.integers(0, 2),
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 3),
)
def test_counts_are_those_of_a_plain_count(rows, least):
    texts: dict[tuple[int, str], set[str]] = defaultdict(set)
    people: dict[tuple[int, str], set[int]] = defaultdict(set)
    for text, person, theme in rows:
        parts = [part.split() for part in text.split(",")]
        key = " ".join(word for part in parts for word in part)
        for part in parts:
            for size in (1, 2, 3):
                for at in range(len(part) - size + 1):
                    run = part[at : at + size]
                    if "the" not in (run[0], run[-1]):
                        texts[theme, " ".join(run)].add(key)
                        people[theme, " ".join(run)].add(person)
    # Texts of the same words are one, whichever of them has the comma: compare where all
    # spellings agree.
    spellings = defaultdict(set)
    for text, _, _ in rows:
        spellings[" ".join(text.replace(",", " ").split())].add(text)
    assume(all(len(different) == 1 for different in spellings.values()))
    expected: dict[int, dict[str, int]] = defaultdict(dict)
    for (theme, run), own in people.items():
        if len(own) >= least:
            expected[theme][run] = min(len(own), len(texts[theme, run]))
    result = found(
        [text for text, _, _ in rows],
        [theme for _, _, theme in rows],
        respondents=[person for _, person, _ in rows],
        least=least,
    )
    assert result == expected


def test_examples_are_at_most_twenty_and_hold_the_phrase():
    texts = [f"parking w{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(100)]
    (phrase,) = theme_phrases(texts, range(100), [0] * 100, "en")[0]
    assert phrase.words == ("parking",)
    assert len(set(phrase.examples)) == 20
    assert {phrase.examples[0], phrase.examples[-1]} == {texts[0], texts[99]}


# --- wording ------------------------------------------------------------------------------


def wording(words, *examples, language="en"):
    return Wordings(language).of(Phrase(tuple(words.split()), 1.0, 1, examples))


@pytest.mark.parametrize(
    ("words", "examples", "form"),
    [
        ("nhs staff", ("NHS staff are kind", "the nhs Staff", "The NHS Staff"), "NHS staff"),
        ("gps", ("Our GPs listen", "GPs", "gps"), "GPs"),
        ("parking", ("PARKING IS BAD", "NO PARKING", "Parking"), "parking"),
        ("x ray", ("an X-ray", "x-ray took long", "x ray"), "x-ray"),
        ("aʼe waiting", ("A&E waiting",), "A&E waiting"),
        ("care i got", ("The care i got", "THE CARE I GOT"), "care I got"),
        ("nurse's care", ("The nurse’s  care",), "nurse’s care"),
    ],
)
def test_a_phrase_is_shown_as_most_often_written(words, examples, form):
    assert wording(words, *examples) == form


def test_forms_written_as_often_go_by_the_alphabet():
    assert wording("drop in", "a drop-in", "a drop in") == "drop in"


def test_abbreviations_in_a_script_without_capitals_stay():
    assert wording("nhs عملہ", "NHS عملہ اچھا ہے", language="ur") == "NHS عملہ"


def test_chinese_is_put_together_again():
    assert wording("停车 车太", "这里停车太贵", language="zh") == "停车太"
    assert wording("停车 停车", "停车停车", language="zh") is None


def test_words_that_stand_side_by_side_elsewhere_are_found():
    assert wording("quiet rooms", "Quiet, rooms. Quiet rooms") == "quiet rooms"
    assert wording("quiet rooms", "Quiet, rooms") is None


def test_personal_data_is_not_shown():
    assert wording("khan", "Ask Mrs Khan about it", "Mrs Khan was rude") is None
    # One of four uses may be in an address; one of three may not.
    uses = ("I live at 12 Elm Road", "Elm Road floods", "buses on Elm Road", "Elm Road, again")
    assert wording("elm road", *uses) == "elm road"
    assert wording("elm road", *uses[:3]) is None
    assert wording("b12 9qh", "bins, B12 9QH") is None


# --- keywords -----------------------------------------------------------------------------


def keywords(*terms, language="en"):
    """Terms as form, weight, voices; heavier ones need not come first."""
    made = [
        Term(
            form,
            tuple(form.split()),
            tuple(word for word in form.split() if word not in ("of", "to")),
            weight,
            voices,
        )
        for form, weight, voices in terms
    ]
    return choose_keywords(made, [term.weight for term in made], language)


def test_keywords_do_not_repeat_a_word():
    assert keywords(
        ("parking", 9, 20), ("parking fees", 8, 5), ("fees", 7, 9), ("fees parking", 6, 3)
    ) == ("parking", "fees")
    assert keywords(("bus stop", 9, 9), ("stop", 8, 20), ("bus", 7, 20), ("bus lane", 6, 9)) == (
        "bus stop",
        "bus lane",
    )


def test_plurals_and_english_endings_are_one_word():
    assert keywords(("buses", 9, 9), ("bus", 8, 9), ("park", 7, 9), ("parks", 6, 9)) == (
        "buses",
        "park",
    )
    assert keywords(("ladies", 9, 9), ("lady", 8, 9)) == ("ladies",)
    assert keywords(("stopped", 9, 9), ("stop", 8, 9)) == ("stopped",)
    listening = (("listened", 9, 9), ("listening", 8, 9), ("listen", 7, 9))
    assert keywords(*listening) == ("listened",)
    assert keywords(*listening, language="pl") == ("listened", "listening", "listen")


def test_a_word_that_mostly_stands_in_a_phrase_gives_way_to_it():
    assert keywords(("face", 9, 10), ("face to face", 5, 6)) == ("face to face",)
    assert keywords(("face", 9, 11), ("face to face", 5, 6)) == ("face",)


def test_three_to_eight_keywords():
    many = [(f"word{letter}", 9, 5) for letter in "abcdefghij"]
    assert len(keywords(*many)) == 8
    # The fourth weighs less than 15 % of the first.
    few = [("one", 100, 5), ("two", 9, 5), ("three", 8, 5), ("four", 7, 5)]
    assert keywords(*few) == ("one", "two", "three")
    # What one person says is listed only to make three.
    alone = [("one", 9, 1), ("two", 8, 2), ("three", 7, 1), ("four", 6, 1), ("five", 5, 2)]
    assert keywords(*alone) == ("one", "two", "three", "five")


def test_words_that_say_little_come_later():
    assert keywords(("better", 9, 9), ("lighting", 5, 9)) == ("lighting", "better")
    assert keywords(("better", 9, 9), ("lighting", 5, 9), language="pl") == ("better", "lighting")


# --- labels -------------------------------------------------------------------------------


def test_the_label_is_the_phrase_nearest_the_middle():
    units = units_of(
        ["parking fees went up", "high parking fees", "parking fees"], ["late buses", "buses late"]
    )
    first, second = describe(units, middle("parking", "fees"), middle("buses"))
    assert (first.label, first.language) == ("parking fees", "en")
    assert first.keywords == {"en": ("parking fees",)}
    assert second.label == "buses"
    assert second.keywords == {"en": ("buses", "late")}


def test_a_function_like_verb_is_no_label_where_another_word_is_as_near():
    units = units_of(["took: photos", "photos, took"])
    assert describe(units, middle("took", "photos"))[0].label == "photos"


def test_a_label_is_a_name_and_not_a_statement():
    # Cosines .962 and .943: the statement is nearer, but not by so much.
    units = units_of(["staff were kind", "staff were kind, kind staff", "kind staff"])
    assert describe(units, middle(*["staff", "kind"] * 2, "were"))[0].label == "kind staff"


def test_two_themes_never_share_a_label():
    units = units_of(["bins, full", "full: bins"], ["bin, broken", "broken: bin"])
    middles = middle("bins"), middle("bin", "bin", "broken")
    # "bin" would be nearest in the second theme, but "bins" is nearer in the first.
    assert [theme.label for theme in describe(units, *middles)] == ["bins", "broken"]


def test_themes_with_the_same_single_word_are_numbered():
    units = units_of(["parking"], ["Parking!"], ["parking."])
    labels = [theme.label for theme in describe(units, *[middle("parking")] * 3)]
    assert labels == ["parking", "parking (2)", "parking (3)"]


def test_label_language_is_the_wanted_one_from_five_units_on():
    polish = ["drogi bilet", "bilet drogi", "drogi bilet autobusowy"] * 3
    english = ["dear tickets"] * 5
    mixed = [
        LabelledUnit(text, language, at, 0)
        for at, (text, language) in enumerate(
            [(text, "pl") for text in polish] + [(text, "en") for text in english]
        )
    ]
    (enough,) = describe(mixed, middle("tickets"))
    assert enough.language == "en"
    assert enough.label == "tickets"
    assert list(enough.keywords) == ["pl", "en"]
    (few,) = describe(mixed[:-1], middle("bilet"))
    assert (few.language, few.label) == ("pl", "bilet")
    (asked,) = describe(mixed, middle("bilet"), language="pl")
    assert asked.language == "pl"


def test_a_language_whose_people_share_no_word_has_no_keywords():
    units = [
        *units_of(["parking fees", "fees for parking"]),
        LabelledUnit("drogi bilet", "pl", "p1", 0),
        LabelledUnit("zimny autobus", "pl", "p2", 0),
    ]
    (theme,) = describe(units, middle("parking"), language="en")
    assert theme.language == "en"
    assert list(theme.keywords) == ["en"]


def test_a_theme_of_function_words_still_has_a_label():
    (theme,) = describe(units_of(["not here", "here not"]), middle("here"))
    assert theme.label == "here"
    assert theme.keywords["en"]


def test_personal_data_is_in_no_label_and_no_keyword():
    texts = ["Mrs Khan was rude", "rude Mrs Khan", "Mrs Khan", "so rude"]
    (theme,) = describe(units_of(texts), middle("khan"))
    assert theme.label == "rude"
    assert theme.keywords == {"en": ("rude",)}
    (only,) = describe(units_of(["07700 900123"]), middle("khan"))
    assert (only.label, only.keywords) == ("", {})


def test_a_theme_without_units_has_no_words():
    units = [*units_of(["parking", "parking fees"]), LabelledUnit("pool", "en", "x", -1)]
    first, second = describe(units, middle("parking"), middle("pool"))
    assert first.label == "parking"
    assert (second.label, second.language, second.keywords) == ("", "en", {})
    assert describe_themes([], 0, centroids=np.zeros((0, 4), np.float32), embed=embed) == ()


def test_the_order_of_units_changes_nothing():
    texts = (
        ["parking fees are high", "high parking fees", "NHS parking", "nhs parking", "permit zone"],
        ["late buses", "the buses are late", "bus lane", "bus lanes", "no bus"],
    )
    units = units_of(*texts) + [
        LabelledUnit(text, "pl", at, at % 2)
        for at, text in enumerate(["drogi bilet", "bilet", "drogi bilet", "bilet tani"])
    ]
    middles = middle("parking", "fees"), middle("bus")
    expected = describe(units, *middles)
    for seed in range(5):
        shuffled = random.Random(seed).sample(units, len(units))
        again = describe(shuffled, *middles)
        assert again == expected
        assert [list(theme.keywords.items()) for theme in again] == [
            list(theme.keywords.items()) for theme in expected
        ]


@pytest.mark.parametrize("theme", [-2, 1])
def test_a_theme_outside_is_refused(theme):
    with pytest.raises(ValueError, match=f"theme {theme} of 1"):
        describe([LabelledUnit("parking", "en", 1, theme)], middle("parking"))


def test_centroids_and_least_are_checked():
    with pytest.raises(ValueError, match=r"centroids of shape \(1, 16\) for 2 themes"):
        describe_themes([], 2, centroids=np.zeros((1, AXES), np.float32), embed=embed)
    with pytest.raises(ValueError, match="least must be at least 1"):
        describe([], middle("parking"), least=0)
