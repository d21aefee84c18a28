"""Tables of counts as people keep them in files: which cells are counts, and which are totals."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.disclosure import Published
from analysis.errors import InputError
from analysis.output import harmless
from analysis.tables import Row, matching_key, parse_number, read_records, tidy
from analysis.text.personal import redact

Labels = tuple[str | None, ...]

TOTALS = frozenset(
    (
        "total", "totals", "all", "all people", "all respondents", "all responses", "everybody",
        "everyone", "overall", "grand total", "sum",
    )
)  # fmt: skip
"""Labels and column names of totals, whatever their case."""
COUNTS = frozenset(
    ("count", "counts", "respondents", "responses", "people", "number", "frequency", "n")
)
"""Names of columns that hold counts, one row a figure."""
_LABELS = re.compile(r"(.*[ _])?(year|date|code|id|number)", re.IGNORECASE)
_MOSTLY = 0.5
_WITH_PERCENT = re.compile(r"[\d.,\s]+%")
_PROTECTED = re.compile(r"fewer than \d+|not shown|\*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A count with what it is of; None stands for a total."""

    row: int
    column: str
    labels: Labels
    count: int


@dataclass(frozen=True, slots=True)
class CountTable:
    """A file's counts.

    Attributes
    ----------
    columns : tuple of str
    labels, counts : tuple of str
        Which of them are which.
    rows : tuple of Row
    cells : tuple of Cell
        In the file's order. Their labels are those of the label columns and, where there are
        several columns of counts, the column.
    """

    columns: tuple[str, ...]
    labels: tuple[str, ...]
    counts: tuple[str, ...]
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]


def read_count_table(path: Path, labels: Collection[str] = ()) -> CountTable:
    """Read a table of counts.

    A column holds counts if its name is one of :data:`COUNTS` or all its values are whole
    numbers; all others hold labels. Numbers are labels too in columns named ``year`` or
    ``date`` or ending in ``code``, ``id`` or ``number``; beside a column named as a count,
    where the other labels do not tell the rows apart (ages in years, say); and where
    ``labels`` names the column.

    Parameters
    ----------
    path : Path
    labels : collection of str
        Columns of labels, even if they hold numbers.

    Raises
    ------
    InputError
        If the file cannot be read as a table; if a count is missing, negative, a fraction or
        no number; if there are no counts; if two rows are labelled alike.
    """
    columns, rows = _read(path)
    unknown = [name for name in labels if matching_key(name) not in map(matching_key, columns)]
    if unknown:
        raise InputError(f'{path.name} has no column "{unknown[0]}"; it has {", ".join(columns)}.')
    named = [name for name in columns if _is_count_name(name, labels)]
    numeric = [name for name in columns if name in named or _holds_counts(path, rows, name, labels)]
    if named:
        numeric = _without_keys(rows, columns, numeric, named)
    if not numeric:
        raise InputError(
            f"{path.name} has no column of counts; name one count, or give whole numbers only."
        )
    label_columns = tuple(name for name in columns if name not in numeric)
    cells = tuple(_cells(path, rows, label_columns, numeric))
    _refuse_twins(path, rows, label_columns)
    return CountTable(columns, label_columns, tuple(numeric), rows, cells)


def _read(path: Path) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    header, records = read_records(path)
    rows = []
    for number, record in records:
        values = {name: tidy(value) for name, value in zip(header, record, strict=True)}
        if any(tidy(value) for name, value in zip(header, record, strict=True) if not name):
            raise InputError(f"{path.name}, row {number}: a value in a column without a name.")
        if any(values.values()):
            rows.append(Row(number, values))
    if not rows:
        raise InputError(f"{path.name} has a header but no rows.")
    return tuple(filter(None, header)), tuple(rows)


def _is_count_name(name: str, labels: Collection[str]) -> bool:
    return matching_key(name) in COUNTS and not _is_listed(name, labels)


