"""Run benchmarks, print tables, and write the figures to a file.

Ends with status 1 when a response was lost or a request failed. A goal that was missed is
said, and fails nothing: figures of a busy machine are no test.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    demo,
    desk_themes,
    journey,
    lighthouse,
    machine,
    raw_export,
    reports,
    representation,
    representation_outreach,
    representation_weighting,
    startup,
    tablet,
    theme_speed,
    themes,
    weight,
)
from benchmarks.outcome import CannotRun, Outcome

BENCHMARKS: dict[str, Callable[[Path], Outcome]] = {
    "startup": startup.run,
    "weight": weight.run,
    "journey": journey.run,
    "lighthouse": lighthouse.run,
    "demo": demo.run,
    "representation": representation.run,
    "weighting": representation_weighting.run,
    "outreach": representation_outreach.run,
    "themes": themes.run,
    "theme-speed": theme_speed.run,
    "desk-themes": desk_themes.run,
    "reports": reports.run,
    "raw-export": raw_export.run,
    "tablet": tablet.run,
}


def main() -> int:
    """Run what the command line asks for."""
    options = _options()
    described = machine.description()
    print(" ".join(f"{name}={value}" for name, value in described.items()), flush=True)
    report = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": described}
    figures, faults, skipped = {}, {}, {}
    for name in options.only or BENCHMARKS:
        print(f"\n== {name}", flush=True)
        began = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder:
            try:
                outcome = BENCHMARKS[name](Path(folder))
            except CannotRun as reason:
                skipped[name] = str(reason)
                print(f"NOT MEASURED: {reason}", flush=True)
                continue
        seconds = round(time.perf_counter() - began, 1)
        _print(outcome, seconds)
        figures[name] = {**outcome.figures, "notes": outcome.notes, "took_seconds": seconds}
        if outcome.faults:
            faults[name] = outcome.faults
    report |= {"figures": figures, "faults": faults, "not_measured": skipped}
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(
        json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    print(f"\nFigures: {options.output}")
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="file for the figures, as JSON")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, metavar="NAME", default=[])
    return parser.parse_args()


def _print(outcome: Outcome, seconds: float) -> None:
    for table in outcome.tables:
        print(f"\n{table}")
    if outcome.notes:
        print()
    for note in outcome.notes:
        print(f"- {note}")
    for fault in outcome.faults:
        print(f"FAULT: {fault}")
    print(f"\n({seconds} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
