"""Simulated campaigns: how often outreach plans bring as many responses as they promise.

People answer or not by themselves, at the response rate the plan was told. One round of
invitations as planned stands beside the simple sum that is often made, people wanted divided by
the response rate; and where a plan goes in rounds, a new plan is made from the answers of each.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.representation.planning.invitations import CERTAINTY, invitations_needed
from analysis.representation.planning.outreach import (
    CELL_RATIO,
    RATIO,
    needed_for_group,
    plan_outreach,
)
from analysis.representation.planning.outreach_plan import Group, Partner, Plan, Stratum
from benchmarks.outcome import Outcome, Table

Consultation = tuple[str, list[Stratum], tuple[Group, ...] | None, tuple[Partner, ...]]
"""Name, strata, groups to bring up and partners."""

SEED = 4
CAMPAIGNS = 20_000
CAMPAIGNS_IN_ROUNDS = 20
ROUNDS = 10
BATCH = 2_000
EXPECTED = 5
FEW = 1_000


def run(workspace: Path) -> Outcome:
    """Simulate campaigns for one group, for one dimension and for several with areas."""
    rng = np.random.default_rng(SEED)
    outcome = Outcome()
    one_group, several = [], []
    for respondents, total, share, rate in (
        (30, 500, 0.12, 0.02),
        (30, 500, 0.12, 0.05),
        (30, 500, 0.12, 0.2),
        (16, 142, 0.2985, 0.03),
    ):
        people = needed_for_group(respondents, total, share)
        invited = invitations_needed(people, rate)
        simple = round(people / rate)
        reached = [
            float(np.mean(_one_group(rng, respondents, total, count, rate) >= RATIO * share))
            for count in (invited, simple)
        ]
        name = f"{respondents} of {total}, {share:.0%} of residents, {rate:.0%} answer"
        one_group.append((name, people, invited, 100 * reached[0], simple, 100 * reached[1]))
        outcome.figures[name] = {"planned": reached[0], "simple": reached[1]}
        if reached[0] < CERTAINTY - 0.01:
            outcome.notes.append(f"Goal missed: {name} reached in {reached[0]:.1%} of campaigns.")
    for name, strata, groups, partners in _consultations():
        plan = plan_outreach(strata, groups=groups, partners=partners)
        planned = _reached(rng, strata, plan, groups, partners)
        simple_plan = _simple(strata, plan, partners)
        simple_share = _reached(rng, strata, simple_plan, groups, partners)
        rounds, by_rounds = 1, planned
        if plan.in_rounds:
            rounds, by_rounds = ROUNDS, _in_rounds(rng, strata, groups, partners)
        several.append(
            (
                name,
                plan.people,
                len(plan.lines),
                sum(line.invitations or 0 for line in plan.lines),
                100 * planned,
                100 * simple_share,
                rounds,
                100 * by_rounds,
            )
        )
        outcome.figures[name] = {"one_round": planned, "simple": simple_share, "all": by_rounds}
        if by_rounds < CERTAINTY - 0.01:
            outcome.notes.append(f"Goal missed: {name} reached in {by_rounds:.1%} of campaigns.")
    outcome.tables = [
        Table(
            "One group: campaigns that bring it to 0.8 of its share",
            ("group", "people", "invited", "reached %", "people / rate", "reached %"),
            [*one_group],
        ),
        Table(
            "Several dimensions and areas: campaigns that bring every planned group there",
            (
                "consultation",
                "people",
                "lines",
                "invited",
                "one round %",
                "people / rate %",
                "rounds",
                "reached %",
            ),
            [*several],
        ),
    ]
    return outcome


def _one_group(
    rng: np.random.Generator, respondents: int, total: int, invited: int, rate: float
) -> NDArray[Any]:
    answers = rng.binomial(invited, rate, 10 * CAMPAIGNS)
    return (respondents + answers) / (total + answers)


def _consultations() -> list[Consultation]:
    """Return consultations to plan for."""
    rng = np.random.default_rng(SEED)
    two = [
        Stratum((("ward", ward), ("age", age)), count, 10_000 * share, response_rate=0.05)
        for ward, age, count, share in (
            ("one", "young", 5, 0.2),
            ("one", "old", 60, 0.3),
            ("two", "young", 10, 0.2),
            ("two", "old", 125, 0.3),
        )
    ]
    religion = [
        Stratum((("religion", name),), count, residents, response_rate=0.03)
        for name, count, residents in (
            ("Christian", 39, 389_406),
            ("Muslim", 16, 341_811),
            ("No religion", 52, 276_327),
            ("Other", 10, 76_000),
        )
    ]
    club = Partner("club", frozenset({("age", "young")}), capacity=40, cost=0.5, response_rate=0.3)
    result: list[Consultation] = [
        ("2 wards, 2 ages", two, None, ()),
        ("the same with a partner", two, None, (club,)),
        ("Birmingham 2021, religion", religion, None, ()),
    ]
    for responses, wards, ethnic, ages in ((400, 10, 5, 3), (2000, 69, 5, 4)):
        strata = _simulated_strata(rng, responses, wards, ethnic, ages)
        name = f"{responses} responses, {wards} wards, {ethnic} ethnic groups, {ages} ages"
        result.append((f"{name}, groups below", strata, tuple(_below(strata)), ()))
        if responses < FEW:
            result.append((f"{name}, all", strata, None, ()))
    return result


def _simulated_strata(
    rng: np.random.Generator, responses: int, wards: int, ethnic: int, ages: int
) -> list[Stratum]:
    share = np.einsum(
        "i,j,k",
        rng.dirichlet(np.full(wards, 8)),
        rng.dirichlet(np.full(ethnic, 2)),
        rng.dirichlet(np.full(ages, 5)),
    )
    willing = np.einsum(
        "i,j,k", np.ones(wards), rng.lognormal(0, 0.7, ethnic), rng.lognormal(0, 0.5, ages)
    )
    drawn = (share * willing) / (share * willing).sum()
    counts = rng.multinomial(responses, drawn.ravel()).reshape(share.shape)
    return [
        Stratum(
            (("ward", f"w{i}"), ("ethnic group", f"e{j}"), ("age", f"a{k}")),
            int(counts[i, j, k]),
            float(np.floor(1_000_000 * share[i, j, k])),
            response_rate=0.05,
        )
        for i, j, k in np.ndindex(share.shape)
    ]


def _below(strata: Sequence[Stratum]) -> list[Group]:
    """Return the ethnic groups and ages below 0.8 of their share."""
    members = _members(strata)
    counts = np.array([stratum.respondents for stratum in strata])
    people = np.array([stratum.population for stratum in strata])
    return [
        group
        for group, of in members.items()
        if group[0] != "ward"
        and counts[of].sum() / counts.sum() < RATIO * people[of].sum() / people.sum()
    ]


def _members(strata: Sequence[Stratum]) -> dict[Group, list[int]]:
    members: dict[Group, list[int]] = {}
    for at, stratum in enumerate(strata):
        for group in stratum.groups:
            members.setdefault(group, []).append(at)
    return members


def _rates(
    strata: Sequence[Stratum], plan: Plan, partners: Sequence[Partner]
) -> list[tuple[int, float]]:
    """Return the place of each line's stratum and the rate at which people answer there."""
    places = {stratum.groups: at for at, stratum in enumerate(strata)}
    by_name = {partner.name: partner.response_rate for partner in partners}
    result = []
    for line in plan.lines:
        at = places[line.groups]
        rate = by_name.get(line.partner or "") or strata[at].response_rate
        result.append((at, rate or 0.0))
    return result


