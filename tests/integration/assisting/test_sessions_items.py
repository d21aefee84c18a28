"""What tablets send as a file, and what of it waits for an officer's decision."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.db import unit_of_work
from consult.models import (
    Arrival,
    Consultation,
    Device,
    Provenance,
    Response,
    Workspace,
)
from consult.services.assisting import arrivals
from consult.services.assisting.keys import Keys
from tests.integration.assisting.people import acts
from tests.support.assisting_desk import PARTNER
from tests.support.staff import Colleague, Hire
from tests.support.tablet import Tablet, organisation_of, pack_of, session_of
from tests.support.visitors import NOON, SLUG, Page, in_session

ANSWERS = {"who": {"answer": ["resident"]}, "vision_agree": {"answer": ["agree"]}}


class Sealed:
    """A tablet of the partner, enrolled with the application's own keys."""

    def __init__(self, app: Flask) -> None:
        self.keys = Keys(app.config["CONSULT_SETTINGS"].key_path)
        with in_session(app) as session, unit_of_work(session):
            organisation = organisation_of(session, SLUG, now=NOON, name=PARTNER)
            held = session_of(session, organisation, now=NOON, on=date(2026, 11, 30))
            pack = pack_of(session, organisation, now=NOON)
            self.tablet = Tablet.enrolled(session, held, pack, self.keys, now=NOON)
            self.held = held.id


@pytest.fixture
def sealed(app: Flask, desk: Workspace) -> Sealed:
    return Sealed(app)


def upload(colleague: Colleague, items: Any) -> Page:
    """Send a saved copy."""
    token = colleague.visit("sessions/upload").form("/upload").fields["csrf_token"][0]
    content = items if isinstance(items, bytes) else json.dumps(items).encode()
    return colleague.post(
        colleague.address("sessions/upload"),
        {"csrf_token": token, "file": (io.BytesIO(content), "copy.json")},
    )


def test_a_saved_copy_is_taken_once(app: Flask, partner: Colleague, sealed: Sealed) -> None:
    tablet = sealed.tablet
    items = [tablet.seal(tablet.response(ANSWERS)), tablet.seal(tablet.talk("More shade"))]
    copy = {"format": "consult-sealed/1", "items": [*items, "not an item"]}
    for _ in range(2):
        page = upload(partner, copy)
        assert page.status == 200
        assert "The file holds 3 items." in page.text
        assert "2 of them are stored." in page.text
        assert "This item is damaged." in page.text
    with in_session(app) as session:
        (row,) = session.scalars(select(Provenance)).all()
        assert row.session_id == sealed.held
        assert {each.by_file for each in session.scalars(select(Arrival))} == {True}


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[]", b'{"format": "other/1", "items": ["a"]}', b'{"items": 3}'],
)
def test_another_file_is_refused(
    app: Flask, partner: Colleague, sealed: Sealed, content: bytes
) -> None:
    page = upload(partner, content)
    assert page.status == 422
    assert "This is not a sealed copy of a tablet" in page.text


def test_a_file_has_to_be_chosen_and_strangers_have_no_such_page(
    partner: Colleague, hire: Hire
) -> None:
    partner.visit("sessions/upload")
    assert "Choose the file that the tablet has saved" in partner.send("/upload").text
    page = hire("viewer").visit("sessions/upload")
    assert page.path == "/en/staff/sessions/"
    assert "does not belong to an organisation yet" in page.text


def revoked_item(app: Flask, partner: Colleague, sealed: Sealed) -> UUID:
    """A response of a tablet that was revoked before it came; the id of its arrival."""
    with in_session(app) as session, unit_of_work(session):
        device = session.get_one(Device, sealed.tablet.device_id)
        device.revoked_at, device.revoked_by = NOON - timedelta(hours=1), "officer"
    item = sealed.tablet.seal(sealed.tablet.response(ANSWERS))
    page = upload(partner, {"format": "consult-sealed/1", "items": [item]})
    assert "1 waits for an officer of the council." in page.text
    with in_session(app) as session:
        return session.scalars(select(Arrival.id)).one()


def test_what_a_revoked_tablet_sends_is_looked_at_and_accepted(
    app: Flask, partner: Colleague, officer: Colleague, sealed: Sealed
) -> None:
    arrival = revoked_item(app, partner, sealed)
    assert (
        "1 thing that a tablet sent waits for your decision."
        in officer.consultation("sessions").text
    )
    assert "The tablet was revoked before it came" in officer.consultation("sessions/arrivals").text
    page = officer.consultation(f"sessions/arrivals/{arrival}")
    assert "If the partner has it back" in page.text
    assert "What was answered" in page.text
    page = officer.send("/accept")
    assert "It is accepted and stored." in page.text
    assert "Nothing waits." in page.text
    with in_session(app) as session:
        assert len(session.scalars(select(Response)).all()) == 1
    assert "item from a tablet accepted" in acts(app)


