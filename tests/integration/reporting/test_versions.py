"""Versions of a report: numbered, frozen, published, taken down, forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import AuditEvent, ReportFile, ReportVersion
from consult.reports.data import Audience, ReportData
from consult.services import consultations
from consult.services.reporting import kept, texts, versions
from consult.services.reporting.versions import (
    DataRemoved,
    NoSuchVersion,
    NotPublic,
    Outrun,
)
from tests.support.consultations import NOW, SLUG
from tests.support.reports import sample_data
from tests.support.versions import gathered

OFFICER = "officer@council.example.org"
LATER = NOW + timedelta(days=1)
INTERNAL = Audience.INTERNAL


def make(world, *args, now=NOW, note="", releases=None, **kwargs):
    with unit_of_work(world.session):
        return versions.make(
            world.session,
            world.stored,
            gathered(*args, **kwargs),
            actor=OFFICER,
            now=now,
            note=note,
            releases=releases,
        )


def publish(world, version, now=LATER):
    with unit_of_work(world.session):
        versions.publish(world.session, version, actor=OFFICER, now=now)


def take_down(world, version, now=LATER):
    with unit_of_work(world.session):
        versions.take_down(world.session, version, actor=OFFICER, now=now)


def acts(world):
    found = world.session.query(AuditEvent).filter(AuditEvent.action.contains("report"))
    return [(act.action, act.details) for act in found]


def test_versions_are_numbered_over_both_audiences(world):
    one = make(world, "a", note="The first")
    two = make(world, "b", INTERNAL)
    three = make(world, "c")
    assert [one.number, two.number, three.number] == [1, 2, 3]
    assert (one.audience, one.note, one.made_by, one.made_at) == (
        "public",
        "The first",
        OFFICER,
        NOW,
    )
    assert ReportData.model_validate(three.data).number == 3
    assert [each.number for each in versions.every(world.session, world.stored)] == [3, 2, 1]
    latest = versions.latest(world.session, world.stored, INTERNAL)
    assert latest is not None
    assert latest.number == 2
    assert versions.numbered(world.session, world.stored, 2).id == two.id
    with pytest.raises(NoSuchVersion):
        versions.numbered(world.session, world.stored, 4)
    assert acts(world)[0] == ("report version made", {"version": 1, "audience": "public"})


def test_the_same_again_is_no_new_version(world):
    first = make(world, "a")
    assert make(world, "a", now=LATER).id == first.id
    assert make(world, "a", INTERNAL).number == 2
    make(world, "b")
    assert make(world, "a").number == 4, "not the same as the latest"
    assert world.count("report_version") == 4


def test_a_new_note_of_the_same_is_not_lost_until_it_was_published(world):
    make(world, "a", note="The first")
    assert make(world, "a", note="\nPaper answers are in. ").note == "Paper answers are in."
    version = make(world, "a")
    assert version.note == "Paper answers are in.", "nothing typed takes nothing away"
    publish(world, version)
    assert make(world, "a", note="Another").note == "Paper answers are in."
    take_down(world, version)
    assert make(world, "a", note="Another").note == "Paper answers are in."
    world.session.expire_all()
    assert versions.numbered(world.session, world.stored, 1).note == "Paper answers are in."
    assert world.count("report_version") == 1


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_no_version_has_a_number_that_no_database_holds(world, number):
    with pytest.raises(NoSuchVersion):
        versions.numbered(world.session, world.stored, number)


def test_the_words_of_quotes_are_not_frozen(world):
    data = sample_data()
    assert any(quote.text for talk in data.talk for each in talk.themes for quote in each.quotes)
    version = make(world, talk=data.talk)
    stored = ReportData.model_validate(version.data)
    quotes = [quote for talk in stored.talk for each in talk.themes for quote in each.quotes]
    assert quotes
    assert all(quote.text == {} and quote.translated_by is None for quote in quotes)


def test_what_is_not_printed_is_not_frozen_for_the_public(world):
    layout = sample_data().layout.model_copy(update={"sections": ("summary", "closed")})
    public = make(world, "a", layout=layout)
    stored = ReportData.model_validate(public.data)
    assert (stored.talk, stored.closed) == ((), sample_data().closed)
    assert public.release is not None
    assert public.release["tables"], "the next version must know the exact figures all the same"
    internal = ReportData.model_validate(make(world, "b", INTERNAL, layout=layout).data)
    assert [each.question for each in internal.talk] == ["vision_why"]


def test_every_public_version_is_a_release_published_or_not(world):
    make(world, "a")
    make(world, "b", INTERNAL)
    make(world, "c")
    world.session.expire_all()
    found = versions.earlier(world.session, world.stored)
    assert [each.name for each in found] == ["a", "c"]
    assert found[0].tables[0].table.counts.tolist() == [45, 45]


def test_figures_that_missed_a_release_make_no_version(world):
    make(world, "a", releases=0)
    with pytest.raises(Outrun):
        make(world, "b", releases=0)
    assert make(world, "b", releases=1).number == 2
    assert make(world, "c", INTERNAL, releases=0).number == 3, "no release is subtracted from it"


def test_two_at_once_get_two_numbers(world):
    digests = iter("abcd")
    numbers = world.at_once(
        lambda session: (
            versions.make(
                session,
                consultations.get(session, SLUG),
                gathered(next(digests)),
                actor=OFFICER,
                now=NOW,
            ).number
        )
    )
    assert sorted(numbers) == [1, 2, 3, 4]


def test_who_waited_for_another_version_learns_of_its_release(world):
    def one(digest):
        def act(session):
            stored = consultations.get(session, SLUG)
            found = gathered(digest)
            return versions.make(session, stored, found, actor=OFFICER, now=NOW, releases=0)

        return act

    with pytest.raises(Outrun):
        world.meanwhile(one("a"), one("b"))


def test_a_published_version_can_be_taken_down_and_come_back(world):
    first, second = make(world, "a"), make(world, "b")
    publish(world, first)
    publish(world, second)
    publish(world, second, now=LATER + timedelta(days=1))
    assert second.published_at == LATER, "it was published already"
    assert [v.number for v in versions.published(world.session, world.stored)] == [2, 1]
    take_down(world, second)
    take_down(world, second)
    assert [v.number for v in versions.published(world.session, world.stored)] == [1]
    assert len(versions.earlier(world.session, world.stored)) == 2
    publish(world, second, now=LATER + timedelta(days=2))
    assert [v.number for v in versions.published(world.session, world.stored)] == [2, 1]
    assert [action for action, details in acts(world) if details["version"] == 2] == [
        "report version made",
        "report published",
        "report taken down",
        "report published",
    ]


def test_an_internal_version_is_never_published(world):
    version = make(world, "a", INTERNAL)
    with pytest.raises(NotPublic):
        publish(world, version)
    take_down(world, version)
    assert version.taken_down_at is None


def test_the_version_before_is_the_one_for_the_same_readers(world):
    one, other = make(world, "a"), make(world, "b", INTERNAL)
    make(world, "c")
    session, stored = world.session, world.stored
    latest = versions.numbered(session, stored, 3)
    assert versions.before(session, stored, other) is None
    assert versions.before(session, stored, one) is None
    assert versions.before(session, stored, latest) is one


def test_a_file_is_kept_until_its_digest_is_another(world):
    version = make(world)
    with unit_of_work(world.session):
        kept.keep(world.session, version, "full-ur.docx", "a" * 64, b"one", now=NOW)
    assert kept.kept_file(world.session, version, "full-ur.docx", "a" * 64) == b"one"
    assert kept.kept_file(world.session, version, "full-ur.docx", "b" * 64) is None
    assert kept.kept_file(world.session, version, "full-en.docx", "a" * 64) is None
    with unit_of_work(world.session):
        kept.keep(world.session, version, "full-ur.docx", "b" * 64, b"two", now=LATER)
    assert kept.kept_file(world.session, version, "full-ur.docx", "b" * 64) == b"two"
    assert world.count("report_file") == 1


def test_several_may_keep_the_same_file_at_once(world):
    version = make(world)
    version_id = version.id
    world.session.rollback()

    def one(session):
        found = session.get_one(ReportVersion, version_id)
        kept.keep(session, found, "full-en.csv", "a" * 64, b"words", now=NOW)

    world.at_once(one)
    assert kept.kept_file(world.session, version, "full-en.csv", "a" * 64) == b"words"


def test_the_digest_of_a_file_hangs_on_the_words_of_quotes():
    data = sample_data()
    assert kept.digest_of(data) == kept.digest_of(sample_data())
    assert kept.digest_of(data) != kept.digest_of(versions.frozen(data))


def test_files_are_dropped_and_their_versions_stay(world):
    version = make(world)
    with unit_of_work(world.session):
        kept.keep(world.session, version, "full-en.csv", "a" * 64, b"words", now=NOW)
    with unit_of_work(world.session):
        kept.drop(world.session, world.stored.id)
    assert kept.kept_file(world.session, version, "full-en.csv", "a" * 64) is None
    assert world.count("report_version") == 1


def test_files_are_not_dropped_while_somebody_is_about_to_keep_one(world, engine):
    if engine.dialect.name == "sqlite":
        return  # where only one may write at a time anyway
    with unit_of_work(world.session), Session(engine) as other:
        texts.hold(world.session, world.stored)
        other.execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            kept.drop(other, world.stored.id)


def test_on_the_last_day_exact_figures_and_files_go_and_public_versions_stay(world):
    public, internal = make(world, "a"), make(world, "b", INTERNAL)
    publish(world, public)
    with unit_of_work(world.session):
        for version in (public, internal):
            kept.keep(world.session, version, "full-en.csv", "a" * 64, b"words", now=NOW)
    with unit_of_work(world.session):
        versions.forget(world.session, world.stored)
    world.session.expire_all()
    assert [v.number for v in versions.published(world.session, world.stored)] == [1]
    # The answers of this one stay without names, so another report must know the first.
    assert world.stored.deletion == "anonymise"
    assert len(versions.earlier(world.session, world.stored)) == 1
    assert world.session.query(ReportFile).count() == 0
    with pytest.raises(NoSuchVersion):
        versions.numbered(world.session, world.stored, 2)


def test_where_all_answers_go_their_exact_numbers_go_too(world):
    publish(world, make(world, "a"))
    with unit_of_work(world.session):
        world.stored.deletion = "delete"
        versions.forget(world.session, world.stored)
    world.session.expire_all()
    assert versions.numbered(world.session, world.stored, 1).release is None
    assert versions.earlier(world.session, world.stored) == []


def test_after_the_last_day_nothing_is_made(world):
    with unit_of_work(world.session):
        world.stored.data_removed_at = NOW
    with pytest.raises(DataRemoved):
        make(world)


def test_another_consultations_versions_are_not_touched(world):
    version = make(world)
    world.store(world.document.model_copy(update={"slug": "other"}))
    other = consultations.get(world.session, "other")
    assert versions.every(world.session, other) == []
    assert versions.earlier(world.session, other) == []
    with unit_of_work(world.session):
        versions.forget(world.session, other)
    world.session.expire_all()
    assert version.release is not None
