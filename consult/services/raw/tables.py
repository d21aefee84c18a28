"""Responses as a table in CSV, a row each, a portion at a time."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from consult.services.raw.columns import Cells, Column
from consult.services.raw.reading import Given

BYTE_ORDER_MARK = "\ufeff"
"""By it Excel knows UTF-8."""


def csv_rows(portions: Iterable[Sequence[Given]], columns: Sequence[Column]) -> Iterator[bytes]:
    """The heading, then a row for each response."""
    cells = Cells(columns)
    yield _written([[column.name for column in columns]], mark=True)
    for portion in portions:
        yield _written(cells.row(given) for given in portion)


def _written(rows: Iterable[Sequence[object]], *, mark: bool = False) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return ((BYTE_ORDER_MARK if mark else "") + out.getvalue()).encode()