def test_a_refused_item_is_gone(
    app: Flask, partner: Colleague, officer: Colleague, sealed: Sealed, hire: Hire
) -> None:
    arrival = revoked_item(app, partner, sealed)
    other = hire("officer")
    other.consultation(f"sessions/arrivals/{arrival}")
    officer.consultation(f"sessions/arrivals/{arrival}")
    assert "It is refused, and its words are deleted." in officer.send("/refuse").text
    assert "Somebody has decided about it meanwhile." in other.send("/accept").text
    assert officer.consultation(f"sessions/arrivals/{arrival}").status == 404
    with in_session(app) as session:
        assert session.scalars(select(Arrival)).one().sealed is None
        assert session.scalars(select(Response)).all() == []


def test_what_nobody_can_vouch_for_cannot_be_accepted(
    app: Flask, partner: Colleague, officer: Colleague, sealed: Sealed
) -> None:
    item = sealed.tablet.seal(sealed.tablet.response(ANSWERS), cid=str(UUID(int=7)))
    upload(partner, {"format": "consult-sealed/1", "items": [item]})
    with in_session(app) as session:
        arrival = session.scalars(select(Arrival.id)).one()
    page = officer.consultation(f"sessions/arrivals/{arrival}")
    assert "It says two things about where it comes from" in page.text
    page = officer.send("/accept")
    assert page.status == 409
    assert "This cannot be accepted: it says two things about where it comes from." in page.text


def test_without_the_key_file_the_page_says_so(
    app: Flask, partner: Colleague, officer: Colleague, sealed: Sealed
) -> None:
    arrival = revoked_item(app, partner, sealed)
    path = Path(sealed.keys.path)
    path.unlink()
    page = officer.consultation(f"sessions/arrivals/{arrival}")
    assert "the key file of this installation is missing" in page.text
    assert (
        upload(
            partner,
            {
                "format": "consult-sealed/1",
                "items": [sealed.tablet.seal(sealed.tablet.response(ANSWERS))],
            },
        ).status
        == 503
    )


def test_what_the_server_cannot_read_is_shown_and_only_refused(
    app: Flask, partner: Colleague, officer: Colleague, sealed: Sealed
) -> None:
    item = sealed.tablet.seal(sealed.tablet.talk("Our words. " * 10_000))
    upload(partner, {"format": "consult-sealed/1", "items": [item]})
    with in_session(app) as session:
        arrival = session.scalars(select(Arrival.id)).one()
    page = officer.consultation(f"sessions/arrivals/{arrival}")
    assert "What stands in it" in page.text
    assert page.text.count("Our words.") == 10_000
    assert "Accept and store it" not in page.text
    page = officer.send("/refuse")
    assert "It is refused, and its words are deleted." in page.text


def test_what_came_too_late_is_not_called_accepted(
    app: Flask, partner: Colleague, officer: Colleague, sealed: Sealed
) -> None:
    arrival = revoked_item(app, partner, sealed)
    officer.consultation(f"sessions/arrivals/{arrival}")
    with in_session(app) as session, unit_of_work(session):
        session.execute(update(Consultation).values(data_removed_at=NOON))
    page = officer.send("/accept")
    assert page.status == 409
    assert "It came after the last day" in page.text
    with in_session(app) as session:
        assert session.get_one(Arrival, arrival).sealed is not None


def test_what_belongs_to_another_consultation_is_said(
    app: Flask, partner: Colleague, hire: Hire, sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = revoked_item(app, partner, sealed)
    with in_session(app) as session, unit_of_work(session):
        session.execute(update(Arrival).values(consultation_id=None))
    assert hire("officer").consultation(f"sessions/arrivals/{arrival}").status == 404
    admin = hire("admin")
    assert "What was answered" in admin.consultation(f"sessions/arrivals/{arrival}").text

    def elsewhere(*_given: Any, **_options: Any) -> None:
        raise arrivals.BelongsElsewhere

    monkeypatch.setattr(arrivals, "accept", elsewhere)
    page = admin.send("/accept")
    assert page.status == 409
    assert "This belongs to another consultation" in page.text
