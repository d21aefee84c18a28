"""What one answer to a monitoring question says: a category, several, nothing, or another thing."""

import re
from collections.abc import Sequence
from enum import Enum

from analysis.tables import matching_key, tidy

_UNKNOWN = frozenset((
    "not answered", "not stated", "not known", "not given", "not provided", "not disclosed",
    "not specified", "undisclosed", "unspecified", "unknown", "unanswered",
    "question not answered", "answer not given", "no answer", "no response", "no reply",
    "no data", "blank", "missing", "refused", "declined", "declined to answer",
    "declined to say", "did not answer", "did not say", "did not respond", "don't know",
    "dont know", "do not know", "rather not say", "i'd rather not say", "i would rather not say",
    "i do not wish to say", "i do not wish to answer", "do not wish to say",
    "do not wish to answer", "do not want to say", "i do not want to say", "withheld",
))  # fmt: skip
# "Prefer not to say", "I'd prefer not to answer this", "Religion not stated".
_UNKNOWN_FORMS = re.compile(
    r"((i|i'd|i would) )?prefer not\b[^;|]*|[^;|]*\bnot (stated|answered|disclosed)"
)
# Between several answers in one cell.
SEPARATORS = re.compile(r"[;|]")


class Reading(Enum):
    """What an answer is when it is no category."""

    UNKNOWN = "unknown"
    """Blank, or said not to say."""
    OUTSIDE = "outside"
    """An answer that the reference has no category for: counted, not compared."""


def is_unknown(value: str) -> bool:
    """Whether a value says that the person did not say.

    Examples
    --------
    >>> is_unknown(""), is_unknown("Prefer not to say"), is_unknown("None")
    (True, True, False)
    """
    key = matching_key(value).replace("’", "'").rstrip(".")
    return not key or key in _UNKNOWN or _UNKNOWN_FORMS.fullmatch(key) is not None


class Reader:
    """Reads answers as categories.

    Parameters
    ----------
    categories : sequence of str
        Of the reference, without "Not answered" and its like. Case, width and spaces do not
        count in a comparison.

    Examples
    --------
    >>> reader = Reader(["Christian", "Muslim", "No religion"])
    >>> reader.read(" muslim "), reader.read("Christian; No religion")
    ((1,), (0, 2))
    >>> reader.read("Jedi").value, reader.read("prefer not to say").value
    ('outside', 'unknown')
    """

    def __init__(self, categories: Sequence[str]) -> None:
        self._places = {matching_key(name): place for place, name in enumerate(categories)}

    def read(self, answer: str) -> tuple[int, ...] | Reading:
        """Return the places of the categories that an answer names, or what else it is.

        Several categories stand in one answer with ``;`` or ``|`` between them. One category
        among them is enough; the rest of the answer is then left aside.
        """
        place = self._places.get(matching_key(answer))
        if place is not None:
            return (place,)
        if is_unknown(answer):
            return Reading.UNKNOWN
        parts = [tidy(part) for part in SEPARATORS.split(answer)]
        if len(parts) > 1:
            found = {self._places.get(matching_key(part)) for part in parts}
            places = tuple(sorted(place for place in found if place is not None))
            if places:
                return places
            if all(map(is_unknown, parts)):
                return Reading.UNKNOWN
        return Reading.OUTSIDE
