"""Weights of everybody who counts: those who live elsewhere keep theirs."""

from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import pytest

from analysis.representation.populations.population import ReferenceDimension
from analysis.representation.populations.respondents import Counted
from analysis.representation.run import Comparison
from consult.services.reporting.weighing import weighed
from consult.services.watching.respondents import Person

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def sex(several=False):
    reference = ReferenceDimension(
        "sex", None, ("female", "male"), (50.0, 50.0), "all", "c", "2021"
    )
    counts = (30, 60)
    counted = Counted(counts, 80 if several else 90, 0)
    return Comparison(reference, counted, None, ())


def people(*answers):
    rows = [UUID(int=at) for at in range(len(answers))]
    compared = [
        Person(row, NOW, {"sex": answer})
        for row, answer in zip(rows, answers, strict=True)
        if answer is not None
    ]
    return rows, compared


def test_residents_are_made_up_like_residents_and_others_count_once():
    rows, compared = people(*["female"] * 30, *["male"] * 60, *[None] * 25)
    found = weighed(rows, compared, [sex()])
    weights = found.weighting.weights
    # 90 residents should be 45 and 45: 45 / 30 and 45 / 60.
    assert weights[0] == pytest.approx(1.5)
    assert weights[30] == pytest.approx(0.75)
    assert weights[90:] == pytest.approx(np.ones(25))


def test_a_few_from_elsewhere_go_with_those_who_did_not_say():
    rows, compared = people(*["female"] * 30, *["male"] * 60, "", "", *[None] * 8)
    found = weighed(rows, compared, [sex()])
    assert found.weighting.applied
    assert found.weighting.weights[[0, 30]] == pytest.approx([1.5, 0.75])
    assert found.weighting.weights[90:] == pytest.approx(np.ones(10))


def test_questions_with_several_groups_are_not_weighted_by():
    rows, compared = people(*["female"] * 30, *["male"] * 60)
    found = weighed(rows, compared, [sex(several=True)])
    assert not found.weighting.applied
    told = found.told(exactly=True)
    assert (told.applied, told.by, told.effective, told.headline) == (False, (), None, False)
    assert told.reasons == ("no_margin",)


def test_nobody_at_all_is_told():
    assert weighed([], [], []).told(exactly=False).reasons == ("no_responses",)


def test_what_is_told_of_the_weights_is_coarse_in_public():
    rows, compared = people(*["female"] * 30, *["male"] * 60, *[None] * 25)
    found = weighed(rows, compared, [sex()])
    inside, outside = found.told(exactly=True), found.told(exactly=False)
    # Kish: 115 squared over 30 * 2.25 + 60 * 0.5625 + 25 = 126.25.
    assert inside.effective == pytest.approx(115**2 / 126.25)
    assert inside.largest == pytest.approx(1.5)
    assert (outside.effective, outside.largest) == (100.0, 2.0)
    assert inside.by == outside.by == ("sex",)
    assert inside.headline
