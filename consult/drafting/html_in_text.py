"""HTML that stands in a Markdown text: its words stay, its tags go.

The tags are taken out before the text is read as Markdown, so that headings and lists between
them are still found. Every step takes time in proportion to the length of the text.
"""

import re
from typing import Final

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s[^<>]*)?)/?>")
_ALT = re.compile(r"\salt\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_HEADING = re.compile(r"h([1-6])")
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_NEVER_SHOWN: Final = (
    (re.compile(r"<!--"), re.compile(r"-->")),
    *(
        (re.compile(rf"<{name}\b", re.IGNORECASE), re.compile(rf"</{name}\s*>", re.IGNORECASE))
        for name in ("script", "style", "template")
    ),
)


def without_html(text: str) -> tuple[str, int]:
    """The text without tags and comments, and how many of them there were."""
    removed = 0
    for start, end in _NEVER_SHOWN:
        text, parts = _without(text, start, end)
        removed += parts
    text, tags = _TAG.subn(_instead, text)
    return text, removed + tags


def _without(text: str, start: re.Pattern[str], end: re.Pattern[str]) -> tuple[str, int]:
    """The text without the parts between two marks; an opening one alone is left."""
    kept: list[str] = []
    place = 0
    while (begin := start.search(text, place)) and (close := end.search(text, begin.end())):
        kept.append(text[place : begin.start()])
        place = close.end()
    return "".join([*kept, text[place:]]), len(kept)


def _instead(tag: re.Match[str]) -> str:
    closing, name, attributes = tag[1], tag[2].lower(), tag[3]
    if name == "br":
        return "  \n"
    if name == "li":
        return "\n" if closing else "\n- "
    if name == "img":
        alt = _ALT.search(attributes)
        words = next((part for part in alt.groups() if part), "") if alt else ""
        return f"![{re.sub(r'[][]', '', words)}](#)"
    if heading := _HEADING.fullmatch(name):
        return "\n\n" if closing else f"\n\n{'#' * int(heading[1])} "
    return "\n\n" if name in _BLOCKS else ""
