import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from analysis.representation.comparison.gaps import State, group_gaps
from analysis.representation.watching import monitoring
from analysis.representation.watching.evalues import e_value
from analysis.representation.watching.monitoring import (
    Family,
    Group,
    Member,
    Observed,
    Rules,
    Stage,
    Tier,
    close,
    declare,
)
from analysis.statistics import benjamini_hochberg
from tests.unit.analysis.census import RELIGION as RELIGIONS

# Figures can be None; where a test expects one, None fails it.
monitor: Any = monitoring.monitor

MUSLIM = Group("religion", "Muslim")
RELIGION = Family("religion", declare("religion", list(RELIGIONS), list(RELIGIONS.values())))
WARDS = Family(
    "wards", declare("ward", [f"Ward {at}" for at in range(69)], [1_000 + at for at in range(69)])
)
# 2021: 39, 16 and 52 of 142 are published; the other 35 are put under "not answered".
IN_2021 = {"Christian": 39, "Muslim": 16, "No religion": 52, "Not answered": 35}


def counted(family, counts, known):
    return {
        member.group: Observed(counts.get(member.group.category, 0), known)
        for member in family.members
    }


def evenly(family, each):
    return {member.group: Observed(each, each * len(family.members)) for member in family.members}


def two(under, known, share=0.5, name="sex"):
    """Return a family of two and its counts."""
    part = round(share * 1_000)
    family = Family(name, declare(name, ["a", "b"], [part, 1_000 - part]))
    return family, counted(family, {"a": under, "b": known - under}, known)


def tiers(monitored):
    return {each.group: each.tier for each in monitored}


def test_birmingham_2021_muslims_are_confirmed():
    found = monitor([RELIGION], [Stage("open", counted(RELIGION, IN_2021, 142))])
    (muslim,) = (each for each in found if each.group == MUSLIM)
    assert muslim.tier is Tier.CONFIRMED
    assert muslim.direction is State.UNDER
    assert muslim.e_value == pytest.approx(413, abs=0.5)
    share = 341_811 / 1_144_917
    assert muslim.p_value == pytest.approx(binom.cdf(16, 142, 0.8 * share), rel=1e-9)
    assert muslim.population_share == pytest.approx(share)
    assert (muslim.respondents, muslim.known, muslim.family) == (16, 142, "religion")
    assert muslim.band.low < 16 / 142 < muslim.band.high < share


def test_birmingham_2019_sikhs_carry_no_flag_and_muslims_do():
    counts = {"Christian": 173, "Muslim": 18, "Sikh": 10, "No religion": 141, "Not answered": 105}
    found = tiers(monitor([RELIGION], [Stage("open", counted(RELIGION, counts, 447))]))
    assert found[Group("religion", "Sikh")] is Tier.NONE
    assert found[MUSLIM] is Tier.CONFIRMED


def test_wards_in_their_own_family_do_not_silence_the_flag_on_religion():
    religion = counted(RELIGION, IN_2021, 142)
    wards = evenly(WARDS, 2)
    alone = monitor([RELIGION], [Stage("open", religion)])
    both = monitor([RELIGION, WARDS], [Stage("open", {**religion, **wards})])
    assert both[: len(alone)] == alone
    # In one family of 100, 413 stays below 100 / 0.1.
    rest = declare("other", [f"{at}" for at in range(22)], [1] * 22)
    one = Family("all", RELIGION.members + WARDS.members + rest)
    others = {member.group: Observed(7, 154) for member in rest}
    together = monitor([one], [Stage("open", {**religion, **wards, **others})])
    assert tiers(together)[MUSLIM] is Tier.EARLY


