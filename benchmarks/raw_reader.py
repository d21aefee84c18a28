"""Writes all responses of the model case as CSV, and says how long that took and in what memory.

``python -m benchmarks.raw_reader URL FILE``; a process of its own, so that nothing else counts.
"""

import json
import resource
import sys
import time
from pathlib import Path

from sqlalchemy.orm import Session

from consult.db import make_engine
from consult.demo.setting_up import model_case
from consult.services import consultations
from consult.services.raw.asked import asking
from consult.services.raw.columns import columns
from consult.services.raw.reading import Wanted, every
from consult.services.raw.tables import csv_rows


def main(url: str, output: Path) -> None:
    """Stream, and print one line of JSON."""
    engine = make_engine(url)
    wanted = Wanted()
    with Session(engine) as session:
        asked = asking(session, consultations.get(session, model_case().slug))
    began, rows = time.perf_counter(), -1  # the heading is no response
    with output.open("wb") as file:
        for chunk in csv_rows(every(engine, asked, wanted), columns(asked, wanted)):
            rows += chunk.count(b"\r\n")
            file.write(chunk)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "rows": rows,
                "seconds": round(seconds, 1),
                "peak_megabytes": round(peak),
                "megabytes": round(output.stat().st_size / 1e6),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
