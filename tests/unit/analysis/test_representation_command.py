"""The command: from two files to representation.json and summary.md."""

import json
import random
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.representation.populations.population import REFERENCE_FOLDER
from tests.unit.analysis.census import RELIGION

GROUP_KEYS = {
    "dimension", "category", "area", "respondents", "share", "share_low", "share_high",
    "population_share", "ratio", "state", "tier", "p_value", "q_value", "e_value", "needed",
}  # fmt: skip
DIMENSION_KEYS = {"similarity", "similarity_by_chance", "known", "unknown"}


def table(header, rows):
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


class Case:
    def __init__(self, folder: Path, capsys):
        self.folder = folder
        self.capsys = capsys
        self.output = folder / "out"

    def run(self, respondents, population, *options):
        paths = []
        for name, content in (("respondents.csv", respondents), ("population.csv", population)):
            path = self.folder / name
            if isinstance(content, Path):
                path = content
            elif isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content, encoding="utf-8")
            paths.append(str(path))
        code = main(["representation", *paths, "--output", str(self.output), *options])
        self.printed = self.capsys.readouterr()
        return code

    def succeeds(self, *args):
        assert self.run(*args) == 0, self.printed.err
        self.summary = (self.output / "summary.md").read_text(encoding="utf-8")
        text = (self.output / "representation.json").read_text(encoding="utf-8")
        return json.loads(text, parse_constant=pytest.fail)

    def fails(self, *args):
        assert self.run(*args) == 2
        assert not (self.output / "representation.json").exists()
        assert self.printed.err.count("\n") == 1 + self.printed.err.count(" s\n")
        return self.printed.err.splitlines()[-1]


@pytest.fixture
def case(tmp_path, capsys):
    return Case(tmp_path, capsys)


def group(data, category, area=None, dimension=None):
    (found,) = [
        each
        for each in data["groups"]
        if each["category"] == category
        and each["area"] == area
        and dimension in (None, each["dimension"])
    ]
    return found


THREE = "dimension,category,count\nx,a,200\nx,b,500\nx,c,300\n"


def test_the_contract(case):
    """n = (30, 50, 20) against (.2, .5, .3): ratios 1.5, 1 and 2/3, similarity .9."""
    people = ["a"] * 30 + ["b"] * 50 + ["c"] * 20 + [""] * 7 + ["Prefer not to say"] * 3
    data = case.succeeds(table("x", [[person] for person in people]), THREE)
    assert data["internal"] is True
    assert "disclose" in data["notice"]
    assert data["dimensions"].keys() == {"x"}
    whole = data["dimensions"]["x"]
    assert whole.keys() >= DIMENSION_KEYS
    assert (whole["known"], whole["unknown"], whole["outside"]) == (100, 10, {})
    assert whole["similarity"] == pytest.approx(0.9, abs=1e-12)
    # E|X - np| = 2 m (1 - p) P(X = m), m = floor(np) + 1 (de Moivre), summed and halved.
    assert whole["similarity_by_chance"] == pytest.approx(1 - 0.054010, abs=1e-6)
    assert [each["category"] for each in data["groups"]] == ["a", "b", "c"]
    assert all(each.keys() >= GROUP_KEYS for each in data["groups"])
    assert [each["ratio"] for each in data["groups"]] == pytest.approx([1.5, 1, 2 / 3])
    a = data["groups"][0]
    assert (a["respondents"], a["share"], a["population_share"], a["area"]) == (30, 0.3, 0.2, None)
    assert [each["needed"] for each in data["groups"]] == [18, 6, 11]  # ln .05 / ln(1 - .8 P)
    assert "Internal" in case.summary
    assert "10 of 110 people (9.1 %) did not say." in case.summary


def test_counts_give_what_people_give(case):
    people = ["a"] * 30 + ["b"] * 50 + ["c"] * 20 + [""] * 10
    by_person = case.succeeds(table("x", [[person] for person in people]), THREE)
    rows = [("x", "a", 30), ("x", "b", 50), ("x", "c", 20), ("x", "", 10)]
    by_count = case.succeeds(table("dimension,category,respondents", rows), THREE, "--counts")
    assert by_person == by_count


