"""What is still to be done in each part of a consultation in the making.

An officer saves what is there; nothing is refused because something else is missing. What a
consultation must have before it opens is found here, part by part, so that each part's page can
say what is left to do on it. The parts are those of :mod:`consult.services.workspaces`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError, create_model
from pydantic_core import ErrorDetails

from consult.document.completing import by_part
from consult.document.fields import UNPRINTABLE, Day, Misfit, Moment, Strict, known_timezones
from consult.document.model import (
    AGREE_SCALE,
    CHOICE_KINDS,
    PREFER_NOT_TO_SAY,
    Area,
    Consultation,
    Contact,
    Part,
    Privacy,
    Question,
    QuestionKind,
    ReferencePopulation,
    Residents,
    Section,
)
from consult.services.workspaces import DATES, WORDS, NoSuchPart

Place = tuple[str | int, ...]


class Fault(StrEnum):
    """What is left to do. The pages say it in the officer's language."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    UNSEEN = "unseen"
    """It holds a control character."""
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    UNFIT = "unfit"
    """It is not of the kind that is needed there; only files and other programs write such."""
    FEW_OPTIONS = "few_options"
    OPTION_REPEATED = "option_repeated"
    OPTION_BY_ITSELF = "option_by_itself"
    """Every monitoring question offers "I prefer not to say" without being told."""
    OTHER_TWICE = "other_twice"
    NOT_IN_RANKING = "not_in_ranking"
    """An option of a ranking that asks for words, or excludes the others."""
    LIMITS_CROSSED = "limits_crossed"
    ALWAYS_SKIPPED = "always_skipped"
    """A monitoring question that is required."""
    NOT_OF_KIND = "not_of_kind"
    """A field that does not go with the way the question is answered."""
    NO_SUCH_SECTION = "no_such_section"
    NO_AREAS = "no_areas"
    CONDITION_EMPTY = "condition_empty"
    CONDITION_LOST = "condition_lost"
    """It looks at a question that is not asked before this one."""
    ANSWER_LOST = "answer_lost"
    """It names an answer that the question does not have."""
    QUESTION_LOST = "question_lost"
    NOBODY_TO_ASK = "nobody_to_ask"
    """Neither a phone number nor an e-mail address."""
    CLOSES_FIRST = "closes_first"
    LATE_TOO_EARLY = "late_too_early"
    DELETED_TOO_EARLY = "deleted_too_early"
    REPEATED = "repeated"
    NO_QUESTIONS = "no_questions"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing left to do: in which part, where in it, and the figures its sentence needs."""

    part: str
    place: Place
    fault: Fault
    values: Mapping[str, Any] = field(default_factory=dict)


def _part_of_consultation(name: str, fields: Iterable[str]) -> type[Strict]:
    wanted = {key: Consultation.model_fields[key] for key in fields}
    chosen: dict[str, Any] = {key: (info.annotation, info) for key, info in wanted.items()}
    made: type[Strict] = create_model(name, __base__=Strict, **chosen)
    return made


_SHAPES: Mapping[str, TypeAdapter[Any]] = {
    "words": TypeAdapter(_part_of_consultation("Words", WORDS)),
    "dates": TypeAdapter(_part_of_consultation("Dates", DATES)),
    "contact": TypeAdapter(Contact),
    "privacy": TypeAdapter(Privacy),
    "areas": TypeAdapter(tuple[Area, ...]),
    "residents": TypeAdapter(Residents),
    "reference_population": TypeAdapter(tuple[ReferencePopulation, ...]),
    "sections": TypeAdapter(Section),
    "questions": TypeAdapter(Question),
}
_EMPTY: Mapping[str, Any] = {
    "contact": {},
    "privacy": {},
    "areas": [],
    "reference_population": [],
}
_KINDS_OF_FIELD: Mapping[str, frozenset[str]] = {
    "choose_at_most": frozenset({QuestionKind.SEVERAL_CHOICES}),
    "rank_at_most": frozenset({QuestionKind.RANKING}),
    "minimum": frozenset({QuestionKind.NUMBER}),
    "maximum": frozenset({QuestionKind.NUMBER}),
    "unit": frozenset({QuestionKind.NUMBER}),
    "max_length": frozenset({QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}),
}


def all_gaps(content: Mapping[str, Any]) -> list[Gap]:
    """Everything that is left to do, in the order of the pages."""
    return [gap for part in parts_of(content) for gap in gaps(content, part)]


def parts_of(content: Mapping[str, Any]) -> list[str]:
    """The parts that a consultation has or must have."""
    names = ["words", "dates", "contact", "privacy"]
    names += [f"sections.{item.get('key')}" for item in _items(content, "sections")]
    names.append("questions")
    names += [f"questions.{item.get('key')}" for item in _items(content, "questions")]
    return [*names, "areas", "residents", "reference_population"]


def gaps(content: Mapping[str, Any], part: str) -> list[Gap]:
    """What is left to do in one part; ``questions`` stands for having any.

    Raises
    ------
    consult.services.workspaces.NoSuchPart
        If there is no such part.
    """
    if part == "questions":
        return [] if _items(content, part) else [Gap(part, (), Fault.NO_QUESTIONS)]
    field_name, _, key = part.partition(".")
    value = _value(content, field_name, key)
    if value is None:
        return []
    found = [Gap(part, *rest) for rest in _own_faults(content, field_name, value)]
    # Rules between the fields of a part are pydantic's too; ours say more.
    covered = bool(found)
    found += [
        _gap(part, error)
        for error in _errors(field_name, value)
        if not (covered and error["type"] == "value_error" and isinstance(error["input"], dict))
    ]
    return found


_Rest = tuple[Place, Fault, Mapping[str, Any]]


def _value(content: Mapping[str, Any], name: str, key: str) -> Any:
    """What a part says; nothing where it may be missing and is."""
    if name in {"words", "dates"}:
        return {
            each: content[each] for each in (WORDS if name == "words" else DATES) if each in content
        }
    if name in {"sections", "questions"}:
        for item in _items(content, name):
            if item.get("key") == key:
                return item
        raise NoSuchPart(f"{name}.{key}")
    if name not in _SHAPES:
        raise NoSuchPart(name)
    value = content.get(name)
    return _EMPTY.get(name) if value is None else value


def _errors(name: str, value: Any) -> list[ErrorDetails]:
    try:
        _SHAPES[name].validate_python(value)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _gap(part: str, error: ErrorDetails) -> Gap:
    """One of pydantic's errors."""
    context = error.get("ctx", {})
    misfit = context.get("error")
    written = error["input"]
    place: Place = (*error["loc"], *(misfit.place if isinstance(misfit, Misfit) else ()))
    match error["type"]:
        case "missing" | "string_too_short" | "too_short":
            return Gap(part, place, Fault.MISSING)
        case _ if written is None:
            return Gap(part, place, Fault.MISSING)
        case "string_too_long":
            limit = int(context["max_length"])
            return Gap(
                part, place, Fault.TOO_LONG, {"limit": limit, "over": len(written.strip()) - limit}
            )
        case "greater_than_equal":
            return Gap(part, place, Fault.TOO_SMALL, {"limit": context["ge"]})
        case "less_than_equal":
            return Gap(part, place, Fault.TOO_LARGE, {"limit": context["le"]})
        case "value_error" if isinstance(written, str) and UNPRINTABLE.search(written):
            return Gap(part, place, Fault.UNSEEN)
        case _:
            return Gap(part, place, Fault.UNFIT)


