"""Weights: what would change if those who live here were made up like all residents.

Everybody who counts has a weight, so that a weighted share and the plain one beside it are of the
same people, and differ by the weighting alone. Only those who are compared with residents are
weighted: who lives elsewhere counts once. Were the weighted shares of residents alone, a reader
could take them from the plain ones and would have the answers of the few who live elsewhere.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np

from analysis.representation.run import Comparison
from analysis.representation.weights.collapsing import LEAST_RESPONDENTS
from analysis.representation.weights.margins import UNKNOWN, Margin
from analysis.representation.weights.weighting import Weighting, weigh
from analysis.tables import matching_key
from consult.reports import data
from consult.services.reporting.figures import APART
from consult.services.watching.respondents import Person

ELSEWHERE: Final = f"{APART}elsewhere"
"""Stands for those who are compared with nobody, as a category that keeps its own size."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Weights of everybody who counts.

    Attributes
    ----------
    weighting : Weighting
        In the order of ``rows``.
    rows : sequence of UUID
        Responses.
    """

    weighting: Weighting
    rows: Sequence[UUID]

    def told(self, *, exactly: bool) -> data.Weights:
        """How responses were weighted, as the reader may know it.

        Kish's number and the largest weight follow from the numbers of people in groups; made
        coarse enough, they tell no more of these than the published ones do.
        """
        found, applied = self.weighting, self.weighting.applied
        effective = found.n_effective if exactly else _two_digits(found.n_effective)
        largest = found.largest if exactly else float(math.ceil(round(found.largest, 6)))
        return data.Weights(
            applied=applied,
            by=tuple(m.name for m in found.margins if m.margin is not None) if applied else (),
            effective=effective if applied else None,
            largest=largest if applied else None,
            headline=applied and found.headline,
            reasons=tuple(dict.fromkeys(reason.kind.value for reason in found.reasons)),
        )


def weighed(
    rows: Sequence[UUID], people: Iterable[Person], wholes: Sequence[Comparison]
) -> Weighed:
    """Weight people by the dimensions of the population, in its order.

    Parameters
    ----------
    rows : sequence of UUID
        The responses of everybody who counts.
    people : iterable of Person
        Those of them who are compared.
    wholes : sequence of Comparison
        Dimensions of which people could choose several groups are left out.
    """
    compared = {person.response_id: person.categories for person in people}
    is_elsewhere = np.array([row not in compared for row in rows], dtype=np.bool_)
    margins = []
    for part in wholes:
        if part.counted.several:
            continue
        name = part.reference.name
        answers = [compared[row].get(name, "") if row in compared else "" for row in rows]
        margins.append(_margin(part, answers, is_elsewhere))
    return Weighed(weigh(margins, respondents=len(rows)), rows)


def _margin(
    part: Comparison, answers: Sequence[str], is_elsewhere: np.typing.NDArray[np.bool_]
) -> Margin:
    """The margin of a dimension, with a category for those elsewhere that keeps its size."""
    reference = part.reference
    index = {matching_key(category): at for at, category in enumerate(reference.categories)}
    codes = np.array([index.get(matching_key(a), UNKNOWN) for a in answers], dtype=np.int32)
    margin = Margin(reference.name, reference.categories, reference.counts, codes)
    others = int(is_elsewhere.sum())
    # Too few would have the dimension dropped; they then go with those who did not say.
    if others < LEAST_RESPONDENTS or not margin.counts.sum():
        return margin
    known = float(margin.counts.sum())
    population = [*(margin.shares * known), float(others)]
    codes = np.where(is_elsewhere, len(reference.categories), margin.codes)
    return Margin(reference.name, (*reference.categories, ELSEWHERE), population, codes)


def _two_digits(value: float) -> float:
    """A number cut after its first two digits."""
    if value < 10:
        return float(math.floor(value))
    unit = 10 ** (math.floor(math.log10(value)) - 1)
    return float(math.floor(value / unit) * unit)
