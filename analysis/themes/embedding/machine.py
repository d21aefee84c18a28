"""The instruction set a result was computed with."""

import functools
import os
import platform
from pathlib import Path

import numpy as np

_CPUINFO = Path("/proc/cpuinfo")
# What integer and float kernels choose by; the rest of a processor's flags does not matter.
_TELLING = frozenset(
    [
        *("sse4_1", "avx", "avx2", "fma", "avx_vnni", "avx512f", "avx512bw", "avx512_vnni"),
        *("avx512_bf16", "amx_int8", "amx_tile", "asimd", "asimddp", "i8mm", "sve", "bf16"),
    ]
)
_SETTINGS = ("CT2_FORCE_CPU_ISA", "CT2_USE_MKL", "CT2_USE_EXPERIMENTAL_PACKED_GEMM")


def cpu_flags(cpuinfo: str) -> tuple[str, ...]:
    """Return the telling processor flags named in the text of ``/proc/cpuinfo``, sorted.

    Examples
    --------
    >>> cpu_flags("flags : fpu avx2 avx512_vnni")
    ('avx2', 'avx512_vnni')
    """
    for line in cpuinfo.splitlines():
        name, _, value = line.partition(":")
        if name.strip() in {"flags", "Features"}:
            return tuple(sorted(_TELLING.intersection(value.split())))
    return ()


@functools.cache
def instruction_set() -> str:
    """Return maker, architecture and the vector instructions of this processor.

    The kernels differ by maker as well: CTranslate2 takes MKL on Intel and oneDNN elsewhere.
    """
    try:
        cpuinfo = _CPUINFO.read_text(encoding="utf-8", errors="replace")
    except OSError:  # not Linux
        cpuinfo = ""
    flags = cpu_flags(cpuinfo) or _numpy_flags()
    maker = next(
        (line.split(":")[1].strip() for line in cpuinfo.splitlines() if "vendor_id" in line),
        platform.processor(),
    )
    forced = [f"{name}={os.environ[name]}" for name in _SETTINGS if name in os.environ]
    return " ".join(filter(None, [platform.machine(), maker, *flags, *forced]))


def _numpy_flags() -> tuple[str, ...]:
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return tuple(sorted(str(name).lower() for name in found))
