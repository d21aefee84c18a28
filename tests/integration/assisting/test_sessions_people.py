"""People and tablets of a partner organisation."""

import re
from typing import Any

from flask import Flask
from sqlalchemy import select

from consult.models import Device, OrganisationMember
from tests.integration.assisting.people import PIOTR, acts, partner_row
from tests.support.assisting_desk import held_at, tablet_of
from tests.support.staff import Colleague, make_account
from tests.support.visitors import in_session


def test_an_officer_names_somebody_by_address(app: Flask, officer: Colleague) -> None:
    organisation = partner_row(app)
    make_account(app, PIOTR, "partner", name="Piotr")
    officer.consultation("sessions/partners")
    page = officer.send(f"/{organisation}/add", {"email": "nobody at all"})
    assert page.status == 422
    assert "nobody at all" in page.html
    page = officer.send(f"/{organisation}/add", {"email": PIOTR.upper()})
    assert "The person is added." in page.text
    assert "Piotr" in page.text
    page = officer.send(f"/{organisation}/remove")
    assert "The person is taken out." in page.text
    with in_session(app) as session:
        assert session.scalars(select(OrganisationMember)).all() == []
    assert [act for act in acts(app) if act.startswith("partner's person")] == [
        "partner's person added",
        "partner's person removed",
    ]


def test_who_has_no_account_is_invited_and_joins_by_accepting(
    app: Flask, officer: Colleague, visitor: Any
) -> None:
    organisation = partner_row(app)
    held = held_at(app)
    officer.consultation("sessions/partners")
    page = officer.send(f"/{organisation}/add", {"email": "new@partner.example.org"})
    assert "The invitation is made" in page.text
    assert "Invited; the link works until" in page.text
    (link,) = re.findall(r"https?://[^\s<\"]+/invitation[^\s<\"]*", page.text)[:1]
    visitor.get("/" + link.split("/", 3)[3])
    fields = {
        name: "correct horse battery staple 9"
        for name in visitor.page.forms[-1].fields
        if "password" in name
    }
    visitor.send("", {"name": "Nova", **fields})
    with in_session(app) as session:
        (row,) = session.scalars(select(OrganisationMember)).all()
        assert row.organisation_id == organisation
        assert row.added_by == officer.email
    assert held is not None


def test_a_lost_tablet_is_revoked(app: Flask, officer: Colleague) -> None:
    device = tablet_of(app, "Tablet 7")
    assert "Tablet 7" in officer.consultation("sessions/partners").text
    page = officer.consultation(f"sessions/tablets/{device}/revoke")
    assert "lost or stolen" in page.text
    page = officer.send("/revoke")
    assert "The tablet is revoked." in page.text
    with in_session(app) as session:
        assert session.get_one(Device, device).revoked_by == officer.email
    assert (
        "This tablet was revoked on"
        in officer.consultation(f"sessions/tablets/{device}/revoke").text
    )


def test_an_organisation_with_sessions_cannot_be_removed(app: Flask, officer: Colleague) -> None:
    held_at(app)
    organisation = partner_row(app)
    officer.consultation(f"watch/partners/{organisation}/remove")
    page = officer.send("/remove")
    assert page.status == 409
    assert "This organisation has sessions or tablets" in page.text
