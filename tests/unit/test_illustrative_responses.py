"""The invented responses are valid, repeatable, skewed as real ones are, and nobody's."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import resources
from itertools import islice
from typing import Any

import pytest
from ruamel.yaml import YAML

from consult.demo.responses import IllustrativeResponse, illustrative_responses
from consult.demo.responses.bank import LANGUAGES, THEMES, bank
from consult.document.model import (
    PREFER_NOT_TO_SAY,
    Consultation,
    Part,
    Question,
    QuestionKind,
    choices_of,
)

LONG_TEXTS = ("vision_say", "barriers_say", "change_say")
CHANNELS = {"online", "assisted", "paper", "phone"}
FEWEST_TEXTS = {
    "en": 170,
    "ur": 55,
    "pa": 30,
    "bn": 40,
    "pl": 35,
    "ar": 35,
    "so": 30,
    "ro": 35,
}
LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){8,}")
FICTIONAL_NUMBER = re.compile(r"07700900\d{3}|01214960\d{3}")


@pytest.fixture(scope="module")
def consultation() -> Consultation:
    file = resources.files("consult.demo").joinpath("consultation.yaml")
    loaded = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return Consultation.model_validate({**loaded, "translations": {}})


@pytest.fixture(scope="module")
def usual(consultation: Consultation) -> list[IllustrativeResponse]:
    return list(illustrative_responses(consultation))


def problems(consultation: Consultation, answers: Mapping[str, dict[str, Any]]) -> list[str]:
    """What is wrong with the answers of one response."""
    found = [f"{key}: no such question" for key in answers if consultation.question(key) is None]
    for question in consultation.questions:
        answer = answers.get(question.key)
        asked = all(
            bool(chosen(answers, condition.question) & set(condition.any_of))
            if condition.any_of
            else not chosen(answers, condition.question) & set(condition.none_of)
            for condition in question.show_if
        )
        if answer is None:
            if asked and question.required:
                found.append(f"{question.key}: required")
        elif not asked:
            found.append(f"{question.key}: answered though not asked")
        elif not fits(question, consultation, answer):
            found.append(f"{question.key}: {answer}")
    return found


def chosen(answers: Mapping[str, dict[str, Any]], key: str) -> set[str]:
    answer = answers.get(key, {})
    return {answer["choice"]} if "choice" in answer else set(answer.get("choices", ()))


def fits(question: Question, consultation: Consultation, answer: dict[str, Any]) -> bool:
    """Whether an answer has the shape of its question's kind and keeps its limits."""
    choices = choices_of(question, consultation)
    if question.kind in {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}:
        text = answer["text"]
        return set(answer) == {"text"} and 0 < len(text.strip()) <= question.length_limit
    if question.kind is QuestionKind.NUMBER:
        number = answer["number"]
        low, high = question.minimum, question.maximum
        return set(answer) == {"number"} and (low or 0) <= number <= (7 if high is None else high)
    if question.kind is QuestionKind.RANKING:
        order = answer["order"]
        full = question.rank_at_most or len(choices)
        unique = len(order) == len(set(order)) == full
        return set(answer) == {"order"} and unique and set(order) <= set(choices)
    if question.kind is QuestionKind.SEVERAL_CHOICES:
        keys = answer["choices"]
        most = question.choose_at_most or len(choices)
        alone = any(o.exclusive and o.key in keys for o in question.options)
        counted = 0 < len(keys) == len(set(keys)) <= (1 if alone else most)
        return counted and set(keys) <= set(choices) and other_fits(question, keys, answer)
    return answer["choice"] in choices and other_fits(question, [answer["choice"]], answer)


def other_fits(question: Question, keys: Iterable[str], answer: dict[str, Any]) -> bool:
    wanted = any(o.other and o.key in keys for o in question.options)
    return bool(answer.get("other")) if wanted else "other" not in answer


@pytest.mark.parametrize(
    ("count", "seed"), [(1, 1), (7, 2), (50, 3), (400, 20221), (400, 4), (1500, 5)]
)
def test_every_answer_is_valid(consultation: Consultation, count: int, seed: int) -> None:
    responses = list(illustrative_responses(consultation, count=count, seed=seed))
    assert len(responses) == count
    for response in responses:
        assert problems(consultation, response.answers) == []
        assert response.language in consultation.languages
        assert response.channel in CHANNELS
        assert 0 < response.submitted_share < 1
        assert 30 < response.seconds_taken <= 4 * 60 * 60


