"""A report as JSON, and the schema that is published for it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from consult.reports import schema
from consult.reports.data import ReportData
from consult.reports.formats import data_file
from tests.support.reports import sample_data

PUBLISHED = Path(__file__).resolve().parents[3] / "docs" / "schemas" / schema.NAME


def written() -> Any:
    return json.loads(data_file.write(sample_data()))


def test_what_is_written_is_the_report() -> None:
    assert ReportData.model_validate(written()) == sample_data()


def test_words_stay_as_they_are_and_in_their_order() -> None:
    text = data_file.write(sample_data()).decode()
    assert '"ur": "ایک صحت مند شہر"' in text
    assert list(written()["consultation"]["title"]) == ["en", "ur"]
    assert text.endswith("}\n")


def test_the_same_report_gives_the_same_bytes_but_for_its_date() -> None:
    data = sample_data()
    later = data.model_copy(update={"made_at": data.made_at + timedelta(days=1)})
    assert data_file.write(data) == data_file.write(sample_data())
    one, other = (data_file.write(each).decode().splitlines() for each in (data, later))
    different = [pair for pair in zip(one, other, strict=True) if len(set(pair)) > 1]
    assert different == [
        (' "made_at": "2026-11-22T09:30:00Z",', ' "made_at": "2026-11-23T09:30:00Z",')
    ]


def test_the_published_schema_is_that_of_the_data() -> None:
    assert schema.NAME == "report-1.schema.json"
    assert PUBLISHED.read_text(encoding="utf-8") == schema.schema_text(), (
        "write it anew: see consult.reports.schema"
    )


def test_a_report_keeps_to_the_schema() -> None:
    judge = jsonschema_rs.Draft202012Validator(schema.schema(), validate_formats=True)
    assert [error.message for error in judge.iter_errors(written())] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "consult-report/2"),
        (("made_at",), "yesterday"),
        (("arrived", "responses", "value"), "140"),
        (("representation", "dimensions", 0, "groups", 0, "state"), "missing"),
        (("talk", 0, "themes"), None),
    ],
)
def test_what_is_no_report_does_not_keep_to_it(path: tuple[str | int, ...], value: Any) -> None:
    whole = written()
    part = whole
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    judge = jsonschema_rs.Draft202012Validator(schema.schema(), validate_formats=True)
    assert not judge.is_valid(whole)


def test_every_field_is_in_every_report() -> None:
    made = schema.schema()
    for name, part in {**made["$defs"], "ReportData": made}.items():
        if part["type"] == "object":
            assert set(part["required"]) == set(part["properties"]), name


def test_descriptions_are_words_without_marks() -> None:
    text = schema.schema_text()
    assert ":class:" not in text
    assert "``" not in text
    assert "Kish's effective number of responses." in text
    assert schema.schema()["properties"]["talk"]["type"] == "array"
    assert "title" in schema.schema()["$defs"]["Consulted"]["properties"]
