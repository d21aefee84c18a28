"""What a plan is made for, what it is made of, and how it reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from analysis.representation.telling.sentences import Count, Message, Percent, Value

Group = tuple[str, str]
"""A dimension and one of its categories; an area is a category too."""

TEXTS = MappingProxyType(
    {
        "outreach.nobody": "Nobody has answered yet, so there are no gaps to plan for.",
        "outreach.nothing": "No group is below its target, so nothing more is needed.",
        "outreach.total": "%(people)s more responses would bring every group to at least "
        "%(ratio)s of its share of the population.",
        "outreach.partly": "With all %(people)s more responses that can be hoped for, some groups "
        "stay below %(ratio)s of their share of the population.",
        "outreach.line": "%(group)s: %(people)s more responses.",
        "outreach.line.invited": "%(group)s: %(people)s more responses. Invite about "
        "%(invitations)s people.",
        "outreach.line.partner": "%(group)s: %(people)s more responses, through %(partner)s.",
        "outreach.line.partner.invited": "%(group)s: %(people)s more responses, through "
        "%(partner)s, who would ask about %(invitations)s people.",
        "outreach.unreachable": "%(group)s: the gap cannot be closed by volume. %(wanted)s of "
        "%(residents)s residents would have to answer; the plan gets to %(after)s.",
        "outreach.certainty": "In %(certainty)s of simulated campaigns these invitations bring "
        "as many responses from everybody as planned.",
        "outreach.rounds": "These invitations bring as many on average. So many small numbers "
        "cannot all be certain in one round: plan again when the answers are in.",
        "outreach.cut_off": "The search was stopped at its time limit: there may be a plan that "
        "needs fewer people.",
    }
)
"""English sentence by key; placeholders as in gettext's ``python-format``."""


STEP = 5


def rounded_up(people: int) -> int:
    """Return a number of people as it is shown: plans are not exact to one person.

    Examples
    --------
    >>> rounded_up(34), rounded_up(35), rounded_up(0)
    (35, 35, 0)
    """
    return -(-people // STEP) * STEP


@dataclass(frozen=True, slots=True)
class Stratum:
    """People who are alike in every dimension planned for.

    Attributes
    ----------
    groups : tuple of tuple of str
        Dimension and category of each; an area is a dimension too.
    respondents : int
    population : float
    cost : float
        Of one response by open invitation, in any unit; above 0.
    response_rate : float or None
        Share of those invited who answer; None if no invitations are to be planned.
    cap : int or None
        The most further responses; None takes it from the plausible rate.
    """

    groups: tuple[Group, ...]
    respondents: int
    population: float
    cost: float = 1.0
    response_rate: float | None = None
    cap: int | None = None


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that reaches people others do not.

    Attributes
    ----------
    name : str
    groups : frozenset of tuple of str
        Dimensions and categories it reaches, areas aside; empty for everybody.
    areas : frozenset of tuple of str
        Likewise of areas; empty for everywhere.
    languages : tuple of str
    capacity : int or None
        The most responses it can bring.
    cost : float
        Of one response.
    response_rate : float or None
        Of those it asks; None takes the stratum's.
    """

    name: str
    groups: frozenset[Group] = frozenset()
    areas: frozenset[Group] = frozenset()
    languages: tuple[str, ...] = ()
    capacity: int | None = None
    cost: float = 1.0
    response_rate: float | None = None

    def reaches(self, stratum: Stratum) -> bool:
        """Tell whether it reaches people of a stratum."""
        return (not self.groups or not self.groups.isdisjoint(stratum.groups)) and (
            not self.areas or not self.areas.isdisjoint(stratum.groups)
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plan.

    Attributes
    ----------
    groups : tuple of tuple of str
    partner : str or None
        None is open invitation.
    languages : tuple of str
        Of the partner.
    respondents : int
        So far, of this stratum.
    people : int
        Further responses wanted.
    shown : int
        The same, rounded up to 5.
    invitations : int or None
        So many that the whole plan is reached with the certainty asked for, unless the plan
        goes in rounds.
    expected : float or None
        Answers that these bring on average.
    """

    groups: tuple[Group, ...]
    partner: str | None
    languages: tuple[str, ...]
    respondents: int
    people: int
    shown: int
    invitations: int | None = None
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a plan brings one group.

    Attributes
    ----------
    groups : tuple of tuple of str
        One dimension and category, or all those of a stratum.
    respondents, after : int
        Responses of the group so far and under the plan.
    wanted : int
        How many it would take beside all else in the plan.
    residents : float
    ratio : float or None
        Of its share of responses under the plan to its share of the population.
    """

    groups: tuple[Group, ...]
    respondents: int
    after: int
    wanted: int
    residents: float
    ratio: float | None

    @property
    def enough(self) -> bool:
        """Whether the plan brings as many as wanted."""
        return self.after >= self.wanted


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, and how far it gets.

    Attributes
    ----------
    lines : tuple of Line
    groups : tuple of Reached
    people : int
        Further responses in all.
    reached : bool
        Whether every group gets as far as wanted.
    cheapest : bool
        False if the search was cut off before it was certain that no plan costs less.
    certainty : float or None
        Share of simulated campaigns with these invitations that get as far; None without
        invitations.
    in_rounds : bool
        Whether that is less than was asked for, so that the invitations are a first round.
    messages : tuple of Message
    """

    lines: tuple[Line, ...]
    groups: tuple[Reached, ...]
    people: int
    reached: bool
    cheapest: bool
    certainty: float | None
    in_rounds: bool
    messages: tuple[Message, ...]


def plan_messages(plan: Plan, ratio: float, responses: int) -> Iterator[Message]:
    """Yield what to say of a plan, the whole first.

    Parameters
    ----------
    plan : Plan
    ratio : float
        What was aimed at.
    responses : int
        So far, of everybody.
    """
    if not responses and not plan.people:
        yield _message("outreach.nobody")
        return
    if not plan.people and plan.reached:
        yield _message("outreach.nothing")
        return
    key = "outreach.total" if plan.reached else "outreach.partly"
    yield _message(key, people=Count(plan.people), ratio=Percent(ratio))
    for line in plan.lines:
        values: dict[str, Value] = {"group": named(line.groups), "people": Count(line.shown)}
        key = "outreach.line"
        if line.partner is not None:
            key += ".partner"
            values["partner"] = line.partner
        if line.invitations is not None:
            key += ".invited"
            values["invitations"] = Count(rounded_up(line.invitations))
        yield _message(key, **values)
    for group in plan.groups:
        if not group.enough:
            yield _message(
                "outreach.unreachable",
                group=named(group.groups),
                wanted=Count(group.wanted),
                residents=Count(round(group.residents)),
                after=Count(group.after),
            )
    if plan.in_rounds:
        yield _message("outreach.rounds")
    elif plan.certainty is not None:
        yield _message("outreach.certainty", certainty=Percent(plan.certainty))
    if not plan.cheapest:
        yield _message("outreach.cut_off")


def named(groups: Sequence[Group]) -> str:
    """Return categories as one name."""
    return ", ".join(category for _, category in groups)


def _message(key: str, **values: Value) -> Message:
    return Message(key, TEXTS[key], MappingProxyType(values))
