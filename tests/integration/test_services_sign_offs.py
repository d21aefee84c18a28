"""A second person's word: asked for by one, given by another, void after any change."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.db import unit_of_work
from consult.models import Account, AuditEvent, Membership, Role, SignOff
from consult.readiness.findings import Code
from consult.services import audit, readiness, sign_offs, workspaces
from consult.services.readiness import NotReady
from consult.services.sign_offs import (
    AlreadyAsked,
    Changed,
    NoReason,
    NotWaiting,
    OnlyEditor,
    OwnRequest,
    State,
)
from tests.support.readiness import ANNA, BEFORE, OMAR, PARKS, answer_all, sign, write
from tests.support.readiness import found as workspace_now
from tests.support.readiness import save as save_part

LATER = BEFORE + timedelta(hours=1)


@pytest.fixture
def world(world):
    """A consultation that lacks nothing but the second person's word."""
    write(world.session)
    answer_all(world.session)
    return world


def found(world):
    return workspace_now(world.session)


def standing(world):
    return sign_offs.standing(world.session, found(world))


def ask(world, actor=ANNA, now=BEFORE):
    with unit_of_work(world.session):
        asked = sign_offs.ask(world.session, PARKS, actor=actor, now=now)
        world.session.flush()
        return asked.id


def give(world, asked, *, agreed=True, note="", actor=OMAR, now=LATER):
    with unit_of_work(world.session):
        sign_offs.sign(world.session, PARKS, asked, agreed=agreed, note=note, actor=actor, now=now)


def save(world, part, actor=OMAR, now=LATER, **changes):
    save_part(world.session, part, actor=actor, now=now, **changes)


def test_one_asks_and_another_agrees(world):
    assert standing(world).state is State.NONE
    asked = ask(world)
    assert standing(world).state is State.WAITING
    with pytest.raises(NotReady) as refused:
        readiness.require(world.session, found(world), now=BEFORE)
    [blocker] = refused.value.blockers
    assert (blocker.code, blocker.values) == (Code.NOT_SIGNED_OFF, {"state": "waiting"})
    give(world, asked, note="  Well written.  ")
    here = standing(world)
    assert here.state is State.AGREED
    assert here.sign_off is not None
    assert (here.sign_off.requested_by, here.sign_off.signed_by) == (ANNA, OMAR)
    assert here.sign_off.note == "Well written."
    readiness.require(world.session, found(world), now=BEFORE)
    events = world.session.scalars(
        select(AuditEvent.action).where(AuditEvent.action.startswith("sign-off"))
    ).all()
    assert set(events) == {"sign-off asked for", "sign-off agreed"}


def test_who_asks_cannot_agree(world):
    asked = ask(world)
    with pytest.raises(OwnRequest):
        give(world, asked, actor=ANNA)
    assert standing(world).state is State.WAITING


def test_the_database_itself_wants_two_people(world):
    with pytest.raises(IntegrityError), unit_of_work(world.session):
        world.session.add(
            SignOff(
                workspace_id=found(world).id,
                content_digest="d" * 64,
                parts={},
                requested_by=ANNA,
                requested_at=BEFORE,
                signed_by=ANNA,
                signed_at=LATER,
                agreed=True,
            )
        )


def test_who_wrote_everything_cannot_be_the_second_person(world):
    asked = ask(world, actor=OMAR)
    with pytest.raises(OnlyEditor):
        give(world, asked, actor=ANNA)
    give(world, asked, actor=ANNA, agreed=False, note="I see a mistake of mine.")
    assert standing(world).state is State.DECLINED


def test_who_wrote_a_part_of_it_can(world):
    save(world, "words", actor=OMAR, asked_by="Riverton’s council", now=BEFORE)
    asked = ask(world, actor=OMAR)
    give(world, asked, actor=ANNA)
    assert standing(world).state is State.AGREED


def test_declining_needs_a_reason_and_blocks(world):
    asked = ask(world)
    with pytest.raises(NoReason):
        give(world, asked, agreed=False, note="   ")
    give(world, asked, agreed=False, note="The summary promises too much.")
    assert standing(world).state is State.DECLINED
    with pytest.raises(NotReady):
        readiness.require(world.session, found(world), now=LATER)
    sign(world.session, now=LATER + timedelta(minutes=1))  # asked again, and agreed
    assert standing(world).state is State.AGREED
    assert [each.agreed for each in sign_offs.history(world.session, found(world))] == [
        True,
        False,
    ]


def test_nobody_is_asked_while_something_blocks(world):
    save(world, "privacy", now=BEFORE, impact_assessment="TBC")
    with pytest.raises(NotReady) as refused:
        ask(world)
    assert [finding.code for finding in refused.value.blockers] == [Code.PLACEHOLDER]


def test_nobody_asks_twice(world):
    ask(world)
    with pytest.raises(AlreadyAsked):
        ask(world, actor=OMAR)
    give(world, standing(world).sign_off.id)
    with pytest.raises(AlreadyAsked):
        ask(world)


def test_two_ask_at_once_and_one_request_stands(world):
    def press(actor):
        return lambda session: sign_offs.ask(session, PARKS, actor=actor, now=BEFORE)

    with pytest.raises(AlreadyAsked):
        world.meanwhile(press(ANNA), press(OMAR))
    assert world.count("sign_off") == 1


