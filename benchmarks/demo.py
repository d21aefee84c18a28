"""How long ``consult demo`` takes from nothing."""

import time
from pathlib import Path

from benchmarks.outcome import Outcome, Table
from benchmarks.serving import install

SIZES = (400, 20_000)
MIB = 2**20


def run(workspace: Path) -> Outcome:
    """Set the model case up with few and with many responses, each once."""
    outcome = Outcome()
    rows = []
    for responses in SIZES:
        print(f"  {responses:,} responses ...", flush=True)
        folder = workspace / f"demo-{responses}"
        began = time.perf_counter()
        install(folder, responses=responses)
        seconds = time.perf_counter() - began
        size = sum(path.stat().st_size for path in folder.iterdir()) / MIB
        outcome.figures[str(responses)] = {
            "seconds": round(seconds, 1),
            "responses_per_second": round(responses / seconds, 1),
            "database_mib": round(size, 1),
        }
        rows.append((responses, seconds, responses / seconds, size))
    header = ("responses", "seconds", "responses/s", "folder MiB")
    outcome.tables.append(Table("`consult demo --no-serve` from nothing", header, [*rows]))
    return outcome
