"""Vectors on disk."""

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.themes.embedding import cache
from analysis.themes.embedding.cache import CachedEmbedder
from analysis.themes.embedding.lsa import LsaEmbedder


class Counting:
    """Rows from the text's bytes; counts what it was asked."""

    name = "counting"
    model_id = "counting/1"
    engine = "python"
    dimension = 8
    quality = {"*": "none"}  # noqa: RUF012

    def __init__(self):
        self.asked = []

    def fit(self, texts):
        return self

    def long_texts(self, texts):
        return tuple(at for at, text in enumerate(texts) if len(text) > 100)

    def embed(self, texts):
        self.asked += texts
        rows = [
            np.random.default_rng(list(text.encode("utf-8", "surrogatepass"))).normal(size=8)
            for text in texts
        ]
        stacked = np.array(rows, dtype=np.float32).reshape(-1, 8)
        return stacked / np.linalg.norm(stacked, axis=1, keepdims=True)


def test_only_new_texts_are_computed_and_bytes_are_kept(tmp_path):
    inner = Counting()
    cached = CachedEmbedder(inner, tmp_path / "new")
    first = cached.embed(["a", "b", "a"])
    assert sorted(inner.asked) == ["a", "b"]
    again = CachedEmbedder(inner, tmp_path / "new").embed(["c", "b", "a"])
    assert sorted(inner.asked) == ["a", "b", "c"]
    assert again[2].tobytes() == first[0].tobytes() == first[2].tobytes()
    assert again.tobytes() == Counting().embed(["c", "b", "a"]).tobytes()
    assert cached.embed([]).shape == (0, 8)


def test_it_passes_for_the_embedder_within(tmp_path):
    cached = CachedEmbedder(Counting(), tmp_path)
    assert (cached.name, cached.model_id, cached.engine) == ("counting", "counting/1", "python")
    assert cached.quality == {"*": "none"}
    assert cached.long_texts(["a", "b" * 101]) == (1,)
    assert isinstance(cached.fit(["a"]), CachedEmbedder)
    # One that learns from its texts is better fitted again than looked up.
    assert isinstance(CachedEmbedder(LsaEmbedder(), tmp_path).fit(["a b"]), LsaEmbedder)


@pytest.mark.parametrize("attribute", ["model_id", "engine"])
def test_another_model_or_machine_has_its_own_rows(tmp_path, attribute):
    CachedEmbedder(Counting(), tmp_path).embed(["a"])
    other = Counting()
    setattr(other, attribute, "other")
    CachedEmbedder(other, tmp_path).embed(["a"])
    assert other.asked == ["a"]


def test_a_withdrawn_text_is_forgotten(tmp_path):
    inner = Counting()
    cached = CachedEmbedder(inner, tmp_path)
    cached.embed(["stays", "goes"])
    cached.forget(["goes", "never was"])
    inner.asked.clear()
    cached.embed(["stays", "goes"])
    assert inner.asked == ["goes"]


def test_the_file_holds_no_text_and_is_its_owners_alone(tmp_path):
    CachedEmbedder(Counting(), tmp_path).embed(["a sentence that is private"])
    for path in tmp_path.iterdir():
        assert b"private" not in path.read_bytes()
    if sys.platform != "win32":
        assert (tmp_path / "vectors.sqlite3").stat().st_mode & 0o077 == 0


