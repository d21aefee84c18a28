"""How good the themes are: against other ways, across languages, and with a person's help."""

from collections.abc import Callable
from pathlib import Path

from benchmarks import theme_quality, theme_review
from benchmarks.outcome import CannotRun, Outcome

PARTS: dict[str, Callable[[Path], Outcome]] = {
    "clusters": theme_quality.run,
    "review": theme_review.run,
}


def run(workspace: Path) -> Outcome:
    """Measure every part whose texts are here.

    Raises
    ------
    CannotRun
        If none could be measured.
    """
    whole = Outcome()
    for name, measure in PARTS.items():
        folder = workspace / name
        folder.mkdir()
        try:
            part = measure(folder)
        except CannotRun as reason:
            whole.notes.append(f"{name} not measured: {reason}")
            continue
        whole.figures[name] = part.figures
        whole.tables += part.tables
        whole.faults += part.faults
        whole.notes += part.notes
    if not whole.figures:
        raise CannotRun("; ".join(whole.notes))
    return whole
