"""Charts as SVG that stands alone: in a page, in a file, in a word processor."""

import hashlib
from html import escape

from consult.reports.charts import shares, times
from consult.reports.charts.canvas import PAPER, Canvas, fixed, fonts
from consult.reports.charts.kinds import Chart, Shares
from consult.reports.charts.lettering import clean


def svg(chart: Chart, *, title: str = "", alternative: str = "", width: int = 720) -> str:
    """Draw a chart.

    Parameters
    ----------
    chart : Shares or Times
    title, alternative : str
        What a screen reader says: the chart's name, and what it shows.
    width : int
        Units, of which a letter is 16 high: the narrower, the larger its words on a screen.

    Returns
    -------
    str
        The same for the same chart. Ids in it differ from those of other charts.
    """
    canvas = Canvas(float(width), chart.direction)
    height = shares.draw(chart, canvas) if isinstance(chart, Shares) else times.draw(chart, canvas)
    body = "".join(canvas.shapes)
    mark = hashlib.sha256(f"{title}\n{alternative}\n{body}".encode(errors="replace")).hexdigest()[
        :12
    ]
    size = f"{width} {fixed(height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{width}"'
        f' height="{fixed(height)}" role="img" direction="ltr" aria-labelledby="{mark}-t {mark}-d"'
        f' lang="{escape(chart.language)}" font-family="{fonts(chart.language)}">'
        f'<title id="{mark}-t">{escape(clean(title))}</title>'
        f'<desc id="{mark}-d">{escape(clean(alternative))}</desc>'
        f'<rect width="{width}" height="{fixed(height)}" fill="{PAPER}"/>{body}</svg>'
    )
