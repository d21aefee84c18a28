"""Joining small categories before weighting, in an order declared before anyone answers.

A category with few respondents gets a weight that hangs on who they happen to be. Which
categories are joined is decided by numbers of respondents alone: nothing here sees an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.errors import InputError
from analysis.representation.weights.margins import UNKNOWN, Margin

LEAST_RESPONDENTS = 20


@dataclass(frozen=True, slots=True)
class Merge:
    """A step of the declared order: these become one.

    Attributes
    ----------
    into : str
        Name of the joined category.
    members : tuple of str
        Categories of the dimension, or names of earlier steps; two at least.
    """

    into: str
    members: tuple[str, ...]


class DropReason(StrEnum):
    """Why a dimension is not weighted by."""

    TOO_SMALL = "too_small"
    """A category stays below the least number of respondents after every declared step."""
    ONE_CATEGORY = "one_category"
    NOBODY = "nobody"
    """No respondent answered."""
    BEYOND_LIMIT = "beyond_limit"
    """As many dimensions as are allowed stand before it."""


@dataclass(frozen=True, slots=True, eq=False)
class Collapsed:
    """What became of one dimension.

    Attributes
    ----------
    name : str
        Of the dimension.
    margin : Margin or None
        With the joined categories; None when it is dropped.
    merged : tuple of Merge
        The steps that were taken, in order.
    dropped : DropReason or None
        Why there is no margin.
    small : tuple of str
        Categories that stayed too small.
    """

    name: str
    margin: Margin | None
    merged: tuple[Merge, ...] = ()
    dropped: DropReason | None = None
    small: tuple[str, ...] = ()


def collapse(
    margin: Margin, order: Sequence[Merge] = (), *, minimum: int = LEAST_RESPONDENTS
) -> Collapsed:
    """Join categories until each has enough respondents, or drop the dimension.

    The steps are gone through once, in order. A step is taken when one of the categories it
    would join is below the minimum, and passed over otherwise.

    Parameters
    ----------
    margin : Margin
        Categories that nobody in the population has are left alone.
    order : sequence of Merge
        Declared before the consultation opened.
    minimum : int
        Respondents that every category of the population needs.

    Raises
    ------
    InputError
        If a step joins fewer than two, names what is neither a category nor an earlier step,
        takes a part of what an earlier step joins, or uses a name that is taken.

    Examples
    --------
    >>> margin = Margin("age", ["young", "middle", "old"], [3, 4, 3], [0] * 30 + [1] * 40 + [2] * 5)
    >>> found = collapse(margin, [Merge("over 30", ("middle", "old"))])
    >>> found.margin.categories, found.margin.counts.tolist()
    (('young', 'over 30'), [30, 45])
    """
    leaves = _leaves(margin, order)
    if not margin.counts.sum():
        return Collapsed(margin.name, None, (), DropReason.NOBODY)
    groups = {category: frozenset({category}) for category in margin.categories}
    respondents = dict(zip(margin.categories, margin.counts.tolist(), strict=True))
    people = dict(zip(margin.categories, margin.population, strict=True))

    def small(members: frozenset[str]) -> bool:
        return (
            sum(people[m] for m in members) > 0 and sum(respondents[m] for m in members) < minimum
        )

    merged = []
    for step in order:
        joined = leaves[step.into]
        parts = [name for name, members in groups.items() if members <= joined]
        if any(small(groups[name]) for name in parts):
            # The joined category stands where the first of its parts stood.
            names = {name: step.into if name in parts else name for name in groups}
            groups = {names[n]: joined if n in parts else groups[n] for n in groups}
            merged.append(step)
    left = tuple(name for name, members in groups.items() if small(members))
    if left:
        return Collapsed(margin.name, None, tuple(merged), DropReason.TOO_SMALL, left)
    if sum(sum(people[m] for m in members) > 0 for members in groups.values()) < 2:
        return Collapsed(margin.name, None, tuple(merged), DropReason.ONE_CATEGORY)
    return Collapsed(margin.name, _joined(margin, groups), tuple(merged))


def _leaves(margin: Margin, order: Sequence[Merge]) -> dict[str, frozenset[str]]:
    """Return the categories behind every name of the declared order, checked."""
    leaves = {category: frozenset({category}) for category in margin.categories}
    steps: dict[str, frozenset[str]] = {}
    for step in order:
        where = f"{margin.name}: collapsing into {step.into!r}"
        unknown = [member for member in step.members if member not in leaves]
        if unknown:
            raise InputError(f"{where} names {unknown[0]!r}, which is no category")
        if len(set(step.members)) < 2:
            raise InputError(f"{where} needs two categories or more")
        if step.into in leaves:
            raise InputError(f"{where} uses a name that is taken; choose another")
        joined = frozenset[str]().union(*(leaves[member] for member in step.members))
        for earlier, taken in steps.items():
            if taken & joined and not taken <= joined:
                raise InputError(f"{where} takes a part of {earlier!r}; name it as a whole")
        leaves[step.into] = steps[step.into] = joined
    return leaves


def _joined(margin: Margin, groups: dict[str, frozenset[str]]) -> Margin:
    index = {member: at for at, members in enumerate(groups.values()) for member in members}
    new = np.array([index[category] for category in margin.categories], dtype=np.int32)
    population = np.zeros(len(groups))
    np.add.at(population, new, np.array(margin.population))
    codes = np.where(margin.codes == UNKNOWN, UNKNOWN, new[margin.codes])
    return Margin(margin.name, tuple(groups), population, codes)
