"""The same letter sent by many people: exact copies, and copies that were changed a little.

Copies are found by MinHash signatures in bands [1]_ [2]_ and each pair is then verified by the
true Jaccard similarity of five-letter shingles, so that the sketch can miss a pair and never
invents one. People also put a paragraph of their own to a letter: a text that holds nearly all
of another one belongs to it, however much was added.

References
----------
.. [1] Broder (1997). On the resemblance and containment of documents. Proceedings of
       Compression and Complexity of Sequences, 21-29.
.. [2] Leskovec, Rajaraman and Ullman (2020). Mining of Massive Datasets, chapter 3.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analysis.text.normalise import comparison_key
from analysis.text.segments import units

Hashes = npt.NDArray[np.uint64]

BANDS = 16
ROWS = 4
SHINGLE = 5

_LEAST_WORDS = 5
_LEAST_CHARACTERS = 20
_LARGEST_SKETCHED = 20_000
_LEAST_CONTAINED = 120
_LEAST_SENTENCE_WORDS = 8
_MOST_COMPARED = 32
_OWN_BELOW = 0.7
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Campaign:
    """One letter in all its copies.

    Attributes
    ----------
    members : tuple of int
        Indices of the texts, ascending.
    template : int
        The member whose wording most others share.
    own_units : dict of int to tuple of str
        Sentences that a member added to the letter; members without any are left out.
    """

    members: tuple[int, ...]
    template: int
    own_units: dict[int, tuple[str, ...]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What :func:`find_campaigns` found.

    Attributes
    ----------
    exact_groups : tuple of tuple of int
        Texts with the same words (case, punctuation and spacing aside), two or more of each,
        short ones such as "parking" included; largest group first.
    campaigns : tuple of Campaign
        Largest first. No text is in two.
    sampled : tuple of int
        Texts so long that only a random sample of their shingles was compared; the error of
        a similarity is then about 0.01.
    """

    exact_groups: tuple[tuple[int, ...], ...]
    campaigns: tuple[Campaign, ...]
    sampled: tuple[int, ...] = ()


def candidate_probability(similarity: float, *, bands: int = BANDS, rows: int = ROWS) -> float:
    """Give the chance that two texts of some Jaccard similarity are compared at all.

    Examples
    --------
    >>> round(candidate_probability(0.5), 6), round(candidate_probability(0.8), 6)
    (0.643926, 0.999782)
    """
    return 1.0 - (1.0 - similarity**rows) ** bands


def find_campaigns(
    texts: Sequence[str], *, minimum: int = 5, similarity: float = 0.8, seed: int = 0
) -> Duplicates:
    """Find texts that were sent many times.

    Parameters
    ----------
    texts : sequence of str, length n
        One per respondent.
    minimum : int, default 5
        Copies that make a campaign. Texts of fewer than five words never do, however often
        they occur: many people think of "more parking" by themselves.
    similarity : float, default 0.8
        Least Jaccard similarity of the shingles of two copies; also the least share of the
        shorter text that a longer one must hold to be a copy of it with additions.
    seed : int, default 0
        Of the hash functions.

    Returns
    -------
    Duplicates
        The same groups in whatever order the texts come. Groups are formed of distinct
        texts: an exact duplicate joins the group of its text and changes no other, but can
        lift its own group over the minimum.

    Raises
    ------
    ValueError
        If ``minimum`` is less than 2 or ``similarity`` not between 0 and 1.

    Notes
    -----
    Time grows with the letters in distinct texts. Of a text with more than 20,000 shingles,
    those are kept whose hash ends in enough zeros, which is a sample that does not depend on
    where they stand; ``sampled`` names these texts.
    """
    if minimum < 2:
        raise ValueError(f"minimum must be at least 2, not {minimum}")
    if not 0.0 < similarity <= 1.0:
        raise ValueError(f"similarity must be above 0 and at most 1, not {similarity}")
    rows_of: dict[str, list[int]] = defaultdict(list)
    keys: dict[str, str] = {}
    for row, text in enumerate(texts):
        key = keys.get(text)
        if key is None:
            key = keys[text] = comparison_key(text)
        if key:
            rows_of[key].append(row)
    exact = [tuple(rows) for rows in rows_of.values() if len(rows) > 1]
    # In the order of their content, so that the order of rows plays no part from here on.
    letters = sorted(key for key in rows_of if _is_letter(key))
    sketches = [_Sketch(key) for key in letters]
    groups = _groups(letters, sketches, texts, rows_of, similarity, seed)
    campaigns = [
        _campaign(group, letters, sketches, texts, rows_of, minimum)
        for group in groups
        if sum(len(rows_of[letters[i]]) for i in group) >= minimum
    ]
    return Duplicates(
        tuple(sorted(exact, key=lambda rows: (-len(rows), rows))),
        tuple(sorted(campaigns, key=lambda found: (-len(found.members), found.members))),
        tuple(
            sorted(
                row
                for key, sketch in zip(letters, sketches, strict=True)
                if sketch.level
                for row in rows_of[key]
            )
        ),
    )


