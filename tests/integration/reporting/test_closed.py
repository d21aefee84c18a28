"""Closed questions, unweighted beside weighted."""

from dataclasses import replace

import pytest

from analysis.representation.weights.change import what_would_change
from consult.reports.data import Audience
from consult.services.reporting import closed as closing
from consult.services.reporting.gathering import gather
from tests.support.consultations import NOW, changed, example
from tests.support.responding import chose, respond


def told(world, audience=Audience.INTERNAL):
    return gather(world.session, world.stored, audience=audience, now=NOW).data


def closed(world, key, audience=Audience.INTERNAL):
    return next(each for each in told(world, audience).closed if each.question == key)


def counts(found):
    return {option.key: option.count.text for option in found.options}


def come(world, *, others=15):
    """42 of Eastgate agree and 35 of Westhill do not; residents are 60 and 40 %."""
    respond(world, 42, chose(vision_agree="agree", ward="E1"))
    respond(world, 35, chose(vision_agree="disagree", ward="W1"))
    respond(world, 15, chose(vision_agree="neither"))
    respond(world, others, chose(vision_agree="agree"), resident=False)


def test_everybody_who_counts_is_counted_wherever_they_live(world):
    come(world)
    respond(world, 3)
    found = closed(world, "vision_agree")
    assert counts(found) == {
        "strongly_agree": "0",
        "agree": "57",
        "neither": "15",
        "disagree": "35",
        "strongly_disagree": "0",
        "dont_know": "0",
    }
    assert (found.answered.text, found.not_answered.text, found.several) == ("107", "3", False)
    agree = found.options[1]
    assert agree.share.value == pytest.approx(57 / 107)
    assert agree.label == {}


def test_weighted_shares_are_of_the_same_people(world):
    come(world)
    _, agree, neither, disagree, *_ = closed(world, "vision_agree").options
    # 77 said where they live: 46.2 and 30.8 of them should live in the two wards. Those who
    # did not say and those who live elsewhere count once.
    assert agree.weighted is not None
    assert agree.weighted.value == pytest.approx((46.2 + 15) / 107)
    assert disagree.weighted is not None
    assert disagree.weighted.value == pytest.approx(30.8 / 107)
    assert neither.weighted is not None
    assert neither.weighted.value == pytest.approx(15 / 107)
    # Wilson's interval with Kish's number, 107 squared over 42 * 1.21 + 35 * 0.7744 + 30.
    assert (agree.weighted.low, agree.weighted.high) == (
        pytest.approx(0.477, abs=1e-3),
        pytest.approx(0.662, abs=1e-3),
    )


def test_those_from_elsewhere_keep_their_weight_when_there_are_many(world):
    come(world, others=40)
    agree = closed(world, "vision_agree").options[1]
    assert agree.weighted is not None
    assert agree.weighted.value == pytest.approx((46.2 + 40) / 132)
    weights = told(world).weights
    # Only 15 of 132 did not say where they live: those from elsewhere are not among them.
    assert (weights.applied, weights.by, weights.reasons) == (True, ("ward",), ())
    assert weights.headline


def test_weighted_figures_do_not_come_first_when_many_did_not_say(world):
    come(world)
    weights = told(world).weights
    assert weights.applied
    assert (weights.headline, weights.reasons) == (False, ("missing",))
    assert weights.effective == pytest.approx(107**2 / 107.924)
    assert weights.largest == pytest.approx(1.1)


def test_in_public_weighted_shares_are_rounded_like_people(world):
    come(world)
    report = told(world, Audience.PUBLIC)
    found = next(each for each in report.closed if each.question == "vision_agree")
    assert counts(found) == {
        "strongly_agree": "0",
        "agree": "55",
        "neither": "15",
        "disagree": "35",
        "strongly_disagree": "0",
        "dont_know": "0",
    }
    _, agree, _, disagree, *_ = found.options
    assert agree.share.value == 0.52  # 55 of 105
    # 61.2 and 30.8 of 107 people, shown as 60 and 30 of 105.
    assert agree.weighted is not None
    assert agree.weighted.value == 0.57
    assert disagree.weighted is not None
    assert disagree.weighted.value == 0.29
    assert (report.weights.effective, report.weights.largest) == (100.0, 2.0)


