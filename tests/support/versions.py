"""Reports made by hand, as they come from the answers: for tests of what happens to them."""

from datetime import timedelta
from typing import Any

import numpy as np
from flask import Flask

from analysis.disclosure import WITHHELD
from analysis.suppression.releases import Decision, Release, ReleasedTable
from analysis.suppression.tables import Axis, Kind, Table
from consult.db import db, unit_of_work
from consult.models import ReportVersion
from consult.reports.data import Audience
from consult.services import consultations
from consult.services.reporting import versions
from consult.services.reporting.gathering import Gathered
from tests.support.reports import sample_data
from tests.support.visitors import NOON, SLUG


def release(name: str = "first", count: int = 45) -> Release:
    """One table of everybody, which shows nothing."""
    table = Table("people", (Axis("ward", ("north",), Kind.GROUP),), np.array([count, count]))
    return Release(name, (ReleasedTable(table, (WITHHELD,) * 2, (Decision.WITHHELD,) * 2),))


def gathered(digest: str = "a", audience: Audience = Audience.PUBLIC, **changes: Any) -> Gathered:
    """A report as it comes from the answers, ready to be frozen."""
    data = sample_data().model_copy(update={"audience": audience, "number": 0, **changes})
    return Gathered(data, release(digest) if audience is Audience.PUBLIC else None, digest * 64)


def put_version(app: Flask, number: int, *, published: bool = True, note: str = "") -> None:
    """Store a public version of the sample report, as of the consultation at hand."""
    data = sample_data().model_copy(update={"number": number})
    officer = "officer@council.example.org"
    with app.app_context(), unit_of_work(db.session) as session:
        session.add(
            ReportVersion(
                consultation_id=consultations.get(session, SLUG).id,
                number=number,
                audience=Audience.PUBLIC.value,
                digest=str(number) * 64,
                data=versions.frozen(data).model_dump(mode="json"),
                note=note,
                made_by=officer,
                made_at=NOON,
                published_at=NOON + timedelta(days=number) if published else None,
                published_by=officer if published else None,
            )
        )