def _own_faults(content: Mapping[str, Any], name: str, value: Any) -> Iterator[_Rest]:
    """What contradicts within a part, and between it and others."""
    match name:
        case "dates":
            yield from _order_of_times(content)
        case "privacy":
            yield from _deletion(content, value)
        case "contact":
            if not (value.get("phone") or value.get("email")):
                yield ("phone",), Fault.NOBODY_TO_ASK, {}
        case "areas":
            yield from _repeated(value, "code", Fault.REPEATED)
        case "reference_population":
            yield from _repeated(value, "dimension", Fault.REPEATED)
        case "residents":
            yield from _residents(content, value)
        case "questions":
            yield from _faults_of_question(content, value)


def _order_of_times(content: Mapping[str, Any]) -> Iterator[_Rest]:
    if content.get("timezone", "Europe/London") not in known_timezones():
        yield ("timezone",), Fault.UNFIT, {}
        return
    opens, closes, late = (
        _moment(content, name) for name in ("opens_at", "closes_at", "late_until")
    )
    if opens and closes and not opens < closes:
        yield ("closes_at",), Fault.CLOSES_FIRST, {}
    grace = content.get("grace_minutes", Consultation.model_fields["grace_minutes"].default)
    if closes and late and isinstance(grace, int) and late < closes + timedelta(minutes=grace):
        yield ("late_until",), Fault.LATE_TOO_EARLY, {"minutes": grace}


def _deletion(content: Mapping[str, Any], privacy: Mapping[str, Any]) -> Iterator[_Rest]:
    if content.get("timezone", "Europe/London") not in known_timezones():
        return
    late = _moment(content, "late_until")
    day = _read(TypeAdapter(Day), privacy.get("delete_on"))
    if late and isinstance(day, date) and day <= late.date():
        yield ("delete_on",), Fault.DELETED_TOO_EARLY, {"day": late.date()}


def _moment(content: Mapping[str, Any], name: str) -> datetime | None:
    found = _read(TypeAdapter(Moment), content.get(name))
    if isinstance(found, datetime) and found.tzinfo is None:
        return found.replace(tzinfo=ZoneInfo(content.get("timezone", "Europe/London")))
    return found if isinstance(found, datetime) else None


