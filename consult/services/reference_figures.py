"""Figures of the population, one question at a time: those that come along, and officers' own.

Answers are compared with figures by *dimension*, such as age. A question names its dimension, each
of its options a category (its own key where it names none), and the reference population holds
the count of each category. One form writes all three, so they are saved together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from analysis.representation.populations.mapping import load_options
from analysis.representation.populations.population import PLACES, load_reference
from analysis.tables import matching_key
from consult.document.model import QuestionKind
from consult.models import Workspace
from consult.readiness.facts import Case, Facts
from consult.readiness.findings import Finding
from consult.readiness.population import population
from consult.services import workspaces

_SAME_TOTAL = 0.005
"""Census tables differ among each other by a few people."""

LICENCE = "Open Government Licence v3.0"
COMPARED_KINDS = frozenset(
    {QuestionKind.SINGLE_CHOICE, QuestionKind.SEVERAL_CHOICES, QuestionKind.WARD}
)
"""Kinds of questions whose answers can be compared with figures."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures that come along, cut to the answers of a question."""

    base: str
    source: str
    as_of: str
    counts: Mapping[str, int]
    categories: Mapping[str, str]
    """By option, where a category fits it."""
    without: tuple[str, ...]
    """Names of options or areas that there are no figures of."""


def places() -> tuple[str, ...]:
    """Places whose census figures come along."""
    return tuple(place.title() for place in PLACES)


def dimensions(place: str) -> list[tuple[str, str]]:
    """What there are figures of in a place: names, and who is counted.

    Raises
    ------
    ValueError
        If there are none of that place.
    """
    reference = load_reference(place)
    return [
        (name, reference.dimension(name).base)
        for name in reference.dimensions
        if reference.has(name)
    ]


def figures(
    place: str,
    dimension: str,
    question: Mapping[str, Any],
    areas: Iterable[Mapping[str, Any]],
) -> Figures:
    """Census figures of a place for the answers of a question.

    Options are placed as the model consultation's are, by their keys, or by their words. Several
    census categories of one option are added up. Areas are found by their names.

    Raises
    ------
    ValueError
        If there are no such figures.
    """
    found = load_reference(place).dimension(dimension).answered()
    counts = dict(zip(found.categories, (round(count) for count in found.counts), strict=True))
    origin = (found.base, f"{found.source}, {LICENCE}", found.date)
    if question.get("kind") == QuestionKind.WARD:
        by_name = {matching_key(name): count for name, count in counts.items()}
        named = [(str(area["code"]), matching_key(str(area["name"]))) for area in areas]
        return Figures(
            *origin,
            counts={code: by_name[name] for code, name in named if name in by_name},
            categories={},
            without=tuple(
                str(a["name"]) for a in areas if matching_key(str(a["name"])) not in by_name
            ),
        )
    keys = [str(option["key"]) for option in question.get("options") or ()]
    categories: dict[str, str] = {}
    mapping = load_options().get(dimension)
    if mapping is not None and any(
        key in group.options for group in mapping.groups for key in keys
    ):
        grouped = mapping.reference(found)
        counts = dict(zip(grouped.categories, (round(c) for c in grouped.counts), strict=True))
        categories = {
            key: group.name for group in mapping.groups for key in group.options if key in keys
        }
    for option in question.get("options") or ():
        if option["key"] not in categories:
            match = matching_category(option, counts)
            if match is not None:
                categories[option["key"]] = match
    without = [
        str(option.get("label") or option["key"])
        for option in question.get("options") or ()
        if option["key"] not in categories
    ]
    return Figures(*origin, counts=counts, categories=categories, without=tuple(without))


def matching_category(option: Mapping[str, Any], counts: Iterable[str]) -> str | None:
    """The category that an option is called like, in its words or its key."""
    by_name = {matching_key(name): name for name in counts}
    for name in (option.get("category"), option.get("label"), option.get("key")):
        if name and matching_key(str(name)) in by_name:
            return by_name[matching_key(str(name))]
    return None


def likely_total(counts: Mapping[str, int]) -> str | None:
    """The category that seems to count the people of all others once more, if there is one."""
    whole = sum(counts.values())
    for name, count in counts.items():
        if len(counts) > 2 and count and abs(whole - 2 * count) <= _SAME_TOTAL * count:
            return name
    return None


