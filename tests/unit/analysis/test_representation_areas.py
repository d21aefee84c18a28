"""Areas within areas, and the finest level that the responses can carry."""

import pytest

from analysis.errors import InputError
from analysis.representation.populations.areas import (
    finest_level,
    is_area_dimension,
    nest,
    read_nesting,
)

LEVELS = ("ward", "constituency", "authority")
PATHS = [
    ("Aston", "North", "City"),
    ("Lozells", "North", "City"),
    ("Moseley", "South", "City"),
]


def test_levels_and_parents():
    nesting = nest(LEVELS, PATHS)
    assert [(level.name, level.areas) for level in nesting.levels] == [
        ("ward", ("Aston", "Lozells", "Moseley")),
        ("constituency", ("North", "South")),
        ("authority", ("City",)),
    ]
    assert nesting.parent("lozells", "Constituency") == "North"
    assert nesting.parent("Moseley", "ward") == "Moseley"
    assert nesting.parent("Moseley", "authority") == "City"
    with pytest.raises(ValueError, match="no ward 'Sparkhill'"):
        nesting.parent("Sparkhill", "authority")
    with pytest.raises(ValueError, match="no level 'region'"):
        nesting.parent("Aston", "region")


def test_counts_add_up():
    nesting = nest(LEVELS, PATHS)
    counts = {"Aston": 3.0, "Lozells": 4.0}
    assert nesting.add_up(counts, "ward") == {"Aston": 3, "Lozells": 4, "Moseley": 0}
    assert nesting.add_up(counts, "constituency") == {"North": 7, "South": 0}
    assert nesting.add_up(counts, "authority") == {"City": 7}


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ([], "has no areas"),
        ([("Aston", "", "City")], "entry 1: an area is missing"),
        ([("Aston", "City")], "entry 1: an area is missing"),
        ([*PATHS, ("ASTON", "South", "City")], 'entry 4: ward "ASTON" stands in entry 1 already'),
        (
            [*PATHS, ("Sparkhill", "South", "Town")],
            'entry 4: constituency "South" lies in "Town" here and in "City" in entry 3',
        ),
    ],
)
def test_what_does_not_nest(paths, said):
    with pytest.raises(InputError) as caught:
        nest(LEVELS, paths)
    assert said in str(caught.value)


def test_level_names_differ():
    with pytest.raises(InputError, match="levels need names, each once"):
        nest(("ward", "Ward"), [("a", "b")])
    with pytest.raises(InputError, match="levels need names"):
        nest((), [])


def test_from_a_file(tmp_path):
    path = tmp_path / "areas.csv"
    path.write_text("Ward,City\nAston,Birmingham\nMoseley,Birmingham\n")
    assert read_nesting(path).parent("aston", "city") == "Birmingham"
    path.write_text("Ward,City\nAston,Birmingham\nMoseley,\n")
    with pytest.raises(InputError, match=r"areas\.csv, row 3: an area is missing"):
        read_nesting(path)


# Wards of 10, 10, 20 and 60 people in constituencies of 20 and 80.
LADDER = {"ward": [10, 10, 20, 60], "constituency": [20, 80], "authority": [100]}


@pytest.mark.parametrize(
    ("respondents", "level"),
    [
        (200, "ward"),  # 20, 20, 40, 120
        (50, "ward"),  # exactly 5, 5, 10, 30
        (49, "constituency"),  # two wards of four are not most
        (25, "constituency"),  # exactly 5 and 20
        (24, "authority"),  # one of two
        (5, "authority"),
        (4, None),
        (0, None),
    ],
)
def test_finest_level(respondents, level):
    assert finest_level(LADDER, respondents).level == level


def test_empty_areas_do_not_count_and_other_thresholds():
    choice = finest_level({"ward": [0, 0, 0, 50, 50]}, 10)
    assert choice.level == "ward"
    assert choice.enough == {"ward": (2, 2)}
    assert finest_level(LADDER, 50, most=0.95).level == "ward"
    assert finest_level(LADDER, 50, expected=10).level == "constituency"
    assert finest_level({"ward": []}, 10).level is None


@pytest.mark.parametrize("name", ["ward", "Area", "local_authority", "Postcode district"])
def test_says_where_people_live(name):
    assert is_area_dimension(name)


@pytest.mark.parametrize("name", ["religion", "award", "place of birth"])
def test_says_something_else(name):
    assert not is_area_dimension(name)
