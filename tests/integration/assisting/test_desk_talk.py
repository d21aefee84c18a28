"""What tables said: listed by session, counted apart, taken away for good."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import AuditEvent, GroupTalk, Response
from consult.services.assisting import talk
from tests.integration.assisting.visit import Visit, visit_in
from tests.support.assisting_desk import held_at, note
from tests.support.consultations import World
from tests.support.staff import Hire
from tests.support.visitors import in_session

SAID = "We want benches by the pond."


@pytest.fixture(name="visit")
def visiting(world: World, tmp_path: Path) -> Visit:
    return visit_in(world, tmp_path)


def test_notes_stand_by_session_and_are_no_responses(app: Any, desk: Any, hire: Hire) -> None:
    held = held_at(app, venue="The Sikh temple")
    other = held_at(app, venue="The library")
    note(app, held, SAID, people=6)
    note(app, held, "ہمیں روشنی چاہیے", people=4, language="ur", question="vision_agree")
    note(app, held, "More shade.", people=3, table="By the door")
    note(app, other, "A safer road.", people=8)
    page = hire("analyst").consultation("sessions/talk")
    assert page.status == 200
    for words in ("The Sikh temple", "The library", SAID, "ہمیں روشنی چاہیے", "By the door"):
        assert words in page.text
    # The first table's two notes are of the same people: 6, and 3 and 8 at the others.
    for words in ("4 notes", "3 tables", "17 people", "9 people at its tables"):
        assert words in page.text
    assert "Remove it for good" not in page.text
    with in_session(app) as session:
        assert session.scalars(select(Response)).all() == []


def test_without_notes_the_page_says_so(app: Any, desk: Any, hire: Hire) -> None:
    assert (
        "No note of a group talk has come in." in hire("officer").consultation("sessions/talk").text
    )


def test_a_removed_note_is_gone_with_its_words(app: Any, desk: Any, hire: Hire) -> None:
    held = held_at(app)
    talk_id = note(app, held, "Mrs Planted of number 7 said so.")
    note(app, held, SAID)
    officer = hire("officer")
    officer.consultation("sessions/talk")
    page = officer.send(f"/{talk_id}/remove")
    assert "The note is removed." in page.text
    assert "Mrs Planted" not in page.text
    assert SAID in page.text
    with in_session(app) as session:
        row = session.get_one(GroupTalk, talk_id)
        assert (row.said, row.removed_by) == ("", officer.email)
        (act,) = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "group talk removed")
        ).all()
        assert act.details == {"people": 5}
        assert act.actor == officer.email


def test_who_may_not_remove_a_note_does_not(app: Any, desk: Any, hire: Hire) -> None:
    held = held_at(app)
    talk_id = note(app, held, SAID)
    officer = hire("officer")
    token = officer.consultation("sessions/talk").form(f"/{talk_id}/remove").fields["csrf_token"]
    address = officer.address(f"consultations/{officer.slug}/sessions/talk/{talk_id}/remove")
    analyst = hire("analyst")
    assert analyst.post(address, {"csrf_token": token[0]}).status == 403
    assert hire("viewer").consultation("sessions/talk").status == 403
    again = {"csrf_token": token[0]}
    assert officer.post(address.replace(str(talk_id), str(uuid4())), again).status == 404
    with in_session(app) as session:
        assert session.get_one(GroupTalk, talk_id).said == SAID


def test_a_note_that_is_sent_again_after_its_removal_stays_away(visit: Visit) -> None:
    payload = visit.tablet.talk("Planted name of a neighbour")
    sealed = visit.tablet.seal(payload)
    assert visit.take(sealed) == "stored"
    other = visit.tablet.seal({**payload, "said": "Planted name, told otherwise"})
    assert visit.take(other) == "kept_aside"
    with unit_of_work(visit.world.session) as session:
        (row,) = session.scalars(select(GroupTalk)).all()
        assert talk.remove(session, row, actor="officer", now=visit.tablet.now)
        assert not talk.remove(session, row, actor="officer", now=visit.tablet.now)
    assert visit.take(visit.tablet.seal(payload)) == "withdrawn"
    assert visit.arrival(other).sealed is None
    assert talk.tables_of(visit.world.session, visit.world.stored) == []
