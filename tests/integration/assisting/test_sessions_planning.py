"""Sessions are planned, changed and called off by officers."""

import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.models import AssistedSession
from consult.services.assisting import planning
from tests.integration.assisting.people import DAY, TYPED, acts, only_session, partner_row
from tests.support.assisting_desk import held_at, note
from tests.support.outreach import fill, put_partner
from tests.support.staff import Colleague, Hire
from tests.support.visitors import in_session


def test_an_officer_plans_a_session(app: Flask, officer: Colleague) -> None:
    organisation = partner_row(app)
    officer.consultation("sessions/new")
    page = officer.send("/sessions/new", {**TYPED, "organisation": str(organisation)})
    assert "The session is planned." in page.text
    row = only_session(app)
    assert planning.plan_of(row) == planning.Plan(
        organisation_id=organisation,
        venue="Lozells library",
        on=date(2026, 11, 30),
        languages=("en", "ur"),
        area="E05011120",
        hopes=(("religion", "muslim"),),
        hoped_for=20,
        facilitator="Nasreen",
        interpreter="Mrs Khan, Urdu",
        note="Ask at the desk for the key.",
    )
    assert re.fullmatch("[ACDEFGHJKMNPQRTUVWXY34679]{6}", row.code)
    assert "session planned" in acts(app)
    listed = officer.consultation("sessions").text
    assert "Lozells library" in listed
    assert "Planned" in listed


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"venue": " "}, "Write where the session is"),
        ({"venue": "x" * 201}, "Write less: we can take up to 200 characters"),
        ({"on": "30 November"}, "Write the day as year, month and day"),
        ({"on": "2020-01-01"}, "Choose a day on which residents can answer"),
        ({"languages": []}, "Tick at least one language"),
        ({"hoped_for": "many"}, "Write how many people you hope for"),
        ({"facilitator": "x" * 201}, "Write less: we can take up to 200 characters"),
        ({"note": "x" * 2001}, "Shorten this: it is 1 character too long"),
        ({"organisation": ""}, "Choose the organisation that holds the session"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_nothing_typed_is_lost(
    app: Flask, officer: Colleague, changes: Mapping[str, Any], problem: str
) -> None:
    organisation = partner_row(app)
    put_partner(app)
    officer.consultation("sessions/new")
    page = officer.send("/sessions/new", {**TYPED, "organisation": str(organisation), **changes})
    assert page.status == 422
    assert problem in page.text
    assert "Mrs Khan, Urdu" in page.html
    with in_session(app) as session:
        assert session.scalars(select(AssistedSession)).all() == []


def test_a_line_of_the_outreach_plan_fills_the_form(app: Flask, officer: Colleague) -> None:
    fill(app)
    put_partner(app)
    plan = officer.consultation("watch/outreach")
    (link,) = [
        unescape(href) for href in re.findall('href="([^"]+/sessions/new[?][^"]+)"', plan.html)
    ]
    form = officer.get(link).form("/sessions/new")
    assert form.fields["hopes-religion"] == ["muslim"]
    assert form.fields["languages"] == ["ur", "bn"] or form.fields["languages"] == ["bn", "ur"]
    assert form.fields["area"] == ["E05011120"]
    assert int(form.fields["hoped_for"][0]) > 0
    page = officer.send("/sessions/new", {"venue": "The mosque", "on": DAY})
    assert "The session is planned." in page.text
    assert planning.plan_of(only_session(app)).hopes == (("religion", "muslim"),)


def test_a_plan_is_changed_and_two_who_change_it_see_each_other(
    app: Flask, officer: Colleague, hire: Hire
) -> None:
    held = held_at(app)
    other = hire("officer")
    for each in (officer, other):
        each.consultation(f"sessions/{held}/change")
    assert (
        "The changes are saved." in officer.send("/change", {"venue": "The hall", "on": DAY}).text
    )
    page = other.send("/change", {"venue": "The park", "on": DAY})
    assert page.status == 409
    assert "Somebody else has changed this meanwhile" in page.text
    assert "The hall" in page.text
    assert only_session(app).venue == "The hall"
    other.send("/change", {})
    assert only_session(app).venue == "The park"


def test_a_session_is_called_off_unless_people_answered(app: Flask, officer: Colleague) -> None:
    held = held_at(app)
    note(app, held, "We want shade.")
    officer.consultation(f"sessions/{held}/call-off")
    assert "People have answered in this session already" in officer.send("/call-off").text
    assert only_session(app).state == "planned"


def test_a_session_that_is_called_off_stays_so(app: Flask, officer: Colleague) -> None:
    held = held_at(app)
    officer.consultation(f"sessions/{held}/change")
    form = officer.page
    officer.consultation(f"sessions/{held}/call-off")
    assert "The session is called off." in officer.send("/call-off").text
    officer.page = form
    page = officer.send("/change", {"venue": "The hall", "on": DAY})
    assert page.status == 409
    assert "The session was called off meanwhile" in page.text
    assert only_session(app).state == "called_off"
