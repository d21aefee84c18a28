"""Previews: private links for colleagues, whose answers are tests."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import AuditEvent, Contact, ContactIntake, Response
from consult.services import consultations, drafts, opening, workspaces
from consult.services.opening import AlreadyOpened
from consult.services.timing import Phase, phase
from tests.support.consultations import CLOSES
from tests.support.readiness import (
    ANNA,
    BEFORE,
    PARKS,
    act,
    actions,
    answer_all,
    make_ready,
    public,
    respond,
    save,
    sign,
    stored,
    write,
)


def test_a_link_leads_to_what_is_written_so_far(world):
    with unit_of_work(world.session):
        workspaces.create(world.session, PARKS, {"title": "Half a plan"}, actor=ANNA, now=BEFORE)
    code = act(world, opening.make_preview, now=BEFORE)
    with unit_of_work(world.session):
        workspace = opening.enter_preview(world.session, code, now=BEFORE)
    assert workspace is not None
    assert workspace.slug == PARKS
    document = public(world)
    assert document.title == "Half a plan"
    assert document.introduction == "[…]"
    assert phase(document, BEFORE) is Phase.OPEN
    assert stored(world).is_preview
    assert PARKS not in consultations.slugs(world.session)


def test_a_link_shows_translations_that_nobody_has_approved(world):
    write(world.session, translated=False)
    act(world, opening.make_preview, now=BEFORE)
    assert public(world).translations["ur"]["title"] == "ریورٹن کے پارک"


def test_the_code_is_not_kept(world):
    write(world.session)
    code = act(world, opening.make_preview, now=BEFORE)
    assert code not in world.everything()
    assert opening.preview_hash(code) in world.everything()


def test_a_preview_can_be_answered_when_the_dates_are_over(world):
    write(world.session)
    late = CLOSES + timedelta(days=400)
    act(world, opening.make_preview, now=late)
    assert phase(public(world), late) is Phase.OPEN


def test_entering_brings_the_preview_up_to_what_is_written(world):
    write(world.session)
    code = act(world, opening.make_preview, now=BEFORE)
    save(world.session, "words", title="Another title")
    assert public(world).title == "Parks for Riverton"
    with unit_of_work(world.session):
        opening.enter_preview(world.session, code, now=BEFORE)
    assert public(world).title == "Another title"
    revision = stored(world).revision
    with unit_of_work(world.session):
        opening.enter_preview(world.session, code, now=BEFORE)
    assert stored(world).revision == revision  # nothing has changed, so nothing is written


def test_an_unknown_code_leads_nowhere(world):
    write(world.session)
    act(world, opening.make_preview, now=BEFORE)
    with unit_of_work(world.session):
        assert opening.enter_preview(world.session, "guessed", now=BEFORE) is None


def test_a_new_link_ends_the_one_before_and_keeps_the_test_answers(world):
    write(world.session)
    first = act(world, opening.make_preview, now=BEFORE)
    respond(world, now=BEFORE)
    second = act(world, opening.make_preview, now=BEFORE)
    with unit_of_work(world.session):
        assert opening.enter_preview(world.session, first, now=BEFORE) is None
        assert opening.enter_preview(world.session, second, now=BEFORE) is not None
    assert world.count("response") == 1


def test_what_is_answered_in_a_preview_is_a_test(world):
    write(world.session)
    act(world, opening.make_preview, now=BEFORE)
    response_id = respond(world, now=BEFORE)
    assert world.session.get_one(Response, response_id).is_test


def fill_preview(world):
    """A response, a draft, an address of today and one of an earlier day."""
    write(world.session)
    code = act(world, opening.make_preview, now=BEFORE)
    respond(world, now=BEFORE, name_of_park={"answer": ["Planted test answer"]})
    with unit_of_work(world.session):
        here = consultations.get(world.session, PARKS)
        document = consultations.document_of(world.session, here)
        drafts.start(world.session, here, document, language="en", now=BEFORE)
        for name in ("first", "second"):
            world.session.add(
                (Contact if name == "first" else ContactIntake)(
                    consultation_id=here.id,
                    email=f"{name}@council.example.org",
                    language="en",
                    given_on=date(2026, 2, 1),
                )
            )
    return code


def left(world):
    return {
        table: world.count(table) for table in ("response", "answer", "draft", "contact",
                                                "contact_intake")
    }  # fmt: skip


NOTHING = {"response": 0, "answer": 0, "draft": 0, "contact": 0, "contact_intake": 0}


def test_ending_a_preview_removes_all_of_it(world):
    code = fill_preview(world)
    assert 0 not in left(world).values()
    act(world, opening.end_preview, now=BEFORE)
    assert left(world) == NOTHING
    assert world.count("consultation") == 1  # the one that every world has
    with unit_of_work(world.session):
        assert opening.enter_preview(world.session, code, now=BEFORE) is None
    assert ("preview link ended", ANNA) in actions(world)
    act(world, opening.end_preview, now=BEFORE)  # again, as a second press does
    assert actions(world).count(("preview link ended", ANNA)) == 1


def test_opening_wipes_what_colleagues_have_tried(world):
    code = fill_preview(world)
    answer_all(world.session)
    sign(world.session)
    act(world, opening.open_to_residents, at_once=False, now=BEFORE)
    assert left(world) == NOTHING
    assert "Planted test answer" not in world.everything()
    assert not stored(world).is_preview
    assert stored(world).revision == 1  # as the preview's was: caches must look at the id too
    with unit_of_work(world.session):
        assert opening.enter_preview(world.session, code, now=BEFORE) is None
    removed = world.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "preview removed")
    ).one()
    assert removed.details == {"test_responses": 1}


def test_nobody_makes_a_link_to_what_is_open(world):
    make_ready(world.session)
    act(world, opening.open_to_residents, at_once=False, now=BEFORE)
    with pytest.raises(AlreadyOpened):
        act(world, opening.make_preview)
