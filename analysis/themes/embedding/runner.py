"""A folder with a CTranslate2 encoder and a tokenizer, run so that batching never shows.

The activations are quantised while the model runs, and padding takes part in that: a text's
row then depends on its neighbours. Only texts of equal token length share a batch here,
which makes a row the same bytes however it was batched, sharded or cached.
"""

import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError
from analysis.themes.embedding.machine import instruction_set
from analysis.themes.embedding.protocol import Vectors, unit_rows

if TYPE_CHECKING:
    import ctranslate2
    import tokenizers

# Tokens in a batch. Larger batches were no faster and their activations leave the cache.
_BATCH_TOKENS = 1024
# Texts tokenized at once: it bounds memory, and rows do not depend on it.
_CHUNK_TEXTS = 8192

Pooling = Literal["mean", "first"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model wants its texts, beside weights and vocabulary.

    Attributes
    ----------
    prefix : str
        Put before every text.
    pooling : {"mean", "first"}
        Over all tokens, special ones included, or the first token alone.
    max_tokens : int
        Positions of the model, special tokens included.
    characters : dict of int to str
        Replacements by code point, before the tokenizer.
    """

    prefix: str
    pooling: Pooling
    max_tokens: int
    characters: dict[int, str]


class Runner:
    """Runs one model folder.

    Parameters
    ----------
    folder : Path
        With ``model.bin``, ``config.json``, ``vocabulary.json`` and ``tokenizer.json``.
    recipe : Recipe
    threads : int
        Batches computed at the same time, one thread each. It does not change a byte.

    Raises
    ------
    InputError
        If the folder does not hold such a model.
    """

    def __init__(self, folder: Path, recipe: Recipe, threads: int) -> None:
        self.recipe = recipe
        self.threads = threads
        self._tokenizer = load_tokenizer(folder / "tokenizer.json")
        self._encoder = _load_encoder(folder, threads)
        self._before, self._after = _special_tokens(self._tokenizer)
        self.window = recipe.max_tokens - len(self._before) - len(self._after)
        if self.window < 1:
            raise InputError(f"{folder}: a model of {recipe.max_tokens} tokens takes no text")
        self.dimension = self._forward([[0]]).shape[1]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows, float32, of shape (n_texts, dimension)."""
        distinct = list(dict.fromkeys(texts))
        rows = np.empty((len(distinct), self.dimension), dtype=np.float32)
        for start in range(0, len(distinct), _CHUNK_TEXTS):
            chunk = distinct[start : start + _CHUNK_TEXTS]
            rows[start : start + len(chunk)] = self._embed_distinct(chunk)
        place = {text: index for index, text in enumerate(distinct)}
        return rows[[place[text] for text in texts]]

    def window_count(self, text: str) -> int:
        """Return the pieces that a text has to be cut into; 1 for all but long texts."""
        prepared = self._prepare(text)
        # No tokenizer in use makes more than four tokens of a character (its bytes).
        if 4 * (len(prepared) + 1) <= self.window:
            return 1
        return len(self._windows(self._tokenize([prepared])[0]))

    def _embed_distinct(self, texts: Sequence[str]) -> Vectors:
        contents = self._tokenize([self._prepare(text) for text in texts])
        windows = [
            (owner, window)
            for owner, content in enumerate(contents)
            for window in self._windows(content)
        ]
        by_length = sorted(range(len(windows)), key=lambda index: len(windows[index][1]))
        batches = list(_equal_lengths([windows[index][1] for index in by_length]))
        with ThreadPoolExecutor(self.threads) as pool:
            pooled = np.concatenate(list(pool.map(self._forward, batches)))

        # The mean over all tokens of a long text is the mean of its windows by their size.
        totals = np.zeros((len(texts), pooled.shape[1]), dtype=np.float64)
        place = np.argsort(np.array(by_length))
        for index, (owner, window) in enumerate(windows):  # in order: a sum has one order
            totals[owner] += max(1, len(window)) * pooled[place[index]]
        return unit_rows(totals)

    def _prepare(self, text: str) -> str:
        text = (self.recipe.prefix + text).translate(self.recipe.characters)
        return " ".join(part for part in text.split(" ") if part)

    def _tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [item.ids for item in encoded]

    def _windows(self, content: list[int]) -> list[list[int]]:
        starts = range(0, max(1, len(content)), self.window)
        return [content[start : start + self.window] for start in starts]

    def _forward(self, batch: Sequence[list[int]]) -> NDArray[np.float64]:
        output = self._encoder.forward_batch(
            [[*self._before, *window, *self._after] for window in batch]
        )
        states = np.asarray(output.last_hidden_state)
        if self.recipe.pooling == "first":
            return states[:, 0].astype(np.float64)
        return np.asarray(states.mean(axis=1, dtype=np.float64))


def _equal_lengths(windows: Sequence[list[int]]) -> Iterator[Sequence[list[int]]]:
    """Cut windows, sorted by length, into batches of one length each."""
    for length, group in itertools.groupby(windows, key=len):
        members = list(group)
        size = max(1, _BATCH_TOKENS // (length + 2))
        for start in range(0, len(members), size):
            yield members[start : start + size]


def load_tokenizer(path: Path) -> "tokenizers.Tokenizer":
    """Return a tokenizer that neither cuts nor pads, nor takes orders from the text.

    Raises
    ------
    InputError
        If the file is not a ``tokenizer.json``.
    """
    import tokenizers

    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises Exception itself
        raise InputError(f"{path} cannot be read as a tokenizer: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # "</s>" in somebody's answer is what they wrote, not an instruction to the model.
    tokenizer.encode_special_tokens = True
    return tokenizer


def _special_tokens(tokenizer: "tokenizers.Tokenizer") -> tuple[list[int], list[int]]:
    """Return the ids put before and after a text."""
    ids = tokenizer.encode("", add_special_tokens=True).ids
    return ids[:1], ids[1:]


def _load_encoder(folder: Path, threads: int) -> "ctranslate2.Encoder":
    import ctranslate2

    try:
        return ctranslate2.Encoder(
            str(folder),
            device="cpu",
            compute_type="int8",
            inter_threads=threads,
            intra_threads=1,  # a sum split over threads would depend on their number
        )
    except (RuntimeError, ValueError) as error:
        raise InputError(f"{folder} does not hold a CTranslate2 encoder: {error}") from error


def engine() -> str:
    """Return library, arithmetic and instruction set, for the record of a run."""
    import ctranslate2

    return f"ctranslate2 {ctranslate2.__version__} int8, {instruction_set()}"
