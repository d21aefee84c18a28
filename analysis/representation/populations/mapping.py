"""From the options of a question to the categories of a reference.

A form and a census seldom cut people alike. A mapping is a list of pairs; options and
categories that hang together by pairs make one group, and groups are what is compared:

- one option, one category: as it is;
- several options for a category, or several categories for an option: added up;
- options and categories that cross (16 to 17 and 18 to 24 against 16 to 19 and 20 to 24):
  one wide group, and a finding that says so.

An option without an equivalent is counted and not tested; a category that nobody can choose
(children, in a consultation of adults) is left out by naming it without an option.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from pathlib import Path

from analysis.errors import InputError
from analysis.representation.populations.answers import SEPARATORS, is_unknown
from analysis.representation.populations.population import REFERENCE_FOLDER, ReferenceDimension
from analysis.tables import Row, matching_key, read_table, tidy

# In a mapping file's category column: the option says that the person did not say.
UNKNOWN = "(unknown)"


@dataclass(frozen=True, slots=True)
class Group:
    """What is compared: options on one side, categories on the other.

    Attributes
    ----------
    name : str
        The category, if there is one; else the option, if there is one; else the
        categories together.
    options, categories : tuple of str
        In the mapping's order.
    """

    name: str
    options: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DimensionMapping:
    """The options of one question and the categories of one dimension.

    Attributes
    ----------
    dimension : str
    groups : tuple of Group
        In the order in which their first pair stands.
    unknown : tuple of str
        Options that say that the person did not say.
    outside : tuple of str
        Options without an equivalent: counted, not tested.
    left_out : tuple of str
        Categories that nobody can choose, taken out of the reference.
    """

    dimension: str
    groups: tuple[Group, ...]
    unknown: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def translated(self, answers: Iterable[str]) -> dict[str, str]:
        """Return answers in the names of groups.

        Several options with ``;`` or ``|`` between them stay several, each group once; an
        option that says that the person did not say is blank; what is not in the mapping
        stays what it is.

        Parameters
        ----------
        answers : iterable of str

        Returns
        -------
        dict of str to str
            By answer.
        """
        names = {
            matching_key(option): group.name for group in self.groups for option in group.options
        }
        names |= {matching_key(option): "" for option in self.unknown}
        translated = {}
        for answer in answers:
            whole = names.get(matching_key(answer))
            if whole is None:
                parts = [tidy(part) for part in SEPARATORS.split(answer)]
                found = [names.get(matching_key(part), part) for part in parts]
                whole = "; ".join(dict.fromkeys(filter(None, found)))
            translated[answer] = whole
        return translated

    def reference(self, reference: ReferenceDimension) -> ReferenceDimension:
        """Return the reference by group, without the categories left out.

        Raises
        ------
        ValueError
            If a category is not in the reference.
        """
        counts = {
            matching_key(name): count
            for name, count in zip(reference.categories, reference.counts, strict=True)
        }
        sums = []
        for group in self.groups:
            missing = [name for name in group.categories if matching_key(name) not in counts]
            if missing:
                raise ValueError(f"{reference.name!r} has no category {missing[0]!r}")
            sums.append(fsum(counts[matching_key(name)] for name in group.categories))
        return replace(
            reference,
            categories=tuple(group.name for group in self.groups),
            counts=tuple(sums),
        )


def build_mapping(dimension: str, pairs: Iterable[tuple[str, str]]) -> DimensionMapping:
    """Build a mapping from pairs of an option and a category.

    Parameters
    ----------
    dimension : str
    pairs : iterable of (str, str)
        A blank category is an option without an equivalent, ``(unknown)`` one that says that
        the person did not say, as do "Prefer not to say" and the like by themselves. A blank
        option is a category that nobody can choose.

    Raises
    ------
    InputError
        If a pair is blank or occurs twice, or an option is said to have an equivalent and
        none.

    Examples
    --------
    >>> mapping = build_mapping("age", [("16-17", "16-24"), ("18-24", "16-24"), ("25+", "25+")])
    >>> [(group.name, group.options) for group in mapping.groups]
    [('16-24', ('16-17', '18-24')), ('25+', ('25+',))]
    """
    return _build("The mapping", dimension, enumerate(pairs, start=1), "pair")


def same_names(dimension: str, categories: Iterable[str]) -> DimensionMapping:
    """Return the mapping of a question whose options are the categories themselves."""
    return build_mapping(dimension, ((name, name) for name in categories if not is_unknown(name)))


def read_mappings(path: Path) -> tuple[DimensionMapping, ...]:
    """Read mappings from CSV: ``dimension,option,category``, a row per pair.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column, or a row is wrong.
    """
    table = read_table(path, ("dimension", "option", "category"))
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in table.rows:
        if not row["dimension"]:
            raise InputError(f"{path.name}, row {row.number}: dimension is blank.")
        rows[matching_key(row["dimension"])].append(row)
    return tuple(
        _build(
            path.name,
            part[0]["dimension"],
            ((row.number, (row["option"], row["category"])) for row in part),
            "row",
        )
        for part in rows.values()
    )


def load_options() -> dict[str, DimensionMapping]:
    """Return the mapping of the model consultation's options to the figures that come along.

    Returns
    -------
    dict of str to DimensionMapping
        By dimension of :func:`~analysis.representation.populations.population.load_reference`.
    """
    mappings = read_mappings(REFERENCE_FOLDER / "options.csv")
    return {mapping.dimension: mapping for mapping in mappings}


def _build(
    what: str, dimension: str, pairs: Iterable[tuple[int, tuple[str, str]]], noun: str
) -> DimensionMapping:
    seen: dict[tuple[str, str], int] = {}
    options: dict[str, str] = {}
    categories: dict[str, str] = {}
    links: list[tuple[str, str]] = []
    unknown, outside, left_out = [], [], []
    for number, (option, category) in pairs:
        option, category = tidy(option), tidy(category)
        key = matching_key(option), matching_key(category)
        if not any(key):
            raise InputError(f"{what}, {noun} {number}: option and category are both blank.")
        if key in seen:
            raise InputError(
                f'{what}, {noun} {number}: "{option}" and "{category}" of "{dimension}" stand '
                f"in {noun} {seen[key]} already; keep one of them."
            )
        seen[key] = number
        if not option:
            left_out.append(category)
        elif category == UNKNOWN or (not category and is_unknown(option)):
            unknown.append(option)
        elif not category:
            outside.append(option)
        else:
            links.append(key)
            options.setdefault(key[0], option)
            categories.setdefault(key[1], category)
    _check_sides(f'{what}: the option "{{}}" of "{dimension}"', options, [*unknown, *outside])
    _check_sides(f'{what}: the category "{{}}" of "{dimension}"', categories, left_out)
    return DimensionMapping(
        dimension,
        _groups(links, options, categories),
        tuple(unknown),
        tuple(outside),
        tuple(left_out),
    )


def _check_sides(what: str, paired: Mapping[str, str], alone: Iterable[str]) -> None:
    for name in alone:
        if matching_key(name) in paired:
            raise InputError(
                f"{what.format(name)} stands in a pair and by itself; keep one of them."
            )


def _groups(
    links: Sequence[tuple[str, str]], options: Mapping[str, str], categories: Mapping[str, str]
) -> tuple[Group, ...]:
    """Return what hangs together: the connected parts of the pairs."""
    by_option: dict[str, list[str]] = defaultdict(list)
    by_category: dict[str, list[str]] = defaultdict(list)
    for option, category in links:
        by_option[option].append(category)
        by_category[category].append(option)
    order = {key: place for place, key in enumerate(options)}
    order_of_categories = {key: place for place, key in enumerate(categories)}
    groups = []
    done: set[str] = set()
    for first in options:
        if first in done:
            continue
        found_options, found_categories = {first}, set[str]()
        waiting = [first]
        while waiting:
            reached = set(by_option[waiting.pop()]) - found_categories
            found_categories |= reached
            more = {option for category in reached for option in by_category[category]}
            waiting.extend(more - found_options)
            found_options |= more
        done |= found_options
        group_options = [options[key] for key in sorted(found_options, key=order.__getitem__)]
        group_categories = [
            categories[key] for key in sorted(found_categories, key=order_of_categories.__getitem__)
        ]
        # An option may be called like a category of another group.
        key = matching_key(group_options[0])
        free = key in found_categories or key not in categories
        several = len(group_categories) > 1 and len(group_options) == 1 and free
        name = group_options[0] if several else " / ".join(group_categories)
        groups.append(Group(name, tuple(group_options), tuple(group_categories)))
    return tuple(groups)
