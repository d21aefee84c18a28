"""What is said in public of a group: nothing that the published numbers do not carry."""

import pytest

from analysis.disclosure import WITHHELD, publish
from analysis.representation.comparison.gaps import group_gaps
from analysis.representation.run import GroupResult
from analysis.representation.watching.families import Tier
from consult.services.reporting.judging import exactly, in_public, similarity


def result(people, known, share, tier=Tier.CONFIRMED):
    gap = group_gaps([people, known - people], [share, 1 - share])[0]
    return GroupResult(gap, None, None, tier)


def judged(people, known, share, figure=None, unknown=0):
    shown = publish(people) if figure is None else figure
    return in_public(share, shown, publish(known), unknown, members=5)


def test_internal_figures_are_those_of_the_watching_pages():
    found = exactly(result(30, 500, 0.12))
    # 0.8 * 12 % of 530 responses and more: (30 + 20) / (500 + 20) > 0.096.
    assert (found.state, found.tier, found.missing) == ("under", "confirmed", 20)


def test_of_a_shown_group_the_missing_are_those_of_the_rounded_numbers():
    # 26 and 27 of 500 are both shown as 25, 28 as 30: the missing are those of 25 and of 30.
    for people, shown in ((26, 25), (27, 25), (28, 30)):
        found = judged(people, 500, 0.12)
        assert found.state == "under"
        by_hand = {25: 30, 30: 20}[shown]  # 25.4... and 19.9..., rounded up to 5
        assert found.missing == by_hand


@pytest.mark.parametrize("people", range(10))
def test_what_is_said_of_a_hidden_group_does_not_tell_its_number(people):
    # 12 % of 500 are 60: nine are as clearly under as none.
    found = judged(people, 500, 0.12)
    assert (found.state, found.tier, found.missing) == ("under", "confirmed", 45)
    # 3 % of 400 are 12: two are under, nine are not.
    found = judged(people, 400, 0.03)
    assert (found.state, found.tier, found.missing) == ("too_few", "none", None)


def test_a_withheld_group_can_be_anything():
    found = judged(12, 500, 0.12, figure=WITHHELD)
    assert (found.state, found.tier, found.missing) == ("too_few", "none", None)


@pytest.mark.parametrize("share", [0.03, 0.05, 0.08, 0.12, 0.2, 0.3])
def test_no_flag_parts_the_people_that_a_published_number_can_stand_for(share):
    for known in (range(138, 143), range(498, 503)):
        for people in (range(13, 18), range(18, 23), range(28, 33)):
            found = {judged(n, base, share) for n in people for base in known}
            assert len(found) == 1
            (said,) = found
            if said.state != "too_few":
                inside = {exactly(result(n, base, share)).state for n in people for base in known}
                assert inside == {said.state}


def test_a_boundary_within_a_published_number_is_not_told():
    # Somewhere below 15 % of 140 the exact test turns from under to too few to tell.
    states = {n: exactly(result(n, 140, 0.15)).state for n in range(8, 18)}
    edge = next(n for n in states if states[n] == "too_few")
    figure = publish(edge)
    assert figure.high is not None
    assert figure.low < edge <= figure.high
    assert {judged(n, 140, 0.15).state for n in range(figure.low, figure.high + 1)} == {"too_few"}


def test_how_firm_a_flag_is():
    assert judged(20, 500, 0.12).tier == "confirmed"
    assert judged(30, 500, 0.12).tier == "early"
    # Many did not say, and could undo it.
    assert judged(20, 500, 0.12, unknown=400).tier == "early"
    assert (judged(300, 500, 0.2).state, judged(300, 500, 0.2).tier) == ("over", "confirmed")
    # Nearly everybody is of a group of 85 %: no share is 1.25 times as large.
    assert judged(495, 500, 0.85).tier == "none"


def test_without_a_reference_or_a_base_nothing_is_said():
    assert judged(5, 60, None).state == "untested"
    assert judged(60, 60, 1.0).state == "untested"
    assert judged(3, 8, 0.5).state == "too_few"


def test_similarity_comes_from_the_published_numbers():
    known = publish(142)  # 140
    # 15 and 125 of 140 beside 29.9 and 70.1 %: D = 0.299 - 0.107 = 0.19.
    assert similarity([publish(16), publish(126)], [0.299, 0.701], known) == 0.81
    assert similarity([publish(17), publish(125)], [0.299, 0.701], known) == 0.81


def test_similarity_is_not_told_where_much_is_hidden():
    known = publish(142)
    assert similarity([publish(4), publish(138)], [0.299, 0.701], known) is None
    # 2 % of residents hidden: what is left, 140 - 140, is nobody.
    assert similarity([publish(3), publish(139)], [0.02, 0.98], known) == 0.98
    assert similarity([WITHHELD, WITHHELD], [0.02, 0.03], known) is None


def test_a_group_that_is_compared_with_nobody_is_not_in_the_similarity():
    known = publish(142)
    figures = [publish(16), publish(126), publish(50)]
    assert similarity(figures, [0.299, 0.701, 0.0], known) == 0.81
