"""From starting the process to the first good answer, and the memory of an idle server."""

import statistics
import time
from pathlib import Path

from benchmarks.outcome import Outcome, Table
from benchmarks.serving import install, running_server
from benchmarks.visitor import Visitor

STARTS = 5
SETTLE_SECONDS = 1.0


def run(workspace: Path) -> Outcome:
    """Start a server a few times on a database whose schema is there already."""
    installation = install(workspace / "startup")
    seconds, memory, after_pages = [], None, None
    for _ in range(STARTS):
        with running_server(installation) as server:
            seconds.append(server.ready_seconds)
            if len(seconds) == STARTS:
                time.sleep(SETTLE_SECONDS)
                memory = server.memory_mib("VmRSS")
                with Visitor(server.port) as visitor:
                    for language in installation.document.languages:
                        visitor.get(f"/{language}/{installation.document.slug}/")
                after_pages = server.memory_mib("VmRSS")
    median = statistics.median(seconds)
    figures = {
        "starts_seconds": [round(s, 3) for s in seconds],
        "median_seconds": round(median, 3),
        "memory_at_rest_mib": memory,
        "memory_with_all_languages_mib": after_pages,
    }
    rows: list[tuple[str | float | None, ...]] = [
        (f"first good answer, median of {STARTS} (ms)", 1000 * median),
        ("fastest (ms)", 1000 * min(seconds)),
        ("slowest (ms)", 1000 * max(seconds)),
        ("memory at rest (MiB)", memory),
        ("memory once each language was shown (MiB)", after_pages),
    ]
    return Outcome(figures, [Table("Starting `consult serve`", ("what", "figure"), [*rows])])
