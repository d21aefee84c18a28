"""What has to be right on every page, whatever it shows."""

from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from consult.languages import direction

_UNLABELLED_INPUTS = {"hidden", "submit", "reset", "button", "image"}
_CAPTURED = {"title", "h1", "label", "legend", "button", "a"}
_APART = {"select", "svg", "textarea"}
# Addresses that the browser fetches by itself. A link element may also just name a page.
_RESOURCES = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href",),
    "video": ("src", "poster"),
}
_NAMED_ONLY = {"alternate", "author", "canonical", "help", "license", "next", "prev"}
_DATA_SCRIPTS = {"application/json", "application/ld+json"}

Attributes = dict[str, str]


@dataclass
class _Element:
    tag: str
    attributes: Attributes
    line: int
    text: str = ""
    legend: str | None = None
    """For a fieldset."""

    def __str__(self) -> str:
        shown = "".join(
            f' {name}="{self.attributes[name]}"'
            for name in ("id", "name", "type", "value", "for", "href", "src")
            if name in self.attributes
        )
        return f"<{self.tag}{shown}> in line {self.line}"


def check_page(html: str) -> None:
    """Fail with every fault of a page, in one list.

    Raises
    ------
    AssertionError
        If there is one.
    """
    problems = page_problems(html)
    if problems:
        raise AssertionError("The page has faults:\n" + "\n".join(f"  {p}" for p in problems))


def page_problems(html: str) -> list[str]:
    """List the faults of a page.

    A page has one ``h1``, a title, ``lang`` and a fitting ``dir``, unique ids and no reference
    to an id that is not there; each control has a label, each group of choices a legend, each
    image an ``alt``; nothing is inline that a strict Content-Security-Policy forbids, and
    nothing is fetched from another host.
    """
    parser = _PageParser()
    parser.feed(html)
    parser.close()
    return [
        *parser.problems,
        *_document_problems(parser),
        *_reference_problems(parser),
        *_label_problems(parser),
    ]


class _PageParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.elements: list[_Element] = []
        self.controls: list[tuple[_Element, _Element | None, list[_Element]]] = []
        """Each control, the label around it if any, and the fieldsets and groups around it."""
        self._open: list[_Element] = []
        self._groups: list[_Element] = []
        self._apart: list[str] = []
        """What is open whose text is no text of the page: choices, drawings."""

    def all(self, tag: str) -> list[_Element]:
        """Elements of a kind, in their order."""
        return [element for element in self.elements if element.tag == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        element = _Element(tag, attributes, self.getpos()[0])
        self.elements.append(element)
        self._check_inline(element, [name for name, _ in attrs])
        self._check_resources(element)
        if tag in {"input", "select", "textarea"}:
            labels = [outer for outer in self._open if outer.tag == "label"]
            self.controls.append((element, labels[-1] if labels else None, list(self._groups)))
        if tag in _APART:
            self._apart.append(tag)
        if tag == "fieldset":
            self._groups.append(element)
        elif tag in _CAPTURED and not (tag == "title" and "svg" in self._apart):
            self._open.append(element)
        elif tag == "img":
            if "alt" not in attributes:
                self.problems.append(f"{element} has no alt")
            for outer in self._open:
                outer.text += attributes.get("alt", "")

    def handle_endtag(self, tag: str) -> None:
        if self._apart and self._apart[-1] == tag:
            self._apart.pop()
        if tag == "fieldset" and self._groups:
            self._groups.pop()
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index].tag == tag:
                closed = self._open.pop(index)
                if tag == "legend" and self._groups and self._groups[-1].legend is None:
                    self._groups[-1].legend = closed.text.strip()
                break

    def handle_data(self, data: str) -> None:
        for element in self._open:
            if not self._apart:
                element.text += data

    def _check_inline(self, element: _Element, names: list[str]) -> None:
        for name, count in Counter(names).items():
            if count > 1:
                self.problems.append(f"{element} has {name} {count} times")
            if name == "style":
                self.problems.append(f"{element} has an inline style")
            if name.startswith("on"):
                self.problems.append(f"{element} has an inline script, {name}")
        for name in ("href", "src", "action", "formaction"):
            if element.attributes.get(name, "").strip().lower().startswith("javascript:"):
                self.problems.append(f"{element} has an inline script, {name}")
        if element.tag == "style":
            self.problems.append(f"{element} is an inline style sheet")
        if (
            element.tag == "script"
            and "src" not in element.attributes
            and element.attributes.get("type") not in _DATA_SCRIPTS
        ):
            self.problems.append(f"{element} is an inline script")

    def _check_resources(self, element: _Element) -> None:
        relations = set(element.attributes.get("rel", "").lower().split())
        if element.tag == "link" and relations and relations <= _NAMED_ONLY:
            return
        for name in _RESOURCES.get(element.tag, ()):
            value = element.attributes.get(name, "")
            candidates = value.split(",") if name == "srcset" else [value]
            for candidate in candidates:
                if urlsplit(candidate.strip()).netloc:
                    self.problems.append(f"{element} is fetched from another host, {candidate}")


