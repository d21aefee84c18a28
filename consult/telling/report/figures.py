"""Numbers, shares and days as the paper's language writes them."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_decimal, format_percent, gettext

from analysis.disclosure import Published, Reason
from analysis.representation.telling.sentences import Percent, percents
from consult.reports.data import Count, Share
from consult.reports.paper import Cell, Column, Kind
from consult.telling.gap_words import ONE_DECIMAL_FROM, number_words, percent_words

NOTHING = "–"
"""In a cell that has no figure."""


def count_words(count: Count) -> str:
    """A number of people, or why it is not said."""
    return number_words(
        Published(count.text, count.value, count.low, count.high, Reason(count.reason))
    )


def number(value: int) -> str:
    """A number that is exact for every reader."""
    return str(format_decimal(value))


def share_words(share: Share, base: Count) -> str:
    """A share, with a decimal only where so many answered that it means something."""
    return _percent(share.value, base)


def interval_words(share: Share, base: Count) -> str:
    """From where to where a share may lie; nothing where it is not shown."""
    if share.value is None or share.low is None or share.high is None:
        return ""
    # Translators: an interval of shares, such as: 10% to 19%
    return gettext(
        "%(low)s to %(high)s", low=_percent(share.low, base), high=_percent(share.high, base)
    )


def sure(share: Share, base: Count) -> str:
    """A share with its interval, and a word of caution where few people are behind it."""
    interval = interval_words(share, base)
    if not interval:
        return _percent(None, base)
    if share.few:
        # Translators: a share, its interval, and that it stands on few people, such as:
        # 41% (23% to 62%; few people)
        return gettext(
            "%(share)s (%(interval)s; few people)",
            share=share_words(share, base),
            interval=interval,
        )
    # Translators: a number, and in brackets from where to where it may lie
    return gettext("%(value)s (%(interval)s)", value=share_words(share, base), interval=interval)


def residents_words(share: float | None) -> str:
    """A share of residents, who are known by the census: a decimal where it is small."""
    return NOTHING if share is None else percent_words(percents(share)[0])


def whole_percent(share: float) -> str:
    """A share without decimals."""
    return percent_words(Percent(share))


def tick_words(share: float, end: float) -> str:
    """A place on a scale of shares."""
    return str(format_percent(Decimal(repr(share)), "#,##0.0%" if end < 0.05 else "#,##0%"))


def coefficient(value: float) -> str:
    """A number such as 0.81."""
    return str(format_decimal(value, "0.00"))


def one_decimal(value: float) -> str:
    """A number such as 2.4."""
    return str(format_decimal(value, "#,##0.#"))


def day(value: date) -> str:
    """A day in words."""
    return str(format_date(value, "long"))


def day_as_written(text: str) -> str:
    """A day as a publisher of figures wrote it: in words where it is one."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def short_day(value: date) -> str:
    """A day without its year, for a scale."""
    return str(format_date(value, "d MMM"))


def day_of(moment: datetime, timezone: str) -> str:
    """The day of a moment, where the consultation is."""
    return day(moment.astimezone(ZoneInfo(timezone)).date())


def count_cell(count: Count) -> Cell:
    """A number of people in a table."""
    return Cell(count_words(count), count.value)


def number_cell(value: int | None) -> Cell:
    """A number that is exact for every reader, or none."""
    return Cell(NOTHING) if value is None else Cell(number(value), value)


def share_columns(key: str, label: str) -> tuple[Column, Column, Column]:
    """A share, printed with its interval, and both ends of that for those who calculate."""
    return (
        Column(key, label, Kind.SHARE),
        # Translators: heading above the lower ends of intervals of shares
        Column(f"{key}_low", gettext("From"), Kind.SHARE, printed=False),
        # Translators: heading above the upper ends of intervals of shares
        Column(f"{key}_high", gettext("To"), Kind.SHARE, printed=False),
    )


def share_cells(share: Share | None, base: Count) -> tuple[Cell, Cell, Cell]:
    """The cells of :func:`share_columns`."""
    if share is None:
        return Cell(NOTHING), Cell(NOTHING), Cell(NOTHING)
    if share.value is None:
        return Cell(_percent(None, base)), Cell(NOTHING), Cell(NOTHING)
    return (
        Cell(sure(share, base), share.value),
        Cell(_percent(share.low, base), share.low),
        Cell(_percent(share.high, base), share.high),
    )


def residents_cell(share: float | None) -> Cell:
    """A share of residents in a table."""
    return Cell(residents_words(share), share)


def _percent(share: float | None, base: Count) -> str:
    if share is None:
        # Translators: in place of a number of people that is held back
        return gettext("not shown")
    decimals = 0 if base.value is None or base.value < ONE_DECIMAL_FROM else 1
    return percent_words(Percent(share, decimals))
