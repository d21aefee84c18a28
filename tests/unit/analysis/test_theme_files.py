"""Answers in, themes out: what is read to the letter, and the files' contract."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.themes.files import assignments, read_answers, run_data, theme_data, write_results
from analysis.themes.tracking.frame import Frame
from tests.unit.analysis.theme_answers import SUBJECTS, read_csv, run, statements, write_csv

# The contract, which other programs rely on.
THEME_FIELDS = {
    "id", "label", "keywords", "responses", "share", "share_low", "share_high", "languages",
    "groups", "exemplars", "stability",
}  # fmt: skip
ASSIGNMENT_COLUMNS = ["response_id", "unit", "theme_id", "strength", "status"]

SIX = statements(72)


@pytest.fixture(scope="module")
def six():
    """Six themes; two people wrote several things, two nothing, one a word that is in none."""
    return run(
        [*SIX, f"{SIX[0]}. {SIX[1]}. {SIX[8]}.", "n/a", "yes", "Zoo", SIX[3], ""],
        themes=6,
        ids=[*(f"r{at}" for at in range(72)), "many", "none", "vague", "zoo", "many", "r0"],
        ward=[*(["Aston", "", "Lozells"] * 24), *["Aston"] * 6],
    )


# --- reading ------------------------------------------------------------------------------


def read(path, **columns):
    return read_answers(path, **{"text": "answer", **columns})


def test_every_value_is_kept_and_columns_are_found_by_name(tmp_path):
    path = write_csv(
        tmp_path / "a.csv",
        ["Ref", " ANSWER ", "Form  language", "Ward", "other"],
        [
            [" r1 ", "N/A", "EN", " Small\n Heath ", "x"],
            ["r2", " None\n", "ur_PK", "", "x"],
            ["r1", "=1+1", "", "Aston", "x"],
        ],
    )
    table = read(path, id_column="ref", language="form language", groups=["ward"])
    assert table.texts == ("N/A", " None\n", "=1+1")
    assert table.ids == ("r1", "r2", "r1")
    assert table.languages == ("en", "ur-PK", None)
    assert table.groups == {"ward": ("Small Heath", "", "Aston")}


def test_rows_are_numbered_where_there_is_no_id(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeffanswer,ward\r\nOne,a\r\n\r\nTwo\r\n".encode())
    table = read(path)
    assert table.ids == ("1", "2")
    assert table.texts == ("One", "Two")
    assert table.languages == (None, None)


def test_blank_lines_of_one_column_are_people_who_wrote_nothing(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('answer\n\nOne\n\n\n"Two\nlines"\n""\n', encoding="utf-8")
    assert read(path).texts == ("", "One", "", "", "Two\nlines", "")


@pytest.mark.parametrize(
    ("content", "columns", "message"),
    [
        ("text\nx\n", {}, 'a.csv, row 1: no column "answer"; the header reads: text.'),
        (
            "answer\nx\n",
            {"id_column": "ref", "language": "lang", "groups": ["ward"]},
            'row 1: no column "ref", "lang", "ward"; the header reads: answer.',
        ),
        ("answer;ward\nx;y\n", {}, "the header reads: answer;ward. Values must be separated by"),
        ("answer\n", {}, "a.csv has a header but no rows."),
        ("", {}, "a.csv is empty."),
        ("answer,ref\nx,1\ny, \n", {"id_column": "ref"}, "row 3: the id is blank; give every row"),
        (
            "answer,lang\nx,en\ny,xx\n",
            {"language": "lang"},
            'row 3: "xx" is no language code; use codes such as en, ur or pt-BR',
        ),
        (
            f'answer\n"{"word " * 900}\n"\n',
            {"language": "answer"},
            'row 2: "word word word word word word word word ..." is no language code',
        ),
        ('answer\n"x\n', {}, "a quotation mark is not closed"),
        ("answer,lang\nx,y,z\n", {}, "row 2: 3 values under 2 columns"),
        (f"{'x' * 3000}\ny\n", {}, f"the header reads: {'x' * 400}... ".rstrip()),
    ],
)
def test_what_is_wrong_is_said_with_the_place(tmp_path, content, columns, message):
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(path, **columns)
    assert message in str(error.value)
    assert len(str(error.value)) < 600


# --- themes.json --------------------------------------------------------------------------


def test_a_theme_in_the_file(six):
    data = theme_data(six.themes[0])
    assert data.keys() >= THEME_FIELDS
    theme, count = six.themes[0], six.themes[0].count
    assert data["id"] == theme.id
    assert data["responses"] == count.responses == 13
    # 76 people, of whom "none" and "vague" gave no content; "r0" did, in one of two rows.
    assert data["share"] == pytest.approx(13 / 74)
    assert 0 < data["share_low"] < data["share"] < data["share_high"] < 1
    assert data["languages"] == {"en": 13}
    assert set(data["groups"]["ward"]) == {"Aston", "Lozells"}
    assert data["label"] in data["keywords"]
    assert len(set(data["keywords"])) == len(data["keywords"])
    assert set(data["exemplars"]) <= set(six.prepared.respondents)
    assert 0.0 <= data["stability"] <= 1.0


def test_the_labels_language_comes_first_among_the_keywords(six):
    words = replace(
        six.themes[0].words,
        label="دیر",
        language="ur",
        keywords={"en": ("bus", "late"), "ur": ("بس", "دیر"), "pl": ("bus",)},
    )
    data = theme_data(replace(six.themes[0], words=words, stability=float("nan")))
    assert data["keywords"] == ["بس", "دیر", "bus", "late"]
    assert data["keywords_by_language"] == {
        "en": ["bus", "late"],
        "ur": ["بس", "دیر"],
        "pl": ["bus"],
    }
    assert data["label_language"] == "ur"
    assert data["stability"] is None


# --- assignments.csv ----------------------------------------------------------------------


def test_assignments_of_every_row(six):
    text = assignments(six)
    rows = read_csv(text)
    assert text.splitlines()[0].split(",") == ASSIGNMENT_COLUMNS
    assert list(dict.fromkeys(row["response_id"] for row in rows)) == list(six.prepared.respondents)
    ids = {theme.id for theme in six.themes}
    for row in rows:
        if row["theme_id"]:
            assert row["theme_id"] in ids
            assert -1.0 <= float(row["strength"]) <= 1.0
            assert row["status"] in {"assigned", "uncertain"}
            assert int(row["unit"]) > 0
        else:
            assert row["strength"] == ""
            assert row["status"] in {"no_content", "unclear"}
    by_id = {row["response_id"]: (row["unit"], row["status"]) for row in rows}
    assert by_id["none"] == ("0", "no_content")
    assert by_id["vague"] == ("0", "unclear")
    assert by_id["zoo"] == ("1", "unclear")
    # With content in one row and blank in the other: both are there.
    assert [row["status"] for row in rows if row["response_id"] == "r0"] == [
        "assigned",
        "no_content",
    ]


def test_the_first_row_of_a_response_is_the_strongest(six):
    rows = [row for row in read_csv(assignments(six)) if row["response_id"] == "many"]
    strengths = [float(row["strength"]) for row in rows]
    assert strengths == sorted(strengths, reverse=True)
    # Units of both rows, numbered through as they were written: buses, damp, doctors; parks.
    assert sorted(row["unit"] for row in rows) == ["1", "2", "3", "4"]
    subject = {
        theme.id: next(name for name in SUBJECTS if name in theme.words.label)
        for theme in six.themes
    }
    written = {row["unit"]: subject[row["theme_id"]] for row in rows}
    assert written == {"1": "buses", "2": "damp", "3": "doctors", "4": "parks"}


@pytest.mark.parametrize(
    ("id_", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("a=1", "a=1"),
        ("r,1", "r,1"),
        ('say "x"', 'say "x"'),
    ],
)
def test_an_id_is_no_formula(id_, shown):
    (row,) = read_csv(assignments(run(["n/a"], ids=[id_])))
    assert row["response_id"] == shown


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.one_of(st.sampled_from(["n/a", "yes", SIX[0], f"{SIX[1]}. {SIX[2]}."]), st.text()),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_row_is_accounted_for(table):
    ids, texts = zip(*table, strict=True)
    result = run(texts, ids=ids)
    rows = read_csv(assignments(result))
    assert {row["response_id"] for row in rows} == set(ids)
    units = [row for row in rows if row["unit"] != "0"]
    assert len(units) == len(result.prepared.unit_text)
    with_units = len(set(result.prepared.unit_row.tolist()))
    assert len(rows) - len(units) == len(texts) - with_units


# --- run.json and all together ------------------------------------------------------------


def test_a_run_can_be_made_again_from_its_record(six):
    data = run_data(six)
    assert data["internal"] is True
    assert (data["rows"], data["respondents"], data["answering"]) == (78, 76, 74)
    assert (data["embedder"], data["model"], data["engine"]) == ("lsa", "words/1", "numpy")
    assert (data["seed"], data["means"], data["provisional"]) == (0, "none", False)
    assert data["without_theme"] == 1
    assert data["languages"] == {"en": 74}
    assert len(data["differences"]) == 12
    one = data["differences"][0]
    assert one["theme"] == six.themes[0].id
    assert (one["column"], one["value"]) == ("ward", "Aston")
    assert one["state"] in {"no clear difference", "more often", "less often"}
    assert one["difference_low"] <= one["share"] - one["rest_share"] <= one["difference_high"]
    frame = Frame.from_dict(json.loads(json.dumps(data["frame"])))
    assert frame.ids == tuple(theme.id for theme in six.themes)


def test_groups_too_small_to_compare_have_no_interval():
    result = run(SIX, themes=6, ward=["Aston"] * 4 + ["Lozells"] * 68)
    each = run_data(result)["differences"][0]
    assert each["state"] == "too few to tell"
    assert each["difference_low"] is each["difference_high"] is each["q_value"] is None


def test_the_same_bytes_on_a_second_run(tmp_path):
    texts = [*SIX[:40], "n/a", "Zoo", "پارک میں اندھیرا ہے"]
    for name in ("one", "two"):
        write_results(run(texts, ward=["Aston"] * 43), tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["assignments.csv", "run.json", "summary.md", "themes.json"]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_files_without_themes_are_whole(tmp_path):
    write_results(run(["n/a", "Parking", "Litter"], ids="abc"), tmp_path)
    assert json.loads((tmp_path / "themes.json").read_text(encoding="utf-8")) == []
    data = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert data["frame"] is None
    assert set(data["keywords"]["en"]) == {"parking", "litter"}
    rows = read_csv((tmp_path / "assignments.csv").read_text(encoding="utf-8"))
    assert [(row["response_id"], row["unit"], row["status"]) for row in rows] == [
        ("a", "0", "no_content"),
        ("b", "1", "unclear"),
        ("c", "1", "unclear"),
    ]
