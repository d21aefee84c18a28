"""From options to categories: what fits, and what is found when it does not."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

import consult.demo
from analysis.errors import InputError
from analysis.representation.populations.mapping import (
    Group,
    build_mapping,
    load_options,
    read_mappings,
    same_names,
)
from analysis.representation.populations.mapping_checks import Problem, check_mapping, youngest_age
from analysis.representation.populations.population import ReferenceDimension, load_reference

AGES = ReferenceDimension(
    "age", None, ("0 to 15", "16 to 24", "25 to 34", "35 and over"), (20, 10, 15, 55), "residents"
)


def problems(findings):
    return [(finding.problem, finding.about) for finding in findings]


def test_many_to_one_either_way():
    mapping = build_mapping(
        "age",
        [
            ("16-17", "16 to 24"),
            ("18-24", "16 to 24"),
            ("25+", "25 to 34"),
            ("25+", "35 and over"),
            ("Rather not say", ""),
            ("skip", "(unknown)"),
            ("ageless", ""),
            ("", "0 to 15"),
        ],
    )
    assert mapping.groups == (
        Group("16 to 24", ("16-17", "18-24"), ("16 to 24",)),
        Group("25+", ("25+",), ("25 to 34", "35 and over")),
    )
    assert mapping.unknown == ("Rather not say", "skip")
    assert mapping.outside == ("ageless",)
    assert mapping.left_out == ("0 to 15",)
    combined = mapping.reference(AGES)
    assert combined.categories == ("16 to 24", "25+")
    assert combined.counts == (10, 70)
    assert combined.base == "residents"
    options = ["16-17", "18-24", "25+", "Rather not say", "skip", "ageless", "Prefer not to say"]
    assert check_mapping(mapping, options, AGES) == ()
    assert mapping.translated(["18-24", " 25+", "skip", "ageless", "16-17; 18-24 | 25+", ""]) == {
        "18-24": "16 to 24",
        " 25+": "25+",
        "skip": "",
        "ageless": "ageless",
        "16-17; 18-24 | 25+": "16 to 24; 25+",
        "": "",
    }


def test_gaps_on_both_sides():
    mapping = build_mapping("age", [("16-24", "16 to 24"), ("gone", "25 to 34"), ("25+", "35+")])
    found = check_mapping(mapping, ["16-24", "25+", "new"], AGES)
    assert problems(found) == [
        (Problem.OPTION_WITHOUT_CATEGORY, ("new",)),
        (Problem.CATEGORY_WITHOUT_OPTION, ("0 to 15",)),
        (Problem.CATEGORY_WITHOUT_OPTION, ("35 and over",)),
        (Problem.NOT_AN_OPTION, ("gone",)),
        (Problem.NOT_A_CATEGORY, ("35+",)),
    ]
    assert found[0].text == (
        'age: the option "new" has no category; name one, or leave its category blank if the '
        "reference has none."
    )
    with pytest.raises(ValueError, match=r"'age' has no category '35\+'"):
        mapping.reference(AGES)


def test_crossing_options_become_one_group_and_a_finding():
    ages = ReferenceDimension("age", None, ("16-19", "20-24", "25+"), (4, 6, 90))
    mapping = build_mapping(
        "age",
        [("16-17", "16-19"), ("25+", "25+"), ("18-24", "16-19"), ("18-24", "20-24")],
    )
    assert [group.name for group in mapping.groups] == ["16-19 / 20-24", "25+"]
    assert mapping.reference(ages).counts == (10, 90)
    (found,) = check_mapping(mapping, ["16-17", "18-24", "25+"], ages)
    assert found.problem is Problem.OVERLAP
    assert found.text == (
        'age: the options "16-17", "18-24" and the categories "16-19", "20-24" cross; they are '
        "compared as one group."
    )


def test_different_bases():
    mapping = same_names("age", AGES.categories)
    (found,) = check_mapping(mapping, AGES.categories, AGES, minimum_age=16)
    assert found.problem is Problem.BASE
    assert 'counts "residents", the consultation asks people aged 16 and over' in found.text
    assert check_mapping(mapping, AGES.categories, AGES, minimum_age=0) == ()
    nameless = ReferenceDimension("age", None, AGES.categories, AGES.counts)
    assert check_mapping(mapping, AGES.categories, nameless, minimum_age=16) == ()


@pytest.mark.parametrize(
    ("base", "age"),
    [
        ("", None),
        ("usual residents", 0),
        ("usual residents aged 16 and over", 16),
        ("Adults 18+", 18),
        ("people 3 years and older", 3),
        ("residents in 2021", 0),
    ],
)
def test_youngest_age(base, age):
    assert youngest_age(base) == age


def test_same_names_leaves_out_who_did_not_say():
    reference = ReferenceDimension("r", None, ("A", "B", "Not answered"), (1, 2, 3))
    mapping = same_names("r", reference.categories)
    assert [group.name for group in mapping.groups] == ["A", "B"]
    assert check_mapping(mapping, ["A", "B", "Prefer not to say"], reference) == ()


def test_an_option_called_like_the_category_of_another_group():
    mapping = build_mapping("x", [("Other", "A"), ("Other", "B"), ("Another", "Other")])
    assert [group.name for group in mapping.groups] == ["A / B", "Other"]
    within = build_mapping("x", [("Other", "A"), ("Other", "Other")])
    assert [group.name for group in within.groups] == ["Other"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (",\n", None),
        ("age,,\n", "row 2: option and category are both blank"),
        (",16-24,x\n", "row 2: dimension is blank"),
        ("age,a,x\nAge,A,X\n", 'row 3: "A" and "X" of "age" stand in row 2 already'),
        ("age,a,x\nage,a,\n", 'the option "a" of "age" stands in a pair and by itself'),
        ("age,a,x\nage,,x\n", 'the category "x" of "age" stands in a pair and by itself'),
    ],
)
def test_refused_files(tmp_path, rows, said):
    path = tmp_path / "map.csv"
    path.write_text("dimension,option,category\n" + rows)
    with pytest.raises(InputError, match=r"map\.csv") as caught:
        read_mappings(path)
    assert (said or "no rows") in str(caught.value)


def test_files_hold_several_dimensions(tmp_path):
    path = tmp_path / "map.csv"
    path.write_text("dimension,option,category\nage,a,x\nsex,f,Female\nage,b,y\n")
    age, sex = read_mappings(path)
    assert (age.dimension, len(age.groups)) == ("age", 2)
    assert sex.groups == (Group("Female", ("f",), ("Female",)),)


def test_ten_thousand_options():
    names = [f"c{n}" for n in range(10_000)]
    mapping = same_names("x", names)
    reference = ReferenceDimension("x", None, tuple(names), tuple(range(1, 10_001)))
    assert check_mapping(mapping, names, reference) == ()
    assert mapping.reference(reference).total == 50_005_000


def model_case():
    path = Path(consult.demo.__path__[0]) / "consultation.yaml"
    return YAML(typ="safe", pure=True).load(path)


def test_the_model_case_fits_the_figures_that_come_along():
    """Each question's options have a place, and their counts are those of the model case."""
    case, options = model_case(), load_options()
    birmingham = load_reference("birmingham")
    questions = {q["dimension"]: q for q in case["questions"] if "dimension" in q}
    in_case = {part["dimension"]: part["counts"] for part in case["reference_population"]}
    assert options.keys() - {"ethnic_group_5", "disability_2"} == questions.keys() - {"ward"}
    for dimension, mapping in options.items():
        question = questions[dimension.removesuffix("_5").removesuffix("_2")]
        asked = [option["key"] for option in question["options"]]
        reference = birmingham.dimension(dimension)
        assert check_mapping(mapping, asked, reference) == ()
        if dimension in questions:
            groups = {option: group.name for group in mapping.groups for option in group.options}
            combined = mapping.reference(reference)
            counts = dict(zip(combined.categories, combined.counts, strict=True))
            assert {key: counts[groups[key]] for key in asked} == in_case[dimension]


def test_the_model_case_is_of_people_aged_16_and_over():
    case, options, birmingham = model_case(), load_options(), load_reference("birmingham")
    other_bases = {
        dimension
        for dimension, mapping in options.items()
        for finding in check_mapping(
            mapping,
            [option for group in mapping.groups for option in group.options],
            birmingham.dimension(dimension),
            minimum_age=case["minimum_age"],
        )
        if finding.problem is Problem.BASE
    }
    assert other_bases == {
        "sex", "ethnic_group", "ethnic_group_5", "religion", "disability", "disability_2",
        "main_language",
    }  # fmt: skip


@pytest.mark.parametrize("place", ["westminster", "bury"])
def test_the_options_fit_the_other_places_too(place):
    reference = load_reference(place)
    for dimension, mapping in load_options().items():
        asked = [option for group in mapping.groups for option in group.options]
        assert check_mapping(mapping, asked, reference.dimension(dimension)) == ()
