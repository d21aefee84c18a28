"""Who answered, as the engines of representation take them: a row per counted response.

A question names a dimension, and each of its options a category of the reference population
(:mod:`consult.services.reference_figures`). The same rows make the tallies that the pages show
and the file that ``python -m analysis representation`` reads: so both say the same.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from analysis.representation.populations.answers import SEPARATORS, is_unknown
from analysis.representation.populations.population import ReferenceDimension, ReferencePopulation
from analysis.representation.populations.respondents import Respondents, _Tally
from analysis.tables import matching_key, tidy
from consult.document.model import PREFER_NOT_TO_SAY, Question, QuestionKind
from consult.document.model import Consultation as Document
from consult.models import Answer, Consultation, Response
from consult.services.counted import counted
from consult.services.journey import Value
from consult.services.reference_figures import COMPARED_KINDS

BETWEEN = "; "
"""Between the categories of somebody who chose several."""


@dataclass(frozen=True, slots=True)
class Person:
    """One counted response, in the categories of the reference population.

    Attributes
    ----------
    received_at : datetime
    categories : mapping of str to str
        By dimension; blank where the person did not say.
    """

    response_id: UUID
    received_at: datetime
    categories: Mapping[str, str]


def asked(document: Document) -> dict[str, Question]:
    """The question of each dimension, in the document's order."""
    return {
        question.dimension: question
        for question in document.questions
        if question.dimension is not None and question.kind in COMPARED_KINDS
    }


def compared_responses(stored: Consultation) -> ColumnElement[bool]:
    """Responses that are compared with residents: those that count, of people who live here."""
    return and_(
        Response.consultation_id == stored.id, counted(), Response.is_resident.is_not(False)
    )


def people(
    session: Session,
    stored: Consultation,
    document: Document,
    *,
    only: ColumnElement[bool] | None = None,
) -> list[Person]:
    """Everybody who is compared with the population, in no order that tells on them.

    Who does not live here is not among them. An answer that was not given, and one that says
    that the person prefers not to say, are blank. ``only`` is a further condition on responses.
    """
    wanted = compared_responses(stored)
    if only is not None:
        wanted = and_(wanted, only)
    questions = {question.key: question for question in asked(document).values()}
    received = session.execute(
        select(Response.id, Response.received_at).where(wanted).order_by(Response.id)
    ).all()
    found: dict[UUID, dict[str, str]] = {
        row.id: dict.fromkeys((str(q.dimension) for q in questions.values()), "")
        for row in received
    }
    named = {key: _names(document, question) for key, question in questions.items()}
    answers = session.execute(
        select(Answer.response_id, Answer.question_key, Answer.value)
        .join(Response, Response.id == Answer.response_id)
        .where(wanted, Answer.question_key.in_(questions))
    )
    for response_id, key, value in answers:
        if response_id in found:
            found[response_id][str(questions[key].dimension)] = _category(value, named[key])
    return [Person(row.id, row.received_at, found[row.id]) for row in received]


def population(document: Document) -> ReferencePopulation:
    """Whom the respondents are compared with, as the document counts them.

    A part of which the counts are all zero says nothing and is left out. The code of an area
    that is none of the consultation's wards names the whole place.
    """
    wards = {area.code for area in document.areas}
    parts: dict[tuple[str, str | None], ReferenceDimension] = {}
    for entry in document.reference_population:
        area = entry.area if entry.area in wards else None
        part = ReferenceDimension(
            name=entry.dimension,
            area=area,
            categories=tuple(_one_name(name) for name in entry.counts),
            counts=tuple(float(count) for count in entry.counts.values()),
            base=entry.base,
            source=entry.source,
            date=entry.as_of.isoformat(),
        )
        if part.answered().total > 0:
            parts.setdefault((matching_key(part.name), area), part)
    order = list(dict.fromkeys(name for name, _ in parts))
    kept = sorted(parts, key=lambda key: (order.index(key[0]), key[1] is not None))
    return ReferencePopulation(tuple(parts[key] for key in kept))


