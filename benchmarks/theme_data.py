"""Labelled texts that themes are measured on. None of them is part of this repository.

They lie in one folder, named by the environment variable ``CONSULT_BENCH_DATA``; without it
beside the repository, in ``../shared/data/bench``. A benchmark whose file is not there is
skipped, and says so. What the files are and where they come from: docs/benchmarks.md.
"""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.themes.centring import centre, means_for
from analysis.themes.embedding.choose import choose
from analysis.themes.embedding.e5 import is_usable
from analysis.themes.embedding.protocol import Vectors
from benchmarks.outcome import CannotRun

VARIABLE = "CONSULT_BENCH_DATA"
DEFAULT_FOLDER = Path(__file__).parents[1].parent / "shared" / "data" / "bench"
NHS = "nhs_fft_phase1_single_label.csv"
MIXED = "sib200_mixed_one_language_each.csv"
PARALLEL = "sib200_parallel_14langs_train_dev.csv"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts that people have put into classes.

    Attributes
    ----------
    name : str
    texts, languages, sentences : tuple of str, of shape (n_texts,)
        A sentence and its translations have one name in ``sentences``.
    classes : mapping of str to tuple of str
        One or more ways of sorting the texts, by name.
    """

    name: str
    texts: tuple[str, ...]
    languages: tuple[str, ...]
    sentences: tuple[str, ...]
    classes: Mapping[str, tuple[str, ...]]

    def only(self, language: str, name: str) -> "Corpus":
        """Return the texts in one language."""
        kept = [at for at, code in enumerate(self.languages) if code == language]
        return Corpus(
            name,
            tuple(self.texts[at] for at in kept),
            (language,) * len(kept),
            tuple(self.sentences[at] for at in kept),
            {way: tuple(labels[at] for at in kept) for way, labels in self.classes.items()},
        )


def read_nhs() -> Corpus:
    """Return answers to the Friends and Family Test, with their themes and sub-themes."""
    rows = _rows(NHS, ("row_index", "text", "theme", "subtheme"))
    return Corpus(
        "NHS answers",
        tuple(row["text"] for row in rows),
        ("en",) * len(rows),
        tuple(row["row_index"] for row in rows),
        {
            "themes": tuple(row["theme"] for row in rows),
            "sub-themes": tuple(row["subtheme"] for row in rows),
        },
    )


def read_mixed() -> Corpus:
    """Return sentences of SIB-200, each in one language of fourteen."""
    return _sib("SIB-200, languages mixed", MIXED)


def read_parallel() -> Corpus:
    """Return the sentences of SIB-200 in all fourteen languages."""
    return _sib("SIB-200, parallel", PARALLEL)


def embed(texts: tuple[str, ...], languages: tuple[str, ...]) -> Vectors:
    """Return the product's own vectors: the multilingual model, language taken out.

    Raises
    ------
    CannotRun
        If the model is not here.
    """
    if not is_usable():
        raise CannotRun("the multilingual model is not here: python -m analysis fetch-model")
    embedder = choose("e5").embedder
    vectors, _ = centre(embedder.embed(texts), languages, means_for(embedder))
    return vectors


def _sib(name: str, file: str) -> Corpus:
    rows = _rows(file, ("index_id", "lang", "theme", "text"))
    return Corpus(
        name,
        tuple(row["text"] for row in rows),
        tuple(row["lang"] for row in rows),
        tuple(row["index_id"] for row in rows),
        {"themes": tuple(row["theme"] for row in rows)},
    )


def _rows(name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    folder = Path(os.environ.get(VARIABLE) or DEFAULT_FOLDER)
    try:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        raise CannotRun(
            f"{name} is not here: name the folder that holds it in {VARIABLE}"
        ) from None
    missing = [column for column in columns if not rows or column not in rows[0]]
    if missing:
        raise CannotRun(f"{name} has no rows, or no column {', '.join(missing)}")
    return rows
