"""When it opens and closes: long enough, and not over days that keep people away.

No holiday calendar of the country is kept here: only what can be reckoned.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from consult.readiness.asked import NO, SHORTEST_DAYS, YES, Asked, is_very_short
from consult.readiness.facts import Case, Published
from consult.readiness.findings import Code, Finding, asks, blocks, warns

LONG_ENOUGH_DAYS = 42
"""No law says how long. Shorter ones have to have a reason; see ``docs/readiness.md``."""

ELECTION_DAYS = 42
"""About how long before an election councils keep still: notices come out by then."""

_RAMADAN = 9
_EPOCH = 1_948_440
"""Julian day of the first day of the Islamic calendar."""
_JULIAN_DAY_OF_ORDINAL_0 = 1_721_425


def dates(case: Case) -> Iterator[Finding]:
    """Opening, closing and what lies between them."""
    if not (case.has("opens_at") and case.has("closes_at")):
        return
    public = case.facts.published
    yield from _before_opening(case) if public is None else _after_opening(case, public)
    if case.document.closes <= case.opens or not case.has_new_dates:
        return
    yield from _length(case)
    closing = case.document.closes.astimezone(case.zone).date()
    if closing.weekday() >= 5:
        yield warns(Code.CLOSES_ON_WEEKEND, "closes_at", day=closing)
    yield from _seasons(case, case.opens.astimezone(case.zone).date(), closing)


def _before_opening(case: Case) -> Iterator[Finding]:
    now, document = case.facts.now, case.document
    if document.closes <= now:
        yield blocks(Code.CLOSING_PASSED, "closes_at", time=document.closes)
    elif document.opens <= now and not case.facts.at_once:
        yield asks(Code.OPENING_PASSED, "opens_at", time=document.opens)


def _after_opening(case: Case, public: Published) -> Iterator[Finding]:
    now, document = case.facts.now, case.document
    if public.opens <= now < document.opens:
        yield blocks(Code.REOPENS, "opens_at", time=document.opens)
    if document.closes < public.closes and now < public.closes:
        ends_now = document.closes <= now
        found = blocks if ends_now else warns
        yield found(Code.CLOSES_EARLIER, "closes_at", time=document.closes, promised=public.closes)
    for language in public.languages:
        if language not in document.languages:
            yield warns(Code.LANGUAGE_REMOVED, "languages", language=language)


def _length(case: Case) -> Iterator[Finding]:
    opens, closes = case.opens, case.document.closes
    days = (closes - opens).days
    if is_very_short(opens, closes):
        answer = case.facts.answers.get(Asked.TIME)
        agreed = answer is not None and answer.choice == YES
        found = warns if agreed else blocks
        yield found(Code.TOO_SHORT, "closes_at", days=days, least=SHORTEST_DAYS)
    elif closes - opens < timedelta(days=LONG_ENOUGH_DAYS):
        yield warns(Code.SHORT, "closes_at", days=days, wanted=LONG_ENOUGH_DAYS)


def _seasons(case: Case, first: date, last: date) -> Iterator[Finding]:
    for year in range(first.year - 1, last.year + 1):
        if _overlap(first, last, date(year, 12, 24), date(year + 1, 1, 1)):
            yield asks(Code.CHRISTMAS, "closes_at")
            break
    for begins, ends in ramadans(first.year - 1, last.year + 1):
        if _overlap(first, last, begins, ends):
            yield asks(Code.RAMADAN, "closes_at", begins=begins, ends=ends)
    answer = case.facts.answers.get(Asked.ELECTION)
    if answer is not None and answer.choice == NO:
        for day in usual_election_days(first, last):
            yield warns(Code.USUAL_ELECTION_DAY, "readiness.election", day=day)


def usual_election_days(first: date, last: date) -> tuple[date, ...]:
    """Days of ordinary local elections whose quiet weeks touch a period.

    They are held on the first Thursday in May (Representation of the People Act 1983,
    section 37), though not in every place each year.
    """
    days = (_first_thursday_of_may(year) for year in range(first.year, last.year + 2))
    return tuple(
        day for day in days if _overlap(first, last, day - timedelta(days=ELECTION_DAYS), day)
    )


def ramadans(first_year: int, last_year: int) -> Iterator[tuple[date, date]]:
    """First and last day of each Ramadan of some years, right to a day or two.

    By the tabular calendar: months begin with the sight of the moon, which nobody can reckon.
    """
    for islamic_year in range(_islamic_year(first_year) - 1, _islamic_year(last_year) + 2):
        begins = _day_of(islamic_year, _RAMADAN)
        if first_year <= begins.year <= last_year:
            yield begins, _day_of(islamic_year, _RAMADAN + 1) - timedelta(days=1)


def _islamic_year(year: int) -> int:
    """The year of the Islamic calendar that is about to be; 33 of them pass in 32 of ours."""
    return (year - 622) * 33 // 32


def _day_of(islamic_year: int, month: int) -> date:
    """The first day of a month of the tabular Islamic calendar."""
    days = (11 * islamic_year + 3) // 30 + 354 * islamic_year + 30 * month - (month - 1) // 2
    return date.fromordinal(days + 1 + _EPOCH - 385 - _JULIAN_DAY_OF_ORDINAL_0)


def _first_thursday_of_may(year: int) -> date:
    may = date(year, 5, 1)
    return may + timedelta(days=(3 - may.weekday()) % 7)


def _overlap(first: date, last: date, begins: date, ends: date) -> bool:
    return begins <= last and first <= ends
