"""From the fields of a form to an answer, and back.

The fields are kept exactly as typed beside the answer that they make, so that a page can
always be shown again as it was. Field names:

========================  =====================================================
``answer``                text, number, or the chosen key (several times for several choices)
``other-KEY``             the words that go with the option ``KEY``
``rank-KEY``              the place given to the option ``KEY``, 1 for the first
========================  =====================================================
"""

import dataclasses
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from consult.document.model import (
    PREFER_NOT_TO_SAY,
    Consultation,
    Question,
    QuestionKind,
    choices_of,
)
from consult.services.journey import Value, chosen_keys

Typed = Mapping[str, Sequence[str]]
"""Fields of a form: for each name, what was entered under it."""

OTHER_LENGTH_LIMIT = 200
LARGEST_NUMBER = 10**12
LONGEST_NUMBER = 1_000
"""Digits; a longer row of them is no number that anybody means."""

_GROUP_MARK = "[\u066c\u060c\u00a0\u202f'\u2019 ,]"
_WHOLE_NUMBER = re.compile(
    rf"(?P<sign>[-+]?) ?"
    rf"(?P<digits>[0-9]+|[0-9]{{1,3}}(?:{_GROUP_MARK}[0-9]{{2,3}})*{_GROUP_MARK}[0-9]{{3}})"
    rf"(?:[.,]0{{0,2}})?"
)
_FRACTION = re.compile(r"[-+]?[0-9]*[.,][0-9]+")


class Fault(StrEnum):
    """What is wrong with what was entered. The forms say it in the person's language."""

    REQUIRED = "required"
    REQUIRED_TEXT = "required_text"
    UNKNOWN_OPTION = "unknown_option"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    EXCLUSIVE = "exclusive"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    SAME_PLACE = "same_place"
    PLACE_SKIPPED = "place_skipped"
    UNKNOWN_PLACE = "unknown_place"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, where it is, and the figures that its sentence needs."""

    field: str
    fault: Fault
    figures: Mapping[str, int] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the fields of one question come to: an answer, none (skipped), or problems."""

    value: Value | None
    problems: tuple[Problem, ...] = ()


def clean(text: str) -> str:
    r"""Text as typed, apart from what no database keeps and what browsers add.

    NUL goes, lone surrogates go, and line ends are ``\n``. Nothing else changes: spaces, bidi
    controls and emoji are the person's own.

    Examples
    --------
    >>> clean("a\r\n\x00b ")
    'a\nb '
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "ignore").decode("utf-8")


def is_blank(text: str) -> bool:
    """Whether nothing can be seen of a text: white space, controls and joiners only."""
    return all(c.isspace() or unicodedata.category(c) in {"Cc", "Cf", "Zs"} for c in text)


def keep_typed(fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The fields of a question's form as they are to be kept, others left out."""
    return {
        name: [clean(entry) for entry in entries]
        for name, entries in fields.items()
        if name == "answer" or name.startswith(("other-", "rank-"))
    }


def read_answer(question: Question, consultation: Consultation, typed: Typed) -> Reading:
    """Turn the fields of a question into its answer.

    Blank fields are a skipped question, whatever else is asked for: only a required
    question may not be skipped.
    """
    match question.kind:
        case QuestionKind.SHORT_TEXT | QuestionKind.LONG_TEXT:
            reading = _read_text(question, typed)
        case QuestionKind.NUMBER:
            reading = _read_number(question, typed)
        case QuestionKind.RANKING:
            reading = _read_ranking(question, typed)
        case QuestionKind.SEVERAL_CHOICES:
            reading = _read_several(question, consultation, typed)
        case _:
            reading = _read_choice(question, consultation, typed)
    if reading.value is None and not reading.problems and question.required:
        fault = Fault.REQUIRED_TEXT if question.kind in TEXT_LIKE else Fault.REQUIRED
        return Reading(None, (Problem("answer", fault),))
    return reading


TEXT_LIKE = frozenset({QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT, QuestionKind.NUMBER})


def typed_from_value(question: Question, value: Value) -> dict[str, list[str]]:
    """The fields that would make an answer, to show a stored answer in a form again."""
    if "text" in value:
        return {"answer": [str(value["text"])]}
    if "number" in value:
        return {"answer": [str(value["number"])]}
    if "order" in value:
        return {f"rank-{key}": [str(i)] for i, key in enumerate(value["order"], start=1)}
    fields = {"answer": sorted(chosen_keys(value))}
    if "other" in value:
        for option in question.options:
            if option.other and option.key in fields["answer"]:
                fields[f"other-{option.key}"] = [str(value["other"])]
    return fields


def parse_whole_number(text: str) -> int | None:
    """A whole number in the digits of any script, or nothing.

    Marks and spaces that part groups of digits are passed over, and a fraction of zero is
    allowed. What may as well be a fraction, such as "7,5" or "1.000", is no whole number.

    Examples
    --------
    >>> parse_whole_number("۱۲"), parse_whole_number(" 1,200 "), parse_whole_number("-3")
    (12, 1200, -3)
    >>> parse_whole_number("৭.০"), parse_whole_number("7.5"), parse_whole_number("seven")
    (7, None, None)
    >>> parse_whole_number("7,5"), parse_whole_number("1.000"), parse_whole_number("1,00,000")
    (None, None, 100000)
    """
    found = _WHOLE_NUMBER.fullmatch(_plain_number(text))
    if found is None or len(found["digits"]) > LONGEST_NUMBER:
        return None
    return int(found["sign"] + re.sub(r"[^0-9]", "", found["digits"]))


