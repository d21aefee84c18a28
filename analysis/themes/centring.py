"""Themes by meaning and not by language.

A multilingual model puts languages in different places: the nearest neighbours of an Urdu
sentence are Urdu sentences, and clusters form by language. Translations of the same lines
show the directions in which that happens. Those directions are taken out of every vector.

Three choices, each measured (docs/benchmarks.md):

- They come from fixed lines, not from the responses. A language's own mean over the
  responses carries what that community talks about, and centring on it erases that.
- The directions are removed rather than each language's mean subtracted. How far a language
  lies off depends on length and subject, so a mean from short lines misses for long
  answers; the direction stays. It also needs no language label: a wrong one does no harm.
- As many directions as languages less one, which is what their means span.

A language without lines of its own is treated the same; part of its shift stays, and
:func:`centre` reports it.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.text.codes import language_name
from analysis.themes.embedding.protocol import Embedder, Vectors, unit_rows

MEANS_FOLDER = Path(str(resources.files("analysis.themes"))) / "means"
# From 40 lines on, the result no longer depended on which; 25 were a little worse.
LEAST_LINES = 40


@dataclass(frozen=True, slots=True)
class Means:
    """Where a model puts languages.

    Attributes
    ----------
    model_id : str
        The model they belong to.
    languages : tuple of str
        With lines of their own.
    lines : int
        Lines that the main languages share.
    middle : ndarray of shape (dimension,)
        Mean over lines and main languages.
    directions : ndarray of shape (n_languages - 1, dimension)
        Orthonormal; what tells a language from its translations.
    """

    model_id: str
    languages: tuple[str, ...]
    lines: int
    middle: Vectors
    directions: Vectors


@dataclass(frozen=True, slots=True)
class CentringReport:
    """What was done, for the record of a run.

    Attributes
    ----------
    centred : bool
        False when the model has no means: then every vector is as it was.
    without_lines : dict of str to int
        Texts by language, for languages that the means know nothing of.
    """

    centred: bool
    without_lines: Mapping[str, int]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the themes should know; nothing when all is well."""
        if not self.centred:
            return ("This model's language shifts are not known: themes may form by language.",)
        if not self.without_lines:
            return ()
        told = ", ".join(
            f"{language_name(code)} {count:,}" for code, count in self.without_lines.items()
        )
        return (
            f"Texts in languages without parallel lines here: {told}. Some of them may gather by "
            "language instead of meaning.",
        )


def centre(
    vectors: Vectors, languages: Sequence[str], means: Means | None
) -> tuple[Vectors, CentringReport]:
    """Take the language out of unit vectors.

    Parameters
    ----------
    vectors : ndarray of shape (n, dimension)
        Unit rows; not changed.
    languages : sequence of str of length n
        Language codes, ``ur`` or ``ur-Latn``. They go into the report alone.
    means : Means or None
        None leaves the vectors as they are.

    Returns
    -------
    ndarray of shape (n, dimension), float32
        Unit rows.
    CentringReport

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    .. [1] Yang et al. (2021). A Simple and Effective Method To Eliminate the Self Language
       Bias in Multilingual Representations. EMNLP. arXiv:2109.04727.
    """
    if len(vectors) != len(languages):
        raise ValueError(f"{len(vectors)} vectors but {len(languages)} languages")
    if means is None:
        return vectors.copy(), CentringReport(centred=False, without_lines={})
    if vectors.shape[1] != means.middle.size:
        raise ValueError(f"vectors of {vectors.shape[1]} columns, means of {means.middle.size}")
    rows = np.empty(vectors.shape, dtype=np.float32)
    block = 4096  # bounds the float64 copies; rows do not depend on it
    for start in range(0, len(vectors), block):
        rows[start : start + block] = _without_language(vectors[start : start + block], means)
    unknown = Counter(code for code in languages if code not in means.languages)
    return rows, CentringReport(centred=True, without_lines=dict(sorted(unknown.items())))


def _without_language(vectors: Vectors, means: Means) -> Vectors:
    directions = means.directions.astype(np.float64)
    wide = vectors.astype(np.float64) - means.middle
    # einsum without optimize: its sums have one order, whatever the number of rows.
    along = np.einsum("nd,kd->nk", wide, directions)
    rest = wide - np.einsum("nk,kd->nd", along, directions)
    # A text that is nothing but language keeps its vector: it has to lie somewhere.
    empty = np.sum(rest * rest, axis=1) < 1e-12
    rest[empty] = vectors[empty]
    return unit_rows(rest)


