"""The form of one question: everything that a question can say, by its kind."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from consult.document.model import (
    CHOICE_KINDS,
    TEXT_KINDS,
    Option,
    Part,
    Question,
    QuestionKind,
    Sensitivity,
)
from consult.forms.editing.fields import Fields
from consult.forms.editing.keys import key_from
from consult.forms.editing.labels import kind_words, label, part_words, sensitivity_words
from consult.forms.editing.parts import with_defaults
from consult.forms.editing.rows import MOST, Rows

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_OPTION_FIELDS = ("label", "key", "hint", "other", "exclusive", "category")
_CONDITION_FIELDS = ("question", "says", "answers")
SAYS = ("any_of", "none_of")
NUMBERS: Mapping[str, tuple[str, ...]] = {
    QuestionKind.SEVERAL_CHOICES: ("choose_at_most",),
    QuestionKind.RANKING: ("rank_at_most",),
    QuestionKind.NUMBER: ("minimum", "maximum"),
    **dict.fromkeys(TEXT_KINDS, ("max_length",)),
}
"""Fields that hold a number, by kind."""
COMPARED_KINDS = frozenset(
    {QuestionKind.SINGLE_CHOICE, QuestionKind.SEVERAL_CHOICES, QuestionKind.WARD}
)
"""Kinds whose answers can be compared with figures of the population."""


class QuestionForm:
    """One question of a kind."""

    def __init__(self, key: str, kind: str) -> None:
        self.part = f"questions.{key}"
        self.key = key
        self.kind = kind
        self.has_options = kind in CHOICE_KINDS
        self.numbers = NUMBERS.get(kind, ())
        self.is_compared = kind in COMPARED_KINDS

    def fields_of(self, value: Mapping[str, Any]) -> Fields:
        fields = Fields(
            {
                name: [str(value[name])] if value.get(name) is not None else [""]
                for name in ("label", "help", "section", "unit", "dimension", *self.numbers)
            }
        )
        fields.fill("part", str(value.get("part") or Part.DRAFT.value))
        fields.fill("sensitivity", str(value.get("sensitivity") or Sensitivity.NONE.value))
        if value.get("required"):
            fields.fill("required", "1")
        options = self.options(fields)
        for option in value.get("options") or ():
            entries = {
                name: [str(option[name])]
                for name in ("label", "key", "hint", "category")
                if option.get(name) is not None
            }
            entries |= {name: ["1"] for name in ("other", "exclusive") if option.get(name)}
            options.append(entries)
        conditions = self.conditions(fields)
        for condition in value.get("show_if") or ():
            says = "none_of" if condition.get("none_of") else "any_of"
            conditions.append(
                {
                    "question": [str(condition.get("question") or "")],
                    "says": [says],
                    "answers": list(condition.get(says) or ()),
                }
            )
        return fields

    def options(self, fields: Fields) -> Rows:
        """The rows of answers to choose from."""
        return Rows(fields, "option", _OPTION_FIELDS)

    def conditions(self, fields: Fields) -> Rows:
        """The rows of conditions."""
        return Rows(fields, "condition", _CONDITION_FIELDS)

    def read(self, fields: Fields, current: Mapping[str, Any]) -> dict[str, Any]:
        written: dict[str, Any] = {
            **{name: value for name, value in current.items() if name == "version"},
            "key": self.key,
            "kind": self.kind,
            "part": _one_of(fields.typed("part"), list(Part), Part.DRAFT),
            "label": fields.line("label"),
            "help": fields.text("help"),
            "section": fields.line("section"),
            "sensitivity": _one_of(
                fields.typed("sensitivity"), list(Sensitivity), Sensitivity.NONE
            ),
            "show_if": self._read_conditions(fields),
        }
        written["required"] = fields.ticked("required") and written["part"] != Part.MONITORING
        if self.has_options:
            written["options"] = self._read_options(fields)
        written |= {name: fields.number(name) for name in self.numbers}
        if self.kind == QuestionKind.NUMBER:
            written["unit"] = fields.line("unit")
        if self.is_compared:
            written["dimension"] = _dimension(fields.line("dimension"))
        if written["label"] is None:
            del written["label"]
        return with_defaults(Question, list(Question.model_fields), written)

    def act(self, fields: Fields) -> bool:
        """Add, move or remove a row as a button of the form asks for; whether one did."""
        options, conditions = self.options(fields), self.conditions(fields)
        if fields.ticked("add_option"):
            options.append({})
        elif fields.ticked("add_pasted"):
            for line in fields.cleaned(fields.typed("paste")).split("\n"):
                if line.strip() and len(options) < MOST:
                    options.append({"label": [line.strip()]})
            fields.drop("paste")
        elif fields.ticked("remove_option"):
            options.remove(_number(fields.typed("remove_option")))
        elif fields.ticked("option_up"):
            number = _number(fields.typed("option_up"))
            options.swap(number, number - 1)
        elif fields.ticked("option_down"):
            number = _number(fields.typed("option_down"))
            options.swap(number, number + 1)
        elif fields.ticked("add_condition"):
            conditions.append({"says": ["any_of"]})
        elif fields.ticked("remove_condition"):
            conditions.remove(_number(fields.typed("remove_condition")))
        elif not fields.ticked("show_answers"):
            return False
        for name in ACTS:
            fields.drop(name)
        return True

    def compared(self, value: Mapping[str, Any]) -> list[tuple[str, str]]:
        shown = [
            ("label", value.get("label")),
            ("help", value.get("help")),
            ("part", part_words(value.get("part") or Part.DRAFT)),
            ("kind", kind_words(value.get("kind") or self.kind)[0]),
            ("section", value.get("section")),
            ("required", gettext("Yes") if value.get("required") else gettext("No")),
            ("options", "\n".join(map(_option_in_words, value.get("options") or ()))),
            *((name, value.get(name)) for name in self.numbers),
            ("unit", value.get("unit")),
            ("show_if", "\n".join(map(_condition_in_words, value.get("show_if") or ()))),
            ("sensitivity", sensitivity_words(value.get("sensitivity") or Sensitivity.NONE)[0]),
            ("dimension", value.get("dimension")),
        ]
        return [
            (label(f"questions.{name}"), "" if text is None else str(text)) for name, text in shown
        ]

    def _read_options(self, fields: Fields) -> list[dict[str, Any]]:
        rows = self.options(fields)
        numbers = range(1, len(rows) + 1)
        kept = [fields.typed(rows.name(number, "key")) for number in numbers]
        taken = {key for key in kept if _KEY.fullmatch(key)}
        used: set[str] = set()
        options = []
        for number in numbers:
            words = fields.line(rows.name(number, "label"))
            hint = fields.text(rows.name(number, "hint"))
            if words is None and hint is None:
                continue
            if words is None:
                fields.refuse(
                    rows.name(number, "label"),
                    gettext("Write the words of answer %(number)s, or remove it", number=number),
                )
            key = kept[number - 1]
            if not _KEY.fullmatch(key) or key in used:
                key = key_from(words or "", "option", number, taken)
                taken.add(key)
            used.add(key)
            option: dict[str, Any] = {
                "key": key,
                "label": words,
                "hint": hint,
                "category": fields.line(rows.name(number, "category")),
            }
            if self.kind != QuestionKind.RANKING:
                option |= {
                    name: fields.ticked(rows.name(number, name)) for name in ("other", "exclusive")
                }
            options.append(with_defaults(Option, list(Option.model_fields), option))
        return options

    def _read_conditions(self, fields: Fields) -> list[dict[str, Any]]:
        rows = self.conditions(fields)
        found = []
        for number in range(1, len(rows) + 1):
            question = fields.typed(rows.name(number, "question"))
            if not _KEY.fullmatch(question):
                continue
            says = _one_of(fields.typed(rows.name(number, "says")), list(SAYS), "any_of")
            answers = [
                key for key in fields.all_typed(rows.name(number, "answers")) if _KEY.fullmatch(key)
            ]
            found.append({"question": question, "any_of": [], "none_of": [], says: answers})
        return found


ACTS = (
    "add_option",
    "add_pasted",
    "remove_option",
    "option_up",
    "option_down",
    "add_condition",
    "remove_condition",
    "show_answers",
)
"""Buttons of the form that change it without saving."""


def converted(question: Mapping[str, Any], kind: str) -> tuple[dict[str, Any], list[str]]:
    """A question answered in another way, and the fields that it loses by that."""
    options = question.get("options") or []
    asks = [option for option in options if option.get("other") or option.get("exclusive")]
    kept = {name: value for name, value in question.items() if value is not None}
    lost = []
    if kind not in CHOICE_KINDS and options:
        lost.append("options")
        kept["options"] = []
    elif kind == QuestionKind.RANKING and asks:
        lost.append("options.other")
        kept["options"] = [{**each, "other": False, "exclusive": False} for each in options]
    other_fields = {name for names in NUMBERS.values() for name in names} | {"unit"}
    own = set(NUMBERS.get(kind, ())) | ({"unit"} if kind == QuestionKind.NUMBER else set())
    if kind not in COMPARED_KINDS:
        other_fields.add("dimension")
    lost += [name for name in sorted(other_fields - own) if kept.pop(name, None) is not None]
    kept["kind"] = kind
    return with_defaults(Question, list(Question.model_fields), kept), lost


def _dimension(words: str | None) -> str | None:
    if words is None or _KEY.fullmatch(words):
        return words
    return key_from(words, "dimension", 1, ())


def _one_of(typed: str, known: Sequence[str], otherwise: str) -> str:
    return str(next((each for each in known if each == typed), otherwise))


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) else 0


def _option_in_words(option: Mapping[str, Any]) -> str:
    more = [str(option[name]) for name in ("hint", "category") if option.get(name)]
    if option.get("other"):
        more.append(gettext("Asks for own words"))
    if option.get("exclusive"):
        more.append(gettext("Excludes the others"))
    words = str(option.get("label") or "")
    return f"{words} ({'; '.join(more)})" if more else words


def _condition_in_words(condition: Mapping[str, Any]) -> str:
    if condition.get("none_of"):
        return gettext(
            "%(question)s: none of %(answers)s",
            question=condition.get("question"),
            answers=", ".join(condition["none_of"]),
        )
    return gettext(
        "%(question)s: one of %(answers)s",
        question=condition.get("question"),
        answers=", ".join(condition.get("any_of") or ()),
    )
