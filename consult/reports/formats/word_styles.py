"""Styles, lists and fonts of a Word file: what each kind of paragraph looks like, in each form.

All looks are styles with the names that Word knows, so that a council can change them at one
place, and screen readers can jump from heading to heading.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from docx.oxml.xmlchemy import BaseOxmlElement

from consult.reports.data import Form
from consult.reports.formats.word_runs import (
    INDIC_FONT,
    LATIN_FONT,
    NASTALIQ,
    Script,
    complex_font,
    languages,
    script_of,
)
from consult.reports.formats.word_xml import element

TABLE_STYLE: Final = "ReportTable"
BULLETS: Final = 1
"""The number of the list that :func:`numbering` defines."""

_DARK: Final = "0E5157"
"""Headings and lines; 8.9 to 1 on white."""
_INK: Final = "1A1A1A"
_SOFT: Final = "444444"
_TINT: Final = "E7F0F0"
_LINE: Final = "8FA9AB"
_MILLIMETRE: Final = 1440 / 25.4


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes of a form in points; ``line`` in 240ths of a line's height, ``margin`` in mm."""

    body: float
    lead: float
    table: float
    small: float
    title: float
    subtitle: float
    headings: tuple[float, float, float]
    gap: float
    line: int
    margin: float

    @property
    def text_width(self) -> int:
        """Width of a line on A4, in twentieths of a point."""
        return PAGE_WIDTH - 2 * twips(self.margin)

    @property
    def text_height(self) -> int:
        """Height of the text on A4, in twentieths of a point."""
        return PAGE_HEIGHT - 2 * twips(self.margin)


def twips(millimetres: float) -> int:
    """Twentieths of a point, Word's unit of length."""
    return round(millimetres * _MILLIMETRE)


PAGE_WIDTH: Final = twips(210)
PAGE_HEIGHT: Final = twips(297)

_LOOKS: Final = {
    Form.FULL: Look(12, 14, 11, 10.5, 28, 18, (20, 15, 12.5), 6, 276, 22),
    Form.ONE_PAGE: Look(12, 12, 10.5, 10, 18, 13, (14, 12, 12), 2, 240, 15),
    Form.EASY_READ: Look(16, 18, 14, 14, 32, 22, (26, 20, 17), 12, 360, 22),
}


def look(form: Form, language: str) -> Look:
    """How a form looks in a language; Nastaliq brings its own distance between lines."""
    chosen = _LOOKS[form]
    if complex_font(language, script_of(language)) == NASTALIQ:
        return replace(chosen, line=max(240, chosen.line - 60))
    return chosen


@dataclass(frozen=True, slots=True)
class _Style:
    """A paragraph style; sizes and distances in points."""

    key: str
    name: str
    size: float | None = None
    before: float | None = None
    after: float | None = None
    line: int | None = None
    bold: bool = False
    colour: str | None = None
    fill: str | None = None
    boxed: bool = False
    start: int = 0
    """Indent of the lines' beginning, in twentieths of a point; with ``end`` for the other side."""
    end: int = 0
    with_next: bool = False
    together: bool = False
    outline: int | None = None
    own: bool = False
    """Not one of Word's."""
    tab: int | None = None
    follows: str | None = None


def _paragraph_styles(look: Look) -> Iterator[_Style]:
    gap = look.gap
    yield _Style("Title", "Title", look.title, 0, gap, 240, True, _DARK, with_next=True)
    yield _Style("Subtitle", "Subtitle", look.subtitle, 0, 2 * gap, 240, colour=_SOFT)
    yield _Style("ReportDetails", "Report Details", look.body, 0, gap / 2, 240, own=True)
    for level, (size, before) in enumerate(zip(look.headings, (4, 3, 2.5), strict=True), 1):
        yield _Style(
            f"Heading{level}",
            f"heading {level}",
            size,
            before * gap,
            gap,
            240,
            bold=True,
            colour=_DARK if level < 3 else _INK,
            with_next=True,
            together=True,
            outline=level - 1,
            follows="Normal",
        )
    yield _Style("TOCHeading", "TOC Heading", look.headings[1], 3 * gap, gap, 240, True, _DARK)
    yield _Style("TOC1", "toc 1", look.body, gap, gap / 2, 240)
    yield _Style("TOC2", "toc 2", look.body, 0, gap / 2, 240, start=400)
    yield _Style("LeadParagraph", "Lead Paragraph", look.lead, own=True)
    yield _Style(
        "Notice",
        "Notice",
        bold=True,
        fill=_TINT,
        boxed=True,
        start=120,
        end=120,
        together=True,
        own=True,
        before=2 * gap,
        after=2 * gap,
    )
    yield _Style("ListBullet", "List Bullet", start=400)
    yield _Style("Quote", "Quote", start=400, end=400, together=True, with_next=True)
    yield _Style(
        "QuoteSource", "Quote Source", look.small, 0, 2 * gap, colour=_SOFT, start=400, own=True
    )
    yield _Style(
        "Caption", "caption", look.body, 2.5 * gap, gap, 240, True, with_next=True, together=True
    )
    yield _Style("Picture", "Picture", None, 0, 2 * gap, 240, own=True)
    yield _Style("TableText", "Table Text", look.table, 2, 2, 240, own=True)
    yield _Style(
        "TableHeading", "Table Heading", look.table, 2, 2, 240, True, with_next=True, own=True
    )
    yield _Style("TableNote", "Table Note", look.small, 3, 3, 240, colour=_SOFT, own=True)
    yield _Style("Footer", "footer", look.small, 0, 0, 240, colour=_SOFT, tab=look.text_width)


