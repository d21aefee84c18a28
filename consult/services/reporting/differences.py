"""Which groups raise a theme more or less often than everybody else.

In an internal report these are the comparisons of the analysis. In a public one they are made
anew, of nothing but published numbers: a difference is told where it is clear for every exact
number that the published ones can stand for. So it tells nothing that they do not, and never more
than is true.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from analysis.disclosure import Published
from analysis.themes.counting import State, compare_each
from consult.document.model import Consultation as Document
from consult.reports.data import Difference, Texts
from consult.services.reporting.asked import Wording
from consult.services.reporting.figures import Figures, exact
from consult.services.reporting.heard import HeardTheme

_TOLD: Final[dict[State, Literal["more", "less"]]] = {State.MORE: "more", State.LESS: "less"}


@dataclass(frozen=True, slots=True)
class Beside:
    """Published numbers of a group, beside those of everybody."""

    count: Published
    base: Published
    all_count: Published
    all_base: Published

    @property
    def is_told(self) -> bool:
        """Whether all four are there, and leave somebody to compare with."""
        figures = (self.count, self.base, self.all_count, self.all_base)
        return all(each.value is not None for each in figures) and bool(self.rest_base.value)

    @property
    def rest_count(self) -> Published:
        return rest_of(self.all_count, self.count)

    @property
    def rest_base(self) -> Published:
        return rest_of(self.all_base, self.base)

    @property
    def is_more(self) -> bool:
        """Whether the group's share is the larger one, by the numbers as they are shown."""
        return (self.count.value or 0) * (self.rest_base.value or 0) > (
            self.rest_count.value or 0
        ) * (self.base.value or 0)

    @property
    def least(self) -> tuple[int, int, int, int]:
        """The numbers within the bounds that lie closest together: group, then the rest."""
        rest_count, rest_base = self.rest_count, self.rest_base
        if self.is_more:
            found = (self.count.low, _high(self.base), _high(rest_count), rest_base.low)
        else:
            found = (_high(self.count), self.base.low, rest_count.low, _high(rest_base))
        count, base, other, others = found
        return min(count, base), base, min(other, others), others


def rest_of(whole: Published, part: Published) -> Published:
    """What published numbers leave for everybody else."""
    if whole.value is None or part.value is None:
        raise ValueError("one of the numbers is not shown")
    value = max(whole.value - part.value, 0)
    low, high = max(whole.low - _high(part), 0), max(_high(whole) - part.low, 0)
    return Published(f"{value:,}", value, low, high)


def states(found: Sequence[Beside]) -> list[State]:
    """What may be said of each, all of them one family of tests.

    A difference that is not clear for the numbers within the bounds that lie closest together
    is none.
    """
    if not found:
        return []
    compared = compare_each(*zip(*(each.least for each in found), strict=True))
    wanted = [State.MORE if each.is_more else State.LESS for each in found]
    return [
        one.state if one.state in (sign, State.TOO_FEW) else State.NO_CLEAR_DIFFERENCE
        for one, sign in zip(compared, wanted, strict=True)
    ]


class Labels:
    """The words for groups: options of a question, or areas by name."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._wording = Wording(document)
        self._questions = {question.key: question for question in document.questions}

    def of(self, question: str, group: str) -> Texts:
        """In every language that has them; empty where the option is not asked any more."""
        asked = self._questions.get(question)
        if asked is not None and any(option.key == group for option in asked.options):
            return self._wording.option(asked, group)
        areas = [area.name for area in self._document.areas if area.code == group]
        return {self._document.source_language: areas[0]} if areas else {}


def internal(theme: HeardTheme, figures: Figures, labels: Labels) -> tuple[Difference, ...]:
    """The clear differences of a theme, in exact numbers."""
    found = []
    for column in theme.detail.columns:
        for group in column.groups:
            compared = group.comparison
            if compared.state not in _TOLD:
                continue
            found.append(
                Difference(
                    dimension=column.question_key,
                    group=group.value,
                    label=labels.of(column.question_key, group.value),
                    share=figures.share(exact(compared.count), exact(compared.base)),
                    rest=figures.share(exact(compared.rest_count), exact(compared.rest_base)),
                    state=_TOLD[compared.state],
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Cell:
    """A theme crossed with a group, in published numbers."""

    theme: str
    dimension: str
    group: str
    numbers: Beside


def public(
    cells: Iterable[Cell], figures: Figures, labels: Labels
) -> dict[str, tuple[Difference, ...]]:
    """The clear differences by theme, of published numbers alone."""
    told = [cell for cell in cells if cell.numbers.is_told]
    found: dict[str, tuple[Difference, ...]] = {}
    for cell, state in zip(told, states([cell.numbers for cell in told]), strict=True):
        if state not in _TOLD:
            continue
        numbers = cell.numbers
        difference = Difference(
            dimension=cell.dimension,
            group=cell.group,
            label=labels.of(cell.dimension, cell.group),
            share=figures.share(numbers.count, numbers.base),
            rest=figures.share(numbers.rest_count, numbers.rest_base),
            state=_TOLD[state],
        )
        found[cell.theme] = (*found.get(cell.theme, ()), difference)
    return found


def _high(figure: Published) -> int:
    if figure.high is None:
        raise ValueError("a number without a bound")
    return figure.high
