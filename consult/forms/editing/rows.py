"""Rows of a form that can grow: answers to choose from, conditions. They work without scripts.

A row's fields are named ``KIND-NUMBER-FIELD``, counted from 1.
"""

import re
from collections.abc import Mapping

from consult.forms.editing.fields import Fields

MOST = 300
"""Rows of one kind; the longest list that the census has is shorter."""


class Rows:
    """The rows of one kind in a form."""

    def __init__(self, fields: Fields, kind: str, names: tuple[str, ...]) -> None:
        self.fields = fields
        self.kind = kind
        self.names = names

    def __len__(self) -> int:
        row = re.compile(rf"{self.kind}-([0-9]{{1,3}})-.+", re.ASCII)
        found = (row.fullmatch(name) for name in self.fields.names())
        return min(MOST, max((int(match[1]) for match in found if match), default=0))

    def name(self, number: int, field: str) -> str:
        """What a field of a row is called."""
        return f"{self.kind}-{number}-{field}"

    def append(self, values: Mapping[str, list[str]]) -> int:
        """Add a row, and return its number."""
        number = len(self) + 1
        # The first field comes in any case: it is by names that rows are counted.
        for name in (self.names[0], *values):
            self.fields.fill(self.name(number, name), *values.get(name, [""]))
        return number

    def remove(self, number: int) -> None:
        """Take a row out; those after it move up."""
        last = len(self)
        for below in range(number, last):
            self.swap(below, below + 1)
        for name in self.names:
            self.fields.drop(self.name(last, name))

    def swap(self, one: int, other: int) -> None:
        """Let two rows change places, where both are there."""
        if not (1 <= one <= len(self) and 1 <= other <= len(self)):
            return
        for name in self.names:
            first, second = self.name(one, name), self.name(other, name)
            entries = self.fields.all_typed(first), self.fields.all_typed(second)
            for target, typed in zip((second, first), entries, strict=True):
                if typed:
                    self.fields.fill(target, *typed)
                else:
                    self.fields.drop(target)
