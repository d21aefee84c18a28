"""The ways of finding themes that ours is held against."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from analysis.themes.embedding.protocol import Vectors
from benchmarks.outcome import CannotRun
from benchmarks.theme_process import finish

Labels = NDArray[np.int64]

ROOT = Path(__file__).parents[1]
HOME = ROOT / "build" / "bertopic"
SCRIPT = Path(__file__).with_name("bertopic_labels.py")
INSTALLED = "installed.txt"
SEEDS = (0, 1, 2)
COLUMNS = 200
BERTOPIC_LIMIT_SECONDS = 1200
INSTALL_LIMIT_SECONDS = 600

# Of bertopic the package alone: its requirements would bring torch.
_WITHOUT_REQUIREMENTS = ("bertopic==0.17.4",)
_WITH_REQUIREMENTS = ("umap-learn==0.5.12", "hdbscan==0.8.44", "plotly==7.1.0", "pandas", "tqdm")

BERTOPIC_ROWS = {
    "own": "BERTopic, its own number of topics",
    "own_dealt": "BERTopic, its own number, noise dealt out",
    "reduced": "BERTopic, reduced to k",
    "reduced_dealt": "BERTopic, reduced to k, noise dealt out",
}


def k_means(vectors: Vectors, k: int) -> list[Labels]:
    """Return the labels of plain k-means on the vectors, a run a seed."""
    return [_k_means(vectors, k, seed) for seed in SEEDS]


def lsa(texts: Sequence[str], k: int) -> list[Labels]:
    """Return the labels of k-means on TF-IDF in 200 dimensions, a run a seed."""
    weights = _tf_idf(texts)
    found = []
    for seed in SEEDS:
        columns = min(COLUMNS, weights.shape[1] - 1)
        rows = TruncatedSVD(columns, random_state=seed).fit_transform(weights)
        found.append(_k_means(normalize(rows), k, seed))
    return found


def nmf(texts: Sequence[str], k: int) -> list[Labels]:
    """Return the largest component of a non-negative factorisation of TF-IDF, a run a seed."""
    weights = _tf_idf(texts)
    return [
        NMF(k, init="nndsvd", max_iter=1000, random_state=seed)
        .fit_transform(weights)
        .argmax(axis=1)
        for seed in SEEDS
    ]


def bertopic(
    texts: Sequence[str], vectors: Vectors, sizes: Sequence[int], folder: Path
) -> dict[tuple[str, int], list[Labels]]:
    """Return the labels of BERTopic's own steps on the vectors, a run a seed; -1 is its noise.

    Parameters
    ----------
    texts : sequence of str
    vectors : ndarray of shape (n_texts, dimension)
    sizes : sequence of int
        Numbers of topics to reduce to.
    folder : Path
        An empty one, to hand texts over in.

    Returns
    -------
    dict of (str, int) to list of ndarray
        By the names in ``BERTOPIC_ROWS`` and number of topics, which is 0 for its own.

    Raises
    ------
    CannotRun
        If it cannot be installed, fails or takes too long.
    """
    _install_bertopic()
    folder.mkdir()
    (folder / "texts.json").write_text(json.dumps(list(texts)), encoding="utf-8")
    np.save(folder / "vectors.npy", vectors)
    command = [sys.executable, "-P", str(SCRIPT), str(folder), *map(str, sizes)]
    variables = {"PYTHONPATH": str(HOME), "PYTHONWARNINGS": "ignore"}
    _run("BERTopic", command, BERTOPIC_LIMIT_SECONDS, variables)
    found: dict[tuple[str, int], list[Labels]] = {}
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    for name in sorted(labels):
        row, size, _ = name.split("/")
        found.setdefault((row, int(size)), []).append(np.array(labels[name], dtype=np.int64))
    return found


def _k_means(rows: Vectors, k: int, seed: int) -> Labels:
    labels: Labels = KMeans(k, n_init=3, random_state=seed).fit_predict(rows).astype(np.int64)
    return labels


def _tf_idf(texts: Sequence[str]) -> Any:
    return TfidfVectorizer(sublinear_tf=True, min_df=2, max_df=0.5).fit_transform(texts)


def _install_bertopic() -> None:
    """Install it under ``build/bertopic``, once; what the product runs on stays as it is."""
    wanted = "\n".join((*_WITHOUT_REQUIREMENTS, *_WITH_REQUIREMENTS)) + "\n"
    note = HOME / INSTALLED
    if note.is_file() and note.read_text(encoding="utf-8") == wanted:
        return
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    target = ["--upgrade", "--target", str(HOME)]
    print("  installing BERTopic under build/bertopic ...", flush=True)
    for packages in (("--no-deps", *_WITHOUT_REQUIREMENTS), _WITH_REQUIREMENTS):
        _run("pip", [*pip, *target, *packages], INSTALL_LIMIT_SECONDS, {})
    note.write_text(wanted, encoding="utf-8")


def _run(name: str, command: Sequence[str], limit: int, variables: Mapping[str, str]) -> None:
    done = finish(name, command, {**os.environ, **variables}, limit)
    if done.status != 0:
        raise CannotRun(f"{name} failed: {done.last_line}")