def test_a_hidden_share_has_no_weighted_one_beside_it(world):
    come(world)
    respond(world, 3, chose(vision_agree="dont_know", ward="E1"))
    unsure = closed(world, "vision_agree", Audience.PUBLIC).options[-1]
    assert unsure.count.text == "fewer than 5"
    assert unsure.weighted is not None
    assert (unsure.share.value, unsure.weighted.value) == (None, None)
    assert not unsure.change_notable


def test_a_majority_that_weighting_turns_is_told(world):
    # 45 of 95 agree; weighted, 57 of 95 do.
    respond(world, 45, chose(vision_agree="agree", ward="E1"))
    respond(world, 50, chose(vision_agree="disagree", ward="W1"))
    for audience in Audience:
        agree = closed(world, "vision_agree", audience).options[1]
        assert agree.majority_flips
        assert agree.change_notable


def test_nothing_is_weighted_where_a_group_is_too_small(world):
    respond(world, 60, chose(vision_agree="agree", ward="E1"))
    respond(world, 19, chose(vision_agree="disagree", ward="W1"))
    report = told(world)
    assert not report.weights.applied
    assert report.weights.reasons == ("no_margin",)
    assert all(option.weighted is None for option in report.closed[0].options)


def test_several_choices_and_first_places(world):
    respond(world, 30, {"wishes": {"choices": ["benches", "toilets"]}})
    respond(world, 20, {"wishes": {"choices": ["benches"]}, "order": {"order": ["play", "trees"]}})
    respond(world, 25, {"order": {"order": ["trees"]}})
    wishes, order = closed(world, "wishes"), closed(world, "order")
    assert counts(wishes) == {"benches": "50", "toilets": "30", "nothing": "0"}
    assert (wishes.several, wishes.answered.text, wishes.not_answered.text) == (True, "50", "25")
    assert [option.share.value for option in wishes.options] == [1.0, 0.6, 0.0]
    assert wishes.options[0].label == {"en": "Benches", "ur": "بینچ"}
    assert counts(order) == {"trees": "25", "play": "20"}


def test_numbers_within_close_bounds_are_counted_one_by_one(world):
    document = example()
    questions = tuple(
        question.model_copy(update={"maximum": 3}) if question.key == "visits" else question
        for question in document.questions
    )
    assert "visits" not in {each.question for each in told(world).closed}
    world.store(changed(document, questions=[each.model_dump() for each in questions]))
    respond(world, 12, {"visits": {"number": 0}})
    respond(world, 20, {"visits": {"number": 3}})
    found = closed(world, "visits")
    assert counts(found) == {"0": "12", "1": "0", "2": "0", "3": "20"}
    assert found.options[0].label == {"en": "0"}


def test_an_answer_that_is_not_offered_any_more_counts_as_an_answer(world):
    respond(world, 40, {"order": {"order": ["play"]}})
    respond(world, 20, {"order": {"order": ["ponds"]}})
    for audience in Audience:
        order = closed(world, "order", audience)
        assert counts(order) == {"trees": "0", "play": "40"}
        assert order.answered.text == "60"


def test_what_does_not_count_is_in_no_answer(world):
    come(world)
    respond(world, 50, chose(vision_agree="agree"), is_test=True)
    assert closed(world, "vision_agree").answered.text == "107"


def test_without_responses_nothing_has_a_share(world):
    for question in told(world).closed:
        assert all(option.share.value is None for option in question.options)


def test_in_public_a_change_is_told_only_where_published_shares_lie_apart(world, monkeypatch):
    come(world)
    notable = []
    for says in (True, False):
        monkeypatch.setattr(
            closing,
            "what_would_change",
            lambda *given, says=says: [
                replace(change, notable=says) for change in what_would_change(*given)
            ],
        )
        found = closed(world, "vision_agree", Audience.PUBLIC)
        notable.append([option.change_notable for option in found.options])
    # 55 beside 60 of 105: whatever the exact test says, the two may be the same number nearly.
    assert notable == [[False] * 6] * 2
