"""Who is asked what: whether anybody can meet a question, and whom it is asked of only.

A question's conditions look at the answers to earlier ones, and these may have conditions of
their own. So a question can be out of everybody's reach although each of its conditions reads
well. What can be answered is searched through until an answer set is found that leads to the
question, or there is none. A question left unanswered counts as one that nothing was chosen at,
also where an answer is required.

The functions are pure: a consultation in, findings out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, combinations
from typing import Any

from consult.document.completing import by_part
from consult.document.model import (
    PREFER_NOT_TO_SAY,
    Area,
    Condition,
    Consultation,
    Option,
    Part,
    Question,
    QuestionKind,
    choices_of,
)
from consult.services.journey import Value

MOST_STEPS = 20_000
"""Answers tried for one question before the search gives up; far more than a form of people's
making needs, and still a fraction of a second."""

_SEVERAL = frozenset({QuestionKind.SEVERAL_CHOICES, QuestionKind.RANKING})

Chosen = frozenset[str]


class Reach(StrEnum):
    """Whether a question can be met."""

    REACHED = "reached"
    NEVER = "never"
    NOT_KNOWN = "not_known"
    """There are too many combinations of answers to try."""


class Trouble(StrEnum):
    """What is wrong with a condition, or with several together."""

    NO_SUCH_QUESTION = "no_such_question"
    LATER_QUESTION = "later_question"
    """It looks at the question itself, or at one that is asked after it."""
    NOTHING_TO_CHOOSE = "nothing_to_choose"
    """It looks at a question that is not answered by choosing."""
    OPTIONS_GONE = "options_gone"
    """It names answers that the question does not have any more."""
    BEHIND_ANOTHER = "behind_another"
    """It needs an answer to a question that nobody is asked."""
    CONTRADICTION = "contradiction"
    """Each condition can be met, and all of them together cannot."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend in a question's routing."""

    trouble: Trouble
    question: str = ""
    """The key that the condition names."""
    options: tuple[str, ...] = ()
    at: int | None = None
    """The condition's place in the question, from 0; nothing where several are meant."""


@dataclass(frozen=True, slots=True)
class Group:
    """People who chose one of these options at a question."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Where one question stands in the routing."""

    key: str
    conditions: tuple[Condition, ...]
    reach: Reach
    findings: tuple[Finding, ...] = ()
    witness: Mapping[str, Value] = field(default_factory=dict)
    """Answers that lead to the question, where it is reached."""
    groups: tuple[Group, ...] = ()
    """Nobody outside these groups meets it, by its own conditions or by those before it."""


class _TooMany(Exception):
    """The search has taken all the steps that it may take."""


def routes(consultation: Consultation, *, most_steps: int = MOST_STEPS) -> tuple[Route, ...]:
    """Every question's route, in the order of asking."""
    asked = {question.key: question for question in consultation.questions}
    order = {key: at for at, key in enumerate(asked)}
    choices = {key: frozenset(choices_of(each, consultation)) for key, each in asked.items()}
    search = _Search(asked, order, choices, most_steps)
    found: dict[str, Route] = {}
    for question in asked.values():
        found[question.key] = _route(question, search, found)
    return tuple(found.values())


def unreachable(consultation: Consultation) -> tuple[Route, ...]:
    """The questions that nobody can meet."""
    return tuple(route for route in routes(consultation) if route.reach is Reach.NEVER)


def as_far_as_written(content: Mapping[str, Any]) -> Consultation:
    """The questions of a workspace's content, with what routing looks at and nothing checked.

    An unfinished consultation is no valid document, and the conditions that are wrong are those
    that a valid one could not have.
    """
    areas = tuple(
        Area.model_construct(code=str(area.get("code", "")), name=str(area.get("name", "")))
        for area in _mappings(content.get("areas"))
    )
    questions = tuple(_question(raw) for raw in by_part(_mappings(content.get("questions"))))
    known: dict[str, Any] = {"questions": questions, "areas": areas}
    return Consultation.model_construct(**known)


