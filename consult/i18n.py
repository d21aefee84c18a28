"""The language of a page: from its address, else from the browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel, format_date, format_time, gettext
from markupsafe import Markup, escape

from consult.document.texts import LocalText
from consult.folders import translations_folder
from consult.languages import direction, native_name

babel = Babel()
DEFAULT_TIMEZONE = "Europe/London"

PAGE_OF_FORM = {
    "residents.save_question": "residents.question",
    "residents.send": "residents.check",
    "residents.use_code": "residents.enter_code",
    "residents.news": "residents.news_form",
}
"""The page that a form stands on, for the links of one that was refused."""


STAFF = ("staff.", "security.")
"""How the endpoints of pages for staff begin."""


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One choice of the language switcher."""

    code: str
    native_name: str
    direction: str
    href: str
    current: bool


def init_app(app: Flask) -> None:
    """Set Flask-Babel up, and give templates what they say of languages."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(translations_folder())
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    babel.init_app(app, locale_selector=_locale, timezone_selector=_timezone)
    app.add_template_filter(said)
    app.add_template_filter(paragraphs)
    app.add_template_filter(in_language_of)
    app.add_template_filter(local_date)
    app.add_template_filter(local_time)
    app.context_processor(_language_context)


def offered_languages() -> tuple[str, ...]:
    """The interface languages of this installation, or of the consultation at hand."""
    settings: tuple[str, ...] = current_app.config["CONSULT_SETTINGS"].languages
    of_consultation = g.get("consultation_languages") if has_request_context() else None
    if of_consultation is None:
        return settings
    return tuple(code for code in of_consultation if code in settings)


def page_language() -> str:
    """The language of the page at hand: its address's, also of one that does not exist."""
    if not has_request_context():
        return "en"
    if "page_language" not in g:
        offered = offered_languages()
        named = request.path.split("/", 2)[1]
        g.page_language = named if named in offered else browser_language(offered)
    return str(g.page_language)


def browser_language(offered: tuple[str, ...]) -> str:
    """The offered language that the browser asks for first, else the first offered."""
    return request.accept_languages.best_match(offered) or offered[0]


def said(text: object) -> Markup:
    """A text in an element that names its language, where that is not the page's."""
    if isinstance(text, LocalText):
        return text.marked(page_language())
    return escape(text)


def paragraphs(text: str) -> Markup:
    """A plain text as paragraphs: blank lines part them, in their language."""
    language = getattr(text, "language", page_language())
    parts = (part.strip() for part in text.split("\n\n"))
    return Markup("\n").join(
        Markup('<p class="govuk-body">{}</p>').format(said(LocalText(part, language)))
        for part in parts
        if part
    )


def in_language_of(line: str, text: str) -> Markup:
    """A line of a text, marked with the text's language where that is not the page's."""
    return said(LocalText(line, getattr(text, "language", page_language())))


def local_date(value: date | datetime) -> str:
    """A day in words, in the consultation's time zone and the page's language."""
    return format_date(value, "long")


def local_time(value: datetime) -> str:
    """A day and the time of day, in the consultation's time zone and the page's language.

    The time is on the 24-hour clock in every language: the signs that locales put for the two
    halves of the day are English in some and unknown to many readers in others.
    """
    day = format_date(value, "long")
    # Translators: a time of day on a day, such as 23:59 on 17 January 2027
    return gettext("%(time)s on %(day)s", time=format_time(value, "HH:mm"), day=day)


def _locale() -> str:
    """The locale for catalogues, dates and plural forms: English is British here."""
    language = page_language()
    return "en_GB" if language == "en" else language


def _timezone() -> str:
    name = g.get("consultation_timezone") if has_request_context() else None
    return name or DEFAULT_TIMEZONE


def _language_context() -> dict[str, Any]:
    language = page_language()
    return {
        "page_language": language,
        "page_direction": direction(language),
        "language_links": list(_language_links(language)),
    }


def _language_links(current: str) -> Iterator[LanguageLink]:
    for code in offered_languages():
        yield LanguageLink(
            code, native_name(code), direction(code), _same_page_in(code), code == current
        )


def _same_page_in(language: str) -> str:
    """The address of the page at hand in another language; where it has none, the front page."""
    slug = g.get("consultation_slug")
    endpoint = PAGE_OF_FORM.get(request.endpoint or "", request.endpoint or "")
    if endpoint.startswith(STAFF):
        if request.method != "GET":
            return url_for("staff.home", language=language)
        kept = {"next": request.args["next"]} if "next" in request.args else {}
        return url_for(endpoint, **{**(request.view_args or {}), **kept, "language": language})
    of_page = endpoint.startswith("residents.") and (slug or endpoint == "residents.front")
    if of_page and (request.method == "GET" or request.endpoint in PAGE_OF_FORM):
        arguments = dict(request.view_args or {})
        if slug:
            arguments["slug"] = slug
        return url_for(endpoint, language=language, **arguments)
    if slug:
        return url_for("residents.start", language=language, slug=slug)
    return url_for("residents.front", language=language)
