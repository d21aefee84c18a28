"""Words that readers may stumble over, found by rule; expected values by hand."""

import pytest

from consult.document.model import Consultation
from consult.readiness.acronyms import acronyms, found_in
from consult.readiness.findings import Code, Severity
from consult.readiness.wording import Group, readings, sentences, wording
from tests.support.consultations import changed, example, with_question

PLAIN = "We want to know what you think. Tell us what you like. " * 10
"""120 words of one syllable each (but none), in sentences of seven and five words."""

HARD = (
    "Notwithstanding considerable implementation difficulties, organisational responsibilities "
    "necessitate immediate prioritisation. "
) * 12
"""120 words of many syllables."""


def texts(**by_path):
    return {path.replace("__", "."): text for path, text in by_path.items()}


def acronyms_in(**by_path):
    return [
        (finding.code, finding.path, finding.values["name"])
        for finding in acronyms(example(), texts(**by_path))
    ]


def codes(document: Consultation, **by_path):
    return [(finding.code, finding.severity) for finding in wording(document, texts(**by_path))]


# Names made of letters


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Talk to the ICB", [("ICB", False)]),
        ("The Integrated Care Board (ICB) decides", [("ICB", True)]),
        ("The ICB (Integrated Care Board) decides", [("ICB", True)]),
        ("(ICB)", [("ICB", False)]),  # brackets alone give no words
        ("The ICB (5)", [("ICB", False)]),
        ("ICBs and JSNAs", [("ICB", False), ("JSNA", False)]),
        ("The NHS, a GP and A&E in the UK", []),
        ("You do NOT have to, and we MUST ask", []),
        ("Chapter IV, part XII", []),
        ("WHAT WE WILL DO ABOUT IT", []),  # a heading in capitals
        ("Write to JSNA@council.example or www.ICB.example", []),
        ("[the plan](https://council.example/ICB/JSNA)", []),
        ("Come to B1 1BB or SW1A 2AA", []),
        ("Open 9AM, at 4PM, McDonald, iPhone, PhD", []),
        ("R&D and LGBTQ", [("R&D", False)]),
        ("ŁKS and ÉNA", [("ŁKS", False), ("ÉNA", False)]),
        ("ਪੰਜਾਬੀ اردو বাংলা", []),
    ],
)
def test_names_of_letters_are_told_from_other_capitals(text, found):
    assert list(found_in(text)) == found


def test_an_acronym_is_named_once_where_it_first_stands():
    assert acronyms_in(title="The plan", introduction="The ICB.", consent="The ICB again.") == [
        (Code.ACRONYM, "introduction", "ICB")
    ]


def test_explained_at_first_is_explained_everywhere():
    assert (
        acronyms_in(introduction="The Integrated Care Board (ICB).", consent="The ICB again.") == []
    )


def test_explained_later_than_used_is_another_finding():
    assert acronyms_in(introduction="The ICB.", consent="The Integrated Care Board (ICB).") == [
        (Code.ACRONYM_LATE, "introduction", "ICB")
    ]


def test_scripts_without_capitals_are_passed_over():
    urdu = changed(example(), source_language="ur", translations={})
    assert list(acronyms(urdu, {"title": "ABC"})) == []


# Reading age


def test_sentences_are_counted_in_every_script():
    assert sentences("We ask. Will you?\nYes") == [2, 2, 1]
    assert sentences("ہم پوچھتے ہیں۔ آپ کیا کہتے ہیں؟") == [3, 4]
    assert sentences("আমরা জানতে চাই। বলুন।") == [3, 1]
    assert sentences("## A heading\n\n- One [link](https://a.example/b c)\n2. Two") == [2, 2, 1]
    assert sentences("It costs £1.50 at 9.30 today") == [6]


def test_reading_age_of_easy_and_hard_texts():
    [easy] = readings(example(), texts(sections__vision__full=PLAIN))
    assert (easy.group, easy.path, easy.word_count) == (Group.FULL, "sections.vision.full", 120)
    # Grade 0.39 * 6 + 11.8 * 1 - 15.59 = -1.45; nobody reads before the age of five.
    assert (easy.age, easy.is_hard) == (5, False)
    [hard] = readings(example(), texts(sections__vision__full=HARD))
    assert hard.age is not None
    assert hard.age > 20
    assert hard.is_hard


def test_texts_of_one_kind_are_measured_together():
    found = readings(
        example(),
        texts(
            introduction=PLAIN,
            consent="I agree.",
            sections__a__summary="One two three.",
            sections__b__summary="Four five.",
            title="Not counted",
            questions__visits__label="How often?",
            questions__wishes__options__benches__label="Not counted",
        ),
    )
    assert {each.group: each.word_count for each in found} == {
        Group.WORDS: 122,
        Group.SUMMARIES: 5,
        Group.QUESTIONS: 2,
    }


