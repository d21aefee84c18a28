from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import milp

from analysis.representation.planning import outreach_program
from analysis.representation.planning.outreach import (
    needed_for_dimension,
    needed_for_group,
    plan_outreach,
)
from analysis.representation.planning.outreach_plan import Partner, Stratum, rounded_up


def wards_by_age(scale=50, **values):
    """Return two wards by two ages: 200 responses, the young and ward one under."""
    return [
        Stratum((("ward", ward), ("age", age)), count, scale * people, **values)
        for ward, age, count, people in (
            ("one", "young", 5, 200),
            ("one", "old", 60, 300),
            ("two", "young", 10, 200),
            ("two", "old", 125, 300),
        )
    ]


def people_by_stratum(plan):
    return {tuple(name for _, name in line.groups): line.people for line in plan.lines}


def test_one_group_is_brought_to_parity_or_out_of_being_under():
    # (0.12 * 500 - 30) / 0.88 = 34.09; (0.096 * 500 - 30) / 0.904 = 19.91.
    assert needed_for_group(30, 500, 0.12, 1) == 35
    assert needed_for_group(30, 500, 0.12) == 20
    assert needed_for_group(60, 500, 0.12) == 0


def test_noise_in_the_last_digits_does_not_cost_a_person():
    # (0.8 * 0.3 * 200 - 10) / 0.76 = 50 exactly.
    assert needed_for_group(10, 200, 0.3) == 50


@pytest.mark.parametrize(
    ("counts", "population", "ratio", "expected"),
    [
        ([30, 50, 20], [0.2, 0.5, 0.3], 0.8, (0, 0, 6)),
        ([30, 50, 20], [0.2, 0.5, 0.3], 0.9, (0, 0, 10)),
        # Parity at 30 / 0.2 = 150 responses.
        ([30, 50, 20], [0.2, 0.5, 0.3], 1, (0, 25, 25)),
        # 60 of 250 are 0.24 exactly.
        ([10, 190], [0.3, 0.7], 0.8, (50, 0)),
        ([0, 200], [0.1, 0.9], 0.8, (18, 0)),
        ([0, 40, 60], [0.2, 0.3, 0.5], 0.8, (20, 0, 0)),
        ([0, 0], [0.5, 0.5], 0.8, (0, 0)),
        # A group of nobody is left alone, whoever is in it.
        ([30, 50, 20, 7], [200, 500, 300, 0], 0.8, (0, 0, 6, 0)),
        ([30, 50, 20, 7], [200, 500, 300, 0], 1, (0, 25, 25, 0)),
    ],
)
def test_one_dimension(counts, population, ratio, expected):
    assert needed_for_dimension(counts, population, ratio) == expected


groups = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 500)), min_size=2, max_size=6)


@given(groups, st.sampled_from([0.5, 0.8, 0.9]))
def test_a_dimension_gets_there_with_the_fewest(groups, ratio):
    counts, people = (np.array(each) for each in zip(*groups, strict=True))
    shares = people / people.sum()
    more = np.array(needed_for_dimension(counts, people, ratio))
    after = counts + more
    assert (after >= ratio * shares * after.sum() - 1e-6).all()
    # One fewer anywhere and that group is below again.
    for at in np.flatnonzero(more):
        assert after[at] - 1 < ratio * shares[at] * (after.sum() - 1)


@pytest.mark.parametrize(
    "arguments",
    [(31, 30, 0.1), (-1, 30, 0.1), (3, 30, 1.1), (3, 30, 0.1, 0), (3, 30, 1.0, 1)],
)
def test_impossible_groups_are_refused(arguments):
    with pytest.raises(ValueError, match=r".+"):
        needed_for_group(*arguments)


@pytest.mark.parametrize(
    ("counts", "population", "ratio"),
    [
        ([1, 2], [1, 2, 3], 0.8),
        ([[1]], [[1]], 0.8),
        ([1, 2], [1, 2], 1.2),
        ([-1, 2], [1, 2], 0.8),
        ([1, 2], [-1, 2], 0.8),
        ([1, 2], [0, 0], 0.8),
    ],
)
def test_impossible_dimensions_are_refused(counts, population, ratio):
    with pytest.raises(ValueError, match=r".+"):
        needed_for_dimension(counts, population, ratio)


# --- several dimensions and areas ---------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "cell_ratio", "people"), [(1, None, 110), (0.8, None, 73), (0.8, 0.8, 86)]
)
def test_two_wards_and_two_ages(ratio, cell_ratio, people):
    plan = plan_outreach(wards_by_age(), ratio=ratio, cell_ratio=cell_ratio)
    assert (plan.people, plan.reached, plan.cheapest) == (people, True, True)
    assert all(group.enough for group in plan.groups)


