"""Ids of themes: from what is in them, so that a rerun gives the same ones.

An id never says how many themes there are or which came first, and it is never given twice:
whoever asks names every id that was ever given out, those of retired and merged themes too.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence

# No vowels: an id is never a word of any language. No 0, 1 and l: it is read out by telephone.
_ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
_LENGTH = 10


def theme_id(
    unit_keys: Iterable[str], seed: int, taken: Collection[str] = (), *, origin: str = ""
) -> str:
    """Return the id of a theme.

    Parameters
    ----------
    unit_keys : iterable of str
        Keys of the distinct units that the theme is made of; order and repetition do not
        count. They are not in the id, only their digest is.
    seed : int
        Seed of the run.
    taken : collection of str
        Every id that was ever given out.
    origin : str
        What made the theme where that is not the machine, so that a theme a person makes of
        some units and one the machine makes of the same ones are two.

    Returns
    -------
    str
        ``t-`` and ten characters. Of a million themes two would meet by chance once in six
        hundred times; then, as for any taken id, the next digest of the same content is
        used, so that the same ids taken give the same answer.

    Raises
    ------
    ValueError
        If there is no key.

    Examples
    --------
    >>> theme_id(["the bus is late", "no buses"], seed=0)
    't-k4455rh6pf'
    >>> theme_id(["no buses", "the bus is late", "no buses"], seed=0)
    't-k4455rh6pf'
    """
    keys = sorted(set(unit_keys))
    if not keys:
        raise ValueError("a theme's id needs at least one unit")
    # Lengths before the keys: ("ab", "c") and ("a", "bc") are different themes.
    digest = hashlib.sha256()
    for part in (str(seed), origin, *keys):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    attempt = 0
    while True:
        found = _readable(digest.digest())
        if found not in taken:
            return found
        attempt += 1
        digest.update(b"again %d" % attempt)


def theme_ids(
    members: Sequence[Iterable[str]], seed: int, taken: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the ids of several themes, the same whatever order they come in.

    Parameters
    ----------
    members : sequence of iterable of str
        Unit keys of each theme.
    seed : int
    taken : collection of str
        Every id that was ever given out.

    Raises
    ------
    ValueError
        If a theme has no unit, or two have exactly the same ones.
    """
    contents = [tuple(sorted(set(keys))) for keys in members]
    if len(set(contents)) != len(contents):
        raise ValueError("two themes of the same units")
    ids: dict[tuple[str, ...], str] = {}
    given = set(taken)
    for content in sorted(contents):
        ids[content] = theme_id(content, seed, given)
        given.add(ids[content])
    return tuple(ids[content] for content in contents)


def _readable(digest: bytes) -> str:
    number = int.from_bytes(digest, "big")
    characters = []
    for _ in range(_LENGTH):
        number, at = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[at])
    return "t-" + "".join(characters)
