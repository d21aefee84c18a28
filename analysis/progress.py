"""How far a long stage is: a bar with the time left on a terminal, one line when it is done."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TextIO

from tqdm import tqdm

_BAR = "{desc}: {percentage:3.0f} %|{bar}| {n_fmt} of {total_fmt}, {remaining} left"
_UNKNOWN = "{desc} ..."

#: Takes how many are done and how many there are.
Report = Callable[[int, int], None]


class Progress(Protocol):
    """What a long piece of work tells about itself."""

    def stage(self, name: str, unit: str = "") -> AbstractContextManager[Report]:
        """Begin a stage; leaving the context ends it.

        Parameters
        ----------
        name : str
        unit : str
            What is counted, in the plural.
        """
        ...


class Silent:
    """Progress that nobody watches."""

    @contextmanager
    def stage(self, name: str, unit: str = "") -> Iterator[Report]:
        """Report to nobody."""
        yield lambda done, total: None


class Shown:
    """Progress on a stream of text.

    Parameters
    ----------
    stream : text file, optional
        By default the error stream, so that a command's output stays its own.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream if stream is not None else sys.stderr

    @contextmanager
    def stage(self, name: str, unit: str = "") -> Iterator[Report]:
        """Show a bar while the stage runs (on a terminal) and its time when it is done.

        A stage that fails leaves no line: only what was done is said to be done.
        """
        started = time.perf_counter()
        bar = tqdm(
            desc=name,
            file=self.stream,
            leave=False,
            disable=not self.stream.isatty(),
            bar_format=_UNKNOWN,
        )
        counted = 0

        def report(done: int, total: int) -> None:
            nonlocal counted
            counted = total
            bar.total, bar.bar_format = total, _BAR
            bar.update(done - bar.n)

        with bar:
            yield report
        amount = f" {counted:,} {unit}".rstrip() + "," if counted else ""
        self.stream.write(f"{name}:{amount} {time.perf_counter() - started:.1f} s\n")
        self.stream.flush()
