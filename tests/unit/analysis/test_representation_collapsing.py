import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.representation.weights.collapsing import DropReason, Merge, collapse
from analysis.representation.weights.margins import Margin

AGES = ("16-24", "25-64", "65-74", "75-84", "85+")
OLDEST_FIRST = [Merge("75+", ("75-84", "85+")), Merge("65+", ("65-74", "75+"))]


def ages(*counts, population=(12, 60, 15, 9, 4), unknown=0):
    codes = np.concatenate([np.repeat(np.arange(5), counts), np.full(unknown, -1)])
    return Margin("age", AGES, population, codes)


def margin_of(found):
    assert found.margin is not None
    return found.margin


def test_nothing_small_nothing_joined():
    margin = ages(20, 60, 20, 20, 20)
    found = collapse(margin, OLDEST_FIRST)
    assert (found.merged, found.dropped, found.small) == ((), None, ())
    assert margin_of(found).categories == AGES
    assert margin_of(found).codes.tolist() == margin.codes.tolist()


def test_the_first_declared_step_that_helps():
    found = collapse(ages(30, 60, 25, 15, 6, unknown=3), OLDEST_FIRST)
    assert found.merged == (OLDEST_FIRST[0],)
    assert margin_of(found).categories == ("16-24", "25-64", "65-74", "75+")
    assert margin_of(found).population == (12, 60, 15, 13)
    assert margin_of(found).counts.tolist() == [30, 60, 25, 21]
    assert margin_of(found).missing == pytest.approx(3 / 139)


def test_steps_build_on_each_other():
    found = collapse(ages(30, 60, 25, 8, 6), OLDEST_FIRST)
    assert found.merged == tuple(OLDEST_FIRST)
    assert margin_of(found).categories == ("16-24", "25-64", "65+")
    assert margin_of(found).counts.tolist() == [30, 60, 39]


def test_a_later_step_takes_the_parts_of_one_passed_over():
    # 75-84 and 85+ suffice on their own, 65-74 does not: 65+ takes all three.
    found = collapse(ages(30, 60, 5, 25, 22), OLDEST_FIRST)
    assert found.merged == (OLDEST_FIRST[1],)
    assert margin_of(found).categories == ("16-24", "25-64", "65+")
    assert margin_of(found).population == (12, 60, 28)


def test_what_stays_small_drops_the_dimension():
    found = collapse(ages(19, 60, 25, 8, 6), OLDEST_FIRST)
    assert found.margin is None
    assert found.dropped is DropReason.TOO_SMALL
    assert found.small == ("16-24",)
    assert found.merged == tuple(OLDEST_FIRST)


def test_without_a_declared_order_nothing_is_joined():
    found = collapse(ages(30, 60, 25, 15, 0))
    assert (found.dropped, found.small) == (DropReason.TOO_SMALL, ("75-84", "85+"))


def test_one_category_is_nothing_to_weight_by():
    found = collapse(Margin("sex", ["f", "m"], [1, 0], [0] * 30))
    assert found.dropped is DropReason.ONE_CATEGORY
    joined = collapse(Margin("sex", ["f", "m"], [1, 1], [0] * 30 + [1]), [Merge("all", ("f", "m"))])
    assert joined.dropped is DropReason.ONE_CATEGORY


def test_nobody_answered():
    assert collapse(ages(0, 0, 0, 0, 0, unknown=9)).dropped is DropReason.NOBODY
    assert collapse(ages(0, 0, 0, 0, 0)).dropped is DropReason.NOBODY


def test_a_group_that_nobody_in_the_population_has_may_be_empty():
    found = collapse(Margin("sex", ["f", "m", "x"], [1, 1, 0], [0] * 30 + [1] * 20))
    assert margin_of(found).categories == ("f", "m", "x")


def test_a_higher_minimum():
    assert collapse(ages(30, 60, 25, 25, 25), minimum=26).small == ("65-74", "75-84", "85+")


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ([Merge("75+", ("75-84", "old"))], "'old', which is no category"),
        ([Merge("75+", ("75-84",))], "needs two categories"),
        ([Merge("75+", ("75-84", "75-84"))], "needs two categories"),
        ([Merge("85+", ("75-84", "85+"))], "name that is taken"),
        ([OLDEST_FIRST[0], OLDEST_FIRST[0]], "name that is taken"),
        ([OLDEST_FIRST[0], Merge("65-84", ("65-74", "75-84"))], "takes a part of '75\\+'"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(order, message):
    with pytest.raises(InputError, match=message):
        collapse(ages(30, 60, 25, 8, 6), order)


def test_sees_no_answers():
    assert set(inspect.signature(collapse).parameters) == {"margin", "order", "minimum"}


@given(st.lists(st.integers(0, 45), min_size=5, max_size=5))
@settings(max_examples=100, deadline=None)
def test_people_and_population_are_kept(counts):
    margin = ages(*counts)
    found = collapse(margin, OLDEST_FIRST)
    if found.margin is None:
        assert found.dropped is not None
    else:
        assert margin_of(found).counts.min() >= 20
        assert margin_of(found).counts.sum() == sum(counts)
        assert sum(margin_of(found).population) == sum(margin.population)