def test_intervals_and_needed_of_a_group_of_one_in_twenty(case):
    rows = [("x", "small", 30), ("x", "rest", 470)]
    population = "dimension,category,count\nx,small,5\nx,rest,95\n"
    data = case.succeeds(table("dimension,category,respondents", rows), population, "--counts")
    small = group(data, "small")
    assert small["share_low"] == pytest.approx(0.042348, abs=1e-6)  # Wilson, 30 of 500
    assert small["share_high"] == pytest.approx(0.084361, abs=1e-6)
    assert small["needed"] == 74


def religion_2021(unknown):
    known = [("religion", "Christian", 39), ("religion", "Muslim", 16),
             ("religion", "No religion", 52)]  # fmt: skip
    return table("dimension,category,respondents", [*known, ("religion", unknown, 35)])


def census(leave_out=()):
    rows = [("religion", name, n) for name, n in RELIGION.items() if name not in leave_out]
    return table("dimension,category,count", rows)


def test_birmingham_2021_muslims_of_all_responses(case):
    """16 of 142 responses, 29.9 % of residents: e-value 411 against .8 of that share."""
    rows = [("religion", "Muslim", 16), ("religion", "other or not said", 126)]
    residents = [("religion", "Muslim", 341_811), ("religion", "other or not said", 803_106)]
    data = case.succeeds(
        table("dimension,category,respondents", rows),
        table("dimension,category,count", residents),
        "--counts",
    )
    muslim = group(data, "Muslim")
    assert muslim["share"] == pytest.approx(0.1127, abs=5e-5)
    assert muslim["population_share"] == pytest.approx(0.2985, abs=5e-5)
    assert muslim["ratio"] == pytest.approx(0.377, abs=1e-3)
    assert (muslim["state"], muslim["tier"]) == ("under", "confirmed")
    assert muslim["e_value"] == pytest.approx(413, rel=0.01)
    assert "16 of 142 responses (11 %), but 30 % of residents. That is clearly under" in (
        case.summary
    )


@pytest.mark.parametrize("others", [1, 40])
def test_birmingham_2021_stays_confirmed_among_more_groups(case, others):
    """Other dimensions, and 69 wards, are families of their own."""
    rows = [("religion", "Muslim", 16), ("religion", "other", 126)]
    residents = [("religion", "Muslim", 341_811), ("religion", "other", 803_106)]
    for dimension in ("age", "language", "ward"):
        rows += [(dimension, f"c{n}", 2) for n in range(others)]
        residents += [(dimension, f"c{n}", 10) for n in range(others + 1)]
    data = case.succeeds(
        table("dimension,category,respondents", rows),
        table("dimension,category,count", residents),
        "--counts",
    )
    muslim = group(data, "Muslim")
    assert (muslim["state"], muslim["tier"]) == ("under", "confirmed")


@pytest.mark.parametrize("leave_out", [(), ("Not answered",)])
@pytest.mark.parametrize("unknown", ["", "Not answered", "Prefer not to say"])
def test_birmingham_2021_muslims_of_known_answers(case, leave_out, unknown):
    """16 of 107 known answers, 31.8 % of residents who answered.

    P(X <= 16) for n = 107 and .8 x .318 is .0064: a flag. Its e-value of 10.8 among eight
    groups (80 is needed) makes it early while the consultation is open; at a closing fixed in
    advance it stands, for the q-value of .051 is below .10.
    """
    data = case.succeeds(religion_2021(unknown), census(leave_out), "--counts")
    muslim = group(data, "Muslim")
    assert data["dimensions"]["religion"]["unknown"] == 35
    assert muslim["share"] == pytest.approx(16 / 107)
    assert muslim["population_share"] == pytest.approx(341_811 / 1_075_061)
    assert (muslim["state"], muslim["tier"]) == ("under", "early")
    assert muslim["p_value"] == pytest.approx(0.0064274, abs=1e-7)
    assert muslim["q_value"] == pytest.approx(8 * 0.0064274, abs=1e-6)
    assert muslim["e_value"] == pytest.approx(10.819, abs=1e-3)


