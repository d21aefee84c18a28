"""The files of the command: answers in, themes out."""

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.output import harmless, write_files
from analysis.tables import matching_key, read_records, tidy
from analysis.text.codes import language_code
from analysis.themes.model import Theme, ThemeRun
from analysis.themes.prepare import Answers
from analysis.themes.summary import summarise

NOTICE = (
    "Internal: exact counts and people's own words. Publish nothing of it without suppression "
    "and approval."
)
_SHOWN_OF_VALUE, _SHOWN_OF_HEADER = 40, 400

# A row of assignments.csv after its rank and without the response.
_Assigned = tuple[float, int, str, str, str]


def read_answers(
    path: Path,
    *,
    text: str,
    id_column: str | None = None,
    language: str | None = None,
    groups: Sequence[str] = (),
) -> Answers:
    """Read answers from a CSV file in UTF-8, a row per answer.

    Parameters
    ----------
    path : Path
    text : str
        Column with what people wrote; kept to the letter, ``N/A`` and ``None`` too. If it is
        the only column, blank lines between others are blank answers.
    id_column : str, optional
        Whose answer it is; by default rows are numbered from 1.
    language : str, optional
        Column with the language of the form, as a code such as ``ur`` or ``pt-BR``; blank
        where it is not known.
    groups : sequence of str

    Raises
    ------
    InputError
        If the file or a column is missing, the file is not CSV in UTF-8 or has no rows, an
        id is blank, or a code is no language's.
    """
    header, records = read_records(path)
    places = {matching_key(name): place for place, name in enumerate(header)}
    wanted = [text, *(name for name in (id_column, language) if name is not None), *groups]
    missing = [name for name in wanted if matching_key(name) not in places]
    if missing:
        listed = ", ".join(f'"{name}"' for name in missing)
        hint = ""
        if len(header) == 1 and re.search(r"[;\t|]", header[0]):
            hint = " Values must be separated by commas."
        found = _shortened(", ".join(header), _SHOWN_OF_HEADER)
        raise InputError(
            f"{path.name}, row 1: no column {listed}; the header reads: {found}.{hint}"
        )

    def at(name: str | None) -> int | None:
        return None if name is None else places[matching_key(name)]

    text_at, id_at, language_at = places[matching_key(text)], at(id_column), at(language)
    ids: list[str] = []
    texts: list[str] = []
    languages: list[str | None] = []
    columns: dict[str, list[str]] = {name: [] for name in groups}
    for number, record in _with_blank_lines(records) if len(header) == 1 else records:
        texts.append(record[text_at])
        ids.append(_id(path, number, record[id_at]) if id_at is not None else str(len(ids) + 1))
        languages.append(
            _language(path, number, record[language_at]) if language_at is not None else None
        )
        for name, values in columns.items():
            values.append(tidy(record[places[matching_key(name)]]))
    if not ids:
        raise InputError(f"{path.name} has a header but no rows.")
    return Answers(
        ids=tuple(ids),
        texts=tuple(texts),
        languages=tuple(languages),
        groups={name: tuple(values) for name, values in columns.items()},
    )


