"""Figures kept ready: when they are old, what they hold, and when others may see new ones."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from consult.db import unit_of_work
from consult.models import (
    OutreachAct,
    Petition,
    ResponseMark,
    ResponseOrigin,
    WatchSnapshot,
)
from consult.services import consultations
from consult.services.watching import snapshots
from tests.support.consultations import FULL, NOW, SLUG, changed
from tests.support.outreach import let_answer

LATER = NOW + timedelta(hours=2)


def stamp(world, now=LATER):
    return snapshots.stamp(world.session, world.stored, now=now)


def make(world, now=LATER):
    return snapshots.make(world.session, world.stored, world.document, now=now)


def keep_all(world, figures):
    with unit_of_work(world.session):
        snapshots.keep_all(world.session, world.stored, figures)


def held(world, kind="exact"):
    world.session.rollback()
    return snapshots.held(world.session, world.stored, kind)


def changes_a_response(**values):
    def change(world):
        receipt = world.submit()
        yield
        for name, value in values.items():
            setattr(world.response(receipt), name, value)

    return change


def another_response(world):
    yield
    world.submit()


def a_mark(world):
    receipt = world.submit()
    yield
    world.session.add(
        ResponseMark(
            response_id=receipt.response_id,
            kind="suspected_repeat",
            reason="by hand",
            marked_by="o",
            marked_at=NOW,
        )
    )


def a_draft(world):
    yield
    world.begin({"capacity": FULL["capacity"]})


def a_petition(world):
    yield
    world.session.add(
        Petition(
            consultation_id=world.stored.id,
            title="Benches",
            asks="x",
            organiser="y",
            signatures=3,
            received_on=NOW.date(),
            recorded_by="o",
            recorded_at=NOW,
        )
    )


def an_act(world):
    yield
    world.session.add(
        OutreachAct(
            consultation_id=world.stored.id,
            what="Letters",
            on=NOW.date(),
            recorded_by="o",
            recorded_at=NOW,
        )
    )


def other_words(world):
    yield
    world.store(changed(world.document, title="Another title"))


def an_origin(world):
    """As when an import was undone and came again in another way."""
    receipt = world.submit()
    yield
    world.session.add(
        ResponseOrigin(
            response_id=receipt.response_id,
            consultation_id=world.stored.id,
            kind="letter",
            source="x",
            entered_by="o",
            entered_at=NOW,
        )
    )


@pytest.mark.parametrize(
    "event",
    [
        an_origin,
        another_response,
        changes_a_response(withdrawn_at=LATER),
        changes_a_response(changed_at=LATER),
        changes_a_response(excluded_at=NOW, excluded_by="o", exclusion_reason="spam"),
        changes_a_response(timing_decision="accepted", timing_decided_by="o"),
        a_mark,
        a_draft,
        a_petition,
        an_act,
        other_words,
    ],
)
def test_whatever_changes_the_figures_changes_the_stamp(world, event):
    happening = event(world)
    next(happening)
    before = stamp(world)
    assert stamp(world) == before
    if event in (another_response, a_draft, other_words):
        next(happening, None)
    else:
        with unit_of_work(world.session):
            next(happening, None)
    assert stamp(world) != before


def test_a_decision_that_is_turned_round_changes_the_stamp(world):
    receipts = [world.submit(), world.submit()]
    with unit_of_work(world.session):
        for receipt, decision in zip(receipts, ("accepted", "refused"), strict=True):
            response = world.response(receipt)
            response.timing, response.timing_decision = "doubtful", decision
            response.timing_decided_by = "o"
    before = stamp(world)
    with unit_of_work(world.session):
        world.response(receipts[0]).timing_decision = "refused"
    assert stamp(world) != before


def test_who_goes_on_after_an_hour_has_stopped(world):
    world.begin({"capacity": FULL["capacity"]})
    assert stamp(world, NOW + timedelta(minutes=30)) != stamp(world, NOW + timedelta(minutes=90))


def test_what_is_kept_comes_back_as_it_was(world):
    with unit_of_work(world.session):
        people = {"under_45": 12, "from_45": 60, "prefer_not_to_say": 3}
        let_answer(world.session, world.stored, "age", people, at=NOW, also={"ward": "E1"})
        world.session.add(
            OutreachAct(
                consultation_id=world.stored.id,
                what="Letters",
                on=date(2026, 3, 5),
                recorded_by="o",
                recorded_at=NOW,
            )
        )
    world.begin({"capacity": FULL["capacity"]})
    figures = make(world)
    keep_all(world, figures)
    assert held(world) == figures
    assert held(world, "shown") == figures
    assert [stage.acts for stage in figures.stages] == [(), ("Letters",)]
    assert figures.completion.stopped == {"vision_agree": 1}


def test_nothing_is_kept_at_first(world):
    assert held(world) is None


def test_older_figures_do_not_take_the_place_of_newer_ones(world):
    newer, older = make(world, LATER), make(world, NOW)
    keep_all(world, newer)
    keep_all(world, older)
    found = held(world)
    assert found is not None
    assert found.made_at == LATER


def test_others_see_new_figures_when_ten_more_have_come(world):
    def come(number):
        with unit_of_work(world.session):
            let_answer(world.session, world.stored, "age", {"under_45": number}, at=NOW)

    def seen(minutes):
        keep_all(world, make(world, LATER + timedelta(minutes=minutes)))
        exact, shown = held(world), held(world, "shown")
        assert exact is not None
        assert shown is not None
        return exact.arrivals.responses, shown.arrivals.responses

    come(20)
    assert seen(0) == (20, 20)
    come(9)
    assert seen(1) == (29, 20)
    come(1)
    assert seen(2) == (30, 30)


def test_others_see_new_figures_when_what_is_asked_has_changed(world):
    figures = make(world)
    assert not snapshots.may_be_shown(figures, figures)
    assert snapshots.may_be_shown(figures, replace(figures, revision=figures.revision + 1))
    assert snapshots.may_be_shown(None, figures)


def test_two_who_count_at_once_keep_one_set(world):
    figures = make(world)
    world.session.rollback()

    def keep(session):
        snapshots.keep_all(session, consultations.get(session, SLUG), figures)

    world.at_once(keep, people=3)
    assert world.count("watch_snapshot") == 2
    assert held(world) == figures


def test_figures_go_with_the_consultation(world):
    keep_all(world, make(world))
    with unit_of_work(world.session):
        world.session.delete(world.stored)
    assert world.session.query(WatchSnapshot).count() == 0


def test_a_large_consultation_is_not_counted_while_a_page_is_made(world, monkeypatch):
    world.submit()
    assert snapshots.is_small(world.session, world.stored)
    monkeypatch.setattr(snapshots, "SMALL", 0)
    assert not snapshots.is_small(world.session, world.stored)
