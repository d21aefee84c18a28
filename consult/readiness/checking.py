"""All checks, one list."""

from collections.abc import Iterator

from consult.readiness.acronyms import acronyms
from consult.readiness.asked import unanswered
from consult.readiness.contact import contact
from consult.readiness.dates import dates
from consult.readiness.facts import Case
from consult.readiness.findings import Code, Finding, Severity, warns
from consult.readiness.law import law
from consult.readiness.places import ITEMS, part_of
from consult.readiness.population import population
from consult.readiness.structure import structure
from consult.readiness.translations import translations
from consult.readiness.way import way
from consult.readiness.wording import wording

_PARTS = (
    *("words", "dates", "languages", "contact", "privacy", "sections", "questions"),
    *("areas", "residents", "reference_population", "translations", "preview", "readiness"),
)
"""In the order in which officers meet them."""


def check(case: Case) -> tuple[Finding, ...]:
    """Everything to mend, to look at or to think about: what blocks first, then by part.

    Signing off is not among them: it stands at the end of all others.
    """
    severities = list(Severity)
    order = {f"{field}.{key}": at for field in ITEMS for at, key in enumerate(_keys(case, field))}
    return tuple(
        sorted(
            _all(case),
            key=lambda found: (
                severities.index(found.severity),
                _rank(found.path),
                order.get(part_of(found.path), 0),
            ),
        )
    )


def _all(case: Case) -> Iterator[Finding]:
    yield from structure(case)
    yield from wording(case.document, case.texts)
    yield from acronyms(case.document, case.texts)
    yield from law(case)
    yield from contact(case)
    yield from population(case)
    yield from dates(case)
    yield from way(case)
    yield from translations(case)
    yield from _asked(case)
    if case.facts.published is None and not case.facts.test_count:
        yield warns(Code.NOT_PREVIEWED, "preview")


def _asked(case: Case) -> Iterator[Finding]:
    known = case.has("opens_at") and case.has("closes_at") and case.has_new_dates
    opens, closes = (case.opens, case.document.closes) if known else (None, None)
    yield from unanswered(case.facts.answers, opens, closes)


def _rank(path: str) -> int:
    part = part_of(path).split(".", 1)[0]
    return _PARTS.index(part) if part in _PARTS else len(_PARTS)


def _keys(case: Case, field: str) -> list[str]:
    items = case.document.sections if field == "sections" else case.document.questions
    return [item.key for item in items]
