"""Reference populations: what a file must be, and the figures that come along."""

import csv
import math

import pytest

from analysis.errors import InputError
from analysis.representation.populations import build_reference
from analysis.representation.populations.population import (
    PLACES,
    REFERENCE_FOLDER,
    ReferenceDimension,
    ReferencePopulation,
    load_reference,
    read_population,
)

SIMPLE = "dimension,category,count\nsex,Female,30\nsex,Male,10\n"


@pytest.fixture
def population(tmp_path):
    def read(content: str) -> ReferencePopulation:
        path = tmp_path / "population.csv"
        path.write_text(content, encoding="utf-8")
        return read_population(path)

    return read


def test_dimensions_keep_the_order_of_the_file(population):
    read = population(SIMPLE + "religion,None,5\nreligion,N/A,7\nreligion,Muslim,0\n")
    assert read.dimensions == ("sex", "religion")
    assert read.areas == ()
    religion = read.dimension("Religion")
    assert religion.categories == ("None", "N/A", "Muslim")
    assert religion.counts == (5, 7, 0)
    assert religion.total == 12
    assert (religion.area, religion.base, religion.source, religion.date) == (None, "", "", "")


def test_areas_base_source_and_date(population):
    read = population(
        "dimension,category,count,area,base,source,date\n"
        "sex,Female,3,Aston,adults,T1,2021-03-21\n"
        'sex,Female,"1,300",,adults,T1,2021-03-21\n'
        "sex,Male,2,Aston,adults,T2,2021-03-21\n"
        "sex,Male,1000,,adults,T1,2021-03-21\n"
    )
    assert read.areas == ("Aston",)
    assert [part.area for part in read.parts] == [None, "Aston"]
    assert read.dimension("sex").counts == (1300, 1000)
    aston = read.dimension("sex", "Aston")
    assert (aston.counts, aston.base, aston.source, aston.date) == (
        (3, 2),
        "adults",
        "T1; T2",
        "2021-03-21",
    )
    assert read.by_area("SEX") == (aston,)
    assert read.has("sex", "Aston")
    assert not read.has("sex", "Moseley")
    with pytest.raises(ValueError, match="no reference for 'age' in the whole place"):
        read.dimension("age")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("dimension,category\nsex,Female\n", 'row 1: column "count" not found'),
        ("dimension,category,count\n", "has a header but no rows"),
        (SIMPLE + "sex,Other,-1\n", "row 4: -1 is negative"),
        (SIMPLE + "sex,Other,many\n", 'row 4: "many" is not a number'),
        (SIMPLE + "sex,Other,\n", "row 4: the count is blank"),
        (SIMPLE + ",Other,1\n", "row 4: dimension is blank"),
        (SIMPLE + "sex,,1\n", "row 4: category is blank"),
        (SIMPLE + "Sex,FEMALE ,1\n", 'row 4: "FEMALE" of "sex" stands in row 2 already'),
        ("dimension,category,count\nsex,Female,0\nsex,Male,0\n", 'counts of "sex" sum to zero'),
        ("dimension,category,count\nfaith,Not answered,9\n", 'counts of "faith" sum to zero'),
        (
            "dimension,category,count,area\nsex,Female,1,\nsex,Female,0,Aston\n",
            'row 3: the counts of "sex" in "Aston" sum to zero',
        ),
        (
            "dimension,category,count,base\nage,0-15,9,all\nage,16+,9,adults\n",
            'row 3: "age" counts "adults" here and "all" in row 2',
        ),
        (
            "dimension,category,count,base,area\nage,x,9,all,\nage,x,9,,Aston\n",
            'row 3: "age" counts "(blank)" here and "all" in row 2',
        ),
        (SIMPLE + "sex,All persons,40\n", 'row 4: "All persons" is the total'),
        (SIMPLE + "sex,Total: people,40\n", 'row 4: "Total: people" is the total'),
        (
            "dimension,category,count\ne,White,40\ne,White: x,10\ne,White: y,30\ne,Asian,9\n",
            'row 2: "White" holds the same people as the rows "White: ..."',
        ),
        ("dimension,category,count\nsex,Female,0.5\nsex,Male,0.35\n", "sum to 0.85, not 1"),
        ("dimension,category,count\nsex,Female,50.5\nsex,Male,60\n", "sum to 110.5, not 100"),
    ],
)
def test_refused(population, content, said):
    with pytest.raises(InputError) as caught:
        population(content)
    assert said in str(caught.value)
    assert str(caught.value).startswith("population.csv")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "rows",
    [
        "s,a,0.333\ns,b,0.333\ns,c,0.333\n",
        "s,a,33.3\ns,b,66.6\n",
        "s,a,1200.5\ns,b,300.25\n",
        "s,All,40\n",  # a category of that name, alone
        "s,All,7\ns,b,20\ns,c,20\n",  # not the total of the others
        "s,White,40\ns,White: Irish,10\ns,b,1\n",  # not the sum of its parts
    ],
)
def test_accepted(population, rows):
    assert population("dimension,category,count\n" + rows).dimension("s").total > 0


