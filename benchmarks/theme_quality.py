"""Themes beside known classes, ours and those of other ways, on texts of several kinds."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score

from analysis.themes.clustering import build_tree
from analysis.themes.embedding.protocol import Vectors
from analysis.themes.metrics import compare, lands_with_source
from benchmarks import theme_data, theme_rivals
from benchmarks.outcome import CannotRun, Cell, Outcome, Table
from benchmarks.theme_data import Corpus
from benchmarks.theme_rivals import BERTOPIC_ROWS, SEEDS, Labels

OURS = "Consult"
K_MEANS = "e5 + k-means"
BERTOPIC_AT_K = BERTOPIC_ROWS["reduced_dealt"]

LANGUAGE_LIMIT = 0.02
LANDING_GOAL = 0.95

Runs = Mapping[str, list[Labels]]
"""Labels by method, a list entry a seed."""


@dataclass(frozen=True, slots=True)
class Score:
    """Means over the seeds; all but the last two between 0 and 1 or a little below 0."""

    ami: float
    ari: float
    b_cubed_f1: float
    ami_spread: float
    """Standard deviation over the seeds."""
    noise: float
    """Share of texts that were given no theme; counted as one cluster in the rest."""
    themes: float


def run(workspace: Path) -> Outcome:
    """Measure every method on every set that is here.

    Raises
    ------
    CannotRun
        If no set is here, or the model is not.
    """
    outcome = Outcome({"sets": {}, "mean": {}})
    scores: dict[str, dict[str, Score]] = {}
    in_many_languages: list[tuple[Corpus, Runs]] = []
    missing: list[str] = []
    for at, read in enumerate((theme_data.read_nhs, theme_data.read_mixed, _english)):
        try:
            corpus = read()
        except CannotRun as reason:
            missing.append(str(reason))
            continue
        print(f"  {corpus.name}: {len(corpus.texts):,} texts ...", flush=True)
        vectors = theme_data.embed(corpus.texts, corpus.languages)
        for way, runs in _every_method(corpus, vectors, workspace / f"set-{at}", outcome).items():
            classes = corpus.classes[way]
            name = f"{corpus.name}, {len(set(classes))} {way}"
            scores[name] = {method: score(classes, labels) for method, labels in runs.items()}
            if len(set(corpus.languages)) > 1:
                in_many_languages.append((corpus, runs))
    if not scores:
        raise CannotRun("; ".join(missing))
    outcome.notes += [f"not measured: {reason}" for reason in missing]
    _add_scores(scores, outcome)
    for corpus, runs in in_many_languages:
        _judge_language(corpus, runs, outcome)
    try:
        _judge_translations(theme_data.read_parallel(), workspace / "parallel", outcome)
    except CannotRun as reason:
        outcome.notes.append(f"translations not measured: {reason}")
    return outcome


def ours(vectors: Vectors, k: int) -> list[Labels]:
    """Return our themes, a run a seed."""
    return [build_tree(vectors, seed=seed).cut(k).astype(np.int64) for seed in SEEDS]


def score(classes: Sequence[str], runs: Sequence[Labels]) -> Score:
    """Return the means over the runs of one method."""
    found = [compare(classes, labels) for labels in runs]
    amis = [agreement.ami for agreement in found]
    return Score(
        ami=statistics.fmean(amis),
        ari=statistics.fmean(agreement.ari for agreement in found),
        b_cubed_f1=statistics.fmean(agreement.b_cubed.f1 for agreement in found),
        ami_spread=statistics.pstdev(amis),
        noise=statistics.fmean(float(np.mean(labels < 0)) for labels in runs),
        themes=statistics.fmean(len(np.unique(labels[labels >= 0])) for labels in runs),
    )


def _english() -> Corpus:
    return theme_data.read_parallel().only("en", "SIB-200, English")


def _every_method(
    corpus: Corpus, vectors: Vectors, folder: Path, outcome: Outcome
) -> dict[str, Runs]:
    """Return the runs of every method, by the way of sorting that says how many themes."""
    sizes = {way: len(set(labels)) for way, labels in corpus.classes.items()}
    runs: dict[str, dict[str, list[Labels]]] = {}
    for way, k in sizes.items():
        runs[way] = {
            OURS: ours(vectors, k),
            K_MEANS: theme_rivals.k_means(vectors, k),
            "TF-IDF, LSA + k-means": theme_rivals.lsa(corpus.texts, k),
            "TF-IDF, NMF": theme_rivals.nmf(corpus.texts, k),
        }
    try:
        topics = theme_rivals.bertopic(corpus.texts, vectors, [*sizes.values()], folder)
    except CannotRun as reason:
        outcome.notes.append(f"{corpus.name}: {reason}")
        return dict(runs)
    for way, k in sizes.items():
        for kind, name in BERTOPIC_ROWS.items():
            runs[way][name] = topics[kind, 0 if kind.startswith("own") else k]
    return dict(runs)


def _add_scores(scores: Mapping[str, Mapping[str, Score]], outcome: Outcome) -> None:
    methods = list(dict.fromkeys(method for by_method in scores.values() for method in by_method))
    rows: list[tuple[Cell, ...]] = []
    for method in methods:
        found = [by_method.get(method) for by_method in scores.values()]
        present = [one for one in found if one is not None]
        if len(present) == len(found):
            outcome.figures["mean"][method] = _mean(present)
        mean = outcome.figures["mean"].get(method)
        noise = statistics.fmean(one.noise for one in present)
        rows.append(
            (
                method,
                *(_triple(asdict(one)) if one else None for one in found),
                _triple(mean) if mean else None,
                f"{100 * noise:.0f} %",
            )
        )
    outcome.figures["sets"] = {
        name: {method: _rounded(asdict(one)) for method, one in by_method.items()}
        for name, by_method in scores.items()
    }
    title = "AMI, ARI and B-cubed F1 against known classes"
    header = ("method", *scores, "mean", "noise")
    outcome.tables.append(Table(title, header, rows))
    outcome.notes += missed_by(outcome.figures["mean"])


def missed_by(means: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return a line for each method and measure that is not behind ours on the mean."""
    mine = means.get(OURS)
    if mine is None:
        return []
    return [
        f"goal missed: {method} has {measure} {means[method][measure]:.3f} on the mean, "
        f"ours {mine[measure]:.3f}"
        for method in means
        if method != OURS
        for measure in mine
        if means[method][measure] >= mine[measure]
    ]


