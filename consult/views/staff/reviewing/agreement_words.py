"""Agreement in careful words."""

from typing import TYPE_CHECKING

from flask_babel import format_decimal, gettext

from analysis.statistics import Interval
from analysis.themes.reviewing.accuracy import Measured

if TYPE_CHECKING:
    from analysis.themes.reviewing.agreement import Kappa, Unknown

WIDE, TOO_WIDE = 0.4, 0.6
"""Widths of intervals from which on a figure is uncertain, or tells nothing."""


def coefficient(value: float | None) -> str:
    """A kappa or an alpha as people read it."""
    return "–" if value is None else format_decimal(value, "0.00")


def between(interval: Interval | None) -> str:
    """From where to where a coefficient may lie, 95 %."""
    if interval is None:
        return ""
    # Translators: an interval of numbers, such as: 0.41 to 0.72
    return gettext(
        "%(low)s to %(high)s", low=coefficient(interval.low), high=coefficient(interval.high)
    )


def measured(rate: Measured | None) -> str:
    """A rate with its interval."""
    if rate is None:
        return "–"
    # Translators: a number, and in brackets from where to where it may lie
    return gettext(
        "%(value)s (%(interval)s)",
        value=coefficient(rate.value),
        interval=between(rate.interval),
    )


def why_not(unknown: "Unknown | None") -> str:
    """Why there is no figure."""
    from analysis.themes.reviewing.agreement import Unknown

    match unknown:
        case Unknown.NO_OVERLAP:
            return gettext("No answer was read by both.")
        case Unknown.ONE_CATEGORY:
            return gettext(
                "Both said the same throughout, which chance would do too: nothing can be told."
            )
        case Unknown.TOO_FEW:
            return gettext("Fewer than 30 answers were read by both: too few to tell.")
        case Unknown.TOO_VARIED:
            return gettext("There are too many different sets of themes to work this out.")
    return ""


def meaning(kappa: "Kappa") -> str:
    """What a kappa says, with caution: the less, the wider its interval."""
    if kappa.value is None or kappa.interval is None:
        return why_not(kappa.unknown)
    width = kappa.interval.high - kappa.interval.low
    if width >= TOO_WIDE:
        return gettext("Too uncertain to tell: it takes more answers.")
    said = _degree(kappa.value)
    if width >= WIDE:
        # Translators: "said" is a sentence about agreement, such as: Very good agreement.
        return gettext("%(said)s This is uncertain: read more before you rely on it.", said=said)
    return said


def _degree(value: float) -> str:
    if value < 0.2:
        return gettext("Hardly more agreement than chance would give.")
    if value < 0.4:
        return gettext("Some agreement, but far from enough to rely on.")
    if value < 0.6:
        return gettext("Moderate agreement: fit for broad statements, not for fine differences.")
    if value < 0.8:
        return gettext("Good agreement, as careful people often reach.")
    return gettext("Very good agreement.")