def _is_letter(key: str) -> bool:
    # Chinese has no spaces, so that letters count as well as words.
    words = key.count(" ", 0, 400) + 1
    return len(key) >= _LEAST_CHARACTERS and (words >= _LEAST_WORDS or not key.isascii())


class _Sketch:
    """The distinct shingles of a text, or a sample of them at ``level`` halvings."""

    __slots__ = ("level", "shingles", "size")

    def __init__(self, key: str) -> None:
        self.level = max(0, (max(1, len(key) - 1) // _LARGEST_SKETCHED).bit_length())
        self.shingles = _shingles(key, self.level)
        self.size = len(key)

    def at(self, level: int) -> Hashes:
        """Give the shingles as a sketch of a coarser level would hold them."""
        return self.shingles if level <= self.level else _sampled(self.shingles, level)


def _shingles(key: str, level: int) -> Hashes:
    """Hash the five-letter pieces of a text; ascending, each once."""
    found: list[Hashes] = []
    padded = key.ljust(SHINGLE)
    for start in range(0, len(padded) - SHINGLE + 1, _CHUNK):
        piece = padded[start : start + _CHUNK + SHINGLE - 1]
        # Keys hold no surrogates: normalising took them out.
        codes = np.frombuffer(piece.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        windows = len(codes) - SHINGLE + 1
        hashed = np.zeros(windows, dtype=np.uint64)
        for offset in range(SHINGLE):
            hashed = hashed * np.uint64(0x100000001B3) + codes[offset : offset + windows]
        found.append(np.unique(_sampled(_mixed(hashed), level)))
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def _sampled(hashes: Hashes, level: int) -> Hashes:
    return hashes[hashes & np.uint64((1 << level) - 1) == 0] if level else hashes


def _mixed(values: Hashes) -> Hashes:
    """Scatter 64-bit numbers (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _similarity(first: _Sketch, second: _Sketch) -> float:
    """Jaccard similarity of two texts' shingles, at the coarser level of the two."""
    common, one, other = _overlap(first, second)
    union = one + other - common
    return common / union if union else 0.0


def _containment(small: _Sketch, large: _Sketch) -> float:
    """Share of a text's shingles that another text holds."""
    common, one, _ = _overlap(small, large)
    return common / one if one else 0.0


def _overlap(first: _Sketch, second: _Sketch) -> tuple[int, int, int]:
    level = max(first.level, second.level)
    one, other = first.at(level), second.at(level)
    common = np.intersect1d(one, other, assume_unique=True).size
    return common, one.size, other.size


def _groups(
    letters: list[str],
    sketches: list[_Sketch],
    texts: Sequence[str],
    rows_of: dict[str, list[int]],
    similarity: float,
    seed: int,
) -> list[list[int]]:
    """Group distinct letters: near copies first, then copies with additions."""
    parents = list(range(len(letters)))
    differ: set[tuple[int, int]] = set()
    for bucket in _buckets(sketches, seed):
        _join_similar(bucket, sketches, parents, similarity, differ)
    for root, other in _with_additions(letters, sketches, texts, rows_of, parents, similarity):
        parents[root] = _root(parents, other)
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(letters)):
        groups[_root(parents, i)].append(i)
    return list(groups.values())


def _root(parents: list[int], i: int) -> int:
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return i


def _buckets(sketches: list[_Sketch], seed: int) -> Iterator[list[int]]:
    """Give the sets of letters that share a band of their signatures.

    A letter sampled at some level enters at that level and, if it is near the next, there
    too: two copies of four fifths in common are never more than one level apart.
    """
    by_level: dict[int, list[int]] = defaultdict(list)
    for i, sketch in enumerate(sketches):
        by_level[sketch.level].append(i)
        if sketch.size > 0.5 * _LARGEST_SKETCHED * 2**sketch.level:
            by_level[sketch.level + 1].append(i)
    for level in sorted(by_level):
        members = by_level[level]
        if len(members) < 2:
            continue
        signatures = _signatures([sketches[i].at(level) for i in members], seed)
        banded = signatures.reshape(len(members), BANDS, ROWS)
        for band in range(BANDS):
            hashed = np.zeros(len(members), dtype=np.uint64)
            for row in range(ROWS):
                hashed = _mixed(hashed + banded[:, band, row])
            order = np.argsort(hashed, kind="stable")
            ordered = hashed[order]
            starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
            ends = np.r_[starts[1:], len(ordered)]
            for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
                yield [members[j] for j in order[start:end]]


def _signatures(shingle_sets: list[Hashes], seed: int) -> Hashes:
    """MinHash signatures, shape (n, BANDS * ROWS)."""
    rng = np.random.default_rng(seed)
    factors = rng.integers(0, 2**63, size=BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(
        1
    )
    masks = rng.integers(0, 2**63, size=BANDS * ROWS, dtype=np.uint64)
    signatures = np.full((len(shingle_sets), BANDS * ROWS), np.iinfo(np.uint64).max)
    first = 0
    while first < len(shingle_sets):
        # As many texts at a time as fit the processor's cache.
        last, held = first, 0
        while last < len(shingle_sets) and (held == 0 or held + shingle_sets[last].size <= _CHUNK):
            held += shingle_sets[last].size
            last += 1
        filled = [i for i in range(first, last) if shingle_sets[i].size]
        if filled:
            together = np.concatenate([shingle_sets[i] for i in filled])
            lengths = np.array([shingle_sets[i].size for i in filled])
            starts = np.r_[0, np.cumsum(lengths)[:-1]]
            for column in range(BANDS * ROWS):
                scattered = (together ^ masks[column]) * factors[column]
                scattered ^= scattered >> np.uint64(32)
                signatures[filled, column] = np.minimum.reduceat(scattered, starts)
        first = last
    return signatures


def _join_similar(
    bucket: list[int],
    sketches: list[_Sketch],
    parents: list[int],
    similarity: float,
    differ: set[tuple[int, int]],
) -> None:
    """Join what is verified in a bucket, against at most some first of each kind.

    Pairs that were found to differ are kept in ``differ``: most meet in several buckets.
    """
    leaders: list[int] = []
    for i in sorted(bucket):
        for leader in leaders:
            if _root(parents, i) == _root(parents, leader):
                break
            if (leader, i) in differ:
                continue
            if _similarity(sketches[i], sketches[leader]) >= similarity:
                low, high = sorted((_root(parents, i), _root(parents, leader)))
                parents[high] = low
                break
            differ.add((leader, i))
        else:
            if len(leaders) < _MOST_COMPARED:
                leaders.append(i)


def _with_additions(
    letters: list[str],
    sketches: list[_Sketch],
    texts: Sequence[str],
    rows_of: dict[str, list[int]],
    parents: list[int],
    similarity: float,
) -> list[tuple[int, int]]:
    """Pair groups with one whose letter they hold, and to which they added.

    Groups are compared by their shortest letters and joined to shorter ones only, so that no
    two are each other's.
    """
    sentences = {
        i: _sentence_keys(texts[rows_of[key][0]])
        for i, key in enumerate(letters)
        if sketches[i].size >= _LEAST_CONTAINED
    }
    holders: dict[str, list[int]] = defaultdict(list)
    for i, found in sentences.items():
        for sentence in found:
            holders[sentence].append(i)
    sizes = Counter(_root(parents, i) for i in range(len(letters)))
    targets = {
        sentence: _representatives(found_in, sketches, parents, sizes)
        for sentence, found_in in holders.items()
        if len(found_in) > 1
    }
    shortest = _representatives(range(len(letters)), sketches, parents, sizes, at_most=None)
    pairs: list[tuple[int, int]] = []
    for i in shortest:
        candidates = {j for sentence in sentences.get(i, ()) for j in targets.get(sentence, ())}
        # The largest group first: its letter is the likeliest origin.
        for j in sorted(candidates, key=lambda j: (-sizes[_root(parents, j)], sketches[j].size, j)):
            shorter = (sketches[j].size, j) < (sketches[i].size, i)
            if shorter and _containment(sketches[j], sketches[i]) >= similarity:
                pairs.append((_root(parents, i), j))
                break
    return pairs


def _representatives(
    found_in: Iterable[int],
    sketches: list[_Sketch],
    parents: list[int],
    sizes: Counter[int],
    *,
    at_most: int | None = _MOST_COMPARED,
) -> list[int]:
    """Give the shortest letter of each group among some letters, largest groups first."""
    shortest: dict[int, int] = {}
    for i in found_in:
        root = _root(parents, i)
        known = shortest.get(root)
        if known is None or (sketches[i].size, i) < (sketches[known].size, known):
            shortest[root] = i
    ranked = sorted(shortest, key=lambda root: (-sizes[root], sketches[shortest[root]].size, root))
    chosen = [shortest[root] for root in ranked[:at_most]]
    # The shortest of all is what all others may have added to.
    least = min(shortest.values(), key=lambda i: (sketches[i].size, i), default=None)
    return chosen if least is None or least in chosen else [*chosen, least]


_LONGEST_SPLIT = 200_000


def _sentence_keys(text: str) -> frozenset[str]:
    found = units(text[:_LONGEST_SPLIT], at_most=1000)
    keys = (comparison_key(unit.text) for unit in found)
    return frozenset(key for key in keys if key.count(" ") >= _LEAST_SENTENCE_WORDS - 1)


def _campaign(
    group: list[int],
    letters: list[str],
    sketches: list[_Sketch],
    texts: Sequence[str],
    rows_of: dict[str, list[int]],
    minimum: int,
) -> Campaign:
    copies = {i: len(rows_of[letters[i]]) for i in group}
    template = _template(group, copies, sketches)
    shingles = np.unique(np.concatenate([_shingles(letters[template], 0)]))
    pieces: dict[int, list[tuple[str, str]]] = {}
    seen_in: Counter[str] = Counter()
    for i in group:
        if i == template:
            continue
        found = units(texts[rows_of[letters[i]][0]][:_LONGEST_SPLIT], at_most=1000)
        pieces[i] = [(unit.text, comparison_key(unit.text)) for unit in found]
        seen_in.update({key for _, key in pieces[i]})
    is_own: dict[str, bool] = {"": False}
    own_units: dict[int, tuple[str, ...]] = {}
    for i, found_pieces in pieces.items():
        own: list[str] = []
        for text, key in found_pieces:
            if key not in is_own:
                is_own[key] = seen_in[key] < minimum and _is_own(key, shingles)
            if is_own[key]:
                own.append(text)
        if own:
            for row in rows_of[letters[i]]:
                own_units[row] = tuple(own)
    members = tuple(sorted(row for i in group for row in rows_of[letters[i]]))
    return Campaign(members, rows_of[letters[template]][0], dict(sorted(own_units.items())))


def _is_own(key: str, template: Hashes) -> bool:
    shingles = _shingles(key, 0)
    return float(np.isin(shingles, template, assume_unique=True).mean()) < _OWN_BELOW


def _template(group: list[int], copies: dict[int, int], sketches: list[_Sketch]) -> int:
    """Choose the wording sent most often; if none stands out, the one nearest to the others."""
    most = max(copies.values())
    often = [i for i in group if copies[i] == most]
    if len(often) == 1 or len(group) == 1:
        return often[0]
    # Shingles in many of the letters are the letter; against all would take too long.
    compared = group[:: max(1, len(group) // _MOST_COMPARED)]
    candidates = often[:: max(1, len(often) // _MOST_COMPARED)]
    return max(
        candidates,
        key=lambda i: (sum(_similarity(sketches[i], sketches[j]) for j in compared), -i),
    )
