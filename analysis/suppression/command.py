"""The command ``python -m analysis disclose``."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from analysis.disclosure import RULE, Published, Rule
from analysis.errors import InputError
from analysis.output import check_folder, write_files
from analysis.progress import Report, Shown
from analysis.suppression.attacker import Key
from analysis.suppression.count_tables import CountTable, Labels, as_csv, read_count_table
from analysis.suppression.linking import Linked
from analysis.suppression.protecting import MOST_FIGURES, CannotProtect

_DESCRIPTION = """\
Make a table of counts safe to publish.

TABLE.csv holds counts of people: either a row per figure, with a column named count (or
respondents, responses, people, number, frequency, n), or a row per group with a column of
counts per answer. Every other column holds labels: all that is not whole numbers throughout,
columns named year or date or ending in code, id or number, columns needed to tell rows apart
beside a column named as a count, and what --label names.

Counts below the threshold, zero included, become "fewer than 10"; others are rounded to the
nearest 5. Rows labelled total (or all, everybody, overall, sum) and columns of that name are
rounded from their own counts, so rows need not add up. Where such totals would give a hidden
count away, more is hidden and says "not shown". So does a row whose columns add up to its total
when (nearly) all its people are in one column.

Columns of shares or averages are refused, as they would give counts away. Labels that a
spreadsheet would take for formulas are made harmless, and personal data in them is replaced.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes to a parser."""
    parser.description = _DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("table", type=Path, metavar="TABLE.csv")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE.csv")
    parser.add_argument(
        "--threshold",
        type=int,
        default=RULE.threshold,
        help="the smallest count to show, 2 or more (default: %(default)s)",
    )
    parser.add_argument(
        "--base",
        type=int,
        default=RULE.base,
        help="round to multiples of this; 1 does not round (default: %(default)s)",
    )
    parser.add_argument(
        "--label",
        action="append",
        default=[],
        metavar="COLUMN",
        help="a column of labels although it holds numbers; may be given again",
    )
    parser.add_argument(
        "--exact",
        action="store_true",
        help="do not round: show exact counts and totals and hide cells instead",
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
        If the input is wrong: nothing is written then.
    """
    rule = _rule(args.threshold, args.base)
    if args.output.resolve() == args.table.resolve():
        raise InputError(f"--output {args.output} is the table itself; name another file.")
    if args.output.is_dir():
        raise InputError(f"--output {args.output} is a folder; name a file in it.")
    check_folder(args.output.parent)
    progress = Shown()
    with progress.stage("Reading", "counts") as report:
        table = read_count_table(args.table, args.label)
        report(len(table.cells), len(table.cells))
    with progress.stage("Protecting") as report:
        published = protect_counts(table, rule, args.table.name, exact=args.exact, report=report)
    with progress.stage("Writing"):
        text, replaced = as_csv(table, published)
        write_files(args.output.parent, {args.output.name: text})
        # Results are their owner's alone; this one is made to be passed on.
        with suppress(OSError):
            args.output.chmod(0o644)
    hidden = sum(figure.value is None for figure in published)
    sys.stdout.write(f"{args.output}: {len(published):,} counts, {hidden:,} of them hidden.\n")
    if replaced:
        sys.stdout.write(f"Personal data was replaced in {replaced:,} labels.\n")
    return 0


def _rule(threshold: int, base: int) -> Rule:
    try:
        return Rule(threshold=threshold, base=base, total_threshold=threshold, share_base=threshold)
    except ValueError as error:
        raise InputError(f"--threshold {threshold} --base {base}: {error}.") from error


def protect_counts(
    table: CountTable, rule: Rule, name: str, *, exact: bool = False, report: Report | None = None
) -> list[Published]:
    """Publish a file's counts, each as one of people of a group.

    Returns
    -------
    list of Published
        In the order of ``table.cells``.

    Raises
    ------
    InputError
        If it is too large to be looked at as a whole, or cannot be protected.
    """
    linked = Linked(rule, exact=exact)
    counts = {cell.labels: cell.count for cell in table.cells}
    for labels, count in counts.items():
        linked.add(labels, count, total=None in labels)
    lines = _lines(counts)
    _tie(linked, counts, lines)
    if lines and len(counts) > MOST_FIGURES:
        raise InputError(
            f"{name} has {len(counts):,} counts tied by totals; more than {MOST_FIGURES:,} "
            "cannot be looked at together: publish smaller tables, or none of the totals."
        )
    if len(table.counts) > 1:
        _hold_back(linked, counts, lines, rule)
    try:
        published = linked.published(report)
    except CannotProtect as error:
        first = next(labels for labels in counts if labels in error.keys)
        named = ", ".join("total" if label is None else label for label in first)
        raise InputError(
            f"{name}: {len(error.keys)} counts cannot be protected beside exact totals, "
            f"the first of {named}; merge small groups, or leave --exact out."
        ) from error
    return [published[cell.labels] for cell in table.cells]


_Lines = list[tuple[int, Labels, list[Labels]]]


def _lines(counts: Mapping[Labels, int]) -> _Lines:
    """Return each total with its parts, and the place of the label that it is a total over.

    A "total" below one of its parts is none.
    """
    found: dict[tuple[int, Labels], list[Labels]] = defaultdict(list)
    for labels in counts:
        for at, label in enumerate(labels):
            total = (*labels[:at], None, *labels[at + 1 :])
            if label is not None and total in counts:
                found[at, total].append(labels)
    return [
        (at, total, parts)
        for (at, total), parts in found.items()
        if counts[total] >= max(counts[part] for part in parts)
    ]


def _tie(linked: Linked, counts: Mapping[Labels, int], lines: _Lines) -> None:
    for _, total, parts in lines:
        missing = counts[total] - sum(counts[part] for part in parts)
        weights: dict[Key, float] = {**dict.fromkeys(parts, 1.0), total: -1.0}
        if missing >= 0:
            # Readers may take it that the parts add up, or that the rest is left out.
            linked.relate(weights, -np.inf if missing else 0, 0)
        else:
            for part in parts:
                linked.at_most(part, total)


def _hold_back(linked: Linked, counts: Mapping[Labels, int], lines: _Lines, rule: Rule) -> None:
    """Hide what (nearly) all people of a row answered, where its columns are all answers."""
    columns = [line for line in lines if line[0] == len(line[1]) - 1]
    if any(sum(counts[part] for part in parts) != counts[total] for _, total, parts in columns):
        return
    for _, total, parts in columns:
        people = counts[total]
        is_group = None not in total[:-1] and people >= rule.threshold and len(parts) > 1
        if is_group and rule.dominated([counts[part] for part in parts], people):
            linked.hold_back(parts)
