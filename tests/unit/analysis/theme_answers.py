"""Answers about a few subjects, and an embedder that knows them by their words."""

import csv
import hashlib
import io

import numpy as np

from analysis.text.normalise import comparison_key
from analysis.themes.embedding.choose import Choice
from analysis.themes.embedding.protocol import ANY_LANGUAGE, unit_rows
from analysis.themes.prepare import Answers
from analysis.themes.run import run_themes

SUBJECTS = ("buses", "damp", "doctors", "parks", "prices", "bins")
ENDINGS = (
    "worry us most", "need more money", "got worse this year", "come up every week",
    "matter to old people", "keep my family away", "were promised long ago",
    "cost us too much", "are on my mind", "trouble our street", "make life hard",
    "should come first",
)  # fmt: skip


def statements(count, subjects=SUBJECTS):
    """Different sentences, the subjects in turn; at most 12 of each."""
    made = [f"The {subject} {ending}" for ending in ENDINGS for subject in subjects]
    assert count <= len(made)
    return made[:count]


class WordEmbedder:
    """Says where words are, by their checksums; words of a subject weigh most.

    It goes by the name of the embedder that no language is taken out of.
    """

    name = "lsa"
    model_id = "words/1"
    engine = "numpy"
    dimension = 24
    quality = {ANY_LANGUAGE: "Compares words."}  # noqa: RUF012

    def __init__(self):
        self.embedded = []

    def fit(self, texts):
        return self

    def embed(self, texts):
        self.embedded += texts
        rows = np.array([self._row(text) for text in texts])
        return unit_rows(rows.reshape(len(texts), self.dimension))

    def long_texts(self, texts):
        return tuple(at for at, text in enumerate(texts) if len(text) > 300)

    def _row(self, text):
        row = np.zeros(self.dimension)
        row[-1] = 1e-3
        for word in comparison_key(text).split():
            digest = hashlib.sha256(word.encode()).digest()
            row += (5.0 if word in SUBJECTS else 0.5) * (
                np.frombuffer(digest[: self.dimension], np.uint8) / 127.5 - 1.0
            )
        return row


def by_words(languages=()):
    return Choice(WordEmbedder(), "words, for a test.", dict.fromkeys(languages, "Compares words."))


def answers(texts, ids=None, languages=None, **groups):
    """A table of answers; columns that are not given are row numbers and English."""
    n = len(texts)
    return Answers(
        ids=tuple(ids or map(str, range(1, n + 1))),
        texts=tuple(texts),
        languages=tuple(languages or ["en"] * n),
        groups={name.replace("_", " "): tuple(values) for name, values in groups.items()},
    )


def run(texts, *, themes=None, seed=0, **columns):
    return run_themes(answers(texts, **columns), choose=by_words, themes=themes, seed=seed)


def write_csv(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text)))
