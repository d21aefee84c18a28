"""What only people can answer: when an answer is one, and when it no longer is."""

from datetime import UTC, datetime, timedelta

import pytest

from consult.readiness.asked import (
    NO,
    YES,
    Answer,
    Asked,
    answers_in,
    is_answered,
    is_outdated,
    is_very_short,
    unanswered,
    written,
)
from consult.readiness.findings import Code

OPENS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLOSES = datetime(2026, 4, 13, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def answer(text: str = "It is.", choice: str = "", **changes: datetime | None) -> Answer:
    dates = {"opens": OPENS, "closes": CLOSES, **changes}
    return Answer(text, choice, "anna@council.example.org", "Anna", OPENS - DAY, **dates)


def test_answers_come_back_as_they_were_kept():
    kept = {
        Asked.TIME: answer(),
        Asked.ELECTION: answer("", NO, opens=None, closes=None),
    }
    stored = {asked.value: written(each) for asked, each in kept.items()}
    assert answers_in({**stored, "something_else": {}}) == kept


@pytest.mark.parametrize(
    ("asked", "given", "expected"),
    [
        (Asked.FORMATIVE, None, False),
        (Asked.FORMATIVE, answer(), True),
        (Asked.FORMATIVE, answer(""), False),
        (Asked.TIME, answer("", YES), False),
        (Asked.ELECTION, answer("", NO), True),
        (Asked.ELECTION, answer("", YES), False),
        (Asked.ELECTION, answer("We wait.", YES), True),
        (Asked.ELECTION, answer("We wait.", ""), False),
    ],
)
def test_what_counts_as_an_answer(asked, given, expected):
    assert is_answered(asked, given) is expected


@pytest.mark.parametrize(
    ("asked", "opens", "closes", "expected"),
    [
        (Asked.TIME, OPENS, CLOSES, False),
        (Asked.TIME, OPENS, CLOSES + 30 * DAY, False),  # longer is never too short
        (Asked.TIME, OPENS, CLOSES - 7 * DAY, False),
        (Asked.TIME, OPENS, CLOSES - 8 * DAY, True),
        (Asked.TIME, OPENS + 8 * DAY, CLOSES, True),
        (Asked.ELECTION, OPENS + 8 * DAY, CLOSES - 8 * DAY, False),  # within what was asked
        (Asked.ELECTION, OPENS - DAY, CLOSES + DAY, False),
        (Asked.ELECTION, OPENS - 2 * DAY, CLOSES, True),
        (Asked.ELECTION, OPENS, CLOSES + 2 * DAY, True),
        (Asked.FORMATIVE, OPENS - 90 * DAY, CLOSES + 90 * DAY, False),
    ],
)
def test_answers_for_other_dates(asked, opens, closes, expected):
    assert is_outdated(asked, answer(), opens, closes) is expected


def test_an_answer_from_before_there_were_dates_is_outdated():
    early = answer(opens=None, closes=None)
    assert is_outdated(Asked.TIME, early, OPENS, CLOSES)
    assert not is_outdated(Asked.FORMATIVE, early, OPENS, CLOSES)
    assert [each.code for each in unanswered({Asked.TIME: early}, None, None)] == [
        Code.UNANSWERED  # the other four; without dates nothing is outdated
    ] * 4


def test_two_weeks_to_the_minute_are_not_very_short():
    assert not is_very_short(OPENS, OPENS + 14 * DAY)
    assert is_very_short(OPENS, OPENS + 14 * DAY - timedelta(minutes=1))
