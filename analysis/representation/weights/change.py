"""What would change if respondents were made up like the population.

References
----------
.. [1] Deville and Särndal (1992). Calibration Estimators in Survey Sampling. Journal of the
       American Statistical Association 87(418), 376-382.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.representation.weights.margins import Cells
from analysis.representation.weights.shares import (
    Bools,
    WeightedShare,
    checked_answers,
    weighted_shares,
)
from analysis.representation.weights.weighting import Weighting
from analysis.statistics import Floats, Interval, benjamini_hochberg, z_score

LEAST_DIFFERENCE = 0.02
"""As a share: two points."""
STANDARD_ERRORS = 2.0
FALSE_DISCOVERIES = 0.05

_Z = z_score(0.95)
# Shares closer than this are the same: rounding must not swap ranks or make a majority.
_DECIMALS = 9


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Who chose what; or, with themes for options, who raised which.

    Parameters
    ----------
    name : str
    options : sequence of str
    chosen : array-like of bool, shape (n, n_options)
    answered : array-like of bool, shape (n,), optional
        Everybody by default. What others chose does not count.

    Raises
    ------
    ValueError
        If shapes do not fit.
    """

    name: str
    options: tuple[str, ...]
    chosen: Bools
    answered: Bools

    def __init__(
        self,
        name: str,
        options: Sequence[str],
        chosen: ArrayLike,
        answered: ArrayLike | None = None,
    ) -> None:
        picked, base = checked_answers(chosen, answered, len(np.asarray(chosen)))
        if picked.shape[1] != len(options):
            raise ValueError(f"{name}: a column for each option")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "options", tuple(options))
        object.__setattr__(self, "chosen", picked & base[:, None])
        object.__setattr__(self, "answered", base)

    @classmethod
    def single(cls, name: str, options: Sequence[str], codes: ArrayLike) -> Self:
        """Take one option each, by its index; -1 where there is no answer.

        Raises
        ------
        ValueError
            If a code points at no option.
        """
        given = np.asarray(codes)
        if given.size and not (given.min() >= -1 and given.max() < len(options)):
            raise ValueError(f"{name}: a code points at no option")
        return cls(name, options, given[:, None] == np.arange(len(options)), given >= 0)


@dataclass(frozen=True, slots=True)
class Change:
    """One option of one question, weighted beside unweighted.

    Attributes
    ----------
    question, option : str
    figure : WeightedShare
        Both shares with their intervals.
    difference : float
        Weighted less unweighted share, -1 to 1.
    standard_error : float
        Of the difference, from residuals: what the margins explain is no noise.
    interval : Interval
        95 %, of the difference.
    p_value, q_value : float
        That of no difference, and adjusted over all questions and options together.
    majority_flips : bool
        More than half with one and not with the other.
    rank, weighted_rank : int
        From 1; options of the same share have the same.
    notable : bool
        More than two points, more than two standard errors, and a q-value of .05 or less.
    """

    question: str
    option: str
    figure: WeightedShare
    difference: float
    standard_error: float
    interval: Interval
    p_value: float
    q_value: float
    majority_flips: bool
    rank: int
    weighted_rank: int
    notable: bool

    @property
    def rank_flips(self) -> bool:
        """Whether the option stands elsewhere among the others."""
        return self.rank != self.weighted_rank


def what_would_change(questions: Iterable[Question], weighting: Weighting) -> tuple[Change, ...]:
    """Compare weighted with unweighted shares of all options.

    Parameters
    ----------
    questions : iterable of Question
        Of the weighting's respondents. All of them are one family for the q-values.
    weighting : Weighting

    Returns
    -------
    tuple of Change
        In the order given; without questions that nobody answered. Empty when nothing was
        weighted.

    Raises
    ------
    ValueError
        If a question is of other respondents.
    """
    cells = weighting.cells
    if cells is None:
        return ()
    regression = _Regression(cells, weighting.cell_weights)
    rows: list[tuple[str, str, WeightedShare, int, int]] = []
    differences, errors = [], []
    for question in questions:
        if not question.answered.any():
            continue
        figures = weighted_shares(question.chosen, weighting, answered=question.answered)
        plain = np.array([figure.unweighted.value for figure in figures], dtype=np.float64)
        weighted = np.array(
            [figure.weighted.value for figure in figures if figure.weighted], dtype=np.float64
        )
        ranks = zip(_ranks(plain), _ranks(weighted), strict=True)
        for option, figure, (rank, weighted_rank) in zip(
            question.options, figures, ranks, strict=True
        ):
            rows.append((question.name, option, figure, rank, weighted_rank))
        differences.append(weighted - plain)
        errors.append(_standard_errors(question, cells, weighting.cell_weights, regression))
    if not rows:
        return ()
    return _changes(rows, np.concatenate(differences), np.concatenate(errors))


