"""The answers to closed questions, unweighted beside weighted.

Counted are all who count, wherever they live. Of a ranking, what was put first; of a number whose
bounds lie close together, each number. Other numbers are in the raw data alone.

A weighted share is published as a number of people would be: rounded, hidden with the plain one
beside it, and kept until enough more have come. So it goes through the rule as a table of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.disclosure import Published
from analysis.representation.weights import change as changes
from analysis.representation.weights.change import Change, is_majority, what_would_change
from analysis.statistics import wilson
from analysis.suppression.tables import Axis, Kind, make_table
from consult.document.model import AGREE_SCALE, Part, Question, QuestionKind
from consult.document.model import Consultation as Document
from consult.models import Answer, Consultation, Response
from consult.reports import data
from consult.reports.data import Closed, Option, Share, Texts
from consult.services.counted import counted
from consult.services.reporting.arriving import EVERYBODY
from consult.services.reporting.asked import Wording
from consult.services.reporting.figures import APART, COUNTED, NO_SHARE, Figures, as_count
from consult.services.reporting.weighing import Weighed

ANSWERED, NOT_ANSWERED, GONE, NOT_IT = (
    f"{APART}answered",
    f"{APART}not answered",
    f"{APART}gone",
    f"{APART}not ",
)
"""Everybody with an answer and without one, answers that are not offered any more, and those who
did not choose one of several options."""

MOST_NUMBERS: Final = 12
"""Numbers that a question may ask for so that each is counted by itself."""

ROWS_AT_ONCE: Final = 5_000

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Who chose what, in the order of the responses.

    Attributes
    ----------
    question : Question
    keys : tuple of str
        Of the options, in the document's order; :data:`GONE` last where anybody chose such.
    chosen : ndarray of bool, shape (n, n_keys)
    answered : ndarray of bool, shape (n,)
    """

    question: Question
    keys: tuple[str, ...]
    chosen: Bools
    answered: Bools

    @property
    def several(self) -> bool:
        """Whether people could choose several options."""
        return self.question.kind is QuestionKind.SEVERAL_CHOICES

    @property
    def people(self) -> int:
        """Who answered."""
        return int(self.answered.sum())

    def table_of(self, key: str) -> str:
        """The name of the table that an option stands in."""
        name = f"closed {self.question.key}"
        return f"{name}: {key}" if self.several else name

    @property
    def weighted_table(self) -> str:
        """The name of the table of weighted numbers."""
        return f"weighted {self.question.key}"