@pytest.mark.parametrize("basis", ["all responses", "known answers"])
def test_birmingham_2019_sikhs_are_not_flagged(case, basis):
    """10 of 447 against 2.9 %, or of the 342 in the four groups published against 3.1 %."""
    if basis == "all responses":
        rows = [("religion", "Sikh", 10), ("religion", "other or not said", 437)]
        residents = [("religion", "Sikh", 33_126), ("religion", "other or not said", 1_111_791)]
        population = table("dimension,category,count", residents)
    else:
        rows = [("religion", "Christian", 173), ("religion", "Muslim", 18),
                ("religion", "Sikh", 10), ("religion", "No religion", 141),
                ("religion", "", 105)]  # fmt: skip
        population = census()
    data = case.succeeds(table("dimension,category,respondents", rows), population, "--counts")
    sikh = group(data, "Sikh")
    assert (sikh["state"], sikh["tier"]) == ("too_few", "none")
    if basis == "all responses":
        assert sikh["share"] == pytest.approx(0.0224, abs=5e-5)
        assert sikh["ratio"] == pytest.approx(0.773, abs=1e-3)
    else:
        muslim = group(data, "Muslim")
        assert (muslim["state"], muslim["tier"]) == ("under", "confirmed")  # 18 of 342


def test_figures_that_come_along_are_a_population_file(case):
    respondents = "religion,ward\nMuslim,Aston\nChristian,Moseley\nJedi,Moseley\n"
    data = case.succeeds(respondents, REFERENCE_FOLDER / "birmingham.csv")
    assert data["dimensions"].keys() == {"religion", "ward"}
    assert data["dimensions"]["religion"]["outside"] == {"Jedi": 1}
    assert data["dimensions"]["religion"]["base"] == "usual residents who answered the question"
    aston = group(data, "Muslim", "Aston")
    assert (aston["respondents"], aston["known"], aston["state"]) == (1, 1, "too_few")
    assert "age; age_18" in data["not_compared"]["notes"][0]
    assert "0 of 69 areas would have five responses" in case.summary
    assert "Jedi (1)" in case.summary


def test_areas(case):
    """Aston has 40 of 100 from a group of half its people; Moseley's make-up fits."""
    population = table(
        "dimension,category,count,area",
        [("x", "a", 50, "Aston"), ("x", "b", 50, "Aston"), ("x", "a", 10, "Moseley"),
         ("x", "b", 90, "Moseley")],
    )  # fmt: skip
    people = (
        [("Aston", "a")] * 10
        + [("Aston", "b")] * 90
        + [("Moseley", "a")] * 100
        + [("Moseley", "b")] * 900
        + [("Leeds", "a")] * 3
    )
    data = case.succeeds(table("Area,x", people), population)
    whole = group(data, "a")
    assert (whole["respondents"], whole["known"], whole["population_share"]) == (113, 1103, 0.3)
    aston, moseley = group(data, "a", "Aston"), group(data, "a", "Moseley")
    assert (aston["respondents"], aston["known"], aston["population_share"]) == (10, 100, 0.5)
    assert (aston["state"], aston["tier"]) == ("under", "confirmed")
    assert (moseley["known"], moseley["ratio"], moseley["state"]) == (1000, 1, "in_line")
    assert len(data["groups"]) == 6
    assert data["not_compared"] == {
        "respondents": [],
        "population": [],
        "notes": ["Some respondents live where the population file counts nobody: Leeds."],
    }
    assert "a (X in Aston): 10 of 100 responses" in case.summary
    assert "Leeds" in case.printed.out


def test_areas_where_respondents_do_not_say_where_they_live(case):
    population = "dimension,category,count,area\nx,a,5,P\nx,b,5,P\nx,a,1,Q\nx,b,9,Q\n"
    data = case.succeeds("x\na\nb\n", population)
    assert group(data, "a")["population_share"] == 0.3
    assert len(data["groups"]) == 2
    assert 'name that column "area"' in case.summary


@pytest.mark.parametrize("respondents", ["x\na\nb\n", "x,area\na,City\nb,City\n"])
def test_one_area_is_the_whole_place(case, respondents):
    data = case.succeeds(respondents, "dimension,category,count,area\nx,a,5,City\nx,b,5,City\n")
    assert [(each["category"], each["area"]) for each in data["groups"]] == [
        ("a", "City"),
        ("b", "City"),
    ]
    assert data["dimensions"]["x"]["known"] == 2
    assert "## X in City" in case.summary


def test_one_area_counts_its_own_respondents(case):
    population = "dimension,category,count,area\nx,a,5,City\nx,b,5,City\n"
    data = case.succeeds("x,area\na,City\nb,Town\n", population)
    assert data["dimensions"]["x"]["known"] == 1
    elsewhere = case.succeeds("x,area\na,Village\nb,Town\n", population)
    assert elsewhere["dimensions"]["x"]["known"] == 2


