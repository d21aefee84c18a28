"""The model case keeps what it promises: plain words, every kind, every language, one source."""

from collections import Counter

import pytest

from analysis.text.readability import reading_grade
from consult.document.model import Consultation, Part, QuestionKind, Sensitivity, choices_of
from consult.document.texts import missing_texts

PROTECTED_CHARACTERISTICS = {
    "age",
    "disability",
    "gender_identity",
    "marriage",
    "pregnancy",
    "ethnic_group",
    "religion",
    "sex",
    "sexual_orientation",
}


def test_every_kind_of_question_is_asked(model_document: Consultation) -> None:
    assert {question.kind for question in model_document.questions} == set(QuestionKind)


def test_all_nine_protected_characteristics_and_carers_are_monitored(
    model_document: Consultation,
) -> None:
    monitoring = {q.key for q in model_document.questions if q.part is Part.MONITORING}
    assert monitoring >= PROTECTED_CHARACTERISTICS | {"carer"}
    assert len(model_document.question("ethnic_group").options) == 19  # type: ignore[union-attr]
    for question in model_document.questions:
        if question.part is Part.MONITORING:
            assert not question.required
            assert "prefer_not_to_say" in choices_of(question, model_document)


def test_what_is_private_is_marked_so(model_document: Consultation) -> None:
    for key in ("ethnic_group", "religion", "disability", "sexual_orientation", "pregnancy"):
        question = model_document.question(key)
        assert question is not None
        assert question.sensitivity is Sensitivity.SPECIAL


def test_the_city_s_69_wards_are_there_once(model_document: Consultation) -> None:
    codes = [area.code for area in model_document.areas]
    assert len(set(codes)) == len(codes) == 69
    assert [a.name for a in model_document.areas] == sorted(a.name for a in model_document.areas)


def test_reference_population_fits_the_questions(model_document: Consultation) -> None:
    for reference in model_document.reference_population:
        question = next(q for q in model_document.questions if q.dimension == reference.dimension)
        if question.kind is QuestionKind.WARD:
            categories = {area.code for area in model_document.areas}
        else:
            categories = {option.category or option.key for option in question.options}
        assert set(reference.counts) == categories
        assert "Office for National Statistics" in reference.source


def test_reference_figures_are_those_of_the_census(model_document: Consultation) -> None:
    """Census 2021, Birmingham: TS030 and TS021, as published by the ONS."""
    counts = {r.dimension: r.counts for r in model_document.reference_population}
    assert counts["religion"]["muslim"] == 341_811
    assert counts["religion"]["sikh"] == 33_126
    assert counts["ethnic_group"]["white_british"] == 491_211
    assert counts["ethnic_group"]["asian_pakistani"] == 195_102
    assert counts["sex"] == {"female": 584_496, "male": 560_423}


@pytest.mark.parametrize("language", ["ur", "pa", "bn", "pl", "ar", "so", "ro"])
def test_nothing_is_left_untranslated(model_document: Consultation, language: str) -> None:
    assert missing_texts(model_document, language) == []


def test_it_says_that_it_is_an_illustration(model_document: Consultation) -> None:
    assert model_document.illustration
    assert "not a real consultation" in model_document.introduction
    assert "illustration" in model_document.asked_by


def test_texts_can_be_read_at_the_age_of_eleven(model_document: Consultation) -> None:
    for section in model_document.sections:
        assert reading_grade(section.summary) <= 6
        assert reading_grade(section.full) <= 6
        assert reading_grade(section.easy_read) <= 4
    introduction = " ".join([model_document.introduction, model_document.what_happens_next])
    assert reading_grade(introduction) <= 6


def test_easy_read_is_one_short_sentence_a_line(model_document: Consultation) -> None:
    for section in model_document.sections:
        for line in section.easy_read.splitlines():
            assert 2 <= len(line.split()) <= 12, line


def test_paths_are_unique_and_the_law_is_built_in(model_document: Consultation) -> None:
    assert max(Counter(q.key for q in model_document.questions).values()) == 1
    privacy = model_document.privacy
    assert "6(1)(e)" in privacy.lawful_basis_article_6
    assert "9(2)(g)" in privacy.lawful_basis_article_9
    assert privacy.delete_on > model_document.late.date()
