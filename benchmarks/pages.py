"""Reading pages as a browser does, and filling in their forms as a person might."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

WORDS = (
    "The market on our street sells fresh food, but the bus stops at six and my mother cannot "
    "carry the bags up the hill. A later bus on two evenings would help her more than a leaflet.",
    "ہمارے محلے میں پارک ہے مگر شام کو روشنی نہیں ہوتی، اس لیے بچے وہاں نہیں جا سکتے۔ "
    "روشنی لگا دیں اور بینچ ٹھیک کر دیں تو ہم سب روز وہاں چلیں گے۔",
)
"""Answers in one's own words, in two scripts."""


@dataclass(slots=True)
class Field:
    """A control of a form, or all radio buttons or checkboxes of one name."""

    name: str
    kind: str
    """``select``, ``textarea``, or the type of the input."""
    values: list[str] = field(default_factory=list)
    """The choices, or the one value that it has."""
    exclusive: set[str] = field(default_factory=set)
    """Choices that stand alone."""
    numeric: bool = False
    shown: bool = True
    """False for a trap for robots."""


@dataclass(slots=True)
class Form:
    """A form of a page."""

    action: str
    method: str
    in_main: bool
    fields: list[Field] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The value of a hidden field."""
        return next(f.values[0] for f in self.fields if f.name == name and f.values)


@dataclass(slots=True)
class Link:
    """A link of a page."""

    href: str
    hreflang: str | None


@dataclass(slots=True)
class Page:
    """What is needed of a page."""

    forms: list[Form] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    """Addresses that a browser fetches by itself: style sheets, scripts, images, icons."""
    code: str | None = None
    """The code that the page shows, e.g. the receipt's."""

    def main_form(self) -> Form:
        """The form that the page is about.

        Raises
        ------
        LookupError
            If there is none.
        """
        for form in self.forms:
            if form.in_main and form.method == "post":
                return form
        raise LookupError("the page has no form")


def read_page(html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


def fill_in(form: Form, chance: random.Random) -> list[tuple[str, str]]:
    """The fields of a form as a person might send them, with its plain button.

    Choices are made by chance; free text goes where there is nothing to choose from.
    """
    sent: list[tuple[str, str]] = []
    has_choices = any(f.kind in {"radio", "checkbox"} for f in form.fields)
    ranks = [f for f in form.fields if f.kind == "select"]
    places = _places(ranks, chance)
    for asked in form.fields:
        if asked.kind == "hidden":
            sent.append((asked.name, asked.values[0]))
        elif asked.kind == "radio":
            sent.append((asked.name, chance.choice(asked.values)))
        elif asked.kind == "checkbox":
            sent.extend((asked.name, value) for value in _ticked(asked, chance))
        elif asked.kind == "select":
            sent.append((asked.name, places.get(asked.name, "")))
        else:
            left_empty = has_choices or not asked.shown
            sent.append((asked.name, "" if left_empty else _text(asked, chance)))
    return sent


def _places(ranks: Sequence[Field], chance: random.Random) -> dict[str, str]:
    """A place for as many as there are places, each once."""
    if not ranks:
        return {}
    wanted = [value for value in ranks[0].values if value]
    named = [rank.name for rank in ranks]
    chance.shuffle(named)
    return dict(zip(named, wanted, strict=False))


def _ticked(asked: Field, chance: random.Random) -> list[str]:
    alone = [value for value in asked.values if value in asked.exclusive]
    together = [value for value in asked.values if value not in asked.exclusive]
    if not together or (alone and chance.random() < 0.1):
        return alone[:1]
    return chance.sample(together, k=min(len(together), chance.choice((1, 2))))


def _text(asked: Field, chance: random.Random) -> str:
    if asked.numeric:
        return str(chance.randint(0, 7))
    words = chance.choice(WORDS)
    return words if asked.kind == "textarea" else " ".join(words.split()[:8])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._in_main = False
        self._form: Form | None = None
        self._select: Field | None = None
        self._reads_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        match tag:
            case "main":
                self._in_main = True
            case "form":
                method = attributes.get("method", "get").lower()
                self._form = Form(attributes.get("action", ""), method, self._in_main)
                self.page.forms.append(self._form)
            case "a" if "href" in attributes:
                link = Link(attributes["href"], attributes.get("hreflang"))
                self.page.links.append(link)
            case "input" | "textarea" | "select":
                self._control(tag, attributes)
            case "option" if self._select is not None:
                self._select.values.append(attributes.get("value", ""))
            case "script" | "img" | "source" if "src" in attributes:
                self.page.resources.append(attributes["src"])
            case "link" if {"stylesheet", "icon", "manifest", "preload"} & set(
                attributes.get("rel", "").split()
            ):
                self.page.resources.append(attributes["href"])
        if "data-code" in attributes:
            self.page.code = ""
            self._reads_code = True

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "main":
                self._in_main = False
            case "form":
                self._form = None
            case "select":
                self._select = None
        self._reads_code = False

    def handle_data(self, data: str) -> None:
        if self._reads_code and self.page.code is not None:
            self.page.code += data

    def _control(self, tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "text") if tag == "input" else tag
        name = attributes.get("name", "")
        if self._form is None or not name or kind in {"submit", "button", "image", "reset"}:
            return
        known = next((f for f in self._form.fields if f.name == name and f.kind == kind), None)
        if known is None or kind not in {"radio", "checkbox"}:
            known = Field(
                name,
                kind,
                numeric=attributes.get("inputmode") == "numeric",
                shown=attributes.get("tabindex") != "-1",
            )
            self._form.fields.append(known)
        if tag == "select":
            self._select = known
        elif tag == "input":
            known.values.append(attributes.get("value", ""))
            if "data-exclusive" in attributes:
                known.exclusive.add(attributes.get("value", ""))
