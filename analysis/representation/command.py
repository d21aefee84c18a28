"""The command ``python -m analysis representation``."""

import argparse
import sys
from pathlib import Path

from analysis.errors import InputError
from analysis.progress import Shown
from analysis.representation.comparison.materiality import MATERIALITY
from analysis.representation.files import write_results
from analysis.representation.populations.population import read_population
from analysis.representation.populations.respondents import read_counts, read_respondents
from analysis.representation.run import represent
from analysis.representation.telling.summary import left_out_messages

_DESCRIPTION = """\
Compare respondents with a population: which groups answered less, or more, than their share.

RESPONDENTS.csv has a row per person and a column per dimension (age, religion, ...). A blank
cell is a question not answered; several answers stand in one cell with ; between them. With
--counts it has the columns dimension,category,respondents.

POPULATION.csv has the columns dimension,category,count and, if known, area, base, source and
date. A row with an area counts the people of that area; respondents are then compared by area
too. Where they live is read from their column "area", or else from the column in which most
values are areas of the population.

It writes representation.json and summary.md. Both hold exact counts and are internal.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes to a parser."""
    parser.description = _DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("respondents", type=Path, metavar="RESPONDENTS.csv")
    parser.add_argument("population", type=Path, metavar="POPULATION.csv")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--counts", action="store_true", help="the respondents' file has counts, not people"
    )
    parser.add_argument(
        "--materiality",
        type=float,
        default=MATERIALITY,
        metavar="RATIO",
        help="a smaller share of responses than this times the population's matters, above 0 "
        "and up to 1 (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command.

    Returns
    -------
    int
        0.

    Raises
    ------
    InputError
        If the input is wrong; nothing is written then.
    """
    if not 0 < args.materiality <= 1:
        raise InputError(f"--materiality is above 0 and up to 1, not {args.materiality:g}.")
    progress = Shown()
    with progress.stage("Reading the population"):
        population = read_population(args.population)
    with progress.stage("Reading the respondents"):
        if args.counts:
            respondents = read_counts(args.respondents)
        else:
            respondents = read_respondents(
                args.respondents, population.dimensions, population.areas
            )
    with progress.stage("Comparing") as report:
        result = represent(respondents, population, materiality=args.materiality)
        groups = sum(len(part.groups) for part in (*result.wholes, *result.areas))
        report(groups, groups)
    with progress.stage("Writing"):
        write_results(result, args.output)
    for said in left_out_messages(result):
        sys.stdout.write(f"{said}\n")
    sys.stdout.write(f"{args.output}: representation.json, summary.md (internal)\n")
    return 0
