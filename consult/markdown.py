"""A draft's full text as safe HTML."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from consult.languages import direction

_TAGS = {"h2", "h3", "h4", "p", "ul", "ol", "li", "em", "strong", "a", "blockquote", "br", "hr"}
_CLASSES = {
    "<h2>": '<h2 class="govuk-heading-m">',
    "<h3>": '<h3 class="govuk-heading-s">',
    "<p>": '<p class="govuk-body">',
    "<ul>": '<ul class="govuk-list govuk-list--bullet">',
    "<ol": '<ol class="govuk-list govuk-list--number"',  # a list may begin at 3
    "<a ": '<a class="govuk-link" ',
}
_markdown = MarkdownIt("commonmark", {"html": False})


def as_html(text: str) -> Markup:
    """Markdown as HTML: headings from the second level on, no images, no HTML of its own.

    The result names its language where the text knows it (:class:`LocalText`).
    """
    clean = nh3.clean(
        _markdown.render(str(text)).replace("<h1>", "<h2>").replace("</h1>", "</h2>"),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    for plain, styled in _CLASSES.items():
        clean = clean.replace(plain, styled)
    language = getattr(text, "language", None)
    if language is None:
        return Markup(clean)  # noqa: S704 - cleaned just above
    return Markup(  # noqa: S704 - cleaned just above, and the language comes from our own list
        f'<div lang="{language}" dir="{direction(language)}">{clean}</div>'
    )


def deeper(html: Markup) -> Markup:
    """The same with every heading one level lower, to stand under another heading."""
    text = str(html)
    for level in (4, 3, 2):
        text = text.replace(f"<h{level} ", f"<h{level + 1} ").replace(
            f"</h{level}>", f"</h{level + 1}>"
        )
    return Markup(text)  # noqa: S704 - it was safe before
