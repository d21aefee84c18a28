"""Sessions' data on the promised day, questions that tablets hold, and tablets themselves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import (
    Account,
    AssistedSession,
    AuditEvent,
    Device,
    PaperForm,
    ReadAloud,
    Response,
    SessionPack,
    Workspace,
)
from consult.services import consultations, retention
from consult.services.assisting import enrolling, forgetting
from tests.integration.assisting.visit import Visit, visit_in
from tests.support.consultations import FULL, NOW, PLANTED, World, changed, example
from tests.support.tablet import organisation_of

DUE = datetime(2027, 3, 30, 23, 0, tzinfo=UTC)
OFFICER = "officer@council.example.org"


@pytest.fixture(name="visit")
def visiting(world: World, tmp_path: Path) -> Visit:
    return visit_in(world, tmp_path)


def fill(visit: Visit) -> str:
    """A response, a talk, a waiting copy, a paper form, a recording, names; return the copy."""
    payload = visit.payload()
    visit.take(visit.tablet.seal(payload))
    visit.take(visit.tablet.seal(visit.tablet.talk("Planted talk")))
    waits = visit.tablet.seal(visit.payload(fields={**FULL, "visits": {"answer": ["x"]}}))
    visit.take(waits)
    with unit_of_work(visit.world.session) as session:
        held = session.get_one(AssistedSession, visit.held.id)
        held.facilitator = held.interpreter = "Planted name"
        held.what_was_hard = held.note = "Planted trouble"
        session.add(
            PaperForm(
                consultation_id=visit.world.stored.id,
                pack_id=session.scalars(select(SessionPack.id)).one(),
                language="en",
                number="90817263",
                code_hash="planted hash",
                printed_by=OFFICER,
                printed_at=NOW,
            )
        )
        session.add(
            ReadAloud(
                workspace_id=held.workspace_id,
                language="en",
                target="consent",
                media_type="audio/ogg",
                content=b"OggS",
                digest="planted voice",
                size=4,
                brought_by=OFFICER,
                brought_at=NOW,
            )
        )
    return waits


@pytest.mark.parametrize("deletion", ["delete", "anonymise"])
def test_on_the_promised_day_nothing_of_people_at_sessions_stays(
    visit: Visit, deletion: str
) -> None:
    privacy = {**example().model_dump()["privacy"], "deletion": deletion}
    visit.world.store(changed(example(), privacy=privacy))
    waits = fill(visit)
    with unit_of_work(visit.world.session) as session:
        assert retention.remove_due_data(session, now=DUE) == ["riverton-parks"]
    for table in ("arrival", "group_talk", "provenance", "paper_form", "read_aloud"):
        assert visit.world.count(table) == 0, table
    assert visit.world.count("response") == (0 if deletion == "delete" else 1)
    assert visit.world.count("assisted_session") == 1
    everything = visit.world.everything()
    sessions = ("Planted talk", "Planted name", "Planted trouble", waits)
    papers = ("90817263", "planted hash", "planted voice")
    assert not any(words in everything for words in (*PLANTED, *sessions, *papers))


def test_forms_and_recordings_of_another_consultation_stay(visit: Visit) -> None:
    fill(visit)
    visit.world.store(changed(example(), slug="other-parks"))
    with unit_of_work(visit.world.session) as session:
        other = consultations.get(session, "other-parks")
        session.scalars(select(Workspace)).one().consultation_id = other.id
        session.scalars(select(PaperForm)).one().consultation_id = other.id
    with unit_of_work(visit.world.session) as session:
        forgetting.forget(session, visit.world.stored)
    assert (visit.world.count("paper_form"), visit.world.count("read_aloud")) == (1, 1)


def test_a_form_outlives_the_answers_that_were_withdrawn(visit: Visit) -> None:
    """It has to be known, or the same sheet could be typed in anew."""
    fill(visit)
    with unit_of_work(visit.world.session) as session:
        one = session.scalars(select(Response)).one()
        session.scalars(select(PaperForm)).one().client_id = one.client_id
        forgetting.forget_copies(session, one)
    assert (visit.world.count("paper_form"), visit.world.count("provenance")) == (1, 0)


def test_what_comes_after_the_day_is_too_late_and_leaves_nothing(visit: Visit) -> None:
    with unit_of_work(visit.world.session) as session:
        retention.remove_due_data(session, now=DUE)
    visit.tablet.now = DUE
    sealed = visit.tablet.seal(visit.payload())
    assert visit.take(sealed) == "too_late"
    assert visit.arrival(sealed).sealed is None


def test_what_belongs_to_no_consultation_goes_after_sixty_days(visit: Visit) -> None:
    placed = visit.tablet.seal(visit.payload(pack="0" * 64))
    unplaced = visit.tablet.seal(visit.payload(), dev=str(uuid4()))
    assert visit.take(placed) == "quarantined"
    assert visit.take(unplaced, by_file=True) == "quarantined"
    for days, left in ((59, 2), (60, 1), (600, 1)):
        with unit_of_work(visit.world.session) as session:
            forgetting.forget_unplaced(session, now=NOW + timedelta(days=days))
        assert visit.world.count("arrival") == left
    assert visit.arrival(placed).sealed == placed


# Questions that tablets hold


def versions(world: World, key: str) -> list[int]:
    world.session.expire_all()
    (question,) = [each for each in world.stored.questions if each.key == key]
    return [version.number for version in question.versions]


def relabelled(label: str) -> Any:
    return changed(
        example(),
        questions=[
            each.model_copy(update={"label": label}) if each.key == "visits" else each
            for each in example().questions
        ],
    )


def test_a_question_that_no_tablet_holds_is_changed_in_place(world: World) -> None:
    world.store(relabelled("How often?"))
    assert versions(world, "visits") == [1]


def test_a_version_that_a_tablet_holds_stays(visit: Visit) -> None:
    world = visit.world
    world.store(relabelled("How often?"))
    assert versions(world, "visits") == [1, 2]
    world.store(relabelled("How many times?"))
    assert versions(world, "visits") == [1, 2, 3], "one that a tablet had once is kept for good"
    without = [each for each in example().questions if each.key != "visits"]
    world.store(changed(example(), questions=without))
    assert versions(world, "visits") == [1, 2, 3]
    asked = consultations.document_of(world.session, world.stored).questions
    assert "visits" not in {each.key for each in asked}


# Tablets


def test_a_revoked_tablet_stays_revoked_and_is_told_of_once(visit: Visit) -> None:
    for actor in (OFFICER, "another@council.example.org"):
        with unit_of_work(visit.world.session) as session:
            device = session.get_one(Device, visit.tablet.device_id)
            enrolling.revoke(session, device, actor=actor, now=NOW)
    device = visit.world.session.get_one(Device, visit.tablet.device_id)
    assert (device.revoked_at, device.revoked_by) == (NOW, OFFICER)
    event = visit.world.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "tablet revoked")
    ).one()
    assert (event.actor, event.subject) == (OFFICER, "riverton-parks")
    assert event.details == {"organisation": "Lozells Women's Group", "tablet": "Tablet 1"}


def test_tablets_are_found_in_their_own_consultation_only(visit: Visit) -> None:
    with unit_of_work(visit.world.session) as session:
        own = session.scalars(select(Workspace)).one()
        other = Workspace(
            slug="other",
            content={},
            readiness={},
            created_by=OFFICER,
            created_at=NOW,
            changed_by=OFFICER,
            changed_at=NOW,
        )
        session.add(other)
        session.flush()
        assert [d.name for d in enrolling.of_workspace(session, own)] == ["Tablet 1"]
        assert enrolling.of_workspace(session, other) == []
        assert enrolling.find(session, own, visit.tablet.device_id).name == "Tablet 1"
        for workspace, device in ((other, visit.tablet.device_id), (own, uuid4())):
            with pytest.raises(enrolling.UnknownDevice):
                enrolling.find(session, workspace, device)
        organisation = organisation_of(session, "riverton-parks", now=NOW)
        empty = organisation_of(session, "riverton-parks", now=NOW, name="Another")
        assert enrolling.has_device(session, organisation)
        assert not enrolling.has_device(session, empty)


def test_who_works_for_nobody_enrols_for_nobody(visit: Visit) -> None:
    with unit_of_work(visit.world.session) as session:
        account = Account(email="p@example.org", password="x", created_at=NOW)
        session.add(account)
        session.flush()
        assert enrolling.organisations_for(session, account) == []


def test_what_a_tablet_owes_beyond_all_reason_is_cut(visit: Visit) -> None:
    owed = enrolling.Owed(device_now=0, owes=2**40, oldest=2**40, unfinished=0)
    with unit_of_work(visit.world.session) as session:
        device = session.get_one(Device, visit.tablet.device_id)
        enrolling.note_seen(session, device, owed, now=NOW)
    assert visit.world.scalar("SELECT owes FROM device") == 1_000_000
    assert device.oldest_owed_at == NOW
    assert sa.inspect(device).persistent
