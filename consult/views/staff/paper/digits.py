"""From what is typed at the keyboard, answers by their numbers, to the fields of the forms."""

import re
from collections.abc import Sequence

from flask_babel import gettext

from consult.document.model import OUTSIDE_AREA
from consult.services.answering import ascii_digits, is_blank
from consult.views.staff.paper.sheets import Asked

Typed = dict[str, list[str]]

_SINGLE_DIGITS = 9
_BETWEEN = re.compile(r"[\s,;.+/-]+")


class NotUnderstood(ValueError):
    """What was typed is no answer; the sentence says why."""


def fields_of(asked: Asked, typed: Typed) -> Typed:
    """The fields as the online form would send them.

    Raises
    ------
    NotUnderstood
        If a number or a name is none of the answers.
    """
    text = (typed.get("answer") or [""])[0]
    if asked.area_is_written:
        return {**typed, "answer": _area(asked, text)}
    if asked.is_chosen:
        return {**typed, "answer": _keys(asked, text)}
    return typed


def _keys(asked: Asked, text: str) -> list[str]:
    numbers = _numbers(text, len(asked.choices))
    last = len(asked.choices)
    wrong = next((each for each in numbers if not _is_within(each, last)), None)
    if wrong is not None:
        raise NotUnderstood(
            gettext(
                "There is no answer %(typed)s here. Type a number from 1 to %(last)s.",
                typed=wrong[:20],
                last=last,
            )
        )
    if asked.takes_one and len(set(numbers)) > 1:
        raise NotUnderstood(
            gettext(
                "Type one number only. If several boxes are ticked where one is asked for, leave "
                "the question out."
            )
        )
    return [asked.choices[int(each) - 1].value for each in dict.fromkeys(numbers)]


def _numbers(text: str, last: int) -> Sequence[str]:
    """Numbers with anything between them; where there are at most nine, also in one row."""
    if is_blank(text):
        return []
    parts = [part for part in _BETWEEN.split(ascii_digits(text).strip()) if part]
    if last <= _SINGLE_DIGITS and all(_is_number(part) for part in parts):
        return [digit for part in parts for digit in part]
    return parts


def _is_within(text: str, last: int) -> bool:
    return _is_number(text) and len(text) <= len(str(last)) and 1 <= int(text) <= last


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _area(asked: Asked, text: str) -> list[str]:
    """An area by its name or code, or 0 for who lives in none."""
    wanted = " ".join(text.split()).casefold()
    if not wanted:
        return []
    if ascii_digits(wanted) == "0":
        return [OUTSIDE_AREA]
    for choice in asked.choices:
        if wanted in {choice.value.casefold(), " ".join(str(choice.label).split()).casefold()}:
            return [choice.value]
    raise NotUnderstood(
        gettext("No area of this consultation has that name. Choose one of the list.")
    )