def test_areas_with_other_categories(case):
    population = table(
        "dimension,category,count,area",
        [("x", "a", 6, ""), ("x", "b", 6, ""), ("x", "a", 3, "P"), ("x", "b", 3, "P"),
         ("x", "b", 3, "Q"), ("x", "a", 3, "R"), ("x", "b", 3, "R"), ("ward", "P", 1, ""),
         ("ward", "Q", 1, ""), ("ward", "P", 1, "P")],
    )  # fmt: skip
    data = case.succeeds("ward,x\nP,a\nQ,b\nR,b\n", population)
    rows = [(g["dimension"], g["area"], g["category"], g["respondents"]) for g in data["groups"]]
    assert rows == [
        ("x", None, "a", 1), ("x", None, "b", 2), ("ward", None, "P", 1), ("ward", None, "Q", 1),
        ("x", "P", "a", 1), ("x", "P", "b", 0), ("x", "Q", "b", 1), ("x", "R", "a", 0),
        ("x", "R", "b", 1),
    ]  # fmt: skip


def test_many_flags_by_area_are_cut_in_the_summary(case):
    areas = [f"w{n}" for n in range(30)]
    population = table(
        "dimension,category,count,area",
        [("x", c, 50, area) for area in areas for c in "ab"],
    )
    people = [(area, "a") for area in areas for _ in range(60)]
    case.succeeds(table("area,x", people), population)
    assert "35 more flags by area are in representation.json." in case.summary


def test_dimensions_of_one_file_alone_are_reported(case):
    data = case.succeeds("id,x,mood\n1,a,\n", THREE + "age,young,3\n")
    assert data["not_compared"]["respondents"] == ["id", "mood"]
    assert data["not_compared"]["population"] == ["age"]
    for text in (case.summary, case.printed.out):
        assert "Only in the respondents' file, so not compared: id; mood." in text
        assert "Only in the population file, so not compared: age." in text


def test_no_dimension_in_common(case):
    said = case.fails("faith\na\n", THREE)
    assert said == (
        "Respondents and population have no dimension in common: faith on one side, x on the "
        "other; name the columns alike."
    )


def test_nobody_answered(case):
    data = case.succeeds("x,y\n,1\n,2\n", THREE + "y,1,5\ny,2,5\n")
    assert (
        data["dimensions"]["x"] | {"similarity": None, "known": 0, "unknown": 2}
        == (data["dimensions"]["x"])
    )
    a = group(data, "a")
    assert (a["share"], a["ratio"], a["p_value"], a["state"]) == (None, None, None, "too_few")
    assert (a["respondents"], a["population_share"], a["needed"]) == (0, 0.2, 18)
    assert "X: nobody has answered yet, so there is no score." in case.summary


def test_one_person(case):
    data = case.succeeds("x\na\n", THREE)
    a = group(data, "a")
    assert (a["share"], a["state"], a["tier"]) == (1, "too_few", "none")
    assert (a["share_low"], a["share_high"]) == (pytest.approx(0.206549, abs=1e-6), 1)
    assert data["dimensions"]["x"]["similarity"] == pytest.approx(0.2)


def test_one_category(case):
    data = case.succeeds("x\na\na\n", "dimension,category,count\nx,a,10\n")
    assert data["dimensions"]["x"]["similarity"] is None
    a = group(data, "a")
    assert (a["share"], a["population_share"], a["state"], a["p_value"]) == (1, 1, "too_few", None)
    assert "all residents are in this group" in case.summary


def test_a_category_without_people_or_without_respondents(case):
    data = case.succeeds("x\na\nd\nd\nN/A\n", THREE + "x,d,0\n")
    d = group(data, "d")
    assert (d["respondents"], d["population_share"], d["ratio"]) == (2, None, None)
    assert d["state"] == "too_few"
    assert group(data, "b")["respondents"] == 0
    assert data["dimensions"]["x"]["outside"] == {"N/A": 1}
    assert "no figure for residents" in case.summary


def test_several_categories_per_person(case):
    people = [["a;b"]] * 20 + [["a"]] * 30 + [["c"]] * 50
    data = case.succeeds(table("x", people), THREE)
    whole = data["dimensions"]["x"]
    assert (whole["known"], whole["similarity"], whole["several_answers"]) == (100, None, True)
    assert [each["share"] for each in data["groups"]] == [0.5, 0.2, 0.5]
    assert group(data, "b")["state"] == "under"
    assert "People could choose several answers" in case.summary


