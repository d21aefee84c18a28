"""The long part of an analysis: from a table of answers to all that is to be stored.

Nothing here touches the database, so that nobody waits for it. There are two ways:

- afresh, over all answers, by :func:`analysis.themes.run.run_themes`: the first time, and when
  somebody asks for it;
- later answers beside the earlier ones: new statements go into the themes as people have left
  them; only they are embedded, unless the model learns from the texts or is another one.
"""

from typing import Any

import numpy as np

from analysis.progress import Progress
from analysis.themes.model import ThemeRun
from analysis.themes.run import run_themes
from consult.services.themes.exporting import Table
from consult.services.themes.found import (
    Choose,
    Found,
    KeyRows,
    Known,
    a_unit_of_each_key,
    answer_rows,
    unit_rows,
    words,
)
from consult.services.themes.keys import digests
from consult.services.themes.placing import later


def run(
    table: Table,
    known: Known,
    *,
    choose: Choose,
    progress: Progress,
    afresh: bool = False,
    themes: int | None = None,
) -> Found:
    """Analyse a table of answers, afresh or beside what is known.

    Raises
    ------
    analysis.errors.InputError
        If more themes are asked for than can be made, or the model is not here.
    """
    if afresh or known.frame is None:
        return _afresh(table, known, choose, progress, themes)
    return later(table, known, known.frame, choose, progress)


# --- Afresh --------------------------------------------------------------------------------


def _afresh(
    table: Table, known: Known, choose: Choose, progress: Progress, themes: int | None
) -> Found:
    result = run_themes(
        table.answers,
        choose=choose,
        themes=themes,
        language=known.language,
        seed=known.seed,
        progress=progress,
    )
    prepared = result.prepared
    names = tuple(digests(known.salt, prepared.keys))
    unit = a_unit_of_each_key(prepared)
    ids = (*(theme.id for theme in result.themes), None)
    return Found(
        afresh=True,
        frame=result.frame,
        rows=KeyRows(
            keys=names,
            vectors=result.vectors,
            may_seed=tuple(prepared.seeds.tolist()),
            machine=tuple(ids[at] for at in result.unit_theme[unit].tolist()),
            strength=tuple(result.unit_strength[unit].tolist()),
            margin=tuple(result.unit_margin[unit].tolist()),
            status=tuple(result.unit_status[at].value for at in unit.tolist()),
        ),
        moved_vectors=None,
        answers=answer_rows(table, prepared),
        units=unit_rows(table, prepared, names),
        suggestions=(),
        findings=_findings_of(result, table),
    )


def _findings_of(result: ThemeRun, table: Table) -> dict[str, Any]:
    place = {response: at for at, response in enumerate(table.answers.ids)}
    number = {
        (int(row), text): int(at)
        for row, text, at in reversed(
            list(
                zip(
                    result.prepared.unit_row,
                    result.prepared.unit_text,
                    result.prepared.unit_number,
                    strict=True,
                )
            )
        )
    }
    exemplars = {}
    for theme in result.themes:
        quoted = ((place[quote.response], quote.text) for quote in theme.exemplars)
        exemplars[theme.id] = [
            [table.answer_ids[row].hex, number[row, text]] for row, text in quoted
        ]
    return {
        "engine": result.engine,
        "model": result.model_id,
        "means": result.means_version,
        "embedder": result.choice.embedder.name,
        "reason": result.choice.reason,
        "quality": dict(result.choice.notes),
        "notes": list(result.notes),
        "provisional": result.provisional,
        "keywords": {code: list(each) for code, each in result.keywords.items()},
        "words": {theme.id: words(theme.words) for theme in result.themes},
        "stability": {
            theme.id: None if np.isnan(theme.stability) else theme.stability
            for theme in result.themes
        },
        "exemplars": exemplars,
    }
