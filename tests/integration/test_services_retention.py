"""The promised day: what was collected is deleted, or keeps nothing that tells of a person."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from consult.db import unit_of_work
from consult.models import AuditEvent, Response
from consult.services import (
    consultations,
    contacts,
    deciding,
    drafts,
    housekeeping,
    responses,
    retention,
)
from tests.support.consultations import (
    FULL,
    FULL_VALUES,
    NOW,
    PLANTED,
    SLUG,
    changed,
    example,
    plain_table,
    rows_of_0001,
    with_question,
)

# The example promises 31 March 2027, which begins an hour before midnight UTC.
DUE = datetime(2027, 3, 30, 23, 0, tzinfo=UTC)
DAY = datetime(2026, 3, 10, tzinfo=UTC)


def with_deletion(document, deletion):
    privacy = {**document.model_dump()["privacy"], "deletion": deletion}
    return changed(document, privacy=privacy)


def remove(world, now=DUE):
    with unit_of_work(world.session):
        return retention.remove_due_data(world.session, now=now)


def fill(world):
    """A response, an open draft, and two addresses, one of them filed."""
    receipt = world.send(
        world.begin(FULL, language="ur"),
        now=NOW + timedelta(minutes=3),
        finished_at_device=NOW,
        hidden_field_filled=True,
    )
    world.begin({"name_of_park": {"answer": ["Planted draft"]}})
    with unit_of_work(world.session):
        stored = world.stored
        contacts.add(world.session, stored, "planted-1@example.org", language="en", now=NOW)
        contacts.file_earlier_days(world.session, now=NOW + timedelta(days=1))
        contacts.add(world.session, stored, "planted-2@example.org", language="en", now=NOW)
    return receipt


def removals(world):
    events = world.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.actor == "machine", AuditEvent.subject == SLUG)
    )
    return [(event.action, event.at, event.details) for event in events]


def test_nothing_goes_before_the_local_day(world):
    fill(world)
    before = world.everything()
    assert remove(world, DUE - timedelta(seconds=1)) == []
    assert world.everything() == before


@pytest.mark.parametrize("deletion", ["delete", "anonymise"])
def test_on_the_day_it_is_done_once_and_noted(world, deletion):
    world.store(with_deletion(example(), deletion))
    fill(world)
    assert remove(world) == [SLUG]
    done = world.everything()
    action = {"delete": "answers deleted", "anonymise": "answers anonymised"}[deletion]
    assert removals(world) == [(action, DUE, {"responses": 1, "contacts": 2})]
    assert world.stored.data_removed_at == DUE
    assert remove(world, DUE + timedelta(days=1)) == []
    assert world.everything() == done
    for words in (*PLANTED, "Planted draft", "planted-1", "planted-2"):
        assert words not in done
    counts = {t: world.count(t) for t in ("contact", "contact_intake", "draft", "draft_answer")}
    assert counts == {"contact": 0, "contact_intake": 0, "draft": 0, "draft_answer": 0}


def test_deleting_leaves_no_response(world):
    world.store(with_deletion(example(), "delete"))
    fill(world)
    remove(world)
    counts = {table: world.count(table) for table in ("response", "answer", "response_mark")}
    assert counts == {"response": 0, "answer": 0, "response_mark": 0}
    assert world.document.title == "Parks for Riverton"  # what was asked stays


def test_anonymising_keeps_closed_answers_about_the_draft_only(world):
    receipt = fill(world)
    old = world.response(receipt)
    known = {old.client_id, old.code_hash, old.content_digest}
    remove(world)
    response = world.response(receipt)
    assert responses.answers_of(response) == {
        "capacity": {"choice": "group"},  # without the words
        "vision_agree": FULL_VALUES["vision_agree"],
        "visits": FULL_VALUES["visits"],
        "wishes": FULL_VALUES["wishes"],
        "order": FULL_VALUES["order"],
    }
    assert not known & {response.client_id, response.code_hash, response.content_digest}
    assert (response.started_at, response.received_at) == (DAY, DAY)
    assert response.finished_at_device is None
    assert {answer.answered_at for answer in response.answers} == {DAY}
    assert response.language == "ur"
    assert world.count("response_mark") == 1


def test_anonymising_cuts_every_time_to_its_day(world):
    receipt = world.send(world.begin())
    with unit_of_work(world.session):
        response = world.response(receipt)
        deciding.exclude(
            world.session,
            response,
            actor="an officer",
            reason="Sent to try",
            now=NOW + timedelta(days=2, hours=1),
        )
        responses.withdraw(world.session, response, now=NOW + timedelta(days=1, minutes=5))
    changing = world.send(world.begin())
    with unit_of_work(world.session):
        change = drafts.start_change(
            world.session,
            world.stored,
            world.document,
            world.response(changing),
            language="en",
            now=NOW + timedelta(days=3),
        )
    world.send(change, now=NOW + timedelta(days=3, hours=7))
    remove(world)
    withdrawn = world.response(receipt)
    assert withdrawn.withdrawn_at == DAY + timedelta(days=1)
    assert withdrawn.exclusion_reason is None
    assert world.response(changing).changed_at == DAY + timedelta(days=3)
    midnights = {
        time
        for name in ("started_at", "received_at", "changed_at", "withdrawn_at", "excluded_at")
        for time in world.session.scalars(sa.select(getattr(Response, name)))
        if time is not None
    }
    assert {(time.hour, time.minute, time.second) for time in midnights} == {(0, 0, 0)}


def test_anonymising_removes_what_is_sensitive_in_any_part_and_in_older_versions(world):
    harmless = with_question(example(), "age", sensitivity="none")  # asks who one is, all the same
    world.store(with_question(harmless, "wishes", sensitivity="special"))
    first = world.send(world.begin())
    world.store(with_question(world.document, "wishes", sensitivity="none", label="And now?"))
    world.store(with_question(world.document, "visits", sensitivity="personal"))
    second = world.send(world.begin())
    remove(world)
    kept = [set(responses.answers_of(world.response(receipt))) for receipt in (first, second)]
    always = {"capacity", "vision_agree", "order"}
    assert kept == [always | {"visits"}, always | {"wishes"}]


def test_more_responses_than_are_read_at_once_are_all_anonymised(world):
    row = rows_of_0001()["response"]
    row["consultation_id"] = world.stored.id
    people = [  # they are read in batches of 500
        {**row, "id": uuid4(), "client_id": uuid4(), "code_hash": f"{number:064}"}
        for number in range(501)
    ]
    with world.engine.begin() as connection:
        connection.execute(sa.insert(plain_table("response", row)), people)
    remove(world)
    assert world.count("response") == 501
    assert set(world.session.scalars(sa.select(Response.received_at))) == {DAY}
    assert len(set(world.session.scalars(sa.select(Response.content_digest)))) == 501


def test_only_the_consultation_that_is_due_is_touched(world):
    privacy = {**example().model_dump()["privacy"], "delete_on": date(2027, 4, 1)}
    world.store(changed(example(), slug="another", privacy=privacy))
    with unit_of_work(world.session):
        stored = consultations.get(world.session, "another")
        document = consultations.document_of(world.session, stored)
        draft = drafts.start(world.session, stored, document, language="en", now=NOW)
        question = document.question("name_of_park")
        assert question is not None
        drafts.save_answer(
            world.session,
            draft,
            document,
            question,
            {"answer": ["Another meadow"]},
            language="en",
            now=NOW,
        )
        contacts.add(world.session, stored, "another@example.org", language="en", now=NOW)
    fill(world)
    assert remove(world) == [SLUG]
    left = world.everything()
    assert "Another meadow" in left
    assert "another@example.org" in left
    assert consultations.get(world.session, "another").data_removed_at is None
    assert remove(world, DUE + timedelta(days=1)) == ["another"]
    assert "Another meadow" not in world.everything()


def test_a_failure_half_way_leaves_everything_as_it_was(world, monkeypatch):
    fill(world)
    before = world.everything()

    def fail(*_args, **_kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr(retention, "_coarsen", fail)
    with pytest.raises(OSError, match="disk is full"):
        remove(world)
    assert world.everything() == before


# Housekeeping


def test_a_round_of_housekeeping_does_all_that_is_due(world):
    def run_all(now):
        done = {}
        for name, job in housekeeping.JOBS.items():
            with unit_of_work(world.session):
                done[name] = job(world.session, now=now)
        return done

    def expected(drafts_, contacts_, removed, *, looked=0):
        return {
            "expired drafts removed": drafts_,
            "contacts filed": contacts_,
            "due data removed": removed,
            "old jobs removed": 0,
            "old invitations removed": 0,
            "old sessions removed": 0,
            "old failures to sign in removed": 0,
            "old tokens removed": 0,
            "old response files removed": 0,
            "old answer sheets removed": 0,
            "items of no consultation removed": 0,
            "old keys of tablets removed": 0,
            "flags looked for": looked,
            "digests asked for": 0,
            "new answers given to the themes": 0,
        }

    fill(world)
    assert run_all(NOW) == expected(0, 0, [], looked=1)
    assert run_all(NOW + timedelta(days=31)) == expected(2, 1, [])
    assert (world.count("contact"), world.count("contact_intake")) == (2, 0)
    assert run_all(DUE) == expected(0, 0, [SLUG])
    assert run_all(DUE) == expected(0, 0, [])


def test_what_comes_after_the_deletion_date_goes_too(world):
    fill(world)
    remove(world)
    with unit_of_work(world.session):
        stored = consultations.get(world.session, SLUG)
        contacts.add(world.session, stored, "late@example.org", language="en", now=DUE)
    remove(world)
    assert (world.count("contact"), world.count("contact_intake")) == (0, 0)


# The report


def test_the_report_says_what_is_held_and_until_when(world):
    fill(world)
    withdrawn = world.send(world.begin(now=NOW + timedelta(days=1)), now=NOW + timedelta(days=1))
    with unit_of_work(world.session):
        responses.withdraw(
            world.session, world.response(withdrawn), now=NOW + timedelta(days=1, hours=1)
        )
    [line] = retention.report(world.session, now=NOW)
    assert line == retention.RetentionLine(
        slug=SLUG,
        title="Parks for Riverton",
        is_preview=False,
        response_count=2,
        withdrawn_count=1,
        draft_count=1,
        contact_count=2,
        oldest_at=NOW,  # the drafts were begun then; the first response came three minutes later
        delete_on=date(2027, 3, 31),
        days_left=386,  # 21 of March 2026, 365 to 31 March 2027
        deletion="anonymise",
        data_removed_at=None,
        removals=(),
    )
    assert not line.is_overdue


def test_days_are_counted_where_the_consultation_is(world):
    def days_left(now):
        [line] = retention.report(world.session, now=now)
        return line.days_left, line.is_overdue

    assert days_left(DUE - timedelta(seconds=1)) == (1, False)
    assert days_left(DUE) == (0, False)  # the day itself, for the next round of housekeeping
    assert days_left(DUE + timedelta(days=1)) == (-1, True)


@pytest.mark.parametrize(("deletion", "left"), [("delete", 0), ("anonymise", 1)])
def test_the_report_tells_what_was_removed(world, deletion, left):
    world.store(with_deletion(example(), deletion))
    fill(world)
    remove(world)
    [line] = retention.report(world.session, now=DUE + timedelta(days=2))
    assert (line.response_count, line.draft_count, line.contact_count) == (left, 0, 0)
    assert line.oldest_at == (DAY if left else None)
    assert line.removals == (retention.Removal(DUE, deletion, response_count=1, contact_count=2),)
    assert (line.data_removed_at, line.is_overdue) == (DUE, False)


def test_an_empty_consultation_and_the_next_to_be_removed_first(world):
    privacy = {**example().model_dump()["privacy"], "delete_on": date(2026, 12, 1)}
    world.store(changed(example(), slug="another", privacy=privacy))
    fill(world)
    [first, second] = retention.report(world.session, now=NOW)
    assert (first.slug, second.slug) == ("another", SLUG)
    assert (first.response_count, first.draft_count, first.contact_count) == (0, 0, 0)
    assert first.oldest_at is None


def test_a_second_removal_is_told_beside_the_first(world):
    world.store(with_deletion(example(), "delete"))
    fill(world)
    remove(world)
    privacy = {**world.document.model_dump()["privacy"], "delete_on": date(2027, 4, 30)}
    world.store(changed(world.document, privacy=privacy), now=DUE)
    later = DUE + timedelta(days=30)
    remove(world, later)
    [line] = retention.report(world.session, now=later)
    assert [(each.at, each.response_count) for each in line.removals] == [(DUE, 1), (later, 0)]