def _with_blank_lines(records: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Put blank lines back: in a table of one column they are people who wrote nothing."""
    expected = 2
    for number, record in records:
        yield from ((blank, [""]) for blank in range(expected, number))
        yield number, record
        expected = number + 1


def _id(path: Path, number: int, value: str) -> str:
    if not value.strip():
        raise InputError(
            f"{path.name}, row {number}: the id is blank; give every row one, or leave out --id."
        )
    return value.strip()


def _language(path: Path, number: int, value: str) -> str | None:
    if not value.strip():
        return None
    code = language_code(value)
    if code is None:
        shown = _shortened(value, _SHOWN_OF_VALUE)
        raise InputError(
            f'{path.name}, row {number}: "{shown}" is no language code; use codes such as en, ur '
            "or pt-BR, or leave the cell blank."
        )
    return code


def _shortened(value: str, at_most: int) -> str:
    shown = tidy(value)
    return shown if len(shown) <= at_most else f"{shown[:at_most]}..."


def write_results(run: ThemeRun, folder: Path) -> None:
    """Write ``themes.json``, ``assignments.csv``, ``run.json`` and ``summary.md``.

    Raises
    ------
    InputError
        If the folder cannot be written to; what was there before then stays.
    """
    write_files(
        folder,
        {
            "themes.json": _json([theme_data(theme) for theme in run.themes]),
            "assignments.csv": assignments(run),
            "run.json": _json(run_data(run)),
            "summary.md": summarise(run),
        },
    )


def theme_data(theme: Theme) -> dict[str, Any]:
    """Return a theme as it stands in ``themes.json``."""
    words, count = theme.words, theme.count
    label_first = sorted(words.keywords, key=lambda language: language != words.language)
    return {
        "id": theme.id,
        "label": words.label,
        "label_language": words.language,
        "keywords": _distinct(word for each in label_first for word in words.keywords[each]),
        "keywords_by_language": {code: list(each) for code, each in words.keywords.items()},
        "responses": count.responses,
        "share": count.share,
        "share_low": count.interval.low,
        "share_high": count.interval.high,
        "responses_without_campaigns": count.responses_without_campaigns,
        "share_without_campaigns": count.share_without_campaigns,
        "languages": dict(count.languages),
        "groups": {column: dict(values) for column, values in count.groups.items()},
        "exemplars": [quote.response for quote in theme.exemplars],
        "stability": None if math.isnan(theme.stability) else theme.stability,
    }


def run_data(run: ThemeRun) -> dict[str, Any]:
    """Return how a run came about, as it stands in ``run.json``: enough to make it again."""
    counts = run.counts
    return {
        "internal": True,
        "notice": NOTICE,
        "embedder": run.choice.embedder.name,
        "reason": run.choice.reason,
        "model": run.model_id,
        "engine": run.engine,
        "means": run.means_version,
        "seed": run.seed,
        "provisional": run.provisional,
        "rows": len(run.answers.ids),
        "respondents": counts.asked,
        "answering": counts.answering,
        "voices": counts.voices,
        "without_theme": counts.without_theme,
        "languages": dict(counts.languages),
        "quality": dict(run.choice.notes),
        "notes": list(run.notes),
        "keywords": {code: list(words) for code, words in run.keywords.items()},
        "differences": [
            {
                "theme": run.themes[each.theme].id,
                "column": each.column,
                "value": each.value,
                "responses": each.comparison.count,
                "base": each.comparison.base,
                "share": each.comparison.share,
                "rest_share": each.comparison.rest_share,
                "difference_low": each.comparison.difference and each.comparison.difference.low,
                "difference_high": each.comparison.difference and each.comparison.difference.high,
                "p_value": each.comparison.p_value,
                "q_value": each.comparison.q_value,
                "state": str(each.comparison.state),
            }
            for each in counts.differences
        ],
        "frame": run.frame.to_dict() if run.frame else None,
    }


def assignments(run: ThemeRun) -> str:
    """Return ``assignments.csv``: a row per unit, and one for each row without units.

    Responses stand in the order of their first rows in the input. Within a response the unit
    that is nearest to its theme comes first, so that the first row of a response names the
    theme with the highest strength; units in no theme come last. Units are numbered in the
    order in which they were written, from 1 for each response; 0 is a row without units.

    Ids come from outside: one that a spreadsheet would take for a formula gets an
    apostrophe before it.
    """
    prepared = run.prepared
    ids = [theme.id for theme in run.themes]
    by_response: list[list[_Assigned]] = [[] for _ in prepared.respondents]
    counted = [0] * len(prepared.respondents)
    units = zip(
        prepared.unit_respondent.tolist(),
        run.unit_theme.tolist(),
        run.unit_strength.tolist(),
        run.unit_status,
        strict=True,
    )
    for response, theme, strength, status in units:
        counted[response] += 1
        known = theme >= 0
        by_response[response].append(
            (
                -strength if known else math.inf,
                counted[response],
                ids[theme] if known else "",
                f"{strength:.6f}" if known else "",
                str(status),
            )
        )
    with_units = set(prepared.unit_row.tolist())
    for row, response in enumerate(prepared.respondent.tolist()):
        if row not in with_units:
            by_response[response].append((math.inf, 0, "", "", str(prepared.status[row])))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["response_id", "unit", "theme_id", "strength", "status"])
    for name, rows in zip(prepared.respondents, by_response, strict=True):
        for _, *values in sorted(rows):
            writer.writerow([harmless(name), *values])
    return out.getvalue()


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
