"""Weighting, "what would change" and crossed groups on simulated consultations."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from analysis.representation.crossing.cross_reference import CrossReference
from analysis.representation.crossing.crossings import LEAST_EXPECTED, LIKELY, Cause, CellState
from analysis.representation.crossing.intersections import every_pair, intersections
from analysis.representation.crossing.smoothing import (
    MATERIALITY,
    Smoothed,
    likelihood_alpha,
    smooth,
)
from analysis.representation.weights.change import Question, what_would_change
from analysis.representation.weights.collapsing import Merge
from analysis.representation.weights.margins import Margin
from analysis.representation.weights.weighting import weigh
from analysis.statistics import Floats, benjamini_hochberg
from benchmarks.outcome import Cell, Outcome, Table

SEED = 20_260
WEIGHTINGS = 500
CROSSINGS = 200
RESPONDENTS = 200_000

# 40 cells: age (4) x sex (2) x ethnic group (5).
SIZES = (4, 2, 5)
NAMES = ("age", "sex", "ethnic group")
AGE = np.array([0.15, 0.35, 0.30, 0.20])
SEX = np.array([0.51, 0.49])
# Younger people are more often of the later groups: margins are not independent.
ETHNIC_BY_AGE = np.array(
    [
        [0.45, 0.05, 0.28, 0.14, 0.08],
        [0.52, 0.05, 0.25, 0.12, 0.06],
        [0.65, 0.03, 0.18, 0.09, 0.05],
        [0.82, 0.01, 0.09, 0.06, 0.02],
    ]
)
ORDER = {
    "ethnic group": [
        Merge("black, mixed, other", ("ethnic group 1", "ethnic group 3", "ethnic group 4")),
        Merge("all but the largest", ("ethnic group 2", "black, mixed, other")),
    ],
    "age": [Merge("younger", ("age 0", "age 1"))],
}

ERROR_COLUMNS = {
    "bias": "bias",
    "weighted_bias": "weighted bias",
    "error": "RMSE",
    "weighted_error": "weighted RMSE",
    "design_effect": "deff",
    "headline": "headline (%)",
}
COVERAGE_COLUMNS = {
    "covered": "share",
    "weighted_covered": "weighted share",
    "difference_covered": "difference",
    "error_of_difference": "its SD (points)",
    "stated_error": "its stated SE",
}


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """A population by cell: how large, how keen to respond, how many in favour."""

    shares: Floats
    keenness: Floats
    in_favour: Floats
    keener_in_favour: float = 1.0
    """How much likelier people in favour are to respond than others of their cell."""

    @property
    def truth(self) -> float:
        """Share of the population in favour."""
        return float(np.sum(self.shares * self.in_favour))


def run(workspace: Path) -> Outcome:
    """Simulate both; nothing is written to the workspace."""
    del workspace
    outcome = Outcome()
    _weighting(outcome)
    _crossings(outcome)
    _scale(outcome)
    return outcome


def _towns() -> dict[str, Town]:
    shares = AGE[:, None, None] * SEX[None, :, None] * ETHNIC_BY_AGE[:, None, :]
    age, sex, ethnic = np.indices(SIZES)
    keen = np.array([0.5, 0.8, 1.2, 1.5])[age] * np.array([1.15, 0.85])[sex]
    keen = keen * np.array([1.2, 0.8, 0.6, 0.7, 0.9])[ethnic]
    logit = np.array([0.8, 0.3, -0.2, -0.6])[age] + np.array([0.1, -0.1])[sex]
    logit = logit + np.array([-0.2, 0.2, 0.6, 0.4, 0.0])[ethnic]
    in_favour = 1 / (1 + np.exp(-logit))
    flat = np.ones(SIZES)
    return {
        "all respond alike": Town(shares, flat, in_favour),
        "who responds depends on margins": Town(shares, keen, in_favour),
        "and on opinion itself": Town(shares, keen, in_favour, keener_in_favour=1.5),
    }


def _weighting(outcome: Outcome) -> None:
    errors: list[tuple[Cell, ...]] = []
    coverage: list[tuple[Cell, ...]] = []
    figures: dict[str, Any] = {}
    for name, town in _towns().items():
        for n in (200, 1000):
            found = _simulate_weighting(town, n)
            figures[f"{name}, n={n}"] = found
            errors.append((name, n, *(found[key] for key in ERROR_COLUMNS)))
            coverage.append((name, n, *(found[key] for key in COVERAGE_COLUMNS)))
    outcome.figures["weighting"] = figures
    columns = tuple(ERROR_COLUMNS.values())
    title = f"Weighting: error of a share in points, {WEIGHTINGS} consultations each"
    outcome.tables.append(Table(title, ("who responds", "n", *columns), errors))
    columns = tuple(COVERAGE_COLUMNS.values())
    title = "Weighting: how often 95 % intervals cover (%); of the difference, its expectation"
    outcome.tables.append(Table(title, ("who responds", "n", *columns), coverage))
    correctable = figures["who responds depends on margins, n=1000"]
    if not 93 <= correctable["weighted_covered"] <= 99:
        outcome.notes.append("Weighted intervals cover less than 93 % or more than 99 %.")
    if not 93 <= correctable["difference_covered"] <= 97:
        outcome.notes.append("Intervals of the difference cover less than 93 % or more than 97 %.")


def _simulate_weighting(town: Town, n: int) -> dict[str, float]:
    random = np.random.default_rng([SEED, n, int(100 * town.keener_in_favour)])
    plain, weighted, difference, error, covered, deff, headline = (
        np.zeros(WEIGHTINGS) for _ in range(7)
    )
    weighted_covered = np.zeros(WEIGHTINGS)
    intervals = np.zeros((WEIGHTINGS, 2))
    for at in range(WEIGHTINGS):
        margins, in_favour = _respondents(town, n, random)
        weighting = weigh(margins, order=ORDER)
        (change,) = what_would_change([Question("q", ["yes"], in_favour[:, None])], weighting)
        share, other = change.figure.unweighted, change.figure.weighted
        assert other is not None
        plain[at], weighted[at] = share.value or 0.0, other.value or 0.0
        covered[at] = share.interval.low <= town.truth <= share.interval.high
        weighted_covered[at] = other.interval.low <= town.truth <= other.interval.high
        difference[at], error[at] = change.difference, change.standard_error
        intervals[at] = change.interval.low, change.interval.high
        deff[at], headline[at] = weighting.design_effect, weighting.headline
    expected = difference.mean()
    inside = (intervals[:, 0] <= expected) & (expected <= intervals[:, 1])
    return {
        "bias": 100 * float(plain.mean() - town.truth),
        "weighted_bias": 100 * float(weighted.mean() - town.truth),
        "error": 100 * _root_mean_square(plain - town.truth),
        "weighted_error": 100 * _root_mean_square(weighted - town.truth),
        "covered": 100 * float(covered.mean()),
        "weighted_covered": 100 * float(weighted_covered.mean()),
        "difference_covered": 100 * float(inside.mean()),
        "error_of_difference": 100 * float(difference.std()),
        "stated_error": 100 * float(error.mean()),
        "design_effect": float(deff.mean()),
        "headline": 100 * float(headline.mean()),
    }


def _respondents(
    town: Town, n: int, random: np.random.Generator
) -> tuple[list[Margin], NDArray[np.bool_]]:
    yes = town.shares * town.keenness * town.in_favour * town.keener_in_favour
    no = town.shares * town.keenness * (1 - town.in_favour)
    chance = np.stack([yes, no]).ravel()
    drawn = random.choice(chance.size, n, p=chance / chance.sum())
    opinion, *codes = np.unravel_index(drawn, (2, *SIZES))
    margins = []
    for axis, (name, size, code) in enumerate(zip(NAMES, SIZES, codes, strict=True)):
        others = tuple(at for at in range(len(SIZES)) if at != axis)
        categories = [f"{name} {k}" for k in range(size)]
        margins.append(Margin(name, categories, town.shares.sum(axis=others), code))
    return margins, opinion == 0


@dataclass(frozen=True, slots=True, eq=False)
class Flags:
    """What one method said about all cells of one consultation."""

    log_ratio: Floats | None
    flagged: NDArray[np.bool_]
    interval: tuple[Floats, Floats] | None = None


def _crossings(outcome: Outcome) -> None:
    rows: list[tuple[Cell, ...]] = []
    figures: dict[str, Any] = {}
    causes: list[tuple[Cell, ...]] = []
    for n in (200, 500, 2000):
        found, told = _simulate_crossings(n)
        figures[f"n={n}"] = {"methods": found, "causes": told}
        for name, values in found.items():
            rows.append((name, n, *values.values()))
        causes.append((n, *told.values()))
    outcome.figures["crossings"] = figures
    measures = ("RMSE of log ratio (%)", "false flags (%)", "found (%)", "90 % interval covers (%)")
    title = f"Crossed groups: 60 cells, {CROSSINGS} consultations each; under means below 0.8"
    outcome.tables.append(Table(title, ("method", "n", *measures), rows))
    counted = ("worse than its parts", "of them truly (%)", "adds up", "of them truly (%)")
    title = "Crossed groups: flags by cause; truly: its own factor, or its parts, are below 0.8"
    outcome.tables.append(Table(title, ("n", *counted, "unclear"), causes))


def _simulate_crossings(n: int) -> tuple[dict[str, dict[str, float | None]], dict[str, Any]]:
    random = np.random.default_rng([SEED, n])
    squares: dict[str, list[float]] = {}
    false: dict[str, list[float]] = {}
    found: dict[str, list[int]] = {}
    covered: dict[str, list[float]] = {}
    truly_under = 0
    causes: dict[Cause, list[bool]] = {cause: [] for cause in Cause}
    for at in range(CROSSINGS):
        reference, ratio, own = _crossed_town(random)
        observed = random.multinomial(n, (reference.shares * ratio).ravel())
        under = ratio.ravel() < MATERIALITY
        truly_under += int(under.sum())
        log_ratio = np.log(ratio.ravel())
        crossing = intersections(observed.reshape(ratio.shape), reference, seed=at)
        for name, flags in _methods(observed, n, reference, crossing.cells).items():
            wrong, right = flags.flagged & ~under, flags.flagged & under
            false.setdefault(name, []).append(wrong.sum() / max(1, flags.flagged.sum()))
            found.setdefault(name, []).append(int(right.sum()))
            if flags.log_ratio is not None:
                squares.setdefault(name, []).append(
                    float(np.mean((flags.log_ratio - log_ratio) ** 2))
                )
            if flags.interval is not None:
                low, high = flags.interval
                inside = (low <= ratio.ravel()) & (ratio.ravel() <= high)
                covered.setdefault(name, []).append(float(inside.mean()))
        for cell, factor, whole in zip(crossing.cells, own.flat, ratio.flat, strict=True):
            if cell.cause is Cause.ADDS_UP:
                causes[cell.cause].append(bool(whole / factor < MATERIALITY))
            elif cell.cause is not None:
                causes[cell.cause].append(bool(factor < MATERIALITY))
    summary: dict[str, dict[str, float | None]] = {
        name: {
            "error": 100 * float(np.sqrt(np.mean(squares[name]))) if name in squares else None,
            "false": 100 * float(np.mean(false[name])),
            "found": 100 * sum(found[name]) / truly_under,
            "covered": 100 * float(np.mean(covered[name])) if name in covered else None,
        }
        for name in false
    }
    worse, adds = causes[Cause.WORSE_THAN_PARTS], causes[Cause.ADDS_UP]
    return summary, {
        "worse": len(worse),
        "worse_truly": 100 * float(np.mean(worse)) if worse else None,
        "adds_up": len(adds),
        "adds_up_truly": 100 * float(np.mean(adds)) if adds else None,
        "unclear": len(causes[Cause.UNCLEAR]),
    }


def _crossed_town(random: np.random.Generator) -> tuple[CrossReference, Floats, Floats]:
    """Draw a population of 6 x 2 x 5, its ratios of taking part, and each cell's own factor."""
    sizes = (6, 2, 5)
    shares = random.dirichlet(np.full(60, 3.0)).reshape(sizes)
    ratio = np.ones(sizes)
    for axis, size in enumerate(sizes):
        shape = [1, 1, 1]
        shape[axis] = size
        ratio *= random.lognormal(0, 0.35, size).reshape(shape)
    own = random.gamma(12, 1 / 12, sizes)
    ratio *= own
    scale = np.sum(shares * ratio)
    categories = [
        [f"{name}{k}" for k in range(size)] for name, size in zip("abc", sizes, strict=True)
    ]
    return CrossReference.exact(["a", "b", "c"], categories, shares), ratio / scale, own


