import math

import pytest

from analysis.suppression.attacker import Attacker, Contradiction, Feasible

TABLE = [[20, 3, 17], [15, 12, 18], [10, 25, 30]]


def attacker_on(hidden, table=TABLE):
    """Return who holds a table with exact totals and some cells hidden."""
    attacker = Attacker()
    for row, counts in enumerate(table):
        for column, count in enumerate(counts):
            if (row, column) in hidden:
                attacker.learn((row, column))
            else:
                attacker.learn((row, column), count, count)
        attacker.learn(("row", row), sum(counts), sum(counts))
        attacker.adds_up([(row, column) for column in range(len(counts))], ("row", row))
    for column, counts in enumerate(zip(*table, strict=True)):
        attacker.learn(("column", column), sum(counts), sum(counts))
        attacker.adds_up([(row, column) for row in range(len(table))], ("column", column))
    return attacker


def test_one_hidden_cell_is_what_is_missing_to_its_total():
    assert attacker_on({(0, 1)}).interval((0, 1)) == Feasible(3, 3)


def test_a_rectangle_protects():
    # Along the rectangle 3 falls to 0 or rises by 12, what the cell opposite can lose; the 15
    # below 20 changes by as much.
    hidden = {(0, 0), (0, 1), (1, 0), (1, 1)}
    found = attacker_on(hidden).intervals([(0, 1), (1, 0)])
    assert found == {(0, 1): Feasible(0, 15), (1, 0): Feasible(12, 27)}
    assert found[0, 1].width == 15


def test_an_l_shape_only_looks_as_if_it_protected():
    # Column 2 gives 17, row 0 then 3, column 1 then 12.
    found = attacker_on({(0, 1), (0, 2), (1, 1)}).intervals([(0, 1), (0, 2), (1, 1)])
    assert [(each.low, each.high) for each in found.values()] == [(3, 3), (17, 17), (12, 12)]


def test_two_small_cells_in_a_rectangle():
    hidden = {(0, 0), (0, 1), (1, 0), (1, 1)}
    table = [[20, 3, 17], [15, 4, 18], [10, 25, 30]]
    assert attacker_on(hidden, table).interval((0, 1)) == Feasible(0, 7)


def test_rounding_is_an_interval_too():
    attacker = Attacker()
    attacker.learn("all", 53, 57)
    attacker.learn("under 65", 53, 57)
    attacker.learn("65 and over", 0, 9)
    attacker.adds_up(["under 65", "65 and over"], "all")
    assert attacker.interval("65 and over") == Feasible(0, 4)


def test_what_is_learnt_twice_is_the_narrower_of_both():
    attacker = Attacker()
    attacker.learn("a", 0, 9)
    attacker.learn("a", 5, 20)
    assert attacker.interval("a") == Feasible(5, 9)
    assert "a" in attacker
    assert "b" not in attacker


def test_nothing_is_known_of_the_top_of_a_figure_that_nothing_bounds():
    attacker = Attacker()
    attacker.learn("a", 3)
    attacker.relate({"a": 1, "b": -1}, -math.inf, 0)
    assert attacker.interval("a") == Feasible(3, math.inf)
    assert attacker.interval("b") == Feasible(3, math.inf)


def test_a_part_is_at_most_its_whole():
    attacker = Attacker()
    attacker.learn("theme")
    attacker.learn("people", 13, 17)
    attacker.at_most("theme", "people")
    assert attacker.interval("theme") == Feasible(0, 17)


def test_what_cannot_be_is_said():
    attacker = Attacker()
    attacker.learn("a", 5, 5)
    attacker.learn("all", 3, 3)
    attacker.adds_up(["a"], "all")
    with pytest.raises(Contradiction, match="no figures agree"):
        attacker.interval("a")
    with pytest.raises(ValueError, match="from 6 to 5"):
        attacker.learn("b", 6, 5)
    with pytest.raises(KeyError):
        attacker.interval("never heard of")
