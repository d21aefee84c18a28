"""Times as platforms write them."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

EARLIEST_YEAR = 2000
"""Before it lies what platforms write where they note no time, such as 1980-01-01."""

_DAY = re.compile(
    r"(?P<a>[0-9]{1,4})[/.-](?P<b>[0-9]{1,2}|[A-Za-z]{3,9})[/.-](?P<c>[0-9]{2,4})"
    r"|(?P<day>[0-9]{1,2})(?:st|nd|rd|th)? (?P<month>[A-Za-z]{3,9}),? (?P<year>[0-9]{4})"
)
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def parse_time(text: str, zone: ZoneInfo, *, day_first: bool) -> datetime | None:
    """A time, aware; noon where only the day is given. Nothing if it is none.

    Examples
    --------
    >>> str(parse_time("03/05/2026 10:15", ZoneInfo("Europe/London"), day_first=True))
    '2026-05-03 10:15:00+01:00'
    """
    text = text.strip()
    if (exact := _iso(text)) is not None:
        return exact if exact.tzinfo else exact.replace(tzinfo=zone)
    day = _DAY.match(text)
    if day is None:
        return None
    rest = text[day.end() :].strip(" ,T")
    clock = _CLOCK.match(rest)
    if rest and clock is None:
        return None
    try:
        year, month, date = _date(day, day_first=day_first)
        hour, minute, second = _clock(clock)
        return datetime(year, month, date, hour, minute, second, tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime | None:
    if len(text) < 8 or not text[:4].isdigit():
        return None
    try:
        found = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    return found if len(text) > 10 else found.replace(hour=12)


def _date(found: re.Match[str], *, day_first: bool) -> tuple[int, int, int]:
    if found["day"]:
        return int(found["year"]), _month(found["month"]), int(found["day"])
    a, b, c = found["a"], found["b"], found["c"]
    if len(a) == 4:
        return int(a), _month(b), int(c)
    year = int(c) if len(c) == 4 else 2000 + int(c)
    if not b.isdigit() or day_first:
        return year, _month(b), int(a)
    return year, _month(a), int(b)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _MONTHS.index(text[:3].lower()) + 1


def _clock(found: re.Match[str] | None) -> tuple[int, int, int]:
    if found is None:
        return 12, 0, 0
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
    return hour, int(found["minute"]), int(found["second"] or 0)
