"""What became of one person's own words: the published themes that they are counted in."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Consultation, Response, Study, StudyAnswer, StudyKey, StudyUnit
from consult.reports.data import ReportData, Talk, Theme
from consult.services.themes import studies


@dataclass(frozen=True, slots=True)
class RaisedTheme:
    """A published theme that somebody's words are counted in."""

    theme: Theme
    number: int
    """Its place among the question's themes, from 1."""
    by_person: bool
    """Whether a person put or confirmed the words there; else the machine did."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the answer to one question.

    Attributes
    ----------
    question : str
        Its key.
    raised : tuple of RaisedTheme
        In the order of the published list.
    other : int
        Further themes, that are not in the published results; none that officers have hidden.
    is_read : bool
        Whether the answer was among those that were sorted into themes at all.
    """

    question: str
    raised: tuple[RaisedTheme, ...]
    other: int
    is_read: bool


def fates(
    session: Session, stored: Consultation, response: Response, data: ReportData
) -> list[Fate]:
    """What became of each answer in somebody's own words, beside what was published.

    Parameters
    ----------
    session : Session
    stored : Consultation
    response : Response
        Of the consultation.
    data : ReportData
        The published results. Themes that were merged since lead to what they are in now.

    Returns
    -------
    list of Fate
        One for each text question that the person answered and that has published themes.
    """
    answered = {answer.question_key for answer in response.answers}
    found = []
    for talk in data.talk:
        if talk.question not in answered:
            continue
        study = studies.find(session, stored, talk.question)
        if study is not None:
            found.append(_fate(session, study, response, talk))
    return found


def _fate(session: Session, study: Study, response: Response, talk: Talk) -> Fate:
    own = _own_themes(session, study, response)
    state = studies.standing(session, study).state
    raised = []
    for number, theme in enumerate(talk.themes, 1):
        now = state.follow(theme.id)
        if now in own:
            raised.append(RaisedTheme(theme, number, own[now]))
    published = {state.follow(theme.id) for theme in talk.themes}
    is_read = session.scalar(
        select(StudyAnswer.answer_id).where(
            StudyAnswer.study_id == study.id, StudyAnswer.response_id == response.id
        )
    )
    return Fate(
        question=talk.question,
        raised=tuple(raised),
        other=len(own.keys() - published - state.hidden),
        is_read=is_read is not None,
    )


def _own_themes(session: Session, study: Study, response: Response) -> Mapping[str, bool]:
    """The themes of a person's statements, each with whether a person put one of them there."""
    rows = session.execute(
        select(StudyKey.theme, StudyKey.decided_by)
        .join(
            StudyUnit, (StudyUnit.study_id == StudyKey.study_id) & (StudyUnit.key == StudyKey.key)
        )
        .where(
            StudyUnit.study_id == study.id,
            StudyUnit.response_id == response.id,
            StudyKey.theme.is_not(None),
        )
    )
    own: dict[str, bool] = {}
    for theme, decided_by in rows:
        assert theme is not None  # noqa: S101 - the query leaves those out
        own[theme] = own.get(theme, False) or decided_by == "person"
    return own
