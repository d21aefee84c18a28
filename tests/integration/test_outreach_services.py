"""Partners, plans, acts of outreach: what the services keep, refuse and work out."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import comb
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from analysis.representation.watching.families import Tier
from consult.db import unit_of_work
from consult.document.model import Consultation as Document
from consult.models import Consultation, Response, Workspace
from consult.services import audit, consultations, workspaces
from consult.services.watching import (
    acts,
    combinations,
    gaps,
    organisations,
    outreach,
    respondents,
    snapshots,
)
from consult.services.watching.gaps import NothingToCompare, Why
from consult.services.watching.organisations import Entry
from consult.services.watching.outreach import Options, Outreach
from consult.services.watching.strata import OTHERS, Axis, strata_of
from tests.support.outreach import MOSQUE, MUSLIM, RELIGION, another, let_answer
from tests.support.visitors import NOON, SLUG, in_session

# The reference counts 341,811 Muslims of 1,075,061 people: 31.795 %. Of 170 responses 25 are
# theirs; 0.8 x 31.795 % = 25.436 %; (0.25436 x 170 - 25) / (1 - 0.25436) = 24.46, so 25 more.
MORE_MUSLIMS = 25


@pytest.fixture
def session(app: Flask, desk: Workspace) -> Iterator[Session]:
    with in_session(app) as session:
        yield session


@pytest.fixture
def workspace(session: Session) -> Workspace:
    found = workspaces.find(session, SLUG)
    assert found is not None
    return found


@pytest.fixture
def stored(session: Session) -> Consultation:
    return consultations.get(session, SLUG)


@pytest.fixture
def document(session: Session, stored: Consultation) -> Document:
    return consultations.document_of(session, stored)


def plan(
    session: Session,
    stored: Consultation,
    *entries: Entry,
    options: Options = Options(),  # noqa: B008 - it cannot change
    now: datetime = NOON,
) -> Outreach:
    document = consultations.document_of(session, stored)
    found = outreach.outreach(session, stored, document, entries, options, now=now)
    assert isinstance(found, Outreach)
    return found


# Partners


def test_a_partner_is_recorded_changed_and_removed(session, workspace):
    with unit_of_work(session):
        row = organisations.add(session, workspace, MOSQUE, actor="ada", now=NOON)
        organisations.add(session, workspace, Entry("a club"), actor="ada", now=NOON)
    assert [each.name for each in organisations.all_of(session, workspace)] == [
        "a club",
        "Lozells Mosque",
    ]
    assert organisations.entry_of(organisations.get(session, workspace, row.id)) == MOSQUE
    changed = another(most=None, reaches=())
    with unit_of_work(session):
        organisations.change(
            session,
            workspace,
            row.id,
            changed,
            seen=organisations.digest(MOSQUE),
            actor="bo",
            now=NOON,
        )
    assert organisations.entry_of(organisations.get(session, workspace, row.id)) == changed
    with unit_of_work(session):
        organisations.remove(session, workspace, row.id, actor="bo", now=NOON)
    with pytest.raises(organisations.NoSuchOrganisation):
        organisations.get(session, workspace, row.id)
    trail = audit.search(session, audit.Wanted(subject=SLUG)).rows
    told = [(each.actor, each.action) for each in trail if "partner" in each.action]
    assert set(told) == {
        ("ada", "partner recorded"),
        ("bo", "partner changed"),
        ("bo", "partner removed"),
    }


def test_two_partners_of_one_consultation_have_two_names(session, workspace):
    with unit_of_work(session):
        club = organisations.add(session, workspace, Entry("A club"), actor="ada", now=NOON)
        organisations.add(session, workspace, MOSQUE, actor="ada", now=NOON)
    with pytest.raises(organisations.NameTaken), unit_of_work(session):
        organisations.add(session, workspace, Entry("a CLUB"), actor="ada", now=NOON)
    with pytest.raises(organisations.NameTaken), unit_of_work(session):
        organisations.change(
            session,
            workspace,
            club.id,
            Entry(MOSQUE.name),
            seen=organisations.digest(Entry("A club")),
            actor="ada",
            now=NOON,
        )
    with unit_of_work(session):
        other = workspaces.create(session, "another-one", {}, actor="ada", now=NOON)
        organisations.add(session, other, MOSQUE, actor="ada", now=NOON)
    assert len(organisations.all_of(session, workspace)) == 2


def test_who_saves_later_learns_of_the_other(session, workspace):
    with unit_of_work(session):
        row = organisations.add(session, workspace, MOSQUE, actor="ada", now=NOON)
    seen = organisations.digest(MOSQUE)

    def save(entry: Entry) -> None:
        with unit_of_work(session):
            organisations.change(session, workspace, row.id, entry, seen=seen, actor="bo", now=NOON)

    save(another(most=20))
    save(another(most=20))
    with pytest.raises(organisations.EntryChanged) as refused:
        save(another(note="Closed in May."))
    assert refused.value.current == another(most=20)
    assert refused.value.changed_by == "bo"
    assert organisations.get(session, workspace, row.id).most == 20


def test_a_partner_of_another_consultation_is_not_there(session, workspace):
    with unit_of_work(session):
        other = workspaces.create(session, "another-one", {}, actor="ada", now=NOON)
        row = organisations.add(session, other, MOSQUE, actor="ada", now=NOON)
    with pytest.raises(organisations.NoSuchOrganisation):
        organisations.get(session, workspace, row.id)
    with pytest.raises(organisations.NoSuchOrganisation), unit_of_work(session):
        organisations.remove(session, workspace, row.id, actor="ada", now=NOON)


def test_groups_to_tick_are_those_that_are_asked(document):
    found = {each.name: each for each in organisations.dimensions_of(document)}
    assert list(found) == [
        "age",
        "sex",
        "gender_identity",
        "ethnic_group",
        "religion",
        "disability",
        "sexual_orientation",
        "main_language",
    ]
    assert found["religion"].categories["muslim"] == "Muslim"
    assert found["religion"].label == "What is your religion?"


def test_options_of_one_category_stand_under_one_label(document):
    def joined(option):
        same = option.key in {"christian", "buddhist"}
        return option.model_copy(update={"category": "either" if same else None})

    questions = tuple(
        question.model_copy(update={"options": tuple(map(joined, question.options))})
        if question.key == "religion"
        else question
        for question in document.questions
    )
    changed = document.model_copy(update={"questions": questions})
    found = {each.name: each for each in organisations.dimensions_of(changed)}
    assert found["religion"].categories["either"] == "Christian / Buddhist"


# Acts


def test_an_act_is_recorded_and_taken_back(session, stored):
    with unit_of_work(session):
        acts.record(session, stored, "  letters to\n500  ", date(2026, 11, 20), actor="a", now=NOON)
        act = acts.record(session, stored, "a stall", date(2026, 12, 1), actor="a", now=NOON)
    assert [(each.on.day, each.what) for each in acts.all_of(session, stored)] == [
        (1, "a stall"),
        (20, "letters to 500"),
    ]
    with unit_of_work(session):
        acts.remove(session, stored, act.id, actor="a", now=NOON)
    with pytest.raises(acts.NoSuchAct), unit_of_work(session):
        acts.remove(session, stored, act.id, actor="a", now=NOON)
    assert len(acts.all_of(session, stored)) == 1


@pytest.mark.parametrize(
    ("what", "day", "refusal"),
    [
        ("  ", date(2026, 11, 20), acts.NotSaid),
        ("x" * 301, date(2026, 11, 20), acts.NotSaid),
        ("a stall", date(2026, 12, 2), acts.NotYet),
        ("a stall", date(2026, 11, 1), acts.BeforeOpening),
    ],
)
def test_an_act_that_cannot_be_is_refused(session, stored, what, day, refusal):
    with pytest.raises(refusal), unit_of_work(session):
        acts.record(session, stored, what, day, actor="a", now=NOON)
    assert acts.all_of(session, stored) == []


def test_the_day_is_the_consultation_s(session, stored):
    """At 23:30 in London it is still the day before in the diary of a server in Auckland."""
    late = datetime.fromisoformat("2026-12-02T12:30+13:00")
    with pytest.raises(acts.NotYet), unit_of_work(session):
        acts.record(session, stored, "a stall", date(2026, 12, 2), actor="a", now=late)


def test_an_act_of_another_consultation_is_not_there(session, stored):
    with pytest.raises(acts.NoSuchAct), unit_of_work(session):
        acts.remove(session, stored, uuid4(), actor="a", now=NOON)


def test_after_an_act_flags_begin_from_nothing_and_earlier_ones_stay(session, stored, document):
    with unit_of_work(session):
        let_answer(session, stored, "religion", RELIGION, at=NOON)
        acts.record(session, stored, "a stall", date(2026, 12, 2), actor="a", now=NOON + DAY)
        # 20 of 60 after it: Muslims come at last.
        people = {"muslim": 20, "christian": 25, "no_religion": 15}
        let_answer(session, stored, "religion", people, at=NOON + DAY)
    found = gaps.representation(session, stored, document, now=NOON + DAY)
    assert not isinstance(found, NothingToCompare)
    (religion,) = (part for part in found.wholes if part.reference.name == "religion")
    (muslim,) = (each for each in religion.groups if each.gap.category == "muslim")
    assert muslim.gap.respondents == 45
    assert muslim.tier is not Tier.CONFIRMED
    assert muslim.monitored is not None
    assert muslim.monitored.confirmed_before == ("opening",)


DAY = timedelta(days=1)


# Plans


def test_a_confirmed_gap_is_planned_for(session, stored):
    with unit_of_work(session):
        let_answer(session, stored, "religion", RELIGION)
    found = plan(session, stored, options=Options(response_rate=0.05))
    need = found.needs[0]
    assert (need.group, need.tier, need.more) == (MUSLIM, Tier.CONFIRMED, MORE_MUSLIMS)
    assert need.invitations is not None
    assert at_least(MORE_MUSLIMS, need.invitations, 0.05) >= 0.9
    assert at_least(MORE_MUSLIMS, need.invitations - 1, 0.05) < 0.9
    assert found.plan is not None
    assert {line.partner for line in found.plan.lines} == {None}
    wanted = {line.groups[0]: line for line in found.plan.lines}
    assert wanted[MUSLIM].people >= MORE_MUSLIMS, "others who come make their share smaller"
    assert wanted[MUSLIM].invitations is not None
    assert found.plan.reached


def at_least(people: int, invited: int, rate: float) -> float:
    """The probability that as many of those invited answer."""
    fewer = sum(comb(invited, k) * rate**k * (1 - rate) ** (invited - k) for k in range(people))
    return 1 - fewer


def test_partners_are_asked_for_their_groups_up_to_their_limit(session, stored):
    with unit_of_work(session):
        let_answer(session, stored, "religion", RELIGION)
    temple = Entry("Temple", reaches=(("religion", "hindu"),))
    found = plan(session, stored, MOSQUE, temple)
    assert found.plan is not None
    by_way = {line.partner: line for line in found.plan.lines if line.groups == (MUSLIM,)}
    assert by_way[MOSQUE.name].people == 10
    assert by_way[MOSQUE.name].languages == ("ur", "bn")
    assert by_way[None].people + 10 >= MORE_MUSLIMS
    assert found.idle == (temple,)
    assert found.partners == {MOSQUE.name: MOSQUE}


def test_what_comes_without_a_partner_can_have_a_limit(session, stored):
    with unit_of_work(session):
        let_answer(session, stored, "religion", RELIGION)
    found = plan(session, stored, MOSQUE, options=Options(most=5))
    assert found.plan is not None
    assert found.plan.people == 15
    assert not found.plan.reached
    (muslim,) = (each for each in found.plan.groups if each.groups == (MUSLIM,))
    assert (muslim.after, muslim.enough) == (40, False)
    assert {line.partner for line in found.plan.lines} == {None, MOSQUE.name}


def test_a_partner_of_all_groups_helps_with_each(session, stored):
    with unit_of_work(session):
        let_answer(session, stored, "religion", RELIGION)
    found = plan(session, stored, Entry("Library"))
    assert found.plan is not None
    assert {line.partner for line in found.plan.lines} == {"Library"}


def test_without_flags_there_is_nothing_to_plan(session, stored):
    few = {"muslim": 3, "christian": 4, "no_religion": 3}
    with unit_of_work(session):
        let_answer(session, stored, "religion", few)
    found = plan(session, stored, MOSQUE)
    assert (found.needs, found.plan, found.everybody) == ((), None, 10)
    assert found.idle == (MOSQUE,)


def test_every_gap_can_be_planned_for_one_question_at_a_time(session, stored):
    few = {"muslim": 2, "christian": 5, "no_religion": 3}
    with unit_of_work(session):
        let_answer(session, stored, "religion", few, also={"sex": "female"})
    found = plan(session, stored, options=Options(every_gap=True))
    assert len(found.dimensions) == 1
    assert {*found.dimensions, *found.later} >= {"religion", "sex"}
    chosen = plan(session, stored, options=Options(every_gap=True, dimensions=("religion",)))
    assert chosen.dimensions == ("religion",)
    assert chosen.strata is not None
    assert chosen.strata.answered == 10


def test_two_questions_are_planned_for_together(session, stored):
    """Everybody missing is missing in both: so the same people help with both."""
    with unit_of_work(session):
        let_answer(session, stored, "religion", {"muslim": 25}, also={"sex": "male"})
        others = {name: n for name, n in RELIGION.items() if name != "muslim"}
        let_answer(session, stored, "religion", others, also={"sex": "female"})
    found = plan(session, stored)
    assert set(found.dimensions) == {"religion", "sex"}
    assert found.strata is not None
    assert found.strata.modelled
    assert found.strata.answered == 170
    alone = {need.group: need.more for need in found.needs}
    assert set(alone) == {MUSLIM, ("sex", "male")}
    assert found.plan is not None
    assert max(alone.values()) <= found.plan.people < sum(alone.values())
    chosen = plan(session, stored, options=Options(dimensions=("sex",)))
    assert (chosen.dimensions, chosen.later) == (("sex",), ("religion",))


def test_wards_bring_partners_who_work_there(session, stored):
    here, there = "E05011120", "E05011121"
    with unit_of_work(session):
        let_answer(session, stored, "ward", {here: 0, "E05011118": 120})
    options = Options(every_gap=True, dimensions=("ward",), ratio=0.8)
    mine = Entry("Here", areas=(here,))
    elsewhere = Entry("Outside the plan", areas=("E05011118",))
    found = plan(session, stored, mine, elsewhere, options=options)
    assert found.plan is not None
    ways = {line.groups[0][1]: line.partner for line in found.plan.lines}
    assert ways[here] == "Here"
    assert ways[there] is None
    assert found.idle == (elsewhere,)


def test_without_figures_of_residents_there_is_no_plan(session, stored, document):
    bare = document.model_copy(update={"reference_population": ()})
    found = outreach.outreach(session, stored, bare, (), Options(), now=NOON)
    assert found == NothingToCompare(Why.NO_POPULATION)


def test_many_groups_are_cut_to_what_can_be_planned(session, stored, monkeypatch):
    monkeypatch.setattr(outreach, "MOST_STRATA", 4)
    with unit_of_work(session):
        let_answer(session, stored, "ward", {"E05011118": 120})
    found = plan(session, stored, options=Options(every_gap=True, dimensions=("ward",)))
    assert found.strata is not None
    assert len(found.strata.strata) == 4


def test_a_search_that_is_cut_off_says_so(session, stored, monkeypatch):
    monkeypatch.setattr(outreach, "SECONDS", 0.0)
    with unit_of_work(session):
        let_answer(session, stored, "religion", RELIGION)
    found = plan(session, stored)
    assert found.plan is not None
    assert not found.plan.cheapest
    assert "outreach.cut_off" in {said.key for said in found.plan.messages}


# Strata


def test_residents_are_divided_as_those_who_answered_overlap(session, stored, document):
    """All who are Muslim are Pakistani and the reverse: so mostly they are among residents."""
    with unit_of_work(session):
        let_answer(session, stored, "religion", {"muslim": 300}, also=PAKISTANI)
        let_answer(session, stored, "religion", {"christian": 700}, also=BRITISH)
        let_answer(session, stored, "religion", {"christian": 9})
    people = combinations.together(session, stored, document, ["religion", "ethnic_group"])
    population = respondents.population(document)
    axes = [
        Axis(population.dimension("religion").answered(), ("muslim",)),
        Axis(population.dimension("ethnic_group").answered(), ("asian_pakistani",)),
    ]
    found = strata_of(people, axes)
    assert found.answered == 1_000
    by_group = {tuple(name for _, name in each.groups): each for each in found.strata}
    both = by_group["muslim", "asian_pakistani"]
    assert (both.respondents, by_group[OTHERS, OTHERS].respondents) == (300, 700)
    pakistani = both.population + by_group[OTHERS, "asian_pakistani"].population
    assert both.population / pakistani > 0.9
    everybody = sum(each.population for each in found.strata)
    assert everybody == pytest.approx(1_075_061)
    muslim = both.population + by_group["muslim", OTHERS].population
    assert muslim / everybody == pytest.approx(341_811 / 1_075_061)


PAKISTANI = {"ethnic_group": "asian_pakistani"}
BRITISH = {"ethnic_group": "white_british"}


def test_who_chose_several_is_in_the_one_planned_for(session, stored, document):
    reference = respondents.population(document).dimension("religion").answered()
    axis = Axis(reference, ("muslim",))
    given = ("christian; muslim", "christian", "", "outside the list")
    assert axis.codes([{"religion": each} for each in given]) == [0, 1, None, None]


def test_a_question_of_which_all_groups_are_planned_for_has_no_others(document):
    reference = respondents.population(document).dimension("sex").answered()
    axis = Axis(reference, ("female", "male"))
    assert axis.names == ("female", "male")
    assert axis.counts == (584_496, 560_423)


# Many answers


def test_those_who_are_alike_are_counted_as_one_by_one(session, stored, document):
    with unit_of_work(session):
        let_answer(session, stored, "religion", {"muslim": 3}, also={"sex": "female"})
        let_answer(session, stored, "religion", {"muslim": 2, "prefer_not_to_say": 1})
        let_answer(session, stored, "ward", {"outside_area": 1})
        (gone,) = let_answer(session, stored, "religion", {"sikh": 1})
        session.get_one(Response, gone).is_resident = False
    dimensions = ["religion", "sex", "ward"]
    found = combinations.together(session, stored, document, dimensions)
    one_by_one = [
        {name: person.categories[name] for name in dimensions}
        for person in respondents.people(session, stored, document)
    ]
    assert len(found) == 7 == combinations.everybody(session, stored)
    assert sorted(map(str, found)) == sorted(map(str, one_by_one))


def test_of_a_large_consultation_the_figures_of_its_dashboard_are_taken(
    session, stored, document, monkeypatch
):
    with unit_of_work(session):
        let_answer(session, stored, "religion", RELIGION)
        snapshots.keep_all(session, stored, snapshots.make(session, stored, document, now=NOON))
    monkeypatch.setattr(snapshots, "SMALL", 10)
    with unit_of_work(session):
        let_answer(session, stored, "religion", {"muslim": 5})
    found = plan(session, stored, now=NOON + DAY)
    assert found.as_of == NOON
    assert [need.gap.respondents for need in found.needs] == [25]
    monkeypatch.undo()
    assert plan(session, stored, now=NOON + DAY).as_of is None
