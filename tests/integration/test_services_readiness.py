"""What stands between a consultation and its opening, and what officers answer for."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import AuditEvent, Response, WorkspaceText
from consult.readiness.asked import NO, YES, Asked, answers_in
from consult.readiness.findings import Code, Severity
from consult.services import opening, readiness, workspaces
from consult.services.readiness import Given, NotReady
from consult.services.workspaces import digest
from tests.support.consultations import CLOSES, OPENS
from tests.support.readiness import (
    ANNA,
    BEFORE,
    OMAR,
    PARKS,
    answer_all,
    answers,
    make_ready,
    save,
    write,
)
from tests.support.readiness import found as workspace_now

LATER = BEFORE + timedelta(hours=1)


def found(world):
    return workspace_now(world.session)


def findings(world, now=BEFORE, **options):
    return readiness.report(world.session, found(world), now=now, **options).findings


def codes(world, **options):
    return {finding.code for finding in findings(world, **options)}


def give(world, asked, text="", choice="", *, seen=None, actor=ANNA, now=LATER, still=False):
    if seen is None:
        seen = readiness.answer_digest(found(world), asked)
    given = {asked: Given(text, choice, seen, still_right=still)}
    with unit_of_work(world.session):
        return readiness.answer(
            world.session, PARKS, given, actor=actor, name=actor.split("@")[0], now=now
        )


def said(world):
    return answers_in(found(world).readiness)


def save_dates(world, **changes):
    save(world.session, "dates", **changes)


# The list


def test_a_ready_consultation_passes(world):
    workspace = make_ready(world.session)
    readiness.require(world.session, workspace, now=BEFORE)
    report = readiness.report(world.session, workspace, now=BEFORE)
    assert report.blockers == ()
    assert Severity.WARNS in {finding.severity for finding in report.findings}


def test_a_title_alone_lacks_everything(world):
    with unit_of_work(world.session):
        workspaces.create(world.session, PARKS, {"title": "Parks"}, actor=ANNA, now=BEFORE)
    missing = {each.path: each.values for each in findings(world) if each.code is Code.MISSING}
    assert missing["words"]["fields"] == (
        "asked_by",
        "introduction",
        "what_happens_next",
        "consent",
        "monitoring_introduction",
    )
    assert missing["dates"]["fields"] == ("opens_at", "closes_at", "late_until")
    assert {"contact", "privacy", "questions"} <= missing.keys() | {
        each.path for each in findings(world) if each.code is Code.UNFIT
    }
    with pytest.raises(NotReady) as refused:
        readiness.require(world.session, found(world), now=BEFORE)
    assert Code.NOT_SIGNED_OFF in {each.code for each in refused.value.blockers}


def test_what_contradicts_is_found_with_its_part(world):
    write(world.session)
    save_dates(world, closes_at="2026-02-01T12:00:00")
    assert [each.path for each in findings(world) if each.code is Code.UNFIT] == ["dates"]


def test_unapproved_translations_of_what_matters_block(world):
    write(world.session, translated=False)
    [blocked] = [each for each in findings(world) if each.code is Code.ESSENTIALS_UNTRANSLATED]
    assert blocked.severity is Severity.BLOCKS
    # Title, introduction, consent and three texts about privacy.
    assert blocked.values == {"language": "ur", "count": 6}
    [unapproved] = [each for each in findings(world) if each.code is Code.UNAPPROVED]
    assert unapproved.values["count"] == unapproved.values["total"]


def test_missing_and_stale_translations_are_counted(world):
    write(world.session)
    with unit_of_work(world.session):
        rows = {row.path: row for row in found(world).texts}
        rows["sections.vision.summary"].source_digest = "d" * 64
        world.session.delete(rows["sections.vision.title"])
    by_code = {each.code: each.values for each in findings(world)}
    assert by_code[Code.STALE]["count"] == 1
    assert by_code[Code.UNTRANSLATED]["count"] == 1
    assert Code.UNAPPROVED not in by_code
    assert Code.ESSENTIALS_UNTRANSLATED not in by_code


def test_a_translation_that_cannot_be_stored_blocks(world):
    write(world.session)
    with unit_of_work(world.session):
        row = world.session.scalars(
            select(WorkspaceText).where(WorkspaceText.path == "sections.vision.title")
        ).one()
        row.text = "bell \x07"
    assert any(
        each.code is Code.CONTRADICTS and each.path == "translations" for each in findings(world)
    )


def test_trying_it_out_settles_the_warning(world):
    write(world.session)
    assert Code.NOT_PREVIEWED in codes(world)
    with unit_of_work(world.session):
        opening.make_preview(world.session, PARKS, actor=ANNA, now=BEFORE)
    assert Code.NOT_PREVIEWED in codes(world)
    with unit_of_work(world.session):
        stored = found(world).consultation
        assert stored is not None
        world.session.add(
            Response(
                consultation_id=stored.id,
                client_id=stored.id,
                content_digest="d" * 64,
                code_hash="c" * 64,
                channel="online",
                language="en",
                started_at=BEFORE,
                received_at=BEFORE,
                timing="on_time",
                is_test=True,
            )
        )
    assert Code.NOT_PREVIEWED not in codes(world)
    assert readiness.report(world.session, found(world), now=BEFORE).case.facts.test_count == 1


def test_a_question_behind_a_contradiction_blocks(world):
    write(world.session)
    save(
        world.session,
        "questions.vision_why",
        show_if=[
            {"question": "vision_agree", "any_of": ["agree"], "none_of": []},
            {"question": "vision_agree", "any_of": [], "none_of": ["agree"]},
        ],
    )
    [never] = [each for each in findings(world) if each.code is Code.UNREACHABLE]
    assert (never.path, never.severity) == ("questions.vision_why.show_if", Severity.BLOCKS)


def test_after_opening_other_things_matter(world):
    make_ready(world.session)
    with unit_of_work(world.session):
        opening.open_to_residents(world.session, PARKS, at_once=False, actor=ANNA, now=BEFORE)
    now = OPENS + timedelta(days=1)
    assert Code.OPENING_PASSED not in codes(world, now=now)
    assert Code.NOT_PREVIEWED not in codes(world, now=now)
    assert Code.SHORT not in codes(world, now=now)  # as residents were told
    save_dates(world, opens_at="2026-03-05T09:00:00", closes_at="2026-03-30T12:00:00")
    by_code = {each.code: each for each in findings(world, now=now)}
    assert by_code[Code.REOPENS].severity is Severity.BLOCKS
    assert by_code[Code.CLOSES_EARLIER].severity is Severity.WARNS
    assert by_code[Code.CLOSES_EARLIER].values["promised"] == CLOSES
    assert by_code[Code.SHORT].values["days"] == 25


# Answers of people


def test_answers_are_kept_with_name_day_and_dates(world):
    write(world.session)
    assert give(world, Asked.FORMATIVE, "Everything but the budget.") == {}
    answer = said(world)[Asked.FORMATIVE]
    assert (answer.text, answer.by, answer.name, answer.at) == (
        "Everything but the budget.",
        ANNA,
        "anna",
        LATER,
    )
    assert (answer.opens, answer.closes) == (OPENS, CLOSES)
    event = world.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "readiness answered")
    ).one()
    assert (event.actor, event.details) == (ANNA, {"question": "formative"})


def test_one_answer_leaves_the_others_alone(world):
    write(world.session)
    give(world, Asked.FORMATIVE, "First.")
    give(world, Asked.TIME, "Second.", actor=OMAR)
    assert {asked: (each.text, each.by) for asked, each in said(world).items()} == {
        Asked.FORMATIVE: ("First.", ANNA),
        Asked.TIME: ("Second.", OMAR),
    }


def test_a_form_sent_untouched_signs_nothing_in_ones_own_name(world):
    write(world.session)
    answer_all(world.session)
    for asked, answer in said(world).items():
        give(world, asked, answer.text, answer.choice, actor=OMAR)
    assert {each.by for each in said(world).values()} == {ANNA}


def test_two_answer_one_question_and_neither_is_lost(world):
    write(world.session)
    nothing = readiness.answer_digest(found(world), Asked.TIME)
    give(world, Asked.TIME, "Anna’s words.", seen=nothing)
    conflicts = give(world, Asked.TIME, "Omar’s words.", seen=nothing, actor=OMAR)
    assert conflicts[Asked.TIME].text == "Anna’s words."
    assert said(world)[Asked.TIME].text == "Anna’s words."
    assert give(world, Asked.TIME, "Omar’s words.", actor=OMAR) == {}  # seen now, and meant
    assert said(world)[Asked.TIME].by == OMAR


def test_one_conflict_does_not_hold_up_the_rest(world):
    write(world.session)
    nothing = digest(None)
    give(world, Asked.TIME, "Anna’s words.")
    both = {
        Asked.TIME: Given("Omar’s words.", "", nothing),
        Asked.INFORMATION: Given("Enough.", "", nothing),
    }
    with unit_of_work(world.session):
        conflicts = readiness.answer(world.session, PARKS, both, actor=OMAR, name="Omar", now=LATER)
    assert list(conflicts) == [Asked.TIME]
    assert said(world)[Asked.INFORMATION].by == OMAR


def test_an_answer_taken_away_is_missing_again(world):
    write(world.session)
    answer_all(world.session)
    give(world, Asked.INFORMATION, "", actor=OMAR)
    unanswered = [each.path for each in findings(world) if each.code is Code.UNANSWERED]
    assert unanswered == ["readiness.information"]
    assert said(world)[Asked.INFORMATION].by == OMAR


def test_an_election_has_to_have_consequences(world):
    write(world.session)
    answer_all(world.session)
    give(world, Asked.ELECTION, "", YES)
    assert Code.UNANSWERED in codes(world)
    give(world, Asked.ELECTION, "We publish nothing new in those weeks.", YES)
    assert Code.UNANSWERED not in codes(world)


def test_later_dates_ask_about_elections_again(world):
    write(world.session)
    answer_all(world.session)
    save_dates(world, closes_at="2026-05-20T12:00:00", late_until="2026-05-22T12:00:00")
    outdated = [each.path for each in findings(world) if each.code is Code.ANSWER_OUTDATED]
    assert outdated == ["readiness.election"]
    # The first Thursday in May of 2026 is the 7th.
    [doubt] = [each for each in findings(world) if each.code is Code.USUAL_ELECTION_DAY]
    assert doubt.values["day"].isoformat() == "2026-05-07"
    give(world, Asked.ELECTION, "", NO, actor=OMAR, still=True)
    assert Code.ANSWER_OUTDATED not in codes(world)
    assert said(world)[Asked.ELECTION].by == OMAR


def test_a_much_shorter_time_asks_about_time_again(world):
    write(world.session)
    answer_all(world.session)
    save_dates(world, closes_at="2026-03-25T12:00:00")  # six days less
    assert Code.ANSWER_OUTDATED not in codes(world)
    save_dates(world, closes_at="2026-03-23T12:00:00")
    outdated = [each.path for each in findings(world) if each.code is Code.ANSWER_OUTDATED]
    assert outdated == ["readiness.time"]


def test_less_than_two_weeks_needs_a_lawyers_word(world):
    write(world.session)
    save_dates(world, closes_at="2026-03-16T08:59:00")
    answer_all(world.session)
    [short] = [each for each in findings(world) if each.code is Code.TOO_SHORT]
    assert short.severity is Severity.BLOCKS
    give(world, Asked.TIME, "It is.", YES)
    [short] = [each for each in findings(world) if each.code is Code.TOO_SHORT]
    assert short.severity is Severity.WARNS
    assert not [each for each in findings(world) if each.severity is Severity.BLOCKS]


def test_opening_at_once_is_judged_by_the_dates_that_come_of_it(world):
    write(world.session)
    with unit_of_work(world.session):
        readiness.answer(world.session, PARKS, answers(), actor=ANNA, name="Anna", now=BEFORE)
    late = CLOSES - timedelta(days=13)
    assert Code.TOO_SHORT in codes(world, now=late, at_once=True)
    assert Code.TOO_SHORT in codes(world, now=late)  # its opening time is over, too
    assert Code.TOO_SHORT not in codes(world, now=BEFORE)
