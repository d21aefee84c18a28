"""Themes are topics: "more parking" and "less parking" are one theme.

Where a closed question goes with the text, its answer says on which side a respondent
stands. This counts the sides within each theme, and beside everybody else who answered it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.statistics import Interval, wilson
from analysis.themes.counting import LEAST_COMPARED, Comparison, Incidence, State, compare_each


class Stance(StrEnum):
    """Where a respondent stands on what the closed question asks."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Sides:
    """How many stand where.

    Attributes
    ----------
    support, oppose, neither : int
        Respondents.
    not_known : int
        Those who left the closed question blank; they are in no share.
    support_interval, oppose_interval : Interval
        Of the two shares, Wilson, 95 %.
    """

    support: int
    oppose: int
    neither: int
    not_known: int
    support_interval: Interval
    oppose_interval: Interval

    @property
    def known(self) -> int:
        """The base of the shares."""
        return self.support + self.oppose + self.neither

    @property
    def support_share(self) -> float | None:
        """Of those whose stance is known; None when nobody's is."""
        return self.support / self.known if self.known else None

    @property
    def oppose_share(self) -> float | None:
        """Of those whose stance is known; None when nobody's is."""
        return self.oppose / self.known if self.known else None

    @property
    def too_few(self) -> bool:
        """Whether the shares stand on fewer than ten people; say so beside them."""
        return self.known < LEAST_COMPARED


@dataclass(frozen=True, slots=True)
class ThemeStance:
    """The sides within one theme, beside all respondents who do not raise it.

    Attributes
    ----------
    sides : Sides
    support, oppose : Comparison
        How often they support, and oppose, beside the rest; both of every theme are one
        family of tests. A theme may draw more of both, with fewer in between.
    """

    sides: Sides
    support: Comparison
    oppose: Comparison

    @property
    def balance_differs(self) -> bool:
        """Whether people in the theme clearly stand elsewhere than the rest."""
        return not {self.support.state, self.oppose.state}.isdisjoint({State.MORE, State.LESS})


@dataclass(frozen=True, slots=True)
class Stances:
    """The sides of all respondents with content, and theme by theme."""

    overall: Sides
    themes: tuple[ThemeStance, ...]


def from_scale(position: int, length: int) -> Stance:
    """Return where a point of an ordered scale stands: its middle is neither.

    Parameters
    ----------
    position : int
        From 1, the strongest opposition, to ``length``, the strongest support.
    length : int
        At least 2.

    Raises
    ------
    ValueError
        If the position is not on the scale.

    Examples
    --------
    >>> [from_scale(position, 5).value for position in (1, 2, 3, 4, 5)]
    ['oppose', 'oppose', 'neither', 'support', 'support']
    >>> [from_scale(position, 4).value for position in (1, 2, 3, 4)]
    ['oppose', 'oppose', 'support', 'support']
    """
    if length < 2 or not 1 <= position <= length:
        raise ValueError(f"position {position} on a scale of {length}")
    twice_from_middle = 2 * position - (length + 1)
    if twice_from_middle == 0:
        return Stance.NEITHER
    return Stance.SUPPORT if twice_from_middle > 0 else Stance.OPPOSE


def count_stances(
    raised: Incidence, stances: Sequence[Stance | None], content: Sequence[bool]
) -> Stances:
    """Count support and opposition within each theme.

    Parameters
    ----------
    raised : ndarray of bool, shape (n_respondents, n_themes)
        From :func:`analysis.themes.counting.incidence`.
    stances : sequence of (Stance or None), shape (n_respondents,)
        None where the closed question was left blank.
    content : sequence of bool, shape (n_respondents,)
        Who wrote something with content. Others are left out throughout, so that a theme
        is compared with people who could have raised it.

    Returns
    -------
    Stances

    Raises
    ------
    ValueError
        If a length differs, or a theme holds somebody without content.
    """
    if not len(stances) == len(content) == len(raised):
        raise ValueError(f"{len(stances)} stances, {len(content)} contents, {len(raised)} people")
    answering = np.asarray(content, dtype=np.bool_)
    if np.any(raised[~answering]):
        raise ValueError("a respondent without content is in a theme")
    order = (Stance.SUPPORT, Stance.OPPOSE, Stance.NEITHER, None)
    code = {stance: at for at, stance in enumerate(order)}
    codes = np.array([code[stance] for stance in stances], dtype=np.intp)

    everybody = np.bincount(codes[answering], minlength=len(order))
    within = np.array(
        [np.bincount(codes[column], minlength=len(order)) for column in raised.T], dtype=np.int64
    ).reshape(-1, len(order))
    rest = everybody - within
    known, rest_known = (counts[:, :3].sum(axis=1, keepdims=True) for counts in (within, rest))
    compared = compare_each(
        within[:, :2],
        np.broadcast_to(known, (len(within), 2)),
        rest[:, :2],
        np.broadcast_to(rest_known, (len(within), 2)),
    )
    return Stances(
        overall=_sides(everybody.tolist()),
        themes=tuple(
            ThemeStance(_sides(row.tolist()), compared[2 * at], compared[2 * at + 1])
            for at, row in enumerate(within)
        ),
    )


def _sides(counts: Sequence[int]) -> Sides:
    support, oppose, neither, not_known = counts
    known = support + oppose + neither
    return Sides(support, oppose, neither, not_known, wilson(support, known), wilson(oppose, known))
