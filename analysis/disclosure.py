"""The one rule that every public figure passes.

A number below the threshold is not said, only that it is below; others are rounded to the
nearest five, totals from the true total, so that rows need not add up; percentages and
intervals come from the rounded numbers. Zero is small too where the number is about people of
one group or about what people wrote. The rule hides counts, crossings and identifying quotes,
never an approved theme: of a small theme it says "fewer than 10".

Rounding does not protect by itself a small number that stands beside its total; whole tables
go through :func:`analysis.suppression.publishing.protect_tables`, which looks at all of them at
once; quotes, keywords and labels go through :mod:`analysis.suppression.quotes`. What a reader
knows who knows the rule (:func:`known_from`) is written here and nowhere else.

References
----------
.. [1] NHS Digital (2018). Hospital Episode Statistics: change to disclosure control, small
       numbers suppressed and all others rounded to 5.
.. [2] Hundepool et al. (2012). Statistical Disclosure Control. Wiley, chapters 4 and 5.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.statistics import wilson


@dataclass(frozen=True, slots=True)
class Rule:
    """The numbers of the rule.

    Attributes
    ----------
    threshold : int
        The smallest number said of people of a group, of an area or of a theme; at least 2.
    base : int
        Other numbers are rounded to multiples of it; 1 does not round.
    total_threshold : int
        The smallest number above zero said of a closed question that is crossed with nothing
        in public; at least 2.
    width : int
        How far apart the least and the most must be that a hidden number can be, for
        somebody who holds every table.
    share_base, flag_base : int
        No percentage of fewer people than the first; a caution at fewer than the second.
    dominance, dominance_base : float, int
        A group is held back of which everybody answers one way, or more than this share in
        a group of fewer people than the second.

    Raises
    ------
    ValueError
        If a number is out of its range, or rounding would turn a number that is said into 0.
    """

    threshold: int = 10
    base: int = 5
    total_threshold: int = 5
    width: int = 5
    share_base: int = 10
    flag_base: int = 30
    dominance: float = 0.9
    dominance_base: int = 50

    def __post_init__(self) -> None:
        if min(self.threshold, self.total_threshold) < 2:
            raise ValueError("a threshold below 2 hides nothing")
        if self.base < 1 or self.width < 0 or not 0.5 <= self.dominance <= 1:
            raise ValueError("base at least 1, width at least 0, dominance 0.5 to 1")
        if self.rounded(min(self.threshold, self.total_threshold)) == 0:
            raise ValueError(f"rounding to {self.base} would show numbers as 0 that are not")

    def least(self, *, crossed: bool) -> int:
        """Return the smallest number that is said."""
        return self.threshold if crossed else self.total_threshold

    def hides(self, count: int, *, crossed: bool) -> bool:
        """Tell whether a number is too small to be said; zero is, where it is about a group."""
        return count < self.least(crossed=crossed) and (crossed or count > 0)

    def rounded(self, count: int) -> int:
        """Return the nearest multiple of the base, halves up."""
        return self.base * ((2 * count + self.base) // (2 * self.base))

    def needed(self, *, crossed: bool) -> int:
        """Return how far apart bounds must be; no label of a lower threshold can reach width."""
        return min(self.width, self.least(crossed=crossed) - (1 if crossed else 2))

    def dominated(self, counts: Iterable[int], people: int) -> bool:
        """Tell whether (nearly) all of a group answer one way.

        Parameters
        ----------
        counts : iterable of int
            By answer.
        people : int
            In the group.
        """
        largest = max(counts, default=0)
        return people > 0 and (
            largest == people
            or (people < self.dominance_base and largest > self.dominance * people)
        )


RULE = Rule()
"""The default: fewer than 10 is not said, the rest is rounded to 5."""


class Reason(StrEnum):
    """Why a figure is not there, in words that may be public.

    Whether a figure is held back for a neighbour's sake or because a whole group answered
    alike is one reason, as the difference would tell on the group.
    """

    SHOWN = "shown"
    SMALL = "small"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Published:
    """A number as the public sees it.

    Attributes
    ----------
    text : str
        In English. Other languages make theirs of ``value``, or of ``reason`` and ``high``:
        a small number is below ``high + 1``.
    value : int or None
        None if it is not said.
    low, high : int, int or None
        What a reader knows who knows the rule; None is no limit.
    reason : Reason
    """

    text: str
    value: int | None
    low: int
    high: int | None
    reason: Reason = Reason.SHOWN


WITHHELD = Published("not shown", None, 0, None, Reason.WITHHELD)


def publish(count: int, rule: Rule = RULE, *, crossed: bool = True) -> Published:
    """Publish one number that stands by itself.

    Parameters
    ----------
    count : int
        People, each once.
    rule : Rule
    crossed : bool
        Whether it is about people of a group, of an area or of a theme; otherwise it is of
        a closed question as a whole.

    Raises
    ------
    ValueError
        If the count is negative.

    Examples
    --------
    >>> publish(13).text, publish(3).text, publish(0).text
    ('15', 'fewer than 10', 'fewer than 10')
    >>> publish(3, crossed=False).text, publish(0, crossed=False).text
    ('fewer than 5', '0')
    """
    if count < 0:
        raise ValueError(f"{count} people")
    least = rule.least(crossed=crossed)
    if rule.hides(count, crossed=crossed):
        return Published(f"fewer than {least}", None, 0 if crossed else 1, least - 1, Reason.SMALL)
    value = rule.rounded(count)
    low, high = known_from(value, rule, crossed=crossed)
    return Published(f"{value:,}", value, low, high)


def known_from(value: int, rule: Rule = RULE, *, crossed: bool = True) -> tuple[int, int]:
    """Return the least and the most that a number can be that is shown as ``value``.

    Examples
    --------
    >>> known_from(15), known_from(10), known_from(0, crossed=False)
    ((13, 17), (10, 12), (0, 0))
    """
    if value == 0:
        return 0, 0
    low = math.ceil(value - rule.base / 2)
    high = math.ceil(value + rule.base / 2) - 1
    return max(low, rule.least(crossed=crossed)), high


_FEWER = re.compile(r"fewer than (\d+)")


def read_back(text: str, rule: Rule = RULE, *, crossed: bool = True) -> tuple[float, float]:
    """Return what a reader learns from a published text; the inverse of :func:`publish`.

    Raises
    ------
    ValueError
        If it is no published number.

    Examples
    --------
    >>> read_back("fewer than 10"), read_back("1,205"), read_back("not shown")
    ((0, 9), (1203, 1207), (0, inf))
    """
    if found := _FEWER.fullmatch(text):
        return (0 if crossed else 1), int(found.group(1)) - 1
    if text == WITHHELD.text:
        return 0, math.inf
    return known_from(int(text.replace(",", "")), rule, crossed=crossed)


@dataclass(frozen=True, slots=True)
class Percentage:
    """A share as the public sees it: ``value`` from 0 to 100, ``flagged`` on few people.

    ``low`` and ``high`` are Wilson's 95 % interval, of the rounded numbers too: from exact
    bounds anybody could work out the exact count.
    """

    text: str
    value: float | None
    low: float | None
    high: float | None
    flagged: bool


_NO_PERCENTAGE = Percentage("not shown", None, None, None, False)


def percentage(count: Published, people: Published, rule: Rule = RULE) -> Percentage:
    """Return a share of published numbers, with no decimals below 1,000 people.

    Examples
    --------
    >>> percentage(publish(16), publish(142))
    Percentage(text='11%', value=11.0, low=7.0, high=17.0, flagged=False)
    >>> percentage(publish(3), publish(142)).text, percentage(publish(12), publish(22)).flagged
    ('not shown', True)
    """
    if count.value is None or people.value is None or people.value < max(rule.share_base, 1):
        return _NO_PERCENTAGE
    # Rounding can lift a part above its whole only when rules are mixed.
    part = min(count.value, people.value)
    interval = wilson(part, people.value)
    decimals = 0 if people.value < 1000 else 1
    value, low, high = (
        round(100 * share + 0.0, decimals)
        for share in (part / people.value, interval.low, interval.high)
    )
    return Percentage(
        f"{value:.{decimals}f}%", value, low, high, flagged=people.value < rule.flag_base
    )


def weighted_percentage(
    share: float, people: int, unweighted: Published, rule: Rule = RULE, *, crossed: bool = True
) -> Percentage:
    """Return a weighted share, as coarse as the unweighted one beside it.

    Where all weights of a group are equal the two are the same share, and a finer one would
    undo the rounding.

    Parameters
    ----------
    share : float
        0 to 1.
    people : int
        True number that the share is of.
    unweighted : Published
        The number of people behind the share. If it is hidden, so is the share.

    Raises
    ------
    ValueError
        If the share is out of range.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share}")
    whole = publish(people, rule, crossed=crossed)
    if unweighted.value is None or whole.value is None:
        return _NO_PERCENTAGE
    part = rule.rounded(round(share * people))
    return percentage(Published(f"{part:,}", part, part, part), whole, rule)


def public_order(names: Sequence[str], figures: Sequence[Published]) -> tuple[int, ...]:
    """Return the order in which to list figures: by what is said, then by name.

    Listing by the true numbers would tell which of two hidden ones is larger.
    """

    def place(index: int) -> tuple[int, int, str, int]:
        value = figures[index].value
        return (value is None, -(value or 0), names[index], index)

    return tuple(sorted(range(len(names)), key=place))
