"""People's edits: written down, replayed, and stronger than the machine."""

import json
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.themes.tracking import resolving
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
    KEYS,
    MACHINE,
    PERSON,
    SAID,
    VECTORS,
    Log,
    where,
    who,
)


def test_without_edits_the_machines_word_stands():
    state = replay(BASE, [])
    assert where(state) == dict(zip(KEYS, SAID, strict=True))
    assert set(who(state).values()) == {MACHINE}
    assert state.standing == ("t-bus", "t-gp", "t-old")
    assert state.themes["t-old"].retired


ONE_OF_EACH = (
    (Rename, "t-bus", "Bus service"),
    (Describe, "t-bus", "How often buses come"),
    (Create, "Pools", "Swimming", ("x",)),
    (Split, "t-gp", (("g1",), ("g2",)), ("Waiting", "Staff")),
    (Move, "b2", "t-bus", None),
    (Confirm, "b1", "t-bus"),
    (Merge, "t-bus", "t-old"),
    (Lock, "t-bus"),
    (Lock,),
    (Unlock, "t-bus"),
    (Hide, "t-gp"),
    (Undo, 5),
)


def test_every_kind_of_edit_goes_through_json():
    log = Log(*ONE_OF_EACH)
    back = [event_from_dict(json.loads(json.dumps(event.to_dict()))) for event in log.events]
    assert back == log.events
    assert log.events[3].to_dict() == {
        "kind": "split",
        "sequence": 4,
        "author": "amina",
        "at": "2025-03-04T12:03:00+00:00",
        "theme": "t-gp",
        "parts": [["g1"], ["g2"]],
        "labels": ["Waiting", "Staff"],
    }


def test_what_one_log_of_every_kind_comes_to():
    state = Log(*ONE_OF_EACH).state
    waiting, staff = state.groups["t-gp"]
    (pools,) = set(state.themes) - {"t-bus", "t-gp", "t-old", waiting, staff}
    bus = state.themes["t-bus"]
    assert (bus.label, bus.label_by, bus.made_by) == ("Bus service", PERSON, MACHINE)
    assert bus.description == "How often buses come"
    assert state.themes[pools].seeds == ("x",)
    assert [state.themes[part].label for part in (waiting, staff)] == ["Waiting", "Staff"]
    assert state.redirects == {"t-old": "t-bus"}
    assert state.hidden == {"t-gp", waiting, staff}
    assert (state.locked, state.locked_themes) == (True, frozenset())
    assert state.undone == {5}
    assert len(state.history) == 12
    assert where(state) == {"b1": "t-bus", "b2": "t-bus", "g1": waiting, "g2": staff, "x": pools}
    assert who(state)["b2"] is MACHINE
    assert {who(state)[key] for key in ("b1", "g1", "g2", "x")} == {PERSON}


def test_order_of_arrival_does_not_count_the_sequence_does():
    events = Log(*ONE_OF_EACH).events
    assert replay(BASE, reversed(events)).digest() == replay(BASE, events).digest()


def test_two_edits_of_one_sequence_are_a_mistake():
    (event,) = Log((Rename, "t-bus", "Bus")).events
    with pytest.raises(ValueError, match="one sequence"):
        replay(BASE, [event, event])


@pytest.mark.parametrize(
    "damage",
    [
        {"kind": "explode"},
        {"at": "yesterday"},
        {"at": None},
        {"at": "2025-03-04T12:00:00"},
        {"label": None},
        {"more": 1},
        {"sequence": 0},
        {"author": ""},
    ],
)
def test_a_damaged_log_is_said_to_be(damage):
    (event,) = Log((Rename, "t-bus", "Bus")).events
    with pytest.raises(InputError, match="log of edits is damaged"):
        event_from_dict(event.to_dict() | damage)