def _methods(
    observed: NDArray[np.int64], n: int, reference: CrossReference, cells: Any
) -> dict[str, Flags]:
    shares = reference.shares.ravel()
    expected = n * shares
    raw = np.log((observed + 0.5) / (expected + 0.5))
    enough = expected >= LEAST_EXPECTED
    p_values = binom.cdf(observed, n, MATERIALITY * shares)
    tested = np.zeros(shares.size, dtype=np.bool_)
    tested[enough] = benjamini_hochberg(p_values[enough]) <= 0.05
    parts = np.array([[cell.parts for cell in cells]])
    constant = _smoothed(observed, expected, np.ones((1, shares.size)))
    plugged = _smoothed(observed, expected, parts)
    drawn = Flags(
        np.log([cell.smoothed for cell in cells]),
        np.array([cell.p_under >= LIKELY for cell in cells]),
        (
            np.array([cell.interval.low for cell in cells]),
            np.array([cell.interval.high for cell in cells]),
        ),
    )
    shown = np.array([cell.state is CellState.LIKELY_UNDER for cell in cells])
    return {
        "raw, below 0.8": Flags(raw, observed < MATERIALITY * expected),
        "raw, exact test and BH, 5 or more expected": Flags(None, tested),
        "drawn to one": constant,
        "drawn to its parts, these taken as known": plugged,
        "drawn to its parts, with draws": drawn,
        "the same, 5 or more expected (what is shown)": Flags(None, shown),
    }