def test_answers_stand_in_the_order_of_the_questions(
    consultation: Consultation, usual: list[IllustrativeResponse]
) -> None:
    order = [question.key for question in consultation.questions]
    for response in usual:
        places = [order.index(key) for key in response.answers]
        assert places == sorted(places)


def test_same_seed_gives_the_same_responses(consultation: Consultation) -> None:
    first = list(illustrative_responses(consultation, count=120, seed=9))
    assert first == list(illustrative_responses(consultation, count=120, seed=9))
    assert first != list(illustrative_responses(consultation, count=120, seed=10))


def test_large_counts_are_made_one_by_one(consultation: Consultation) -> None:
    responses = illustrative_responses(consultation, count=200_000)
    assert len(list(islice(responses, 3))) == 3


@pytest.mark.parametrize("count", [0, -1, 200_001])
def test_count_out_of_range_is_refused_at_once(consultation: Consultation, count: int) -> None:
    with pytest.raises(ValueError, match="count must be"):
        illustrative_responses(consultation, count=count)


def test_languages_of_the_usual_400(usual: list[IllustrativeResponse]) -> None:
    assert Counter(response.language for response in usual) == {
        "en": 300,
        "ur": 24,
        "bn": 16,
        "pl": 14,
        "ro": 14,
        "ar": 12,
        "pa": 10,
        "so": 10,
    }


def test_only_the_consultations_languages_are_used(consultation: Consultation) -> None:
    bilingual = consultation.model_copy(update={"languages": ("ur", "en")})
    responses = illustrative_responses(bilingual, count=81)
    assert Counter(response.language for response in responses) == {"en": 75, "ur": 6}


def test_consultation_in_other_languages_only_is_refused(consultation: Consultation) -> None:
    welsh = consultation.model_copy(update={"languages": ("cy",)})
    with pytest.raises(ValueError, match="no illustrative texts"):
        illustrative_responses(welsh)


def test_unknown_required_question_is_refused(consultation: Consultation) -> None:
    unknown = Question(
        key="pets", part=Part.DRAFT, kind=QuestionKind.LONG_TEXT, label="Pets?", required=True
    )
    asking = consultation.model_copy(update={"questions": (unknown, *consultation.questions)})
    with pytest.raises(ValueError, match="pets"):
        illustrative_responses(asking)


def test_choices_that_are_not_offered_are_left_out(consultation: Consultation) -> None:
    religion = consultation.question("religion")
    assert religion is not None
    fewer = religion.model_copy(
        update={"options": tuple(o for o in religion.options if o.key != "christian")}
    )
    asking = consultation.model_copy(
        update={
            "questions": tuple(
                fewer if question is religion else question for question in consultation.questions
            )
        }
    )
    for response in illustrative_responses(asking, count=100):
        assert problems(asking, response.answers) == []


@pytest.mark.parametrize(("count", "letters"), [(400, 25), (800, 50), (1, 0)])
def test_campaign_letters_are_alike_but_not_the_same(
    consultation: Consultation, count: int, letters: int
) -> None:
    texts = [
        response.answers["change_say"]["text"]
        for response in illustrative_responses(consultation, count=count)
        if "campaign_letter" in response.theme_notes.get("change_say", ())
    ]
    assert len(texts) == letters
    assert len(set(texts)) >= 0.8 * letters
    assert all(text.count("\n\n") >= 1 for text in texts)


def known(responses: Iterable[IllustrativeResponse], key: str) -> Counter[str]:
    """Answers to a monitoring question, of those who gave one."""
    given = (response.answers.get(key, {}).get("choice") for response in responses)
    return Counter(choice for choice in given if choice not in {None, PREFER_NOT_TO_SAY})


@pytest.mark.parametrize("seed", [20221, 1, 2, 3])
def test_respondents_are_skewed_as_in_real_consultations(
    consultation: Consultation, seed: int
) -> None:
    responses = list(illustrative_responses(consultation, seed=seed))
    religion = known(responses, "religion")
    assert 0.08 <= religion["muslim"] / religion.total() <= 0.18
    ethnic = known(responses, "ethnic_group")
    assert 0.55 <= ethnic["white_british"] / ethnic.total() <= 0.71
    disability = known(responses, "disability")
    assert 0.27 <= 1 - disability["not_disabled"] / disability.total() <= 0.45
    age = known(responses, "age")
    assert (age["age_16_24"] + age["age_25_34"]) / age.total() < 0.25
    assert (age["age_45_54"] + age["age_55_64"]) / age.total() > 0.3


