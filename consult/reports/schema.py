"""The JSON Schema of a report's data, made from the classes that the data are.

It is published as ``docs/schemas/report-1.schema.json``; after a change of the classes write it
anew with ``python -m consult.reports.schema docs/schemas/report-1.schema.json``.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from consult.reports.data import FORMAT, ReportData

NAME: Final = f"{FORMAT.removeprefix('consult-').replace('/', '-')}.schema.json"
"""The file's name, with the number of the format."""

MEDIA_TYPE: Final = "application/schema+json"

_ROLE = re.compile(r":\w+:`([^`]*)`|``([^`]*)``")
"""Marks of the documentation within the code."""


def schema() -> dict[str, Any]:
    """The schema, with the documentation of every class and field."""
    made = _plain(_with_words(ReportData.model_json_schema(mode="serialization")))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        **made,
    }


def schema_text() -> str:
    """The schema as a file's text."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _plain(part: Any) -> Any:
    """A part of the schema with its descriptions free of marks and line ends."""
    if isinstance(part, dict):
        return {
            key: _words(value) if key == "description" and isinstance(value, str) else _plain(value)
            for key, value in part.items()
            if key != "title" or not isinstance(value, str)
        }
    if isinstance(part, list):
        return [_plain(each) for each in part]
    return part


def _with_words(part: Any) -> Any:
    """A part of the schema with all its descriptions free of marks and line ends."""
    if isinstance(part, dict):
        return {
            key: _words(value)
            if key == "description" and isinstance(value, str)
            else _with_words(value)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [_with_words(each) for each in part]
    return part


def _words(description: str) -> str:
    bare = _ROLE.sub(lambda found: found[1] or found[2], description)
    return " ".join(bare.split())


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8")
