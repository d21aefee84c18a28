"""Reports: answers by the way they came, and what tables said, counted apart."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from analysis.disclosure import RULE
from consult.db import unit_of_work
from consult.models import GroupTalk
from consult.reports.data import Audience, ReportData
from consult.services.assisting import talk
from consult.services.reporting import versions, ways
from consult.services.reporting.gathering import Gathered, gather
from tests.support.consultations import NOW, SLUG, World
from tests.support.responding import chose, respond
from tests.support.tablet import organisation_of, session_of


def gathered(world: World, audience: Audience = Audience.INTERNAL) -> Gathered:
    return gather(world.session, world.stored, audience=audience, now=NOW)


def told(world: World, audience: Audience = Audience.INTERNAL) -> ReportData:
    return gathered(world, audience).data


def by_way(data: ReportData, key: str = "vision_agree") -> Any:
    return next(each for each in data.ways if each.question == key)


def come(world: World) -> None:
    """Of 40 with help 30 agree; of 60 on the website 15 do."""
    respond(world, 30, chose(vision_agree="agree"), channel="assisted")
    respond(world, 10, chose(vision_agree="disagree"), channel="assisted")
    respond(world, 15, chose(vision_agree="agree"))
    respond(world, 45, chose(vision_agree="disagree"))


def said(
    world: World, words: str, *, people: int = 12, table: str = "By the door", **more: Any
) -> Any:
    with unit_of_work(world.session) as session:
        held = more.pop("held", None)
        if held is None:
            organisation = organisation_of(session, SLUG, now=NOW)
            held = session_of(session, organisation, now=NOW, venue="Planted hall").id
        row = GroupTalk(
            session_id=held,
            client_id=uuid4(),
            table_name=table,
            people=people,
            said=words,
            written_at=NOW,
            received_at=NOW,
            **{"language": "en", "question_key": None, **more},
        )
        session.add(row)
        session.flush()
        return row.id, held


def test_answers_by_way_have_shares_with_intervals(world: World) -> None:
    come(world)
    found = by_way(told(world))
    assert (found.helped.text, found.others.text, found.several) == ("40", "60", False)
    agree = next(each for each in found.options if each.key == "agree")
    assert (agree.helped.value, agree.others.value) == (0.75, 0.25)
    # Wilson's interval of 30 of 40.
    assert agree.helped.low == pytest.approx(0.5981, abs=1e-3)
    assert agree.helped.high == pytest.approx(0.8581, abs=1e-3)
    states = {each.key: each.state for each in found.options}
    assert (states["agree"], states["disagree"]) == ("more", "less")
    assert states["neither"] == "no_clear_difference"


def test_few_with_help_are_too_few_to_tell(world: World) -> None:
    respond(world, 4, chose(vision_agree="agree"), channel="assisted")
    respond(world, 60, chose(vision_agree="disagree"))
    assert {each.state for each in by_way(told(world)).options} == {"too_few"}


def test_where_nobody_had_help_there_is_nothing_to_compare(world: World) -> None:
    respond(world, 30, chose(vision_agree="agree"))
    data = told(world)
    assert (data.ways, data.group_talks) == ((), None)


def test_in_public_shares_by_way_come_from_published_numbers(world: World) -> None:
    come(world)
    respond(world, 12, chose(vision_agree="neither"), channel="assisted")
    respond(world, 20, chose(vision_agree="neither"))
    respond(world, 3, channel="paper")
    data = told(world, Audience.PUBLIC)
    found = by_way(data)
    options = {each.key: each for each in found.options}
    assert (found.helped.text, found.others.text) == ("50", "85")  # 52 and 83
    # 30 of 52 and 15 of 83, from rounded numbers: 30 of 50 and 15 of 85.
    assert (options["agree"].helped.value, options["agree"].others.value) == (0.6, 0.18)
    assert (options["agree"].state, options["disagree"].state) == ("more", "less")
    # 12 with help: with it all others would be few.
    assert options["neither"].helped.value is None
    assert options["neither"].state == "too_few"


def test_in_public_a_few_with_help_are_not_told(world: World) -> None:
    respond(world, 4, chose(vision_agree="agree"), channel="assisted")
    respond(world, 60, chose(vision_agree="disagree"))
    assert told(world, Audience.PUBLIC).ways == ()


def test_shares_by_way_cost_the_figures_of_all_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    come(world)
    respond(world, 3, chose(vision_agree="neither"), channel="assisted")
    respond(world, 20, chose(vision_agree="neither"))
    with_them = told(world, Audience.PUBLIC).closed
    monkeypatch.setattr(ways, "crossed_tables", lambda *_args, **_more: [])
    assert told(world, Audience.PUBLIC).closed == with_them


def test_the_next_public_report_knows_the_last(world: World) -> None:
    come(world)
    said(world, "More benches", people=20)
    first = gathered(world, Audience.PUBLIC)
    assert first.release is not None
    respond(world, 2, chose(vision_agree="agree"), channel="assisted")
    said(world, "And shade", people=3, table="At the back")
    again = gather(
        world.session,
        world.stored,
        audience=Audience.PUBLIC,
        now=NOW,
        earlier=[first.release],
    ).data
    # Two people came, and three at a table: nobody can subtract one report from the next.
    assert by_way(again) == by_way(first.data)
    assert again.group_talks is not None
    assert first.data.group_talks is not None
    assert again.group_talks.people == first.data.group_talks.people


def test_people_at_tables_are_counted_apart(world: World) -> None:
    come(world)
    before = told(world).arrived
    _, held = said(world, "More benches", people=12)
    said(world, "And shade", people=9, held=held)  # the same people, of another thing
    said(world, "پارک میں روشنی", people=5, held=held, table="At the back", language="ur")
    data = told(world)
    talks = data.group_talks
    assert talks is not None
    assert (talks.notes, talks.tables, talks.people.value) == (3, 2, 17)
    assert {line.key: line.count.value for line in talks.by_language} == {
        code: {"en": 12, "ur": 5}.get(code, 0) for code in data.consultation.languages
    }
    assert data.arrived == before
    assert {each.text for each in talks.said} == {"More benches", "And shade", "پارک میں روشنی"}


def test_the_public_gets_rounded_people_and_no_words(world: World) -> None:
    come(world)
    said(world, "Planted words of a table", people=17)
    said(world, "Others", people=4, table="At the back", language="ur")
    data = told(world, Audience.PUBLIC)
    talks = data.group_talks
    assert talks is not None
    assert talks.said == ()
    assert talks.people.text == "20"  # 21
    assert all(
        line.count.value is None or line.count.value % RULE.base == 0 for line in talks.by_language
    )
    assert {line.key: line.count.value for line in talks.by_language}["ur"] is None
    whole = data.model_dump_json()
    for words in ("Planted", "At the back", "By the door", "Lozells"):
        assert words not in whole


def test_words_of_tables_are_never_frozen_and_go_when_a_note_goes(world: World) -> None:
    come(world)
    talk_id, _ = said(world, "Planted words of a table")
    with unit_of_work(world.session) as session:
        version = versions.make(session, world.stored, gathered(world), actor="olga", now=NOW)
    assert "Planted" not in str(version.data)
    kept = versions.data_of(world.session, version).group_talks
    assert kept is not None
    assert [note.text for note in kept.said] == ["Planted words of a table"]
    with unit_of_work(world.session) as session:
        row = session.get_one(GroupTalk, talk_id)
        talk.remove(session, row, actor="olga", now=NOW)
    kept = versions.data_of(world.session, version).group_talks
    assert kept is not None
    assert kept.said == ()


def test_a_talk_makes_another_version(world: World) -> None:
    come(world)
    before = gathered(world).digest
    assert gathered(world).digest == before
    said(world, "More benches")
    assert gathered(world).digest != before


def test_a_version_of_before_is_still_read(world: World) -> None:
    come(world)
    old = told(world).model_dump(mode="json")
    del old["ways"], old["group_talks"]
    old["layout"]["sections"] = [key for key in old["layout"]["sections"] if key != "talks"]
    read = ReportData.model_validate(old)
    assert (read.ways, read.group_talks) == ((), None)
    assert date(2026, 3, 10) == read.made_at.date()