def _changes(
    rows: Sequence[tuple[str, str, WeightedShare, int, int]], differences: Floats, errors: Floats
) -> tuple[Change, ...]:
    sizes = np.abs(differences)
    # Without an error nobody differs from anybody, and there is no difference either.
    ratios = np.divide(sizes, errors, out=np.zeros_like(sizes), where=errors > 0)
    p_values = 2 * special.ndtr(-ratios)
    q_values = benjamini_hochberg(p_values)
    notable = (
        (np.round(sizes, _DECIMALS) > LEAST_DIFFERENCE)
        & (ratios > STANDARD_ERRORS)
        & (q_values <= FALSE_DISCOVERIES)
    )
    changes = []
    for at, (question, option, figure, rank, weighted_rank) in enumerate(rows):
        difference, error = float(differences[at]), float(errors[at])
        before = figure.unweighted.value or 0.0
        changes.append(
            Change(
                question=question,
                option=option,
                figure=figure,
                difference=difference,
                standard_error=error,
                interval=Interval(difference - _Z * error, difference + _Z * error),
                p_value=float(p_values[at]),
                q_value=float(q_values[at]),
                majority_flips=is_majority(before) != is_majority(before + difference),
                rank=rank,
                weighted_rank=weighted_rank,
                notable=bool(notable[at]),
            )
        )
    return tuple(changes)


def is_majority(share: float) -> bool:
    """Whether a share is more than half, rounding aside."""
    return round(share, _DECIMALS) > 0.5


class _Regression:
    """Weighted least squares on the buckets of all margins, at the level of cells."""

    def __init__(self, cells: Cells, weights: Floats) -> None:
        sizes = [len(margin.categories) + 1 for margin in cells.margins]
        ends = np.cumsum(sizes)
        # A column for every bucket of every margin; each cell has one bucket of each.
        self._columns = cells.codes + (ends - sizes)[:, None]
        self._weights = weights
        self._size = int(ends[-1])
        normal = np.zeros((self._size, self._size))
        mass = weights * cells.counts
        for rows in self._columns:
            for columns in self._columns:
                np.add.at(normal, (rows, columns), mass)
        scale = np.sqrt(np.diag(normal))
        self._scale = np.where(scale > 0, scale, 1.0)
        normal /= self._scale * self._scale[:, None]
        # The margins' buckets all sum to one: the inverse is a generalised one.
        self._inverse = np.linalg.pinv(normal, rcond=1e-10, hermitian=True)

    def fitted(self, sums: Floats) -> Floats:
        """Return fitted values, (n_cells, n), of variables given as sums over people per cell."""
        right = np.zeros((self._size, sums.shape[1]))
        for columns in self._columns:
            np.add.at(right, columns, self._weights[:, None] * sums)
        slopes = (self._inverse @ (right / self._scale[:, None])) / self._scale[:, None]
        return np.asarray(sum(slopes[columns] for columns in self._columns))


def _standard_errors(
    question: Question, cells: Cells, weights: Floats, regression: _Regression
) -> Floats:
    """Return the standard errors of weighted less unweighted shares.

    Each respondent's influence is ``w (z - fitted z) / W - (y - mean y) / P``, where ``z`` is
    ``y`` less its weighted mean for who answered and 0 for others, and ``W`` and ``P`` are the
    weighted and plain share of respondents who answered. With everybody answering that is
    ``w (y - fitted y) - (y - mean y)``.
    """
    base = cells.count(question.answered)
    chosen = np.stack([cells.count(column) for column in question.chosen.T], axis=1)
    plain = chosen.sum(axis=0) / base.sum()
    total = np.sum(weights * base)
    weighted = (weights[:, None] * chosen).sum(axis=0) / total
    explained = regression.fitted(chosen - weighted * base[:, None])
    of_weight = (weights * (cells.n / total))[:, None]
    of_one = cells.n / base.sum()
    yes = of_weight * (1 - weighted - explained) - of_one * (1 - plain)
    no = of_weight * (-weighted - explained) + of_one * plain
    silent = of_weight * -explained
    squares = (
        chosen * yes**2
        + (base[:, None] - chosen) * no**2
        + (cells.counts - base)[:, None] * silent**2
    )
    return np.asarray(np.sqrt(squares.sum(axis=0)) / cells.n)


def _ranks(shares: Floats) -> list[int]:
    rounded = np.round(shares, _DECIMALS)
    return [1 + int(np.sum(rounded > share)) for share in rounded]