def _document_problems(page: _PageParser) -> list[str]:
    problems = []
    headings = page.all("h1")
    if len(headings) != 1:
        problems.append(f"the page has {len(headings)} h1 elements")
    problems.extend(f"{heading} is empty" for heading in headings if not heading.text.strip())
    if not any(title.text.strip() for title in page.all("title")):
        problems.append("the page has no title")
    roots = page.all("html")
    language = roots[0].attributes.get("lang", "") if roots else ""
    written = roots[0].attributes.get("dir", "") if roots else ""
    if not language:
        problems.append("html has no lang")
    if written not in {"ltr", "rtl"}:
        problems.append(f'html has dir="{written}"')
    elif language and written != direction(language):
        problems.append(f"html has dir={written}, which is wrong for {language}")
    return problems


def _reference_problems(page: _PageParser) -> list[str]:
    ids = Counter(
        element.attributes["id"] for element in page.elements if "id" in element.attributes
    )
    problems = [f'id="{name}" occurs {count} times' for name, count in ids.items() if count > 1]
    problems.extend('id="" is empty' for name in ids if not name)
    for element in page.elements:
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list"):
            for target in element.attributes.get(name, "").split():
                if target not in ids:
                    problems.append(f"{element}: {name} names #{target}, which is not there")
        address = element.attributes.get("href", "")
        inside = element.tag == "a" and len(address) > 1 and address.startswith("#")
        if inside and address[1:] not in ids:
            problems.append(f"{element} leads to {address}, which is not there")
    return problems


def _label_problems(page: _PageParser) -> list[str]:
    named = {
        label.attributes["for"]
        for label in page.all("label")
        if "for" in label.attributes and label.text.strip()
    }
    problems = [f"{label} is empty" for label in page.all("label") if not label.text.strip()]
    groups: dict[tuple[str, str], list[tuple[_Element, list[_Element]]]] = {}
    for control, around, group in page.controls:
        kind = control.attributes.get("type", "text").lower() if control.tag == "input" else ""
        if kind in _UNLABELLED_INPUTS:
            continue
        if not (
            control.attributes.get("id") in named
            or control.attributes.get("aria-label", "").strip()
            or control.attributes.get("aria-labelledby", "").strip()
            or (around is not None and around.text.strip())
        ):
            problems.append(f"{control} has no label")
        if kind in {"radio", "checkbox"}:
            key = (kind, control.attributes.get("name", ""))
            groups.setdefault(key, []).append((control, group))
    for choices in groups.values():
        first, around_first = choices[0]
        if len(choices) > 1 and not any(fieldset.legend for fieldset in around_first):
            problems.append(f"{first} and its like are in no fieldset with a legend")
    for element in page.elements:
        if element.tag in {"button", "a"} and not (
            element.text.strip()
            or element.attributes.get("aria-label", "").strip()
            or element.attributes.get("aria-labelledby", "").strip()
            or (element.tag == "a" and "href" not in element.attributes)
        ):
            problems.append(f"{element} has no text")
    return problems
