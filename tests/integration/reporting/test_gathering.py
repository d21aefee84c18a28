"""A whole report, and what somebody learns who holds every public one."""

import itertools
import random
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.disclosure import publish
from analysis.suppression.protecting import CannotProtect
from analysis.suppression.releases import (
    Release,
    ReleasedTable,
    release_from_json,
    release_to_json,
)
from analysis.suppression.tables import Axis, Kind, make_table
from consult.config import Settings
from consult.db import make_engine, unit_of_work
from consult.demo import setting_up
from consult.demo.responses.generate import illustrative_responses
from consult.models import Response
from consult.reports.data import Audience, Count, ReportData, Share
from consult.services import consultations
from consult.services.reporting import layouts
from consult.services.reporting.figures import COUNTED, Figures, as_count
from consult.services.reporting.gathering import gather
from consult.services.reporting.residence import Branch, Residence
from consult.services.themes import studies
from tests.support.consultations import NOW
from tests.support.databases import sqlite_url
from tests.support.report_attack import attack_releases, attack_reports
from tests.support.responding import chose, respond
from tests.support.themes import analyse
from tests.support.visitors import NOON, SLUG

LATER = NOW + timedelta(days=1)


def gathered(world, audience=Audience.PUBLIC, now=NOW, earlier=()):
    return gather(world.session, world.stored, audience=audience, now=now, earlier=earlier)


def come(world):
    respond(world, 42, chose(vision_agree="agree", ward="E1", age="from_45"))
    respond(world, 35, chose(vision_agree="disagree", ward="W1", age="under_45"))
    respond(world, 25)


def figures_in(part):
    """Every count and share in a part of a report."""
    if isinstance(part, Count | Share):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from figures_in(each)
    elif hasattr(type(part), "model_fields"):
        for name in type(part).model_fields:
            yield from figures_in(getattr(part, name))


def test_a_report_says_what_was_asked(world):
    come(world)
    data = gathered(world).data
    assert (data.number, data.audience, data.made_at) == (0, Audience.PUBLIC, NOW)
    assert (data.threshold, data.rounded_to) == (10, 5)
    consultation = data.consultation
    assert consultation.title == {"en": "Parks for Riverton", "ur": "ریورٹن کے پارک"}
    assert list(consultation.title) == ["en", "ur"]
    assert consultation.illustration
    assert [section.title["en"] for section in consultation.sections] == ["Our vision"]
    asked = {question.key: (question.part, question.section) for question in consultation.questions}
    assert asked["capacity"] == ("eligibility", None)
    assert asked["vision_agree"] == ("draft", "vision")
    assert asked["age"] == ("monitoring", None)
    assert ReportData.model_validate_json(data.model_dump_json()) == data


def test_no_number_of_people_in_public_is_exact(world):
    come(world)
    found = list(figures_in(gathered(world).data))
    shown = [each.value for each in found if isinstance(each, Count) and each.value is not None]
    assert len(shown) > 10
    assert all(value % 5 == 0 for value in shown)
    shares = [each.value for each in found if isinstance(each, Share) and each.value is not None]
    assert shares
    assert all(round(share, 2) == share for share in shares)


def test_an_internal_report_is_no_release(world):
    come(world)
    assert gathered(world, Audience.INTERNAL).release is None
    assert gathered(world).release is not None


def test_the_same_again_has_the_same_digest(world):
    come(world)
    first = gathered(world)
    assert first.release is not None
    again = gathered(world, now=LATER, earlier=[first.release])
    assert again.digest == first.digest
    assert again.data.closed == first.data.closed
    assert gathered(world, Audience.INTERNAL).digest != first.digest


def test_whatever_changes_has_another_digest(world):
    come(world)
    seen = {gathered(world).digest}
    respond(world, 1)
    seen.add(gathered(world).digest)
    with unit_of_work(world.session):
        layouts.switch(world.session, world.stored, "method", on=False, actor="o", now=NOW)
    seen.add(gathered(world).digest)
    world.store(world.document.model_copy(update={"title": "Parks for everybody"}))
    seen.add(gathered(world).digest)
    assert len(seen) == 4