@dataclass(frozen=True, slots=True)
class Answers:
    """Closed questions, with their tables among the figures."""

    tallies: tuple[Tally, ...]
    weighed: Weighed
    _changes: Mapping[tuple[str, str], Change]
    _wording: Wording
    _figures: Figures

    def closed(self) -> tuple[Closed, ...]:
        """The finished part of the report, once the figures are settled."""
        return tuple(self._closed(tally) for tally in self.tallies)

    def weights(self) -> data.Weights:
        """How responses were weighted."""
        return self.weighed.told(exactly=not self._figures.is_public)

    def _closed(self, tally: Tally) -> Closed:
        table = tally.table_of(tally.keys[0])
        answered = self._figures.published(table, ANSWERED)
        return Closed(
            question=tally.question.key,
            answered=as_count(answered),
            not_answered=self._figures.count(table, NOT_ANSWERED),
            several=tally.several,
            options=tuple(self._option(tally, key, answered) for key in tally.keys if key != GONE),
        )

    def _option(self, tally: Tally, key: str, answered: Published) -> Option:
        figure = self._figures.published(tally.table_of(key), key)
        share = self._figures.share(figure, answered)
        change = self._changes.get((tally.question.key, key))
        weighted = None if change is None else self._weighted(tally, key, change, figure)
        shown = weighted is not None and weighted.value is not None and share.value is not None
        return Option(
            key=key,
            label=label_of(tally.question, key, self._wording),
            count=as_count(figure),
            share=share,
            weighted=weighted,
            change_notable=shown
            and change is not None
            and self._is_notable(tally, change, figure, share),
            majority_flips=shown and _flips(share, weighted),
        )

    def _is_notable(self, tally: Tally, change: Change, figure: Published, share: Share) -> bool:
        """Whether weighting changes a share by more than chance.

        The exact test would tell of exact numbers. In public the weighted share must lie outside
        the interval of the plain one, and apart from it whatever was rounded away: that is more
        than the exact test asks for.
        """
        if not self._figures.is_public:
            return change.notable
        part = self._figures.published(tally.weighted_table, change.option)
        whole = self._figures.published(tally.weighted_table, None)
        weighted = self._figures.share(part, whole).value
        bounds = (figure.high, part.high, whole.high, weighted, share.low, share.high)
        if any(bound is None for bound in bounds):
            return False
        plain_high, part_high, people, value, low, high = (bound or 0 for bound in bounds)
        apart = max(part.low - plain_high, figure.low - part_high)
        return apart > changes.LEAST_DIFFERENCE * people and not low <= value <= high

    def _weighted(self, tally: Tally, key: str, change: Change, figure: Published) -> Share:
        exact = change.figure.weighted
        if not self._figures.is_public and exact is not None:
            return Share(
                value=exact.value,
                low=exact.interval.low,
                high=exact.interval.high,
                few=exact.base < self._figures.rule.flag_base,
            )
        if figure.value is None or tally.weighted_table not in self._figures:
            return NO_SHARE
        part = self._figures.published(tally.weighted_table, key)
        whole = self._figures.published(tally.weighted_table, None)
        plain = self._figures.share(part, whole)
        if plain.value is None or whole.value is None:
            return NO_SHARE
        # Weights cost precision; by how much is told in round numbers too.
        everybody = self._figures.published(EVERYBODY, None).value or 1
        effective = whole.value * min((self.weights().effective or 0) / everybody, 1)
        interval = wilson(min(plain.value, 1.0) * effective, effective)
        return Share(
            value=plain.value,
            low=round(interval.low, 2),
            high=round(interval.high, 2),
            few=effective < self._figures.rule.flag_base,
        )


def begin(
    session: Session,
    stored: Consultation,
    document: Document,
    figures: Figures,
    weighed: Weighed,
) -> Answers:
    """Count answers, weight them, and put their tables among the figures."""
    tallies = tally_up(session, stored, document, weighed.rows)
    asked = [
        changes.Question(tally.question.key, tally.keys, tally.chosen, tally.answered)
        for tally in tallies
    ]
    found = {
        (change.question, change.option): change
        for change in what_would_change(asked, weighed.weighting)
    }
    for tally in tallies:
        _add_counts(figures, tally)
        _add_weighted(figures, tally, found)
    return Answers(tallies, weighed, found, Wording(document), figures)


def rows_of(session: Session, stored: Consultation) -> tuple[UUID, ...]:
    """The responses that count, in an order that tells nothing."""
    return tuple(
        session.scalars(
            select(Response.id)
            .where(Response.consultation_id == stored.id, counted())
            .order_by(Response.id)
        )
    )


def options_of(question: Question) -> tuple[str, ...]:
    """The keys of the answers that are counted one by one; none for other kinds of questions."""
    if question.part is not Part.DRAFT:
        return ()
    if question.kind is QuestionKind.AGREE_SCALE:
        return AGREE_SCALE
    if question.kind is QuestionKind.NUMBER:
        low, high = question.minimum, question.maximum
        if low is None or high is None or high - low >= MOST_NUMBERS:
            return ()
        return tuple(str(number) for number in range(low, high + 1))
    return tuple(option.key for option in question.options)


