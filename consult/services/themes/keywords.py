"""Words of themes that people have made since the last analysis, until the next one finds them."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.text.function_words import tokens
from analysis.text.personal import find_personal_data
from analysis.themes.labelling.spelling import function_words
from consult.models import Answer, Response, Study, StudyAnswer, StudyKey, StudyUnit
from consult.services.counted import counted
from consult.services.reading.redacted import redacted_unit, redactions_of, words_of

MOST = 8
MOST_READ = 300
"""Statements of a theme that are read for its words."""


def own_keywords(
    session: Session, study: Study, themes: Sequence[str]
) -> dict[str, dict[str, list[str]]]:
    """The words that most answers of a theme share, by theme and language.

    A word counts once an answer; words without meaning of their own, and those that only one
    answer has, are left out.
    """
    return {theme: _of(session, study, theme) for theme in themes}


def _of(session: Session, study: Study, theme: str) -> dict[str, list[str]]:
    rows = session.execute(
        select(StudyUnit.answer_id, StudyUnit.text, StudyAnswer.language, Answer.value)
        .join(
            StudyKey,
            (StudyKey.study_id == StudyUnit.study_id) & (StudyKey.key == StudyUnit.key),
        )
        .join(StudyAnswer, StudyAnswer.answer_id == StudyUnit.answer_id)
        .join(Answer, Answer.id == StudyUnit.answer_id)
        .join(Response, Response.id == StudyUnit.response_id)
        .where(StudyUnit.study_id == study.id, StudyKey.theme == theme, counted())
        .order_by(StudyUnit.id)
        .limit(MOST_READ)
    ).all()
    hidden = redactions_of(session, {row.answer_id for row in rows})
    heard: dict[str, set[tuple[str, object]]] = defaultdict(set)
    sizes: Counter[str] = Counter()
    for answer, written, language, value in rows:
        sizes[language] += 1
        text = redacted_unit(written, words_of(value), hidden.get(answer, []))
        if find_personal_data(text):
            continue
        common = function_words(language) or frozenset()
        heard[language] |= {(word, answer) for word in tokens(text, language) if word not in common}
    found: dict[str, list[str]] = {}
    for language in sorted(sizes, key=lambda code: (-sizes[code], code)):
        counts = Counter(word for word, _ in heard[language])
        words = sorted(
            (word for word, count in counts.items() if count > 1 and len(word) > 1),
            key=lambda word: (-counts[word], word),
        )
        if words:
            found[language] = words[:MOST]
    return found