def test_below_a_hundred_words_nothing_is_claimed():
    [just_below] = readings(example(), texts(introduction="word " * 99))
    [just_enough] = readings(example(), texts(introduction="word " * 100))
    assert just_below.age is None
    assert just_enough.age is not None
    assert codes(example(), introduction=HARD[:400]) == []


def test_other_languages_have_no_reading_age_but_sentences():
    polish = changed(example(), source_language="pl", languages=["pl", "ur"], translations={})
    [found] = readings(polish, texts(introduction="Chcemy wiedzieć. " * 60))
    assert (found.age, found.sentence_count) == (None, 60)
    long = " ".join(["słowo"] * 26) + "."
    assert codes(polish, introduction=long) == [(Code.LONG_SENTENCES, Severity.WARNS)]


def test_hard_texts_are_named_with_age_and_target():
    [finding] = [
        each
        for each in wording(example(), texts(sections__vision__summary=HARD))
        if each.code is Code.READING_AGE
    ]
    assert finding.path == "sections.vision.summary"
    assert finding.values["target"] == 11


# Long sentences


@pytest.mark.parametrize(
    ("path", "words", "severity"),
    [
        ("introduction", 26, Severity.WARNS),
        ("introduction", 25, None),
        ("sections.vision.full", 26, Severity.ASKS),
        ("privacy.who_sees", 26, Severity.ASKS),
        ("sections.vision.easy_read", 16, Severity.WARNS),
        ("sections.vision.easy_read", 15, None),
    ],
)
def test_sentences_that_are_too_long(path, words, severity):
    found = list(wording(example(), {path: " ".join(["word"] * words) + ". Short one."}))
    if severity is None:
        assert found == []
    else:
        assert [(each.code, each.severity) for each in found] == [(Code.LONG_SENTENCES, severity)]
        assert (found[0].values["count"], found[0].values["longest"]) == (1, words)


# Placeholders


@pytest.mark.parametrize(
    "text",
    ["Date TBC", "[…]", "[insert name of ward]", "Lorem ipsum dolor", "XXX", "TODO: write"],
)
def test_placeholders_are_found(text):
    assert (Code.PLACEHOLDER, Severity.WARNS) in codes(example(), introduction=text)
    assert (Code.PLACEHOLDER, Severity.BLOCKS) in codes(example(), privacy__who_sees=text)


@pytest.mark.parametrize("text", ["To do list", "[link](https://a.example)", "20xx", "Insert coin"])
def test_other_words_are_no_placeholders(text):
    assert codes(example(), introduction=text) == []


def test_placeholders_in_what_is_not_translated_block():
    privacy = {**example().privacy.model_dump(), "impact_assessment": "TBC"}
    document = changed(example(), privacy=privacy)
    [finding] = wording(document, {})
    assert (finding.code, finding.severity, finding.path) == (
        Code.PLACEHOLDER,
        Severity.BLOCKS,
        "privacy.impact_assessment",
    )


# Questions


def of_question(key: str, label: str):
    document = with_question(example(), key, label=label)
    return [each.code for each in wording(document, {f"questions.{key}.label": label})]


@pytest.mark.parametrize(
    ("label", "leads"),
    [
        ("Do you agree that parks need more money?", True),
        ("Don't you think parks need money?", True),
        ("Don’t you think parks need money?", True),
        ("Do you agree with the vision?", True),
        ("Would you support more parks?", True),
        ("How much do you like the plan?", True),
        ("Do you agree or disagree with the vision?", False),
        ("Do you support or oppose more parks?", False),
        ("Do you agree with it or not?", False),
        ("What do you think of the vision?", False),
        ("What isn't working in parks?", False),
    ],
)
def test_leading_questions(label, leads):
    assert (Code.LEADING_QUESTION in of_question("vision_agree", label)) is leads


@pytest.mark.parametrize(
    ("key", "label", "doubled"),
    [
        ("vision_agree", "Do you agree or disagree with more parks and fewer roads?", True),
        ("vision_agree", "Should we plant trees and/or flowers?", True),
        ("vision_agree", "Do you walk? Do you cycle?", True),
        ("vision_agree", "What do you think of parks and trees?", False),
        ("vision_agree", "Do you agree or disagree with our plan?", False),
        ("vision_why", "What is good? What would you change?", False),  # words can answer both
        ("age", "Are you old and grey?", False),  # about the person, not the plan
    ],
)
def test_questions_that_ask_two_things(key, label, doubled):
    assert (Code.TWO_QUESTIONS in of_question(key, label)) is doubled


def test_questions_in_other_languages_are_not_judged_by_english_words():
    label = "Do you agree that parks and roads?"
    document = changed(
        with_question(example(), "vision_agree", label=label),
        source_language="pl",
        languages=["pl", "ur"],
        translations={},
    )
    assert list(wording(document, {"questions.vision_agree.label": label})) == []


def test_a_long_question_is_named_once():
    label = " ".join(["word"] * 26)
    assert of_question("visits", label) == [Code.LONG_QUESTION]
    assert of_question("visits", " ".join(["word"] * 25)) == []