def _question(raw: Mapping[str, Any]) -> Question:
    kinds, parts = set(QuestionKind), set(Part)
    return Question.model_construct(
        key=str(raw.get("key", "")),
        kind=QuestionKind(raw["kind"]) if raw.get("kind") in kinds else QuestionKind.LONG_TEXT,
        part=Part(raw["part"]) if raw.get("part") in parts else Part.DRAFT,
        label=str(raw.get("label") or ""),
        options=tuple(
            Option.model_construct(
                key=str(option.get("key", "")),
                label=str(option.get("label") or ""),
                exclusive=bool(option.get("exclusive")),
            )
            for option in _mappings(raw.get("options"))
        ),
        choose_at_most=_limit(raw.get("choose_at_most")),
        rank_at_most=_limit(raw.get("rank_at_most")),
        show_if=tuple(
            Condition.model_construct(
                question=str(condition.get("question", "")),
                any_of=tuple(condition.get("any_of") or ()),
                none_of=tuple(condition.get("none_of") or ()),
            )
            for condition in _mappings(raw.get("show_if"))
        ),
    )


def _mappings(items: Any) -> list[dict[str, Any]]:
    return [item for item in items or [] if isinstance(item, dict)]


def _limit(number: object) -> int | None:
    return number if isinstance(number, int) and number > 0 else None


def _route(question: Question, search: "_Search", earlier: Mapping[str, Route]) -> Route:
    findings = tuple(_faults(question, search))
    search.begin()
    try:
        answers = search.witness(question)
    except _TooMany:
        return Route(question.key, question.show_if, Reach.NOT_KNOWN, findings)
    if answers is None:
        causes = _causes(question, findings, earlier)
        return Route(question.key, question.show_if, Reach.NEVER, (*findings, *causes))
    return Route(
        question.key,
        question.show_if,
        Reach.REACHED,
        findings,
        {key: search.value(key, chosen) for key, chosen in answers.items() if chosen},
        tuple(_groups(question, search)),
    )


def _faults(question: Question, search: "_Search") -> Iterator[Finding]:
    """What is wrong with single conditions, whether or not the question can be met."""
    for at, condition in enumerate(question.show_if):
        named = search.asked.get(condition.question)
        if named is None:
            yield Finding(Trouble.NO_SUCH_QUESTION, condition.question, at=at)
        elif search.order[named.key] >= search.order[question.key]:
            yield Finding(Trouble.LATER_QUESTION, named.key, at=at)
        elif not search.choices[named.key]:
            yield Finding(Trouble.NOTHING_TO_CHOOSE, named.key, at=at)
        else:
            wanted = (*condition.any_of, *condition.none_of)
            gone = tuple(key for key in wanted if key not in search.choices[named.key])
            if gone:
                yield Finding(Trouble.OPTIONS_GONE, named.key, gone, at)


def _causes(
    question: Question, findings: Sequence[Finding], earlier: Mapping[str, Route]
) -> list[Finding]:
    """Why nobody meets a question, where no single condition says it already."""
    behind = [
        Finding(Trouble.BEHIND_ANOTHER, condition.question, at=at)
        for at, condition in enumerate(question.show_if)
        if condition.any_of
        and condition.question in earlier
        and earlier[condition.question].reach is Reach.NEVER
    ]
    if behind:
        return behind
    for finding in findings:
        condition = question.show_if[finding.at or 0]
        if condition.any_of and (
            finding.trouble is not Trouble.OPTIONS_GONE
            or set(condition.any_of) <= set(finding.options)
        ):
            return []
    return [Finding(Trouble.CONTRADICTION)]


def _groups(question: Question, search: "_Search") -> Iterator[Group]:
    """Options that everybody has chosen one of who is asked the question.

    Those found before the steps ran out are right all the same.
    """
    search.begin()
    try:
        for key in search.lead_to(question):
            if search.witness(question, {key: (frozenset(),)}) is None:
                alone = tuple(
                    option
                    for option in search.asked_choices(key)
                    if search.witness(question, {key: (frozenset({option}),)}) is not None
                )
                if alone:
                    yield Group(key, alone)
    except _TooMany:
        return


