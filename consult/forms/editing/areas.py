"""Forms of the places: areas that people live in, and who counts as living here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from consult.document.completing import by_part
from consult.forms.editing.fields import Fields
from consult.forms.editing.labels import label
from consult.forms.editing.lists import areas_as_text, read_areas
from consult.services.unfinished import answers_to_name


class AreasForm:
    """Wards or other areas, one on each line."""

    part = "areas"

    def fields_of(self, value: list[dict[str, Any]] | None) -> Fields:
        return Fields({"areas": [areas_as_text(value)]})

    def read(self, fields: Fields, current: Any) -> list[dict[str, str]]:
        return read_areas(fields, "areas")

    def compared(self, value: list[dict[str, Any]] | None) -> list[tuple[str, str]]:
        return [(gettext("Areas"), areas_as_text(value))]


class ResidentsForm:
    """The answers that tell who lives here."""

    part = "residents"

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._questions = {
            question["key"]: question
            for question in by_part(content.get("questions") or ())
            if answers_to_name(question)
        }

    def fields_of(self, value: Mapping[str, Any] | None) -> Fields:
        value = value or {}
        return Fields(
            {"question": [value.get("question") or ""], "any_of": list(value.get("any_of") or ())}
        )

    def read(self, fields: Fields, current: Any) -> dict[str, Any] | None:
        question = fields.typed("question")
        if not question:
            return None
        if question not in self._questions:
            fields.refuse("question", gettext("Choose a question of the list"))
            return None
        known = answers_to_name(self._questions[question])
        return {
            "question": question,
            "any_of": [key for key in known if key in fields.all_typed("any_of")],
        }

    def compared(self, value: Mapping[str, Any] | None) -> list[tuple[str, str]]:
        value = value or {}
        question = self._questions.get(str(value.get("question")), {})
        labels = {option["key"]: option.get("label") for option in question.get("options") or ()}
        answers = (str(labels.get(key) or key) for key in value.get("any_of") or ())
        return [
            (
                label("residents.question"),
                str(question.get("label") or value.get("question") or ""),
            ),
            (label("residents.any_of"), "\n".join(answers)),
        ]

    def questions(self) -> list[dict[str, str]]:
        """Questions whose answers can tell it."""
        return [
            {"value": key, "label": str(question.get("label") or key)}
            for key, question in self._questions.items()
        ]

    def answers(self, key: str) -> list[tuple[str, str | None]]:
        """Keys and words of a question's answers; the product words those without."""
        question = self._questions.get(key, {})
        labels = {option["key"]: option.get("label") for option in question.get("options") or ()}
        return [(answer, labels.get(answer)) for answer in answers_to_name(question)]