def test_two_answer_at_once_and_one_answer_stands(world):
    asked = ask(world)

    def press(actor, agreed):
        return lambda session: sign_offs.sign(
            session, PARKS, asked, agreed=agreed, note="Why", actor=actor, now=LATER
        )

    with pytest.raises(NotWaiting) as late:
        world.meanwhile(press(OMAR, False), press("pia@council.example.org", True))
    assert late.value.standing.state is State.DECLINED


def test_a_change_makes_it_void_and_is_named(world):
    asked = ask(world)
    give(world, asked, now=BEFORE)
    save(world, "words", asked_by="Riverton’s council", actor=OMAR)
    here = standing(world)
    assert here.state is State.VOID
    assert here.changed == (
        Changed("words", OMAR, LATER),
        Changed("translations.ur", None, None),  # one of them is stale by that
    )
    with pytest.raises(NotReady):
        readiness.require(world.session, found(world), now=LATER)


def test_a_change_taken_back_changes_nothing(world):
    asked = ask(world)
    give(world, asked, now=BEFORE)
    save(world, "words", asked_by="Riverton’s council", actor=OMAR)
    save(world, "words", asked_by="Riverton Council (made up)", actor=OMAR)
    assert standing(world).state is State.AGREED


def test_a_change_while_it_waits_leaves_nothing_to_sign(world):
    asked = ask(world)
    save(world, "dates", actor=ANNA, closes_at="2026-04-01T12:00:00", late_until="2026-04-03T12:00")
    with pytest.raises(NotWaiting) as late:
        give(world, asked)
    assert late.value.standing.state is State.VOID
    assert late.value.standing.changed == (Changed("dates", ANNA, LATER),)


def test_a_new_request_puts_the_old_one_aside(world):
    first = ask(world)
    save(world, "contact", actor=ANNA, phone="01632 960001")
    second = ask(world, now=LATER)
    with pytest.raises(NotWaiting):
        give(world, first)
    give(world, second)
    assert standing(world).state is State.AGREED


def test_items_that_come_go_and_move_are_named(world):
    asked = ask(world)
    give(world, asked, now=BEFORE)
    with unit_of_work(world.session):
        workspaces.move_item(world.session, PARKS, "questions.visits", -1, actor=OMAR, now=LATER)
    assert standing(world).changed == (Changed("order.questions", OMAR, LATER),)
    with unit_of_work(world.session):
        workspaces.add_item(
            world.session,
            PARKS,
            "sections",
            {"key": "new", "title": "t", "summary": "s", "easy_read": "e", "full": "f"},
            actor=ANNA,
            now=LATER,
        )
    assert Changed("sections.new", ANNA, LATER) in standing(world).changed


def test_a_translation_changed_or_taken_back_makes_it_void(world):
    asked = ask(world)
    give(world, asked, now=BEFORE)
    with unit_of_work(world.session):
        row = next(row for row in found(world).texts if row.path == "title")
        row.text = "پارک"
    here = standing(world)
    assert here.state is State.VOID
    assert [each.part for each in here.changed] == ["translations.ur"]


def test_who_approved_a_translation_since_is_named(world):
    with unit_of_work(world.session):
        row = next(row for row in found(world).texts if row.path == "sections.vision.title")
        row.approved_by = row.approved_at = None
    asked = ask(world)
    give(world, asked, now=BEFORE)
    with unit_of_work(world.session):
        audit.record(
            world.session,
            actor=OMAR,
            action="translations approved",
            subject=PARKS,
            now=LATER,
            language="ur",
            texts=1,
        )
        row = next(row for row in found(world).texts if row.path == "sections.vision.title")
        row.approved_by, row.approved_at = OMAR, LATER
    assert standing(world).changed == (Changed("translations.ur", OMAR, LATER),)


def person(world, email, *roles, active=True, member=None):
    with unit_of_work(world.session):
        account = Account(email=email, name="", created_at=BEFORE, active=active)
        for name in roles:
            role = world.session.scalar(select(Role).where(Role.name == name))
            account.roles.append(role or Role(name=name))
        world.session.add(account)
        world.session.flush()
        if member:
            workspace = found(world)
            world.session.add(
                Membership(account_id=account.id, workspace_id=workspace.id, role=member)
            )


def test_who_may_sign(world):
    person(world, ANNA, "officer")
    person(world, OMAR, "officer")
    person(world, "admin@council.example.org", "admin")
    person(world, "pia@council.example.org", member="officer")
    person(world, "viewer@council.example.org", "viewer")
    person(world, "member@council.example.org", member="analyst")
    person(world, "gone@council.example.org", "officer", active=False)
    able = sign_offs.who_may_sign(world.session, found(world), "pia@council.example.org")
    # Anna wrote all of it; Pia asks.
    assert [each.email for each in able] == ["admin@council.example.org", OMAR]
    able = sign_offs.who_may_sign(world.session, found(world), OMAR)
    assert [each.email for each in able] == [
        "admin@council.example.org",
        "pia@council.example.org",
    ]
