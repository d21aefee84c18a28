"""The whole way from answers to themes, with an embedder that knows six subjects by their words."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.themes.embedding.choose import Choice
from analysis.themes.embedding.lsa import LsaEmbedder
from analysis.themes.run import run_themes
from analysis.themes.tracking.assigning import Status
from tests.unit.analysis.theme_answers import (
    ENDINGS,
    SUBJECTS,
    answers,
    run,
    statements,
)

SIX = statements(72)
LETTER = (
    "I am writing to ask the council to keep the swimming pool on Moseley Road open. "
    "It is the only warm place where our children can learn to swim."
)


def subject_of(text):
    return next(subject for subject in SUBJECTS if subject in text.casefold())


def subjects(result):
    """The subjects of each theme's units."""
    found: list[set[str]] = [set() for _ in result.themes]
    for text, theme in zip(result.prepared.unit_text, result.unit_theme, strict=True):
        if theme >= 0:
            found[theme].add(subject_of(text))
    return found


def ids(result):
    return {theme.id for theme in result.themes}


def counts(result):
    return [(theme.id, theme.count) for theme in result.themes]


# --- what is found ------------------------------------------------------------------------


def test_six_subjects_are_six_themes():
    result = run(SIX, themes=6)
    assert sorted(map(sorted, subjects(result))) == sorted([name] for name in SUBJECTS)
    assert [theme.count.responses for theme in result.themes] == [12] * 6
    assert sorted(theme.id for theme in result.themes) == [theme.id for theme in result.themes]
    # 12 of 72, Wilson.
    first = result.themes[0].count
    assert first.share == pytest.approx(1 / 6)
    assert first.interval.low == pytest.approx(0.0980, abs=1e-4)
    assert first.interval.high == pytest.approx(0.2691, abs=1e-4)
    for theme, (subject,) in zip(result.themes, subjects(result), strict=True):
        assert subject in theme.words.label
        assert theme.stability == 1.0  # nothing could be cut another way
        assert {subject_of(quote.text) for quote in theme.exemplars} == {subject}
    assert [theme.label for theme in result.frame.themes] == [
        theme.words.label for theme in result.themes
    ]
    assert not result.provisional
    assert result.notes == ()
    assert result.tree is not None


def test_respondents_are_counted_and_not_sentences():
    texts = [f"{SIX[0]}. {SIX[6]}. {SIX[1]}.", *SIX]
    result = run(texts, themes=6)
    # The first writes of buses twice and of damp once.
    assert [theme.count.responses for theme in result.themes] == [13, 13, 12, 12, 12, 12]
    assert set().union(*subjects(result)[:2]) == {"buses", "damp"}


def test_languages_and_groups_are_counted_by_respondent():
    result = run(
        [*SIX, "n/a", "No comment"],
        themes=6,
        ids=[*(f"p{at // 2}" for at in range(72)), "p0", "p36"],
        ward=[*(["Aston"] * 36), *(["Lozells"] * 36), "", ""],
    )
    assert result.counts.asked == 37
    assert result.counts.answering == 36
    assert result.counts.groups == {"ward": {"Aston": 18, "Lozells": 18}}
    # Of each subject six sentences are by people of Aston and six by people of Lozells.
    assert all(
        theme.count.groups == {"ward": {"Aston": 6, "Lozells": 6}} for theme in result.themes
    )
    assert all(theme.count.languages == {"en": 12} for theme in result.themes)
    assert len(result.counts.differences) == 12
    assert result.notes[0].startswith("37 rows with an id that occurred before")


def test_copies_of_a_letter_count_and_do_not_draw_themes_their_way():
    without = run(SIX, themes=6)
    result = run([*SIX, *[SIX[0]] * 500], themes=6)
    assert ids(result) == ids(without)
    first = result.themes[0].count
    assert first.responses == 512
    assert first.responses_without_campaigns == 12
    assert result.counts.answering == 572
    assert result.counts.voices == 72
    assert "501 respondents sent a copy of 1 letter." in result.notes[0]


def test_a_small_theme_of_one_language_stays():
    rare = [f"چھت سے پانی {when} ٹپکتا ہے" for when in ("اب", "ہر وقت", "رات کو", "کل سے")]
    result = run([*SIX, *rare], themes=7, languages=["en"] * 72 + ["ur"] * 4)
    assert sorted(theme.count.responses for theme in result.themes) == [4, *[12] * 6]
    assert result.themes[-1].count.languages == {"ur": 4}
    assert "themes may form by language" in result.notes[-1]


# --- small and odd input ------------------------------------------------------------------


@pytest.mark.parametrize("texts", [[], [""], ["n/a", " ", "-"], ["👍", "2024", "..."], ["yes"]])
def test_without_content_there_are_no_themes_and_no_shares(texts):
    result = run(texts)
    assert result.themes == ()
    assert result.counts.answering == 0
    assert result.unit_theme.tolist() == []
    assert (result.frame, result.tree, result.keywords) == (None, None, {})


def test_too_few_statements_are_listed():
    result = run(statements(11))
    assert result.themes == ()
    assert result.unit_theme.tolist() == [-1] * 11
    assert set(result.unit_status) == {Status.UNCLEAR}
    assert result.counts.answering == result.counts.without_theme == 11
    assert "buses" in result.keywords["en"]
    assert result.provisional


