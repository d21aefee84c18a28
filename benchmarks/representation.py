"""Who is missing: false alarms, power and coverage, by simulation with fixed seeds.

Consultations are drawn from 20 groups of 1 to 13 % of the population. What is false is judged
by what matters: a flag "under" on a true ratio of 0.8 or more, "over" on 1.25 or less.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.stats import binom

from analysis.representation.comparison.overall import overall
from analysis.representation.watching.evalues import confidence_sequence_each
from analysis.statistics import Interval, clopper_pearson, jeffreys, newcombe_each, wilson_each
from benchmarks.outcome import Cell, Outcome, Table
from benchmarks.representation_rules import (
    FLAGGING,
    RULES,
    Counts,
    Floats,
    evidence,
    lowest_rate,
)
from benchmarks.representation_scores import lowest_by_highest_rate

SEED = 20_211_210
GROUPS = 20
LOOKS = 40
EACH_LOOK = 25
CONSULTATIONS = 2_000
GOAL = 5.0
"""Per cent of consultations without a gap that may ever show a confirmed flag, at most."""

SHARES: Floats = 13.0 ** (np.arange(GROUPS) / (GROUPS - 1))
SHARES /= SHARES.sum()
AFFECTED = np.arange(2, GROUPS, 4)
"""Groups that answer less: every fourth, small and large; the others stay below 1.25."""
RATIOS = (0.4, 0.6)
SIZES = (100, 300, 1_000, 3_000)
SAMPLES = 300
ALARM = 0.8
"""The peer names no level; this is ours."""


def run(_workspace: Path) -> Outcome:
    """Simulate, and say what each rule would have said."""
    outcome = Outcome()
    for part in (_false_alarms, _power, _scores, _coverage):
        part(outcome)
    return outcome


def _false_alarms(outcome: Outcome) -> None:
    """Forty looks at consultations in which no group answers too little or too much."""
    scenarios = {
        "no gap": _arrivals(SHARES, SEED),
        # As hard as it gets: each group, a question of its own, answers at just 0.8 of its
        # share. No flag is right, and what says "under" at random says it most often here.
        "on the boundary": _separate_arrivals(RULES.materiality * SHARES, SEED + 1),
    }
    figures: dict[str, dict[str, dict[str, float]]] = {}
    rows: list[tuple[Cell, ...]] = []
    found = {name: _ever(counts) for name, counts in scenarios.items()}
    for rule in found["no gap"]:
        figures[rule] = {name: ever[rule] for name, ever in found.items()}
        rows.append((rule, *(value for ever in found.values() for value in ever[rule].values())))
    outcome.figures["false_alarms_percent"] = figures
    outcome.tables.append(
        Table(
            f"Consultations with a false flag, % of {CONSULTATIONS:,}: {GROUPS} groups, a look "
            f"every {EACH_LOOK} responses",
            ("rule", "no gap: at any of 40", "last look", "on the boundary: any", "last look"),
            rows,
        )
    )
    ever = figures["confirmed (e-BH)"]["no gap"]["any look"]
    if ever > GOAL:
        outcome.faults.append(
            f"{ever:.1f} % of consultations without a gap showed a confirmed flag; "
            f"at most {GOAL:.0f} % may"
        )


def _ever(counts: Counts) -> dict[str, dict[str, float]]:
    """Return per cent of consultations with a flag at any look and at the last, by rule."""
    # The lowest rate names a group at every look; the score itself may be good or bad.
    rules = {rule: flag for rule, flag in FLAGGING.items() if flag is not lowest_rate}
    flags = {rule: np.zeros(counts.shape[:2], dtype=bool) for rule in rules}
    for look in range(LOOKS):
        seen = evidence(counts[:, look], EACH_LOOK * (look + 1), SHARES)
        for rule, flag in rules.items():
            flags[rule][:, look] = flag(seen).any
    flags[f"peer's score below {ALARM}"] = lowest_by_highest_rate(counts, SHARES) < ALARM
    return {
        rule: {
            "any look": 100 * float(flagged.any(axis=1).mean()),
            "last look": 100 * float(flagged[:, -1].mean()),
        }
        for rule, flagged in flags.items()
    }


def _power(outcome: Outcome) -> None:
    """One look: how many of the groups that are under are found, and how many flags are false."""
    figures: dict[str, dict[str, dict[str, float]]] = {}
    random = np.random.default_rng(SEED + 2)
    cells: dict[str, list[Cell]] = {rule: [] for rule in FLAGGING}
    for ratio in RATIOS:
        true = _with_gap(ratio)
        under, over = true / SHARES < 0.8, true / SHARES > 1.25
        for n in SIZES:
            counts = random.multinomial(n, true, size=CONSULTATIONS)
            seen = evidence(counts, n, SHARES)
            for rule, flag in FLAGGING.items():
                said = flag(seen)
                flags = said.under.sum(axis=1) + said.over.sum(axis=1)
                false = (said.under & ~under).sum(axis=1) + (said.over & ~over).sum(axis=1)
                power = 100 * float(said.under[:, under].mean())
                wrong = 100 * float(np.mean(false / np.maximum(flags, 1)))
                figures.setdefault(rule, {})[f"ratio {ratio}, n {n}"] = {
                    "power": power,
                    "false_discovery_proportion": wrong,
                }
                cells[rule].append(f"{power:.0f} / {wrong:.0f}")
    outcome.figures["power_percent"] = figures
    outcome.tables.append(
        Table(
            f"{AFFECTED.size} of {GROUPS} groups answer at 0.4 or at 0.6 of their share: % of "
            "them found / % of all flags that are false",
            ("rule", *(f"{ratio}, n={n:,}" for ratio in RATIOS for n in SIZES)),
            [(rule, *row) for rule, row in cells.items()],
        )
    )


def _scores(outcome: Outcome) -> None:
    """One figure for a whole: the peer's, and similarity with its chance baseline."""
    random = np.random.default_rng(SEED + 3)
    rows: list[tuple[Cell, ...]] = []
    figures = {}
    for groups in (5, GROUPS):
        shares = SHARES.reshape(groups, -1).sum(axis=1)
        gap = _with_gap(0.4).reshape(groups, -1).sum(axis=1)
        if groups == 5:
            # The smallest group answers at 0.4 of its share.
            gap = np.append(0.4 * shares[0], shares[1:] * (1 - 0.4 * shares[0]) / (1 - shares[0]))
        for n in (142, 500, 2_000):
            row: list[Cell] = [groups, n]
            for true in (shares, gap):
                samples = random.multinomial(n, true, size=SAMPLES)
                wholes = [overall(sample, shares) for sample in samples]
                peer = float(lowest_by_highest_rate(samples, shares).mean())
                similarity = float(np.mean([whole.similarity for whole in wholes]))
                excess = float(np.mean([whole.excess for whole in wholes]))
                row += [f"{peer:.2f}", f"{similarity:.3f}", f"{excess:.3f}"]
                if true is shares:
                    row.insert(2, f"{wholes[0].similarity_by_chance:.3f}")
                name = "no gap" if true is shares else "gap"
                figures[f"{groups} groups, n {n}, {name}"] = {
                    "peer": peer,
                    "similarity": similarity,
                    "similarity_by_chance": wholes[0].similarity_by_chance,
                    "excess": excess,
                }
            rows.append(tuple(row))
    outcome.figures["scores"] = figures
    outcome.tables.append(
        Table(
            f"Scores of a whole, means of {SAMPLES}: a random sample, and one with groups at 0.4 "
            "of their share (one of 5, five of 20)",
            (
                "groups",
                "n",
                "similarity by chance",
                "no gap: peer's",
                "similarity",
                "excess",
                "gap: peer's",
                "similarity",
                "excess",
            ),
            rows,
        )
    )