def test_times_are_utc():
    berlin = datetime(2025, 3, 4, tzinfo=timezone(timedelta(hours=1)))
    with pytest.raises(ValueError, match="UTC"):
        Rename(sequence=1, author="a", at=berlin, theme="t-bus", label="Bus")
    with pytest.raises(ValueError, match="UTC"):
        Rename(sequence=1, author="a", at=datetime(2025, 3, 4), theme="t-bus", label="Bus")


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ((Rename, "t-bus", "  "), "needs a label"),
        ((Create, ""), "needs a label"),
        ((Create, "Pools"), "needs a description or examples"),
        ((Split, "t-bus", (("b1",),)), "two or more parts"),
        ((Split, "t-bus", (("b1",), ())), "two or more parts"),
        ((Split, "t-bus", (("b1",), ("b1", "b2"))), "in two parts"),
        ((Split, "t-bus", (("b1",), ("b2",)), ("One",)), "2 parts but 1 labels"),
        ((Split, "t-bus", (("b1",), ("b2",)), ("One", "")), "needs a label"),
        ((Merge, "t-bus", "t-bus"), "merged with itself"),
        ((Rename, "t-none", "X"), r"Edit 1 \(rename by amina\) does not fit: there is no theme"),
        ((Confirm, "b1", "t-none"), "there is no theme t-none"),
        ((Undo, 1), "cannot undo edit 1: there is none before it"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(edit, message):
    with pytest.raises(InputError, match=message):
        Log(edit)


# Pins.


def test_a_pin_beats_the_machine_and_says_who():
    log = Log((Move, "b1", "t-bus", "t-gp"), (Confirm, "b2", "t-bus"), (Move, "g1", "t-gp", None))
    resolved = resolve(log.state, KEYS, SAID, VECTORS)
    assert resolved.themes == ("t-gp", "t-bus", None, "t-gp", None)
    assert resolved.decided_by == (PERSON, PERSON, PERSON, MACHINE, MACHINE)
    assert resolved.machine == SAID
    # Another machine, the same people.
    other = resolve(log.state, KEYS, ("t-old",) * 5, VECTORS)
    assert other.themes == ("t-gp", "t-bus", None, "t-old", "t-old")


def test_of_two_officers_the_later_edit_holds_and_both_are_kept():
    log = Log()
    log.add(Move, "b1", "t-bus", "t-gp", author="amina")
    log.add(Move, "b1", "t-bus", "t-old", author="bo")
    log.add(Rename, "t-gp", "Surgeries", author="amina")
    log.add(Rename, "t-gp", "GPs", author="bo")
    assert where(log.state)["b1"] == "t-old"
    assert log.state.pins["b1"].author == "bo"
    assert log.state.themes["t-gp"].label == "GPs"
    assert [event.author for event in log.state.history] == ["amina", "bo"] * 2


def test_a_pin_on_a_unit_that_is_gone_does_nothing():
    log = Log((Confirm, "withdrawn", "t-bus"))
    assert resolve(log.state, KEYS, SAID).themes == SAID


# Merging and splitting.


def test_a_merged_theme_leads_on():
    log = Log((Merge, "t-gp", "t-bus"))
    assert where(log.state)["b1"] == "t-gp"
    assert who(log.state)["b1"] is MACHINE
    assert log.state.standing == ("t-gp", "t-old")
    # An officer who has not seen the merge moves, renames and merges on.
    log.add(Move, "x", None, "t-bus")
    log.add(Rename, "t-bus", "Getting there")
    log.add(Merge, "t-old", "t-bus")
    assert where(log.state)["x"] == "t-old"
    assert log.state.themes["t-gp"].label == "Getting there"
    assert log.state.follow("t-bus") == "t-old"
    with pytest.raises(InputError, match="one theme already"):
        log.add(Merge, "t-bus", "t-gp")


def test_a_retired_theme_that_a_living_one_is_merged_into_lives():
    assert not Log((Merge, "t-old", "t-bus")).state.themes["t-old"].retired


def test_undoing_a_merge_puts_both_back():
    before = Log((Confirm, "b1", "t-bus"), (Confirm, "g1", "t-gp"))
    log = Log((Confirm, "b1", "t-bus"), (Confirm, "g1", "t-gp"), (Merge, "t-gp", "t-bus"))
    merged = log.state
    undone = log.add(Undo, 3)
    assert undone.digest() == before.state.digest() != merged.digest()
    assert where(undone) == where(before.state)
    assert len(undone.history) == 4
    assert log.add(Undo, 4).digest() == merged.digest()
    assert log.add(Undo, 5).digest() == before.state.digest()
    with pytest.raises(InputError, match="undone already"):
        log.add(Undo, 3)


def test_merge_then_split_by_the_old_units_parts_them_again():
    log = Log((Merge, "t-gp", "t-bus"), (Split, "t-gp", (("b1",), ("g1",))))
    buses, doctors = log.state.groups["t-gp"]
    # Those not named go to the nearer one, which is the machine's judgement.
    assert where(log.state) == {"b1": buses, "b2": buses, "g1": doctors, "g2": doctors, "x": None}
    assert list(who(log.state).values()) == [PERSON, MACHINE, PERSON, MACHINE, MACHINE]
    assert [log.state.themes[part].label for part in (buses, doctors)] == ["Doctors 1", "Doctors 2"]
    assert log.state.themes[buses].label_by is MACHINE
    assert "t-gp" in log.state.themes
    assert "t-gp" not in log.state.standing


def test_parts_are_split_and_merged_in_turn():
    log = Log((Merge, "t-gp", "t-bus"), (Split, "t-gp", (("b1", "b2"), ("g1",))))
    buses, doctors = log.state.groups["t-gp"]
    log.add(Split, buses, (("b1",), ("b2",)))
    first, second = log.state.groups[buses]
    log.add(Merge, "t-old", doctors)
    log.add(Move, "x", None, "t-old")
    assert where(log.state) == {
        "b1": first, "b2": second, "g1": "t-old", "g2": "t-old", "x": "t-old"
    }  # fmt: skip
    new = np.vstack([VECTORS, [[0.6, 0, 0.8]]]).astype(np.float32)
    found = resolve(log.state, (*KEYS, "b3"), (*SAID, "t-bus"), new)
    assert found.themes[-1] == second


def test_a_pin_on_the_whole_says_nothing_on_its_parts():
    log = Log((Confirm, "b2", "t-bus"), (Split, "t-bus", (("b1",), ("x",))))
    part = log.state.groups["t-bus"][0]
    assert (where(log.state)["b2"], who(log.state)["b2"]) == (part, MACHINE)
    # Whatever the machine says, it stays within what the person said.
    other = resolve(log.state, KEYS, ("t-gp",) * 5, VECTORS)
    assert other.themes[1] == part
    assert other.machine[1] == "t-gp"


def test_without_vectors_units_stay_with_the_group():
    log = Log((Confirm, "b2", "t-bus"), (Split, "t-bus", (("b1",), ("x",))))
    assert where(log.state, None)["b2"] == "t-bus"
    assert who(log.state, None)["b2"] is PERSON
    gone = resolve(log.state, ("b2",), ("t-bus",), VECTORS[1:2])
    assert gone.themes == ("t-bus",)


def test_moving_a_unit_between_parts_takes_no_other_along(monkeypatch):
    monkeypatch.setattr(resolving, "_BLOCK", 1)
    log = Log((Split, "t-bus", (("b1",), ("x",))))
    first, second = log.state.groups["t-bus"]
    assert where(log.state)["b2"] == first
    log.add(Move, "b1", first, second)
    assert (where(log.state)["b1"], where(log.state)["b2"]) == (second, first)


@pytest.mark.parametrize(
    "edit",
    [
        (Move, "x", None, "t-bus"),
        (Confirm, "b1", "t-bus"),
        (Merge, "t-gp", "t-bus"),
        (Split, "t-bus", (("b1",), ("b2",))),
    ],
)
def test_a_split_theme_takes_no_units_and_says_where_to(edit):
    log = Log((Split, "t-bus", (("b1",), ("b2",)), ("Late", "Full")))
    with pytest.raises(InputError, match="“Buses” was split into “Late”, “Full”"):
        log.add(*edit)


def test_a_split_theme_can_be_renamed():
    log = Log((Split, "t-bus", (("b1",), ("b2",))), (Rename, "t-bus", "Transport"))
    assert log.state.themes["t-bus"].label == "Transport"


def test_hiding_a_theme_hides_the_parts_it_will_have():
    log = Log((Hide, "t-bus"), (Split, "t-bus", (("b1",), ("b2",))))
    assert log.state.hidden == {"t-bus", *log.state.groups["t-bus"]}