def test_pausing_makes_no_other_report(world):
    come(world)
    before = gathered(world).digest
    with unit_of_work(world.session):
        consultations.set_paused(world.session, world.stored.slug, True, actor="o", now=NOW)
    assert gathered(world).digest == before


def test_figures_stand_until_enough_more_have_come(world):
    come(world)
    first = gathered(world)
    assert first.release is not None
    stored = release_from_json(release_to_json(first.release))
    respond(world, 9, chose(vision_agree="agree", ward="E1", age="from_45"))
    second = gathered(world, earlier=[stored])
    assert second.digest != first.digest
    assert second.data.arrived.responses == first.data.arrived.responses
    assert second.data.closed == first.data.closed
    assert second.release is not None
    respond(world, 1, chose(vision_agree="agree", ward="E1", age="from_45"))
    third = gathered(world, earlier=[stored, second.release])
    assert third.data.arrived.responses.text == "110"  # 112
    assert next(o for o in third.data.closed[0].options if o.key == "agree").count.text == "50"


def test_of_a_handful_of_responses_nothing_is_said(world):
    respond(world, 9, chose(vision_agree="agree", ward="E1", age="from_45"))
    with pytest.raises(CannotProtect):
        gathered(world)
    assert gathered(world, Audience.INTERNAL).data.arrived.responses.value == 9
    respond(world, 1)
    assert gathered(world).data.arrived.responses.text == "10"


def test_when_nearly_all_have_gone_old_figures_are_not_told_as_those_of_today(world):
    come(world)
    first = gathered(world)
    assert first.release is not None
    with unit_of_work(world.session):
        for response in list(world.session.scalars(select(Response)))[3:]:
            response.withdrawn_at = NOW
    with pytest.raises(CannotProtect):
        gathered(world, now=LATER, earlier=[first.release])


def test_flags_are_the_same_where_published_numbers_are(world):
    """One more of a group, still shown as the same number, must change nothing that is said."""
    respond(world, 48, chose(vision_agree="agree", ward="E1", age="from_45"))
    respond(world, 33, chose(vision_agree="disagree", ward="W1", age="under_45"))
    respond(world, 15)
    seen = []
    for _ in range(4):
        data = gathered(world).data
        seen.append((data.representation, data.closed))
        respond(world, 1, chose(vision_agree="disagree", ward="W1", age="under_45"))
    # 33 to 36 are shown as 35, 81 to 82 as 80 and more as 85.
    by_numbers: dict[str, set[str]] = {}
    for representation, closed in seen:
        numbers = str(list(figures_in(representation)) + list(figures_in(closed)))
        by_numbers.setdefault(numbers, set()).add(str((representation, closed)))
    assert len(by_numbers) < len(seen)
    assert {len(each) for each in by_numbers.values()} == {1}


def test_who_attacks_finds_what_stands_by_itself():
    # 54 by itself is shown as 55, so 53 to 57: of 57 that leaves at most four for the others.
    figures = Figures(Audience.PUBLIC, name="alone")
    figures.add(make_table("home", [Axis("home", ("here", "there"), Kind.GROUP)], [54, 3]))
    figures.settle()
    assert figures.release is not None
    assert all(each.is_safe for each in attack_releases([figures.release]))
    (released,) = figures.release.tables
    alone = ReleasedTable(
        released.table,
        tuple(publish(int(count)) for count in released.table.counts),
        released.decisions,
    )
    (found,) = attack_releases([Release("alone", (alone,))])
    assert not found.is_safe
    assert found.known.low == pytest.approx(0)
    assert found.known.high == pytest.approx(4)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_tables_of_people_give_a_hidden_number_away(seed):
    """Everybody by way, home, sex, age and answer, small or large, two releases long."""
    random_people = np.random.default_rng(seed)
    chances = [random_people.dirichlet(np.full(size, 0.7)) for size in (4, 2, 3, 5, 6)]
    sizes = int(random_people.integers(0, 120)), int(random_people.integers(5, 40))
    people = np.zeros((0, len(chances)), dtype=int)
    releases: list[Release] = []
    for at, size in enumerate(sizes):
        more = [random_people.choice(len(each), size=size, p=each) for each in chances]
        people = np.vstack([people, np.stack(more, axis=1)])
        figures = Figures(Audience.PUBLIC, name=str(at), earlier=releases)
        for table in tables_of(people):
            figures.add(table)
        figures.settle()
        assert figures.release is not None
        releases.append(figures.release)
    assert [each for each in attack_releases(releases) if not each.is_safe] == []


