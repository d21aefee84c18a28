"""What charts show, as data: all words finished, all numbers as their reader may see them."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Mark:
    """One row of a chart of shares.

    A value that may not be shown is None; ``text`` then says why ("fewer than 10").
    """

    label: str
    value: float | None
    low: float | None
    high: float | None
    reference: float | None
    """A second share to compare with: residents', or the weighted one."""
    text: str
    """What stands at the end of the row: "11 % (6 to 17)"; never the only place of a number."""
    state: str = ""
    """A short word beside the label, such as "Under"; empty for none."""
    label_language: str | None = None


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of people, a row each: a bar or dot with its interval, and a second mark.

    ``most`` is where the scale ends, from 0 to 1.
    """

    marks: tuple[Mark, ...]
    value_name: str
    """Legend: "Share of responses"."""
    interval_name: str
    reference_name: str
    """Empty where there is no second mark."""
    ticks: tuple[tuple[float, str], ...]
    """Places on the scale and what is written there; the first is 0, the last the end."""
    as_bars: bool
    """Bars from zero; else dots, for which the interval and the reference matter most."""
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class Step:
    """One column of a chart over time; None where the number may not be shown."""

    label: str
    value: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Times:
    """Numbers of people over time, a column each; time runs in the reading direction."""

    steps: tuple[Step, ...]
    ticks: tuple[tuple[int, str], ...]
    """Heights of the scale and what is written there, from 0."""
    name: str
    hidden_name: str
    """Legend for columns that are not shown."""
    language: str
    direction: str


Chart: TypeAlias = Shares | Times
