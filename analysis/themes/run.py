"""Answers in, themes out: the whole way, step by step.

1. Answers are made ready (:mod:`analysis.themes.prepare`).
2. Distinct units become vectors, and the language is taken out of them.
3. A tree is built and cut; units of one word are put to the themes that are there.
4. Themes get ids, words, quotes, counts and a measure of how firm they are.

Nothing here depends on the order of the rows, nor on how often a text was sent, but the
counts, which are of respondents.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError
from analysis.progress import Progress, Report, Silent
from analysis.themes.centring import CentringReport
from analysis.themes.clustering import (
    FIRM_UNITS,
    LEAST_UNITS,
    Labels,
    ThemeTree,
    build_tree,
    default_themes,
)
from analysis.themes.counting import Counts, Incidence, count_themes, incidence
from analysis.themes.embedding.choose import Choice
from analysis.themes.embedding.protocol import Vectors
from analysis.themes.founding import Founded, found, with_single_words
from analysis.themes.labelling.exemplars import Candidate, choose_exemplars
from analysis.themes.labelling.labels import LabelledUnit, ThemeWords, describe_themes
from analysis.themes.model import Quote, Theme, ThemeRun
from analysis.themes.notes import notes_on
from analysis.themes.prepare import (
    Answers,
    Indexes,
    Prepared,
    RowStatus,
    content_languages,
    key_languages,
    most_common,
    prepare,
)
from analysis.themes.space import Space
from analysis.themes.stability import stability
from analysis.themes.tracking.assigning import Status


def run_themes(
    answers: Answers,
    *,
    choose: Callable[[Sequence[str]], Choice],
    themes: int | None = None,
    language: str = "en",
    seed: int = 0,
    progress: Progress | None = None,
) -> ThemeRun:
    """Find the themes of the answers to one question.

    Parameters
    ----------
    answers : Answers
    choose : callable
        Gets the languages of the answers, returns the embedder to use.
    themes : int, optional
        How many; by default as :func:`~analysis.themes.clustering.default_themes` finds.
    language : str
        Of the labels, where enough of a theme is in it.
    seed : int
    progress : Progress, optional

    Raises
    ------
    InputError
        If more themes are asked for than there are distinct units to found them.
    """
    progress = progress if progress is not None else Silent()
    with progress.stage("Reading", "answers") as report:
        prepared = prepare(answers, seed=seed, report=report)
    _check_number(prepared, themes)
    choice = choose(content_languages(prepared))
    space = Space(choice.embedder.fit(prepared.key_text))
    with progress.stage("Embedding", "statements") as report:
        vectors, centring = space.vectors(prepared.key_text, key_languages(prepared), report)
    with progress.stage("Clustering"):
        tree, labels = _cluster(vectors[prepared.seeds], prepared, themes, seed)
    base = _Base(answers, prepared, vectors, choice, centring, space, seed)
    if labels is None:
        return _without_themes(base, language)
    founded = found(
        prepared,
        vectors,
        labels,
        model_id=space.embedder.model_id,
        means_version=space.means_version,
        seed=seed,
    )
    with progress.stage("Measuring stability", "rounds") as report:
        firm = _stability(vectors[prepared.seeds], labels, seed, report)
    with progress.stage("Naming"):
        words = _words(founded, prepared, space, language)
        every_word = {
            theme.id: [word for each in said.keywords.values() for word in each]
            for theme, said in zip(founded.frame.themes, words, strict=True)
        }
        founded = with_single_words(founded, prepared, vectors, every_word)
    return _assembled(base, founded, words, firm, tree, progress)


@dataclass(frozen=True, slots=True, eq=False)
class _Base:
    """What every run has, with themes or without."""

    answers: Answers
    prepared: Prepared
    vectors: Vectors
    choice: Choice
    centring: CentringReport
    space: Space
    seed: int


def _check_number(prepared: Prepared, themes: int | None) -> None:
    if themes is None:
        return
    if themes < 1:
        raise InputError(f"{themes} themes cannot be made; ask for 1 or more.")
    seeds = int(prepared.seeds.sum())
    if themes > seeds:
        raise InputError(
            f"{themes} themes cannot be made: the answers hold {seeds} different statements of "
            "two words or more. Ask for fewer themes, or leave the number out."
        )


def _cluster(
    vectors: Vectors, prepared: Prepared, themes: int | None, seed: int
) -> tuple[ThemeTree | None, Labels | None]:
    """Return the tree and the cut; no cut where there are too few units to tell themes."""
    if len(vectors) == 0:
        return None, None
    if len(prepared.keys) == 1:
        return None, np.zeros(1, dtype=np.intp)  # all that was said, however often
    if themes is None and len(vectors) < LEAST_UNITS:
        return None, None
    tree = build_tree(vectors, seed)
    if themes is None:
        return tree, tree.cut(default_themes(tree))
    if themes > len(tree.merges) + 1:
        raise InputError(
            f"{themes} themes cannot be made: only {len(tree.merges) + 1} groups of statements "
            "can be told apart. Ask for fewer themes, or leave the number out."
        )
    return tree, tree.cut(themes)


def _stability(vectors: Vectors, labels: Labels, seed: int, report: Report) -> NDArray[np.float64]:
    themes = int(labels.max()) + 1
    if themes > 1 and len(vectors) < LEAST_UNITS:
        return np.full(themes, np.nan)  # a fifth of so few is one or two
    return stability(vectors, labels, seed=seed, report=report)


def _words(
    founded: Founded, prepared: Prepared, space: Space, language: str
) -> tuple[ThemeWords, ...]:
    return describe_themes(
        labelled_units(founded.theme, prepared),
        len(founded.frame.themes),
        centroids=founded.centroids,
        embed=space.embed_phrases,
        language=language,
    )


def labelled_units(key_theme: Indexes, prepared: Prepared) -> list[LabelledUnit]:
    """Return every unit with its language, its respondent and the theme of its key."""
    return [
        LabelledUnit(text, prepared.languages[row], respondent, theme)
        for text, row, respondent, theme in zip(
            prepared.unit_text,
            prepared.unit_row.tolist(),
            prepared.unit_respondent.tolist(),
            key_theme[prepared.unit_key].tolist(),
            strict=True,
        )
    ]


def _assembled(
    base: _Base,
    founded: Founded,
    words: Sequence[ThemeWords],
    firm: NDArray[np.float64],
    tree: ThemeTree | None,
    progress: Progress,
) -> ThemeRun:
    prepared, themes = base.prepared, founded.frame.themes
    unit_theme = founded.theme[prepared.unit_key]
    with progress.stage("Counting"):
        sizes = _raised(prepared, unit_theme, len(themes)).sum(axis=0)
        order = sorted(range(len(themes)), key=lambda at: (-sizes[at], themes[at].id))
        place = np.empty(len(themes) + 1, dtype=np.intp)
        place[order], place[-1] = np.arange(len(themes)), -1
        unit_theme = place[unit_theme]
        counts = _counts(prepared, unit_theme, len(themes))
    with progress.stage("Choosing quotes"):
        quotes = _quotes(unit_theme, founded.centroids[order], base)
    frame = replace(
        founded.frame,
        themes=tuple(replace(themes[at], label=words[at].label) for at in order),
    )
    return ThemeRun(
        answers=base.answers,
        prepared=prepared,
        themes=tuple(
            Theme(themes[at].id, words[at], counts.themes[number], quotes[number], float(firm[at]))
            for number, at in enumerate(order)
        ),
        unit_theme=unit_theme,
        unit_strength=founded.strength[prepared.unit_key],
        unit_margin=founded.margin[prepared.unit_key],
        unit_status=tuple(Status(each) for each in founded.status[prepared.unit_key]),
        vectors=base.vectors,
        counts=counts,
        frame=frame,
        tree=tree,
        keywords={},
        choice=base.choice,
        engine=base.space.embedder.engine,
        model_id=base.space.embedder.model_id,
        means_version=base.space.means_version,
        seed=base.seed,
        provisional=int(prepared.seeds.sum()) < FIRM_UNITS,
        notes=notes_on(base.prepared, base.space.embedder, base.centring),
    )


def _without_themes(base: _Base, language: str) -> ThemeRun:
    """Return a run that lists the answers: there are too few to tell themes."""
    prepared = base.prepared
    none = np.full(len(prepared.unit_text), -1, dtype=np.intp)
    keywords: Mapping[str, tuple[str, ...]] = {}
    if len(prepared.keys):
        (said,) = describe_themes(
            labelled_units(np.zeros(len(prepared.keys), dtype=np.intp), prepared),
            1,
            centroids=base.vectors.mean(axis=0, keepdims=True),
            embed=base.space.embed_phrases,
            language=language,
        )
        keywords = said.keywords
    return ThemeRun(
        answers=base.answers,
        prepared=prepared,
        themes=(),
        unit_theme=none,
        unit_strength=np.zeros(len(none)),
        unit_margin=np.zeros(len(none)),
        unit_status=(Status.UNCLEAR,) * len(none),
        vectors=base.vectors,
        counts=_counts(prepared, none, 0),
        frame=None,
        tree=None,
        keywords=keywords,
        choice=base.choice,
        engine=base.space.embedder.engine,
        model_id=base.space.embedder.model_id,
        means_version=base.space.means_version,
        seed=base.seed,
        provisional=True,
        notes=notes_on(base.prepared, base.space.embedder, base.centring),
    )


def _counts(prepared: Prepared, unit_theme: Indexes, themes: int) -> Counts:
    told = (
        (place, language)
        for place, language, status in zip(
            prepared.respondent.tolist(), prepared.languages, prepared.status, strict=True
        )
        if status is RowStatus.CONTENT
    )
    return count_themes(
        _raised(prepared, unit_theme, themes),
        content=prepared.answered,
        campaigns=prepared.campaign,
        languages=most_common(told, len(prepared.respondents)),
        groups=prepared.groups,
    )


def _raised(prepared: Prepared, unit_theme: Indexes, themes: int) -> Incidence:
    return incidence(prepared.unit_respondent, unit_theme, len(prepared.respondents), themes)


def _quotes(unit_theme: Indexes, centroids: Vectors, base: _Base) -> list[tuple[Quote, ...]]:
    prepared = base.prepared
    candidates: list[list[Candidate]] = [[] for _ in centroids]
    for unit in np.flatnonzero(unit_theme >= 0).tolist():
        row = int(prepared.unit_row[unit])
        place = int(prepared.respondent[row])
        letter = int(prepared.campaign[place])
        candidates[unit_theme[unit]].append(
            Candidate(
                response=prepared.respondents[place],
                text=prepared.unit_text[unit],
                language=prepared.languages[row],
                vector_index=int(prepared.unit_key[unit]),
                campaign=letter if letter >= 0 else None,
            )
        )
    return [
        tuple(
            Quote(offered[at].response, offered[at].text, offered[at].language)
            for at in choose_exemplars(offered, base.vectors, centroid)
        )
        for offered, centroid in zip(candidates, centroids, strict=True)
    ]