def _coverage(outcome: Outcome) -> None:
    """How often 95 % intervals hold the truth: exactly where counts can be summed over."""
    shares = np.concatenate([np.arange(1, 10) / 200, np.arange(5, 51) / 100])
    rows: list[tuple[Cell, ...]] = []
    one_look: dict[str, Callable[[Counts, int], tuple[Floats, Floats]]] = {
        "Wilson": lambda x, n: wilson_each(x, n),
        "Clopper-Pearson": lambda x, n: _scalar(clopper_pearson, x, n),
        "Jeffreys": lambda x, n: _scalar(jeffreys, x, n),
        "confidence sequence": lambda x, n: confidence_sequence_each(x, np.full(x.shape, n)),
    }
    figures: dict[str, dict[str, float]] = {}
    for name, interval in one_look.items():
        held = np.concatenate([_held(interval, n, shares) for n in (20, 100, 500)])
        figures[f"{name}, one look"] = {"mean": 100 * float(held.mean()), "least": 100 * held.min()}
    pairs = [(20, 80), (50, 500), (200, 300)]
    held = np.concatenate([_held_difference(*pair, shares[::4]) for pair in pairs])
    figures["Newcombe, one look"] = {"mean": 100 * float(held.mean()), "least": 100 * held.min()}
    for name, each in (
        ("Wilson", lambda x, n: wilson_each(x, n)),
        ("confidence sequence", lambda x, n: confidence_sequence_each(x, n)),
    ):
        always = [
            _always_held(each, share, SEED + 4 + at) for at, share in enumerate((0.02, 0.1, 0.3))
        ]
        figures[f"{name}, all of 1,000 looks"] = {
            "mean": 100 * float(np.mean(always)),
            "least": 100 * min(always),
        }
    rows = [(name, found["mean"], found["least"]) for name, found in figures.items()]
    outcome.figures["coverage_percent"] = figures
    outcome.tables.append(
        Table("How often 95 % intervals hold the truth, %", ("interval", "mean", "least"), rows)
    )


