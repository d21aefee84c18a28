"""Who answered beside who lives here: the report's part on who is missing.

What may be said of a group in public is worked out in :mod:`.judging`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.disclosure import Published
from analysis.representation.run import Comparison, GroupResult, Representation
from analysis.suppression.tables import Table
from consult.document.model import Consultation as Document
from consult.document.model import Question, QuestionKind
from consult.models import Consultation
from consult.reports import data
from consult.reports.data import Act, Dimension, GroupLine, Texts
from consult.services.reporting import judging
from consult.services.reporting.arriving import EVERYBODY
from consult.services.reporting.asked import Wording
from consult.services.reporting.figures import APART, Figures, as_count, exact
from consult.services.reporting.residence import COMPARED, HOME, Branch, Residence, branch
from consult.services.watching import acts, gaps, respondents
from consult.services.watching.gaps import NothingToCompare
from consult.services.watching.respondents import Person

KNOWN, UNKNOWN, NOT_SO = f"{APART}known", f"{APART}unknown", f"{APART}not "
"""People who are compared by a dimension and who are not, and those outside one of its groups."""


@dataclass(frozen=True, slots=True)
class Comparing:
    """The comparison with residents, with its tables among the figures."""

    compared: Representation | NothingToCompare
    _document: Document
    _wording: Wording
    _figures: Figures
    _acts: tuple[Act, ...]

    @property
    def wholes(self) -> tuple[Comparison, ...]:
        """Each dimension, in the population's order."""
        return () if isinstance(self.compared, NothingToCompare) else self.compared.wholes

    def representation(self) -> data.Representation:
        """The finished part of the report, once the figures are settled."""
        return data.Representation(
            dimensions=tuple(self._dimension(part) for part in self.wholes),
            not_compared=self.compared.why.value
            if isinstance(self.compared, NothingToCompare)
            else None,
            acts=self._acts,
        )

    def _dimension(self, part: Comparison) -> Dimension:
        name = part.reference.name
        table = next(iter(_names(part)))
        known = self._figures.published(table, branch(name, KNOWN))
        unknown = self._figures.published(table, branch(name, UNKNOWN))
        question = respondents.asked(self._document)[name]
        found = {
            category: self._figures.published(table, branch(name, category))
            for category, table in zip(part.reference.categories, _names(part), strict=True)
        }
        members = sum(bool(each.gap.population_share) for each in part.groups)
        most_unknown = self._most_unknown(known, unknown)
        return Dimension(
            key=name,
            question=question.key,
            known=as_count(known),
            unknown=as_count(unknown if self._figures.is_public else exact(part.counted.unknown)),
            groups=tuple(
                self._group(
                    question,
                    each,
                    found[each.gap.category],
                    known,
                    most_unknown=most_unknown,
                    members=members,
                )
                for each in part.groups
            ),
            several=part.counted.several,
            similarity=self._similarity(part, list(found.values()), known),
            base=part.reference.base,
            source=part.reference.source,
            as_of=part.reference.date,
        )

    def _group(
        self,
        question: Question,
        each: GroupResult,
        figure: Published,
        known: Published,
        *,
        most_unknown: int,
        members: int,
    ) -> GroupLine:
        gap = each.gap
        share = data.Share(value=None, low=None, high=None)
        if gap.population_share is not None:
            share = self._figures.share(figure, known)
        if self._figures.is_public:
            judged = judging.in_public(
                gap.population_share, figure, known, most_unknown, members=members
            )
        else:
            judged = judging.exactly(each)
        return GroupLine(
            key=gap.category,
            label=label_of(question, gap.category, self._document, self._wording),
            respondents=as_count(figure),
            share=share,
            population_share=gap.population_share,
            state=judged.state,
            tier=judged.tier,
            missing=judged.missing,
        )

    def _most_unknown(self, known: Published, unknown: Published) -> int:
        """How many residents at most are not compared, as far as a reader can tell."""
        if unknown.high is not None:
            return unknown.high
        residents = self._figures.published(EVERYBODY, None)
        if HOME in self._figures:
            asked = self._figures.published(HOME, COMPARED)
            residents = residents if asked.high is None else asked
        return max((residents.high or 0) - known.low, 0)

    def _similarity(
        self, part: Comparison, figures: Sequence[Published], known: Published
    ) -> float | None:
        if part.overall is None:
            return None
        if not self._figures.is_public:
            return part.overall.similarity
        shares = [each.gap.population_share or 0.0 for each in part.groups]
        return judging.similarity(figures, shares, known)


def begin(
    session: Session,
    stored: Consultation,
    document: Document,
    figures: Figures,
    residence: Residence,
    found: Sequence[Person],
    *,
    now: datetime,
) -> Comparing:
    """Compare people with residents, and put the tables among the figures."""
    stages = gaps.stretches(session, stored, document, now=now)
    compared = gaps.compare(gaps.counts_by_stage(found, document, stages), document)
    done = sorted(acts.all_of(session, stored), key=lambda act: (act.on, act.recorded_at))
    comparing = Comparing(
        compared,
        document,
        Wording(document),
        figures,
        tuple(Act(on=act.on, what=act.what) for act in done),
    )
    for part in comparing.wholes:
        for table in tables_of(part, residence):
            figures.add(table)
    return comparing


def tables_of(part: Comparison, residence: Residence) -> Iterator[Table]:
    """The tables of one dimension.

    Where people could choose several groups, those of one group and those outside it make a
    table each: so every group stands within those who said anything.
    """
    name, counted = part.reference.name, part.counted
    known = part.groups[0].gap.known if part.groups else counted.known
    apart = [
        Branch(branch(name, each.gap.category), each.gap.respondents)
        for each in part.groups
        if not each.gap.population_share
    ]
    within = [
        Branch(branch(name, each.gap.category), each.gap.respondents, branch(name, KNOWN))
        for each in part.groups
        if each.gap.population_share
    ]
    if not counted.several:
        rest = residence.compared - known - sum(each.count for each in apart)
        trunk = [Branch(branch(name, KNOWN), known), Branch(branch(name, UNKNOWN), rest)]
        yield residence.table(f"group {name}", [*trunk, *within, *apart])
        return
    rest = residence.compared - known
    trunk = [Branch(branch(name, KNOWN), known), Branch(branch(name, UNKNOWN), rest)]
    for table, category, count in zip(
        _names(part), part.reference.categories, counted.counts, strict=True
    ):
        both = [
            Branch(branch(name, category), count, branch(name, KNOWN)),
            Branch(branch(name, NOT_SO + category), known - count, branch(name, KNOWN)),
        ]
        yield residence.table(table, [*trunk, *both])


def _names(part: Comparison) -> list[str]:
    """The name of the table that each category stands in."""
    name = part.reference.name
    if part.counted.several:
        return [f"group {name}: {category}" for category in part.reference.categories]
    return [f"group {name}"] * len(part.reference.categories)


def label_of(question: Question, category: str, document: Document, wording: Wording) -> Texts:
    """The words of a group; empty where no single answer of the question means it."""
    if question.kind is QuestionKind.WARD:
        named = [area.name for area in document.areas if area.code == category]
        return {document.source_language: named[0]} if named else {}
    keys = [o.key for o in question.options if (o.category or o.key) == category]
    return wording.option(question, keys[0]) if len(keys) == 1 else {}