def _simple(strata: Sequence[Stratum], plan: Plan, partners: Sequence[Partner]) -> Plan:
    lines = [
        replace(line, invitations=round(line.people / rate))
        for line, (_, rate) in zip(plan.lines, _rates(strata, plan, partners), strict=True)
    ]
    return replace(plan, lines=tuple(lines))


def _answers(
    rng: np.random.Generator,
    strata: Sequence[Stratum],
    plan: Plan,
    partners: Sequence[Partner],
    campaigns: int,
) -> NDArray[Any]:
    """Return simulated responses in all, of shape (campaigns, n_strata)."""
    counts = np.array([stratum.respondents for stratum in strata])
    result = np.tile(counts, (campaigns, 1))
    for line, (at, rate) in zip(plan.lines, _rates(strata, plan, partners), strict=True):
        result[:, at] += rng.binomial(line.invitations or 0, rate, campaigns)
    return result


def _is_enough(
    counts: NDArray[Any], strata: Sequence[Stratum], groups: Sequence[Group] | None
) -> NDArray[Any]:
    """Tell of each campaign whether every planned group, and large stratum, is there."""
    people = np.array([stratum.population for stratum in strata])
    shares = people / people.sum()
    total = counts.sum(axis=1)
    enough = np.ones(len(counts), dtype=bool)
    for group, of in _members(strata).items():
        if groups is None or group in groups:
            enough &= counts[:, of].sum(axis=1) >= RATIO * shares[of].sum() * total - 1e-6
    before = sum(stratum.respondents for stratum in strata)
    for at, stratum in enumerate(strata):
        if before * shares[at] >= EXPECTED and (
            groups is None or not set(groups).isdisjoint(stratum.groups)
        ):
            enough &= counts[:, at] >= CELL_RATIO * shares[at] * total - 1e-6
    return enough


def _reached(
    rng: np.random.Generator,
    strata: Sequence[Stratum],
    plan: Plan,
    groups: Sequence[Group] | None,
    partners: Sequence[Partner],
) -> float:
    reached = 0
    for _ in range(CAMPAIGNS // BATCH):
        counts = _answers(rng, strata, plan, partners, BATCH)
        reached += int(_is_enough(counts, strata, groups).sum())
    return reached / CAMPAIGNS


def _in_rounds(
    rng: np.random.Generator,
    strata: Sequence[Stratum],
    groups: Sequence[Group] | None,
    partners: Sequence[Partner],
) -> float:
    """Return how often all is reached when each round is planned from the last one's answers."""
    reached = 0
    for _ in range(CAMPAIGNS_IN_ROUNDS):
        now = list(strata)
        for _ in range(ROUNDS):
            plan = plan_outreach(now, groups=groups, partners=partners)
            if not plan.people:
                break
            counts = _answers(rng, now, plan, partners, 1)[0]
            now = [
                replace(stratum, respondents=int(count))
                for stratum, count in zip(now, counts, strict=True)
            ]
        counts = np.array([[stratum.respondents for stratum in now]])
        reached += int(_is_enough(counts, now, groups)[0])
    return reached / CAMPAIGNS_IN_ROUNDS