def test_margins_alone_leave_a_stratum_out_and_targets_of_its_own_do_not():
    strata = wards_by_age()
    strata[0] = replace(strata[0], cost=0.9)
    alone = plan_outreach(strata, cell_ratio=None)
    assert people_by_stratum(alone) == {("one", "young"): 73}
    spread = plan_outreach(wards_by_age(), cell_ratio=0.8)
    assert people_by_stratum(spread) == {
        ("one", "young"): 41,
        ("one", "old"): 9,
        ("two", "young"): 36,
    }


def test_the_order_of_strata_does_not_matter():
    strata = wards_by_age(response_rate=0.05)
    assert plan_outreach(strata[::-1]) == plan_outreach(strata)


def test_one_dimension_is_the_formula():
    strata = [
        Stratum((("age", name),), count, people)
        for name, count, people in (("a", 30, 20_000), ("b", 50, 50_000), ("c", 20, 30_000))
    ]
    assert people_by_stratum(plan_outreach(strata)) == {("c",): 6}
    (reached,) = [
        group for group in plan_outreach(strata).groups if group.groups == (("age", "c"),)
    ][:1]
    assert (reached.respondents, reached.after, reached.wanted) == (20, 26, 26)
    assert reached.ratio == pytest.approx(26 / 106 / 0.3)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(5000, 90_000)), min_size=4, max_size=4))
def test_every_target_is_met_or_said_not_to_be(cells):
    strata = [
        replace(stratum, respondents=count, population=people)
        for stratum, (count, people) in zip(wards_by_age(), cells, strict=True)
    ]
    plan = plan_outreach(strata)
    more = people_by_stratum(plan)
    after = {tuple(name for _, name in stratum.groups): stratum.respondents for stratum in strata}
    for names, people in more.items():
        after[names] += people
    total, population = sum(after.values()), sum(stratum.population for stratum in strata)
    assert plan.reached
    for at, name in ((0, "one"), (0, "two"), (1, "young"), (1, "old")):
        got = sum(count for names, count in after.items() if names[at] == name)
        share = sum(one.population for one in strata if one.groups[at][1] == name) / population
        assert got >= 0.8 * share * total - 1e-5


def test_only_the_groups_asked_for_are_brought_up():
    plan = plan_outreach(wards_by_age(), groups=[("ward", "one")], cell_ratio=None)
    # (0.8 * 0.5 * 200 - 65) / 0.6 = 25.
    assert plan.people == 25
    assert [group.groups for group in plan.groups] == [(("ward", "one"),)]


def test_cells_of_groups_asked_for_have_targets_too():
    plan = plan_outreach(wards_by_age(), groups=[("age", "young")])
    assert {group.groups for group in plan.groups} == {
        (("age", "young"),),
        (("age", "young"), ("ward", "one")),
        (("age", "young"), ("ward", "two")),
    }


def test_a_least_number_is_topped_up():
    # 15 young; 30 let their opinions be reported, and at most as many as live there.
    strata = [replace(stratum, respondents=0) for stratum in wards_by_age()]
    plan = plan_outreach(strata, least=30, ratio=0.1, cell_ratio=None)
    assert plan.people == 60
    assert plan.reached
    tiny = [replace(stratum, population=stratum.population / 1000) for stratum in strata]
    assert plan_outreach(tiny, least=30, plausible_rate=1, ratio=0.1, cell_ratio=None).reached


def test_dear_strata_are_avoided():
    strata = wards_by_age()
    strata[0] = replace(strata[0], cost=10.0)
    plan = plan_outreach(strata, cell_ratio=None)
    young = people_by_stratum(plan).get(("one", "young"), 0)
    assert young < 73


def test_a_cap_is_kept_and_the_rest_said():
    strata = wards_by_age(scale=1)
    plan = plan_outreach(strata, plausible_rate=0.1)
    # A tenth of 200 less those who answered: 15 and 10 more young people at most.
    assert people_by_stratum(plan)["one", "young"] <= 15
    assert people_by_stratum(plan)["two", "young"] <= 10
    assert not plan.reached
    short = [group for group in plan.groups if not group.enough]
    young = next(group for group in short if group.groups == (("age", "young"),))
    # 40 of 225 would be the most; 0.8 * 0.4 * 225 = 72 are wanted.
    assert (young.after, young.wanted, young.residents) == (40, 72, 400)
    said = [str(message) for message in plan.messages]
    assert (
        "young: the gap cannot be closed by volume. 72 of 400 residents would have to answer; "
        "the plan gets to 40."
    ) in said
    assert said[0].startswith("With all 25 more responses")


