"""From a workspace to what residents meet: opening, changing, pausing, extending, closing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import AuditEvent
from consult.readiness.findings import Code
from consult.services import changes, opening, sign_offs, workspaces
from consult.services.opening import AlreadyOpened, NothingToPublish, NotNow, TimesDoNotFit
from consult.services.readiness import NotReady
from consult.services.timing import Phase, phase
from consult.services.workspaces import State, digest
from tests.support.consultations import (
    CLOSES,
    LATE_UNTIL,
    NOW,
    OPENS,
)
from tests.support.readiness import (
    ANNA,
    BEFORE,
    OMAR,
    PARKS,
    act,
    actions,
    make_ready,
    public,
    respond,
    save,
    sign,
    stored,
    write,
)
from tests.support.readiness import found as workspace_now

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ready(world):
    """A consultation that may open, a month before it is to."""
    make_ready(world.session)
    return world


@pytest.fixture
def opened(ready):
    """The same, opened by Anna to open at its time."""
    act(ready, opening.open_to_residents, at_once=False, now=BEFORE)
    return ready


def edit(world, part, now=NOW, **changes):
    save(world.session, part, now=now, **changes)


def found(world):
    return workspace_now(world.session)


def state(world, now=NOW):
    return workspaces.state_of(found(world), now)


# Opening


def test_opening_at_its_time(ready):
    act(ready, opening.open_to_residents, at_once=False, now=BEFORE)
    assert state(ready, BEFORE) is State.SCHEDULED
    assert stored(ready).opens_at == OPENS
    assert phase(public(ready), OPENS - MINUTE) is Phase.BEFORE
    assert phase(public(ready), OPENS) is Phase.OPEN
    assert public(ready).translations["ur"]["title"] == "ریورٹن کے پارک"
    assert ("consultation opened", ANNA) in actions(ready)
    assert changes.pending(ready.session, found(ready)).parts == ()


def test_opening_at_once_needs_answers_for_the_earlier_dates(ready):
    with pytest.raises(NotReady) as refused:
        act(ready, opening.open_to_residents, at_once=True, now=BEFORE)
    assert [(each.code, each.path) for each in refused.value.blockers] == [
        (Code.ANSWER_OUTDATED, "readiness.election")
    ]
    assert state(ready, BEFORE) is State.PREPARING


def test_opening_at_once(ready):
    nearly = OPENS - timedelta(hours=12, seconds=1, microseconds=-5)
    act(ready, opening.open_to_residents, at_once=True, now=nearly)
    assert state(ready, nearly) is State.OPEN
    assert stored(ready).opens_at == nearly.replace(microsecond=0)
    assert found(ready).content["opens_at"] == "2026-03-01T20:59:59"
    assert changes.pending(ready.session, found(ready)).parts == ()


def test_nothing_opens_that_is_not_ready(world):
    write(world.session)
    with pytest.raises(NotReady) as refused:
        act(world, opening.open_to_residents, at_once=False, now=BEFORE)
    codes = [finding.code for finding in refused.value.blockers]
    assert codes == [Code.UNANSWERED] * 5 + [Code.NOT_SIGNED_OFF]
    assert world.count("consultation") == 1  # the one that every world has


def test_two_officers_open_it_at_once_and_one_does(ready):
    def press(actor):
        return lambda session: opening.open_to_residents(
            session, PARKS, at_once=False, actor=actor, now=BEFORE
        )

    with pytest.raises(AlreadyOpened):
        ready.meanwhile(press(ANNA), press(OMAR))
    assert [each for each in actions(ready) if each[0] == "consultation opened"] == [
        ("consultation opened", ANNA)
    ]


def test_who_enters_a_preview_while_it_opens_finds_nothing(ready):
    code = act(ready, opening.make_preview, now=BEFORE)

    def open_it(session):
        opening.open_to_residents(session, PARKS, at_once=False, actor=ANNA, now=BEFORE)

    entered = ready.meanwhile(
        open_it, lambda session: opening.enter_preview(session, code, now=BEFORE)
    )
    assert entered is None
    assert not stored(ready).is_preview


# Publishing changes


def test_changes_wait_for_publishing(opened):
    edit(opened, "words", asked_by="Riverton's council")
    assert public(opened).asked_by == "Riverton Council (made up)"
    assert changes.pending(opened.session, found(opened)).parts == (
        "words",
        # Its translation is of another text now.
        "translations.ur",
    )
    with pytest.raises(NotReady):
        act(opened, opening.publish_changes)
    sign(opened.session, now=NOW)
    act(opened, opening.publish_changes)
    assert public(opened).asked_by == "Riverton's council"
    assert changes.pending(opened.session, found(opened)).parts == ()


def test_a_question_with_answers_gets_a_new_version(opened):
    respond(opened, visits={"answer": ["3"]})
    edit(opened, "questions.visits", label="How often did you go last week?")
    edit(opened, "questions.name_of_park", label="Which park do you like?")
    pending = changes.pending(opened.session, found(opened))
    assert pending.parts == ("questions.name_of_park", "questions.visits", "translations.ur")
    assert pending.new_versions == ("visits",)
    assert pending.retired == ()
    sign(opened.session, now=NOW)
    act(opened, opening.publish_changes)
    versions = {
        question.key: [version.number for version in question.versions]
        for question in stored(opened).questions
    }
    assert versions["visits"] == [1, 2]
    assert versions["name_of_park"] == [1]
    event = opened.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "changes published")
    ).one()
    assert event.details["new_versions"] == ["visits"]


def test_a_question_that_is_gone_is_named(opened):
    respond(opened, visits={"answer": ["3"]})
    with unit_of_work(opened.session):
        seen = digest(workspaces.part_of(found(opened), "questions.visits"))
        workspaces.remove_item(
            opened.session, PARKS, "questions.visits", seen=seen, actor=ANNA, now=NOW
        )
    pending = changes.pending(opened.session, found(opened))
    assert pending.parts == ("translations.ur", "questions.visits")
    assert (pending.new_versions, pending.retired) == ((), ("visits",))


def test_another_order_is_a_change(opened):
    with unit_of_work(opened.session):
        workspaces.move_item(opened.session, PARKS, "questions.visits", -1, actor=ANNA, now=NOW)
    assert changes.pending(opened.session, found(opened)).parts == ("order.questions",)


def test_what_is_taken_for_granted_is_no_change(opened):
    """A page that writes out what a file may leave out changes nothing for residents."""
    edit(opened, "contact", large_print=None, phone_hours=None)
    edit(opened, "questions.visits", required=False, choose_at_most=None)
    assert changes.pending(opened.session, found(opened)).parts == ()


def test_nothing_changed_is_nothing_to_publish(opened):
    with pytest.raises(NothingToPublish):
        act(opened, opening.publish_changes)


def test_two_officers_publish_at_once_and_one_does(opened):
    edit(opened, "words", asked_by="Riverton's council")
    sign(opened.session, now=NOW)

    def press(actor):
        return lambda session: opening.publish_changes(session, PARKS, actor=actor, now=NOW)

    with pytest.raises(NothingToPublish):
        opened.meanwhile(press(ANNA), press(OMAR))


def test_what_is_not_open_has_nothing_to_publish(ready):
    with pytest.raises(NotNow) as refused:
        act(ready, opening.publish_changes)
    assert refused.value.state is State.PREPARING


def test_a_changed_promise_is_published_in_every_language(opened):
    """A new title that nobody has translated yet would be met in English by readers of Urdu."""
    edit(opened, "words", title="Better parks")
    with pytest.raises(NotReady) as refused:
        act(opened, opening.publish_changes)
    assert Code.ESSENTIALS_UNTRANSLATED in {each.code for each in refused.value.blockers}


def test_publishing_leaves_a_pause_as_it_is(opened):
    act(opened, opening.pause, True)
    edit(opened, "words", asked_by="Riverton's council")
    sign(opened.session, now=NOW)
    act(opened, opening.publish_changes)
    assert state(opened) is State.PAUSED


# Pausing


def test_pausing_and_going_on(opened):
    act(opened, opening.pause, True)
    assert state(opened) is State.PAUSED
    act(opened, opening.pause, False)
    assert state(opened) is State.OPEN
    assert ("consultation paused", ANNA) in actions(opened)
    assert ("consultation resumed", ANNA) in actions(opened)


@pytest.mark.parametrize(
    ("paused", "now", "where"),
    [
        (True, BEFORE, State.SCHEDULED),
        (False, NOW, State.OPEN),
        (True, CLOSES + DAY, State.CLOSED),
    ],
)
def test_pausing_at_the_wrong_time(opened, paused, now, where):
    with pytest.raises(NotNow) as refused:
        act(opened, opening.pause, paused, now=now)
    assert refused.value.state is where


def test_two_officers_pause_at_once_and_one_does(opened):
    def press(actor):
        return lambda session: opening.pause(session, PARKS, True, actor=actor, now=NOW)

    with pytest.raises(NotNow):
        opened.meanwhile(press(ANNA), press(OMAR))
    assert [each for each in actions(opened) if each[0] == "consultation paused"] == [
        ("consultation paused", ANNA)
    ]


# Closing later, and closing now


def test_extending_moves_what_follows(opened):
    closes = datetime(2026, 4, 14, 22, 59, tzinfo=UTC)
    act(opened, opening.extend, closes_at=closes)
    document = public(opened)
    assert document.closes == closes
    # As long after the closing as it was before: 36 hours and a minute.
    assert document.late == closes + (LATE_UNTIL - CLOSES)
    assert document.privacy.delete_on == date(2027, 3, 31)  # still after all of that
    assert found(opened).content["closes_at"] == "2026-04-14T23:59:00"
    assert changes.pending(opened.session, found(opened)).parts == ()
    assert (found(opened).changed_by, found(opened).changed_at) == (ANNA, NOW)


def test_extending_leaves_no_word_void(opened):
    """Nothing waits for a second person: residents meet the new times already."""
    assert sign_offs.standing(opened.session, found(opened)).state is sign_offs.State.AGREED
    act(opened, opening.extend, closes_at=CLOSES + DAY)
    assert sign_offs.standing(opened.session, found(opened)).state is sign_offs.State.NONE
    edit(opened, "words", asked_by="Riverton's council")
    assert sign_offs.standing(opened.session, found(opened)).state is sign_offs.State.VOID


def test_a_deletion_date_that_would_come_too_early_moves(opened):
    closes = datetime(2027, 6, 1, 22, 59, tzinfo=UTC)
    act(opened, opening.extend, closes_at=closes)
    # 1 June 23:59 local, late answers until 3 June 12:00, so the day after that.
    assert public(opened).privacy.delete_on == date(2027, 6, 4)
    assert found(opened).content["privacy"]["delete_on"] == "2027-06-04"


def test_extending_keeps_what_is_not_published(opened):
    edit(opened, "words", title="Not published yet")
    edit(opened, "privacy", delete_on="2027-12-31")
    act(opened, opening.extend, closes_at=CLOSES + DAY)
    assert public(opened).title == "Parks for Riverton"
    assert public(opened).privacy.delete_on == date(2027, 3, 31)
    assert found(opened).content["title"] == "Not published yet"
    assert found(opened).content["privacy"]["delete_on"] == "2027-12-31"


def test_a_closed_one_opens_again(opened):
    later = CLOSES + timedelta(days=3)
    assert state(opened, later) is State.CLOSED
    act(opened, opening.extend, closes_at=later + DAY, now=later)
    assert state(opened, later) is State.OPEN


@pytest.mark.parametrize(
    "closes_at", [CLOSES, CLOSES - DAY, NOW - DAY, NOW + timedelta(days=365 * 5, seconds=1)]
)
def test_times_that_do_not_fit(opened, closes_at):
    with pytest.raises(TimesDoNotFit):
        act(opened, opening.extend, closes_at=closes_at)
    assert public(opened).closes == CLOSES


def test_two_officers_extend_at_once_and_the_second_is_told(opened):
    def press(actor):
        return lambda session: opening.extend(
            session, PARKS, closes_at=CLOSES + DAY, actor=actor, now=NOW
        )

    with pytest.raises(TimesDoNotFit):
        opened.meanwhile(press(ANNA), press(OMAR))


def test_closing_now_leaves_the_grace_to_who_has_begun(opened):
    act(opened, opening.close)
    document = public(opened)
    assert state(opened) is State.CLOSED
    assert phase(document, NOW + timedelta(minutes=29)) is Phase.GRACE
    assert phase(document, NOW + timedelta(minutes=30)) is Phase.CLOSED
    assert document.privacy.delete_on == date(2027, 3, 31)


@pytest.mark.parametrize("now", [BEFORE, OPENS, CLOSES, CLOSES + DAY])
def test_only_what_is_open_is_closed(opened, now):
    with pytest.raises(NotNow):
        act(opened, opening.close, now=now)
    assert public(opened).closes == CLOSES


def test_closing_in_the_second_of_opening_is_refused(ready):
    nearly = OPENS - timedelta(hours=12)
    act(ready, opening.open_to_residents, at_once=True, now=nearly)
    with pytest.raises(NotNow):
        act(ready, opening.close, now=nearly + timedelta(milliseconds=700))
    act(ready, opening.close, now=nearly + timedelta(seconds=1))
    assert state(ready, nearly + timedelta(seconds=1)) is State.CLOSED


def test_two_officers_close_at_once_and_one_does(opened):
    def press(actor):
        return lambda session: opening.close(session, PARKS, actor=actor, now=NOW)

    with pytest.raises(NotNow):
        opened.meanwhile(press(ANNA), press(OMAR))


def test_times_in_the_hour_that_comes_twice_are_meant_as_said(opened):
    """On 25 October 2026 the clocks go back at 02:00 to 01:00."""
    closes = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # the second half past one
    act(opened, opening.extend, closes_at=closes)
    assert public(opened).closes == closes
    act(opened, opening.extend, closes_at=closes + timedelta(hours=5))
    assert found(opened).content["closes_at"] == "2026-10-25T06:30:00"


def test_acts_are_told_newest_first(opened):
    act(opened, opening.pause, True, now=NOW)
    act(opened, opening.pause, False, actor=OMAR, now=NOW + MINUTE)
    told = opening.last_acts(opened.session, PARKS, limit=2)
    assert [(each.action, each.actor) for each in told] == [
        ("consultation resumed", OMAR),
        ("consultation paused", ANNA),
    ]
