"""The partner's own pages: their sessions, how one went, and what it came to."""

from typing import Any

import pytest
from flask import Flask

from consult.db import unit_of_work
from consult.models import AssistedSession, Workspace
from tests.integration.assisting.people import PIOTR, TYPED, acts, only_session, partner_row
from tests.support.assisting_desk import came_from, held_at, tablet_of
from tests.support.outreach import fill, let_answer, put_partner
from tests.support.staff import Colleague, Hire
from tests.support.visitors import in_session


def test_a_partner_is_led_to_their_sessions(app: Flask, partner: Colleague) -> None:
    held_at(app, venue="The Sikh temple")
    page = partner.visit("")
    assert page.path == "/en/staff/sessions/"
    assert "The Sikh temple" in page.text


def test_a_partner_without_an_organisation_is_told_whom_to_ask(desk: Any, hire: Hire) -> None:
    page = hire("partner", email=PIOTR).visit("")
    assert "does not belong to an organisation yet" in page.text
    assert PIOTR in page.text


def test_a_session_shows_code_address_and_steps(app: Flask, partner: Colleague) -> None:
    held = held_at(app)
    tablet_of(app, "Tablet 7")
    page = partner.visit(f"sessions/{held}")
    assert only_session(app).code in page.text
    assert f"/tablet/#session={held}" in page.text
    assert "<svg" in page.html
    assert "Get a tablet ready" in page.text
    assert "Tablet 7" in page.text


@pytest.mark.parametrize("rest", ["", "/change", "/call-off", "/tell"])
def test_a_session_is_of_its_own_partner_only(app: Flask, desk: Any, hire: Hire, rest: str) -> None:
    held = held_at(app)
    assert hire("partner").visit(f"sessions/{held}{rest}").status == 404
    assert hire("viewer").visit(f"sessions/{held}{rest}").status == 404
    assert hire("officer").visit(f"sessions/{held}{rest}").status == 200


def test_a_partner_plans_for_their_own_organisation_only(
    app: Flask, partner: Colleague, hire: Hire
) -> None:
    partner.visit(f"sessions/new/{partner_row(app)}")
    page = partner.send("/sessions/new", {**TYPED, "venue": "Coffee morning"})
    assert "The session is planned." in page.text
    assert only_session(app).planned_by == PIOTR
    assert partner.visit(f"sessions/new/{put_partner(app)}").status == 404


def test_a_partner_tells_how_it_went(app: Flask, partner: Colleague, officer: Colleague) -> None:
    held = held_at(app)
    partner.visit(f"sessions/{held}/tell")
    page = partner.send("/tell", {"turned_away": "some", "what_was_hard": "Question 3."})
    assert page.status == 422
    assert "Write how many people as a whole number" in page.text
    assert "Question 3." in page.text
    page = partner.send("/tell", {"turned_away": "3", "what_was_hard": "Question 3."})
    assert "Thank you. The council sees what you told." in page.text
    row = only_session(app)
    assert (row.state, row.turned_away, row.told_by) == ("held", 3, PIOTR)
    assert "Question 3." in officer.consultation(f"sessions/{held}").text
    assert "session told of" in acts(app)


# What it came to


def test_a_session_closes_a_gap_and_partners_see_no_small_numbers(
    app: Flask, partner: Colleague, officer: Colleague
) -> None:
    fill(app)
    held = held_at(app)
    with in_session(app) as session, unit_of_work(session):
        row = session.get_one(AssistedSession, held)
        row.hopes = [["religion", "muslim"]]
        stored = session.get_one(Workspace, row.workspace_id).consultation
        assert stored is not None
        made = let_answer(session, stored, "religion", {"muslim": 60, "sikh": 2})
    for number, response in enumerate(made):
        came_from(app, response, held, mode="self" if number < 3 else "helped")
    page = officer.consultation(f"sessions/{held}").html
    assert "Closed by this session" in page
    # 25 of 170 without it, 85 of 232 with it.
    for words in ("62", "59", "15%", "37%"):
        assert words in page, words
    assert "Closed by this session" not in partner.visit(f"sessions/{held}").html
    partner.visit(f"sessions/{held}/tell")
    partner.send("/tell", {"turned_away": "0"})
    page = partner.visit(f"sessions/{held}").html
    assert "Closed by this session" in page
    assert "60" in page
    for words in (">62<", ">59<", ">3<", "15%", "37%"):
        assert words not in page, words


def test_a_small_session_tells_partners_nothing_of_gaps(
    app: Flask, partner: Colleague, officer: Colleague
) -> None:
    fill(app)
    held = held_at(app)
    with in_session(app) as session, unit_of_work(session):
        row = session.get_one(AssistedSession, held)
        row.hopes = [["religion", "muslim"]]
        stored = session.get_one(Workspace, row.workspace_id).consultation
        assert stored is not None
        made = let_answer(session, stored, "religion", {"muslim": 2})
    for response in made:
        came_from(app, response, held)
    partner.visit(f"sessions/{held}/tell")
    partner.send("/tell", {"turned_away": "0"})
    assert "What changed in who is missing" in officer.consultation(f"sessions/{held}").text
    assert "What changed in who is missing" not in partner.visit(f"sessions/{held}").text