def test_a_cap_of_its_own():
    strata = [replace(stratum, cap=40) for stratum in wards_by_age()]
    plan = plan_outreach(strata, cell_ratio=None)
    assert max(people_by_stratum(plan).values()) <= 40
    assert plan.reached


def test_partners_bring_those_they_reach_up_to_their_capacity():
    club = Partner(
        "Aston youth club",
        frozenset({("age", "young")}),
        frozenset({("ward", "one")}),
        ("Urdu", "Bengali"),
        capacity=30,
        cost=0.5,
    )
    plan = plan_outreach(wards_by_age(), partners=[club], cell_ratio=None)
    with_club = [line for line in plan.lines if line.partner]
    assert [(line.groups, line.people, line.languages) for line in with_club] == [
        ((("ward", "one"), ("age", "young")), 30, ("Urdu", "Bengali"))
    ]
    assert plan.people == 73
    assert "one, young: 30 more responses, through Aston youth club." in [
        str(message) for message in plan.messages
    ]


def test_without_open_invitation_partners_must_do():
    club = Partner("club", frozenset({("age", "young")}), capacity=30)
    plan = plan_outreach(wards_by_age(), partners=[club], open_invitation=False)
    assert plan.people == 30
    assert not plan.reached
    everybody = Partner("libraries")
    assert plan_outreach(wards_by_age(), partners=[everybody], open_invitation=False).reached


def test_nobody_reaches_them():
    plan = plan_outreach(wards_by_age(), open_invitation=False)
    assert (plan.people, plan.reached, plan.lines) == (0, False, ())


def test_one_category_is_everybody():
    plan = plan_outreach([Stratum((("age", "all"),), 12, 1000)])
    assert (plan.people, plan.reached, plan.groups) == (0, True, ())


