"""TF-IDF and singular values: deterministic, order-free, never without a row."""

import numpy as np
import pytest

from analysis.themes.embedding import lsa
from analysis.themes.embedding.lsa import LsaEmbedder

TEXTS = [
    "more buses in the evening",
    "buses run late in the evening",
    "the park needs more trees",
    "plant trees in the park",
    "the doctor is hard to reach",
    "پارک میں درخت لگائیں",
]


def test_rows_are_unit_and_like_texts_are_near():
    rows = LsaEmbedder().embed(TEXTS)
    assert rows.dtype == np.float32
    assert rows.shape == (6, 101)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-6)
    likeness = rows @ rows.T
    assert likeness[0, 1] > likeness[0, 3]
    assert likeness[2, 3] > likeness[2, 0]


def test_order_and_repeats_change_no_byte():
    fitted = LsaEmbedder().fit(TEXTS)
    again = LsaEmbedder().fit([*TEXTS[::-1], TEXTS[0], TEXTS[0]])
    assert again.model_id == fitted.model_id
    assert again.embed(TEXTS).tobytes() == fitted.embed(TEXTS).tobytes()
    assert fitted.embed(TEXTS[2:3]).tobytes() == fitted.embed(TEXTS)[2:3].tobytes()
    assert LsaEmbedder().fit(TEXTS[1:]).model_id != fitted.model_id


def test_a_text_that_shares_nothing_has_a_row_of_its_own():
    rows = LsaEmbedder().fit(TEXTS).embed(["zzz", "...", "", TEXTS[0]])
    assert rows[:3, -1].tolist() == [1, 1, 1]
    assert rows[3, -1] == 0


@pytest.mark.parametrize("texts", [[], [""], ["..."], ["a"], ["same", "same"]])
def test_next_to_nothing(texts):
    rows = LsaEmbedder().embed(texts)
    assert rows.shape == (len(texts), 101)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1)
    assert LsaEmbedder().fit(texts).embed(["other"]).shape == (1, 101)


def test_many_texts_are_sampled_by_content(monkeypatch):
    monkeypatch.setattr(lsa, "_MOST_TEXTS", 50)
    texts = [f"word{at} park tree{at % 7}" for at in range(200)]
    fitted = LsaEmbedder().fit(texts)
    assert fitted.model_id == LsaEmbedder().fit(texts[::-1]).model_id
    assert fitted.embed(texts).shape == (200, 101)


def test_a_large_set_drops_what_occurs_once():
    texts = [f"unique{at} tree park bus" for at in range(1000)]
    rows = LsaEmbedder().fit(texts).embed(texts)
    assert np.isfinite(rows).all()


def test_names():
    embedder = LsaEmbedder()
    assert embedder.long_texts(["x" * 10_000]) == ()
    assert "scikit-learn" in embedder.engine
    assert "does not see that two languages say the same" in embedder.quality["*"]
    assert embedder.embed(["lone \ud800 surrogate"]).shape == (1, 101)
