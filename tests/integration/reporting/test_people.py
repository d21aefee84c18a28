"""Who answered beside who lives here, for both audiences."""

from datetime import date, timedelta

import pytest

from analysis.representation.comparison.gaps import group_gaps
from analysis.representation.populations.population import ReferenceDimension
from analysis.representation.populations.respondents import Counted
from analysis.representation.run import Comparison, GroupResult, Representation
from analysis.representation.watching.families import Tier
from consult.db import unit_of_work
from consult.models import OutreachAct, Petition, Response
from consult.reports.data import Audience
from consult.services.reporting.arriving import by_weeks
from consult.services.reporting.gathering import gather
from consult.services.reporting.people import tables_of
from consult.services.reporting.residence import Residence, branch
from consult.services.watching import gaps
from tests.support.consultations import NOW, changed, example
from tests.support.responding import chose, respond

LATER = NOW + timedelta(days=10)


def told(world, audience=Audience.INTERNAL, now=LATER):
    return gather(world.session, world.stored, audience=audience, now=now).data


def come(world):
    """107 people, 92 of them residents: 12 young and 60 old, and 20 who did not say."""
    respond(world, 12, chose(age="under_45", ward="E1"))
    respond(world, 30, chose(age="from_45", ward="E1"), channel="paper")
    respond(world, 30, chose(age="from_45", ward="W1"), language="ur")
    respond(world, 5, chose(age="prefer_not_to_say", ward="W1"), at=NOW + timedelta(days=8))
    respond(world, 15)
    respond(world, 15, chose(capacity="group"), resident=False)


def lines(found):
    return {line.key: line.count.text for line in found}


def age_of(report):
    return next(each for each in report.representation.dimensions if each.key == "age")


def groups_of(dimension):
    return {
        group.key: (group.respondents.text, group.state, group.tier, group.missing)
        for group in dimension.groups
    }


def test_internal_figures_are_those_of_the_watching_pages(world):
    come(world)
    report = told(world)
    result = gaps.representation(world.session, world.stored, world.document, now=LATER)
    assert isinstance(result, Representation)
    for dimension, part in zip(report.representation.dimensions, result.wholes, strict=True):
        assert dimension.key == part.reference.name
        assert dimension.known.value == part.counted.known
        assert dimension.unknown.value == part.counted.unknown
        assert part.overall is not None
        assert dimension.similarity == part.overall.similarity
        for group, each in zip(dimension.groups, part.groups, strict=True):
            assert group.key == each.gap.category
            assert group.respondents.value == each.gap.respondents
            assert each.gap.interval is not None
            assert group.share.value == each.gap.share
            assert group.share.low == pytest.approx(each.gap.interval.low)
            assert group.share.high == pytest.approx(each.gap.interval.high)
            assert (group.state, group.tier) == (each.gap.state.value, each.tier.value)


def test_who_answered_inside(world):
    come(world)
    report = told(world)
    arrived, age = report.arrived, age_of(report)
    assert (arrived.responses.text, arrived.residents.text) == ("107", "92")
    assert (age.known.text, age.unknown.text, age.several) == ("72", "20", False)
    # (12 + 31) / (72 + 31) is the first above 0.8 * 52 %.
    assert groups_of(age)["16-44"] == ("12", "under", "confirmed", 31)
    assert groups_of(age)["45+"][3] is None
    assert age.similarity == pytest.approx(1 - abs(12 / 72 - 0.52))
    assert age.groups[0].label == {"en": "Under 45", "ur": "45 سال سے کم"}
    assert lines(arrived.by_channel) == {
        "online": "77",
        "paper": "30",
        "assisted": "0",
        "phone": "0",
    }
    assert lines(arrived.by_language) == {"en": "77", "ur": "30"}
    assert [(line.key, line.label, line.count.text) for line in arrived.by_area] == [
        ("E1", {"en": "Eastgate"}, "42"),
        ("W1", {"en": "Westhill"}, "35"),
    ]
    assert lines(arrived.by_week) == {"2026-03-09": "102", "2026-03-16": "5"}
    assert (arrived.first_on, arrived.last_on) == (date(2026, 3, 10), date(2026, 3, 18))


