"""What a person should look at next, and what they should look at blind.

The two are kept apart. The queue for review holds what the machine is least sure of, which
says nothing of how often it errs; the audit sample is random, and it alone may correct
shares (:mod:`analysis.themes.reviewing.prevalence`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

# As many copies make a letter a campaign.
_CAMPAIGN = 5


@dataclass(frozen=True, slots=True)
class Queue:
    """What to look at next.

    Attributes
    ----------
    audit : tuple of int
        A random sample of all responses, to be read without seeing the machine's themes, in
        this order. It alone may correct shares, and it must not train the model.
    review : tuple of int
        All others without a decision: letters that many people sent, largest first (one
        look settles them all), then the least certain first.
    """

    audit: tuple[int, ...]
    review: tuple[int, ...]


def review_queue(
    scores: NDArray[np.float64],
    ids: Sequence[str],
    *,
    audit_size: int,
    seed: int,
    copies: Sequence[int] | None = None,
    decided: Iterable[int] = (),
) -> Queue:
    """Order responses for review.

    Parameters
    ----------
    scores : ndarray of shape (n, n_themes)
        By response: for each theme the highest of its units.
    ids : sequence of str, shape (n,)
        Break ties, and draw the audit sample.
    audit_size : int
        How many to draw; all, if there are fewer.
    seed : int
        Keep it for the life of a consultation, so that the sample only grows.
    copies : sequence of int, shape (n,), optional
        How many people sent the same letter; 1 for one's own words.
    decided : iterable of int
        Responses that need no review. They stay in the audit sample, which has to be random.

    Raises
    ------
    ValueError
        If the lengths differ or the size is negative.
    """
    people = [1] * len(ids) if copies is None else copies
    if not len(scores) == len(ids) == len(people) or audit_size < 0:
        raise ValueError(f"{len(scores)} scores, {len(ids)} ids, audit of {audit_size}")
    audit = audit_order(ids, seed)[:audit_size]
    best = scores.max(axis=1, initial=0.0).tolist()

    def urgency(at: int) -> tuple[int, float, str]:
        return (-people[at] if people[at] >= _CAMPAIGN else 0, best[at], ids[at])

    rest = set(range(len(ids))).difference(audit, decided)
    return Queue(audit, tuple(sorted(rest, key=urgency)))


def audit_order(ids: Sequence[str], seed: int) -> tuple[int, ...]:
    """Return responses in a random order that later responses do not change.

    Each response draws its place from its id and the seed. The first so many are a simple
    random sample, at any time; a late response takes its chance like all others.

    Examples
    --------
    >>> audit_order(["a", "b", "c"], seed=1)
    (1, 2, 0)
    >>> audit_order(["d", "a", "b", "c"], seed=1)
    (2, 3, 1, 0)
    """
    draws = [
        blake2b(f"{seed}:{name}".encode(errors="surrogatepass"), digest_size=16).digest()
        for name in ids
    ]
    return tuple(sorted(range(len(ids)), key=draws.__getitem__))
