"""What the templates of reports need to draw a paper's blocks, here and on the site.

``templates/reports/blocks.html`` says how to use its macros. An application makes them work with
``app.jinja_env.globals.update(blocks.GLOBALS)``.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from markupsafe import Markup

from consult.languages import direction
from consult.reports.charts.svg import svg
from consult.reports.paper import Block, Figure

NARROW: Final = 360
"""Units across a drawing in a page, so that its words can be read on a phone."""


def kind_of(block: Block) -> str:
    """Which kind of block it is, for a template that draws each in its own way."""
    return type(block).__name__.lower()


def drawing(figure: Figure) -> Markup:
    """The chart as a drawing within a page; its caption stands in the page."""
    return Markup(  # noqa: S704 - made by us, with every word escaped
        svg(figure.chart, title=figure.caption, alternative=figure.alternative, width=NARROW)
    )


GLOBALS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {"report_kind": kind_of, "report_svg": drawing, "report_direction": direction}
)
"""Names that the macros use."""
