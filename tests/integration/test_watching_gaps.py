"""Who is missing: the command line's figures, and stages that outreach begins."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from analysis.__main__ import main
from analysis.representation.comparison.gaps import group_gaps
from analysis.representation.files import as_data
from analysis.representation.run import Representation
from analysis.representation.watching.evalues import e_value
from analysis.representation.watching.families import Tier
from consult.db import unit_of_work
from consult.models import OutreachAct
from consult.services import consultations
from consult.services.watching import gaps, respondents
from consult.services.watching.gaps import FIRST, NothingToCompare, Why
from tests.support.consultations import NOW, OPENS, changed, example
from tests.support.outreach import let_answer
from tests.support.visitors import NOON, SLUG, in_session

LATER = NOW + timedelta(days=10)


def come(world, people, at=NOW):
    with unit_of_work(world.session):
        let_answer(world.session, world.stored, "age", people, at=at)


def act(world, on, what="A morning at the mosque", at=LATER):
    with unit_of_work(world.session):
        world.session.add(
            OutreachAct(
                consultation_id=world.stored.id, what=what, on=on, recorded_by="o", recorded_at=at
            )
        )


def found(world, now=LATER):
    result = gaps.representation(world.session, world.stored, world.document, now=now)
    assert isinstance(result, Representation)
    return result


def line(world, category="16-44", now=LATER):
    age = next(part for part in found(world, now).wholes if part.reference.name == "age")
    return next(each for each in gaps.lines(age) if each.category == category)


def command_line(folder, people, population):
    """What ``python -m analysis representation`` says of two files."""
    (folder / "people.csv").write_text(people, encoding="utf-8")
    (folder / "population.csv").write_text(population, encoding="utf-8")
    files = [str(folder / name) for name in ("people.csv", "population.csv")]
    assert main(["representation", *files, "--output", str(folder / "out")]) == 0
    return json.loads((folder / "out" / "representation.json").read_text(encoding="utf-8"))


def figures_of(result):
    return json.loads(json.dumps(as_data(result)))


def test_figures_are_those_of_the_command_line(world, tmp_path):
    come(world, {"under_45": 12, "from_45": 60, "prefer_not_to_say": 9})
    people = respondents.people(world.session, world.stored, world.document)
    said = command_line(
        tmp_path,
        respondents.respondents_file(people, world.document),
        respondents.population_file(world.document),
    )
    assert figures_of(found(world)) == said
    young = next(each for each in said["groups"] if each["category"] == "16-44")
    assert (young["respondents"], young["known"], young["state"]) == (12, 72, "under")


def test_figures_of_the_model_case_are_those_of_the_command_line(answered_app, tmp_path):
    with in_session(answered_app) as session:
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        result = gaps.representation(session, stored, document, now=NOON)
        people = respondents.people(session, stored, document)
    said = command_line(
        tmp_path,
        respondents.respondents_file(people, document),
        respondents.population_file(document),
    )
    assert isinstance(result, Representation)
    assert figures_of(result) == said
    assert len(said["groups"]) > 100


def test_a_group_that_is_missing_says_how_many_more_would_do(world):
    come(world, {"under_45": 12, "from_45": 60})
    young = line(world)
    (by_hand, _) = group_gaps([12, 60], [5200, 4800])
    assert young.result.gap.share == by_hand.share
    assert str(young.result.gap.state) == "under"
    # (12 + m) / (72 + m) reaches 0.8 * 0.52 = 0.416 at m = 30.7...
    assert young.more == 31
    assert (12 + 31) / (72 + 31) > 0.416 > (12 + 30) / (72 + 30)
    assert line(world, "45+").more == 0


def test_without_outreach_there_is_one_stage(world):
    come(world, {"under_45": 12, "from_45": 60})
    stages = gaps.stretches(world.session, world.stored, world.document, now=LATER)
    assert [stage.name for stage in stages] == [FIRST]
    assert line(world).result.tier is Tier.CONFIRMED


def test_an_act_begins_a_stage_and_what_was_confirmed_stays_on_record(world):
    come(world, {"under_45": 12, "from_45": 60})
    act(world, date(2026, 3, 12))
    come(world, {"under_45": 5, "from_45": 5}, at=NOW + timedelta(days=4))
    young = line(world)
    assert young.result.gap.respondents == 17  # shares stay of all
    assert young.result.monitored is not None
    assert young.result.monitored.stage == "2026-03-12"
    assert young.result.monitored.e_value == pytest.approx(e_value(5, 10, 0.8 * 0.52))
    assert young.result.tier is not Tier.CONFIRMED
    assert young.confirmed_before == (FIRST,)
    assert young.is_flagged


def test_a_stage_in_which_nobody_came_yet_takes_no_flag_for_granted(world):
    come(world, {"under_45": 12, "from_45": 60})
    act(world, date(2026, 3, 12))
    young = line(world)
    assert young.result.monitored is not None
    assert young.result.monitored.e_value == pytest.approx(1)
    assert young.confirmed_before == (FIRST,)


def test_a_stage_begins_with_the_day_in_the_consultation_s_time_zone(world):
    # London is an hour ahead of UTC from 29 March on: 23:30 UTC on the 29th is the 30th there.
    come(world, {"under_45": 4}, at=datetime(2026, 3, 29, 23, 30, tzinfo=UTC))
    come(world, {"from_45": 8}, at=datetime(2026, 3, 29, 22, 30, tzinfo=UTC))
    act(world, date(2026, 3, 30), at=datetime(2026, 3, 30, 8, tzinfo=UTC))
    now = datetime(2026, 3, 30, 9, tzinfo=UTC)
    stages = gaps.stretches(world.session, world.stored, world.document, now=now)
    people = respondents.people(world.session, world.stored, world.document)
    counts = gaps.counts_by_stage(people, world.document, stages)
    assert counts[FIRST]["age"] == {"45+": {"": 8}}
    assert counts["2026-03-30"]["age"] == {"16-44": {"": 4}}


def test_acts_of_one_day_are_one_stage_and_those_to_come_none(world):
    act(world, OPENS.date(), "On the day of opening")
    act(world, date(2026, 3, 12), "Letters")
    act(world, date(2026, 3, 12), "Posters", at=LATER + timedelta(minutes=1))
    act(world, date(2026, 3, 25), "A street party")
    stages = gaps.stretches(world.session, world.stored, world.document, now=LATER)
    assert [(stage.name, stage.acts) for stage in stages] == [
        (FIRST, ()),
        ("2026-03-12", ("Letters", "Posters")),
    ]


def test_without_figures_of_residents_nothing_is_compared(world):
    world.store(changed(example(), reference_population=[]))
    result = gaps.representation(world.session, world.stored, world.document, now=NOW)
    assert result == NothingToCompare(Why.NO_POPULATION)


def test_figures_that_no_question_asks_for_compare_nothing(world):
    plain = example().model_dump(mode="json")["reference_population"][:1]
    plain[0]["dimension"] = "shoe_size"
    world.store(changed(example(), reference_population=plain))
    result = gaps.representation(world.session, world.stored, world.document, now=NOW)
    assert result == NothingToCompare(Why.NO_QUESTION)


def test_before_the_first_response_every_group_waits(world):
    gap = line(world).result.gap
    assert (gap.respondents, gap.known, str(gap.untested)) == (0, 0, "no_responses")


def test_wards_by_themselves_are_compared_in_stages_too(world):
    plain = example().model_dump(mode="json")["reference_population"]
    plain.append({**plain[0], "area": "E1", "counts": {"16-44": 3000, "45+": 1000}})
    world.store(changed(example(), reference_population=plain))
    with unit_of_work(world.session):
        also = {"ward": "E1"}
        let_answer(world.session, world.stored, "age", {"from_45": 30}, at=NOW, also=also)
    act(world, date(2026, 3, 12))
    (here,) = found(world).areas
    assert here.reference.area == "E1"
    young = gaps.lines(here)[0]
    assert (young.area, young.result.gap.respondents, young.result.gap.known) == ("E1", 0, 30)
    assert young.confirmed_before == (FIRST,)
