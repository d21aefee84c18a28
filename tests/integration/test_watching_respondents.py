"""Who is compared with residents: a row per person, and the population beside it."""

import csv
import io

from analysis.representation.populations.answers import is_unknown
from consult.db import unit_of_work
from consult.services.watching import respondents
from tests.support.consultations import NOW, changed, example, with_question

HERE = {"capacity": {"choice": "resident"}, "vision_agree": {"choice": "agree"}}
YOUNG = {"age": {"choice": "under_45"}, "ward": {"choice": "E1"}}


def rows(world):
    found = respondents.people(world.session, world.stored, world.document)
    return sorted(tuple(person.categories.items()) for person in found)


def test_options_are_told_in_the_categories_of_the_population(world):
    world.submit(answers={**HERE, **YOUNG})
    assert rows(world) == [(("ward", "E1"), ("age", "16-44"))]


def test_what_was_not_answered_or_not_told_is_blank(world):
    world.submit(answers={**HERE, "age": {"choice": "prefer_not_to_say"}})
    assert rows(world) == [(("ward", ""), ("age", ""))]
    assert is_unknown("")


def test_who_lives_elsewhere_is_not_compared_and_who_did_not_say_is(world):
    world.submit(answers={**HERE, **YOUNG, "capacity": {"choice": "visitor"}})
    assert rows(world) == []
    receipt = world.submit(answers={**HERE, **YOUNG})
    with unit_of_work(world.session):
        world.response(receipt).is_resident = None
    assert len(rows(world)) == 1


def test_what_does_not_count_is_not_compared(world):
    receipt = world.submit(answers={**HERE, **YOUNG})
    with unit_of_work(world.session):
        response = world.response(receipt)
        response.excluded_at, response.excluded_by, response.exclusion_reason = NOW, "o", "twice"
    assert rows(world) == []


def test_several_choices_stand_in_one_cell(world):
    options = [
        {"key": "hindu", "label": "Hindu"},
        {"key": "sikh", "label": "Sikh", "category": "Sikh; all kinds"},
    ]
    world.store(
        with_question(
            example(), "age", kind="several_choices", options=options, dimension="religion"
        )
    )
    world.submit(answers={**HERE, "age": {"choices": ["hindu", "sikh"]}})
    # The category holds the sign that parts two: it must not be read as two.
    assert rows(world) == [(("ward", ""), ("religion", "hindu; Sikh, all kinds"))]
    found = respondents.table(world.session, world.stored, world.document)
    counted = found.count("religion", ["hindu", "Sikh, all kinds"])
    assert (counted.counts, counted.known, counted.several) == ((1, 1), 1, True)


def test_an_option_that_is_not_asked_any_more_is_counted_and_compared_with_nobody(world):
    world.submit(answers={**HERE, **YOUNG})
    options = [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]
    world.store(with_question(world.document, "age", options=options))
    found = respondents.table(world.session, world.stored, world.document)
    counted = found.count("age", ["16-44", "45+"])
    assert (counted.known, dict(counted.outside)) == (0, {"under_45": 1})


def test_people_are_tallied_as_the_command_line_reads_them(world):
    for age, ward, times in (("under_45", "E1", 3), ("from_45", "E1", 2), ("from_45", "W1", 1)):
        for _ in range(times):
            answers = {**HERE, "age": {"choice": age}, "ward": {"choice": ward}}
            world.submit(answers=answers)
    found = respondents.table(world.session, world.stored, world.document)
    assert found.count("age", ["16-44", "45+"]).counts == (3, 3)
    assert found.count("ward", ["E1", "W1"]).counts == (5, 1)
    assert found.area_column is None  # the population counts no ward by itself


def test_with_counts_of_a_ward_people_are_tallied_by_ward(world):
    plain = example().model_dump(mode="json")
    plain["reference_population"].append(
        {**plain["reference_population"][0], "area": "E1", "counts": {"16-44": 3000, "45+": 1000}}
    )
    world.store(changed(example(), reference_population=plain["reference_population"]))
    for ward in ("E1", "E1", "W1"):
        world.submit(answers={**HERE, **YOUNG, "ward": {"choice": ward}})
    found = respondents.table(world.session, world.stored, world.document)
    (here,) = found.count_by_area("age", ["16-44", "45+"], ["E1"])
    assert (found.area_column, here.counts) == ("ward", (2, 0))


def test_the_area_of_the_whole_place_is_no_area(world):
    plain = example().model_dump(mode="json")["reference_population"]
    for entry in plain:
        entry["area"] = "E08000025"
    document = changed(example(), reference_population=plain)
    assert respondents.population(document).areas == ()


def test_counts_that_are_all_zero_say_nothing():
    plain = example().model_dump(mode="json")["reference_population"]
    plain[0]["counts"] = {"16-44": 0, "45+": 0}
    document = changed(example(), reference_population=plain)
    assert respondents.population(document).dimensions == ("ward",)


def test_the_files_have_a_row_per_person_and_a_row_per_group(world):
    world.submit(answers={**HERE, **YOUNG})
    world.submit(answers={**HERE, "ward": {"choice": "W1"}})
    found = respondents.people(world.session, world.stored, world.document)
    people = list(csv.reader(io.StringIO(respondents.respondents_file(found, world.document))))
    assert people[0] == ["ward", "age"]
    assert sorted(people[1:]) == [["E1", "16-44"], ["W1", ""]]
    population = list(csv.DictReader(io.StringIO(respondents.population_file(world.document))))
    assert population[0] == {
        "dimension": "age",
        "category": "16-44",
        "count": "5200",
        "area": "",
        "base": "usual residents aged 16 and over",
        "source": "made up",
        "date": "2021-03-21",
    }
    assert [row["count"] for row in population] == ["5200", "4800", "6000", "4000"]
