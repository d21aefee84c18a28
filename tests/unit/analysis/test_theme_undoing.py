"""Edits taken back, and themes that are locked against them."""

import pytest

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
)
from analysis.themes.tracking.frame import Frame
from analysis.themes.tracking.resolving import resolve
from tests.unit.analysis.theme_log import (
    BASE,
    Log,
    where,
)


def test_what_others_build_on_cannot_be_undone():
    log = Log((Create, "Pools", "Swimming"), (Move, "x", None, "t-gp"))
    (pools,) = set(log.state.themes) - set(BASE.ids)
    log.add(Confirm, "b1", pools, author="bo")
    with pytest.raises(InputError, match=r"Edit 4 cannot undo edit 1: edit 3 \(confirm by bo\)"):
        log.add(Undo, 1)
    log.add(Undo, 3)
    assert pools not in log.add(Undo, 1).themes
    # The id is not given again, not even to the same theme made anew.
    assert pools in log.state.ids
    log.add(Create, "Pools", "Swimming")
    assert pools not in log.state.themes
    assert len(log.state.ids) == 5


def test_units_of_a_theme_that_was_undone_are_unclear():
    log = Log((Create, "Pools", "Swimming"))
    (pools,) = set(log.state.themes) - set(BASE.ids)
    log.add(Undo, 1)
    assert resolve(log.state, ("x",), (pools,)).themes == (None,)


def test_ids_of_peoples_themes_do_not_hang_on_the_machines_seed():
    edits = ((Create, "Pools", "Swimming"), (Split, "t-bus", (("b1",), ("b2",))))
    other = Frame(BASE.themes, "model 2", "2", seed=7)
    assert set(Log(*edits).state.themes) == set(Log(*edits, base=other).state.themes)


# Locks.


@pytest.mark.parametrize(
    "edit",
    [
        (Rename, "t-bus", "X"),
        (Describe, "t-bus", "X"),
        (Merge, "t-bus", "t-gp"),
        (Merge, "t-gp", "t-bus"),
        (Split, "t-bus", (("b1",), ("b2",))),
    ],
)
def test_a_locked_theme_is_not_changed_until_it_is_unlocked(edit):
    log = Log((Lock, "t-bus"))
    with pytest.raises(InputError, match="“Buses” is locked: unlock it first"):
        log.add(*edit)
    log.add(Unlock, "t-bus")
    log.add(*edit)


def test_a_locked_theme_takes_units_and_can_be_hidden():
    log = Log((Lock, "t-bus"), (Move, "x", None, "t-bus"), (Hide, "t-bus"))
    assert where(log.state)["x"] == "t-bus"
    assert log.state.hidden == {"t-bus"}
