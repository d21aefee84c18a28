"""Privacy, deletion and age: what the law wants settled before answers are collected.

What this cannot know is whether the basis that is named is the right one.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from consult.document.model import Question, QuestionKind, Sensitivity
from consult.readiness.facts import Case
from consult.readiness.findings import Code, Finding, asks, blocks, warns

LONGEST_YEARS = 6
"""Most claims can be made for six years (Limitation Act 1980), so few answers are kept longer."""

SHORTEST_DAYS = 28
"""To read, to report and to decide takes longer."""

AGE_OF_CHILDREN = 13
"""Younger children need words and safeguards of their own."""

SPECIAL_SUBJECTS = frozenset(
    {
        *("ethnic_group", "ethnicity", "race", "religion", "belief", "disability", "health"),
        *("sexual_orientation", "sexuality", "political_opinion", "trade_union", "pregnancy"),
    }
)
"""Keys and dimensions of questions that ask for what Article 9 protects."""

_ARTICLE_6 = re.compile(r"6\s*\(\s*1\s*\)\s*\(?\s*[a-f]\b", re.IGNORECASE)
_ARTICLE_9 = re.compile(r"9\s*\(\s*2\s*\)\s*\(?\s*[a-j]\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


def law(case: Case) -> Iterator[Finding]:
    """Lawful bases, the deletion date and the minimum age."""
    yield from _bases(case)
    yield from _deletion(case)
    yield from _minimum_age(case)


def _bases(case: Case) -> Iterator[Finding]:
    privacy = case.document.privacy
    special = [q for q in case.document.questions if q.sensitivity is Sensitivity.SPECIAL]
    path = "privacy.lawful_basis_article_6"
    if case.has(path) and not _ARTICLE_6.search(privacy.lawful_basis_article_6):
        yield warns(Code.ARTICLE_6_UNNAMED, path)
    path = "privacy.lawful_basis_article_9"
    if special and case.has(path) and not _ARTICLE_9.search(privacy.lawful_basis_article_9):
        yield warns(Code.ARTICLE_9_UNNAMED, path, count=len(special))
    for question in case.document.questions:
        subjects = {question.key, question.dimension}
        if question.sensitivity is not Sensitivity.SPECIAL and subjects & SPECIAL_SUBJECTS:
            yield warns(Code.SPECIAL_UNMARKED, f"questions.{question.key}.sensitivity")


def _deletion(case: Case) -> Iterator[Finding]:
    path = "privacy.delete_on"
    written = case.has(path) and case.has("late_until") and case.has("closes_at")
    if not written or case.facts.published is not None:
        return  # residents were promised that date
    day = case.document.privacy.delete_on
    today = case.facts.now.astimezone(case.zone).date()
    closes = case.document.closes.astimezone(case.zone).date()
    if day <= today:
        yield blocks(Code.DELETES_IN_PAST, path, day=day)
    elif day - case.document.late.date() < timedelta(days=SHORTEST_DAYS):
        yield warns(Code.DELETES_SOON, path, day=day)
    elif (day.year, day.month, day.day) > (closes.year + LONGEST_YEARS, closes.month, closes.day):
        yield warns(Code.DELETES_LATE, path, day=day, years=LONGEST_YEARS)


def _minimum_age(case: Case) -> Iterator[Finding]:
    age = case.document.minimum_age
    if case.content.get("minimum_age") is None:
        yield asks(Code.AGE_ASSUMED, "minimum_age", age=age)
    if age < AGE_OF_CHILDREN:
        yield warns(Code.AGE_OF_CHILDREN, "minimum_age", age=age)
    question = next((q for q in case.document.questions if "age" in {q.dimension, q.key}), None)
    if question is None or question.kind is not QuestionKind.SINGLE_CHOICE:
        return
    path = f"questions.{question.key}.options"
    bands = _age_bands(question)
    if not bands:
        return
    youngest = min(low for low, _high, _label in bands)
    if youngest > age:
        yield warns(Code.AGE_LEAVES_OUT, path, age=age, youngest=youngest)
    for _low, high, label in bands:
        if high is not None and high < age:
            yield warns(Code.AGE_NEVER_CHOSEN, path, age=age, label=label)


def _age_bands(question: Question) -> list[tuple[int, int | None, str]]:
    """Youngest and oldest age of each option that names ages, in any language.

    One number in the first option is a limit from above ("under 18"), in any other the
    beginning of what has no end ("75 or over").
    """
    bands: list[tuple[int, int | None, str]] = []
    for at, option in enumerate(question.options):
        label = str(option.label)
        numbers = [int(found) for found in _NUMBER.findall(label)]
        if len(numbers) >= 2:
            bands.append((numbers[0], numbers[1], label))
        elif numbers and at == 0:
            bands.append((0, numbers[0] - 1, label))
        elif numbers:
            bands.append((numbers[0], None, label))
    return bands
