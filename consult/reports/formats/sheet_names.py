"""Names of sheets, as spreadsheets allow them."""

import re
from typing import Final

LONGEST: Final = 31
"""UTF-16 units."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = frozenset({"history"})
"""Excel keeps this name for itself."""


class SheetNames:
    """Gives every sheet of a workbook a name of its own, as near to the wanted one as may be."""

    def __init__(self) -> None:
        self._taken = set(_RESERVED)

    def give(self, wanted: str) -> str:
        """A name that no other sheet has, whatever the case of its letters."""
        bare = " ".join(_FORBIDDEN.sub(" ", wanted).split()).strip("'") or "-"
        number = 1
        name = _cut(bare, LONGEST)
        while name.casefold() in self._taken:
            number += 1
            name = f"{_cut(bare, LONGEST - len(f' {number}'))} {number}"
        self._taken.add(name.casefold())
        return name


def _cut(text: str, longest: int) -> str:
    """The beginning of a text, in as many UTF-16 units as a spreadsheet counts."""
    while len(text.encode("utf-16-le")) // 2 > longest:
        text = text[:-1]
    return text.strip("' ")