def compute_means(
    embedder: Embedder,
    lines: Mapping[str, Sequence[str]],
    further: Mapping[str, Sequence[str]] | None = None,
    further_source: str = "en",
) -> Means:
    """Return the means of a model from lines with their translations.

    Parameters
    ----------
    embedder : Embedder
    lines : mapping of str to sequence of str
        The main languages: the same lines in the same order.
    further : mapping of str to sequence of str, optional
        More languages with some of the lines; the source language says which.
    further_source : str
        The language of ``further`` that is also one of ``lines``.

    Raises
    ------
    ValueError
        If a language has fewer lines than another, or there are fewer than 40.
    """
    counts = {len(version) for version in lines.values()}
    if len(counts) != 1 or min(counts) < LEAST_LINES:
        raise ValueError(f"parallel lines of lengths {sorted(counts)}; at least {LEAST_LINES}")
    main = np.stack([embedder.embed(_joined(version)) for version in lines.values()])
    main = main.astype(np.float64)
    per_line = main.mean(axis=0)
    spreads = [_spread(rows - per_line) for rows in main]
    languages = list(lines)

    further = further or {}
    source = further.get(further_source, ())
    place = {line: at for at, line in enumerate(lines.get(further_source, ()))}
    shared = [at for at, line in enumerate(source) if line in place]
    if len(shared) >= LEAST_LINES:
        middle = _middle(embedder, lines, [place[source[at]] for at in shared])
        for language in sorted(further.keys() - lines.keys()):
            rows = embedder.embed(_joined([further[language][at] for at in shared]))
            spreads.append(_spread(rows.astype(np.float64) - middle))
            languages.append(language)

    # Each language weighs the same, however many lines it has.
    _, axes = np.linalg.eigh(np.mean(spreads, axis=0))
    directions = axes[:, ::-1][:, : len(languages) - 1].T
    # An axis has no sign of its own; fix it, so that a rebuild gives the same file.
    largest = np.abs(directions).argmax(axis=1)
    directions = directions * np.sign(directions[np.arange(len(directions)), largest])[:, None]
    return Means(
        model_id=embedder.model_id,
        languages=tuple(languages),
        lines=counts.pop(),
        middle=main.mean(axis=(0, 1)).astype(np.float32),
        directions=np.ascontiguousarray(directions, dtype=np.float32),
    )


def _middle(
    embedder: Embedder, lines: Mapping[str, Sequence[str]], chosen: Sequence[int]
) -> NDArray[np.float64]:
    """Return the mean over the main languages, of the chosen lines."""
    rows = [embedder.embed(_joined([version[at] for at in chosen])) for version in lines.values()]
    return np.asarray(np.stack(rows).mean(axis=0, dtype=np.float64))


def _joined(lines: Sequence[str]) -> list[str]:
    """Return the lines alone, by twos and by threes: answers are longer than labels."""
    return [
        " ".join(lines[start : start + size])
        for size in (1, 2, 3)
        for start in range(0, len(lines) - size + 1, size)
    ]


def _spread(deviations: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(deviations.T @ deviations) / len(deviations)


def save_means(means: Means, path: Path, made_from: Mapping[str, Any]) -> None:
    """Write means as ``.npz`` with a manifest of what they were made from."""
    manifest = {
        "model_id": means.model_id,
        "languages": list(means.languages),
        "lines": means.lines,
        "made_from": dict(made_from),
    }
    with path.open("wb") as file:
        np.savez(
            file,
            middle=means.middle,
            directions=means.directions,
            manifest=np.array(json.dumps(manifest, sort_keys=True)),
        )


def read_means(path: Path) -> tuple[Means, dict[str, Any]]:
    """Return means and their manifest from a file of :func:`save_means`."""
    with np.load(path, allow_pickle=False) as data:
        manifest: dict[str, Any] = json.loads(str(data["manifest"]))
        means = Means(
            model_id=manifest["model_id"],
            languages=tuple(manifest["languages"]),
            lines=manifest["lines"],
            middle=data["middle"],
            directions=data["directions"],
        )
    return means, manifest


def load_means(model_id: str) -> Means | None:
    """Return the means that come with this package for a model, or None."""
    for path in sorted(MEANS_FOLDER.glob("*.npz")):
        means, _ = read_means(path)
        if means.model_id == model_id:
            return means
    return None


def means_for(embedder: Embedder) -> Means | None:
    """Return the means for an embedder, computing them for a model of the user's own.

    None for an embedder that cannot bring languages together at all (``lsa``): nothing
    would be left of a text after its language is taken out.
    """
    if embedder.name == "lsa":
        return None
    return load_means(embedder.model_id) or compute_means(
        embedder, _packaged("parallel.json"), _packaged("further.json")
    )


def _packaged(name: str) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = json.loads((MEANS_FOLDER / name).read_text(encoding="utf-8"))
    return lines
