"""What the figures were measured on. Names no host, user or folder."""

import os
import platform
from pathlib import Path
from typing import Any

GIB = 2**30


def description() -> dict[str, Any]:
    """Cores, memory, load, Python and platform."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gib": round(memory / GIB, 1),
        "load_at_start": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
    }


def _processor() -> str | None:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if "model name" in line), None)