@pytest.mark.parametrize(("count", "provisional"), [(12, True), (59, True), (60, False)])
def test_themes_are_provisional_below_sixty_statements(count, provisional):
    result = run(statements(count))
    assert 2 <= len(result.themes) <= count // 3
    assert result.provisional is provisional
    assert result.counts.without_theme == 0


@pytest.mark.parametrize("people", [1, 2, 700])
@pytest.mark.parametrize("text", ["There are too few buses", "Parking"])
def test_all_the_same_is_one_theme(text, people):
    result = run([text] * people)
    (theme,) = result.themes
    assert theme.count.responses == people
    assert theme.count.share == 1.0
    assert theme.stability == 1.0
    assert set(result.unit_status) == {Status.ASSIGNED}
    assert np.allclose(result.unit_strength, 1.0)
    # Five words and five people make a letter; many think of parking by themselves.
    is_letter = text != "Parking" and people > 4
    assert result.counts.voices == (1 if is_letter else people)


def test_single_words_found_no_theme_and_are_put_to_one():
    result = run([*SIX, "Buses", "Damp!", "Zoo", "buses"], themes=6)
    found = dict(zip(result.prepared.unit_text, result.unit_theme.tolist(), strict=True))
    assert found["Buses"] == found["buses"] == found[SIX[0]]
    assert found["Damp!"] == found[SIX[1]]
    assert found["Zoo"] == -1
    assert ids(result) == ids(run(SIX, themes=6))
    assert result.counts.without_theme == 1
    assert len(run(["Buses", "Damp", "Zoo"] * 30).themes) == 0


def test_themes_of_a_number_that_is_asked_for():
    few = run(statements(8), themes=3)
    assert len(few.themes) == 3
    assert all(math.isnan(theme.stability) for theme in few.themes)  # nothing to spare
    assert len(run(SIX, themes=1).themes) == 1
    assert len(run(statements(8), themes=8).themes) == 8


@pytest.mark.parametrize(
    ("texts", "themes", "message"),
    [
        (SIX, 0, "0 themes cannot be made; ask for 1 or more"),
        (SIX, -3, "-3 themes cannot be made"),
        (SIX, 73, "73 themes cannot be made: the answers hold 72 different statements"),
        (["n/a"], 1, "the answers hold 0 different statements"),
        (["Buses", "Damp"], 1, "the answers hold 0 different statements of two words"),
        (["More buses"] * 9, 2, "the answers hold 1 different statements"),
    ],
)
def test_more_themes_than_statements(texts, themes, message):
    with pytest.raises(InputError, match=message):
        run(texts, themes=themes)


def test_more_themes_than_can_be_told_apart():
    # Word order is nothing to this embedder: these lie in two places.
    texts = ["damp flats", "flats damp", "late buses", "buses late"]
    assert len(run(texts, themes=2).themes) == 2
    with pytest.raises(InputError, match="only 2 groups of statements can be told apart"):
        run(texts, themes=3)


def test_long_statements_and_uncertain_languages_are_noted():
    result = run([*SIX, "buses " * 58 + "always", "Autobus jest"], themes=6, languages=[None] * 74)
    assert any(note.startswith("The language of ") for note in result.notes)
    assert "1 statement too long to be read in one piece." in result.notes


# --- promises -----------------------------------------------------------------------------

some = st.lists(st.sampled_from(SIX), min_size=12, max_size=24, unique=True)


@settings(max_examples=8, deadline=None)
@given(some, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_neither_themes_nor_counts(texts, random):
    rows = [
        (text, str(at % 30), ("en", "pl")[at % 2], ("Aston", "Lozells", "")[at % 3])
        for at, text in enumerate([*texts, "Buses", "n/a", texts[0], texts[0]])
    ]
    mixed = list(rows)
    random.shuffle(mixed)
    one, two = (
        run(texts, ids=ids, languages=languages, ward=wards)
        for texts, ids, languages, wards in (zip(*table, strict=True) for table in (rows, mixed))
    )
    assert counts(one) == counts(two)
    for first, second in zip(one.themes, two.themes, strict=True):
        assert first.words == second.words
        assert first.exemplars == second.exemplars
        assert first.stability == second.stability


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from([*SIX, "Buses", "n/a", ""]), min_size=1, max_size=30), st.data())
def test_an_exact_duplicate_changes_no_theme(texts, data):
    again = data.draw(st.sampled_from(texts))
    assert ids(run(texts)) == ids(run([*texts, again]))


def test_a_second_run_is_the_same_and_another_seed_gives_other_ids():
    one, two, other = run(SIX[:30]), run(SIX[:30]), run(SIX[:30], seed=1)
    assert [theme.id for theme in one.themes] == [theme.id for theme in two.themes]
    assert one.unit_strength.tobytes() == two.unit_strength.tobytes()
    assert not ids(one) & ids(other)


def test_it_works_with_the_embedder_that_is_always_there():
    def lsa(languages):
        return Choice(LsaEmbedder(), "lsa.", dict.fromkeys(languages, ""))

    texts = [f"The {subject} {ending}" for subject in SUBJECTS for ending in ENDINGS[:10]]
    one = run_themes(answers(texts), choose=lsa)
    two = run_themes(answers(texts[::-1]), choose=lsa)
    assert one.themes
    assert ids(one) == ids(two)
    assert one.model_id.startswith("lsa/1/")
    assert one.means_version == "none"
    assert not any(math.isnan(theme.stability) for theme in one.themes)
    blank = run_themes(answers(["", "-"]), choose=lsa)
    assert blank.themes == ()
