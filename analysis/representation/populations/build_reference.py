"""Build the reference figures that come with the product from Census 2021 tables.

Run when figures or bands change, with the folder of the tables:
``python -m analysis.representation.populations.build_reference FOLDER``.
The folder holds two files made from tables of the Office for National Statistics:

- ``birmingham_westminster_bury_ltla.csv``: counts by authority, with the columns
  ``area_code``, ``table``, ``dimension``, ``level``, ``category``, ``count``;
- ``ward24_bestfit_reference.csv``: counts by ward, small areas added up to the ward that
  holds most of their people, with ``ltla_code``, ``ward_name``, ``dimension``, ``category``,
  ``count``.

It writes a file per place, in the format of
:func:`read_population`. ``options.csv`` beside them is written by hand.
"""

import argparse
import csv
import io
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InputError
from analysis.representation.populations.population import PLACES, REFERENCE_FOLDER
from analysis.tables import read_table

_DATE = "2021-03-21"
_AUTHORITIES = "birmingham_westminster_bury_ltla.csv"
_WARDS = "ward24_bestfit_reference.csv"
_COLUMNS = ("dimension", "category", "count", "area", "base", "source", "date")
_ALL = "usual residents"
_ADULT = "usual residents aged 16 and over"

# Counts by category, by name of the census dimension and level of detail.
_Tables = dict[tuple[str, str], dict[str, int]]
_Groups = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How a dimension is made.

    ``groups`` names each category by those of the census that make it up; None keeps the
    census's own. The ward fields are blank where the census file has no wards.
    """

    dimension: str
    base: str
    table: str
    names: tuple[str, ...]
    level: str = "leaf"
    groups: _Groups | None = None
    ward_name: str = ""
    ward_table: str = ""
    ward_groups: _Groups | None = None
    # "South Asian language: Urdu" is "Urdu" to a reader.
    without_heading: bool = False


_BANDS = ("16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+")
_WARD_BANDS = {
    "16 to 24": ("Aged 16 to 24 years",),
    "25 to 34": ("Aged 25 to 34 years",),
    "35 to 49": ("Aged 35 to 49 years",),
    "50 to 64": ("Aged 50 to 64 years",),
    "65 and over": ("Aged 65 years and over",),
}
_DISABLED = "Disabled under the Equality Act"
_NOT_DISABLED = f"Not {_DISABLED[0].lower()}{_DISABLED[1:]}"
_TWO = {"Disabled": (_DISABLED,), "Not disabled": (_NOT_DISABLED,)}


def _bands(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {
        f"{name[:-1]} and over" if name.endswith("+") else name.replace("-", " to "): (name,)
        for name in names
    }


_RECIPES = (
    _Recipe("age", _ADULT, "TS009", ("age_10yr",), groups=_bands(_BANDS)),
    _Recipe(
        "age_18",
        "usual residents aged 18 and over",
        "TS009",
        ("age_adult",),
        groups=_bands(("18-24", *_BANDS[1:])),
    ),
    _Recipe(
        "age_5",
        _ADULT,
        "TS009",
        ("age_5yr", "age_10yr"),
        groups={
            "16 to 24": ("16-24",),
            "25 to 34": ("25-34",),
            "35 to 49": ("35-44", "45-49"),
            "50 to 64": ("50-54", "55-64"),
            "65 and over": ("65-74", "75-84", "85+"),
        },
        ward_name="age_6",
        ward_table="age in six bands",
        ward_groups=_WARD_BANDS,
    ),
    _Recipe("sex", _ALL, "TS008", ("sex",)),
    _Recipe("gender_identity", _ADULT, "TS078", ("gender_identity",)),
    _Recipe("ethnic_group", _ALL, "TS021", ("ethnic_group",)),
    _Recipe(
        "ethnic_group_5",
        _ALL,
        "TS021",
        ("ethnic_group",),
        level="group",
        ward_name="ethnic_group_5",
        ward_table="TS021",
    ),
    _Recipe("religion", _ALL, "TS030", ("religion",), ward_name="religion", ward_table="TS030"),
    _Recipe(
        "disability",
        _ALL,
        "TS038",
        ("disability",),
        groups={
            "Disabled, limited a lot": (f"{_DISABLED}: Day-to-day activities limited a lot",),
            "Disabled, limited a little": (f"{_DISABLED}: Day-to-day activities limited a little",),
            "Not disabled": (
                f"{_NOT_DISABLED}: Has long term physical or mental health condition but "
                "day-to-day activities are not limited",
                f"{_NOT_DISABLED}: No long term physical or mental health conditions",
            ),
        },
    ),
    _Recipe(
        "disability_2",
        _ALL,
        "TS038",
        ("disability",),
        level="group",
        groups=_TWO,
        ward_name="disability",
        ward_table="TS038",
        ward_groups=_TWO,
    ),
    _Recipe("sexual_orientation", _ADULT, "TS077", ("sexual_orientation",)),
    _Recipe(
        "main_language",
        "usual residents aged 3 and over",
        "TS024",
        ("main_language",),
        without_heading=True,
    ),
)


def build(census: Path, folder: Path) -> dict[str, int]:
    """Write a file per place.

    Parameters
    ----------
    census : Path
        Folder with the two files of census counts.
    folder : Path
        Where to write; the package data by default.

    Returns
    -------
    dict of str to int
        Rows by place.

    Raises
    ------
    InputError
        If a file, a place or a category is missing.
    """
    authorities, wards = _by_authority(census / _AUTHORITIES), _by_ward(census / _WARDS)
    written = {}
    for place, code in PLACES.items():
        if code not in authorities or code not in wards:
            raise InputError(f"{census}: no counts of {place} ({code}).")
        rows = [*_rows(authorities[code], wards[code])]
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(rows)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{place}.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
        written[place] = len(rows)
    return written


def _rows(authority: _Tables, wards: Mapping[str, _Tables]) -> Iterator[tuple[str | int, ...]]:
    for recipe in _RECIPES:
        counts: dict[str, int] = {}
        for name in recipe.names:
            counts |= authority.get((name, recipe.level), {})
        source = f"ONS Census 2021, {recipe.table}"
        for category, count in _grouped(recipe, counts, recipe.groups):
            yield recipe.dimension, category, count, "", recipe.base, source, _DATE
        if not recipe.ward_name:
            continue
        source = f"ONS Census 2021, {recipe.ward_table}, small areas added up"
        for ward, tables in wards.items():
            counts = tables.get((recipe.ward_name, "leaf"), {})
            for category, count in _grouped(recipe, counts, recipe.ward_groups):
                yield recipe.dimension, category, count, ward, recipe.base, source, _DATE
    source = "ONS Census 2021, age in six bands, small areas added up"
    for ward, tables in wards.items():
        adults = sum(tables["age_6", "leaf"][name] for (name,) in _WARD_BANDS.values())
        yield "ward", ward, adults, "", _ADULT, source, _DATE


def _grouped(
    recipe: _Recipe, counts: Mapping[str, int], groups: _Groups | None
) -> Iterator[tuple[str, int]]:
    if groups is None:
        groups = {
            name.partition(": ")[2] or name if recipe.without_heading else name: (name,)
            for name in counts
        }
    if not groups:
        raise InputError(f"no counts of {recipe.dimension} ({recipe.table}).")
    for category, names in groups.items():
        missing = [name for name in names if name not in counts]
        if missing:
            raise InputError(f'{recipe.table} ({recipe.dimension}) lacks "{missing[0]}".')
        yield category, sum(counts[name] for name in names)


def _by_authority(path: Path) -> dict[str, _Tables]:
    columns = ("area_code", "dimension", "level", "category", "count")
    found: dict[str, _Tables] = defaultdict(lambda: defaultdict(dict))
    for row in read_table(path, columns).rows:
        table = found[row["area_code"]][row["dimension"], row["level"]]
        table[row["category"]] = int(row["count"])
    return found


def _by_ward(path: Path) -> dict[str, dict[str, _Tables]]:
    columns = ("ltla_code", "ward_name", "dimension", "category", "count")
    found: dict[str, dict[str, _Tables]] = defaultdict(dict)
    for row in read_table(path, columns).rows:
        wards = found[row["ltla_code"]]
        tables = wards.setdefault(row["ward_name"], defaultdict(dict))
        tables[row["dimension"], "leaf"][row["category"]] = int(row["count"])
    return {code: dict(sorted(wards.items())) for code, wards in found.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m analysis.representation.populations.build_reference"
    )
    parser.add_argument("census", type=Path, help="folder with the census counts")
    parser.add_argument("--output", type=Path, default=REFERENCE_FOLDER)
    options = parser.parse_args(arguments)
    try:
        written = build(options.census, options.output)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for place, rows in written.items():
        sys.stdout.write(f"{place}: {rows} rows\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
