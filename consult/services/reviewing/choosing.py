"""The themes that a person chooses among, in an order that stays while they work."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from analysis.themes.tracking.state import State
from consult.services.reviewing.lineup import Lineup


@dataclass(frozen=True, slots=True)
class Option:
    """A theme that a statement can be put into."""

    id: str
    label: str
    description: str
    responses: int
    """In how many responses the machine found it; of a part of a theme that was split, the
    whole: its parts stay among the themes of its size."""


def by_size(lined_up: Lineup, state: State) -> list[Option]:
    """The themes that stand, those that the machine found in most responses first.

    By the machine's word alone, so that no decision changes which number a theme has while
    somebody works by numbers. Themes that people made come last, in the order they were made.
    Retired ones are offered as long as there is a statement in them.
    """
    sizes = _sizes(lined_up, state)
    for group, parts in state.groups.items():  # those of a part come after its own
        for part in parts:
            sizes[state.follow(part)] += sizes[group]
    pinned = {state.follow(pin.theme) for pin in state.pins.values() if pin.theme is not None}
    found = [
        Option(each, theme.label, theme.description, sizes[each])
        for each, theme in ((name, state.themes[name]) for name in state.standing)
        if not theme.retired or sizes[each] or each in pinned
    ]
    return sorted(found, key=lambda option: -option.responses)


def by_label(options: list[Option]) -> list[Option]:
    """The same for people who must not see how common the machine finds each theme."""
    return sorted(options, key=lambda option: (option.label.casefold(), option.id))


def _sizes(lined_up: Lineup, state: State) -> Counter[str]:
    landed = {
        theme: state.follow(theme)
        for theme in set(lined_up.machine)
        if theme is not None and theme in state.themes
    }
    names = {theme: number for number, theme in enumerate(sorted(set(landed.values())))}
    of_key = np.array(
        [-1 if theme not in landed else names[landed[theme]] for theme in lined_up.machine],
        dtype=np.intp,
    )
    of_unit = of_key[lined_up.unit_key]
    named = of_unit >= 0
    found = np.zeros((len(lined_up.responses), len(names)), dtype=np.bool_)
    found[lined_up.unit_response[named], of_unit[named]] = True
    counts = found.sum(axis=0).tolist()
    return Counter({theme: counts[number] for theme, number in names.items()})