def tables_of(people):
    way, home, sex, age, answer = people.T
    yield make_table(
        "way", [Axis("way", tuple("abcd"), Kind.GROUP)], tally(way, 4), universe=COUNTED
    )
    residence = Residence(int((home == 0).sum()), int((home == 1).sum()), is_asked=True)
    whole = residence.home()
    assert whole is not None
    yield whole
    for name, column, size in (("sex", sex, 3), ("age", age, 5)):
        unknown, *known = tally(column[home == 0], size)
        yield residence.table(
            name,
            [
                Branch(f"{name} known", sum(known)),
                Branch(f"{name} unknown", unknown),
                *(Branch(f"{name} {at}", n, f"{name} known") for at, n in enumerate(known)),
            ],
        )
    silent, *options = tally(answer, 6)
    axis = Axis(
        "answer",
        ("answered", "silent", *map(str, range(5))),
        Kind.ANSWER,
        parents=("", "", *["answered"] * 5),
    )
    yield make_table("answer", [axis], [sum(options), silent, *options], universe=COUNTED)


def tally(column, size):
    return [int(count) for count in np.bincount(column, minlength=size)]


def one_by_one(part):
    """A part of an internal report with every number published as if it stood alone."""
    if isinstance(part, Count):
        assert part.value is not None
        return as_count(publish(part.value))
    if isinstance(part, tuple):
        return tuple(one_by_one(each) for each in part)
    if isinstance(part, BaseModel):
        changed = {name: one_by_one(getattr(part, name)) for name in type(part).model_fields}
        return part.model_copy(update=changed)
    return part


def test_numbers_that_are_published_one_by_one_are_found_out(world):
    come(world)
    respond(world, 3, resident=False)
    inside = gathered(world, Audience.INTERNAL).data
    assert [
        each for each in attack_reports([gathered(world).data], [105]) if not each.is_safe
    ] == []
    found = [each for each in attack_reports([one_by_one(inside)], [105]) if not each.is_safe]
    assert found


@pytest.mark.slow
def test_two_public_reports_of_the_model_case_give_nothing_away(tmp_path, migrated_sqlite):
    path = tmp_path / "model.sqlite3"
    path.write_bytes(migrated_sqlite)
    engine = make_engine(sqlite_url(path))
    own = Settings.for_tests(tmp_path, sqlite_url(path))
    with Session(engine, expire_on_commit=False) as session:
        setting_up.set_up(session, own, responses=400, now=NOON)
    releases: list[Release] = []
    reports: list[ReportData] = []
    people: list[int] = []
    with Session(engine, expire_on_commit=False) as session:
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        questions = [question.key for question in studies.text_questions(document)]
        # Five more change nothing, 130 more nearly everything.
        for more in (0, 5, 130):
            here = people[-1] if people else 400
            made = illustrative_responses(document, count=1000, seed=setting_up.SEED)
            ids = random.Random(here)
            with unit_of_work(session):
                for each in itertools.islice(made, here, here + more):
                    setting_up._store_response(session, own, stored, document, each, ids, NOON)
            session.commit()
            if more != 5:
                analyse(engine, tmp_path, own, *questions)
            found = gather(
                session, stored, audience=Audience.PUBLIC, now=NOON, earlier=list(releases)
            )
            session.commit()
            assert found.release is not None
            releases.append(found.release)
            reports.append(found.data)
            people.append(here + more)
    engine.dispose()
    assert people == [400, 405, 535]
    assert reports[0].arrived == reports[1].arrived
    assert reports[2].arrived.responses.text == "535"
    by_tables = attack_releases(releases)
    assert len(by_tables) > 100
    assert [each for each in by_tables if not each.is_safe] == []
    read = [ReportData.model_validate_json(each.model_dump_json()) for each in reports]
    by_reading = attack_reports(read, people)
    assert len(by_reading) > 100
    assert [each for each in by_reading if not each.is_safe] == []
