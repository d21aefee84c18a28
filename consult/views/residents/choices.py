"""The choices of a question as a page shows them, fixed answers worded by the product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext, lazy_gettext

from consult.document.model import (
    AGREE_SCALE,
    OUTSIDE_AREA,
    PREFER_NOT_TO_SAY,
    Consultation,
    Question,
    choices_of,
)
from consult.document.texts import LocalText
from consult.services.journey import Value

FIXED_LABELS = {
    "strongly_agree": lazy_gettext("Strongly agree"),
    "agree": lazy_gettext("Agree"),
    "neither": lazy_gettext("Neither agree nor disagree"),
    "disagree": lazy_gettext("Disagree"),
    "strongly_disagree": lazy_gettext("Strongly disagree"),
    "dont_know": lazy_gettext("I don't know"),
    PREFER_NOT_TO_SAY: lazy_gettext("I prefer not to say"),
    OUTSIDE_AREA: lazy_gettext("I do not live in any of these"),
}
assert set(AGREE_SCALE) <= set(FIXED_LABELS)  # noqa: S101 - a new answer needs its words


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose, as the components show it."""

    value: str
    label: str
    hint: str | None = None
    exclusive: bool = False
    divider: str | None = None
    other_name: str | None = None
    other_label: str | None = None
    other_value: str = ""
    other_error: str | None = None


def choices_for(
    question: Question,
    consultation: Consultation,
    typed: Mapping[str, Sequence[str]],
    errors: Mapping[str, str],
) -> list[Choice]:
    """The choices of a question in the language of ``question`` and ``consultation``."""
    found: list[Choice] = []
    for key in choices_of(question, consultation):
        option = question.option(key)
        fixed = key in {PREFER_NOT_TO_SAY, OUTSIDE_AREA, "dont_know"} and option is None
        other = f"other-{key}" if option is not None and option.other else None
        found.append(
            Choice(
                value=key,
                label=label_of(key, question, consultation),
                hint=option.hint if option else None,
                exclusive=key == PREFER_NOT_TO_SAY or bool(option and option.exclusive),
                divider=gettext("or") if fixed and found and not _is_fixed(found[-1]) else None,
                other_name=other,
                other_label=other_words_label() if other else None,
                other_value="".join(typed.get(other, ())[:1]) if other else "",
                other_error=errors.get(other) if other else None,
            )
        )
    return found


def label_of(key: str, question: Question, consultation: Consultation) -> str:
    """The words of one answer that can be chosen."""
    option = question.option(key)
    if option is not None:
        return option.label
    area = next((area for area in consultation.areas if area.code == key), None)
    if area is not None:
        return LocalText(area.name, consultation.source_language)
    return str(FIXED_LABELS[key])


def other_words_label() -> str:
    """The label of the field that belongs to an "other" answer."""
    return gettext("Please say, if you like")


def shown_answer(value: Value | None, question: Question, consultation: Consultation) -> list[str]:
    """An answer as lines to read; none where there is no answer."""
    if not value:
        return []
    if "text" in value:
        return [str(value["text"])]
    if "number" in value:
        unit = f" {question.unit}" if question.unit else ""
        return [f"{value['number']}{unit}"]
    keys = value.get("order") or value.get("choices") or [value["choice"]]
    lines = [
        label_of(str(key), question, consultation)
        for key in keys
        if _is_known(str(key), question, consultation)
    ]
    if "order" in value:
        lines = [f"{place}. {line}" for place, line in enumerate(lines, start=1)]
    if "other" in value:
        lines.append(str(value["other"]))
    return lines


def _is_known(key: str, question: Question, consultation: Consultation) -> bool:
    return key in choices_of(question, consultation)


def _is_fixed(choice: Choice) -> bool:
    return choice.value in FIXED_LABELS
