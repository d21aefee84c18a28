"""Rules that flag groups, for many simulated consultations at once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from analysis.representation.comparison.materiality import material_p_values
from analysis.representation.watching.evalues import log_e_value
from analysis.representation.watching.families import Rules

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

RULES = Rules()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What counts say of each group; arrays of shape (..., n_groups)."""

    ratio: Floats
    p_under: Floats
    p_over: Floats
    p_equal: Floats
    """Two-sided, of the very share of the population: the usual test."""
    log_e_under: Floats
    log_e_over: Floats


@dataclass(frozen=True, slots=True)
class Flagged:
    """Groups that a rule calls under, and over."""

    under: Flags
    over: Flags

    @property
    def any(self) -> Flags:
        """Consultations with a flag."""
        return np.asarray((self.under | self.over).any(axis=-1))


def evidence(counts: Counts, n: int, shares: Floats) -> Evidence:
    """Weigh consultations of ``n`` responses; counts of shape (..., n_groups).

    Each value is worked out once for every count that occurs, and then looked up.
    """
    x = np.arange(int(counts.max()) + 1)[:, np.newaxis]
    p_under, p_over = material_p_values(x, n, shares, RULES.materiality)
    p_equal = np.minimum(1, 2 * np.minimum(binom.cdf(x, n, shares), binom.sf(x - 1, n, shares)))
    log_e_under = log_e_value(x, n, RULES.materiality * shares)
    log_e_over = log_e_value(n - x, n, 1 - shares / RULES.materiality)
    group = np.arange(shares.size)
    return Evidence(
        counts / n / shares,
        *(table[counts, group] for table in (p_under, p_over, p_equal, log_e_under, log_e_over)),
    )


def step_up(p_values: Floats, q: float) -> Flags:
    """Return what Benjamini and Hochberg's rule rejects, each row a family."""
    size = p_values.shape[-1]
    ordered = np.sort(p_values, axis=-1)
    enough = ordered <= q * np.arange(1, size + 1) / size
    return p_values <= _last(ordered, enough, -1.0)


def e_step_up(log_e: Floats, alpha: float) -> Flags:
    """Return what the e-BH rule rejects, each row a family."""
    size = log_e.shape[-1]
    ordered = -np.sort(-log_e, axis=-1)
    enough = ordered + np.log(np.arange(1, size + 1)) >= np.log(size / alpha) - 1e-12
    return log_e >= _last(ordered, enough, np.inf)


def confirmed(seen: Evidence) -> Flagged:
    """The product's confirmed flags."""
    under, over = (
        e_step_up(np.where(p <= RULES.significance, log_e, -np.inf), RULES.alpha)
        for p, log_e in ((seen.p_under, seen.log_e_under), (seen.p_over, seen.log_e_over))
    )
    return Flagged(under, over)


def early(seen: Evidence) -> Flagged:
    """The product's early signs, confirmed ones included, and its analysis at closing."""
    under, over = (
        step_up(np.where(p <= RULES.significance, p, 1.0), RULES.false_discoveries)
        for p in (seen.p_under, seen.p_over)
    )
    return Flagged(under, over)


def material(seen: Evidence) -> Flagged:
    """The four states alone: p < 0.05 against a material gap, each group for itself."""
    return Flagged(seen.p_under <= RULES.significance, seen.p_over <= RULES.significance)


def plain(seen: Evidence) -> Flagged:
    """The usual: p < 0.05, two-sided, against the share of the population."""
    significant = seen.p_equal < 0.05
    return Flagged(significant & (seen.ratio < 1), significant & (seen.ratio > 1))


def plain_adjusted(seen: Evidence) -> Flagged:
    """The usual p-values by Benjamini and Hochberg at 0.10."""
    significant = step_up(seen.p_equal, 0.10)
    return Flagged(significant & (seen.ratio < 1), significant & (seen.ratio > 1))


def four_fifths(seen: Evidence) -> Flagged:
    """The 80 % rule of thumb: a ratio below 0.8, or above 1.25, whatever the numbers."""
    return Flagged(seen.ratio < 0.8, seen.ratio > 1.25)


def lowest_rate(seen: Evidence) -> Flagged:
    """What the peer's score looks at: the group with the lowest rate of all, always one."""
    lowest = np.zeros(seen.ratio.shape, dtype=bool)
    np.put_along_axis(lowest, seen.ratio.argmin(axis=-1, keepdims=True), True, axis=-1)
    return Flagged(lowest, np.zeros_like(lowest))


FLAGGING: dict[str, Callable[[Evidence], Flagged]] = {
    "confirmed (e-BH)": confirmed,
    "early, closing (BH, material)": early,
    "states alone (p < .05, material)": material,
    "BH on equality, q = .10": plain_adjusted,
    "p < .05 on equality": plain,
    "80 % rule of thumb": four_fifths,
    "peer: the lowest rate": lowest_rate,
}


def _last(ordered: Floats, enough: Flags, nothing: float) -> Floats:
    """Return each row's last value that was enough, or what rejects nothing."""
    size = enough.shape[-1]
    place = size - 1 - enough[..., ::-1].argmax(axis=-1)
    value = np.take_along_axis(ordered, place[..., np.newaxis], axis=-1)
    return np.where(enough.any(axis=-1, keepdims=True), value, nothing)
