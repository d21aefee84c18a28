"""One theme with its groups and stance, compared with everybody else."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.statistics import wilson
from analysis.themes.counting import Counts
from analysis.themes.stance import Stance, Stances, count_stances, from_scale
from consult.document.model import AGREE_SCALE, QuestionKind
from consult.models import Answer, Consultation, Question, Response, Study
from consult.services.themes import holding
from consult.services.themes.counting import Base
from consult.services.themes.shapes import GroupColumn, GroupFigure, ThemeDetail, ThemeFigures


def detail(session: Session, base: Base, theme: ThemeFigures) -> ThemeDetail:
    """All that is counted of a theme."""
    study, state = base.study, base.standing.state
    counts, stances, scale = holding.remembered(
        "detail", study, (base.stamp, base.left_out), lambda: _compared(session, base)
    )
    at = base.names.index(theme.id)
    return ThemeDetail(
        theme=theme,
        columns=_columns(session, study, counts, at),
        language_bases=counts.languages,
        stance_question=scale,
        stance=None if stances is None else stances.themes[at],
        overall=stances,
        parts=state.groups.get(theme.id, ()),
        merged=tuple(sorted(name for name in state.redirects if state.follow(name) == theme.id)),
    )


def _compared(session: Session, base: Base) -> tuple[Counts, Stances | None, str | None]:
    counts = base.counts(holding.groups(session, base.study, base.stamp, base.said))
    scale = scale_asked_with(session, base.study)
    if scale is None:
        return counts, None, None
    rows = base.rows
    known = holding.remembered(
        "stances",
        base.study,
        (base.stamp.analysed_at, base.stamp.answer_count, scale),
        lambda: _stances(session, base, scale),
    )
    stances = count_stances(
        base.raised(),
        [known[at] for at in rows],
        base.said.has_content[rows].tolist(),
    )
    return counts, stances, scale


def _stances(session: Session, base: Base, scale: str) -> list[Stance | None]:
    chosen = Answer.value["choice"].as_string()
    ordered = AGREE_SCALE[:-1]  # the last one is no place on the scale: I do not know
    found: list[Stance | None] = [None] * len(base.said.place)
    rows = session.execute(
        select(Answer.response_id, chosen)
        .join(Response, Response.id == Answer.response_id)
        .where(
            Response.consultation_id == base.study.consultation_id,
            Answer.question_key == scale,
            chosen.in_(ordered),
        )
    )
    for response, choice in rows:
        if response in base.said.place:
            strength = len(ordered) - ordered.index(choice)
            found[base.said.place[response]] = from_scale(strength, len(ordered))
    return found


def scale_asked_with(session: Session, study: Study) -> str | None:
    """The scale that a text question goes with: the last one before it about the same section.

    Where the text is about no section of the draft, a scale that comes directly before it.
    """
    stored = session.get_one(Consultation, study.consultation_id)
    asked = [question for question in stored.questions if not question.retired]
    at = next((n for n, each in enumerate(asked) if each.key == study.question_key), None)
    if at is None:
        return None
    section = asked[at].current.definition.get("section")
    for question in reversed(asked[:at]):
        if section is not None and _is_scale(question):
            if question.current.definition.get("section") == section:
                return question.key
        elif section is None:
            return question.key if _is_scale(question) else None
    return None


def _is_scale(question: Question) -> bool:
    return bool(question.current.definition["kind"] == QuestionKind.AGREE_SCALE)


def _columns(session: Session, study: Study, counts: Counts, at: int) -> tuple[GroupColumn, ...]:
    within: dict[str, dict[str, GroupFigure]] = defaultdict(dict)
    for each in counts.differences:
        if each.theme == at:
            compared = each.comparison
            within[each.column][each.value] = GroupFigure(
                value=each.value,
                count=compared.count,
                base=compared.base,
                share=compared.share,
                interval=wilson(compared.count, compared.base),
                comparison=compared,
            )
    order = _options(session, study)
    return tuple(
        GroupColumn(
            question_key=column,
            groups=tuple(
                sorted(
                    figures.values(),
                    key=lambda each: (order.get((column, each.value), len(order)), each.value),
                )
            ),
            not_known=counts.themes[at].not_known[column],
        )
        for column, figures in within.items()
    )


def _options(session: Session, study: Study) -> dict[tuple[str, str], int]:
    stored = session.get_one(Consultation, study.consultation_id)
    areas = [area["code"] for area in stored.definition.get("areas", ())]
    found: dict[tuple[str, str], int] = {}
    for question in stored.questions:
        keys = [option["key"] for option in question.current.definition.get("options", ())]
        for key in keys or areas:
            found[question.key, key] = len(found)
    return found