def test_progress_and_interruption(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_CHUNK", 10)
    texts = [f"text {at}" for at in range(35)]
    seen = []

    def stop_after_two(done, total):
        seen.append((done, total))
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        CachedEmbedder(Counting(), tmp_path).embed(texts, stop_after_two)
    assert seen == [(10, 35), (20, 35)]
    inner = Counting()
    seen.clear()
    CachedEmbedder(inner, tmp_path).embed(texts, lambda *now: seen.append(now))
    assert len(inner.asked) == 15
    assert seen == [(30, 35), (35, 35)]
    seen.clear()
    CachedEmbedder(inner, tmp_path).embed(texts, lambda *now: seen.append(now))
    assert seen == [(35, 35)]


def test_it_is_bounded_and_what_is_used_stays(tmp_path):
    row = 4 * 8 + cache._ROW_OVERHEAD
    inner = Counting()
    cached = CachedEmbedder(inner, tmp_path, max_bytes=80 * row)
    for start in range(0, 300, 10):
        cached.embed([f"text {at}" for at in range(start, start + 10)])
        cached.embed(["used every time"])
    with sqlite3.connect(tmp_path / "vectors.sqlite3") as database:
        (count,) = database.execute("SELECT count(*) FROM vector").fetchone()
    database.close()
    assert 40 <= count <= 80
    asked = inner.asked
    assert asked.count("used every time") == 1
    asked.clear()
    cached.embed(["text 299", "text 0"])
    assert asked == ["text 0"]


def test_size_on_disk_is_near_the_bound(tmp_path):
    class Wide(Counting):
        dimension = 384

        def embed(self, texts):
            return np.repeat(super().embed(texts), 48, axis=1)

    bound = 2_000_000
    cached = CachedEmbedder(Wide(), tmp_path, max_bytes=bound)
    for start in range(0, 4000, 500):
        cached.embed([str(at) for at in range(start, start + 500)])
    size = (tmp_path / "vectors.sqlite3").stat().st_size
    assert 0.5 * bound < size < 1.5 * bound


def test_a_damaged_file_is_made_anew(tmp_path):
    (tmp_path / "vectors.sqlite3").write_bytes(b"not a database" * 1000)
    rows = CachedEmbedder(Counting(), tmp_path).embed(["a"])
    assert rows.tobytes() == Counting().embed(["a"]).tobytes()
    inner = Counting()
    CachedEmbedder(inner, tmp_path).embed(["a"])
    assert inner.asked == []


def test_a_short_row_is_computed_again(tmp_path):
    CachedEmbedder(Counting(), tmp_path).embed(["a"])
    database = sqlite3.connect(tmp_path / "vectors.sqlite3")
    database.execute("UPDATE vector SET row = x'00'")
    database.commit()
    database.close()
    inner = Counting()
    CachedEmbedder(inner, tmp_path).embed(["a"])
    assert inner.asked == ["a"]


def test_a_full_disk_is_said_and_earlier_rows_stay(tmp_path, monkeypatch):
    CachedEmbedder(Counting(), tmp_path).embed(["a"])
    real = cache._prepared

    def small(path):
        database = real(path)
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count = {pages + 1}")
        return database

    with monkeypatch.context() as patch:
        patch.setattr(cache, "_prepared", small)
        with pytest.raises(InputError, match="The disk is full"):
            CachedEmbedder(Counting(), tmp_path).embed([str(at) for at in range(5000)])
    inner = Counting()
    CachedEmbedder(inner, tmp_path).embed(["a", "0"])
    assert inner.asked == ["0"]


def test_a_folder_that_cannot_be_used(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="Keeping vectors failed"):
        CachedEmbedder(Counting(), tmp_path / "file" / "cache").embed(["a"])


def test_a_locked_file(tmp_path, monkeypatch):
    def locked(path):
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(cache, "_prepared", locked)
    with pytest.raises(InputError, match="cannot be used: database is locked"):
        CachedEmbedder(Counting(), tmp_path).embed(["a"])


class Locked:
    """A database whose log is turned on by somebody else for a while."""

    def __init__(self, times, message="database is locked"):
        self.times, self.message = times, message

    def execute(self, statement):
        assert "WAL" in statement
        self.times -= 1
        if self.times >= 0:
            raise sqlite3.OperationalError(self.message)


def test_waits_for_another_process_that_makes_the_file():
    database: Any = Locked(3)
    cache._write_ahead(database)
    assert database.times == -1


@pytest.mark.parametrize(
    ("seconds", "message"), [(-1, "database is locked"), (60, "disk I/O error")]
)
def test_does_not_wait_for_ever_nor_for_another_fault(monkeypatch, seconds, message):
    monkeypatch.setattr(cache, "_WAIT_SECONDS", seconds)
    database: Any = Locked(2, message)
    with pytest.raises(sqlite3.OperationalError, match=message):
        cache._write_ahead(database)


WRITER = """
import sys
from pathlib import Path
sys.path[:0] = [{root!r}]
from analysis.themes.embedding.cache import CachedEmbedder
from tests.unit.analysis.test_embedding_cache import Counting
for start in range(0, 200, 20):
    CachedEmbedder(Counting(), Path({folder!r})).embed(
        [str(at) for at in range(start, start + 40)]
    )
"""


def test_two_processes_write_at_once(tmp_path):
    root = str(Path(__file__).parents[3])
    script = WRITER.format(root=root, folder=str(tmp_path))
    writers = [
        subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(2)
    ]
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors.decode()
    inner = Counting()
    texts = [str(at) for at in range(220)]
    rows = CachedEmbedder(inner, tmp_path).embed(texts)
    assert inner.asked == []
    assert rows.tobytes() == Counting().embed(texts).tobytes()
