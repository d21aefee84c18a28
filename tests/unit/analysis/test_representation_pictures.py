import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import WITHHELD, percentage, publish
from analysis.representation.comparison.gaps import group_gaps
from analysis.representation.telling.picture_parts import Role, as_data, scale
from analysis.representation.telling.pictures import (
    arrivals_picture,
    gap_picture,
    theme_picture,
    tiles_picture,
)
from analysis.representation.telling.sentences import Count


def cells(table):
    """Return a picture's table as texts, the header first."""
    shown = [["" if cell is None else str(cell) for cell in row] for row in table.rows]
    return [[str(cell) for cell in table.header], *shown]


def religion():
    # Birmingham 2021: 16 of 142 Muslim, 29.85 % of residents.
    return group_gaps([16, 126], [341_811, 803_106], categories=["Muslim", "Others"])


def test_gaps_are_dots_with_intervals_beside_residents():
    picture = gap_picture(religion(), labels={"Muslim": "Muslim residents"})
    muslim, others = picture.marks
    assert (muslim.label, others.label) == ("Muslim residents", "Others")
    assert muslim.role is Role.UNDER
    assert muslim.dot is not None
    assert others.dot is not None
    assert muslim.residents is not None
    assert muslim.dot.share == pytest.approx(16 / 142)
    assert muslim.dot.low < muslim.dot.share < muslim.dot.high < muslim.residents
    assert muslim.residents == pytest.approx(0.29855, abs=1e-5)
    assert picture.end >= others.dot.high
    assert picture.ticks[0] == 0
    assert picture.ticks[-1] == picture.end


def test_the_gap_picture_says_in_words_and_in_a_table_what_it_shows():
    picture = gap_picture(religion())
    # Others are 1.26 times their share, which 142 responses do not show to be 1.25 or more.
    assert str(picture.alternative).endswith("Below its share by most: Muslim.")
    assert "2 groups: 1 under, 0 in line, 0 over, 1 with too few" in str(picture.alternative)
    header, muslim, _ = cells(picture.table)
    assert header == [
        "Group",
        "Responses",
        "Share of responses",
        "from",
        "to",
        "Share of residents",
        "State",
    ]
    # Wilson for 16 of 142: 7.0 % to 17.5 %.
    assert muslim == ["Muslim", "16", "11 %", "7 %", "18 %", "30 %", "Under"]


def test_a_public_gap_picture_shows_published_figures_only():
    gaps = group_gaps([16, 4, 122], [300, 50, 650], categories=["A", "B", "C"])
    figures = [(publish(16), publish(142)), (publish(4), publish(142)), (WITHHELD, publish(142))]
    picture = gap_picture(gaps, published=figures)
    assert picture.marks[0].dot is not None
    # 15 of 140.
    assert picture.marks[0].dot.share == 0.11
    assert [mark.dot for mark in picture.marks[1:]] == [None, None]
    rows = cells(picture.table)[1:]
    assert [row[1] for row in rows] == ["15", "fewer than 10", "not shown"]
    assert rows[1][2:5] == ["", "", ""]
    text = json.dumps(as_data(picture))
    assert "0.11267" not in text
    assert "122" not in text


def test_a_published_figure_for_each_group():
    with pytest.raises(ValueError, match="1 published figures for 2 groups"):
        gap_picture(religion(), published=[(publish(16), publish(142))])


def test_without_responses_there_is_nothing_to_compare():
    picture = gap_picture(group_gaps([0, 0], [1, 1], categories=["A", "B"]))
    assert [mark.dot for mark in picture.marks] == [None, None]
    assert str(picture.alternative) == "No group has responses to compare yet."
    assert gap_picture([]).marks == ()


def test_when_no_group_is_under_none_is_named():
    picture = gap_picture(group_gaps([500, 500], [1, 1], categories=["A", "B"]))
    assert picture.alternative.key == "picture.gaps.level"


def test_a_group_without_a_reference_has_no_line():
    picture = gap_picture(group_gaps([50, 50, 5], [1, 1, 0], categories=["A", "B", "C"]))
    assert picture.marks[2].residents is None


# --- arrivals -----------------------------------------------------------------------------

START = date(2026, 9, 1)


def test_arrivals_are_bars_with_their_total():
    picture = arrivals_picture({START: 4, START + timedelta(2): 7})
    assert [(bar.first.day, bar.responses, bar.total) for bar in picture.bars] == [
        (1, 4, 4),
        (2, 0, 4),
        (3, 7, 11),
    ]
    assert (picture.days, picture.end) == (1, 7)
    assert str(picture.alternative) == (
        "11 responses from 2026-09-01 to 2026-09-03. Most came on 2026-09-03: 7."
    )
    assert cells(picture.table)[:2] == [
        ["Day", "Responses", "Total so far"],
        ["2026-09-01", "4", "4"],
    ]


def test_a_long_time_is_drawn_by_weeks():
    picture = arrivals_picture({START: 4}, last=START + timedelta(83))
    assert (picture.days, len(picture.bars)) == (7, 12)
    assert "in the 7 days from 2026-09-01: 4" in str(picture.alternative)
    assert str(picture.table.header[0]) == "Days from"


def test_quiet_days_at_both_ends_are_drawn():
    picture = arrivals_picture({START: 4}, first=START - timedelta(2), last=START + timedelta(1))
    assert [bar.responses for bar in picture.bars] == [0, 0, 4, 0]


