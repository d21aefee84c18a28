"""What people found who read answers without seeing the machine's themes, as a report tells it."""

from collections.abc import Mapping

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from analysis.disclosure import Published, publish, weighted_percentage
from analysis.themes.reviewing.prevalence import Estimate
from consult.models import Coding
from consult.reports.data import Checked, Share
from consult.services.reporting.figures import Figures
from consult.services.reporting.heard import Heard
from consult.services.reviewing import agreeing, auditing


def checked(
    session: Session, heard: Heard, told: Mapping[str, Published], figures: Figures
) -> Checked | None:
    """What an audit says so far; nothing where nobody has read anything.

    Parameters
    ----------
    told : mapping of str to Published
        The themes that the report lists, by id, with how many people raise each.
    """
    read_any = exists().where(Coding.study_id == heard.study.id)
    if not session.scalar(select(read_any)):
        return None
    found = auditing.audited(session, heard.study)
    agreement = _agreement(session, heard)
    if not found.read and agreement is None:
        return None
    corrected = {}
    for option, prevalence in found.themes:
        if option.id in told and prevalence.estimate is not None:
            share = _share(
                prevalence.estimate, found.prevalence.responses, told[option.id], figures
            )
            if share is not None:
                corrected[option.id] = share
    # Where everybody's answer was read, the number would be that of everybody.
    read = figures.rule.base * (found.read // figures.rule.base)
    return Checked(
        read=read if figures.is_public else found.read,
        corrected=corrected,
        agreement=agreement,
    )


def _share(estimate: Estimate, people: int, told: Published, figures: Figures) -> Share | None:
    """A corrected share; in public as coarse as the plain one beside it, which it comes from."""
    interval = estimate.interval
    few = people < figures.rule.flag_base
    if not figures.is_public:
        return Share(value=estimate.share, low=interval.low, high=interval.high, few=few)
    value, low, high = (
        weighted_percentage(min(max(each, 0.0), 1.0), people, told, figures.rule).value
        for each in (estimate.share, interval.low, interval.high)
    )
    if value is None or low is None or high is None:
        return None
    # Rounding must not draw the interval closer.
    least = 100 * figures.rule.base / (publish(people, figures.rule).value or people)
    return Share(
        value=value / 100,
        low=max(0.0, round(low - least, 1)) / 100,
        high=min(100.0, round(high + least, 1)) / 100,
        few=few,
    )


def _agreement(session: Session, heard: Heard) -> float | None:
    """Pooled kappa of the first two colleagues who read the same answers apart."""
    done = [each.email for each in agreeing.coders(session, heard.study) if each.is_done]
    if len(done) < 2:
        return None
    try:
        compared = agreeing.compare(session, heard.study, done[0], done[1])
    except agreeing.StillReading:  # answers came or went between the two looks
        return None
    value = compared.agreement.overall.kappa.value
    return None if value is None else round(value, 2)
