"""What the form of a question offers: sections, earlier questions and their answers, kinds."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from consult.document.completing import by_part
from consult.document.model import Part, QuestionKind, Sensitivity
from consult.forms.editing.labels import kind_words, part_words, sensitivity_words
from consult.forms.editing.questions import QuestionForm
from consult.services.unfinished import answers_to_name
from consult.views.staff.current import workspace
from consult.views.staff.editing.routing import fixed_answer

Choice = dict[str, str]

_LONGEST_IN_LIST = 90


class Conditions:
    """What a question's conditions can look at: the answers to questions before it."""

    def __init__(self, content: Mapping[str, Any], key: str) -> None:
        ordered = by_part(content["questions"])
        keys = [question["key"] for question in ordered]
        before = ordered[: keys.index(key)] if key in keys else ordered
        self._all = {question["key"]: question for question in ordered}
        self._before = {q["key"]: q for q in before if answers_to_name(q)}

    def questions(self, chosen: str) -> list[Choice]:
        """Earlier questions that are answered by choosing; the chosen one also where it is gone."""
        found = [
            {"value": key, "label": _short(question.get("label") or key)}
            for key, question in self._before.items()
        ]
        if chosen and chosen not in self._before:
            label = self._all.get(chosen, {}).get("label") or chosen
            words = gettext("%(question)s (not asked before this one)", question=_short(label))
            found.append({"value": chosen, "label": words})
        return found

    def answers(self, key: str, ticked: Sequence[str]) -> list[Choice]:
        """Answers of a question, and those that are ticked although they are gone."""
        question = self._all.get(key, {})
        labels = {option["key"]: option.get("label") for option in question.get("options") or ()}
        known = answers_to_name(question)
        return [
            {"value": each, "label": labels.get(each) or fixed_answer(each)}
            for each in [*known, *(gone for gone in ticked if gone not in known)]
        ]


def offers(form: QuestionForm, *, answered: bool = False) -> dict[str, Any]:
    """What the template of a question's form needs."""
    content = workspace().content
    dimensions = {q.get("dimension") for q in content["questions"] if q.get("dimension")}
    dimensions |= {each["dimension"] for each in content.get("reference_population") or ()}
    return {
        "question_form": form,
        "kind_name": kind_words(form.kind)[0],
        "is_answered": answered,
        "conditions": Conditions(content, form.key),
        "says": [
            {"value": "any_of", "label": gettext("People who chose at least one of these")},
            {
                "value": "none_of",
                "label": gettext("People who chose none of these, or did not answer"),
            },
        ],
        "section_choices": [
            {"value": each["key"], "label": each.get("title") or each["key"]}
            for each in content["sections"]
        ],
        "part_choices": [{"value": part.value, "label": part_words(part)} for part in Part],
        "sensitivity_choices": [
            {"value": each.value, "label": words, "hint": hint}
            for each in Sensitivity
            for words, hint in [sensitivity_words(each)]
        ],
        "known_dimensions": sorted(dimensions),
        "has_areas": bool(content.get("areas")),
    }


def kind_choices() -> list[Choice]:
    """The ways to answer a question."""
    return [
        {"value": kind.value, "label": words, "hint": hint}
        for kind in QuestionKind
        for words, hint in [kind_words(kind)]
    ]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_IN_LIST else f"{text[: _LONGEST_IN_LIST - 1]}…"