def test_no_arrivals():
    picture = arrivals_picture({})
    assert (picture.bars, picture.end) == ((), 1)
    assert str(picture.alternative) == "No responses yet."
    assert arrivals_picture({}, first=START).alternative.key == "picture.arrivals.none"
    with pytest.raises(ValueError, match="fewer than 0"):
        arrivals_picture({START: -1})


# --- areas --------------------------------------------------------------------------------


def areas(names):
    return [(name, Role.UNDER, Count(10 * at)) for at, name in enumerate(names)]


def test_areas_are_squares_near_their_places():
    # Four corners and a middle, on three by two squares.
    places = [(0, 10), (10, 10), (0, 0), (10, 0), (5, 10)]
    picture = tiles_picture(areas(["NW", "NE", "SW", "SE", "N"]), places)
    spots = {tile.label: (tile.row, tile.column) for tile in picture.tiles}
    assert (picture.rows, picture.columns) == (2, 3)
    assert spots == {"NW": (0, 0), "N": (0, 1), "NE": (0, 2), "SW": (1, 0), "SE": (1, 2)}


def test_without_places_areas_stand_by_name():
    picture = tiles_picture(areas(["c", "a", "b"]))
    assert [(tile.label, tile.row, tile.column) for tile in picture.tiles] == [
        ("a", 0, 0),
        ("b", 0, 1),
        ("c", 1, 0),
    ]
    assert str(picture.alternative).startswith("3 areas: 3 under")
    assert cells(picture.table)[1] == ["a", "10", "Under"]


@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
def test_each_area_has_a_square_of_its_own_whatever_the_order(places, random):
    given_areas = list(zip(areas([f"{at:02}" for at in range(len(places))]), places, strict=True))
    picture = tiles_picture(*map(list, zip(*given_areas, strict=True)))
    spots = {(tile.row, tile.column) for tile in picture.tiles}
    assert len(spots) == len(places)
    assert all(row < picture.rows and column < picture.columns for row, column in spots)
    random.shuffle(given_areas)
    assert tiles_picture(*map(list, zip(*given_areas, strict=True))) == picture


def test_a_place_for_each_area():
    with pytest.raises(ValueError, match="1 places for 2 areas"):
        tiles_picture(areas("ab"), [(0, 0)])
    assert tiles_picture([]).tiles == ()
    assert tiles_picture([], []).rows == 0


def test_a_plain_area_has_no_state():
    picture = tiles_picture([("a", Role.PLAIN, None)])
    assert cells(picture.table)[1] == ["a", "", ""]


# --- themes by group ----------------------------------------------------------------------


def test_themes_by_group_have_a_dot_for_each_published_share():
    shares = {
        ("parks", "young"): (percentage(publish(60), publish(100)), Role.OVER),
        ("parks", "old"): (percentage(publish(20), publish(100)), Role.UNDER),
        ("buses", "old"): (percentage(publish(4), publish(100)), Role.TOO_FEW),
    }
    picture = theme_picture(["parks", "buses"], ["young", "old"], shares)
    assert [(mark.theme, mark.group, mark.dot is not None) for mark in picture.marks] == [
        ("parks", "young", True),
        ("parks", "old", True),
        ("buses", "young", False),
        ("buses", "old", False),
    ]
    assert str(picture.alternative) == (
        "How often each of 2 groups raises each of 2 themes. Highest: parks among young, 60 %."
    )
    # Wilson for 60 of 100: 50.2 % to 69.1 %.
    assert cells(picture.table)[1] == ["parks", "young", "60 %", "50 %", "69 %", "Over"]
    assert cells(picture.table)[3] == ["buses", "young", "not shown", "", "", "Too few to tell"]


def test_no_theme_can_be_compared():
    picture = theme_picture(["parks"], ["young"], {})
    assert picture.alternative.key == "picture.themes.none"


# --- all of them --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "picture",
    [
        gap_picture(religion()),
        arrivals_picture({START: 4}),
        tiles_picture(areas("ab")),
        theme_picture(["parks"], ["young"], {}),
    ],
)
def test_pictures_are_plain_data_with_a_sentence_and_a_table_and_no_colours(picture):
    data = json.loads(json.dumps(as_data(picture)))
    assert data["alternative"]["english"] == str(picture.alternative)
    assert len(data["table"]["rows"]) == len(picture.table.rows)
    assert all(len(row) == len(data["table"]["header"]) for row in data["table"]["rows"])
    assert "colour" not in json.dumps(data)
    assert "#" not in json.dumps(data)


@pytest.mark.parametrize(
    ("values", "end", "ticks"),
    [
        ([0.37], 0.4, 5),
        ([0.1], 0.1, 6),
        ([1.0], 1.0, 6),
        ([0.011, None], 0.015, 4),
        ([], 0.1, 6),
        ([0.9], 1.0, 6),
    ],
)
def test_scales_end_on_a_round_number(values, end, ticks):
    found, marks = scale(values)
    assert found == end
    assert len(marks) == ticks


@given(st.lists(st.floats(1e-4, 1), min_size=1, max_size=5))
def test_a_scale_holds_all_values_with_few_ticks(values):
    end, ticks = scale(values)
    assert end >= max(values) - 1e-9
    assert 2 <= len(ticks) <= 7