def test_values_beside_their_definitions():
    family = Family("age", declare("age", ["young", "middle", "old"], [30, 50, 20]))
    stage = Stage("open", counted(family, {"young": 20, "middle": 105, "old": 75}, 200))
    young, middle, old = monitor([family], [stage])
    p_under = [binom.cdf(x, 200, 0.8 * p) for x, p in ((20, 0.3), (105, 0.5), (75, 0.2))]
    p_over = [binom.sf(x - 1, 200, p / 0.8) for x, p in ((20, 0.3), (105, 0.5), (75, 0.2))]
    assert young.p_value == pytest.approx(p_under[0], rel=1e-9)
    assert young.q_value == pytest.approx(benjamini_hochberg(p_under)[0], rel=1e-9)
    assert young.e_value == pytest.approx(e_value(20, 200, 0.24), rel=1e-9)
    assert middle.direction is State.OVER
    assert middle.p_value == pytest.approx(p_over[1], rel=1e-9)
    # Of the others, 1 - 0.2 / 0.8 = 75 % at least would have to be there.
    assert old.e_value == pytest.approx(e_value(125, 200, 0.75), rel=1e-9)
    assert old.q_value == pytest.approx(benjamini_hochberg(p_over)[2], rel=1e-9)
    assert (young.tier, middle.tier, old.tier) == (Tier.CONFIRMED, Tier.NONE, Tier.CONFIRMED)


def test_an_early_sign():
    # P(X <= 12 | 60, 0.8 * 0.4) = 0.0283; with the other group's p-value near 1, q = 0.0566.
    # The e-value is below 2 / 0.1.
    family, counts = two(12, 60, share=0.4)
    first, second = monitor([family], [Stage("open", counts)])
    assert first.p_value == pytest.approx(0.0283, abs=5e-5)
    assert first.q_value == pytest.approx(2 * first.p_value, rel=1e-9)
    assert first.e_value < 20
    assert first.tier is Tier.EARLY
    assert second.tier is Tier.NONE


def test_a_group_too_few_to_tell_carries_no_flag():
    # Four of five groups have 1 of 22 where 0.8 * 22.5 % = 18 % is the boundary. With p =
    # 0.82^22 + 22 * 0.18 * 0.82^21 = 0.0740 each, Benjamini-Hochberg alone would flag them all:
    # q = 5 / 4 * 0.0740 = 0.0926.
    family = Family(
        "place", declare("place", ["a", "b", "c", "d", "e"], [0.225, 0.225, 0.225, 0.225, 0.1])
    )
    stage = Stage("open", counted(family, {"a": 1, "b": 1, "c": 1, "d": 1, "e": 18}, 22))
    found = monitor([family], [stage])
    for each in found[:4]:
        assert each.p_value == pytest.approx(0.82**22 + 22 * 0.18 * 0.82**21, rel=1e-9)
        assert each.q_value == pytest.approx(0.0926, abs=5e-4)
        assert each.tier is Tier.NONE
    gaps = group_gaps([1, 1, 1, 1, 18], [0.225, 0.225, 0.225, 0.225, 0.1])
    assert {gap.state for gap in gaps[:4]} == {State.TOO_FEW}
    assert found[4].tier is Tier.CONFIRMED


def test_nobody_yet():
    family, counts = two(0, 0)
    for each in monitor([family], [Stage("open", counts)]):
        assert (each.tier, each.log_e, each.e_value, each.p_value) == (Tier.NONE, 0.0, 1.0, 1.0)
        assert (each.band.low, each.band.high) == (0.0, 1.0)


def test_a_dimension_nobody_answered_leaves_the_others_alone():
    silent = Family("disability", declare("disability", ["yes", "no"], [1, 4]))
    counts = counted(RELIGION, IN_2021, 142)
    found = monitor([silent, RELIGION], [Stage("open", {**counted(silent, {}, 0), **counts})])
    assert tiers(found)[MUSLIM] is Tier.CONFIRMED


def test_groups_without_a_test_are_shown_and_count_for_nothing():
    family = Family(
        "religion",
        (
            Member(Group("religion", "Jedi"), 0.0),
            *declare("religion", ["a", "b"], [40, 60]),
            Member(Group("any", "all"), 1.0),
        ),
    )
    counts = {
        Group("religion", "Jedi"): Observed(3, 60),
        Group("religion", "a"): Observed(12, 60),
        Group("religion", "b"): Observed(48, 60),
        Group("any", "all"): Observed(60, 60),
    }
    jedi, first, _, every = monitor([family], [Stage("open", counts)])
    for each in (jedi, every):
        assert each.e_value is None
        assert each.p_value is None
        assert each.q_value is None
        assert each.tier is Tier.NONE
    plain, other = two(12, 60, share=0.4)
    assert first.q_value == monitor([plain], [Stage("open", other)])[0].q_value
    closed = close([family], counts)
    assert closed[0].p_value is None
    assert closed[0].q_value is None
    assert not closed[0].flagged