def _scale(outcome: Outcome) -> None:
    """Time the steps once with many respondents, eight dimensions and a hundred wards."""
    random = np.random.default_rng(SEED)
    margins = []
    for at, size in enumerate((100, 19, 8, 2, 10, 3, 8, 5)):
        shares = random.dirichlet(np.full(size, 5.0))
        taking_part = shares * random.lognormal(0, 0.4, size)
        codes = random.choice(size, RESPONDENTS, p=taking_part / taking_part.sum())
        codes[random.random(RESPONDENTS) < 0.05] = -1
        margins.append(Margin(f"d{at}", [f"c{k}" for k in range(size)], shares, codes))
    questions = [
        Question.single(f"q{k}", list("abcde"), random.integers(-1, 5, RESPONDENTS))
        for k in range(20)
    ]
    began = time.perf_counter()
    weighting = weigh(margins)
    weighted = time.perf_counter()
    what_would_change(questions, weighting)
    compared = time.perf_counter()
    cells = sum(len(crossing.cells) for crossing in every_pair(margins, seed=SEED))
    crossed = time.perf_counter()
    rows: list[tuple[Cell, ...]] = [
        ("weighting by the first four", weighted - began),
        ("what would change, 20 questions of 5 options", compared - weighted),
        (f"all pairs of dimensions, {cells:,} crossed groups", crossed - compared),
    ]
    outcome.figures["seconds"] = {str(name): seconds for name, seconds in rows}
    title = f"{RESPONDENTS:,} respondents, 8 dimensions, 100 wards"
    outcome.tables.append(Table(title, ("step", "seconds"), rows))


def _smoothed(observed: NDArray[np.int64], expected: Floats, parts: Floats) -> Flags:
    alpha = likelihood_alpha(observed, expected * parts[0])
    found: Smoothed = smooth(observed, expected, parts, alpha)
    return Flags(np.log(found.ratio), found.p_under >= LIKELY, (found.low, found.high))


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))
