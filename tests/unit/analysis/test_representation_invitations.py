import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from analysis.representation.planning.invitations import invitations_needed


def test_invitations_for_35_answers_at_one_in_twenty():
    # On average 700; with 90 % certainty 851 (published with the method).
    assert invitations_needed(35, 0.05) == 851
    assert binom.sf(34, 851, 0.05) >= 0.9 > binom.sf(34, 850, 0.05)


@pytest.mark.parametrize(
    ("people", "rate", "certainty", "expected"),
    [
        (0, 0.05, 0.9, 0),
        # All who are invited answer.
        (35, 1.0, 0.9, 35),
        # 1 - 0.5**n >= 0.9 from n = 4 on.
        (1, 0.5, 0.9, 4),
        # 1 - 0.9**n >= 0.9: n >= ln 0.1 / ln 0.9 = 21.85.
        (1, 0.1, 0.9, 22),
        # Two of two, three or four at one in two: 1/4, 1/2, 11/16.
        (2, 0.5, 0.6, 4),
    ],
)
def test_small_numbers_by_hand(people, rate, certainty, expected):
    assert invitations_needed(people, rate, certainty) == expected


@given(
    st.integers(1, 400),
    st.floats(0.005, 1, exclude_max=True),
    st.floats(0.05, 0.99),
)
def test_one_fewer_would_not_do(people, rate, certainty):
    needed = invitations_needed(people, rate, certainty)
    assert needed >= people
    assert binom.sf(people - 1, needed, rate) >= certainty
    assert needed == people or binom.sf(people - 1, needed - 1, rate) < certainty


@pytest.mark.parametrize(
    ("people", "rate", "certainty"), [(-1, 0.5, 0.9), (1, 0, 0.9), (1, 1.1, 0.9), (1, 0.5, 1)]
)
def test_values_out_of_range_are_refused(people, rate, certainty):
    with pytest.raises(ValueError, match="people at a rate"):
        invitations_needed(people, rate, certainty)