def styles(look: Look, language: str) -> BaseOxmlElement:
    """The part with all styles."""
    return element(
        "w:styles",
        _defaults(look, language),
        element(
            "w:style",
            element("w:name", val="Normal"),
            element("w:qFormat"),
            type="paragraph",
            default=1,
            styleId="Normal",
        ),
        element(
            "w:style",
            element("w:name", val="Default Paragraph Font"),
            element("w:uiPriority", val=1),
            element("w:semiHidden"),
            type="character",
            default=1,
            styleId="DefaultParagraphFont",
        ),
        _plain_table(),
        *(_style(style, language) for style in _paragraph_styles(look)),
        _table_style(),
    )


def _defaults(look: Look, language: str) -> BaseOxmlElement:
    script = script_of(language)
    fonts = element(
        "w:rFonts",
        ascii=LATIN_FONT,
        hAnsi=LATIN_FONT,
        eastAsia=LATIN_FONT,
        cs=complex_font(language, script),
    )
    runs = element(
        "w:rPr",
        fonts,
        element("w:color", val=_INK),
        *_sizes(look.body, language),
        languages(language),
    )
    spacing = _spacing(look.gap, look.gap, look.line)
    return element(
        "w:docDefaults",
        element("w:rPrDefault", runs),
        element("w:pPrDefault", element("w:pPr", element("w:widowControl"), spacing)),
    )


def _sizes(points: float, language: str) -> tuple[BaseOxmlElement, BaseOxmlElement]:
    """Sizes of simple and of complex letters, in half points."""
    return (
        element("w:sz", val=round(2 * points)),
        element("w:szCs", val=round(2 * points * larger(script_of(language)))),
    )


def larger(script: Script) -> float:
    """How much larger complex letters of a paper are than simple ones of the same size.

    Arabic letters are small in fonts for offices, and Nastaliq is smaller still; a paper in a
    simple script quotes them.
    """
    return 1 if script is Script.COMPLEX else 1.15


def _spacing(before: float, after: float, line: int) -> BaseOxmlElement:
    return element(
        "w:spacing",
        before=round(20 * before),
        after=round(20 * after),
        line=line,
        lineRule="auto",
    )


def _style(style: _Style, language: str) -> BaseOxmlElement:
    return element(
        "w:style",
        element("w:name", val=style.name),
        element("w:basedOn", val="Normal"),
        element("w:next", val=style.follows) if style.follows else None,
        element("w:qFormat"),
        _paragraph_properties(style),
        _run_properties(style, language),
        type="paragraph",
        styleId=style.key,
        **({"customStyle": 1} if style.own else {}),
    )


def _paragraph_properties(style: _Style) -> BaseOxmlElement:
    numbered = None
    if style.key == "ListBullet":
        numbered = element("w:numPr", element("w:numId", val=BULLETS))
    distances = {
        "before": None if style.before is None else round(20 * style.before),
        "after": None if style.after is None else round(20 * style.after),
        "line": style.line,
    }
    given = {name: value for name, value in distances.items() if value is not None}
    rule = {"lineRule": "auto"} if style.line else {}
    return element(
        "w:pPr",
        element("w:keepNext") if style.with_next else None,
        element("w:keepLines") if style.together else None,
        numbered,
        _box() if style.boxed else None,
        element("w:shd", val="clear", color="auto", fill=style.fill) if style.fill else None,
        _tab(style.tab) if style.tab else None,
        element("w:spacing", **given, **rule) if given else None,
        _indent(style),
        None if style.outline is None else element("w:outlineLvl", val=style.outline),
    )