def test_not_answered_is_left_out_and_said_in_the_base():
    religion = ReferenceDimension("religion", None, ("A", "Not answered", "B"), (3, 2, 5), "all")
    answered = religion.answered()
    assert answered.categories == ("A", "B")
    assert answered.counts == (3, 5)
    assert answered.base == "all who answered the question"
    assert answered.answered() is answered


def test_the_whole_place_is_the_sum_of_its_areas(population):
    read = population(
        "dimension,category,count,area,base,source,date\n"
        "s,a,3,X,all,T1,2021\ns,b,2,X,all,T1,2021\n"
        "s,B,4,Y,all,T2,2021\ns,c,1,Y,all,T2,2021\n"
        "t,d,1,,all,,\n"
    ).with_wholes()
    assert [(part.name, part.area) for part in read.parts] == [
        ("s", None),
        ("s", "X"),
        ("s", "Y"),
        ("t", None),
    ]
    whole = read.dimension("s")
    assert dict(zip(whole.categories, whole.counts, strict=True)) == {"a": 3, "b": 6, "c": 1}
    assert (whole.base, whole.source, whole.date) == ("all", "T1; T2", "2021")


def test_shares_by_area_cannot_be_added(population):
    rows = "s,a,0.3,X\ns,b,0.7,X\ns,a,0.5,Y\ns,b,0.5,Y\n"
    read = population("dimension,category,count,area\n" + rows)
    with pytest.raises(InputError, match="shares by area"):
        read.with_wholes()
    with_whole = population("dimension,category,count,area\n" + rows + "s,a,0.4,\ns,b,0.6,\n")
    assert with_whole.with_wholes().dimension("s").counts == (0.4, 0.6)


def test_ten_thousand_categories(population):
    rows = "".join(f"s,c{n}: x,{n}\n" for n in range(10_000))
    assert population("dimension,category,count\n" + rows).dimension("s").total == 49_995_000


# Printed figures of Census 2021 (ONS, OGL v3.0): tables TS009, TS021, TS030, TS038, TS024.
@pytest.mark.parametrize(
    ("place", "dimension", "category", "count"),
    [
        ("birmingham", "age", "16 to 24", 163_739),
        ("birmingham", "age", "85 and over", 21_524),
        ("birmingham", "age_18", "18 to 24", 131_572),
        ("birmingham", "age_5", "35 to 49", 154_625 + 68_054),
        ("birmingham", "religion", "Muslim", 341_811),
        ("birmingham", "disability", "Not disabled", 946_855),
        ("birmingham", "disability_2", "Disabled", 198_064),
        ("birmingham", "ethnic_group_5", "White", 556_608),
        ("birmingham", "main_language", "Urdu", 25_131),
        ("westminster", "sex", "Male", 98_909),
        ("westminster", "ethnic_group", "Other ethnic group: Arab", 15_439),
        ("westminster", "sexual_orientation", "Gay or Lesbian", 6_155),
        ("bury", "religion", "Jewish", 10_734),
        ("bury", "gender_identity", "Trans man", 145),
    ],
)
def test_figures_that_come_along(place, dimension, category, count):
    reference = load_reference(place).dimension(dimension)
    assert reference.counts[reference.categories.index(category)] == count


