"""How many answered, how, where from and when, and what does not count."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.disclosure import Published
from analysis.suppression.tables import Axis, Kind, make_table
from consult.document.model import Consultation as Document
from consult.models import Consultation, Response
from consult.models.response import CHANNELS
from consult.reports.data import Arrived, Count, Line, Signatures
from consult.services.reporting.figures import COUNTED, Figures, as_count
from consult.services.reporting.residence import COMPARED, HOME, Branch, Residence, branch
from consult.services.watching.arrivals import NOT_SAID, Arrivals, Standing, arrivals
from consult.services.watching.respondents import area_dimension, compared_responses

EVERYBODY: Final = "way"
"""The table of the ways in which responses came; its total is everybody who counts."""

AREA: Final = "area"
"""The table of wards where the population has no figures of them."""

WEEK: Final = 7
MOST_STEPS: Final = 120
"""Where seven days a step would give more, several weeks make one."""

NOT_COUNTED: Final = (
    Standing.WAITING,
    Standing.TOO_LATE,
    Standing.EXCLUDED,
    Standing.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Arriving:
    """What came, with its tables among the figures.

    Attributes
    ----------
    came : Arrivals
    residence : Residence
    """

    came: Arrivals
    residence: Residence
    _document: Document
    _figures: Figures
    _weeks: Mapping[date, int]
    _days: int

    def arrived(self, *, today: date) -> Arrived:
        """The finished part of the report, once the figures are settled.

        Parameters
        ----------
        today : date
            In the consultation's time zone.
        """
        first, last = self._span(today)
        return Arrived(
            responses=self._figures.count(EVERYBODY, None),
            residents=self._residents(),
            first_on=first,
            last_on=last,
            by_channel=self._lines(EVERYBODY),
            by_language=self._lines("language"),
            by_area=self._areas(),
            by_week=tuple(
                Line(key=week.isoformat(), count=self._figures.count("week", week.isoformat()))
                for week in self._weeks
            ),
            by_standing=tuple(
                Line(key=each.value, count=self._figures.count(_standing(each), each.value))
                for each in NOT_COUNTED
            ),
            petitions=tuple(
                Signatures(title=each.title, signatures=each.signatures)
                for each in self.came.petitions
            ),
        )

    def _residents(self) -> Count:
        if self.residence.is_asked:
            return self._figures.count(HOME, COMPARED)
        return self._figures.count(EVERYBODY, None)

    def _span(self, today: date) -> tuple[date | None, date | None]:
        """The days between which responses came; the public learns of weeks alone."""
        if not self.came.by_day:
            return None, None
        if not self._figures.is_public:
            return min(self.came.by_day), max(self.came.by_day)
        return min(self._weeks), min(max(self._weeks) + timedelta(self._days - 1), today)

    def _lines(self, table: str) -> tuple[Line, ...]:
        names = [axis for each in self._figures.tables if each.name == table for axis in each.axes]
        categories = names[0].categories
        figures = [self._figures.published(table, name) for name in categories]
        return tuple(
            Line(key=categories[place], count=as_count(figures[place]))
            for place in self._figures.order(categories, figures)
        )

    def _areas(self) -> tuple[Line, ...]:
        found: list[tuple[str, str, Published]] = []
        name = area_dimension(self._document) or AREA
        table = next((t for t in self._figures.tables if t.name in {AREA, f"group {name}"}), None)
        if table is None:
            return ()
        for area in self._document.areas:
            if branch(name, area.code) in table.axes[0].categories:
                figure = self._figures.published(table.name, branch(name, area.code))
                found.append((area.code, area.name, figure))
        order = self._figures.order([each[1] for each in found], [each[2] for each in found])
        return tuple(
            Line(
                key=found[place][0],
                label={self._document.source_language: found[place][1]},
                count=as_count(found[place][2]),
            )
            for place in order
        )


def begin(session: Session, stored: Consultation, document: Document, figures: Figures) -> Arriving:
    """Count what came, and put its tables among the figures."""
    came = arrivals(session, stored, document)
    compared = session.scalar(select(func.count(Response.id)).where(compared_responses(stored)))
    others = came.responses - (compared or 0)
    residence = Residence(compared or 0, others, document.residents is not None or others > 0)
    weeks, days = by_weeks(came.by_day, document.opens.astimezone(ZoneInfo(document.timezone)))
    _add(figures, EVERYBODY, dict.fromkeys(CHANNELS, 0) | dict(came.by_way))
    _add(figures, "language", dict.fromkeys(document.languages, 0) | dict(came.by_language))
    if weeks:
        _add(figures, "week", {week.isoformat(): count for week, count in weeks.items()})
    if (home := residence.home()) is not None:
        figures.add(home)
    for standing in NOT_COUNTED:
        # What becomes of a response says nothing of its person: each number stands by itself.
        axis = Axis("standing", (standing.value,), Kind.ANSWER)
        count = came.standing.get(standing, 0)
        figures.add(make_table(_standing(standing), [axis], [count], universe=standing.value))
    return Arriving(came, residence, document, figures, weeks, days)


def add_areas(arriving: Arriving, document: Document, figures: Figures) -> None:
    """Add the table of wards, unless one of the comparison with residents is there already."""
    name = area_dimension(document) or AREA
    by_ward = arriving.came.by_ward
    if not by_ward or f"group {name}" in figures:
        return
    codes = [area.code for area in document.areas]
    known = [Branch(branch(name, code), by_ward.get(code, 0)) for code in codes]
    rest = arriving.residence.compared - sum(each.count for each in known)
    figures.add(arriving.residence.table(AREA, [*known, Branch(branch(name, NOT_SAID), rest)]))


def by_weeks(by_day: Mapping[date, int], opened: date) -> tuple[dict[date, int], int]:
    """Count steps of whole weeks from the day of opening on, none left out; and their days.

    The first response does not set where steps begin: they would move when it is withdrawn.
    """
    if not by_day:
        return {}, WEEK
    opened = date(opened.year, opened.month, opened.day)
    weeks = (max(by_day) - min(by_day)).days // WEEK + 1
    step = WEEK * -(-weeks // MOST_STEPS)
    found = Counter[int]()
    for day, count in by_day.items():
        found[(day - opened).days // step] += count
    return {
        opened + timedelta(place * step): found[place]
        for place in range(min(found), max(found) + 1)
    }, step


def _standing(standing: Standing) -> str:
    return f"standing {standing.value}"


def _add(figures: Figures, name: str, counts: Mapping[str, int]) -> None:
    axis = Axis(name, tuple(counts), Kind.GROUP)
    figures.add(make_table(name, [axis], list(counts.values()), universe=COUNTED))
