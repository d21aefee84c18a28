"""Results that were published: the data of the newest public report, for everybody."""

from typing import Any

from consult.db import db
from consult.services.reporting import versions
from consult.views.api import problems
from consult.views.api.current import public_consultation, reads


@reads("/consultations/<slug>/results")
def results(slug: str) -> dict[str, Any]:
    """The same data as the report's JSON file."""
    found = public_consultation(slug)
    if found is None:
        raise problems.nothing_there("consultation")
    published = versions.published(db.session, found)
    if not published:
        raise problems.Problem(404, "Its results are not published yet.", kind="not-published")
    data: dict[str, Any] = versions.data_of(db.session, published[0]).model_dump(mode="json")
    return data