def _read(shape: TypeAdapter[Any], value: Any) -> Any:
    try:
        return None if value is None else shape.validate_python(value)
    except ValidationError:
        return None


def _residents(content: Mapping[str, Any], residents: Mapping[str, Any]) -> Iterator[_Rest]:
    named = next(
        (q for q in _items(content, "questions") if q.get("key") == residents.get("question")), None
    )
    if named is None:
        yield ("question",), Fault.QUESTION_LOST, {}
        return
    for i, key in enumerate(residents.get("any_of") or ()):
        if key not in answers_to_name(named):
            yield ("any_of", i), Fault.ANSWER_LOST, {"question": named.get("label"), "answer": key}


def _faults_of_question(content: Mapping[str, Any], value: Mapping[str, Any]) -> Iterator[_Rest]:
    kind, options = value.get("kind"), _items(value, "options")
    choosing = {each.value for each in CHOICE_KINDS}
    if kind in choosing and len(options) < 2:
        yield ("options",), Fault.FEW_OPTIONS, {}
    if kind not in choosing and options:
        yield ("options",), Fault.NOT_OF_KIND, {}
    for name, kinds in _KINDS_OF_FIELD.items():
        if value.get(name) is not None and kind not in kinds:
            yield (name,), Fault.NOT_OF_KIND, {}
    yield from _faults_of_options(value, options)
    smallest, largest = value.get("minimum"), value.get("maximum")
    if isinstance(smallest, int) and isinstance(largest, int) and smallest > largest:
        yield ("minimum",), Fault.LIMITS_CROSSED, {}
    if value.get("part") == Part.MONITORING and value.get("required"):
        yield ("required",), Fault.ALWAYS_SKIPPED, {}
    sections = {item.get("key") for item in _items(content, "sections")}
    if value.get("section") is not None and value.get("section") not in sections:
        yield ("section",), Fault.NO_SUCH_SECTION, {}
    if kind == QuestionKind.WARD and not content.get("areas"):
        yield ("kind",), Fault.NO_AREAS, {}
    yield from _faults_of_conditions(content, value)


def _faults_of_options(
    value: Mapping[str, Any], options: list[Mapping[str, Any]]
) -> Iterator[_Rest]:
    labels: dict[str, int] = {}
    keys: set[Any] = set()
    for i, option in enumerate(options):
        label = str(option.get("label") or "").strip().casefold()
        if option.get("key") in keys or (label and label in labels):
            yield ("options", i, "label"), Fault.OPTION_REPEATED, {"label": option.get("label")}
        keys.add(option.get("key"))
        labels.setdefault(label, i)
        if value.get("part") == Part.MONITORING and option.get("key") == PREFER_NOT_TO_SAY:
            yield ("options", i, "label"), Fault.OPTION_BY_ITSELF, {}
        if value.get("kind") == QuestionKind.RANKING and (
            option.get("other") or option.get("exclusive")
        ):
            yield ("options", i, "label"), Fault.NOT_IN_RANKING, {}
    asking = [i for i, option in enumerate(options) if option.get("other")]
    if value.get("kind") == QuestionKind.SEVERAL_CHOICES and len(asking) > 1:
        yield ("options", asking[1], "other"), Fault.OTHER_TWICE, {}


def _faults_of_conditions(content: Mapping[str, Any], value: Mapping[str, Any]) -> Iterator[_Rest]:
    earlier: dict[Any, Mapping[str, Any]] = {}
    for question in by_part(dict(each) for each in _items(content, "questions")):
        if question.get("key") == value.get("key"):
            break
        earlier[question.get("key")] = question
    for i, condition in enumerate(_items(value, "show_if")):
        named = earlier.get(condition.get("question"))
        chosen = [*(condition.get("any_of") or ()), *(condition.get("none_of") or ())]
        if named is None:
            yield ("show_if", i, "question"), Fault.CONDITION_LOST, {}
        elif bool(condition.get("any_of")) == bool(condition.get("none_of")):
            yield ("show_if", i, "answers"), Fault.CONDITION_EMPTY, {}
        else:
            for key in chosen:
                if key not in answers_to_name(named):
                    lost = {"question": named.get("label"), "answer": key}
                    yield ("show_if", i, "answers"), Fault.ANSWER_LOST, lost


def answers_to_name(question: Mapping[str, Any]) -> list[str]:
    """Keys of a question's answers that a condition can name."""
    if question.get("kind") == QuestionKind.AGREE_SCALE:
        return list(AGREE_SCALE)
    return [str(option.get("key")) for option in _items(question, "options")]


def _repeated(items: Any, name: str, fault: Fault) -> Iterator[_Rest]:
    seen: set[Any] = set()
    for i, item in enumerate(each for each in items if isinstance(each, dict)):
        if item.get(name) in seen:
            yield (i, name), fault, {"name": item.get(name)}
        seen.add(item.get(name))


def _items(content: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [item for item in content.get(name) or [] if isinstance(item, dict)]
