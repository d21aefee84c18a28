"""A report as JSON, for programs: every figure, in every language at once."""

import json

from consult.reports.data import ReportData


def write(data: ReportData) -> bytes:
    """Write the figures, as :mod:`consult.reports.schema` describes them.

    Keys stand in the order of the schema. Texts keep theirs: the language that they were
    written in comes first.
    """
    whole = data.model_dump(mode="json")
    return (json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
