"""People who are alike in all that a plan is made for: how many live here, and who answered.

Each dimension is cut down to the groups that are planned for and everybody else, so that a few
dimensions can be planned together. How they overlap among residents is seldom published. Then it
is fitted to the published figures of each, beginning from how they overlap among those who
answered: that most Bangladeshi residents are Muslim shows there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.representation.crossing.cross_reference import CrossReference
from analysis.representation.planning.outreach_plan import Group, Stratum
from analysis.representation.populations.answers import Reader, Reading
from analysis.representation.populations.population import ReferenceDimension

OTHERS = ""
"""The category of everybody in none of the groups that are planned for."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension, cut down.

    Attributes
    ----------
    reference : ReferenceDimension
        All its categories, without "Not answered" and its like.
    chosen : tuple of str
        Categories that are planned for; all others together are everybody else.
    """

    reference: ReferenceDimension
    chosen: tuple[str, ...]

    @property
    def dimension(self) -> str:
        """Its name."""
        return self.reference.name

    @property
    def names(self) -> tuple[str, ...]:
        """The chosen categories, and everybody else where somebody is left."""
        others = () if len(self.chosen) == len(self.reference.categories) else (OTHERS,)
        return (*self.chosen, *others)

    @property
    def counts(self) -> tuple[float, ...]:
        """Residents in each."""
        people = dict.fromkeys(self.names, 0.0)
        for name, count in zip(self._names_of_all(), self.reference.counts, strict=True):
            people[name] += count
        return tuple(people.values())

    def codes(self, people: Sequence[Mapping[str, str]]) -> list[int | None]:
        """Which of the names each person has; none where they did not say, or another thing.

        Who chose several has the first that is planned for, if any is.
        """
        reader = Reader(self.reference.categories)
        places = [self.names.index(name) for name in self._names_of_all()]
        given = [person[self.dimension] for person in people]
        known: dict[str, int | None] = {}
        for value in set(given):
            read = reader.read(value)
            known[value] = (
                None if isinstance(read, Reading) else min(places[category] for category in read)
            )
        return [known[value] for value in given]

    def _names_of_all(self) -> list[str]:
        """What each category of the reference is called here."""
        return [each if each in self.chosen else OTHERS for each in self.reference.categories]


@dataclass(frozen=True, slots=True)
class Strata:
    """What a plan is made from.

    Attributes
    ----------
    strata : tuple of Stratum
    answered : int
        People who said what they are in every dimension; they are those counted.
    modelled : bool
        Whether the overlap of dimensions among residents is fitted.
    """

    strata: tuple[Stratum, ...]
    answered: int
    modelled: bool


def strata_of(people: Sequence[Mapping[str, str]], axes: Sequence[Axis]) -> Strata:
    """Divide residents and respondents, whose categories are given, by several dimensions.

    The place has as many people as the dimension that counts the fewest: one counts everybody,
    another those of 16 and over. People who did not say in one of them are in no stratum.
    """
    shape = tuple(len(axis.names) for axis in axes)
    columns = [axis.codes(people) for axis in axes]
    cells = [
        tuple(code for code in codes if code is not None)
        for codes in zip(*columns, strict=True)
        if None not in codes
    ]
    respondents = np.zeros(shape, dtype=np.int64)
    for cell in cells:
        respondents[cell] += 1
    residents = min(axis.reference.total for axis in axes) * _shares(axes, respondents)
    strata = tuple(
        Stratum(
            tuple(
                (axis.dimension, axis.names[place]) for axis, place in zip(axes, cell, strict=True)
            ),
            int(respondents[cell]),
            float(residents[cell]),
        )
        for cell in np.ndindex(shape)
    )
    return Strata(strata, len(cells), modelled=len(axes) > 1)


def named_groups(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Those of a stratum's groups that are planned for; none is everybody else."""
    return tuple(group for group in groups if group[1] != OTHERS)


def _shares(axes: Sequence[Axis], respondents: NDArray[np.int64]) -> NDArray[np.float64]:
    """How residents divide by all dimensions together."""
    dimensions = [axis.dimension for axis in axes]
    names = [axis.names for axis in axes]
    if len(axes) == 1:
        return CrossReference.exact(dimensions, names, axes[0].counts).shares
    apart = np.ones(())
    for axis in axes:
        counts = np.asarray(axis.counts)
        apart = np.multiply.outer(apart, counts / counts.sum())
    # One person a cell on average is added as if dimensions had nothing to do with each other:
    # so few answers tell little of how they overlap, and no cell is impossible.
    start = respondents + apart * apart.size
    tables = [([axis.dimension], axis.counts) for axis in axes]
    return CrossReference.modelled(dimensions, names, tables, start=start).shares