class _Search:
    """Looks for answers that lead to a question."""

    def __init__(
        self,
        asked: Mapping[str, Question],
        order: Mapping[str, int],
        choices: Mapping[str, Chosen],
        most_steps: int,
    ) -> None:
        self.asked = asked
        self.order = order
        self.choices = choices
        self._most_steps = most_steps
        self._steps = 0

    def begin(self) -> None:
        """Count the steps afresh."""
        self._steps = 0

    def witness(
        self, question: Question, only: Mapping[str, Sequence[Chosen]] | None = None
    ) -> dict[str, Chosen] | None:
        """What is chosen at earlier questions by somebody who meets this one, or nothing.

        ``only`` narrows the answers of some questions.

        Raises
        ------
        _TooMany
            If the steps do not suffice to tell.
        """
        before = self.lead_to(question)
        mentioned = self._mentioned([question, *(self.asked[key] for key in before)])
        return self._go_on(question, before, mentioned, only or {}, {})

    def lead_to(self, question: Question) -> list[str]:
        """Keys of the earlier questions that its conditions look at, theirs among them."""
        found: set[str] = set()
        waiting = [question]
        while waiting:
            here = waiting.pop()
            for condition in here.show_if:
                named = self.asked.get(condition.question)
                if (
                    named is not None
                    and named.key not in found
                    and self.order[named.key] < self.order[here.key]
                ):
                    found.add(named.key)
                    waiting.append(named)
        return sorted(found, key=self.order.__getitem__)

    def asked_choices(self, key: str) -> list[str]:
        """What can be chosen at a question, in its order."""
        fixed = self.choices[key]
        listed = [option.key for option in self.asked[key].options if option.key in fixed]
        return listed + sorted(fixed - set(listed))

    def value(self, key: str, chosen: Chosen) -> Value:
        """What is chosen at a question, as an answer is stored."""
        keys = [option for option in self.asked_choices(key) if option in chosen]
        match self.asked[key].kind:
            case QuestionKind.SEVERAL_CHOICES:
                return {"choices": keys}
            case QuestionKind.RANKING:
                return {"order": keys}
            case _:
                return {"choice": keys[0]}

    def _go_on(
        self,
        question: Question,
        before: Sequence[str],
        mentioned: Mapping[str, Chosen],
        only: Mapping[str, Sequence[Chosen]],
        chosen: dict[str, Chosen],
    ) -> dict[str, Chosen] | None:
        if len(chosen) == len(before):
            return dict(chosen) if _all_met(question.show_if, chosen) else None
        key = before[len(chosen)]
        here = [condition for condition in question.show_if if condition.question == key]
        possible: Iterable[Chosen] = (frozenset(),)
        if _all_met(self.asked[key].show_if, chosen):
            refused = {name for each in here if not each.any_of for name in each.none_of}
            possible = only.get(key) or self._ways_to_answer(key, mentioned[key] - refused)
        elif key in only and frozenset() not in only[key]:
            return None
        for way in possible:
            self._steps += 1
            if self._steps > self._most_steps:
                raise _TooMany
            chosen[key] = way
            if _all_met(here, chosen):
                found = self._go_on(question, before, mentioned, only, chosen)
                if found is not None:
                    return found
            del chosen[key]
        return None

    def _mentioned(self, questions: Iterable[Question]) -> dict[str, Chosen]:
        """The options that conditions tell apart; all others come to the same."""
        found: dict[str, set[str]] = {question.key: set() for question in questions}
        for question in questions:
            for condition in question.show_if:
                if condition.question in found:
                    found[condition.question].update(condition.any_of, condition.none_of)
        return {key: frozenset(names) & self.choices[key] for key, names in found.items()}

    def _ways_to_answer(self, key: str, options: Chosen) -> Iterator[Chosen]:
        """What may be chosen of some options, fewest first."""
        question = self.asked[key]
        listed = [option for option in self.asked_choices(key) if option in options]
        most = 1
        if question.kind in _SEVERAL:
            limit = question.choose_at_most or question.rank_at_most
            most = min(limit or len(listed), len(listed))
        alone = {option.key for option in question.options if option.exclusive}
        alone.add(PREFER_NOT_TO_SAY)
        ways = chain.from_iterable(combinations(listed, size) for size in range(most + 1))
        for way in ways:
            if len(way) < 2 or alone.isdisjoint(way):
                yield frozenset(way)


def _all_met(conditions: Iterable[Condition], chosen: Mapping[str, Chosen]) -> bool:
    for condition in conditions:
        here = chosen.get(condition.question, frozenset())
        if condition.any_of:
            met = not here.isdisjoint(condition.any_of)
        else:
            met = here.isdisjoint(condition.none_of)
        if not met:
            return False
    return True
