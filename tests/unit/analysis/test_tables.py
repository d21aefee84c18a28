"""Reading CSV files that people hand in: what is taken, and what is refused with a mend."""

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.tables import matching_key, parse_number, read_columns, read_table, tidy


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes, name: str = "table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal(path, required=("a", "b")):
    with pytest.raises(InputError) as caught:
        read_table(path, required)
    text = str(caught.value)
    assert "\n" not in text
    assert path.name in text
    return text


def test_rows_are_numbered_as_a_spreadsheet_does(write):
    table = read_table(write("A,b\n1,2\n\n3,4\n"), ("a", "b"))
    assert [(row.number, row["a"], row["b"]) for row in table.rows] == [
        (2, "1", "2"),
        (4, "3", "4"),
    ]


def test_values_stay_text_and_lose_outer_spaces_alone(write):
    table = read_table(write('a,b\n"N/A", None \n  null ,"x,  y"\n'), ("a", "b"))
    assert [dict(row.values) for row in table.rows] == [
        {"a": "N/A", "b": "None"},
        {"a": "null", "b": "x, y"},
    ]


def test_optional_columns_read_as_blank(write):
    (row,) = read_table(write("a\n1\n"), ("a",), ("area",)).rows
    assert row["area"] == ""


def test_utf8_with_and_without_mark(write):
    for mark in (b"", b"\xef\xbb\xbf"):
        (row,) = read_table(write(mark + "a\nCafé\n".encode()), ("a",)).rows
        assert row["a"] == "Café"


def test_short_rows_are_filled_and_surplus_commas_dropped(write):
    table = read_table(write("a,b\n1\n2,3,,\n"), ("a", "b"))
    assert [dict(row.values) for row in table.rows] == [{"a": "1", "b": ""}, {"a": "2", "b": "3"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \r\n ", "is empty"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "UTF-16"),
        (
            "a,b\n1,Café\n".encode("cp1252"),
            'row 2: not UTF-8 near "1,Café"; it may be Windows-1252',
        ),
        (b"\xe9,b\n1,2\n", "row 1: not UTF-8"),
        (b"PK\x03\x04rest", "is a workbook"),
        (b"\xd0\xcf\x11\xe0rest", "is a workbook"),
        (b"a,b\n1,\x00 and much more plain text behind it\n", "row 2: bytes that are no text"),
        (b",\n1,2\n", "row 1: there is no header"),
        (b"a,b\n", "has a header but no rows"),
        (b"a,b\n,\n", "has a header but no rows"),
        (b"a,c\n1,2\n", 'row 1: column "b" not found; the header reads: a, c'),
        (b"x,y\n1,2\n", 'columns "a", "b" not found'),
        (b"a;b\n1;2\n", "separated by commas"),
        (b"a,A,b\n1,2,3\n", 'row 1: the column "A" occurs twice'),
        (b"a,b\n1,2,3\n", "row 2: 3 values under 2 columns"),
        (b'a,b\n1,"2\n3,4\n', "a quotation mark is not closed"),
        (b'a,b\n1,"2"x\n', "row 2: a quotation mark is not closed"),
        (b"a,b\n1," + b"x" * 140_000 + b"\n", "row 2: a value is longer"),
    ],
)
def test_refused(write, content, said):
    assert said in refusal(write(content))


def test_missing_file_and_folder(tmp_path):
    assert "does not exist" in refusal(tmp_path / "nowhere.csv")
    assert "cannot be read" in refusal(tmp_path)


def test_columns_keep_each_distinct_value_once_and_sorted(write):
    count, _, columns = read_columns(write("name,x\nb, 1\na,2\nb,1\n ,1\n"))
    assert count == 4
    assert columns["name"].values == ("", "a", "b")
    assert columns["name"].codes.tolist() == [2, 1, 2, 0]
    assert columns["x"].values == ("1", "2")
    assert columns["x"].codes.dtype == np.int32


def test_a_row_of_commas_is_a_person_and_a_blank_line_is_not(write):
    count, _, columns = read_columns(write("a,b\n,\n\n1,2\n,\n"))
    assert count == 3
    assert columns["a"].codes.tolist() == [0, 1, 0]


def test_blank_lines_of_a_single_column_are_people(write):
    count, _, columns = read_columns(write('a\nx\n\n\ny\n""\n\n'))
    assert count == 6
    assert [columns["a"].values[code] for code in columns["a"].codes] == ["x", "", "", "y", "", ""]


def test_a_column_without_a_name(write):
    assert read_columns(write("a,\n1,\n"))[1] == ("a",)
    with pytest.raises(InputError, match="row 1: a column with values has no name"):
        read_columns(write("a,\n1,2\n"))


def test_header_alone_has_no_rows(write):
    count, _, columns = read_columns(write("a,b\n"))
    assert count == 0
    assert columns["a"].values == ()


def test_only_wanted_columns_are_read(write):
    count, header, columns = read_columns(write("id,a\n1,x\n2,y\n"), lambda name: name == "a")
    assert (count, header, list(columns)) == (2, ("id", "a"), ["a"])


@pytest.mark.parametrize("batch", [1, 500])
def test_faults_of_a_large_table_name_their_row(write, monkeypatch, batch):
    monkeypatch.setattr("analysis.tables._BATCH", batch)
    with pytest.raises(InputError, match="row 4: 3 values under 2 columns"):
        read_columns(write("a,b\n1,2\n3\n1,2,3\n"))
    with pytest.raises(InputError, match="row 3: a quotation mark is not closed"):
        read_columns(write('a,b\n1,2\n1,"2\n3,4\n'))
    with pytest.raises(InputError, match="row 1: a quotation mark is not closed"):
        read_columns(write('a,"b\n1,2\n'))


def test_batches_join(write, monkeypatch):
    monkeypatch.setattr("analysis.tables._BATCH", 2)
    count, _, columns = read_columns(write("a\n" + "".join(f"{n % 3}\n" for n in range(7))))
    assert count == 7
    assert columns["a"].codes.tolist() == [0, 1, 2, 0, 1, 2, 0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("1,144,917", 1144917),
        ("0.5", 0.5),
        (".5", 0.5),
        ("-3", -3),
        ("+4", 4),
        ("7.", 7),
    ],
)
def test_numbers(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e5", "1_000", "١٢", "12,34", "1 000", "n/a"])
def test_no_numbers(text):
    assert parse_number(text) is None


def test_keys_do_not_tell_case_width_or_spaces_apart():
    assert matching_key("  ＭUSLIM ") == matching_key("muslim") == "muslim"
    assert tidy(" No  religion\t") == "No religion"
    assert tidy("Cafe\u0301") == "Café"
