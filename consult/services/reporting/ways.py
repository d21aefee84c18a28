"""Closed questions by the way people answered: with help at a session, or otherwise.

Partners reach other people than a web page does, so their answers may differ. That is told as
what it is, and never as a suspicion. The shares are of all who came in a way: who leaves a
question out has not chosen an answer.

In public a question is told as far as every number in its table is large: small ones would hide
those of the whole question with them. What is small goes together with all that is not told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.suppression.tables import Axis, Kind, Table, make_table
from analysis.themes.counting import State
from consult.document.model import Consultation as Document
from consult.models import Consultation, Response, ResponseOrigin
from consult.reports.data import Audience, ByWay, OptionByWay
from consult.services.counted import counted
from consult.services.marking import HELPED
from consult.services.reporting.arriving import EVERYBODY
from consult.services.reporting.asked import Wording
from consult.services.reporting.closed import (
    GONE,
    NOT_IT,
    Tally,
    label_of,
    rows_of,
    tally_up,
)
from consult.services.reporting.differences import Beside, states
from consult.services.reporting.figures import COUNTED, NO_SHARE, Figures, as_count
from consult.services.reporting.heard import short_digest

OTHERS: Final = NOT_IT + HELPED

_TOLD: Final[dict[State, Literal["more", "less", "no_clear_difference", "too_few"]]] = {
    State.MORE: "more",
    State.LESS: "less",
    State.NO_CLEAR_DIFFERENCE: "no_clear_difference",
    State.TOO_FEW: "too_few",
}

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Crossed:
    """A closed question, and the table that each of its answers is told in, if it is told."""

    tally: Tally
    tables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ByWays:
    """Closed questions whose tables by way are among the figures."""

    questions: Sequence[Crossed]
    _wording: Wording
    _figures: Figures

    def told(self) -> tuple[ByWay, ...]:
        """The finished part of the report, once the figures are settled."""
        numbers = {
            (crossed.tally.question.key, key): self._numbers(table, key)
            for crossed in self.questions
            for key, table in crossed.tables.items()
        }
        judged = {place: found for place, found in numbers.items() if found.is_told}
        # One family of tests, over all questions.
        said = dict(zip(judged, states(list(judged.values())), strict=True))
        return tuple(self._by_way(crossed, said) for crossed in self.questions)

    def _by_way(self, crossed: Crossed, said: Mapping[tuple[str, str], State]) -> ByWay:
        tally = crossed.tally
        question = tally.question.key
        table = next(iter(crossed.tables.values()))
        return ByWay(
            question=question,
            helped=as_count(self._figures.published(table, None, HELPED)),
            others=as_count(self._figures.published(table, None, OTHERS)),
            several=tally.several,
            options=tuple(
                self._option(crossed, key, said.get((question, key), State.TOO_FEW))
                for key in tally.keys
                if key != GONE
            ),
        )

    def _option(self, crossed: Crossed, key: str, state: State) -> OptionByWay:
        table = crossed.tables.get(key)
        helped = others = NO_SHARE
        if table is not None:
            helped, others = (
                self._figures.share(
                    self._figures.published(table, key, way),
                    self._figures.published(table, None, way),
                )
                for way in (HELPED, OTHERS)
            )
        return OptionByWay(
            key=key,
            label=label_of(crossed.tally.question, key, self._wording),
            helped=helped,
            others=others,
            state=_TOLD[state],
        )

    def _numbers(self, table: str, key: str) -> Beside:
        return Beside(
            count=self._figures.published(table, key, HELPED),
            base=self._figures.published(table, None, HELPED),
            all_count=self._figures.published(table, key, None),
            all_base=self._figures.published(table, None, None),
        )


def begin(
    session: Session,
    stored: Consultation,
    document: Document,
    figures: Figures,
    tallies: Sequence[Tally],
    rows: Sequence[UUID],
) -> ByWays:
    """Cross closed questions with the way people answered, where anybody had help."""
    helped = helped_rows(session, stored, rows)
    questions = []
    for tally in tallies if helped.any() else ():
        tables = crossed_tables(
            tally, helped, least=figures.rule.threshold if figures.is_public else 0
        )
        for table in tables:
            figures.add(table)
        told = {
            key: table.name
            for table in tables
            for key in table.axes[0].categories
            if key in tally.keys and key != GONE
        }
        if told:
            questions.append(Crossed(tally, told))
    return ByWays(questions, Wording(document), figures)


def helped_rows(session: Session, stored: Consultation, rows: Sequence[UUID]) -> Bools:
    """Which responses were given with help: those that the table of ways counts so."""
    found = set(
        session.scalars(
            select(Response.id)
            .outerjoin(ResponseOrigin, ResponseOrigin.response_id == Response.id)
            .where(
                Response.consultation_id == stored.id,
                Response.channel == HELPED,
                ResponseOrigin.response_id.is_(None),
                counted(),
            )
        )
    )
    return np.fromiter((row in found for row in rows), np.bool_, len(rows))


def crossed_tables(tally: Tally, helped: Bools, *, least: int) -> list[Table]:
    """The answers to a question by two ways, without numbers below ``least``.

    Where several answers can be given, each makes a table with those who did not give it.
    """
    chosen = {key: tally.chosen[:, at] for at, key in enumerate(tally.keys)}
    groups = [[key] for key in chosen] if tally.several else [list(chosen)]
    found = []
    for group in groups:
        cells = {key: _two(chosen[key], helped) for key in group}
        told = _told(cells, _two(np.ones_like(helped), helped), least)
        if told:
            name = f"{tally.table_of(group[0])} by way"
            found.append(_table(name, tally, told, helped))
    return found


def _told(
    cells: Mapping[str, tuple[int, int]], everybody: tuple[int, int], least: int
) -> dict[str, tuple[int, int]]:
    """The answers whose numbers are large, as far as those of all others are large too."""
    told = {key: two for key, two in cells.items() if min(two) >= least}
    while told:
        rest = [
            all_of - sum(two[at] for two in told.values()) for at, all_of in enumerate(everybody)
        ]
        if min(rest) >= least:
            break
        del told[min(told, key=lambda key: (sum(told[key]), key))]
    return told


def _table(name: str, tally: Tally, told: Mapping[str, tuple[int, int]], helped: Bools) -> Table:
    everybody = _two(np.ones_like(helped), helped)
    rest = [all_of - sum(two[at] for two in told.values()) for at, all_of in enumerate(everybody)]
    others = f"{NOT_IT}{short_digest(told)}"
    answer = Axis(f"answer {tally.question.key}", (*told, others), Kind.ANSWER)
    way = Axis(EVERYBODY, (HELPED, OTHERS), Kind.GROUP)
    return make_table(name, [answer, way], [*map(list, told.values()), rest], universe=COUNTED)


def _two(chosen: Bools, helped: Bools) -> tuple[int, int]:
    """How many of them had help, and how many had not."""
    return int((chosen & helped).sum()), int((chosen & ~helped).sum())


def as_it_is(session: Session, stored: Consultation, document: Document) -> tuple[ByWay, ...]:
    """The same for those who may see exact numbers, of what is there now."""
    figures = Figures(Audience.INTERNAL, name="as it is")
    rows = rows_of(session, stored)
    tallies = tally_up(session, stored, document, rows)
    begun = begin(session, stored, document, figures, tallies, rows)
    figures.settle()
    return begun.told()
