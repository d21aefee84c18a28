"""What partners see of gaps: nothing that tells whether anybody of a small group came."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from consult.db import unit_of_work
from consult.models import AssistedSession
from consult.services import consultations
from consult.services.assisting import afterwards
from consult.services.assisting.afterwards import Gaps
from consult.services.watching import snapshots
from tests.support.assisting_desk import came_from, held_at
from tests.support.outreach import fill, let_answer
from tests.support.staff import Colleague
from tests.support.visitors import NOON, SLUG, in_session

CLOSED = datetime(2027, 1, 18, 1, tzinfo=UTC)


def session_with(app: Flask, people: dict[str, int], hopes: list[list[str]]) -> UUID:
    """A session in which people answered, and of which nobody has told yet."""
    fill(app)
    held = held_at(app)
    with in_session(app) as session, unit_of_work(session):
        session.get_one(AssistedSession, held).hopes = list(hopes)
        made = let_answer(session, consultations.get(session, SLUG), "religion", people)
    for response in made:
        came_from(app, response, held)
    return held


def test_partners_see_the_groups_that_were_hoped_for_and_no_other(
    app: Flask, partner: Colleague, officer: Colleague
) -> None:
    hopes = [["religion", "jewish"], ["religion", "sikh"]]
    held = session_with(app, {"muslim": 60, "sikh": 2}, hopes)
    partner.visit(f"sessions/{held}/tell")
    partner.send("/tell", {"turned_away": "0"})
    assert "Muslim" in officer.consultation(f"sessions/{held}").text
    page = partner.visit(f"sessions/{held}").text
    assert "What changed in who is missing" in page
    assert "Muslim" not in page
    assert 0 < page.index("Jewish") < page.index("Sikh")


def found_in(app: Flask, held: UUID) -> Gaps:
    """What the session has changed, exactly."""
    with app.app_context(), in_session(app) as session:
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        row = session.get_one(AssistedSession, held)
        found = afterwards.changed_gaps(session, stored, document, row)
        assert isinstance(found, Gaps)
        return found


def test_partners_are_told_that_a_gap_closed_only_if_ten_of_the_group_came(app: Flask) -> None:
    found = found_in(app, session_with(app, {"muslim": 60}, [["religion", "muslim"]]))
    (change,) = found.changes
    assert change.is_closed
    for came, is_closed in ((9, False), (10, True)):
        few = replace(found, changes=(replace(change, came=came),))
        assert [each.is_closed for each in afterwards.for_partners(few).changes] == [is_closed]


def test_partners_never_watch_a_gap_change_while_people_answer(app: Flask) -> None:
    held = session_with(app, {"muslim": 10}, [["religion", "muslim"]])
    with app.app_context(), in_session(app) as session:
        stored = consultations.get(session, SLUG)
        row = session.get_one(AssistedSession, held)
        rules, found = consultations.rules_of(stored), afterwards.numbers(session, stored, row)
        few = replace(found, responses=9)
        assert not afterwards.may_tell_partners(row, rules, found, now=NOON)
        assert afterwards.may_tell_partners(row, rules, found, now=CLOSED)
        assert not afterwards.may_tell_partners(row, rules, few, now=CLOSED)
        row.told_at = NOON - timedelta(hours=1)
        assert afterwards.may_tell_partners(row, rules, found, now=NOON)


def test_partners_see_the_same_until_ten_more_have_answered(
    app: Flask, partner: Colleague, officer: Colleague
) -> None:
    """One look less the next would tell who the last one was."""
    held = session_with(app, {"muslim": 12}, [["religion", "jewish"], ["religion", "muslim"]])
    partner.visit(f"sessions/{held}/tell")
    partner.send("/tell", {"turned_away": "0"})

    def seen() -> str:
        page = partner.visit(f"sessions/{held}").text
        return page[page.index("What changed in who is missing") :]

    def answer(people: dict[str, int]) -> None:
        with in_session(app) as session, unit_of_work(session):
            let_answer(session, consultations.get(session, SLUG), "religion", people)

    before, exactly = seen(), officer.consultation(f"sessions/{held}").text
    answer({"jewish": 9})
    assert seen() == before
    assert officer.consultation(f"sessions/{held}").text != exactly
    answer({"jewish": 1})
    assert seen() != before


def test_partners_of_a_large_consultation_wait_for_figures_that_all_may_see(
    app: Flask, partner: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SMALL", 1)
    held = session_with(app, {"muslim": 12}, [["religion", "muslim"]])
    partner.visit(f"sessions/{held}/tell")
    partner.send("/tell", {"turned_away": "0"})
    assert "What changed in who is missing" not in partner.visit(f"sessions/{held}").text
