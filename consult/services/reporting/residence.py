"""Everybody who counts, parted by where they live and then by what else is known of them.

People who are compared with residents are a part of those who count. So that the rule sees how
the two hang together, all tables about them are branches of one tree: those who are compared, the
others, and within the first each characteristic in turn. The number of those who are compared is
then one figure in all tables, and cannot be shown in one while it is hidden in another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from analysis.suppression.areas import nested_axis
from analysis.suppression.tables import Table, make_table
from consult.services.reporting.figures import APART, COUNTED

LIVES: Final = "lives"
"""The axis of the tree."""

COMPARED, OTHERS = f"{APART}compared", f"{APART}others"
"""Those who are compared with residents, and those who are known to live elsewhere."""

HOME: Final = "home"
"""The table of these two alone; there is none where nobody is asked where they live."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Some of those who are compared.

    Attributes
    ----------
    name : str
        Unlike all other branches, those of other tables included.
    count : int
    within : str
        The branch that it is a part of; blank for a part of all who are compared.
    """

    name: str
    count: int
    within: str = ""


@dataclass(frozen=True, slots=True)
class Residence:
    """How many of those who count are compared with residents.

    Attributes
    ----------
    compared, others : int
    is_asked : bool
        Whether anybody could be among the others.
    """

    compared: int
    others: int
    is_asked: bool

    def home(self) -> Table | None:
        """The table of the two."""
        return self.table(HOME, ()) if self.is_asked else None

    def table(self, name: str, branches: Iterable[Branch]) -> Table:
        """A table of branches; parts add up to what they are within."""
        given = list(branches)
        roots = [COMPARED, OTHERS] if self.is_asked else []
        trunk = COMPARED if self.is_asked else ""
        axis = nested_axis(
            LIVES,
            [*((root, "") for root in roots), *((b.name, b.within or trunk) for b in given)],
        )
        above = [self.compared, self.others] if self.is_asked else []
        return make_table(name, [axis], [*above, *(b.count for b in given)], universe=COUNTED)


def branch(dimension: str, category: str) -> str:
    """The name of a branch: a category of a dimension."""
    return f"{dimension}{APART}{category}"
