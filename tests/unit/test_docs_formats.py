"""Every field and column that the analysis writes is in ``docs/formats.md``, and no other."""

import csv
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from analysis.__main__ import main
from analysis.representation.comparison import gaps
from analysis.representation.watching.families import Tier
from analysis.suppression.count_tables import COUNTS, TOTALS
from analysis.themes import counting
from analysis.themes.prepare import RowStatus
from analysis.themes.tracking.assigning import Status

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
ANSWERS = """\
id,answer,ward,form
1,More buses in the evening please,Aston,en
2,The bus is always late,Aston,en
3,Buses should run on Sundays,Oscott,en
4,Cheaper bus fares for students,Oscott,en
5,More trees in the park,Aston,en
6,The park needs benches,Oscott,en
7,Clean up litter in the park,Aston,en
8,Keep the park open at night,Oscott,en
9,Doctors have no appointments,Aston,en
10,I wait weeks for a doctor,Oscott,en
11,The surgery never answers the phone,Aston,en
12,More doctors are needed here,Oscott,en
13,Too much traffic on my street,Aston,en
14,We need safe cycle lanes,Oscott,en
15,No comment,Oscott,en
"""


def documented(name: str) -> list[str]:
    """Return the names in the first column of the table below a marker."""
    _, found, rest = TEXT.partition(f"<!-- {name} -->\n")
    assert found, name
    table = rest[rest.index("\n|") :].lstrip("\n").split("\n\n")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    return [field for cell in first_cells for field in re.findall(r"`([^`]+)`", cell)]


@pytest.fixture(scope="module")
def themes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("themes")
    answers = folder / "answers.csv"
    answers.write_text(ANSWERS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.setenv("LOCALAPPDATA", str(folder))
        options = ["--text", "answer", "--id", "id", "--language", "form", "--group", "ward"]
        options += ["--embedder", "lsa", "--themes", "3", "--output", str(folder)]
        assert main(["themes", str(answers), *options]) == 0
    return folder


@pytest.fixture(scope="module")
def representation(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    folder = tmp_path_factory.mktemp("representation")
    respondents, population = folder / "respondents.csv", folder / "population.csv"
    respondents.write_text(
        "area,religion\nAston,a\nAston,b\nOscott,Jedi\nOscott,\n", encoding="utf-8"
    )
    population.write_text(
        "dimension,category,count,area,base,source,date\n"
        "religion,a,60,Aston,residents,census,2021\nreligion,b,40,Aston,residents,census,2021\n"
        "religion,a,10,Oscott,residents,census,2021\nreligion,b,90,Oscott,residents,census,2021\n",
        encoding="utf-8",
    )
    arguments = ["representation", str(respondents), str(population), "--output", str(folder)]
    assert main(arguments) == 0
    written: Mapping[str, Any] = read(folder / "representation.json")
    return written


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_themes(themes: Path) -> None:
    found = read(themes / "themes.json")
    assert len(found) == 3
    for theme in found:
        assert list(theme) == documented("themes.json")


def test_assignments(themes: Path) -> None:
    with (themes / "assignments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == documented("assignments.csv")


def test_run(themes: Path) -> None:
    run = read(themes / "run.json")
    assert list(run) == documented("run.json")
    assert list(run["differences"][0]) == documented("run.json differences")
    assert list(run["frame"]) == documented("run.json frame")
    assert list(run["frame"]["themes"][0]) == documented("run.json frame themes")


def test_representation(representation: Mapping[str, Any]) -> None:
    assert list(representation) == documented("representation.json")
    found = representation["dimensions"]["religion"]
    assert list(found) == documented("representation.json dimensions")
    for group in representation["groups"]:
        assert list(group) == documented("representation.json groups")
    found = representation["not_compared"]
    assert list(found) == documented("representation.json not_compared")


@pytest.mark.parametrize(
    "values",
    [Status, [RowStatus.NO_CONTENT, RowStatus.UNCLEAR], counting.State, gaps.State, Tier],
    ids=["status of a statement", "of an answer", "of a difference", "of a group", "tier"],
)
def test_values(values: Iterable[str]) -> None:
    for value in values:
        assert f"`{value}`" in TEXT


def test_columns_of_counts() -> None:
    said = TEXT.partition("## Disclose")[2].partition("|")[0]
    assert set(re.findall(r"`(\w+)`", said)) == COUNTS
    totals = re.search(r"Rows labelled (.*?) and the like", TEXT, re.DOTALL)
    assert totals is not None
    assert set(re.findall(r"`(\w+)`", totals[1])) <= TOTALS
