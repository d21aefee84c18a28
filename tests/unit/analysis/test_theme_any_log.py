"""What holds for any log of edits."""

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.themes.tracking.events import (
    Confirm,
    Create,
    Describe,
    Hide,
    Lock,
    Merge,
    Move,
    Rename,
    Split,
    Undo,
    Unlock,
    event_from_dict,
)
from analysis.themes.tracking.replay import replay
from analysis.themes.tracking.resolving import resolve
from tests.unit.analysis.theme_log import (
    BASE,
    MACHINE,
    PERSON,
    Log,
)

UNITS = tuple(f"u{at}" for at in range(10))
UNIT_VECTORS = np.random.default_rng(0).normal(size=(10, 3)).astype(np.float32)
UNIT_SAID = tuple(("t-bus", "t-gp", None)[at % 3] for at in range(10))
CHOICES = st.lists(st.tuples(st.integers(0, 12), *[st.integers(0, 9)] * 3), max_size=14)


def any_log(choices):
    """A log of the edits that fit, out of any."""
    log = Log()
    for number, first, second, third in choices:
        themes = list(log.state.themes)
        one, other = themes[first % len(themes)], themes[second % len(themes)]
        unit = UNITS[third]
        edit = (
            (Rename, one, f"label {second}"),
            (Describe, one, f"about {second}"),
            (Merge, one, other) if one != other else (Hide, one),
            (Merge, other, one) if one != other else (Hide, one),
            (Split, one, ((unit,), (UNITS[third - 1], UNITS[third - 2]))),
            (Split, one, ((unit,), (UNITS[third - 3],)), ("this", "that")),
            (Move, unit, one, other),
            (Move, unit, one, None),
            (Confirm, unit, one),
            (Create, f"theme {first}", f"about {second}", (unit,)),
            (Lock, one if second % 2 else None),
            (Unlock, one if second % 2 else None),
            (Undo, first + 1),
        )[number]
        try:
            log.add(*edit)
        except InputError:
            continue
    return log


def settled(state, keys=UNITS, said=UNIT_SAID, vectors=UNIT_VECTORS):
    return resolve(state, keys, said, vectors)


@settings(max_examples=40, deadline=None)
@given(CHOICES, st.randoms(use_true_random=False))
def test_replaying_gives_the_same_state(choices, random):
    events = any_log(choices).events
    state = replay(BASE, events)
    written = json.loads(json.dumps([event.to_dict() for event in events]))
    random.shuffle(written)
    again = replay(BASE, [event_from_dict(data) for data in written])
    assert again == state
    assert again.digest() == state.digest()
    assert settled(again) == settled(state)
    assert len(state.history) == len(events)


@settings(max_examples=40, deadline=None)
@given(CHOICES)
def test_no_unit_is_lost_and_no_pin_is_overruled(choices):
    state = any_log(choices).state
    found = settled(state)
    for key, said, theme, decider, machine in zip(
        UNITS, UNIT_SAID, found.themes, found.decided_by, found.machine, strict=True
    ):
        pin = state.pins.get(key)
        assert theme is None or theme in state.standing
        assert (machine is None) == (said is None)
        if pin is None:
            assert (theme, decider) == (machine, MACHINE)
        elif pin.theme is None:
            assert (theme, decider) == (None, PERSON)
        elif state.follow(pin.theme) not in state.groups:
            assert (theme, decider) == (state.follow(pin.theme), PERSON)
        else:
            assert theme is not None


@settings(max_examples=40, deadline=None)
@given(CHOICES, st.integers(0, 2**32 - 1))
def test_later_units_change_nothing_for_those_before(choices, seed):
    state = any_log(choices).state
    random = np.random.default_rng(seed)
    more = random.normal(size=(7, 3)).astype(np.float32)
    keys = (*(f"new {at}" for at in range(7)), *UNITS)
    said = (*random.choice(["t-bus", "t-gp", "t-old"], 7).tolist(), *UNIT_SAID)
    after = settled(state, keys, said, np.vstack([more, UNIT_VECTORS]))
    before = settled(state)
    assert after.themes[7:] == before.themes
    assert after.decided_by[7:] == before.decided_by


def two_open_themes(state):
    """The first two themes that can be merged, or None."""
    able = [name for name in state.standing if name not in state.locked_themes]
    return able[:2] if len(able) > 1 else None


@settings(max_examples=40, deadline=None)
@given(CHOICES)
def test_merge_then_undo_restores(choices):
    log = any_log(choices)
    before = log.state
    pair = two_open_themes(before)
    if pair is None:
        return
    log.add(Merge, *pair)
    after = log.add(Undo, len(log.events))
    assert after.digest() == before.digest()
    assert settled(after) == settled(before)


@settings(max_examples=40, deadline=None)
@given(CHOICES)
def test_merge_then_split_by_the_pinned_units_restores_them(choices):
    log = any_log(choices)
    pair = two_open_themes(log.state)
    if pair is None:
        return
    members = []
    for theme, fresh in zip(pair, ("fresh 1", "fresh 2"), strict=True):
        log.add(Confirm, fresh, theme)
        pins = log.state.pins.items()
        members.append(
            tuple(key for key, pin in pins if pin.theme and log.state.follow(pin.theme) == theme)
        )
    log.add(Merge, *pair)
    state = log.add(Split, pair[0], tuple(members))
    for part, keys in zip(state.groups[pair[0]], members, strict=True):
        found = resolve(state, keys, [None] * len(keys))
        assert set(found.themes) == {part}
        assert set(found.decided_by) == {PERSON}


@settings(max_examples=40, deadline=None)
@given(CHOICES)
def test_undoing_the_last_edit_is_never_having_made_it(choices):
    log = any_log(choices)
    kept = [event for event in log.events if event.sequence not in log.state.undone]
    if not kept or isinstance(kept[-1], Undo):
        return
    without = replay(BASE, [event for event in log.events if event is not kept[-1]])
    assert log.add(Undo, kept[-1].sequence).digest() == without.digest()