@pytest.mark.parametrize(("place", "wards"), [("Birmingham", 69), ("E09000033", 18), ("BURY", 17)])
def test_wards_of_each_place(place, wards):
    reference = load_reference(place)
    assert len(reference.areas) == wards
    by_ward = reference.dimension("ward")
    assert sorted(by_ward.categories) == sorted(reference.areas)
    assert by_ward.base == "usual residents aged 16 and over"
    for name in ("age_5", "ethnic_group_5", "religion", "disability_2"):
        whole, parts = reference.dimension(name), reference.by_area(name)
        assert len(parts) == wards
        assert {part.categories for part in parts} == {whole.categories}
        # Tables differ by a few people (perturbation), so not equal.
        assert math.fsum(part.total for part in parts) == pytest.approx(whole.total, rel=2e-4)
    assert {part.date for part in reference.parts} == {"2021-03-21"}
    assert all(part.source.startswith("ONS Census 2021, ") for part in reference.parts)


def test_another_place():
    with pytest.raises(ValueError, match="no reference figures for 'leeds'"):
        load_reference("leeds")


def test_attribution_is_kept_with_the_figures():
    text = " ".join((REFERENCE_FOLDER / "README.md").read_text(encoding="utf-8").split())
    assert (
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"
        in text
    )
    assert "best-fit sums" in text
    assert sum(path.stat().st_size for path in REFERENCE_FOLDER.iterdir()) < 400_000


@pytest.fixture
def census(tmp_path):
    """Census files of one person per category, made from the recipes' own names."""
    folder = tmp_path / "census"
    folder.mkdir()
    levels: dict[tuple[str, str], list[str]] = {}
    wards: dict[str, list[str]] = {}
    for recipe in build_reference._RECIPES:
        names = [name for part in (recipe.groups or {}).values() for name in part] or ["h: a", "b"]
        for table in recipe.names:
            known = levels.setdefault((table, recipe.level), [])
            known += [name for name in names if name not in known]
        if recipe.ward_name:
            parts = recipe.ward_groups or {}
            wards[recipe.ward_name] = [n for part in parts.values() for n in part] or ["a", "b"]
    with (folder / "birmingham_westminster_bury_ltla.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["area_code", "dimension", "level", "category", "count"])
        for code in PLACES.values():
            for (table, level), names in levels.items():
                writer.writerows([code, table, level, name, 1] for name in names)
    with (folder / "ward24_bestfit_reference.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ltla_code", "ward_name", "dimension", "category", "count"])
        for code in PLACES.values():
            for ward in ("West", "East"):
                for table, names in wards.items():
                    writer.writerows([code, ward, table, name, 2] for name in names)
    return folder


def test_the_figures_are_built_from_census_files(census, tmp_path, capsys):
    output = tmp_path / "out"
    assert build_reference.main([str(census), "--output", str(output)]) == 0
    assert capsys.readouterr().out.startswith("birmingham: ")
    read = read_population(output / "bury.csv")
    assert read.dimension("disability").categories[2] == "Not disabled"
    assert read.dimension("disability").counts == (1, 1, 2)
    assert read.dimension("ward").categories == ("East", "West")
    assert read.dimension("ward").counts == (10, 10)  # five adult bands of two
    assert read.dimension("main_language").categories == ("a", "b")  # no heading before it
    before = (output / "bury.csv").read_bytes()
    build_reference.build(census, output)
    assert (output / "bury.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("birmingham_westminster_bury_ltla.csv", "E08000002", "E0", "no counts of bury"),
        ("ward24_bestfit_reference.csv", "E08000002", "E0", "no counts of bury"),
        ("birmingham_westminster_bury_ltla.csv", "45-49", "45-48", 'TS009 (age_5) lacks "45-49"'),
        ("birmingham_westminster_bury_ltla.csv", ",sex,", ",gender,", "no counts of sex (TS008)"),
    ],
)
def test_a_census_folder_that_lacks_something(census, tmp_path, capsys, file, old, new, said):
    path = census / file
    path.write_text(path.read_text().replace(old, new))
    assert build_reference.main([str(census), "--output", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err
