"""Rules between the parts of a consultation: keys used once, routing that leads somewhere."""

from typing import TYPE_CHECKING

from consult.document.fields import Misfit
from consult.document.questions import AGREE_SCALE, PREFER_NOT_TO_SAY, Part, Question, QuestionKind

if TYPE_CHECKING:
    from consult.document.model import Consultation


def first_repeated(values: tuple[str, ...]) -> int | None:
    """Position of the first value that stood before."""
    return next((i for i, value in enumerate(values) if value in values[:i]), None)


def check_keys(consultation: "Consultation") -> None:
    """Refuse keys used twice, and names of sections and areas that are not there."""
    for name, field, values in (
        ("sections", "key", tuple(section.key for section in consultation.sections)),
        ("questions", "key", tuple(question.key for question in consultation.questions)),
        ("areas", "code", tuple(area.code for area in consultation.areas)),
    ):
        if (i := first_repeated(values)) is not None:
            raise Misfit(
                f"{name}: {values[i]!r} is used twice",
                name,
                i,
                field,
                mend="each needs a name of its own",
            )
    sections = {section.key for section in consultation.sections}
    order = list(Part)
    for i, question in enumerate(consultation.questions):
        here = ("questions", i)
        keys = tuple(option.key for option in question.options)
        if (j := first_repeated(keys)) is not None:
            raise Misfit(
                f"question {question.key!r}: option {keys[j]!r} is used twice",
                *(*here, "options", j, "key"),
                mend="give each option a key of its own",
            )
        if question.part is Part.MONITORING and PREFER_NOT_TO_SAY in keys:
            raise Misfit(
                f"question {question.key!r}: every monitoring question offers "
                f"{PREFER_NOT_TO_SAY} by itself",
                *(*here, "options", keys.index(PREFER_NOT_TO_SAY), "key"),
                mend=f"remove the option {PREFER_NOT_TO_SAY}",
            )
        if question.section is not None and question.section not in sections:
            raise Misfit(
                f"question {question.key!r}: there is no section {question.section!r}",
                *(*here, "section"),
                mend=f"use one of: {', '.join(sorted(sections)) or 'none yet'}",
            )
        if question.kind is QuestionKind.WARD and not consultation.areas:
            raise Misfit(
                f"question {question.key!r}: a ward question needs areas",
                *(*here, "kind"),
                mend="list the wards under areas, each with a code and a name",
            )
        if i and order.index(question.part) < order.index(consultation.questions[i - 1].part):
            raise Misfit(
                f"question {question.key!r}: questions come in the order {', '.join(order)}",
                *(*here, "part"),
                mend="move the question up, or change its part",
            )


def check_routing(consultation: "Consultation") -> None:
    """Refuse routing that names no earlier question or no answer of it."""
    earlier: dict[str, Question] = {}
    for i, question in enumerate(consultation.questions):
        for j, condition in enumerate(question.show_if):
            here = ("questions", i, "show_if", j)
            target = earlier.get(condition.question)
            if target is None:
                raise Misfit(
                    f"question {question.key!r}: show_if names {condition.question!r}, "
                    "which is not an earlier question",
                    *(*here, "question"),
                    mend=f"use one of: {', '.join(earlier) or 'none, as it is the first'}",
                )
            _check_choices(here, target, "any_of", condition.any_of)
            _check_choices(here, target, "none_of", condition.none_of)
        earlier[question.key] = question
    if consultation.residents is not None:
        target = earlier.get(consultation.residents.question)
        if target is None:
            raise Misfit(
                f"residents: there is no question {consultation.residents.question!r}",
                *("residents", "question"),
                mend=f"use one of: {', '.join(earlier)}",
            )
        _check_choices(("residents",), target, "any_of", consultation.residents.any_of)


def _check_choices(
    here: tuple[str | int, ...], target: Question, field: str, keys: tuple[str, ...]
) -> None:
    known = (
        AGREE_SCALE
        if target.kind is QuestionKind.AGREE_SCALE
        else tuple(option.key for option in target.options)
    )
    for i, key in enumerate(keys):
        if key not in known:
            raise Misfit(
                f"{key!r} is no answer to {target.key!r}",
                *(*here, field, i),
                mend=f"its answers are: {', '.join(known) or 'none to choose'}",
            )
