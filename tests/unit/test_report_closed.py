"""What an answer to a closed question counts for."""

import pytest

from consult.document.model import AGREE_SCALE
from consult.services.reporting.closed import apportioned, options_of, picked
from tests.unit.consultation_example import example


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        ({"choice": "agree"}, ["agree"]),
        ({"choice": "group", "other": "A club"}, ["group"]),
        ({"choices": ["benches", "toilets"]}, ["benches", "toilets"]),
        ({"order": ["play", "trees"]}, ["play"]),
        ({"order": []}, []),
        ({"number": 3}, ["3"]),
        ({"text": "More benches"}, []),
    ],
)
def test_what_an_answer_counts_for(value, counts):
    assert picked(value) == counts


def question(key, **changes):
    found = example().question(key)
    assert found is not None
    return found.model_copy(update=changes)


def test_options_are_those_of_the_draft():
    assert options_of(question("vision_agree")) == AGREE_SCALE
    assert options_of(question("wishes")) == ("benches", "toilets", "nothing")
    assert options_of(question("order")) == ("trees", "play")
    assert options_of(question("vision_why")) == ()
    assert options_of(question("age")) == ()
    assert options_of(question("capacity")) == ()


def test_numbers_are_counted_one_by_one_where_there_are_few():
    assert options_of(question("visits")) == ()  # from 0 to 60
    assert options_of(question("visits", maximum=3)) == ("0", "1", "2", "3")
    assert len(options_of(question("visits", maximum=11))) == 12
    assert options_of(question("visits", maximum=12)) == ()
    assert options_of(question("visits", minimum=None, maximum=3)) == ()


@pytest.mark.parametrize(
    ("shares", "people", "whole"),
    [
        ([0.5, 0.3, 0.2], 10, [5, 3, 2]),
        ([0.34, 0.33, 0.33], 10, [4, 3, 3]),
        ([1 / 3, 1 / 3, 1 / 3], 10, [4, 3, 3]),
        ([0.05, 0.95], 9, [0, 9]),
        ([1.0], 7, [7]),
        ([0.6, 0.4], 0, [0, 0]),
    ],
)
def test_shares_become_people_who_add_up(shares, people, whole):
    assert apportioned(shares, people) == whole