def _indent(style: _Style) -> BaseOxmlElement | None:
    if style.key == "ListBullet":
        return element("w:ind", left=style.start, hanging=style.start)
    if not (style.start or style.end):
        return None
    return element("w:ind", left=style.start, right=style.end)


def _box() -> BaseOxmlElement:
    sides = ("top", "left", "bottom", "right")
    return element(
        "w:pBdr",
        *(element(f"w:{side}", val="single", sz=8, space=6, color=_DARK) for side in sides),
    )


def _tab(place: int) -> BaseOxmlElement:
    return element("w:tabs", element("w:tab", val="right", pos=place))


def _run_properties(style: _Style, language: str) -> BaseOxmlElement:
    return element(
        "w:rPr",
        element("w:b") if style.bold else None,
        element("w:bCs") if style.bold else None,
        element("w:color", val=style.colour) if style.colour else None,
        *(_sizes(style.size, language) if style.size else ()),
    )


def _plain_table() -> BaseOxmlElement:
    return element(
        "w:style",
        element("w:name", val="Normal Table"),
        element("w:uiPriority", val=99),
        element("w:semiHidden"),
        element("w:tblPr", _cell_margins(108)),
        type="table",
        default=1,
        styleId="TableNormal",
    )


def _cell_margins(side: int) -> BaseOxmlElement:
    return element(
        "w:tblCellMar",
        *(
            element(f"w:{name}", w=width, type="dxa")
            for name, width in (("top", 0), ("left", side), ("bottom", 0), ("right", side))
        ),
    )


def _table_style() -> BaseOxmlElement:
    lines = element(
        "w:tblBorders",
        element("w:top", val="single", sz=8, space=0, color=_DARK),
        element("w:bottom", val="single", sz=8, space=0, color=_DARK),
        element("w:insideH", val="single", sz=4, space=0, color=_LINE),
    )
    below = element("w:tcBorders", element("w:bottom", val="single", sz=8, space=0, color=_DARK))
    return element(
        "w:style",
        element("w:name", val="Report Table"),
        element("w:basedOn", val="TableNormal"),
        element("w:qFormat"),
        element("w:tblPr", lines, _cell_margins(100)),
        element(
            "w:tblStylePr",
            element("w:rPr", element("w:b"), element("w:bCs")),
            element(
                "w:tcPr",
                below,
                element("w:shd", val="clear", color="auto", fill=_TINT),
                element("w:vAlign", val="bottom"),
            ),
            type="firstRow",
        ),
        type="table",
        customStyle=1,
        styleId=TABLE_STYLE,
    )


def numbering() -> BaseOxmlElement:
    """The part with the one list, whose dots stand where lines begin."""
    level = element(
        "w:lvl",
        element("w:start", val=1),
        element("w:numFmt", val="bullet"),
        element("w:pStyle", val="ListBullet"),
        element("w:lvlText", val="•"),
        element("w:lvlJc", val="left"),
        element("w:pPr", element("w:ind", left=400, hanging=400)),
        element(
            "w:rPr",
            element("w:rFonts", ascii=LATIN_FONT, hAnsi=LATIN_FONT, cs=LATIN_FONT, hint="default"),
        ),
        ilvl=0,
    )
    return element(
        "w:numbering",
        element(
            "w:abstractNum",
            element("w:multiLevelType", val="singleLevel"),
            level,
            abstractNumId=0,
        ),
        element("w:num", element("w:abstractNumId", val=0), numId=BULLETS),
    )


def fonts() -> BaseOxmlElement:
    """The part with the fonts, and what to take where one is missing."""
    instead = {
        LATIN_FONT: ("Liberation Sans", "swiss"),
        NASTALIQ: ("Noto Nastaliq Urdu", "auto"),
        INDIC_FONT: ("Kohinoor Bangla", "swiss"),
    }
    return element(
        "w:fonts",
        *(
            element(
                "w:font",
                element("w:altName", val=other),
                element("w:family", val=family),
                element("w:pitch", val="variable"),
                name=font,
            )
            for font, (other, family) in instead.items()
        ),
    )
