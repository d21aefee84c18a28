"""The themes as a table, for a spreadsheet or a program."""

import csv
import io
from collections.abc import Mapping

from analysis.output import harmless
from consult.services.themes.figures import Overview

COLUMNS = (
    "id",
    "label",
    "label_by",
    "description",
    "responses",
    "share",
    "share_low",
    "share_high",
    "responses_without_campaigns",
    "share_without_campaigns",
    "languages",
    "keywords",
    "stability",
    "statements",
    "reviewed",
    "locked",
    "hidden",
)
"""Named as in the files of ``python -m analysis themes`` where those have the same."""


def themes_csv(overview: Overview) -> str:
    """A row for each theme, most people first; no cell is taken for a formula."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for theme in overview.themes:
        cells: Mapping[str, object] = {
            "id": theme.id,
            "label": theme.label,
            "label_by": theme.label_by,
            "description": theme.description,
            "responses": theme.responses,
            "share": theme.share,
            "share_low": theme.low,
            "share_high": theme.high,
            "responses_without_campaigns": theme.responses_without_campaigns,
            "share_without_campaigns": theme.share_without_campaigns,
            "languages": "; ".join(f"{code} {count}" for code, count in theme.languages.items()),
            "keywords": "; ".join(
                f"{code}: {', '.join(words)}" for code, words in theme.keywords.items()
            ),
            "stability": theme.stability,
            "statements": theme.statements,
            "reviewed": theme.reviewed,
            "locked": int(theme.locked),
            "hidden": int(theme.hidden),
        }
        table.writerow(["" if cells[n] is None else harmless(str(cells[n])) for n in COLUMNS])
    return "\ufeff" + written.getvalue()  # the mark by which Excel knows UTF-8
