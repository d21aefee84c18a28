"""What charts are drawn on: SVG of presentation attributes alone, mirrored for right-to-left.

No style sheet, no script and no ``style``: a page that forbids those shows it, and so do word
processors.
"""

from dataclasses import dataclass, field
from html import escape
from typing import Final

from consult.languages import direction as direction_of
from consult.reports.charts.lettering import in_direction

SIZE: Final = 16.0
SMALL: Final = 14.0
LINE: Final = 21.0
EDGE: Final = 10.0
"""Of nothing, around everything: half of the widest mark has room in it."""

INK: Final = "#15211f"
BAR: Final = "#4f9097"
BAR_EDGE: Final = "#0e5157"
DOT: Final = "#0e5157"
REFERENCE: Final = "#9c3d00"
GRID: Final = "#cfd6d5"
HATCH: Final = 7
"""From one line to the next."""
PAPER: Final = "#ffffff"

_FONTS: Final = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Bengali",
    "Noto Sans Gurmukhi",
    "Arial",
    "sans-serif",
)
_FIRST: Final = {
    "ar": "Noto Sans Arabic",
    "bn": "Noto Sans Bengali",
    "pa": "Noto Sans Gurmukhi",
    "ur": "Noto Sans Arabic",
}


def fonts(language: str) -> str:
    """Names of fonts, that of the language's script first.

    A font that only stands in for missing letters is not drawn bold in pictures.
    """
    first = _FIRST.get(language, _FONTS[0])
    return ", ".join([first, *(name for name in _FONTS if name != first)])


def fixed(value: float) -> str:
    """A length with at most two decimals and no noise."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(slots=True)
class Canvas:
    """Collects shapes. ``x`` runs in the reading direction from its beginning.

    Parameters
    ----------
    width : float
    direction : str
        ``rtl`` draws everything mirrored, letters not.
    """

    width: float
    direction: str
    shapes: list[str] = field(default_factory=list)

    def place(self, x: float) -> float:
        """Where something lies from the left."""
        return self.width - x if self.direction == "rtl" else x

    def line(
        self, x: float, y: float, to_x: float, to_y: float, colour: str, *, width: float = 1
    ) -> None:
        """A straight line."""
        self.shapes.append(
            f'<line x1="{fixed(self.place(x))}" y1="{fixed(y)}" x2="{fixed(self.place(to_x))}"'
            f' y2="{fixed(to_y)}" stroke="{colour}" stroke-width="{fixed(width)}"/>'
        )

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        *,
        fill: str,
        edge: str,
        dashed: bool = False,
    ) -> None:
        """A rectangle with an edge."""
        left = self.place(x + wide) if self.direction == "rtl" else x
        dashes = ' stroke-dasharray="3 3"' if dashed else ""
        self.shapes.append(
            f'<rect x="{fixed(left)}" y="{fixed(y)}" width="{fixed(wide)}" height="{fixed(high)}"'
            f' fill="{fill}" stroke="{edge}" stroke-width="1"{dashes}/>'
        )

    def dot(self, x: float, y: float) -> None:
        """A filled circle: a value."""
        self.shapes.append(
            f'<circle cx="{fixed(self.place(x))}" cy="{fixed(y)}" r="5" fill="{DOT}"/>'
        )

    def diamond(self, x: float, y: float) -> None:
        """A hollow diamond, in which a dot has room: what a value is compared with."""
        at, reach = self.place(x), 8
        corners = ((at, y - reach), (at + reach, y), (at, y + reach), (at - reach, y))
        points = " ".join(f"{fixed(across)},{fixed(down)}" for across, down in corners)
        self.shapes.append(
            f'<polygon points="{points}" fill="{PAPER}" stroke="{REFERENCE}" stroke-width="2.5"/>'
        )

    def whisker(self, low: float, high: float, y: float, *, goes_on: bool = False) -> None:
        """An interval: a line with an end on either side, but where it goes on off the scale."""
        self.line(low, y, high, y, INK, width=2)
        for end in (low,) if goes_on else (low, high):
            self.line(end, y - 5, end, y + 5, INK, width=2)

    def hatched(self, x: float, y: float, wide: float, high: float) -> None:
        """A dashed rectangle with slanted lines in it: something that is not shown."""
        self.box(x, y, wide, high, fill=PAPER, edge=INK, dashed=True)
        for slant in range(HATCH, int(wide + high), HATCH):
            first, last = max(0.0, slant - high), min(wide, float(slant))
            self.line(x + first, y + slant - first, x + last, y + slant - last, INK)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        size: float = SIZE,
        bold: bool = False,
        language: str | None = None,
    ) -> None:
        """Words on a line; the anchor is meant in the reading direction.

        Words of another language than the chart's keep their own direction.
        """
        own = direction_of(language) if language else self.direction
        if self.direction == "rtl":
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        weight = ' font-weight="700"' if bold else ""
        tongue = f' lang="{escape(language)}"' if language else ""
        side = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self.shapes.append(
            f'<text x="{fixed(self.place(x))}" y="{fixed(y)}" font-size="{fixed(size)}"{weight}'
            f'{side}{tongue} fill="{INK}">{escape(in_direction(words, own))}</text>'
        )
