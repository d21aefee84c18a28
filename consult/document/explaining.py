"""pydantic's errors about a consultation file, turned into problems with lines and mends."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from consult.document.model import (
    FORMAT,
    Consultation,
    DeletionMode,
    Misfit,
    Part,
    QuestionKind,
    Sensitivity,
)
from consult.document.problems import Problem, shown
from consult.document.yaml_tree import Found, Loc, Node, Place, find, path_of

ENUM_NOUNS: dict[type[Enum], str] = {
    QuestionKind: "a kind of question",
    Part: "a part of the consultation",
    Sensitivity: "a degree of sensitivity",
    DeletionMode: "a way of deleting answers",
}

_PLACE_NAMED = re.compile(r"^(question '\w+'|sections|questions|areas|residents): ")
"""What the model's messages begin with and the path of a problem says already."""

Words = tuple[str, str]
"""What is wrong, and the mend."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One pydantic error and what is known about its place."""

    loc: Loc
    found: Found
    message: str
    context: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The field that is meant."""
        return str(next((s for s in reversed(self.loc) if isinstance(s, str)), ""))

    @property
    def text(self) -> str:
        return shown(self.found.node.text)


def explain(error: ErrorDetails, root: Node) -> Problem | None:
    """One pydantic error as a problem, or ``None`` if its cause was reported already."""
    loc: Loc = error["loc"]
    context = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, Misfit):
        loc = (*loc, *cause.place)
    found = find(root, loc)
    if found.node.kind == "unknown":
        return None
    case = _Case(loc, found, error["msg"], context)
    message, mend = _WORDS.get(error["type"], _other)(case)
    place = _place(error["type"], case)
    return Problem(place.line, place.column, path_of(root, loc), message, mend, place.file)


def did_you_mean(name: str, known: list[str]) -> str:
    """Return ``Did you mean "title"? `` with the nearest known name, or nothing."""
    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f'Did you mean "{near[0]}"? ' if near else ""


def _place(kind: str, case: _Case) -> Place:
    # A field that is missing or empty, and an unknown or wrong name, stand at the name.
    at_name = (
        not case.found.complete
        or kind == "extra_forbidden"
        or case.loc[-1:] == ("[key]",)
        or case.found.node.kind in {"list", "mapping", "nothing"}
    )
    return case.found.place if at_name else case.found.node.place


def _annotation(loc: Loc) -> Any:
    """Return the declared type at a location, ``None`` where nothing is declared."""
    declared: Any = Consultation
    for step in loc:
        declared = _bare(declared)
        if isinstance(declared, type) and issubclass(declared, BaseModel):
            field = declared.model_fields.get(str(step))
            declared = None if field is None else field.annotation
        elif get_origin(declared) is tuple:
            declared = get_args(declared)[0]
        elif get_origin(declared) is dict:
            declared = get_args(declared)[1]
        else:
            return None
    return _bare(declared)


def _bare(declared: Any) -> Any:
    """Strip a type of ``Annotated`` and ``None``."""
    while True:
        if get_origin(declared) is Annotated:
            declared = get_args(declared)[0]
        elif get_origin(declared) in (Union, UnionType):
            declared = next(arg for arg in get_args(declared) if arg is not type(None))
        else:
            return declared


def _required(model: type[BaseModel]) -> str:
    return ", ".join(name for name, field in model.model_fields.items() if field.is_required())


def _missing(case: _Case) -> Words:
    return f"{case.name} is missing.", _add(case)


def _add(case: _Case) -> str:
    declared, name = _annotation(case.loc), case.name
    if declared is datetime:
        return f'Add a line such as "{name}: 2026-03-31T09:00".'
    if declared is date:
        return f'Add a line such as "{name}: 2026-03-31".'
    if isinstance(declared, type) and issubclass(declared, Enum):
        return f'Add a line "{name}: ..." with one of: {_choices(declared)}.'
    if isinstance(declared, type) and issubclass(declared, BaseModel):
        return f'Add "{name}:" and, indented below it, {_required(declared) or "its fields"}.'
    if get_origin(declared) is tuple:
        return f'Add "{name}:" and, below it, each item on a line that begins with a hyphen.'
    if get_origin(declared) is dict:
        return f'Add "{name}:" and, indented below it, a line "name: value" for each.'
    return f'Add a line "{name}: ...".'


def _extra(case: _Case) -> Words:
    owner = _annotation(case.loc[:-1])
    known = list(owner.model_fields)
    mend = did_you_mean(case.name, known) or "Remove it, or check the indentation. "
    return f"There is no field {shown(case.name)} here.", f"{mend}Known here: {', '.join(known)}."


def _choices(declared: type[Enum]) -> str:
    return ", ".join(str(member.value) for member in declared)


def _enum(case: _Case) -> Words:
    declared = _annotation(case.loc)
    mend = f"Use one of: {_choices(declared)}."
    written = case.found.node
    if written.kind != "text":
        return _holds(case, "one word"), mend
    return f'"{case.text}" is not {ENUM_NOUNS[declared]}.', mend


def _format(case: _Case) -> Words:
    return (
        f'"{case.text}" is not a format that this version can read.',
        f"Write: format: {FORMAT}",
    )


def _holds(case: _Case, wanted: str) -> str:
    kind = case.found.node.kind
    if kind == "nothing":
        return f"{shown(case.name)} has nothing after it."
    held = {"list": "a list", "mapping": "a group of fields", "text": f'"{case.text}"'}[kind]
    return f"Here is {held}, but {wanted} is needed."


def _string(case: _Case) -> Words:
    mend = {
        "list": "Write the text after the colon; if it begins with - or [, put it in "
        "double quotes.",
        "mapping": "Write the text after the colon; if it begins with { or has a colon in it, "
        "put it in double quotes.",
    }.get(case.found.node.kind, "Write the text after the colon, or remove the line.")
    return _holds(case, "a text"), mend


def _empty(case: _Case) -> Words:
    return f"{shown(case.name)} is empty.", "Write the text, or remove the line if it is optional."


def _long(case: _Case) -> Words:
    most, length = case.context["max_length"], len(case.found.node.text.strip())
    if case.loc[-1:] == ("[key]",):
        length = len(str(case.loc[-2]))
    return (
        f"It is {length} characters long, but at most {most} are allowed.",
        f"Shorten it by {length - most}.",
    )


def _pattern(case: _Case) -> Words:
    pattern = case.context["pattern"]
    written = str(case.loc[-2]) if case.loc[-1:] == ("[key]",) else case.found.node.text
    if pattern.startswith("^[a-z]{2,3}"):
        return (
            f'"{shown(written)}" is not a language code.',
            "Write a code such as en, ur or pt-BR.",
        )
    wording, joint, start = {
        "^[a-z][": ("a key: small letters, digits and underscores, a letter first", "_", "k_"),
        "^[a-z0-": ("a name for addresses: small letters, digits and hyphens", "-", ""),
    }.get(pattern[:7], ("a code: letters, digits, hyphens and underscores of English", "_", ""))
    plain = written if "A-Z" in pattern else written.lower()
    better = re.sub(r"[^A-Za-z0-9]+", joint, plain).strip(joint)
    if start and not better[:1].isalpha():
        better = f"{start}{better}"
    mend = f"Write {better[:60]}, for instance." if better else "Use only those signs."
    return f'"{shown(written)}" is not {wording}.', mend


def _integer(case: _Case) -> Words:
    return _holds(case, "a whole number"), "Write digits only, such as 16."


def _boolean(case: _Case) -> Words:
    return _holds(case, "true or false"), "Write true or false."


def _date(case: _Case) -> Words:
    return _holds(case, "a date"), "Write year-month-day of a day that exists, such as 2026-03-31."


def _date_without_time(case: _Case) -> Words:
    return f'"{case.text}" has a time of day, but only a date is needed.', "Remove the time."


def _datetime(case: _Case) -> Words:
    return (
        _holds(case, "a date and time"),
        "Write it such as 2026-03-31T09:00, in the consultation's time zone.",
    )


def _at_least(case: _Case) -> Words:
    least = case.context["ge"]
    return f"{case.text} is too small; the least is {least}.", f"Write {least} or more."


def _at_most(case: _Case) -> Words:
    most = case.context["le"]
    return f"{case.text} is too large; the most is {most}.", f"Write {most} or less."


def _too_few(case: _Case) -> Words:
    return f"{case.name} lists nothing.", "Write at least one item below it."


def _list(case: _Case) -> Words:
    mend = "Write each item on a line of its own that begins with a hyphen and a space."
    if case.found.node.kind == "nothing":
        mend += " Remove the line if there are none."
    return _holds(case, "a list"), mend


def _mapping(case: _Case) -> Words:
    declared = _annotation(case.loc)
    if case.name == "translations" or case.loc[:1] == ("translations",):
        return (
            _holds(case, "a group of translations"),
            'Write "path: translation" lines indented below it, or the name of a file.',
        )
    if isinstance(declared, type) and issubclass(declared, BaseModel):
        mend = f"Write its fields indented below it: {_required(declared) or 'see the manual'}."
        return _holds(case, "a group of fields"), mend
    return _holds(case, "a group of fields"), 'Write "name: value" lines indented below it.'


def _value(case: _Case) -> Words:
    cause = case.context["error"]
    if isinstance(cause, Misfit):
        return _sentence(_PLACE_NAMED.sub("", cause.reason)), _sentence(cause.mend)
    return _sentence(str(cause)), "Change it as this says."


def _other(case: _Case) -> Words:
    return _sentence(case.message), "Compare it with docs/consultation-files.md."


def _sentence(words: str) -> str:
    # Names such as closes_at keep their small letters.
    if words.split(" ", 1)[0].isalpha():
        words = words[0].upper() + words[1:]
    return f"{shown(words, 2_000)}."


_WORDS: dict[str, Callable[[_Case], Words]] = {
    "missing": _missing,
    "extra_forbidden": _extra,
    "enum": _enum,
    "literal_error": _format,
    "string_type": _string,
    "string_too_short": _empty,
    "string_too_long": _long,
    "string_pattern_mismatch": _pattern,
    "int_type": _integer,
    "int_parsing": _integer,
    "int_parsing_size": _integer,
    "bool_type": _boolean,
    "bool_parsing": _boolean,
    "date_type": _date,
    "date_parsing": _date,
    "date_from_datetime_parsing": _date,
    "date_from_datetime_inexact": _date_without_time,
    "datetime_type": _datetime,
    "datetime_parsing": _datetime,
    "datetime_from_date_parsing": _datetime,
    "datetime_object_invalid": _datetime,
    "greater_than_equal": _at_least,
    "less_than_equal": _at_most,
    "too_short": _too_few,
    "tuple_type": _list,
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "value_error": _value,
}
"""How each type of pydantic error is worded."""