def test_ten_thousand_categories(case):
    names = [f"c{n}" for n in range(10_000)]
    population = table("dimension,category,count", [("x", name, 7) for name in names])
    data = case.succeeds(table("x", [[name] for name in names[:5000]]), population)
    assert len(data["groups"]) == 10_000
    assert {each["state"] for each in data["groups"]} == {"too_few"}
    assert "9,975 more" in case.summary
    assert len(case.summary) < 5_000


@pytest.mark.parametrize(
    ("respondents", "population", "options", "said"),
    [
        ("", THREE, (), "respondents.csv is empty"),
        ("x\n", THREE, (), "nobody has answered yet"),
        ("x\na\n", "", (), "population.csv is empty"),
        ("x\na\n", "dimension,category\nx,a\n", (), 'column "count" not found'),
        ("x\na\n", THREE + "x,d,-4\n", (), "population.csv, row 5: -4 is negative"),
        ("x\na\n", THREE.replace("200", "0").replace("500", "0").replace("300", "0"), (), "zero"),
        ("x\na\n".encode("utf-16"), THREE, (), "respondents.csv is saved as UTF-16"),
        ("x\na\n", (THREE + "x,é,4\n").encode("cp1252"), (), "population.csv, row 5: not UTF-8"),
        ("x\na\n", THREE, ("--counts",), 'columns "dimension", "category", "respondents" not'),
        ("dimension,category,respondents\nx,a,3\n", THREE, (), "--counts"),
        ("dimension,category,respondents\nx,a,-3\n", THREE, ("--counts",), "row 2: -3 is negative"),
        ("x\na\n", THREE, ("--materiality", "0"), "--materiality is above 0 and up to 1, not 0"),
        ("x\na\n", THREE, ("--materiality", "nan"), "--materiality is above 0"),
        (Path("nowhere.csv"), THREE, (), "nowhere.csv does not exist"),
    ],
)
def test_bad_input_ends_in_one_clear_line(case, respondents, population, options, said):
    assert said in case.fails(respondents, population, *options)


def test_output_that_cannot_be_written(case):
    case.output.write_text("in the way")
    assert case.run("x\na\n", THREE) == 2
    assert "cannot be written to" in case.printed.err
    assert case.output.read_text() == "in the way"


def test_bad_input_leaves_what_was_there(case):
    case.succeeds("x\na\n", THREE)
    before = {path.name: path.read_bytes() for path in case.output.iterdir()}
    assert case.run("x\na\n", "") == 2
    assert {path.name: path.read_bytes() for path in case.output.iterdir()} == before


def test_rows_in_any_order_give_the_same_bytes(case):
    people = [["a", "P"]] * 9 + [["b", "Q"]] * 8 + [["zz", "P"]] * 2 + [["", "Q"]] * 3
    population = "dimension,category,count,area\nx,a,5,P\nx,b,5,P\nx,a,1,Q\nx,b,9,Q\n"
    written = []
    for seed in range(3):
        random.Random(seed).shuffle(people)
        case.succeeds(table("x,area", people), population)
        written.append({path.name: path.read_bytes() for path in case.output.iterdir()})
    assert written[0] == written[1] == written[2]


def test_materiality_is_used(case):
    rows = [("x", "a", 450), ("x", "b", 550)]
    population = "dimension,category,count\nx,a,1\nx,b,1\n"
    counts = table("dimension,category,respondents", rows)
    assert group(case.succeeds(counts, population, "--counts"), "a")["state"] == "in_line"
    strict = case.succeeds(counts, population, "--counts", "--materiality", "1")
    assert group(strict, "a")["state"] == "under"  # P(X <= 450 | 1000, .5) = .0009


def test_stages_print_their_times(case):
    case.succeeds("x\na\n", THREE)
    assert [line.partition(":")[0] for line in case.printed.err.splitlines()] == [
        "Reading the population",
        "Reading the respondents",
        "Comparing",
        "Writing",
    ]
    assert case.printed.out == f"{case.output}: representation.json, summary.md (internal)\n"


def test_markup_in_names_is_shown_as_it_is(case):
    population = "dimension,category,count\nx_y,<b>_*bold*_,5\nx_y,[a](b),5\n"
    case.succeeds("x_y\n<b>_*bold*_\nsnake_case\n", population)
    assert "\\<b\\>\\_\\*bold\\*\\_" in case.summary
    assert "snake_case (1)" in case.summary
