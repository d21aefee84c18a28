"""Keys of statements, and their vectors as the database keeps them."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_BYTES = 16


def digests(salt: str, comparison_keys: Sequence[str]) -> list[str]:
    """Salted digests of statements, 32 hexadecimal digits each.

    The log of edits names statements by them and outlives the answers: without the salt
    nobody can try whether a sentence was said.
    """
    secret = salt.encode("ascii")
    return [
        hashlib.blake2b(
            key.encode("utf-8", "surrogatepass"), digest_size=_BYTES, key=secret
        ).hexdigest()
        for key in comparison_keys
    ]


def to_bytes(row: NDArray[np.float32]) -> bytes:
    """A vector as it is kept."""
    return row.astype("<f4").tobytes()


def from_bytes(rows: Sequence[bytes]) -> NDArray[np.float32]:
    """Vectors that were kept, as rows."""
    if not rows:
        return np.zeros((0, 0), dtype=np.float32)
    joined = np.frombuffer(b"".join(rows), dtype="<f4").astype(np.float32)
    return joined.reshape(len(rows), -1)