def entry_of(content: Mapping[str, Any], dimension: str | None) -> dict[str, Any] | None:
    """The reference population's entry of a dimension, if there is one."""
    for entry in content.get("reference_population") or ():
        if entry.get("dimension") == dimension:
            return dict(entry)
    return None


def value_of(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What one question is compared with, as its form writes it.

    Raises
    ------
    workspaces.NoSuchPart
        If there is no such question, or its answers cannot be compared.
    """
    question = next((q for q in content.get("questions", []) if q["key"] == key), None)
    if question is None or question.get("kind") not in COMPARED_KINDS:
        raise workspaces.NoSuchPart(f"questions.{key}")
    entry = entry_of(content, question.get("dimension")) or {}
    return {
        "dimension": question.get("dimension"),
        "base": entry.get("base"),
        "source": entry.get("source"),
        "as_of": entry.get("as_of"),
        "area": entry.get("area"),
        "counts": dict(entry.get("counts") or {}),
        "categories": {
            str(option["key"]): option.get("category") for option in question.get("options") or ()
        },
    }


def save(
    session: Session,
    slug: str,
    key: str,
    value: Mapping[str, Any],
    *,
    seen: str,
    actor: str,
    now: datetime,
) -> None:
    """Write what a question is compared with: its dimension, the categories, the counts.

    Raises
    ------
    workspaces.PartChanged
        If somebody has changed one of them since it was seen.
    workspaces.NoSuchPart
        If the question is not there any more.
    """
    workspace = workspaces.lock(session, slug)
    current = value_of(workspace.content, key)
    part = f"questions.{key}"
    if current == value:
        return
    if workspaces.digest(current) != seen:
        changed_by, changed_at = workspaces.last_change(
            session, workspace, part, "reference_population"
        )
        raise workspaces.PartChanged(current, changed_by, changed_at)
    question = workspaces.part_of(workspace, part)
    options = [
        {**option, "category": value["categories"].get(option["key"], option.get("category"))}
        for option in question.get("options") or ()
    ]
    dimension = value["dimension"] or question.get("dimension") or key
    changed = {**question, "dimension": dimension}
    if options:
        changed["options"] = options
    workspaces.save_part(
        session,
        slug,
        part,
        changed,
        seen=workspaces.digest(question),
        actor=actor,
        now=now,
    )
    entry = {
        name: value[name]
        for name in ("base", "source", "as_of", "area", "counts")
        if value.get(name) is not None
    }
    _put(session, slug, dimension, {"dimension": dimension, "area": None, **entry}, actor, now)


def remove(
    session: Session, slug: str, dimension: str, *, seen: str, actor: str, now: datetime
) -> None:
    """Take the figures of a dimension out, as they were seen; the questions stay as they are.

    Raises
    ------
    workspaces.PartChanged
        If somebody has changed them since.
    workspaces.NoSuchPart
        If there are none any more.
    """
    workspace = workspaces.lock(session, slug)
    current = entry_of(workspace.content, dimension)
    if current is None:
        raise workspaces.NoSuchPart("reference_population")
    if workspaces.digest(current) != seen:
        told = workspaces.last_change(session, workspace, "reference_population")
        raise workspaces.PartChanged(current, *told)
    _put(session, slug, dimension, None, actor, now)


def mismatches(workspace: Workspace, *, now: datetime) -> dict[str | None, list[Finding]]:
    """What does not fit between questions and figures, by dimension; the rest under none."""
    case = Case.of(workspace.content, workspace.slug, Facts(now=now))
    found: dict[str | None, list[Finding]] = {}
    for finding in population(case):
        names = finding.values.get("names")
        for name in names if isinstance(names, tuple) else (finding.values.get("name"),):
            found.setdefault(None if name is None else str(name), []).append(finding)
    return found


def _put(
    session: Session,
    slug: str,
    dimension: str,
    entry: dict[str, Any] | None,
    actor: str,
    now: datetime,
) -> None:
    workspace = workspaces.lock(session, slug)
    current = workspaces.part_of(workspace, "reference_population")
    entries = list(current or ())
    at = next(
        (i for i, each in enumerate(entries) if each.get("dimension") == dimension), len(entries)
    )
    entries[at : at + 1] = [entry] if entry is not None else []
    workspaces.save_part(
        session,
        slug,
        "reference_population",
        entries,
        seen=workspaces.digest(current),
        actor=actor,
        now=now,
    )
