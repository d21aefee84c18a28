"""What a plan of outreach says, in the language of the page, and names of groups in it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flask_babel import gettext

from analysis.representation.planning.outreach_plan import Group, Plan, plan_messages
from consult.document.model import Consultation as Document
from consult.services.watching.gaps import NothingToCompare, Why
from consult.services.watching.strata import named_groups
from consult.telling import gap_words
from consult.telling.marking import N_

# Translators: what follows is said about groups of residents, such as "Muslim (Religion)", and
# about organisations that help to reach them. %% stands for one percent sign.
MARKED = (
    N_("Nobody has answered yet, so there are no gaps to plan for."),
    N_("No group is below its target, so nothing more is needed."),
    N_(
        "%(people)s more responses would bring every group to at least %(ratio)s of its share "
        "of the population."
    ),
    N_(
        "With all %(people)s more responses that can be hoped for, some groups stay below "
        "%(ratio)s of their share of the population."
    ),
    N_("%(group)s: %(people)s more responses."),
    N_("%(group)s: %(people)s more responses. Invite about %(invitations)s people."),
    N_("%(group)s: %(people)s more responses, through %(partner)s."),
    N_(
        "%(group)s: %(people)s more responses, through %(partner)s, who would ask about "
        "%(invitations)s people."
    ),
    N_(
        "%(group)s: the gap cannot be closed by volume. %(wanted)s of %(residents)s residents "
        "would have to answer; the plan gets to %(after)s."
    ),
    N_("The search was stopped at its time limit: there may be a plan that needs fewer people."),
)
"""The planner's sentences that pages show, word for word; a test compares them."""


class Names:
    """Names of groups, in the language of a localised document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[str, dict[str, str]] = {}

    def category(self, group: Group) -> str:
        """A group's name without its question."""
        dimension, category = group
        if dimension not in self._found:
            self._found[dimension] = gap_words.category_names(self._document, dimension)
        return gap_words.category_name(self._found[dimension], category)

    def group(self, group: Group) -> str:
        """A group's name with what people are compared by."""
        # Translators: a group of people and what they are grouped by, as "Muslim (Religion)"
        return gettext(
            "%(group)s (%(question)s)",
            group=self.category(group),
            question=gap_words.dimension_name(group[0]),
        )

    def people(self, groups: Iterable[Group]) -> str:
        """People who are in several groups at once."""
        return ", ".join(self.group(group) for group in groups)


def plan_sentences(plan: Plan, ratio: float, responses: int, names: Names) -> list[str]:
    """What is to be said of a plan as a whole; its lines are shown by themselves."""
    return [
        gap_words.sentence(said)
        for said in plan_messages(_named(plan, names), ratio, responses)
        if not said.key.startswith("outreach.line")
    ]


def line_sentences(plan: Plan, ratio: float, responses: int, names: Names) -> list[str]:
    """What is to be said of each line of a plan, in its order."""
    return [
        gap_words.sentence(said)
        for said in plan_messages(_named(plan, names), ratio, responses)
        if said.key.startswith("outreach.line")
    ]


def why_nothing(found: NothingToCompare) -> str:
    """Why there is nothing to plan for."""
    if found.why is Why.NO_POPULATION:
        return gettext(
            "There are no figures of residents to compare with. Add them on the page “Who the "
            "answers are compared with”; then this page can say who is missing."
        )
    return gettext(
        "No question asks for what the figures of residents count. Add such a question, or say "
        "on the page “Who the answers are compared with” which question it is."
    )


def _named(plan: Plan, names: Names) -> Plan:
    """The plan in names that people know. Each of its groups and lines has one name."""

    def one(groups: Sequence[Group]) -> tuple[Group, ...]:
        return (("", names.people(named_groups(groups))),)

    return replace(
        plan,
        lines=tuple(replace(line, groups=one(line.groups)) for line in plan.lines),
        groups=tuple(replace(group, groups=one(group.groups)) for group in plan.groups),
    )