def table(session: Session, stored: Consultation, document: Document) -> Respondents:
    """Everybody who is compared, tallied by dimension and, where that is asked, by ward."""
    return tallied([count_up(people(session, stored, document), document)], document)


Counts: TypeAlias = dict[str, dict[str, dict[str, int]]]
"""People by dimension, by answer, by the ward that they live in (blank where nobody asks)."""


def count_up(found: Iterable[Person], document: Document) -> Counts:
    """Count people; by ward too where the population has counts of wards."""
    area_column = area_dimension(document) if population(document).areas else None
    counts: Counts = {name: {} for name in asked(document)}
    for person in found:
        area = "" if area_column is None else person.categories[area_column]
        for name, answer in person.categories.items():
            by_area = counts[name].setdefault(answer, {})
            by_area[area] = by_area.get(area, 0) + 1
    return counts


def tallied(parts: Sequence[Counts], document: Document) -> Respondents:
    """Counts of different people together, as the engines take them."""
    areas = population(document).areas
    places = {matching_key(area): place for place, area in enumerate(areas)}
    area_column = area_dimension(document) if areas else None
    names = tuple(asked(document))
    lived_in = {a for part in parts for a in part.get(area_column or "", ()) if not is_unknown(a)}
    return Respondents(
        dimensions=names,
        area_column=area_column,
        areas=tuple(sorted(lived_in)),
        _area_rows=MappingProxyType(places),
        _tallies=MappingProxyType(
            {matching_key(name): _tally([p.get(name, {}) for p in parts], places) for name in names}
        ),
    )


def _tally(parts: Sequence[Mapping[str, Mapping[str, int]]], places: Mapping[str, int]) -> _Tally:
    values = sorted({value for part in parts for value in part})
    column = {value: at for at, value in enumerate(values)}
    whole = np.zeros(len(values), dtype=np.int64)
    by_area = np.zeros((len(places), len(values)), dtype=np.int64)
    for part in parts:
        for value, areas in part.items():
            for area, count in areas.items():
                whole[column[value]] += count
                if (row := places.get(matching_key(area))) is not None:
                    by_area[row, column[value]] += count
    return _Tally(tuple(values), whole, by_area)


def respondents_file(found: Iterable[Person], document: Document) -> str:
    """The rows as CSV, for ``python -m analysis representation``; nobody is named in it."""
    names = list(asked(document))
    return _csv(names, ([person.categories[name] for name in names] for person in found))


def population_file(document: Document) -> str:
    """The reference population as CSV, for the same command."""
    header = ["dimension", "category", "count", "area", "base", "source", "date"]
    return _csv(
        header,
        (
            [
                part.name,
                category,
                f"{count:.0f}",
                part.area or "",
                part.base,
                part.source,
                part.date,
            ]
            for part in population(document).parts
            for category, count in zip(part.categories, part.counts, strict=True)
        ),
    )


def _names(document: Document, question: Question) -> dict[str, str]:
    """The category of each answer of a question, by its key."""
    if question.kind is QuestionKind.WARD:
        names = {area.code: area.code for area in document.areas}
    else:
        names = {option.key: option.category or option.key for option in question.options}
    return {key: _one_name(name) for key, name in names.items()} | {PREFER_NOT_TO_SAY: ""}


def _one_name(name: str) -> str:
    """A category's name that cannot be read as two."""
    return tidy(SEPARATORS.sub(",", name))


def _category(value: Value, names: Mapping[str, str]) -> str:
    """What a person is, in the words of the population; several where they chose several.

    An option that is not asked any more keeps its key: it is counted, and compared with nobody.
    """
    keys = [value["choice"]] if "choice" in value else value.get("choices", ())
    return BETWEEN.join(
        dict.fromkeys(filter(None, (names.get(str(key), str(key)) for key in keys)))
    )


def area_dimension(document: Document) -> str | None:
    """The dimension that says where people live."""
    return next((name for name, q in asked(document).items() if q.kind is QuestionKind.WARD), None)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return written.getvalue()