def _scalar(
    interval: Callable[[float, float], Interval], x: Counts, n: int
) -> tuple[Floats, Floats]:
    bounds = [interval(float(count), n) for count in x]
    return np.array([each.low for each in bounds]), np.array([each.high for each in bounds])


def _held(
    interval: Callable[[Counts, int], tuple[Floats, Floats]], n: int, shares: Floats
) -> Floats:
    """Return the exact coverage for each true share."""
    x = np.arange(n + 1)
    low, high = interval(x, n)
    p = shares[:, np.newaxis]
    chance = binom.pmf(x, n, p)
    return np.asarray((chance * ((low <= p) & (p <= high))).sum(axis=1))


def _held_difference(n_1: int, n_2: int, shares: Floats) -> Floats:
    """Return the exact coverage of the difference for each pair of true shares."""
    x_1, x_2 = np.arange(n_1 + 1)[:, np.newaxis], np.arange(n_2 + 1)
    low, high = newcombe_each(x_1, n_1, x_2, n_2)
    held = []
    for p_1 in shares:
        for p_2 in shares:
            inside = (low <= p_1 - p_2) & (p_1 - p_2 <= high)
            held.append(binom.pmf(x_1.ravel(), n_1, p_1) @ inside @ binom.pmf(x_2, n_2, p_2))
    return np.array(held)


def _always_held(
    interval: Callable[[Counts, Counts], tuple[Floats, Floats]], share: float, seed: int
) -> float:
    """Return how often a band holds the truth after each of 1,000 responses."""
    random = np.random.default_rng(seed)
    n = np.arange(1, 1_001)
    x = (random.random((CONSULTATIONS, n.size)) < share).cumsum(axis=1)
    # Few pairs of count and base occur: each band is worked out once.
    pairs, place = np.unique(x * 1_001 + n, return_inverse=True)
    low, high = interval(*np.divmod(pairs, 1_001))
    held = (low <= share) & (share <= high)
    return float(held[place.reshape(x.shape)].all(axis=1).mean())


def _arrivals(shares: Floats, seed: int) -> Counts:
    """Draw counts so far of one question; shape (CONSULTATIONS, LOOKS, GROUPS)."""
    random = np.random.default_rng(seed)
    return random.multinomial(EACH_LOOK, shares, size=(CONSULTATIONS, LOOKS)).cumsum(axis=1)


def _separate_arrivals(shares: Floats, seed: int) -> Counts:
    """Draw the same where each group is asked about in a question of its own."""
    random = np.random.default_rng(seed)
    each = random.binomial(EACH_LOOK, shares, size=(CONSULTATIONS, LOOKS, shares.size))
    return each.cumsum(axis=1)


def _with_gap(ratio: float) -> Floats:
    """Return shares of arrivals: affected groups at a ratio, the others alike above 1."""
    true = SHARES.copy()
    true[AFFECTED] *= ratio
    others = np.setdiff1d(np.arange(GROUPS), AFFECTED)
    true[others] *= (1 - true[AFFECTED].sum()) / SHARES[others].sum()
    return true
