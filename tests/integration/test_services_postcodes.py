"""Postcodes: a table that the council loads, and nothing of a resident in it."""

import pytest
import sqlalchemy as sa

from consult.db import unit_of_work
from consult.models import PostcodeArea
from consult.services import postcodes


@pytest.fixture
def table(tmp_path):
    return tmp_path / "wards.csv"


def load(world, path):
    with unit_of_work(world.session):
        return postcodes.load(world.session, path)


def loaded(world):
    world.session.expire_all()
    rows = world.session.execute(sa.select(PostcodeArea.postcode, PostcodeArea.area_code))
    return dict(rows.all())


OLD = "postcode,area_code\nB1 1BB,E1\n"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("B1 1BB", "B11BB"),
        ("b11bb", "B11BB"),
        (" sw1a\u00a01aa\n", "SW1A1AA"),
        ("EC1A-1BB", "EC1A1BB"),
        ("M1.1AE", "M11AE"),
        ("CR2 6XH", "CR26XH"),
        ("DN55 1PT", "DN551PT"),
        ("W1P 1HQ", "W1P1HQ"),
        ("B١ ١BB", "B11BB"),
        ("B১ ১bb", "B11BB"),
    ],
)
def test_a_postcode_is_read_however_it_is_written(typed, expected):
    assert postcodes.normalise(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["", " ", "B1", "B1 1B", "B1 1BBB", "1B 1BB", "BBB1 1BB", "B1 BBB", "12345", "B1 1BB B1 1BC"],
)
def test_what_is_no_postcode_is_told_apart(typed):
    with pytest.raises(postcodes.NotAPostcode):
        postcodes.normalise(typed)


def test_a_table_is_loaded_in_place_of_the_old_one(world, table):
    assert not postcodes.is_loaded(world.session)
    table.write_text(OLD)
    assert load(world, table) == 1
    # As a spreadsheet saves it: a byte order mark, more columns, quotes, Windows line ends.
    table.write_bytes(
        b'\xef\xbb\xbfpostcode,ward,area_code\r\n"b2 4qa",Westhill, W1 \r\nB2 4QB,x,OUT\r\n'
    )
    assert load(world, table) == 2
    assert loaded(world) == {"B24QA": "W1", "B24QB": "OUT"}
    assert postcodes.is_loaded(world.session)


def test_the_same_postcode_twice_is_loaded_once(world, table):
    table.write_text("postcode,area_code\nB1 1BB,E1\nb11bb,E1\n")
    assert load(world, table) == 1


def test_a_large_table_is_loaded_whole(world, table, monkeypatch):
    monkeypatch.setattr(postcodes, "_BATCH", 4)
    for count in (3, 4, 5, 8, 9):
        rows = "".join(f"B1 {i}BB,E1\n" for i in range(count))
        table.write_text("postcode,area_code\n" + rows)
        assert load(world, table) == count
        assert len(loaded(world)) == count


def test_a_postcode_leads_to_an_area_of_the_consultation(world, table):
    table.write_text("postcode,area_code\nB1 1BB,E1\nB1 1BC,ELSEWHERE\n")
    load(world, table)
    assert postcodes.area_of(world.session, world.document, " b1 1bb") == "E1"
    for unknown in ("B1 1BC", "B1 1BD"):
        with pytest.raises(postcodes.UnknownPostcode):
            postcodes.area_of(world.session, world.document, unknown)
    with pytest.raises(postcodes.NotAPostcode):
        postcodes.area_of(world.session, world.document, "Eastgate")


FAULTY = [
    (b"postcode,area_code\nB1 1BC,W1\nnowhere,W1\n", ["wards.csv, line 3", "'nowhere'"]),
    (b"postcode,area_code\nB1 1BC,W1\n,W1\n", ["wards.csv, line 3"]),
    (b"postcode,area_code\nB1 1BC\n", ["wards.csv, line 2", "area_code"]),
    (b"postcode,area_code\nB1 1BC,\n", ["wards.csv, line 2", "area_code"]),
    (b"postcode,area_code\nB1 1BC,  \n", ["wards.csv, line 2", "area_code"]),
    (
        b"postcode,area_code\nB1 1BC," + b"W" * 21 + b"\n",
        ["wards.csv, line 2", "area_code"],
    ),
    (b"postcode,ward\nB1 1BC,W1\n", ["first line", "area_code is missing"]),
    (b"B1 1BC,W1\n", ["area_code and postcode is missing"]),
    (b"", ["first line"]),
    (b"postcode,area_code\nB1 1BC,Bucure\xbati\n", ["not UTF-8", "CSV UTF-8"]),
]


def test_a_faulty_table_is_named_and_leaves_the_old_one(world, table, subtests):
    table.write_text(OLD)
    load(world, table)
    for content, said in FAULTY:
        with subtests.test(repr(content[:60])):
            table.write_bytes(content)
            with pytest.raises(postcodes.PostcodeFileError) as caught:
                load(world, table)
            for words in said:
                assert words in str(caught.value)
            assert loaded(world) == {"B11BB": "E1"}


def test_a_missing_file_is_named_and_leaves_the_old_table(world, table, tmp_path):
    table.write_text(OLD)
    load(world, table)
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(postcodes.PostcodeFileError, match=path.name):
            load(world, path)
    assert loaded(world) == {"B11BB": "E1"}
