"""Saved copies of what a tablet owes: a file that is sent from another machine."""

import json
from collections.abc import Sequence

FORMAT = "consult-sealed/1"
LARGEST_FILE = 50_000_000
"""Bytes: some thousands of responses."""
MOST_ITEMS = 5_000


class NotACopy(ValueError):
    """The file is none that a tablet has saved, or not the whole of it."""


def read(content: bytes) -> Sequence[str]:
    """The sealed items of a file, each once, in its order.

    Raises
    ------
    NotACopy
        If it is no such file, or holds more than a tablet can.
    """
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotACopy from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise NotACopy
    items = told.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise NotACopy
    if not all(isinstance(item, str) for item in items):
        raise NotACopy
    return list(dict.fromkeys(items))
