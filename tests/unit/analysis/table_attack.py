"""What somebody learns who reads published tables, worked out from their texts alone."""

from itertools import product

from analysis.disclosure import RULE, read_back
from analysis.suppression.attacker import Attacker


def name_of(table, place, release=None):
    """Name a figure by its categories, whatever table it stands in."""
    about = sorted(
        (axis.name, axis.categories[at])
        for axis, at in zip(table.axes, place, strict=True)
        if at < len(axis.categories)
    )
    return (release, table.universe, *about)


def places_of(table):
    return list(product(*(range(len(axis.categories) + 1) for axis in table.axes)))


def lines_of(table):
    """Yield each line along an axis: the axis and its places, the total last."""
    for along, axis in enumerate(table.axes):
        others = [
            range(len(one.categories) + 1) for at, one in enumerate(table.axes) if at != along
        ]
        for rest in product(*others):
            yield (
                axis,
                [(*rest[:along], at, *rest[along:]) for at in range(len(axis.categories) + 1)],
            )


def tie(attacker, table, release=None):
    """Note which figures of a table add up."""
    for axis, line in lines_of(table):
        names = [name_of(table, place, release) for place in line]
        if axis.several:
            for name in names[:-1]:
                attacker.at_most(name, names[-1])
            continue
        parents = axis.parents or ("",) * len(axis.categories)
        for parent in dict.fromkeys(parents):
            whole = axis.categories.index(parent) if parent else -1
            attacker.adds_up(
                [name for name, above in zip(names[:-1], parents, strict=True) if above == parent],
                names[whole],
            )


def attack(tables, *, totals=None, rule=RULE, exact=False, uncrossed=()):
    """Return what each hidden figure can be, by name.

    Parameters
    ----------
    tables : published tables
    totals : exact number of people by universe, if known from elsewhere
    uncrossed : universes of nothing but answers, with the lower threshold
    """
    attacker, hidden = Attacker(), []
    for table in tables:
        for place, figure in zip(places_of(table), table.figures, strict=True):
            name = name_of(table, place)
            low, high = read_back(figure.text, rule, crossed=table.universe not in uncrossed)
            if exact and figure.value is not None:
                low = high = figure.value
            attacker.learn(name, low, high)
            if figure.value is None:
                hidden.append(name)
        tie(attacker, table)
    for universe, people in (totals or {}).items():
        attacker.learn((None, universe), people, people)
    return attacker.intervals(dict.fromkeys(hidden))