def test_an_empty_family():
    assert monitor([Family("none", ())], [Stage("open", {})]) == ()
    assert close([Family("none", ())], {}) == ()


def test_a_share_that_nothing_can_be_above():
    # 0.9 / 0.8 is above 1.
    family, counts = two(60, 60, share=0.9)
    first, _ = monitor([family], [Stage("open", counts)])
    assert first.direction is State.OVER
    assert (first.p_value, first.q_value, first.e_value) == (1.0, 1.0, 1.0)


def test_a_new_stage_starts_evidence_afresh_and_keeps_the_record():
    family, first = two(16, 142, share=0.3)
    _, second = two(8, 20, share=0.3)
    before = monitor([family], [Stage("start", first)])[0]
    after = monitor([family], [Stage("start", first), Stage("after the event", second)])[0]
    assert before.tier is Tier.CONFIRMED
    assert before.confirmed_before == ()
    # 24 of 162 together; the new stage alone has 8 of 20 where 0.24 is the boundary.
    assert (after.respondents, after.known, after.stage) == (24, 162, "after the event")
    assert after.p_value == pytest.approx(binom.cdf(24, 162, 0.24), rel=1e-9)
    assert after.e_value == pytest.approx(e_value(8, 20, 0.24), rel=1e-9)
    assert after.confirmed_before == ("start",)
    assert after.tier is Tier.EARLY
    assert after.band.low < 8 / 20 < after.band.high


def test_what_a_stage_confirms_needs_the_whole_to_show_it_too():
    # Before: 60 of 100 where 30 % live; since: none of 60. Together 60 of 160 are above 30 %.
    family, first = two(60, 100, share=0.3)
    _, second = two(0, 60, share=0.3)
    found = monitor([family], [Stage("start", first), Stage("since", second)])[0]
    assert found.direction is State.OVER
    assert found.tier is not Tier.CONFIRMED
    # The over side was confirmed at the end of the first stage.
    assert found.confirmed_before == ("start",)


def test_batches_count_as_fewer():
    family, counts = two(16, 142, share=0.3)
    plain = monitor([family], [Stage("open", counts)])[0]
    batched = monitor([family], [Stage("open", counts)], Rules(cluster_factor=2))[0]
    assert batched.e_value == pytest.approx(e_value(8, 71, 0.24), rel=1e-9)
    assert batched.p_value == pytest.approx(binom.cdf(8, 71, 0.24), rel=1e-9)
    assert batched.respondents == 16
    assert batched.band.high > plain.band.high


def test_closing_is_one_table_for_each_family():
    family = Family("age", declare("age", ["young", "middle", "old"], [30, 50, 20]))
    counts = counted(family, {"young": 40, "middle": 110, "old": 50}, 200)
    young, middle, old = close([family], counts)
    p_under = [binom.cdf(x, 200, 0.8 * p) for x, p in ((40, 0.3), (110, 0.5), (50, 0.2))]
    assert young.p_value == pytest.approx(p_under[0], rel=1e-9)
    assert young.q_value == pytest.approx(benjamini_hochberg(p_under)[0], rel=1e-9)
    # P(X <= 40 | 200, 0.24) = 0.104: no flag.
    assert young.p_value == pytest.approx(0.104, abs=0.003)
    assert [each.flagged for each in (young, middle, old)] == [False, False, False]
    assert old.direction is State.OVER
    fewer = close([family], counted(family, {"young": 30, "middle": 120, "old": 50}, 200))
    assert fewer[0].flagged
    assert (fewer[0].family, fewer[0].direction) == ("age", State.UNDER)


def test_wards_do_not_change_the_closing_analysis_of_religion():
    religion = counted(RELIGION, IN_2021, 142)
    alone = close([RELIGION], religion)
    both = close([WARDS, RELIGION], {**evenly(WARDS, 2), **religion})
    assert both[len(WARDS.members) :] == alone
    assert {each.group for each in alone if each.flagged} >= {MUSLIM}