def _is_listed(name: str, labels: Collection[str]) -> bool:
    return matching_key(name) in map(matching_key, labels)


def _holds_counts(path: Path, rows: Sequence[Row], column: str, labels: Collection[str]) -> bool:
    if _is_listed(column, labels) or _LABELS.fullmatch(column):
        return False
    values = [(row.number, row[column]) for row in rows if row[column]]
    odd = [(number, value) for number, value in values if not _is_number(value)]
    if len(odd) >= _MOSTLY * len(values):
        return False
    if odd:
        number, value = odd[0]
        raise InputError(
            f'{path.name}, row {number}, column "{column}": "{value}" is no number like the others'
            f'{_already(value)}; mend it, or say --label "{column}" if these are labels.'
        )
    return True


def _is_number(value: str) -> bool:
    return parse_number(value) is not None or bool(_WITH_PERCENT.fullmatch(value))


def _already(value: str) -> str:
    return " (this file is protected already)" if _PROTECTED.fullmatch(value) else ""


def _without_keys(
    rows: Sequence[Row], columns: Sequence[str], numeric: Sequence[str], named: Sequence[str]
) -> list[str]:
    """Leave out columns of numbers, from the left, until the other columns tell rows apart."""
    counts = list(numeric)
    for candidate in numeric:
        kept = [name for name in columns if name not in counts]
        if len({tuple(row[name] for name in kept) for row in rows}) == len(rows):
            break
        if candidate not in named:
            counts.remove(candidate)
    return counts


def _cells(
    path: Path, rows: Sequence[Row], labels: Sequence[str], counts: Sequence[str]
) -> Iterator[Cell]:
    for row in rows:
        of_row = tuple(_label(row[name]) for name in labels)
        for column in counts:
            of_column = (_label(column),) if len(counts) > 1 else ()
            yield Cell(
                row.number,
                column,
                of_row + of_column,
                _count(path, row.number, column, row[column]),
            )


def _label(text: str) -> str | None:
    return None if matching_key(text) in TOTALS else text


def _count(path: Path, row: int, column: str, text: str) -> int:
    where = f'{path.name}, row {row}, column "{column}"'
    number = parse_number(text)
    if not text:
        raise InputError(f"{where}: the count is missing; write 0 if nobody is meant.")
    if number is None and not _WITH_PERCENT.fullmatch(text):
        raise InputError(f'{where}: "{text}" is not a count{_already(text)}; give whole numbers.')
    if number is None or number != int(number):
        raise InputError(
            f'{where}: "{text}" is a share or an average, which would give the count away; '
            "leave the column out and work it out again from the protected counts."
        )
    if number < 0:
        raise InputError(f"{where}: {text} people cannot be; counts are 0 or more.")
    return int(number)


def _refuse_twins(path: Path, rows: Sequence[Row], labels: Sequence[str]) -> None:
    met: dict[Labels, int] = {}
    for row in rows:
        of_row = tuple(_label(row[name]) for name in labels)
        if of_row in met:
            raise InputError(
                f"{path.name}, row {row.number}: labelled like row {met[of_row]}; add a column "
                "that tells them apart, or merge them."
            )
        met[of_row] = row.number


def as_csv(table: CountTable, published: Sequence[Published]) -> tuple[str, int]:
    """Write a table with published figures in the place of its counts, cell by cell.

    Labels that a spreadsheet would take for a formula get an apostrophe before them; personal
    data in labels is replaced by its kind.

    Returns
    -------
    str
    int
        How many labels held personal data.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([harmless(name) for name in table.columns])
    figures = iter(published)
    replaced = 0
    for row in table.rows:
        written = []
        for name in table.columns:
            if name in table.counts:
                figure = next(figures)
                # Without a comma for thousands: programs read this too.
                written.append(figure.text if figure.value is None else str(figure.value))
            else:
                label = redact(row[name])
                replaced += label != row[name]
                written.append(harmless(label))
        writer.writerow(written)
    return stream.getvalue(), replaced
