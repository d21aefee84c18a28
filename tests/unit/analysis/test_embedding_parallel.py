"""Shards through joblib, and the choice of an embedder."""

import joblib
import numpy as np
import pytest

from analysis.errors import InputError
from analysis.themes.embedding import choose as choosing
from analysis.themes.embedding import machine, parallel
from analysis.themes.embedding.choose import choose
from analysis.themes.embedding.e5 import E5Embedder
from analysis.themes.embedding.folder import FolderEmbedder
from analysis.themes.embedding.lsa import LsaEmbedder
from analysis.themes.embedding.parallel import ShardedEmbedder, embed_sharded
from analysis.themes.embedding.protocol import unit_rows
from tests.unit.analysis.embedding_models import write_folder
from tests.unit.analysis.test_embedding_cache import Counting


@pytest.fixture
def own_model(tmp_path):
    write_folder(tmp_path / "own")
    return FolderEmbedder(tmp_path / "own", tmp_path / "cache", threads=1)


def texts_of(count):
    random = np.random.default_rng(1)
    words = ["tree", "park", "bus", "unknown"]
    return [" ".join(random.choice(words, random.integers(1, 10))) for _ in range(count)]


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_shards_give_the_same_bytes(own_model, monkeypatch, backend):
    monkeypatch.setattr(parallel, "_LEAST_SHARD", 20)
    texts = texts_of(400)
    with joblib.parallel_config(backend, n_jobs=2):
        rows = embed_sharded(own_model, texts)
    assert rows.tobytes() == own_model.embed(texts).tobytes()


def test_few_texts_or_one_worker_stay_here():
    inner = Counting()
    embed_sharded(inner, ["a", "b"], n_jobs=2)
    assert inner.asked == ["a", "b"]
    embed_sharded(inner, [str(at) for at in range(2000)], n_jobs=1)
    assert len(inner.asked) == 2002


def test_the_wrapper_passes_for_the_embedder_within():
    sharded = ShardedEmbedder(Counting(), n_jobs=1)
    assert (sharded.name, sharded.model_id, sharded.engine) == ("counting", "counting/1", "python")
    assert sharded.dimension == 8
    assert sharded.quality == {"*": "none"}
    assert sharded.long_texts(["a" * 101]) == (0,)
    assert sharded.embed(["a"]).shape == (1, 8)
    assert ShardedEmbedder(LsaEmbedder()).fit(["a b"]).model_id != LsaEmbedder().model_id


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Dask's own, about its own parts
def test_a_dask_cluster_of_two_workers_gives_the_same_bytes(own_model, monkeypatch, tmp_path):
    distributed = pytest.importorskip(
        "distributed", reason="NOT TESTED: dask.distributed is not installed"
    )
    monkeypatch.setattr(parallel, "_LEAST_SHARD", 20)
    texts = texts_of(400)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1",
            local_directory=str(tmp_path / "dask"),
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config("dask"),
    ):  # fmt: skip
        rows = embed_sharded(own_model, texts)
    assert rows.tobytes() == own_model.embed(texts).tobytes()


# --- choosing -----------------------------------------------------------------------------


def test_auto_takes_the_model_when_it_is_here(monkeypatch, tmp_path):
    monkeypatch.setattr(choosing, "is_usable", lambda folder: True)
    choice = choose("auto", languages=["so", "en", "so", "xx", "ur-Latn"], folder=tmp_path)
    assert isinstance(choice.embedder, E5Embedder)
    assert list(choice.notes) == ["en", "so", "ur-Latn", "xx"]
    assert "speaker should read" in choice.notes["so"]
    assert "Not measured" in choice.notes["xx"]
    assert "Not measured" in choice.notes["ur-Latn"]


def test_auto_without_the_model_says_what_it_costs(monkeypatch, tmp_path):
    monkeypatch.setattr(choosing, "is_usable", lambda folder: False)
    choice = choose("auto", languages=["en", "ur"], folder=tmp_path)
    assert isinstance(choice.embedder, LsaEmbedder)
    assert "fetch-model" in choice.reason
    assert "2 languages" in choice.reason
    assert "does not see that two languages say the same" in choice.notes["ur"]
    assert "languages" not in choose("auto", languages=["en"], folder=tmp_path).reason
    with pytest.raises(InputError, match="fetch-model"):
        choose("e5", folder=tmp_path)


def test_asked_for_by_name(monkeypatch, tmp_path):
    monkeypatch.setattr(choosing, "is_usable", lambda folder: True)
    write_folder(tmp_path / "own")
    assert choose("lsa").embedder.name == "lsa"
    assert choose("e5").embedder.name == "e5"
    assert choose(str(tmp_path / "own"), languages=["en"]).notes == {
        "en": "A model of your own: not measured."
    }
    with pytest.raises(InputError, match="neither auto, e5, lsa nor a model folder"):
        choose("bert")


# --- the machine --------------------------------------------------------------------------


def test_flags_of_two_kinds_of_processor():
    assert machine.cpu_flags("model name: x\nflags\t\t: fpu avx2 avx512_vnni\n") == (
        "avx2",
        "avx512_vnni",
    )
    assert machine.cpu_flags("Features : fp asimd i8mm") == ("asimd", "i8mm")
    assert machine.cpu_flags("") == ()


def test_without_proc_the_flags_are_numpys(monkeypatch, tmp_path):
    machine.instruction_set.cache_clear()
    monkeypatch.setattr(machine, "_CPUINFO", tmp_path / "none")
    monkeypatch.setenv("CT2_FORCE_CPU_ISA", "GENERIC")
    assert "CT2_FORCE_CPU_ISA=GENERIC" in machine.instruction_set()
    machine.instruction_set.cache_clear()


def test_unit_rows_leave_their_input():
    rows = np.array([[3.0, 4.0]], dtype=np.float32)
    assert unit_rows(rows).tolist() == [[pytest.approx(0.6), pytest.approx(0.8)]]
    assert rows.tolist() == [[3, 4]]
