"""The guide names every column, of the table and of the codebook."""

import re
from pathlib import Path

from consult.services.raw.codebook import HEADINGS
from consult.services.raw.columns import ABOUT_RESPONSE, Holds

DOCS = Path(__file__).parents[3] / "docs" / "formats.md"


def told(mark: str) -> set[str]:
    """The names in the first column of the table after a mark."""
    text = DOCS.read_text(encoding="utf-8").split(f"<!-- {mark} -->")[1].split("\n## ")[0]
    text = text.split("\n### ")[0]
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_column_of_responses_is_told():
    aspects = set(Holds) - {*ABOUT_RESPONSE, Holds.STATUS, Holds.ANSWER, Holds.OPTION}
    assert told("columns of responses") == {
        *(f"response:{holds}" for holds in (*ABOUT_RESPONSE, Holds.STATUS)),
        "QUESTION",
        "QUESTION.OPTION",
        *(f"QUESTION:{holds}" for holds in aspects),
    }


def test_every_column_of_the_codebook_is_told():
    assert told("codebook.csv") == set(HEADINGS)
