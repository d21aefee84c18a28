"""What is fixed before a consultation opens: groups in families, and the rules for flags.

Families are written down from the reference population alone. Counts arrive later and must be
of exactly the groups declared: a group that looks odd cannot be added afterwards, and none
quietly left out.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.representation.comparison.materiality import MATERIALITY, SIGNIFICANCE, check_options
from analysis.representation.watching.evalues import ALPHA

_NAMED = 3


class Tier(StrEnum):
    """How firm a flag is."""

    CONFIRMED = "confirmed"
    EARLY = "early"
    NONE = "none"


class Group(NamedTuple):
    """Names a group: a category of a dimension, in an area or everywhere.

    An intersection writes both, e.g. dimension "age x sex", category "16-24 x female".
    """

    dimension: str
    category: str
    area: str | None = None


class Member(NamedTuple):
    """A group and its share of the population, 0 to 1, as declared before opening."""

    group: Group
    population_share: float


class Observed(NamedTuple):
    """Respondents in a group, and the respondents it is a share of."""

    respondents: int
    known: int


@dataclass(frozen=True, slots=True)
class Family:
    """Groups that are judged together, fixed in advance.

    Members whose population share is 0 or 1 may be declared; they are shown and not judged.

    Raises
    ------
    ValueError
        If a group is declared twice or a share is not from 0 to 1.
    """

    name: str
    members: tuple[Member, ...]

    def __post_init__(self) -> None:
        _declared_once(member.group for member in self.members)
        for group, share in self.members:
            if not 0 <= share <= 1:
                raise ValueError(f"{named(group)}: a share is from 0 to 1, not {share}")


@dataclass(frozen=True, slots=True)
class Stage:
    """A time with an unchanging way in, and what arrived in it alone.

    ``counts`` holds every declared group, those without respondents too.
    """

    name: str
    counts: Mapping[Group, Observed]


@dataclass(frozen=True, slots=True)
class Rules:
    """What flags are held to.

    Attributes
    ----------
    materiality, significance, cluster_factor : float
        As in :func:`.gaps.group_gaps`. With a cluster factor above 1
        e-values are approximate.
    alpha, false_discoveries : float
        False discovery rates of confirmed flags, and of early signs and the closing analysis,
        for each family and side.

    Raises
    ------
    ValueError
        If a value is out of its range.
    """

    materiality: float = MATERIALITY
    significance: float = SIGNIFICANCE
    cluster_factor: float = 1.0
    alpha: float = ALPHA
    false_discoveries: float = 0.10

    def __post_init__(self) -> None:
        check_options(self.materiality, self.significance, self.cluster_factor)
        if not (0 < self.alpha < 1 and 0 < self.false_discoveries < 1):
            raise ValueError("rates of false discoveries are between 0 and 1")


def declare(
    dimension: str,
    categories: Sequence[str],
    population_counts: ArrayLike,
    area: str | None = None,
) -> tuple[Member, ...]:
    """Return the groups of one dimension as members of a family.

    Raises
    ------
    ValueError
        If there is not one count for each category, or one is negative or not finite.

    Examples
    --------
    >>> declare("sex", ["female", "male"], [30, 10])[1]
    Member(group=Group(dimension='sex', category='male', area=None), population_share=0.25)
    """
    counts = np.asarray(population_counts, dtype=float)
    if counts.shape != (len(categories),) or not np.all(np.isfinite(counts) & (counts >= 0)):
        raise ValueError(f"{dimension}: one count for each category, finite and not negative")
    total = math.fsum(counts) or 1.0
    return tuple(
        Member(Group(dimension, category, area), float(count / total))
        for category, count in zip(categories, counts, strict=True)
    )


def check_families(families: Sequence[Family]) -> None:
    """Raise ValueError when a group is in two families."""
    _declared_once(member.group for family in families for member in family.members)


def check_counts(families: Sequence[Family], counts: Mapping[Group, Observed], where: str) -> None:
    """Raise ValueError unless counts are of exactly the declared groups, and possible."""
    declared = {member.group for family in families for member in family.members}
    if undeclared := sorted(counts.keys() - declared, key=named):
        raise ValueError(f"{where}: in no family declared before opening: {_some(undeclared)}")
    if absent := sorted(declared - counts.keys(), key=named):
        raise ValueError(f"{where}: declared and not counted: {_some(absent)}")
    for group, (respondents, known) in counts.items():
        if not 0 <= respondents <= known:
            raise ValueError(
                f"{where}: {named(group)}: {respondents} of {known} respondents is no count"
            )


def named(group: Group) -> str:
    """Return the name of a group for messages and for sorting."""
    return ", ".join(part for part in group if part is not None)


def _some(groups: Sequence[Group]) -> str:
    more = len(groups) - _NAMED
    return "; ".join(map(named, groups[:_NAMED])) + (f"; and {more} more" if more > 0 else "")


def _declared_once(groups: Iterable[Group]) -> None:
    twice = sorted((group for group, times in Counter(groups).items() if times > 1), key=named)
    if twice:
        raise ValueError(f"declared more than once: {_some(twice)}")