def test_nothing_is_needed_when_all_are_there():
    strata = [
        replace(stratum, respondents=stratum.population // 1000)
        for stratum in wards_by_age(scale=500)
    ]
    plan = plan_outreach(strata)
    assert (plan.people, plan.lines, plan.certainty) == (0, (), None)
    assert [str(message) for message in plan.messages] == [
        "No group is below its target, so nothing more is needed."
    ]


def test_without_responses_there_is_nothing_to_plan():
    plan = plan_outreach([replace(stratum, respondents=0) for stratum in wards_by_age()])
    assert [message.key for message in plan.messages] == ["outreach.nobody"]


# --- invitations --------------------------------------------------------------------------


def simulated(plan, strata, rate, campaigns=20_000):
    """Return how often all targets of 0.8, and 0.5 in strata, are met."""
    rng = np.random.default_rng(7)
    counts = np.tile([stratum.respondents for stratum in strata], (campaigns, 1))
    places = {stratum.groups: at for at, stratum in enumerate(strata)}
    for line in plan.lines:
        counts[:, places[line.groups]] += rng.binomial(line.invitations, rate, campaigns)
    shares = np.array([stratum.population for stratum in strata])
    shares = shares / shares.sum()
    total = counts.sum(axis=1)
    met = np.ones(campaigns, dtype=bool)
    for members in ([0, 1], [2, 3], [0, 2], [1, 3]):
        met &= counts[:, members].sum(axis=1) >= 0.8 * shares[members].sum() * total - 1e-6
    for at in range(len(strata)):
        met &= counts[:, at] >= 0.5 * shares[at] * total - 1e-6
    return met.mean()


def test_invitations_bring_the_whole_plan_nine_times_in_ten():
    strata = wards_by_age(response_rate=0.05)
    plan = plan_outreach(strata)
    assert not plan.in_rounds
    assert plan.certainty is not None
    assert plan.certainty >= 0.9
    assert simulated(plan, strata, 0.05) >= 0.9
    assert "certainty" in str([message.key for message in plan.messages])


def test_one_line_needs_what_the_binomial_says():
    strata = [
        Stratum((("age", "young"),), 30, 12_000, response_rate=0.05),
        Stratum((("age", "old"),), 470, 88_000, response_rate=0.05),
    ]
    (line,) = plan_outreach(strata).lines
    # 20 more; the fewest invitations with P(20 or more) >= 0.9 at one in twenty.
    assert (line.people, line.shown, line.invitations) == (20, 20, 515)
    assert line.expected == pytest.approx(25.75)
    assert "Invite about 515 people." in str(plan_outreach(strata).messages[1])


def test_many_small_targets_are_planned_in_rounds():
    rng = np.random.default_rng(3)
    strata = [
        Stratum(
            (("ward", f"w{ward:02}"), ("age", age)),
            int(rng.poisson(8)),
            20_000,
            response_rate=0.05,
        )
        for ward in range(15)
        for age in ("young", "old")
    ]
    plan = plan_outreach(strata)
    assert plan.in_rounds
    # As many as bring the plan on average.
    assert all(line.invitations == 20 * line.people for line in plan.lines)
    assert "plan again when the answers are in" in str(plan.messages[-1])


def test_nobody_is_invited_twice():
    strata = wards_by_age(scale=1, response_rate=0.1)
    plan = plan_outreach(strata, plausible_rate=1)
    for line in plan.lines:
        stratum = next(one for one in strata if one.groups == line.groups)
        assert (line.invitations or 0) <= stratum.population - stratum.respondents


def test_a_partners_own_response_rate_counts():
    club = Partner("club", frozenset({("age", "young")}), cost=0.5, response_rate=0.5)
    plan = plan_outreach(wards_by_age(), partners=[club])
    assert all(line.partner == "club" for line in plan.lines)
    invited = sum(line.invitations or 0 for line in plan.lines)
    assert 2 * plan.people <= invited < 4 * plan.people
    assert any("who would ask about" in str(message) for message in plan.messages)


def test_lines_without_a_rate_are_taken_to_come():
    strata = wards_by_age()
    strata[0] = replace(strata[0], response_rate=0.05)
    plan = plan_outreach(strata, cell_ratio=0.8)
    by_groups = {line.groups[0][1] + line.groups[1][1]: line for line in plan.lines}
    assert by_groups["oneyoung"].invitations is not None
    assert by_groups["twoyoung"].invitations is None


# --- bounds and bad input -----------------------------------------------------------------


def test_progress_is_told_and_ends():
    told = []
    plan_outreach(
        wards_by_age(response_rate=0.05),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize(("cut_off", "has_plan"), [(2, False), (3, True)])
def test_later_searches_that_run_out_of_time_leave_the_earlier_plan(monkeypatch, cut_off, has_plan):
    searches = []

    class Nothing:
        x = None
        status = 1

    def one_is_cut_off(*arguments, **options):
        searches.append(arguments)
        return Nothing() if len(searches) == cut_off else milp(*arguments, **options)

    monkeypatch.setattr(outreach_program, "milp", one_is_cut_off)
    plan = plan_outreach(wards_by_age(scale=1))
    assert (plan.people > 0, plan.reached, plan.cheapest) == (has_plan, False, False)


def test_a_search_that_runs_out_of_time_says_so(monkeypatch):
    class Nothing:
        x = None
        status = 1

    monkeypatch.setattr(outreach_program, "milp", lambda *_, **__: Nothing())
    plan = plan_outreach(wards_by_age())
    assert (plan.people, plan.reached, plan.cheapest) == (0, False, False)
    assert plan.messages[-1].key == "outreach.cut_off"


@pytest.mark.parametrize(
    ("strata", "options", "said"),
    [
        ([], {}, "0 strata"),
        (
            [Stratum((("a", "x"),), 1, 1), Stratum((("b", "x"),), 1, 1)],
            {},
            "same dimensions",
        ),
        ([Stratum((("a", "x"), ("a", "y")), 1, 1)], {}, "each once"),
        ([Stratum((("a", "x"),), 1, 1)] * 2, {}, "two strata are alike"),
        ([Stratum((("a", "x"),), -1, 1)], {}, "fewer than 0"),
        ([Stratum((("a", "x"),), 1, -1)], {}, "fewer than 0"),
        ([Stratum((("a", "x"),), 1, 1, cost=0)], {}, "fewer than 0"),
        ([Stratum((("a", "x"),), 1, 0)], {}, "nobody lives"),
        ([Stratum((("a", "x"),), 1, 1)], {"ratio": 1.1}, r"ratio 1\.1"),
        ([Stratum((("a", "x"),), 1, 1)], {"cell_ratio": 0.9}, r"cell ratio 0\.9"),
        ([Stratum((("a", "x"),), 1, 1)], {"plausible_rate": 2}, "rate 2"),
    ],
)
def test_bad_plans_are_refused(strata, options, said):
    with pytest.raises(ValueError, match=said):
        plan_outreach(strata, **options)


def test_numbers_are_shown_rounded_up():
    assert [rounded_up(people) for people in (0, 1, 5, 34, 35, 36)] == [0, 5, 5, 35, 35, 40]
