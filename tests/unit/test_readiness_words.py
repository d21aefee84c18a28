"""Every finding has words: what is wrong, and what to do about it."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from consult.forms.readiness_words import (
    asked_words,
    group_words,
    part_words,
    place_words,
    said,
    severity_words,
    standing_colour,
    standing_words,
)
from consult.readiness.asked import Asked
from consult.readiness.findings import Code, Finding, Severity, Value
from consult.readiness.wording import Group
from consult.services.sign_offs import State
from tests.support.consultations import example

DAY = date(2026, 3, 31)
TIME = datetime(2026, 3, 31, 22, 59, tzinfo=UTC)

VALUES: Mapping[str, Value] = {
    "fields": ("title", "consent"),
    "name": "ICB",
    "names": ("age", "sex"),
    "text": "TBC",
    "group": "words",
    "age": 16,
    "youngest": 18,
    "target": 11,
    "count": 2,
    "longest": 40,
    "limit": 25,
    "language": "ur",
    "total": 40,
    "day": DAY,
    "years": 6,
    "label": "Under 16",
    "address": "example.org",
    "category": "65+",
    "base": "usual residents",
    "time": TIME,
    "promised": TIME,
    "days": 20,
    "wanted": 42,
    "least": 14,
    "begins": DAY,
    "ends": DAY,
    "state": "void",
}


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/en/staff/"):
        yield


@pytest.mark.parametrize("code", Code)
@pytest.mark.usefixtures("english")
def test_every_finding_says_what_is_wrong_and_the_mend(code: Code) -> None:
    words = said(Finding(code, Severity.WARNS, "words", VALUES))
    for sentence in words:
        assert re.fullmatch(r"[“\u2068\w].*[.…”]", sentence), sentence
        assert "%(" not in sentence
        assert "None" not in sentence.split()


@pytest.mark.usefixtures("english")
def test_findings_name_their_figures() -> None:
    missing = said(Finding(Code.MISSING, Severity.BLOCKS, "words", VALUES))
    assert missing.what == (
        "Not written yet: Title; What people agree to when they send their answers."
    )
    nothing = said(Finding(Code.MISSING, Severity.BLOCKS, "contact", {"fields": ()}))
    assert nothing.what == "Nothing is written here yet."
    one = said(Finding(Code.STALE, Severity.WARNS, "translations.ur", {**VALUES, "count": 1}))
    assert one.what == (
        "\u2068اردو\u2069: 1 translation is of an older text, so residents will not meet it."
    )
    closing = said(Finding(Code.CLOSING_PASSED, Severity.BLOCKS, "closes_at", VALUES))
    assert closing.what == "The closing time, 23:59 on 31 March 2026, is over."


@pytest.mark.parametrize("state", [state for state in State if state is not State.AGREED])
@pytest.mark.usefixtures("english")
def test_each_state_of_a_sign_off_has_its_own_words(state: State) -> None:
    here = said(Finding(Code.NOT_SIGNED_OFF, Severity.BLOCKS, "sign_off", {"state": state.value}))
    others = [
        said(Finding(Code.NOT_SIGNED_OFF, Severity.BLOCKS, "sign_off", {"state": other.value}))
        for other in State
        if other not in {state, State.AGREED}
    ]
    assert here not in others


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("title", "Title"),
        ("closes_at", "Closes"),
        ("minimum_age", "Youngest age"),
        ("contact.large_print", "How to get large print, Braille or a recording"),
        ("contact", "Contact"),
        ("privacy.delete_on", "Deletion date"),
        ("sections.vision.summary", "Section “Our vision”: In short"),
        ("sections.gone.summary", "Section “gone”: In short"),
        ("questions.age.options", "Question “How old are you?”: Answers to choose from"),
        ("questions.age.help", "Question “How old are you?”: Help with answering"),
        ("questions.age", "Question “How old are you?”"),
        ("questions", "Questions"),
        ("order.sections", "Order of the sections"),
        ("order.questions", "Order of the questions"),
        ("translations.ur", "Translation: اردو"),
        ("translations", "Translations"),
        ("reference_population", "Reference figures"),
        ("languages", "Languages"),
        ("rest", "Other settings"),
        ("preview", "Private preview"),
    ],
)
@pytest.mark.usefixtures("english")
def test_places_have_the_names_that_officers_see(path: str, words: str) -> None:
    shown = place_words(path, example())
    assert shown.replace("\u2068", "").replace("\u2069", "") == words


@pytest.mark.usefixtures("english")
def test_nothing_is_without_words() -> None:
    assert len({asked_words(asked) for asked in Asked}) == len(Asked)
    assert len({group_words(group) for group in Group}) == len(Group)
    assert len({standing_words(state) for state in State}) == len(State)
    assert {standing_colour(state) for state in State} == {"green", "blue", "grey", "red"}
    assert severity_words(Severity.BLOCKS, 1) == "1 thing to settle before it can open"
    assert part_words("sections.vision", example()).startswith("Section")
