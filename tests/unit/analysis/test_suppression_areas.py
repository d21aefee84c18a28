import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.suppression.areas import nested_axis
from analysis.suppression.publishing import protect_tables
from analysis.suppression.tables import Axis, Kind, make_table
from tests.unit.analysis.table_attack import attack

AREAS = [
    ("North", ""),
    ("South", ""),
    ("Aston", "North"),
    ("Oscott", "North"),
    ("Bournville", "South"),
    ("Moseley", "South"),
    ("Stirchley", "South"),
]
ANSWERS = Axis("answer", ("yes", "no"), Kind.ANSWER)


def area_table(wards):
    """Return a table of five wards in two constituencies; wards : array of (5, 2)."""
    wards = np.asarray(wards)
    counts = np.vstack([wards[:2].sum(axis=0), wards[2:].sum(axis=0), wards])
    return make_table("areas", [nested_axis("area", AREAS), ANSWERS], counts)


def test_the_total_is_that_of_the_top_level():
    table = area_table([[20, 14], [31, 22], [15, 16], [40, 30], [12, 18]])
    assert table.counts[-1].tolist() == [118, 100, 218]
    assert table.counts[0].tolist() == [51, 36, 87]


def test_a_ward_is_not_the_rest_of_its_constituency():
    # North less Aston would be Oscott.
    table = area_table([[20, 14], [31, 4], [15, 16], [40, 30], [12, 18]])
    (shown,) = protect_tables([table])
    assert shown.at("Oscott", "no").value is None
    for each in attack([shown], totals={"": 200}).values():
        assert each.width >= 5 - 1e-6


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=5, max_size=5))
def test_no_level_gives_another_away(wards):
    (shown,) = protect_tables([area_table(wards)])
    people = int(np.sum(wards))
    for each in attack([shown], totals={"": people} if people >= 10 else None).values():
        assert each.width >= 5 - 1e-6


def test_levels_must_add_up():
    counts = [[50, 40], [60, 50], *[[10, 10]] * 5]
    with pytest.raises(ValueError, match="parts of North do not add up"):
        make_table("areas", [nested_axis("area", AREAS), ANSWERS], counts)


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ([("Aston", "North"), ("Aston", "East")], "Aston is in North and in East"),
        ([("Aston", "North")], "North, which is not among the areas"),
        ([("A", "B"), ("B", "A")], "A is within itself"),
    ],
)
def test_areas_that_do_not_nest_are_refused(areas, said):
    with pytest.raises(ValueError, match=said):
        nested_axis("area", areas)