def tally_up(
    session: Session, stored: Consultation, document: Document, rows: Sequence[UUID]
) -> tuple[Tally, ...]:
    """Count the answers to all closed questions about the draft."""
    keys = {q.key: (*options_of(q), GONE) for q in document.questions if options_of(q)}
    places = {row: place for place, row in enumerate(rows)}
    columns = {key: {option: at for at, option in enumerate(found)} for key, found in keys.items()}
    chosen = {key: np.zeros((len(rows), len(found)), np.bool_) for key, found in keys.items()}
    answers = session.execute(
        select(Answer.response_id, Answer.question_key, Answer.value)
        .join(Response, Response.id == Answer.response_id)
        .where(
            Response.consultation_id == stored.id, counted(), Answer.question_key.in_(list(keys))
        )
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for response_id, key, value in answers:
        if (row := places.get(response_id)) is not None:
            for option in picked(value):
                chosen[key][row, columns[key].get(option, columns[key][GONE])] = True
    return tuple(
        _tally(question, keys[question.key], chosen[question.key])
        for question in document.questions
        if question.key in keys
    )


def picked(value: Mapping[str, Any]) -> list[str]:
    """The options that an answer counts for: of a ranking, the first one."""
    if "choices" in value:
        return [str(key) for key in value["choices"]]
    if "order" in value:
        return [str(key) for key in value["order"][:1]]
    return [str(value[name]) for name in ("choice", "number") if name in value]


def _tally(question: Question, keys: tuple[str, ...], chosen: Bools) -> Tally:
    answered: Bools = np.asarray(chosen.any(axis=1))
    if not chosen[:, -1].any():
        keys, chosen = keys[:-1], chosen[:, :-1]
    return Tally(question, keys, chosen, answered)


def _add_counts(figures: Figures, tally: Tally) -> None:
    name = f"answer {tally.question.key}"
    trunk = {ANSWERED: tally.people, NOT_ANSWERED: len(tally.answered) - tally.people}
    parts = dict(zip(tally.keys, map(int, tally.chosen.sum(axis=0)), strict=True))
    tables = {tally.table_of(tally.keys[0]): parts}
    if tally.several:
        # Those who chose an option and those who did not, for each by itself: so every option
        # stands within those who answered.
        tables = {
            tally.table_of(key): {key: count, NOT_IT + key: tally.people - count}
            for key, count in parts.items()
        }
    for table, within in tables.items():
        axis = Axis(
            name,
            (*trunk, *within),
            Kind.ANSWER,
            parents=("",) * len(trunk) + (ANSWERED,) * len(within),
        )
        figures.add(
            make_table(table, [axis], [*trunk.values(), *within.values()], universe=COUNTED)
        )


def _add_weighted(figures: Figures, tally: Tally, found: Mapping[tuple[str, str], Change]) -> None:
    """Add the weighted shares as numbers of people, which add up where the plain ones do."""
    weighted = [
        found[tally.question.key, key].figure.weighted
        for key in tally.keys
        if (tally.question.key, key) in found
    ]
    shares = [each.value for each in weighted if each is not None and each.value is not None]
    if len(shares) < len(tally.keys) or not shares:
        return
    axis = Axis(f"answer {tally.question.key}", tally.keys, Kind.ANSWER, several=tally.several)
    counts = (
        [min(round(share * tally.people), tally.people) for share in shares]
        if tally.several
        else apportioned(shares, tally.people)
    )
    figures.add(
        make_table(
            tally.weighted_table,
            [axis],
            counts,
            bases=tally.people if tally.several else None,
            universe=tally.weighted_table,
        )
    )


def apportioned(shares: Sequence[float], people: int) -> list[int]:
    """Whole numbers of people for shares that sum to 1, by the largest remainders."""
    exact = [share * people for share in shares]
    whole = [int(count + 1e-9) for count in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], at))
    for at in by_rest[: people - sum(whole)]:
        whole[at] += 1
    return whole


def _flips(share: Share, weighted: Share | None) -> bool:
    values = (share.value, weighted.value if weighted is not None else None)
    plain, other = values
    return plain is not None and other is not None and is_majority(plain) != is_majority(other)


def label_of(question: Question, key: str, wording: Wording) -> Texts:
    """The words of an answer in every language that has them."""
    if question.kind is QuestionKind.NUMBER:
        return dict.fromkeys(list(wording.at("title"))[:1], key)
    return wording.option(question, key)
