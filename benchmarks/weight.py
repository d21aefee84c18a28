"""How many bytes each kind of resident page costs, on a first visit and on a later page."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.journey import SEED
from benchmarks.outcome import Outcome, Table
from benchmarks.pages import fill_in
from benchmarks.serving import Installation, install, pause, running_server
from benchmarks.visitor import ENCODINGS, Reply, Visitor
from consult.document.model import Consultation

LANGUAGES = ("en", "ur")
FIRST_VISIT_BUDGET = 50_000
LATER_PAGE_BUDGET = 15_000
"""Bytes, heads of replies included."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes that one page costs."""

    page_bytes: int
    resource_bytes: int

    @property
    def first_visit_bytes(self) -> int:
        """With everything that the page brings along."""
        return self.page_bytes + self.resource_bytes


def run(workspace: Path) -> Outcome:
    """Weigh every kind of page in a language of each direction; of one kind, the heaviest."""
    installation = install(workspace / "weight")
    weights: dict[str, dict[str, Weight]] = {}
    resources: dict[str, int] = {}
    with running_server(installation) as server:
        for language in LANGUAGES:
            with Visitor(server.port) as visitor:
                for name, reply in _pages(visitor, installation, language):
                    resources |= _weigh(visitor, reply, weights.setdefault(name, {}), language)
        pause(installation)
        for language in LANGUAGES:
            with Visitor(server.port) as visitor:
                reply = visitor.get(f"/{language}/{installation.document.slug}/answer")
                resources |= _weigh(visitor, reply, weights.setdefault("paused", {}), language)
    return _outcome(weights, resources)


def _weigh(
    visitor: Visitor, reply: Reply, known: dict[str, Weight], language: str
) -> dict[str, int]:
    """Keep a page's weight if it is the heaviest of its kind; give the weights of its parts."""
    parts = {part.path: part.transferred_bytes for part in visitor.get_resources(reply)}
    found = Weight(reply.transferred_bytes, sum(parts.values()))
    if language not in known or found.page_bytes > known[language].page_bytes:
        known[language] = found
    return parts


def _pages(
    visitor: Visitor, installation: Installation, language: str
) -> Iterator[tuple[str, Reply]]:
    document = installation.document
    base = f"/{language}/{document.slug}"
    yield "choice of a language", visitor.get(f"/c/{document.slug}")
    yield "all consultations", visitor.get(f"/{language}/")
    yield "start", visitor.get(f"{base}/")
    yield "draft overview", visitor.get(f"{base}/draft")
    for section in document.sections:
        for depth in ("short", "easy", "full"):
            path = f"{base}/draft/{section.key}/{depth}"
            yield f"draft section, {depth}", visitor.get(path)
    yield "draft on one page", visitor.get(f"{base}/draft.html")
    yield "help", visitor.get(f"{base}/help")
    yield "privacy", visitor.get(f"{base}/privacy")
    yield "enter a code", visitor.get(f"{base}/code")
    yield "code refused", _sent(visitor, visitor.get(f"{base}/code"), code="1234")
    yield "page not found", visitor.get(f"{base}/nothing-here")
    yield from _answering(visitor, document, base)
    yield "what you sent", visitor.get(f"{base}/my-response")
    yield "withdraw?", visitor.get(f"{base}/my-response/withdraw")
    yield "news by e-mail", visitor.get(f"{base}/news")
    yield "news, thanks", _sent(visitor, visitor.get(f"{base}/news"), email="name@example.org")
    yield "device cleared", _cleared(visitor, base)


def _answering(visitor: Visitor, document: Consultation, base: str) -> Iterator[tuple[str, Reply]]:
    chance = random.Random(SEED)  # noqa: S311 - made-up answers
    reply = visitor.get(f"{base}/answer")
    yield "question, refused", _sent(visitor, reply)
    while not reply.path.endswith("/receipt"):
        yield _name(reply, document), reply
        if reply.status != 200:
            raise RuntimeError(f"{reply.path}: {reply.status}")
        form = reply.page.main_form()
        if form.action.endswith("/ward"):
            refused = _sent(visitor, reply, find_ward="1", postcode="nowhere")
            yield "question: ward, refused", refused
        elif form.action.endswith("/send"):
            yield "check the answers, refused", visitor.post(form.action, [("csrf_token", "")])
        reply = visitor.post(form.action, fill_in(form, chance))
        if form.action.endswith(f"/{document.questions[0].key}"):
            saving = visitor.get(f"{base}/save")
            yield "come back later", saving
            yield "code to come back", _sent(visitor, saving)
    yield "receipt", reply


def _sent(visitor: Visitor, reply: Reply, **typed: str) -> Reply:
    """Send a page's form with nothing but its hidden fields and what is given."""
    form = reply.page.main_form()
    hidden = [(f.name, f.values[0]) for f in form.fields if f.kind == "hidden"]
    return visitor.post(form.action, [*hidden, *typed.items()])


def _cleared(visitor: Visitor, base: str) -> Reply:
    forms = visitor.get(f"{base}/").page.forms
    form = next(form for form in forms if form.action.endswith("/clear-device"))
    return visitor.post(form.action, [("csrf_token", form.value("csrf_token"))])


def _name(reply: Reply, document: Consultation) -> str:
    *_, folder, last = reply.path.split("/")
    if folder != "question":
        return {"about-you": "about you", "check": "check the answers"}[last]
    question = document.question(last)
    assert question is not None
    return f"question: {question.kind.value.replace('_', ' ')}"


def _outcome(weights: dict[str, dict[str, Weight]], resources: dict[str, int]) -> Outcome:
    outcome = Outcome()
    pages: dict[str, Any] = {}
    rows: list[tuple[Any, ...]] = []
    for name, by_language in weights.items():
        row: list[Any] = [name]
        over = []
        for language, weight in by_language.items():
            pages.setdefault(name, {})[language] = {
                "first_visit_bytes": weight.first_visit_bytes,
                "later_page_bytes": weight.page_bytes,
            }
            row += [weight.first_visit_bytes, weight.page_bytes]
            if weight.first_visit_bytes > FIRST_VISIT_BUDGET:
                over.append(f"first visit ({language})")
            if weight.page_bytes > LATER_PAGE_BUDGET:
                over.append(f"later page ({language})")
        rows.append((*row, ", ".join(over)))
        if over:
            outcome.notes.append(f"{name}: over budget: {', '.join(over)}")
    outcome.figures = {
        "accept_encoding": ENCODINGS,
        "budgets": {"first_visit": FIRST_VISIT_BUDGET, "later_page": LATER_PAGE_BUDGET},
        "pages": pages,
        "resources": resources,
    }
    columns = [f"{language}, {when}" for language in LANGUAGES for when in ("first", "later")]
    title = f"Bytes transferred; budgets {FIRST_VISIT_BUDGET:,} first, {LATER_PAGE_BUDGET:,} later"
    outcome.tables.append(Table(title, ("page", *columns, "over budget"), rows))
    outcome.tables.append(
        Table("What pages bring along", ("resource", "bytes"), list(resources.items()))
    )
    return outcome
