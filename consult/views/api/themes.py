"""Themes of what people wrote, with exact figures, for those who work on them."""

from typing import Any

from consult.db import db
from consult.services import access, consultations
from consult.services.themes import figures, studies
from consult.services.themes.shapes import ThemeFigures
from consult.services.tokens import Scope
from consult.views.api import problems
from consult.views.api.current import reads, stored

RULE = "/consultations/<slug>/themes"


@reads(RULE, scope=Scope.THEMES, roles=access.ANALYSTS)
def themes() -> dict[str, Any]:
    """The questions answered in one's own words, and how far their themes are."""
    document = consultations.document_of(db.session, stored())
    known = {study.question_key: study for study in studies.all_of(db.session, stored())}
    items = []
    for question in studies.text_questions(document):
        study = known.get(question.key)
        overview = None if study is None else figures.overview(db.session, study)
        analysed = None if overview is None else overview.analysed_at
        items.append(
            {
                "question": question.key,
                "label": str(question.label),
                "analysed_at": None if analysed is None else analysed.isoformat(),
                "answering": 0 if overview is None else overview.answering,
                "themes": 0 if overview is None else len(overview.themes),
            }
        )
    return {"items": items}


@reads(f"{RULE}/<question>", scope=Scope.THEMES, roles=access.ANALYSTS)
def question_themes(question: str) -> dict[str, Any]:
    """The themes of one question, most people first."""
    study = studies.find(db.session, stored(), question)
    if study is None:
        raise problems.nothing_there("question with themes")
    found = figures.overview(db.session, study)
    return {
        "question": question,
        "analysed_at": None if found.analysed_at is None else found.analysed_at.isoformat(),
        "responses": found.in_all,
        "asked": found.asked,
        "answering": found.answering,
        "voices": found.voices,
        "without_theme": found.without_theme,
        "no_content": found.no_content,
        "unclear": found.unclear,
        "not_yet_analysed": found.not_yet_analysed,
        "is_locked": found.is_locked,
        "is_provisional": found.is_provisional,
        "items": [_told(theme) for theme in found.themes],
    }


def _told(theme: ThemeFigures) -> dict[str, Any]:
    return {
        "id": theme.id,
        "label": theme.label,
        "label_by": theme.label_by,
        "made_by": theme.made_by,
        "description": theme.description,
        "responses": theme.responses,
        "share": theme.share,
        "share_low": theme.low,
        "share_high": theme.high,
        "responses_without_campaigns": theme.responses_without_campaigns,
        "share_without_campaigns": theme.share_without_campaigns,
        "languages": dict(theme.languages),
        "keywords": {language: list(words) for language, words in theme.keywords.items()},
        "stability": theme.stability,
        "statements": theme.statements,
        "reviewed": theme.reviewed,
        "uncertain": theme.uncertain,
        "locked": theme.locked,
        "hidden": theme.hidden,
    }
