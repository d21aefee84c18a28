"""Vectors kept on disk, so that only new texts are computed.

One SQLite file: whole after a crash, safe between processes, and bounded. It holds no text:
a text's checksum is its key. Vectors still say something about their texts, so the file is
readable for its owner alone and :meth:`CachedEmbedder.forget` removes what was withdrawn.
"""

import contextlib
import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from analysis.errors import InputError
from analysis.themes.embedding.protocol import Embedder, Vectors
from analysis.themes.embedding.store import clear_disk_errors
from analysis.themes.embedding.wrapper import Wrapper

Progress = Callable[[int, int], None]

DEFAULT_BYTES = 1 << 30
_FILE = "vectors.sqlite3"
# Texts computed between two writes: what an interruption can cost.
_CHUNK = 4096
_WAIT_SECONDS = 60
_AT_ONCE = 500  # below SQLite's least limit of 999 parameters
# Key, generation and page overhead beside the vector, measured.
_ROW_OVERHEAD = 170
_GENERATIONS = 8
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vector (
    key BLOB PRIMARY KEY, generation INTEGER NOT NULL, row BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS vector_generation ON vector (generation);
"""


class CachedEmbedder(Wrapper):
    """An embedder that remembers.

    What is least lately used goes first. "Lately" is counted in generations, an eighth of
    the room each, so that reading costs no writing until a row is about to grow old.

    Parameters
    ----------
    embedder : Embedder
    folder : Path
        Where the file is; made when it is missing.
    max_bytes : int
        Room for the vectors, about.
    """

    def __init__(self, embedder: Embedder, folder: Path, max_bytes: int = DEFAULT_BYTES) -> None:
        self.embedder = embedder
        self.folder = folder
        self.max_bytes = max_bytes

    def fit(self, texts: Sequence[str]) -> Embedder:
        """Return the fitted embedder, cached; one that learns from its texts goes uncached.

        Its vectors serve this one set of texts, and fitting is most of their cost.
        """
        fitted = self.embedder.fit(texts)
        if fitted.model_id != self.model_id:
            return fitted
        return CachedEmbedder(fitted, self.folder, self.max_bytes)

    def long_texts(self, texts: Sequence[str]) -> tuple[int, ...]:
        """As the embedder within."""
        return self.embedder.long_texts(texts)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit rows, computing those that are not there.

        Parameters
        ----------
        texts : sequence of str
        progress : callable, optional
            Called with texts done and texts in all, distinct ones.

        Raises
        ------
        InputError
            If the disk is full or the folder not writable. What was written stays usable.
        """
        distinct = list(dict.fromkeys(texts))
        rows = np.empty((len(distinct), self.dimension), dtype=np.float32)
        with self._open() as database:
            keys = [self._key(text) for text in distinct]
            found = self._read(database, keys)
            for at, row in found.items():
                rows[at] = row
            # By length: short texts first, and batches of one length fill up.
            missing = sorted(
                (at for at in range(len(distinct)) if at not in found),
                key=lambda at: len(distinct[at]),
            )
            done = len(found)
            for start in range(0, len(missing), _CHUNK):
                chunk = missing[start : start + _CHUNK]
                fresh = self.embedder.embed([distinct[at] for at in chunk])
                self._write(database, [keys[at] for at in chunk], fresh)
                rows[chunk] = fresh
                done += len(chunk)
                if progress:
                    progress(done, len(distinct))
        if progress and not missing:
            progress(done, len(distinct))
        place = {text: at for at, text in enumerate(distinct)}
        return rows[[place[text] for text in texts]]

    def forget(self, texts: Sequence[str]) -> None:
        """Remove the vectors of these texts."""
        keys = [(self._key(text),) for text in set(texts)]
        with self._open() as database, _transaction(database):
            database.executemany("DELETE FROM vector WHERE key = ?", keys)

    def _key(self, text: str) -> bytes:
        whole = f"{self.model_id}\0{self.engine}\0{text}"
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).digest()

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        path = self.folder / _FILE
        with clear_disk_errors("Keeping vectors", self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        try:
            with contextlib.closing(_connect(path)) as database:
                yield database
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise InputError(f"The disk is full: vectors need more room in {path}.") from error
            raise InputError(f"The cache {path} cannot be used: {error}.") from error

    def _read(self, database: sqlite3.Connection, keys: Sequence[bytes]) -> dict[int, Vectors]:
        place = {key: at for at, key in enumerate(keys)}
        newest = _newest(database)
        found, aging = {}, []
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            # The marks are question marks alone.
            query = f"SELECT key, generation, row FROM vector WHERE key IN ({marks})"  # noqa: S608
            for key, generation, row in database.execute(query, part):
                if len(row) == 4 * self.dimension:
                    found[place[key]] = np.frombuffer(row, dtype="<f4")
                    if generation < newest:
                        aging.append((newest, key))
        if aging:
            with _transaction(database):
                database.executemany("UPDATE vector SET generation = ? WHERE key = ?", aging)
        return found

    def _write(self, database: sqlite3.Connection, keys: Sequence[bytes], rows: Vectors) -> None:
        room = max(_GENERATIONS, self.max_bytes // (4 * self.dimension + _ROW_OVERHEAD))
        fresh = list(zip(keys, rows, strict=True))[:room]
        with _transaction(database):
            newest = _newest(database)
            (count,) = database.execute("SELECT count(*) FROM vector").fetchone()
            # Before the new ones come in: the file never grows past its room.
            database.execute(
                "DELETE FROM vector WHERE key IN "
                "(SELECT key FROM vector ORDER BY generation, key LIMIT ?)",
                (max(0, count + len(fresh) - room),),
            )
            (held,) = database.execute(
                "SELECT count(*) FROM vector WHERE generation = ?", (newest,)
            ).fetchone()
            if held >= room // _GENERATIONS:
                newest += 1
            database.executemany(
                "INSERT OR REPLACE INTO vector VALUES (?, ?, ?)",
                ((key, newest, row.astype("<f4").tobytes()) for key, row in fresh),
            )


def _newest(database: sqlite3.Connection) -> int:
    (newest,) = database.execute("SELECT coalesce(max(generation), 0) FROM vector").fetchone()
    return int(newest)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return _prepared(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        # Not a database any more. Nothing in it cannot be computed again.
        path.unlink()
        path.touch(mode=0o600)
        return _prepared(path)


def _prepared(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(
        path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        database.execute("PRAGMA page_size = 8192")  # five rows of 384 columns a page
        _write_ahead(database)
        database.execute("PRAGMA synchronous = NORMAL")
        database.executescript(_SCHEMA)
    except BaseException:
        database.close()
        raise
    return database


def _write_ahead(database: sqlite3.Connection) -> None:
    """Turn the write-ahead log on, once for the life of the file.

    SQLite's own waiting does not cover this: the second of two processes that make the file
    at the same moment is told at once that it is locked.
    """
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


@contextlib.contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # A full disk has rolled back already.
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