def test_who_answered_in_public(world):
    come(world)
    report = told(world, Audience.PUBLIC)
    arrived, age = report.arrived, age_of(report)
    assert (arrived.responses.text, arrived.residents.text) == ("105", "90")
    assert (age.known.text, age.unknown.text) == ("70", "20")
    # (10 + 33) / (70 + 33) would do for the rounded numbers; 33 is rounded up.
    assert groups_of(age)["16-44"] == ("10", "under", "confirmed", 35)
    assert age.groups[0].share.value == 0.14  # 10 of 70
    assert age.similarity == 0.62  # 1 - |10 / 70 - 0.52|
    # Days of weeks, not of responses.
    assert (arrived.first_on, arrived.last_on) == (date(2026, 3, 9), date(2026, 3, 20))
    assert lines(arrived.by_channel)["phone"] == "fewer than 10"


def test_the_public_span_ends_with_its_last_week(world):
    come(world)
    report = told(world, Audience.PUBLIC, now=NOW + timedelta(days=40))
    assert report.arrived.last_on == date(2026, 3, 22)


def test_residents_are_one_figure_in_all_tables(world):
    # Three live elsewhere: were the residents shown anywhere, everybody would know.
    respond(world, 40, chose(age="under_45", ward="E1"))
    respond(world, 47, chose(age="from_45", ward="W1"))
    respond(world, 15)
    respond(world, 3, chose(capacity="group"), resident=False)
    report = told(world, Audience.PUBLIC)
    assert report.arrived.residents.text == "not shown"
    assert report.arrived.responses.text == "105"
    assert told(world).arrived.residents.text == "102"


def test_where_nobody_is_asked_all_are_compared(world):
    world.store(changed(example(), residents=None))
    respond(world, 40, chose(age="under_45", ward="E1"), resident=None)
    respond(world, 45, chose(age="from_45", ward="W1"), resident=None)
    respond(world, 15, resident=None)
    report = told(world, Audience.PUBLIC)
    assert report.arrived.residents == report.arrived.responses
    assert (age_of(report).known.text, age_of(report).unknown.text) == ("85", "15")


def test_wards_are_told_where_the_population_has_no_figures_of_them(world):
    document = example()
    only_age = tuple(part for part in document.reference_population if part.dimension == "age")
    world.store(changed(document, reference_population=only_age))
    come(world)
    assert [line.count.text for line in told(world).arrived.by_area] == ["42", "35"]
    assert [line.count.text for line in told(world, Audience.PUBLIC).arrived.by_area] == [
        "40",
        "35",
    ]


def test_without_figures_of_residents_the_report_says_why(world):
    world.store(changed(example(), reference_population=()))
    come(world)
    report = told(world)
    assert report.representation.not_compared == "no_population"
    assert report.representation.dimensions == ()
    assert (report.weights.applied, report.weights.reasons) == (False, ("no_margin",))


def test_nobody_has_answered_yet(world):
    report = told(world)
    assert report.arrived.by_week == ()
    assert (report.arrived.first_on, report.arrived.last_on) == (None, None)
    assert not age_of(report).known.value


def test_what_does_not_count_is_counted_apart(world):
    come(world)
    taken = respond(world, 7, chose(age="under_45"))
    with unit_of_work(world.session):
        for at, response_id in enumerate(taken):
            response = world.session.get_one(Response, response_id)
            if at:
                response.excluded_at, response.excluded_by = LATER, "o"
                response.exclusion_reason = "The same words six times"
            else:
                response.withdrawn_at = LATER
        petition = Petition(
            consultation_id=world.stored.id,
            title="Save the baths",
            asks="Keep them open.",
            organiser="Friends of the baths",
            signatures=412,
            received_on=date(2026, 3, 12),
            recorded_by="o",
            recorded_at=LATER,
        )
        world.session.add(petition)
    inside, outside = told(world), told(world, Audience.PUBLIC)
    assert lines(inside.arrived.by_standing) == {
        "waiting": "0",
        "too_late": "0",
        "excluded": "6",
        "withdrawn": "1",
    }
    assert lines(outside.arrived.by_standing) == {
        "waiting": "0",
        "too_late": "0",
        "excluded": "5",
        "withdrawn": "fewer than 5",
    }
    assert inside.arrived.responses.text == "107"
    assert [(each.title, each.signatures) for each in outside.arrived.petitions] == [
        ("Save the baths", 412)
    ]


