"""Whom the respondents are compared with, and whether every answer has its place there."""

from collections.abc import Iterator, Mapping

from analysis.errors import InputError
from analysis.representation.populations.mapping import build_mapping
from analysis.representation.populations.mapping_checks import Finding as Mismatch
from analysis.representation.populations.mapping_checks import Problem, check_mapping
from analysis.representation.populations.population import ReferenceDimension
from consult.document.model import Consultation as Document
from consult.document.model import Question, QuestionKind, ReferencePopulation
from consult.readiness.facts import Case
from consult.readiness.findings import Code, Finding, asks, warns

OLD_YEARS = 11
"""A census comes every ten years, and its figures a year after it."""

PATH = "reference_population"


def population(case: Case) -> Iterator[Finding]:
    """The reference population, and how the options of questions fit into it."""
    document = case.document
    if not document.reference_population:
        yield warns(Code.NO_POPULATION, PATH)
        return
    if document.residents is None and not case.content.get("residents"):
        yield asks(Code.NO_RESIDENTS, "residents")
    asked = {q.dimension: q for q in document.questions if q.dimension is not None}
    counted = {reference.dimension for reference in document.reference_population}
    for dimension, question in asked.items():
        if dimension not in counted:
            path = f"questions.{question.key}.dimension"
            yield warns(Code.DIMENSION_NOT_COUNTED, path, name=dimension)
    bases: dict[str, dict[str, None]] = {}
    for reference in document.reference_population:
        yield from _dates(case, reference)
        if reference.dimension not in asked:
            yield warns(Code.DIMENSION_NOT_ASKED, PATH, name=reference.dimension)
            continue
        question = asked[reference.dimension]
        for mismatch in _mismatches(document, question, reference):
            if isinstance(mismatch, Finding):
                yield mismatch
            elif mismatch.problem is Problem.BASE:
                bases.setdefault(mismatch.about[0], {})[reference.dimension] = None
            else:
                yield from _misplaced(document, question, mismatch)
    for base, names in bases.items():
        yield asks(Code.BASE_DIFFERS, PATH, base=base, age=document.minimum_age, names=tuple(names))


def _dates(case: Case, reference: ReferencePopulation) -> Iterator[Finding]:
    today = case.facts.now.astimezone(case.zone).date()
    if reference.as_of > today:
        yield warns(Code.COUNTS_IN_FUTURE, PATH, name=reference.dimension, day=reference.as_of)
    elif today.year - reference.as_of.year > OLD_YEARS:
        yield asks(Code.COUNTS_OLD, PATH, name=reference.dimension, day=reference.as_of)


def _mismatches(
    document: Document, question: Question, reference: ReferencePopulation
) -> Iterator[Finding | Mismatch]:
    if not any(reference.counts.values()):
        yield warns(Code.COUNTS_EMPTY, PATH, name=reference.dimension)
        return
    categories = _categories(document, question)
    try:
        mapping = build_mapping(reference.dimension, categories.items())
    except InputError:  # two names that differ in capitals only
        yield warns(Code.COUNTS_UNREADABLE, PATH, name=reference.dimension)
        return
    counted = ReferenceDimension(
        name=reference.dimension,
        area=reference.area,
        categories=tuple(reference.counts),
        counts=tuple(float(count) for count in reference.counts.values()),
        base=reference.base,
        source=reference.source,
        date=reference.as_of.isoformat(),
    )
    yield from check_mapping(mapping, tuple(categories), counted, minimum_age=document.minimum_age)


def _misplaced(document: Document, question: Question, mismatch: Mismatch) -> Iterator[Finding]:
    name = mismatch.about[0]
    if mismatch.problem is Problem.CATEGORY_WITHOUT_OPTION:
        yield warns(Code.CATEGORY_NOT_ASKED, PATH, category=name, name=mismatch.dimension)
    elif mismatch.problem is Problem.NOT_A_CATEGORY:
        words = _words(document, question)
        for key, category in _categories(document, question).items():
            if category == name:
                path = f"questions.{question.key}.options"
                yield warns(
                    Code.OPTION_NOT_COUNTED, path, label=words[key], name=mismatch.dimension
                )


def _categories(document: Document, question: Question) -> Mapping[str, str]:
    """The category of each answer, by its key."""
    if question.kind is QuestionKind.WARD:
        return {area.code: area.code for area in document.areas}
    return {option.key: option.category or option.key for option in question.options}


def _words(document: Document, question: Question) -> Mapping[str, str]:
    """The words of each answer, by its key."""
    if question.kind is QuestionKind.WARD:
        return {area.code: area.name for area in document.areas}
    return {option.key: str(option.label) for option in question.options}
