"""Which hidden figures are known too closely."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, eye_array

from analysis.suppression.attacker import TOLERANCE, Floats, System

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

_FEW = 3
_WORTH_SHARING = 0.9
_REMEMBERED_NUMBERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of linked tables, as they are and as they look published or hidden.

    All arrays are of shape (n,).

    Attributes
    ----------
    truth : ndarray of float
    shown_low, shown_high : ndarray of float
        What a reader knows of a figure that is published.
    hidden_low, hidden_high : ndarray of float
        What a reader knows of a figure that is hidden.
    needed : ndarray of float
        How far apart the bounds of a figure must be if it is hidden; 0 where it does not matter.
    cost : ndarray of float
        Of hiding; infinite where a figure stays published.
    sums : sparse array of shape (m, n)
    sum_low, sum_high : ndarray of shape (m,)
        Bounds of ``sums @ truth``.
    blocks : tuple of ndarray of int
        Places of the figures of each table. Most figures prove safe within their own table,
        which is quick; only the others are looked at in all tables together.
    """

    truth: Floats
    shown_low: Floats
    shown_high: Floats
    hidden_low: Floats
    hidden_high: Floats
    needed: Floats
    cost: Floats
    sums: csr_array
    sum_low: Floats
    sum_high: Floats
    blocks: tuple[Places, ...]

    def as_known(self, hidden: Flags) -> System:
        """Return what a reader knows when some figures are hidden."""
        return System(
            np.where(hidden, self.hidden_low, self.shown_low),
            np.where(hidden, self.hidden_high, self.shown_high),
            self.sums,
            self.sum_low,
            self.sum_high,
        )


class Audit:
    """Finds figures that are known too closely, for one hiding after another.

    A set of figures that agrees with all that is published vouches for every cell in which
    it differs enough from another one. So each that is met is remembered.

    Raises
    ------
    ValueError
        If the true figures break what would be published of them.
    """

    def __init__(self, figures: Figures, hidden: Flags) -> None:
        known, sums = figures.as_known(hidden), figures.sums @ figures.truth
        if (
            (figures.truth < known.low).any()
            or (figures.truth > known.high).any()
            or (sums < figures.sum_low - TOLERANCE).any()
            or (sums > figures.sum_high + TOLERANCE).any()
        ):
            raise ValueError("the true figures break what would be published of them")
        self._figures = figures
        self._met = figures.truth[np.newaxis, :]
        self._low = self._high = figures.truth

    def unsafe(self, hidden: Flags, suspect: int | None = None) -> list[int]:
        """Return the places that are known too closely, those known best first.

        With a ``suspect`` that turns out to be one, it alone.
        """
        figures = self._figures
        known = figures.as_known(hidden)
        # A reader's bounds may be infinite; nothing is gained beyond this, and solvers
        # prefer bounds.
        reach = np.maximum(figures.truth, known.low) + 4 * figures.needed.max(initial=1.0)
        known = replace(known, high=np.minimum(known.high, reach))
        agrees = (self._met >= known.low - TOLERANCE) & (self._met <= known.high + TOLERANCE)
        self._met = self._met[agrees.all(axis=1)]
        self._low, self._high = self._met.min(axis=0), self._met.max(axis=0)
        if suspect is not None and not self._is_safe(known, suspect):
            return [suspect]
        asked = hidden & (figures.needed > 0)
        if len(figures.blocks) > 1:
            for block in figures.blocks:
                self._vouch(self._part(known, block), block, asked)
        self._vouch(known, np.arange(len(figures.truth)), asked)
        found = [
            place
            for place in self._open(np.flatnonzero(asked)).tolist()
            if not self._is_safe(known, place)
        ]
        widths = self._high - self._low
        return sorted(found, key=lambda place: (widths[place], place))

    def _part(self, known: System, block: Places) -> System:
        """Return what is known of one table if all outside it is what it is."""
        truth = self._figures.truth
        columns = known.sums[:, block]
        touched = np.flatnonzero(np.diff(columns.indptr))
        sums = columns[touched]
        rest = (known.sums[touched] @ truth) - sums @ truth[block]
        return System(
            known.low[block],
            known.high[block],
            sums,
            known.sum_low[touched] - rest,
            known.sum_high[touched] - rest,
        )

    def _vouch(self, part: System, block: Places, asked: Flags) -> None:
        places = np.flatnonzero(asked[block])
        places = places[np.isin(block[places], self._open(block[places]))]
        turn, before = 0, 2 * len(places)
        while len(places) > _FEW and len(places) < _WORTH_SHARING * before:
            before = len(places)
            for met in _spread(part, places, self._figures.needed[block[places]], turn):
                self._meet(met, block)
            places = places[np.isin(block[places], self._open(block[places]))]
            turn += 1

    def _is_safe(self, known: System, place: int) -> bool:
        every, weights = np.arange(len(known.low)), np.zeros(len(known.low))
        for sign in (1.0, -1.0):
            if len(self._open(every[[place]])):
                weights[place] = sign
                self._meet(known.extreme(weights), every)
        return not len(self._open(every[[place]]))

    def _open(self, places: Places) -> Places:
        widths = self._high[places] - self._low[places]
        return places[widths < self._figures.needed[places] - TOLERANCE]

    def _meet(self, met: Floats, block: Places) -> None:
        whole = self._figures.truth.copy()
        whole[block] = met
        # The first is the truth, which agrees with every hiding.
        most = _REMEMBERED_NUMBERS // len(whole)
        self._met = np.vstack([self._met[:1], self._met[1:][-most:], whole])
        self._low, self._high = np.minimum(self._low, whole), np.maximum(self._high, whole)


def _spread(known: System, places: Places, needed: Floats, turn: int) -> tuple[Floats, Floats]:
    """Return two sets of figures that are as far apart as needed in many places at once.

    In which places the first is to be the larger one is drawn at random, from a fixed seed:
    within a row some must fall for others to rise.
    """
    n, k = len(known.low), len(places)
    larger = np.where(np.random.default_rng(turn).random(k) < 0.5, 1.0, -1.0)
    pick = csr_array((larger, (np.arange(k), places)), shape=(k, n))
    blank = csr_array((known.sums.shape[0], n))
    no_gain = csr_array((known.sums.shape[0], k))
    solution = milp(
        np.concatenate([np.zeros(2 * n), -1 / needed]),
        constraints=LinearConstraint(
            block_array(
                [
                    [known.sums, blank, no_gain],
                    [blank, known.sums, no_gain],
                    [pick, -pick, -eye_array(k)],
                ],
                format="csr",
            ),
            np.concatenate([known.sum_low, known.sum_low, np.zeros(k)]),
            np.concatenate([known.sum_high, known.sum_high, np.full(k, np.inf)]),
        ),
        bounds=Bounds(
            np.concatenate([known.low, known.low, np.full(k, -np.inf)]),
            np.concatenate([known.high, known.high, needed]),
        ),
    )
    return solution.x[:n], solution.x[n : 2 * n]
