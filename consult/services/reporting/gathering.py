"""All figures of a report: from the responses to what its readers may see.

First every part puts its exact tables among the figures, then the one rule looks at all of them
together, and only then each part is told.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.suppression.protecting import CannotProtect, Progress
from analysis.suppression.releases import Release
from consult.document.model import Consultation as Document
from consult.models import Consultation
from consult.reports.data import FORMAT, Audience, Count, ReportData, Share
from consult.services import consultations
from consult.services.reporting import arriving, closed, group_talk, layouts, people, talk, ways
from consult.services.reporting.asked import Wording, consulted
from consult.services.reporting.figures import Figures
from consult.services.reporting.weighing import weighed
from consult.services.watching import respondents


@dataclass(frozen=True, slots=True)
class Gathered:
    """A report that is not frozen yet.

    Attributes
    ----------
    data : ReportData
        Its number is 0.
    release : Release or None
        What the next public report must know. It holds exact counts.
    digest : str
        Of everything that it was made from: the same again has the same.
    """

    data: ReportData
    release: Release | None
    digest: str


def gather(
    session: Session,
    stored: Consultation,
    *,
    audience: Audience,
    now: datetime,
    earlier: Sequence[Release] = (),
    progress: Progress | None = None,
) -> Gathered:
    """Work out a report as it stands.

    Parameters
    ----------
    audience : Audience
        Of an internal report all figures are exact.
    now : datetime
    earlier : sequence of Release
        What the public has seen before, oldest first.
    progress : callable, optional
        Called while the figures are protected, which takes longest.

    Raises
    ------
    CannotProtect
        If a public report would be of fewer responses than may be told of. Beside earlier
        reports it would repeat what these said, as if it were so today.
    """
    document = consultations.document_of(session, stored)
    rows = closed.rows_of(session, stored)
    figures = Figures(audience, name=now.isoformat(timespec="seconds"), earlier=earlier)
    if figures.is_public and len(rows) < figures.rule.threshold:
        raise CannotProtect(["responses"])
    arrivals = arriving.begin(session, stored, document, figures)
    compared = respondents.people(session, stored, document)
    comparing = people.begin(
        session, stored, document, figures, arrivals.residence, compared, now=now
    )
    arriving.add_areas(arrivals, document, figures)
    weights = weighed(rows, compared, comparing.wholes)
    answers = closed.begin(session, stored, document, figures, weights)
    by_way = ways.begin(session, stored, document, figures, answers.tallies, rows)
    begun = talk.begin(session, stored, document, figures, audience)
    at_tables = group_talk.begin(session, stored, document, figures)
    figures.settle(progress)
    today = now.astimezone(ZoneInfo(document.timezone)).date()
    told = ReportData(
        audience=audience,
        number=0,
        made_at=now,
        consultation=consulted(stored, document, Wording(document)),
        arrived=arrivals.arrived(today=today),
        representation=comparing.representation(),
        weights=answers.weights(),
        closed=answers.closed(),
        talk=begun.finish(),
        layout=layouts.layout_of(session, stored, document),
        threshold=figures.rule.threshold,
        rounded_to=figures.rule.base,
        ways=by_way.told(),
        group_talks=at_tables.told(),
    )
    return Gathered(told, figures.release, digest_of(figures, document, told))


_SHAPES: Final = frozenset({frozenset(Count.model_fields), frozenset(Share.model_fields)})


def digest_of(figures: Figures, document: Document, told: ReportData) -> str:
    """Return what tells whether anything changed that a report is made from.

    That is the exact tables, what was asked, and all that stands beside the figures. What the
    reader sees of the figures is left out: it follows from the tables and from earlier reports.
    """
    tables = [
        [
            table.name,
            table.universe,
            [[axis.name, axis.categories, axis.parents] for axis in table.axes],
            table.counts.tolist(),
        ]
        for table in figures.tables
    ]
    beside = {
        "acts": told.representation.model_dump(mode="json")["acts"],
        "petitions": told.arrived.model_dump(mode="json")["petitions"],
        "layout": told.layout.model_dump(mode="json"),
        "talk": [_without_figures(each.model_dump(mode="json")) for each in told.talk],
    }
    if told.group_talks is not None:
        beside["group_talks"] = _without_figures(told.group_talks.model_dump(mode="json"))
    asked = document.model_dump(mode="json", exclude={"paused"})
    whole = [FORMAT, told.audience.value, tables, asked, beside]
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _without_figures(part: Any) -> Any:
    """Leave out counts, shares and the time of the analysis."""
    if isinstance(part, dict):
        if frozenset(part) in _SHAPES:
            return None
        return {key: _without_figures(each) for key, each in part.items() if key != "analysed_at"}
    if isinstance(part, list):
        return [_without_figures(each) for each in part]
    return part
