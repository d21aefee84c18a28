"""When a consultation opens and closes: long enough, and not over days that keep people away."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from consult.document.model import Consultation
from consult.readiness.dates import dates, ramadans, usual_election_days
from consult.readiness.facts import Case, Facts, Published
from consult.readiness.findings import Code, Severity
from consult.services.workspaces import content_of
from tests.support.consultations import CLOSES, OPENS, changed, example

BEFORE = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def case(document: Consultation | None = None, **facts: Any) -> Case:
    facts.setdefault("now", BEFORE)
    return Case.of(content_of(document or example()), "parks", Facts(**facts))


def found(check: Any, *args: Any, **facts: Any) -> list[tuple[Code, Severity, str]]:
    return [(each.code, each.severity, each.path) for each in check(case(*args, **facts))]


def codes(check: Any, *args: Any, **facts: Any) -> list[Code]:
    return [each.code for each in check(case(*args, **facts))]


def on(**times: str) -> Consultation:
    """The example on other dates; late answers and deletion follow by themselves."""
    late = {"late_until": "2027-12-01T12:00:00"}
    privacy = {**example().privacy.model_dump(), "delete_on": "2028-12-31"}
    return changed(example(), privacy=privacy, **{**late, **times})


def test_six_weeks_are_long_enough():
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    assert (
        codes(dates, on(opens_at="2026-06-08T09:00", closes_at="2026-07-20T09:00"), now=now) == []
    )
    [short] = dates(case(on(opens_at="2026-06-08T09:00", closes_at="2026-07-20T08:59"), now=now))
    assert (short.code, short.values) == (Code.SHORT, {"days": 41, "wanted": 42})


def test_two_weeks_are_the_least():
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    two = on(opens_at="2026-06-08T09:00", closes_at="2026-06-22T09:00")
    less = on(opens_at="2026-06-08T09:00", closes_at="2026-06-22T08:59")
    assert codes(dates, two, now=now) == [Code.SHORT]
    assert found(dates, less, now=now) == [(Code.TOO_SHORT, Severity.BLOCKS, "closes_at")]


def test_what_has_passed_shortens_the_time():
    document = on(opens_at="2026-06-01T09:00", closes_at="2026-07-31T12:00")
    now = datetime(2026, 7, 20, 9, tzinfo=UTC)
    assert found(dates, document, now=now) == [
        (Code.OPENING_PASSED, Severity.ASKS, "opens_at"),
        (Code.TOO_SHORT, Severity.BLOCKS, "closes_at"),
    ]
    assert codes(dates, document, now=now, at_once=True) == [Code.TOO_SHORT]


def test_a_closing_time_that_is_over_blocks():
    assert found(dates, now=CLOSES) == [(Code.CLOSING_PASSED, Severity.BLOCKS, "closes_at")]


@pytest.mark.parametrize(
    ("day", "weekend"),
    [("2026-07-24", False), ("2026-07-25", True), ("2026-07-26", True), ("2026-07-27", False)],
)
def test_closing_at_the_weekend(day, weekend):
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    document = on(opens_at="2026-06-02T09:00", closes_at=f"{day}T23:59")
    assert (Code.CLOSES_ON_WEEKEND in codes(dates, document, now=now)) is weekend


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        ("2026-11-02T09:00", "2026-12-23T12:00", False),
        ("2026-11-02T09:00", "2026-12-24T12:00", True),
        ("2027-01-01T09:00", "2027-02-01T12:00", True),
        ("2027-01-04T09:00", "2027-02-01T12:00", False),
    ],
)
def test_christmas_is_said(opens, closes, expected):
    now = datetime(2026, 10, 1, 9, tzinfo=UTC)
    assert (
        Code.CHRISTMAS in codes(dates, on(opens_at=opens, closes_at=closes), now=now)
    ) is expected


def test_ramadan_as_it_was_and_will_be():
    """First days as announced in Saudi Arabia for 2023 to 2026; a day either way is allowed."""
    announced = [date(2023, 3, 23), date(2024, 3, 11), date(2025, 3, 1), date(2026, 2, 18)]
    reckoned = [begins for begins, _ends in ramadans(2023, 2026)]
    assert len(reckoned) == len(announced)
    for ours, theirs in zip(reckoned, announced, strict=True):
        assert abs(ours - theirs) <= DAY
    assert all(ends - begins == timedelta(days=29) for begins, ends in ramadans(2000, 2199))
    assert {begins.year for begins, _ in ramadans(2000, 2199)} == set(range(2000, 2200))
    # Two in one year, as 33 Islamic years pass in 32 of ours.
    assert len([begins for begins, _ in ramadans(2030, 2030)]) == 2


def test_ramadan_is_said_with_its_days():
    [finding] = [each for each in dates(case()) if each.code is Code.RAMADAN]
    assert finding.values == {"begins": date(2026, 2, 18), "ends": date(2026, 3, 19)}


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2027, 1, 4), date(2027, 3, 24), []),
        (date(2027, 1, 4), date(2027, 3, 25), [date(2027, 5, 6)]),  # six weeks before
        (date(2027, 5, 6), date(2027, 6, 30), [date(2027, 5, 6)]),
        (date(2027, 5, 7), date(2027, 6, 30), []),
        (date(2025, 5, 2), date(2026, 6, 30), [date(2026, 5, 7)]),
    ],
)
def test_usual_election_days(first, last, days):
    assert list(usual_election_days(first, last)) == days


def test_after_opening_only_what_residents_would_notice_counts():
    published = Published(OPENS, CLOSES, ("en", "ur", "pl"))
    now = OPENS + DAY
    assert codes(dates, now=now, published=published) == [Code.LANGUAGE_REMOVED]
    published = Published(OPENS, CLOSES + DAY, ("en", "ur"))
    assert found(dates, now=now, published=published)[0] == (
        Code.CLOSES_EARLIER,
        Severity.WARNS,
        "closes_at",
    )
    assert found(dates, now=CLOSES, published=published)[0] == (
        Code.CLOSES_EARLIER,
        Severity.BLOCKS,
        "closes_at",
    )
    published = Published(OPENS, CLOSES, ("en", "ur"))
    assert codes(dates, now=CLOSES + DAY, published=published) == []
    published = Published(OPENS - 2 * DAY, CLOSES, ("en", "ur"))
    assert Code.REOPENS in codes(dates, now=OPENS - DAY, published=published)
