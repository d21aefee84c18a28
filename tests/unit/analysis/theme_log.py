"""A log of edits that is grown one by one, and a small case to grow it on."""

from datetime import UTC, datetime, timedelta

import numpy as np

from analysis.themes.tracking.frame import Frame, FrozenTheme
from analysis.themes.tracking.replay import replay
from analysis.themes.tracking.resolving import resolve
from analysis.themes.tracking.state import Decider

NOON = datetime(2025, 3, 4, 12, 0, tzinfo=UTC)
PERSON, MACHINE = Decider.PERSON, Decider.MACHINE

BASE = Frame(
    themes=(
        FrozenTheme("t-bus", "Buses", np.array([1, 0, 0], np.float32), 0.5, cohesion=0.7),
        FrozenTheme("t-gp", "Doctors", np.array([0, 1, 0], np.float32), 0.4, cohesion=0.6),
        FrozenTheme("t-old", "Trams", np.array([0, 0, 1], np.float32), 0.3, retired=True),
    ),
    model_id="model",
    means_version="1",
    seed=0,
)


class Log:
    """Edits with their sequences, one after another."""

    def __init__(self, *edits, base=BASE):
        self.base, self.events = base, []
        for kind, *values in edits:
            self.add(kind, *values)

    def add(self, kind, *values, author="amina"):
        names = [name for name in kind.__dataclass_fields__ if name not in EVENT]
        own = dict(zip(names, values, strict=False))
        at = NOON + timedelta(minutes=len(self.events))
        event = kind(sequence=len(self.events) + 1, author=author, at=at, **own)
        replay(self.base, [*self.events, event])
        self.events.append(event)
        return self.state

    @property
    def state(self):
        return replay(self.base, self.events)


EVENT = {"sequence", "author", "at", "kind"}

# Two units of each standing theme and one of none.
KEYS = ("b1", "b2", "g1", "g2", "x")
SAID = ("t-bus", "t-bus", "t-gp", "t-gp", None)
VECTORS = np.array([[1, 0, 0], [0.8, 0, 0.6], [0, 1, 0], [0, 0.8, 0.6], [0, 0, -1]], np.float32)


def where(state, vectors=VECTORS):
    return dict(zip(KEYS, resolve(state, KEYS, SAID, vectors).themes, strict=True))


def who(state, vectors=VECTORS):
    return dict(zip(KEYS, resolve(state, KEYS, SAID, vectors).decided_by, strict=True))
