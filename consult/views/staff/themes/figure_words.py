"""Figures in words: shares, their intervals, and how sure they are."""

import math

from flask_babel import format_decimal, format_percent, get_locale, gettext

from analysis.text.codes import language_name as english_name
from analysis.themes.counting import Comparison, State
from consult.forms.bidirectional import isolated

FIRM, LOOSE = 0.75, 0.5
"""As the summary of the command line has them."""

DECIMAL_FROM = 1_000
"""Shares with a decimal of fewer people promise more than they know."""


def share_words(share: float | None, base: int) -> str:
    """A share as people read it."""
    if share is None:
        return "–"
    if base >= DECIMAL_FROM:
        return format_percent(share, "#,##0.0%")
    if 0.0 < share < 0.005:
        # Translators: a share of people that is very small, but not nothing
        return gettext("under %(percent)s", percent=format_percent(0.01))
    return format_percent(share)


def interval_words(low: float, high: float, base: int) -> str:
    """From where to where a share may lie by chance alone, 95 %."""
    if not base or math.isnan(low):
        return ""
    # Translators: an interval of shares, such as: 10% to 19%
    return gettext("%(low)s to %(high)s", low=share_words(low, base), high=share_words(high, base))


def firmness(stability: float | None) -> str:
    """How much of a theme comes back when it is sorted anew, in words."""
    if stability is None or math.isnan(stability):
        return ""
    value = format_decimal(math.floor(100 * stability + 1e-9) / 100, "0.00")
    if stability >= FIRM:
        # Translators: how surely a theme is one theme; the number lies between 0 and 1
        return gettext("firm (%(value)s)", value=value)
    if stability < LOOSE:
        # Translators: how surely a theme is one theme; the number lies between 0 and 1
        return gettext("loose (%(value)s)", value=value)
    # Translators: how surely a theme is one theme; the number lies between 0 and 1
    return gettext("fairly firm (%(value)s)", value=value)


def language_name(code: str) -> str:
    """A language's name in the language of the page."""
    locale = get_locale()
    language, _, rest = code.partition("-")
    name = locale.languages.get(language) if locale else None
    if name is None:
        return english_name(code)
    if not rest:
        return name
    script = locale.scripts.get(rest) if locale else None
    if script is None:
        return f"{name} ({rest})"
    # Translators: a language written in the letters of another, such as: Urdu in Latin letters
    return gettext("%(language)s in %(script)s letters", language=name, script=script)


def comparison_words(state: State) -> str:
    """How often one group raises a theme beside all others."""
    match state:
        case State.MORE:
            # Translators: a group of people raises a theme more often than others
            return gettext("more often")
        case State.LESS:
            # Translators: a group of people raises a theme less often than others
            return gettext("less often")
        case State.NO_CLEAR_DIFFERENCE:
            return gettext("no clear difference")
        case State.TOO_FEW:
            return gettext("too few to tell")


def comparison_colour(state: State) -> str:
    """The colour of a comparison's tag."""
    return {State.MORE: "blue", State.LESS: "yellow"}.get(state, "grey")


def points_words(comparison: Comparison) -> str:
    """The interval of a difference, in percentage points."""
    if comparison.difference is None:
        return ""
    low, high = (
        isolated(format_decimal(round(100 * side), "+#,##0;-#,##0"))
        for side in (comparison.difference.low, comparison.difference.high)
    )
    # Translators: an interval in percentage points: +4 to +21 points
    return gettext("%(low)s to %(high)s points", low=low, high=high)


def number(count: int) -> str:
    """A count as the language of the page writes it."""
    return format_decimal(count)
