"""Charts as data, with all words finished."""

from collections.abc import Sequence
from math import ceil, log10

from flask_babel import gettext

from analysis.representation.telling.picture_parts import scale
from consult.reports.charts.kinds import Mark, Shares, Step, Times
from consult.reports.data import Count, Share
from consult.reports.paper import Span
from consult.telling.report.figures import count_words, number, sure, tick_words
from consult.telling.report.subject import Subject

MOST_TICKS = 5


def mark(
    name: Span,
    count: Count,
    share: Share,
    base: Count,
    *,
    reference: float | None = None,
    state: str = "",
) -> Mark:
    """A row of a chart of shares; its words say the share, or why there is none."""
    shown = share.value is not None
    return Mark(
        label=name.text,
        value=share.value,
        low=share.low,
        high=share.high,
        reference=reference,
        text=sure(share, base) if shown or count.value is not None else count_words(count),
        state=state,
        label_language=name.language,
    )


def shares(
    subject: Subject,
    marks: Sequence[Mark],
    *,
    value_name: str,
    reference_name: str = "",
    as_bars: bool,
) -> Shares:
    """A chart of shares with a scale that fits all of its marks."""
    ends = [mark.high if mark.high is not None else mark.value for mark in marks]
    end, places = scale([*ends, *(mark.reference for mark in marks)])
    # A scale of 120 % would promise what cannot be.
    if end > 1:
        end, places = 1.0, (*(place for place in places if place < 1), 1.0)
    return Shares(
        marks=tuple(marks),
        value_name=value_name,
        # Translators: legend of a chart: the line around a share
        interval_name=gettext("From where to where it may lie, in 95 cases of 100"),
        reference_name=reference_name,
        ticks=tuple((place, tick_words(place, end)) for place in places),
        as_bars=as_bars,
        language=subject.language,
        direction=subject.direction,
    )


def times(subject: Subject, steps: Sequence[Step], *, name: str) -> Times:
    """A chart of numbers over time."""
    most = max((step.value or 0 for step in steps), default=0)
    return Times(
        steps=tuple(steps),
        ticks=tuple((height, number(height)) for height in heights(most)),
        name=name,
        hidden_name=gettext("Too few to be shown"),
        language=subject.language,
        direction=subject.direction,
    )


def heights(most: int) -> list[int]:
    """Round numbers from 0 to the end of a scale that holds ``most``."""
    power = 10 ** max(int(log10(max(most, 1))) - 1, 0)
    steps = (power * part for part in (1, 2, 5, 10, 20, 50))
    step = next(step for step in steps if most <= MOST_TICKS * step)
    return [step * tick for tick in range(max(ceil(most / step), 1) + 1)]