def test_what_was_done_to_reach_people_is_told_in_order(world):
    come(world)
    with unit_of_work(world.session):
        for day, what in ((14, "A stall at the market"), (11, "A morning at the mosque")):
            world.session.add(
                OutreachAct(
                    consultation_id=world.stored.id,
                    what=what,
                    on=date(2026, 3, day),
                    recorded_by="o",
                    recorded_at=LATER,
                )
            )
    done = told(world, Audience.PUBLIC).representation.acts
    assert [(act.on.day, act.what) for act in done] == [
        (11, "A morning at the mosque"),
        (14, "A stall at the market"),
    ]


def test_weeks_begin_with_the_day_of_opening():
    opened = date(2026, 3, 2)
    weeks, step = by_weeks(
        {date(2026, 3, 3): 4, date(2026, 3, 17): 2, date(2026, 2, 27): 1}, opened
    )
    assert step == 7
    assert weeks == {
        date(2026, 2, 23): 1,
        date(2026, 3, 2): 4,
        date(2026, 3, 9): 0,
        date(2026, 3, 16): 2,
    }
    assert by_weeks({}, opened) == ({}, 7)


def test_many_weeks_are_put_together():
    weeks, step = by_weeks({date(2020, 1, 1): 1, date(2025, 1, 1): 1}, date(2020, 1, 1))
    assert step == 21  # 262 weeks in steps of three
    assert len(weeks) == 88


def test_people_can_be_in_several_groups(world):
    document = example()
    questions = [each.model_dump() for each in document.questions]
    for each in questions:
        if each["key"] == "age":
            each["kind"] = "several_choices"
    world.store(changed(document, questions=questions))
    respond(world, 20, {"age": {"choices": ["under_45", "from_45"]}})
    respond(world, 28, {"age": {"choices": ["from_45"]}})
    respond(world, 12, {"age": {"choices": ["under_45"]}})
    respond(world, 15, chose(ward="E1"))
    respond(world, 25, chose(ward="W1"), resident=False)
    inside, outside = age_of(told(world)), age_of(told(world, Audience.PUBLIC))
    for age in inside, outside:
        assert (age.known.text, age.unknown.text, age.several) == ("60", "15", True)
        assert age.similarity is None
    assert [group.respondents.text for group in inside.groups] == ["32", "48"]
    assert [group.share.value for group in inside.groups] == [32 / 60, 0.8]
    assert [group.respondents.text for group in outside.groups] == ["30", "50"]
    assert [group.share.value for group in outside.groups] == [0.5, 0.83]


def test_of_several_groups_each_stands_within_those_who_said_anything():
    reference = ReferenceDimension(
        "health", None, ("sight", "none"), (10.0, 95.0), "a", "b", "2021"
    )
    counted = Counted((30, 75), 90, 12)
    shares = group_gaps([30, 75], [10, 95], known=90, population=100, multiple=True)
    groups = tuple(GroupResult(gap, None, None, Tier.NONE) for gap in shares)
    tables = list(tables_of(Comparison(reference, counted, None, groups), Residence(102, 8, True)))
    assert [table.name for table in tables] == ["group health: sight", "group health: none"]
    sight = dict(zip(tables[0].axes[0].categories, tables[0].counts.tolist(), strict=False))
    assert list(sight.values()) == [102, 8, 90, 12, 30, 60]
    assert sight[branch("health", "sight")] == 30
    assert tables[1].counts.tolist() == [102, 8, 90, 12, 75, 15, 110]
