"""A process run to its end, with its time and its memory."""

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.outcome import CannotRun

_PAUSE_SECONDS = 0.05
_KB = 1024
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Finished:
    """What a process left.

    Attributes
    ----------
    status : int
        Exit status.
    seconds : float
    peak_mb : float
        Most memory held at once by it and its children, in megabytes.
    output : str
        What it printed, errors too.
    """

    status: int
    seconds: float
    peak_mb: float
    output: str

    @property
    def last_line(self) -> str:
        """The last line that says something."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        return lines[-1] if lines else "nothing said"


def finish(
    name: str, command: Sequence[str], environment: Mapping[str, str], limit: float
) -> Finished:
    """Run a command until it ends.

    Parameters
    ----------
    name : str
        What it is called in a message.
    command : sequence of str
    environment : mapping of str to str
    limit : float
        Seconds, after which it is ended.

    Raises
    ------
    CannotRun
        If it took longer than that.
    """
    with tempfile.TemporaryFile() as out:
        began = time.perf_counter()
        with subprocess.Popen(command, env=environment, stdout=out, stderr=out) as process:
            peak = 0.0
            while process.poll() is None:
                peak = max(peak, _memory_mb(process.pid))
                if time.perf_counter() - began > limit:
                    process.kill()
                    raise CannotRun(f"{name} took more than {limit:g} s")
                time.sleep(_PAUSE_SECONDS)
        seconds = time.perf_counter() - began
        out.seek(0)
        output = out.read().decode("utf-8", errors="replace")
    return Finished(process.returncode, seconds, peak, output)


def _memory_mb(pid: int) -> float:
    """Return what a process and those below it hold.

    Not the ``ru_maxrss`` of a finished child: on Linux that is at least what its parent held
    when it started it.
    """
    process = Path("/proc") / str(pid)
    held = 0.0
    # A process may end between two looks.
    with contextlib.suppress(OSError):
        status = (process / "status").read_text(encoding="utf-8")
        held += sum(
            int(line.split()[1]) * _KB / _MB
            for line in status.splitlines()
            if line.startswith("VmRSS:")
        )
        for task in (process / "task").iterdir():
            children = (task / "children").read_text(encoding="utf-8").split()
            held += sum(_memory_mb(int(child)) for child in children)
    return held
