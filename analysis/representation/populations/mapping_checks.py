"""Does a mapping fit the question and the reference? Gaps, overlaps, different bases."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from analysis.representation.populations.answers import is_unknown
from analysis.representation.populations.mapping import DimensionMapping
from analysis.representation.populations.population import ReferenceDimension
from analysis.tables import matching_key

_YOUNGEST = re.compile(r"(\d+)\s*(?:\+|(?:years?\s*)?(?:and|or) (?:over|older|above))")


class Problem(StrEnum):
    """What is wrong between a question, a mapping and a reference."""

    OPTION_WITHOUT_CATEGORY = "option_without_category"
    """People can choose it, and the mapping does not say where they belong."""
    CATEGORY_WITHOUT_OPTION = "category_without_option"
    """Nobody can choose it, and its people would all count as missing."""
    NOT_AN_OPTION = "not_an_option"
    NOT_A_CATEGORY = "not_a_category"
    OVERLAP = "overlap"
    """Options and categories cross; they are compared as one group."""
    BASE = "base"
    """The reference counts others than may answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, with a line for a person.

    Attributes
    ----------
    problem : Problem
    dimension : str
    about : tuple of str
        The options, categories or bases concerned.
    text : str
        One line: what is wrong and the mend.
    """

    problem: Problem
    dimension: str
    about: tuple[str, ...]
    text: str


TEXTS: Mapping[Problem, str] = MappingProxyType(
    {
        Problem.OPTION_WITHOUT_CATEGORY: '%(dimension)s: the option "%(name)s" has no category; '
        "name one, or leave its category blank if the reference has none.",
        Problem.CATEGORY_WITHOUT_OPTION: '%(dimension)s: nobody can choose "%(name)s", so all '
        "its people would count as missing; name its option, or leave its option blank to take "
        "it out.",
        Problem.NOT_AN_OPTION: '%(dimension)s: the question has no option "%(name)s"; correct '
        "its name or take it out.",
        Problem.NOT_A_CATEGORY: '%(dimension)s: the reference has no category "%(name)s"; '
        "correct its name or take it out.",
        Problem.OVERLAP: "%(dimension)s: the options %(options)s and the categories "
        "%(categories)s cross; they are compared as one group.",
        Problem.BASE: '%(dimension)s: the reference counts "%(name)s", the consultation asks '
        "people aged %(age)s and over; take a reference of the same ages, or say so beside "
        "every figure.",
    }
)
"""The line of each problem; placeholders as in gettext's ``python-format``."""


def check_mapping(
    mapping: DimensionMapping,
    options: Sequence[str],
    reference: ReferenceDimension,
    *,
    minimum_age: int | None = None,
) -> tuple[Finding, ...]:
    """Hold a mapping against the question and the reference.

    Parameters
    ----------
    mapping : DimensionMapping
    options : sequence of str
        Of the question.
    reference : ReferenceDimension
        Its "Not answered" and the like need no option.
    minimum_age : int, optional
        Of people who may answer; compared with the age that the reference's base names.

    Returns
    -------
    tuple of Finding
        Empty when every option has its place and every category can be chosen.
    """
    asked = _by_key(options)
    placed = _by_key(
        [*(option for group in mapping.groups for option in group.options),
         *mapping.unknown, *mapping.outside]
    )  # fmt: skip
    named = _by_key(
        [*(name for group in mapping.groups for name in group.categories), *mapping.left_out]
    )
    counted = _by_key(reference.categories)
    singles = {
        Problem.OPTION_WITHOUT_CATEGORY: _without(asked, placed),
        Problem.CATEGORY_WITHOUT_OPTION: _without(counted, named),
        Problem.NOT_AN_OPTION: _without(placed, asked),
        Problem.NOT_A_CATEGORY: _without(named, counted),
    }
    dimension = mapping.dimension
    found = [
        _finding(problem, dimension, (name,), name=name)
        for problem, names in singles.items()
        for name in names
    ]
    found += [
        _finding(
            Problem.OVERLAP,
            dimension,
            (*group.options, *group.categories),
            options=_listed(group.options),
            categories=_listed(group.categories),
        )
        for group in mapping.groups
        if len(group.options) > 1 and len(group.categories) > 1
    ]
    base = reference.base
    if minimum_age is not None and youngest_age(base) not in (None, minimum_age):
        found.append(_finding(Problem.BASE, dimension, (base,), name=base, age=minimum_age))
    return tuple(found)


def youngest_age(base: str) -> int | None:
    """Return the youngest age that a base names, 0 when it names none; None for no base.

    Examples
    --------
    >>> youngest_age("usual residents aged 16 and over"), youngest_age("usual residents")
    (16, 0)
    """
    if not base.strip():
        return None
    found = _YOUNGEST.search(base.casefold())
    return int(found[1]) if found else 0


def _by_key(names: Iterable[str]) -> dict[str, str]:
    return {matching_key(name): name for name in names}


def _without(names: Mapping[str, str], others: Mapping[str, str]) -> list[str]:
    """Return names that are not among the others; nobody misses "Prefer not to say"."""
    return [name for key, name in names.items() if key not in others and not is_unknown(name)]


def _finding(
    problem: Problem, dimension: str, about: tuple[str, ...], **values: str | int
) -> Finding:
    text = TEXTS[problem] % {"dimension": dimension, **values}
    return Finding(problem, dimension, about, text)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
