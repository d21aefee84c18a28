"""Which responses count: the one answer to that question, for every figure and every theme."""

from sqlalchemy import ColumnElement, and_, func, or_

from consult.models import Response
from consult.services.timing import Timing


def counted() -> ColumnElement[bool]:
    """Responses that count, as a condition on :class:`~consult.models.Response`.

    Not those of a preview, withdrawn ones and those that a person excluded. One whose timing is
    in doubt counts when an officer has accepted it, and not before.
    """
    return and_(
        Response.is_test.is_(False),
        Response.withdrawn_at.is_(None),
        Response.excluded_at.is_(None),
        or_(
            Response.timing != Timing.DOUBTFUL.value,
            func.coalesce(Response.timing_decision, "") == "accepted",  # so that "not" works too
        ),
    )
