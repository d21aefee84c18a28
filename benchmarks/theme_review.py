"""How much a person's confirmations teach the machine."""

import statistics
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from analysis.themes.clustering import build_tree
from analysis.themes.embedding.protocol import Vectors
from analysis.themes.reviewing.review import fit_review_model, learn_features
from benchmarks import theme_data
from benchmarks.outcome import Cell, Outcome, Table

SEEDS = (0, 1, 2, 3, 4)
CONFIRMED = (50, 100, 200, 400, 1000)
GOAL_AT, GOAL = 200, 0.60

Classes = NDArray[np.str_]


def run(workspace: Path) -> Outcome:
    """Measure the review model on one half of the answers, taught on the other.

    With nothing confirmed the machine's own themes are judged, each under the name of the
    class that is commonest in it, in the other half: what a person who reads a theme and
    names it would get. That looks at more labels than the first few rows of the curve do.

    Raises
    ------
    CannotRun
        If the answers or the model are not here.
    """
    corpus = theme_data.read_nhs()
    print(f"  {corpus.name}: learning from confirmed answers ...", flush=True)
    vectors = theme_data.embed(corpus.texts, corpus.languages)
    classes = np.array(corpus.classes["themes"])
    features = learn_features(vectors).features(vectors)
    halves = [_halves(len(classes), seed) for seed in SEEDS]
    clusters = build_tree(vectors, seed=0).cut(len(set(classes)))
    curve = {
        0: [micro_f1(classes[kept], named(clusters, classes, pool)[kept]) for pool, kept in halves]
    }
    for count in CONFIRMED:
        curve[count] = [
            micro_f1(classes[kept], reviewed(features, classes, pool[:count])[kept])
            for pool, kept in halves
        ]
    title = f"The review model, {corpus.name}, {len(set(classes))} themes, the half held out"
    outcome = Outcome(
        {
            "micro_f1": {str(count): _summary(found) for count, found in curve.items()},
            "always_the_commonest": round(float(np.mean(classes == commonest(classes))), 4),
            "seeds": len(SEEDS),
        },
        [_table(title, curve)],
    )
    mean = statistics.fmean(curve[GOAL_AT])
    if mean < GOAL:
        outcome.notes.append(f"goal missed: micro-F1 {mean:.3f} with {GOAL_AT} confirmed")
    return outcome


def reviewed(features: Vectors, classes: Classes, confirmed: NDArray[np.intp]) -> Classes:
    """Return the likeliest theme of every answer, taught by those confirmed.

    The model also hears what the machine's own themes say. Here they are left out: they are
    not the themes of the people who sorted these answers, so it is given the same score for
    each, and decisions alone teach it.
    """
    themes = np.unique(classes)
    silent = np.zeros((len(features), len(themes)))
    decisions = classes[confirmed][:, None] == themes[None, :]
    model = fit_review_model(features, silent, confirmed.tolist(), decisions)
    likeliest: Classes = themes[model.scores(features, silent).argmax(axis=1)]
    return likeliest


def named(clusters: NDArray[np.intp], classes: Classes, pool: NDArray[np.intp]) -> Classes:
    """Return for every answer what most of the pool in its cluster are.

    Parameters
    ----------
    clusters, classes : ndarray of shape (n,)
    pool : ndarray of int
        Answers whose classes may be looked at; a cluster without any gets the pool's
        commonest.
    """
    names = {
        cluster: commonest(classes[pool[clusters[pool] == cluster]])
        for cluster in np.unique(clusters[pool])
    }
    other = commonest(classes[pool])
    return np.array([names.get(cluster, other) for cluster in clusters])


def commonest(classes: Classes) -> str:
    """Return the class of most; of several, the first by name."""
    names, counts = np.unique(classes, return_counts=True)
    return str(names[counts.argmax()])


def micro_f1(classes: Classes, given: Classes) -> float:
    """Return micro-averaged F1: with one class an answer, the share that is right."""
    return float(f1_score(classes, given, average="micro"))


def _summary(found: list[float]) -> dict[str, float]:
    return {
        "mean": round(statistics.fmean(found), 4),
        "standard_deviation": round(statistics.stdev(found), 4),
        "least": round(min(found), 4),
        "most": round(max(found), 4),
    }


def _table(title: str, curve: dict[int, list[float]]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            count,
            f"{statistics.fmean(found):.3f}",
            f"{statistics.stdev(found):.3f}",
            f"{min(found):.3f} to {max(found):.3f}",
        )
        for count, found in curve.items()
    ]
    header = ("confirmed", "micro-F1, mean", "standard deviation", f"range of {len(SEEDS)} seeds")
    return Table(title, header, rows)


def _halves(n: int, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    order = np.random.default_rng(seed).permutation(n)
    return order[: n // 2], order[n // 2 :]
