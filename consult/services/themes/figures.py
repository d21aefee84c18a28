"""Figures of a study as its pages show them: themes with shares, groups, comparisons, stance.

They are counted by :mod:`analysis.themes.counting`, from where each statement stands now, over
the responses that count (:func:`consult.services.counted.counted`).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.themes.counting import Counts, ThemeCount
from analysis.themes.tracking.state import Decider
from consult.models import Study, StudySuggestion
from consult.services.themes import asking, detailing, holding, typical
from consult.services.themes.counting import Base
from consult.services.themes.shapes import (
    GroupColumn,
    GroupFigure,
    Overview,
    SuggestedTheme,
    ThemeDetail,
    ThemeFigures,
)

__all__ = [
    "GroupColumn",
    "GroupFigure",
    "Overview",
    "SuggestedTheme",
    "ThemeDetail",
    "ThemeFigures",
    "overview",
    "theme_detail",
]


def overview(session: Session, study: Study) -> Overview:
    """All figures of a study, of the responses that count now."""
    base = Base.of(session, study)
    return holding.remembered(
        "overview",
        study,
        (base.stamp, base.responses),
        lambda: _overview(session, base),
    )


def theme_detail(session: Session, study: Study, theme: str) -> ThemeDetail | None:
    """One theme with its groups and stance; a merged one's id leads to the theme it is in.

    None where no theme of that id stands.
    """
    base = Base.of(session, study)
    here = base.found(theme)
    figures = next((each for each in overview(session, study).themes if each.id == here), None)
    return None if figures is None else detailing.detail(session, base, figures)


def _overview(session: Session, base: Base) -> Overview:
    study, said, findings = base.study, base.said, base.study.findings
    counts = base.counts()
    now = base.counts_now
    sent = said.campaign[now & said.has_content]
    letters = np.unique(sent[sent >= 0])
    themes = _themes(session, base, counts)
    return Overview(
        analysed_at=study.analysed_at,
        analysed_by=study.analysed_by,
        revision=study.revision,
        in_all=base.responses.in_all,
        asked=counts.asked,
        answering=counts.answering,
        voices=counts.voices,
        without_theme=counts.without_theme,
        no_content=int((said.no_content & now).sum()),
        unclear=int((~said.no_content & ~said.has_content & now).sum()),
        not_yet_analysed=_new_answers(session, base),
        campaigns=len(letters),
        in_campaigns=int((sent >= 0).sum()),
        uncertain_languages=int((said.is_uncertain & said.has_content & now).sum()),
        languages=_most_first(counts.languages),
        themes=themes,
        suggestions=_suggestions(session, base),
        is_locked=base.standing.state.locked,
        is_provisional=bool(findings.get("provisional", True)),
        last_sequence=study.last_sequence,
        engine=str(findings.get("engine", "")),
        model=str(findings.get("model", "")),
        reason=str(findings.get("reason", "")),
        notes=list(findings.get("notes", ())),
        quality=dict(findings.get("quality", {})),
    )


def _new_answers(session: Session, base: Base) -> int:
    """Looked for again when a response came, went or changed, and not after an edit."""
    study, stamp = base.study, base.stamp
    return holding.remembered(
        "new answers",
        study,
        (stamp.analysed_at, stamp.answer_count, base.responses),
        lambda: asking.new_answers(session, study),
    )


def _themes(session: Session, base: Base, counts: Counts) -> list[ThemeFigures]:
    state, stands = base.standing.state, base.stands
    still_said = np.zeros(len(base.said.keys), dtype=np.bool_)
    still_said[base.said.unit_key[base.unit_counts]] = True
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    for at in np.flatnonzero(still_said).tolist():
        theme = stands.theme[at]
        if theme is not None:
            tally = tallies[theme]
            tally["statements"] += 1
            tally["reviewed"] += bool(stands.by_person[at])
            tally["uncertain"] += bool(stands.is_uncertain[at] and not stands.by_person[at])
    keywords = typical.keywords(session, base)
    exemplars = typical.exemplars(session, base)
    found = []
    for at, name in enumerate(base.names):
        one, tally = state.themes[name], tallies[name]
        if one.retired and not tally["statements"]:
            continue  # kept for its id alone
        found.append(
            ThemeFigures(
                id=name,
                label=one.label,
                label_by=one.label_by.value,
                made_by=one.made_by.value,
                description=one.description,
                locked=name in state.locked_themes,
                hidden=name in state.hidden,
                retired=one.retired,
                **_shares(counts.themes[at]),
                keywords=keywords.get(name, {}),
                stability=_stability(base, name),
                statements=tally["statements"],
                reviewed=tally["reviewed"],
                reviewed_share=(
                    tally["reviewed"] / tally["statements"] if tally["statements"] else None
                ),
                uncertain=tally["uncertain"],
                exemplars=tuple(exemplars.get(name, ())),
            )
        )
    return sorted(found, key=lambda theme: (-theme.responses, theme.id))


def _shares(count: ThemeCount) -> dict[str, Any]:
    return {
        "responses": count.responses,
        "share": count.share,
        "low": count.interval.low,
        "high": count.interval.high,
        "responses_without_campaigns": count.responses_without_campaigns,
        "share_without_campaigns": count.share_without_campaigns,
        "low_without_campaigns": count.interval_without_campaigns.low,
        "high_without_campaigns": count.interval_without_campaigns.high,
        "languages": _most_first(count.languages),
    }


def _stability(base: Base, theme: str) -> float | None:
    """How firm the machine found a theme; not known of one that people have changed since."""
    state = base.standing.state
    if state.themes[theme].made_by is Decider.PERSON or theme in state.redirects.values():
        return None
    known = base.study.findings.get("stability", {}).get(theme)
    return None if known is None else float(known)


def _suggestions(session: Session, base: Base) -> list[SuggestedTheme]:
    rows = session.scalars(
        select(StudySuggestion).where(StudySuggestion.study_id == base.study.id)
    ).all()
    at_key = {key: at for at, key in enumerate(base.said.keys)}
    found = []
    for row in rows:
        keys = [
            key
            for key in row.content["keys"]
            if key in at_key
            and base.stands.theme[at_key[key]] is None
            and not base.stands.by_person[at_key[key]]
        ]
        if not keys:
            continue
        members = np.isin(base.said.unit_key, [at_key[key] for key in keys]) & base.unit_counts
        found.append(
            SuggestedTheme(
                id=row.theme,
                label=row.label,
                statements=len(keys),
                responses=len(np.unique(base.said.unit_place[members])),
                is_large_enough=row.is_large_enough and not base.standing.state.locked,
                keys=tuple(keys),
            )
        )
    return sorted(found, key=lambda each: (not each.is_large_enough, -each.statements, each.id))


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