def _plain_number(text: str) -> str:
    """A number with the digits, minus and decimal point of English, and no bidi controls."""
    plain = "".join(c for c in ascii_digits(text) if unicodedata.category(c) != "Cf")
    return plain.strip().replace("\u066b", ".").replace("\u2212", "-")


def ascii_digits(text: str) -> str:
    """The text with decimal digits of every script turned to 0 to 9."""
    return "".join(
        str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in text
    )


def _entry(typed: Typed, name: str) -> str:
    entries = typed.get(name, ())
    return entries[0] if entries else ""


def _read_text(question: Question, typed: Typed) -> Reading:
    text = clean(_entry(typed, "answer"))
    if is_blank(text):
        return Reading(None)
    if len(text) > question.length_limit:
        figures = {"limit": question.length_limit, "over": len(text) - question.length_limit}
        return Reading(None, (Problem("answer", Fault.TOO_LONG, figures),))
    return Reading({"text": text})


def _read_number(question: Question, typed: Typed) -> Reading:
    text = clean(_entry(typed, "answer"))
    if is_blank(text):
        return Reading(None)
    number = parse_whole_number(text)
    if number is None:
        is_fraction = _FRACTION.fullmatch(_plain_number(text))
        fault = Fault.NOT_WHOLE if is_fraction else Fault.NOT_A_NUMBER
        return Reading(None, (Problem("answer", fault),))
    smallest = -LARGEST_NUMBER if question.minimum is None else question.minimum
    largest = LARGEST_NUMBER if question.maximum is None else question.maximum
    if number < smallest:
        return Reading(None, (Problem("answer", Fault.TOO_SMALL, {"limit": smallest}),))
    if number > largest:
        return Reading(None, (Problem("answer", Fault.TOO_LARGE, {"limit": largest}),))
    return Reading({"number": number})


def _read_choice(question: Question, consultation: Consultation, typed: Typed) -> Reading:
    key = _entry(typed, "answer") or next(iter(_options_with_words(question, typed)), "")
    if not key:
        return Reading(None)
    if key not in choices_of(question, consultation):
        return Reading(None, (Problem("answer", Fault.UNKNOWN_OPTION),))
    return _with_other_words(question, {"choice": key}, [key], typed)


def _read_several(question: Question, consultation: Consultation, typed: Typed) -> Reading:
    known = choices_of(question, consultation)
    entered = {entry for entry in typed.get("answer", ()) if entry}
    entered.update(_options_with_words(question, typed))
    if not entered:
        return Reading(None)
    if not entered <= set(known):
        return Reading(None, (Problem("answer", Fault.UNKNOWN_OPTION),))
    keys = [key for key in known if key in entered]
    exclusive = {o.key for o in question.options if o.exclusive} | {PREFER_NOT_TO_SAY}
    if len(keys) > 1 and exclusive & entered:
        return Reading(None, (Problem("answer", Fault.EXCLUSIVE),))
    if question.choose_at_most is not None and len(keys) > question.choose_at_most:
        figures = {"limit": question.choose_at_most}
        return Reading(None, (Problem("answer", Fault.TOO_MANY, figures),))
    return _with_other_words(question, {"choices": keys}, keys, typed)


def _options_with_words(question: Question, typed: Typed) -> list[str]:
    """Options whose "please say" was filled in: without scripts that is enough to choose them."""
    return [
        option.key
        for option in question.options
        if option.other and not is_blank(clean(_entry(typed, f"other-{option.key}")))
    ]


def _with_other_words(
    question: Question, value: dict[str, Any], keys: list[str], typed: Typed
) -> Reading:
    words = [
        (option.key, clean(_entry(typed, f"other-{option.key}")))
        for option in question.options
        if option.other and option.key in keys
    ]
    for key, text in words:
        if len(text) > OTHER_LENGTH_LIMIT:
            figures = {"limit": OTHER_LENGTH_LIMIT, "over": len(text) - OTHER_LENGTH_LIMIT}
            return Reading(None, (Problem(f"other-{key}", Fault.TOO_LONG, figures),))
        if not is_blank(text):
            value["other"] = text
    return Reading(value)


def _read_ranking(question: Question, typed: Typed) -> Reading:
    places = min(question.rank_at_most or len(question.options), len(question.options))
    ranked: dict[int, str] = {}
    for option in question.options:
        name = f"rank-{option.key}"
        text = _entry(typed, name)
        if is_blank(text):
            continue
        number = parse_whole_number(text)
        if number is None or not 1 <= number <= places:
            return Reading(None, (Problem(name, Fault.UNKNOWN_PLACE, {"limit": places}),))
        if number in ranked:
            return Reading(None, (Problem(name, Fault.SAME_PLACE, {"place": number}),))
        ranked[number] = option.key
    if not ranked:
        return Reading(None)
    missing = next((n for n in range(1, max(ranked)) if n not in ranked), None)
    if missing is not None:
        first = f"rank-{question.options[0].key}"
        return Reading(None, (Problem(first, Fault.PLACE_SKIPPED, {"place": missing}),))
    return Reading({"order": [ranked[n] for n in sorted(ranked)]})
