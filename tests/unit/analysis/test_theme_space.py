"""The space that texts are compared in."""

import numpy as np
import pytest

from analysis.themes import space
from analysis.themes.centring import Means, means_for
from analysis.themes.embedding.cache import CachedEmbedder
from analysis.themes.embedding.lsa import LsaEmbedder
from analysis.themes.space import Space

TEXTS = ["en:0", "ur:0", "en:1"]
# Text and language set each row; language lies along the first axis.
ROWS = {"en:0": (0.6, 0.8, 0), "ur:0": (-0.6, 0.8, 0), "en:1": (0.6, 0, 0.8)}


class ByHand:
    """Rows from the list above."""

    name = "by hand"
    model_id = "by-hand/1"
    engine = "python"
    dimension = 3
    quality = {"*": ""}  # noqa: RUF012

    def fit(self, texts):
        return self

    def long_texts(self, texts):
        return ()

    def embed(self, texts):
        return np.array([ROWS[text] for text in texts], dtype=np.float32).reshape(-1, 3)


def means(axis=0, middle=0.0):
    directions = np.eye(3, dtype=np.float32)[[axis]]
    return Means("by-hand/1", ("en", "ur"), 50, np.full(3, middle, np.float32), directions)


@pytest.fixture(autouse=True)
def _known_means(monkeypatch):
    monkeypatch.setattr(
        space, "means_for", lambda each: means() if each.name == "by hand" else means_for(each)
    )


def test_a_translation_lies_where_the_text_does():
    rows, report = Space(ByHand()).vectors(TEXTS, ["en", "ur", "so"])
    assert rows.tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert report.centred
    assert report.without_lines == {"so": 1}


def test_phrases_of_one_language():
    found = Space(ByHand())
    assert found.embed_phrases(["ur:0"], "ur").tolist() == [[0, 1, 0]]
    assert found.embed_phrases([], "ur").shape == (0, 3)


def test_the_version_changes_with_the_means(monkeypatch):
    versions = [Space(ByHand()).means_version, Space(ByHand()).means_version]
    for other in (means(axis=1), means(middle=0.5)):
        monkeypatch.setattr(space, "means_for", lambda each, other=other: other)
        versions.append(Space(ByHand()).means_version)
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3
    assert all(len(version) == 12 for version in versions)


def test_lsa_has_no_means():
    texts = ["more buses please", "plant more trees"]
    embedder = LsaEmbedder().fit(texts)
    found = Space(embedder)
    rows, report = found.vectors(texts, ["en", "en"])
    assert found.means is None
    assert found.means_version == "none"
    assert rows.tobytes() == embedder.embed(texts).tobytes()
    assert not report.centred


def test_the_cache_tells_how_far_it_is(tmp_path):
    found = Space(CachedEmbedder(ByHand(), tmp_path))
    texts, languages, seen = [*TEXTS, TEXTS[0]], ["en"] * 4, []
    for _ in range(2):  # all computed, then all read
        rows, _ = found.vectors(texts, languages, lambda *now: seen.append(now))
        assert rows.tobytes() == Space(ByHand()).vectors(texts, languages)[0].tobytes()
    assert seen == [(3, 3), (3, 3)]


def test_without_a_cache_all_are_done_at_once():
    seen = []
    Space(ByHand()).vectors(TEXTS, ["en"] * 3, lambda *now: seen.append(now))
    assert seen == [(3, 3)]
