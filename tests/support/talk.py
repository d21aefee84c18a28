"""What a report tells of the answers to text questions, by itself."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from analysis.suppression.releases import Release
from consult.reports.data import Audience, Talk
from consult.services import consultations
from consult.services.reporting import talk
from consult.services.reporting.figures import Figures
from tests.support.visitors import SLUG


def told(
    session: Session, audience: Audience, *, earlier: Sequence[Release] = ()
) -> tuple[dict[str, Talk], Figures]:
    """By question, with the settled figures behind it."""
    stored = consultations.get(session, SLUG)
    document = consultations.document_of(session, stored)
    figures = Figures(audience, name=f"report {len(earlier) + 1}", earlier=earlier)
    begun = talk.begin(session, stored, document, figures, audience)
    figures.settle()
    return {each.question: each for each in begun.finish()}, figures
