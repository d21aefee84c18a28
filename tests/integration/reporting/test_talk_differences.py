"""Differences that published numbers bear out, whatever exact ones they stand for."""

import pytest

from analysis.disclosure import WITHHELD, publish
from analysis.themes.counting import State
from consult.services.reporting.differences import Beside, rest_of, states


def beside(count, base, all_count, all_base):
    return Beside(*map(publish, (count, base, all_count, all_base)))


def test_everybody_else_is_what_the_group_leaves():
    # 50 is 48 to 52 and 20 is 18 to 22, so others are 26 to 34.
    rest = rest_of(publish(51), publish(19))
    assert (rest.text, rest.value, rest.low, rest.high) == ("30", 30, 26, 34)
    # Of 20 and 20 nobody is left, or up to four.
    rest = rest_of(publish(20), publish(19))
    assert (rest.value, rest.low, rest.high) == (0, 0, 4)
    with pytest.raises(ValueError, match="not shown"):
        rest_of(publish(20), publish(3))


def test_the_numbers_that_lie_closest_together_are_compared():
    more = beside(50, 60, 80, 130)
    assert more.is_more
    # 48 of 62 in the group; 82 - 48 of 128 - 62 among the rest.
    assert more.least == (48, 62, 34, 66)
    less = beside(20, 60, 80, 130)
    assert not less.is_more
    # 22 of 58; 78 - 22 of 132 - 58.
    assert less.least == (22, 58, 56, 74)


def test_a_count_is_never_taken_to_be_above_its_base():
    everybody = beside(58, 58, 80, 130)
    count, base, other, others = beside(62, 62, 62, 62).least
    assert (count <= base, other <= others) == (True, True)
    assert everybody.least[0] <= everybody.least[1]


def test_a_difference_that_the_rounding_could_make_is_none():
    # 26 of 40 beside 14 of 40 is clear by itself; told are 25 and 15, which may be 23 and 17.
    assert states([beside(50, 60, 80, 130), beside(20, 60, 80, 130)]) == [State.MORE, State.LESS]
    assert states([beside(26, 40, 40, 80)]) == [State.NO_CLEAR_DIFFERENCE]
    assert states([]) == []


def test_the_more_is_compared_the_more_must_differ():
    alone = beside(40, 60, 60, 130)
    assert states([alone]) == [State.MORE]
    others = [beside(30, 60, 65, 130)] * 40
    assert states([alone, *others])[0] is State.NO_CLEAR_DIFFERENCE


@pytest.mark.parametrize("hidden", range(4))
def test_nothing_is_said_where_a_number_is_not_told(hidden):
    numbers = [publish(each) for each in (50, 60, 80, 130)]
    assert Beside(*numbers).is_told
    numbers[hidden] = WITHHELD
    assert not Beside(*numbers).is_told


def test_nothing_is_said_where_nobody_is_left_to_compare_with():
    assert not beside(50, 130, 80, 130).is_told