def test_better_off_wards_answer_more(usual: list[IllustrativeResponse]) -> None:
    wards = known(usual, "ward")
    # Harborne, Moseley, Bournville & Cotteridge against Alum Rock, Shard End, Lozells.
    assert sum(wards[code] for code in ("E05011144", "E05011154", "E05011129")) > 2 * sum(
        wards[code] for code in ("E05011120", "E05011165", "E05011153")
    )


def test_most_agree_with_the_vision(usual: list[IllustrativeResponse]) -> None:
    vision = known(usual, "vision_agree")
    assert 0.82 <= (vision["agree"] + vision["strongly_agree"]) / vision.total() <= 0.94


def test_monitoring_questions_are_skipped_now_and_then(consultation: Consultation) -> None:
    responses = list(illustrative_responses(consultation, count=2000))
    for question in consultation.questions:
        if question.part is Part.MONITORING:
            skipped = sum(question.key not in response.answers for response in responses)
            assert 0.10 <= skipped / 2000 <= 0.15, question.key


def test_texts_are_left_blank_now_and_then(consultation: Consultation) -> None:
    responses = list(illustrative_responses(consultation, count=2000))
    for key in (*LONG_TEXTS, "good_place"):
        blank = sum(key not in response.answers for response in responses)
        assert 0.24 <= blank / 2000 <= 0.36, key


def test_themes_are_noted_for_every_text(usual: list[IllustrativeResponse]) -> None:
    for response in usual:
        texts = {key for key in (*LONG_TEXTS, "good_place") if key in response.answers}
        assert set(response.theme_notes) == texts
        for themes in response.theme_notes.values():
            assert set(themes) <= THEMES | {"campaign_letter"}


def test_phone_numbers_and_addresses_are_nobodys(consultation: Consultation) -> None:
    responses = illustrative_responses(consultation, count=5000)
    texts = [a["text"] for r in responses for a in r.answers.values() if "text" in a]
    texts += [text.text for language in LANGUAGES for text in bank(language).texts]
    numbers = [number for text in texts for number in LONG_NUMBER.findall(text)]
    assert len(numbers) > 20
    for number in numbers:
        digits = "".join(str(int(c)) for c in number if c.isdigit())
        assert FICTIONAL_NUMBER.fullmatch(digits), number
    addresses = [word.strip(".,") for text in texts for word in text.split() if "@" in word]
    assert addresses
    assert all(re.search(r"[@.]example\.org$", address) for address in addresses)


def test_large_counts_are_distinct_enough(consultation: Consultation) -> None:
    texts = [
        response.answers[key]["text"]
        for response in illustrative_responses(consultation, count=5000)
        for key in LONG_TEXTS
        if response.theme_notes.get(key, ("no_answer",)) != ("no_answer",)
    ]
    assert len(set(texts)) > 0.9 * len(texts)


def test_hand_written_texts_with_personal_details_are_used_once(
    consultation: Consultation,
) -> None:
    personal = {text.text for code in LANGUAGES for text in bank(code).texts if text.personal}
    counts = Counter(
        answer["text"]
        for response in illustrative_responses(consultation, count=3000)
        for answer in response.answers.values()
        if answer.get("text") in personal
    )
    assert counts
    assert set(counts.values()) == {1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_bank_is_large_enough_and_fits_the_questions(
    consultation: Consultation, language: str
) -> None:
    texts = bank(language).texts
    assert len(texts) >= FEWEST_TEXTS[language]
    assert len({text.text for text in texts}) == len(texts)
    free = {
        question.key
        for question in consultation.questions
        if question.kind in {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}
    }
    assert {key for text in texts for key in text.fits} <= free
    assert {"no_answer", "off_topic"} <= {theme for text in texts for theme in text.themes}


def test_unknown_bank_is_refused() -> None:
    with pytest.raises(ValueError, match="'cy'"):
        bank("cy")