def _judge_language(corpus: Corpus, runs: Runs, outcome: Outcome) -> None:
    found = {
        method: statistics.fmean(
            float(adjusted_mutual_info_score(corpus.languages, labels)) for labels in per_seed
        )
        for method, per_seed in runs.items()
    }
    outcome.figures["ami_with_language"] = _rounded(found)
    title = f"AMI with language, {corpus.name} (0: themes do not form by language)"
    rows: list[tuple[Cell, ...]] = [(method, f"{ami:.3f}") for method, ami in found.items()]
    outcome.tables.append(Table(title, ("method", "AMI"), rows))
    if abs(found[OURS]) > LANGUAGE_LIMIT:
        outcome.notes.append(f"goal missed: AMI with language {found[OURS]:.3f} is not within 0.02")


def _judge_translations(corpus: Corpus, folder: Path, outcome: Outcome) -> None:
    """Cut all languages together at the number of classes, and look where translations land."""
    print(f"  {corpus.name}: {len(corpus.texts):,} texts ...", flush=True)
    vectors = theme_data.embed(corpus.texts, corpus.languages)
    (runs,) = _every_method(corpus, vectors, folder, outcome).values()
    (classes,) = corpus.classes.values()
    shares = {method: _landings(corpus, per_seed) for method, per_seed in runs.items()}
    outcome.figures["translations"] = {
        method: {
            "lands_with_english": _rounded(by_language),
            "mean": round(statistics.fmean(by_language.values()), 4),
            **_rounded(asdict(score(classes, runs[method]))),
        }
        for method, by_language in shares.items()
    }
    shown = [method for method in (OURS, K_MEANS, BERTOPIC_AT_K) if method in shares]
    rows: list[tuple[Cell, ...]] = [
        (language, *(f"{shares[method][language]:.3f}" for method in shown))
        for language in shares[OURS]
    ]
    per_method = outcome.figures["translations"]
    rows.append(("mean", *(f"{per_method[method]['mean']:.3f}" for method in shown)))
    rows.append(("AMI with the theme", *(f"{per_method[method]['ami']:.3f}" for method in shown)))
    title = f"Share of translations in their English sentence's theme, {len(set(classes))} themes"
    outcome.tables.append(Table(title, ("language", *shown), rows))
    mean = per_method[OURS]["mean"]
    if mean < LANDING_GOAL:
        outcome.notes.append(f"goal missed: {mean:.3f} of translations land with their sentence")


def _landings(corpus: Corpus, runs: Sequence[Labels]) -> dict[str, float]:
    found = [lands_with_source(labels, corpus.sentences, corpus.languages) for labels in runs]
    return {
        language: statistics.fmean(shares[language] for shares in found) for language in found[0]
    }


def _mean(scores: Sequence[Score]) -> dict[str, float]:
    return {
        measure: round(statistics.fmean(getattr(one, measure) for one in scores), 4)
        for measure in ("ami", "ari", "b_cubed_f1")
    }


def _triple(figures: Mapping[str, float]) -> str:
    return " ".join(f"{figures[measure]:.3f}" for measure in ("ami", "ari", "b_cubed_f1"))


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(figure, 4) for name, figure in figures.items()}