@given(
    counts=st.lists(st.integers(0, 80), min_size=3, max_size=6),
    population=st.lists(st.integers(1, 50), min_size=6, max_size=6),
    order=st.permutations(range(6)),
)
@settings(max_examples=40)
def test_the_order_of_members_changes_nothing(counts, population, order):
    names = [f"group {at}" for at in range(len(counts))]
    order = [at for at in order if at < len(counts)]
    family = Family("f", declare("d", names, population[: len(counts)]))
    shuffled = Family("f", tuple(family.members[at] for at in order))
    seen = counted(family, dict(zip(names, counts, strict=True)), sum(counts))
    one = monitor([family], [Stage("open", seen)])
    other = monitor([shuffled], [Stage("open", seen)])
    assert other == tuple(one[at] for at in order)


@given(counts=st.lists(st.integers(0, 200), min_size=2, max_size=5))
@settings(max_examples=40)
def test_flags_agree_with_states(counts):
    names = [f"group {at}" for at in range(len(counts))]
    population = list(range(1, len(counts) + 1))
    family = Family("f", declare("d", names, population))
    seen = counted(family, dict(zip(names, counts, strict=True)), sum(counts))
    gaps = group_gaps(counts, population)
    for gap, found in zip(gaps, monitor([family], [Stage("open", seen)]), strict=True):
        assert found.population_share == gap.population_share
        if found.tier is not Tier.NONE:
            assert gap.state is found.direction
            assert gap.p_value == pytest.approx(found.p_value, rel=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda seen: {**seen, Group("religion", "Jedi"): Observed(1, 142)}, "religion, Jedi"),
        (lambda seen: {**seen, Group("a", "b", "Ward 1"): Observed(0, 9)}, "a, b, Ward 1"),
        (lambda seen: {**seen, **evenly(WARDS, 2)}, "and 66 more"),
        (
            lambda seen: {group: seen[group] for group in seen if group != MUSLIM},
            "declared and not counted: religion, Muslim",
        ),
        (lambda seen: {**seen, MUSLIM: Observed(150, 142)}, "150 of 142"),
        (lambda seen: {**seen, MUSLIM: Observed(-1, 142)}, "-1 of 142"),
    ],
)
def test_groups_are_those_declared_before_opening(change, message):
    seen = change(counted(RELIGION, IN_2021, 142))
    with pytest.raises(ValueError, match=message):
        monitor([RELIGION], [Stage("open", seen)])
    with pytest.raises(ValueError, match=message):
        close([RELIGION], seen)


def test_a_group_is_in_one_family_only():
    with pytest.raises(ValueError, match="declared more than once: religion, Christian"):
        Family("twice", RELIGION.members[1:2] * 2)
    other = Family("other", RELIGION.members[:1])
    seen = counted(RELIGION, IN_2021, 142)
    with pytest.raises(ValueError, match="declared more than once: religion, No religion"):
        monitor([RELIGION, other], [Stage("open", seen)])


def test_stages_are_named():
    seen = counted(RELIGION, IN_2021, 142)
    for stages in ([], [Stage("open", seen), Stage("open", seen)]):
        with pytest.raises(ValueError, match="stages"):
            monitor([RELIGION], stages)


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_shares_of_a_family_are_shares(share):
    with pytest.raises(ValueError, match="a share is from 0 to 1"):
        Family("f", (Member(Group("d", "c"), share),))


@pytest.mark.parametrize("counts", [[1], [1, -1], [1, math.nan]])
def test_a_declaration_needs_a_count_for_each_category(counts):
    with pytest.raises(ValueError, match="religion: one count for each category"):
        declare("religion", ["a", "b"], counts)


def test_a_declaration_of_nobody_has_no_shares():
    assert [member.population_share for member in declare("d", ["a", "b"], [0, 0])] == [0.0, 0.0]


@pytest.mark.parametrize(
    "options",
    [
        {"materiality": 0},
        {"significance": 0.6},
        {"cluster_factor": 0.5},
        {"alpha": 1.0},
        {"false_discoveries": 0.0},
    ],
)
def test_rules_are_within_their_ranges(options):
    with pytest.raises(ValueError, match=r"materiality|significance|cluster|false discoveries"):
        Rules(**options)
