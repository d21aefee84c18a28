"""The form of the figures that the answers to one question are compared with."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import format_date, gettext

from consult.forms.editing.fields import Fields
from consult.forms.editing.labels import label
from consult.forms.editing.lists import counts_as_text, read_counts
from consult.services.reference_figures import Figures, matching_category

APART = "-"
"""In a list of categories: this answer is compared with nothing."""


class FiguresForm:
    """Who is counted, the counts, and the category of each answer."""

    part = "reference_population"

    def __init__(self, options: Sequence[Mapping[str, Any]]) -> None:
        self.options = options

    def fields_of(self, value: Mapping[str, Any]) -> Fields:
        fields = Fields({name: [value.get(name) or ""] for name in ("base", "source")})
        fields.fill("counts", counts_as_text(value.get("counts")))
        fields.show_day("as_of", value.get("as_of"))
        self.place(fields, list(value.get("counts") or ()), value.get("categories") or {})
        return fields

    def place(
        self, fields: Fields, names: Sequence[str], categories: Mapping[str, str | None]
    ) -> None:
        """Choose the category of each answer: the one it has, or one that is called like it."""
        for option in self.options:
            known = {**option, "category": categories.get(option["key"])}
            chosen = APART if known["category"] == "" else matching_category(known, names)
            fields.fill(self.name(option), chosen or APART)

    def fill(self, fields: Fields, found: Figures) -> None:
        """Put figures that come along into the form."""
        fields.fill("base", found.base)
        fields.fill("source", found.source)
        fields.show_day("as_of", found.as_of)
        fields.fill("counts", counts_as_text(found.counts))
        for option in self.options:
            fields.fill(self.name(option), found.categories.get(option["key"], APART))

    def place_anew(self, fields: Fields) -> None:
        """Let answers follow a list of counts that was pasted, where they fit none of it now."""
        names = list(read_counts(fields, "counts"))
        for option in self.options:
            if fields.typed(self.name(option)) not in names:
                fields.fill(self.name(option), matching_category(option, names) or APART)

    def read(self, fields: Fields, current: Mapping[str, Any]) -> dict[str, Any]:
        counts = read_counts(fields, "counts")
        categories: dict[str, str | None] = {}
        for option in self.options:
            key, chosen = option["key"], fields.typed(self.name(option))
            # An option that names no category has its key for one.
            by_itself = chosen == key or (chosen not in counts and key not in counts)
            categories[key] = None if by_itself else chosen if chosen in counts else ""
        return {
            "dimension": current.get("dimension"),
            "base": fields.line("base"),
            "source": fields.line("source"),
            "as_of": fields.day("as_of"),
            "area": current.get("area"),
            "counts": counts,
            "categories": categories,
        }

    def compared(self, value: Mapping[str, Any]) -> list[tuple[str, str]]:
        words = {option["key"]: option.get("label") or option["key"] for option in self.options}
        placed = (
            f"{words.get(key, key)}: {category or ('–' if category == '' else key)}"
            for key, category in (value.get("categories") or {}).items()
        )
        return [
            (label("reference_population.base"), value.get("base") or ""),
            (label("reference_population.source"), value.get("source") or ""),
            (label("reference_population.as_of"), _day(value.get("as_of"))),
            (label("reference_population.counts"), counts_as_text(value.get("counts"))),
            (label("questions.options.category"), "\n".join(placed)),
        ]

    @staticmethod
    def name(option: Mapping[str, Any]) -> str:
        """What the field of an answer's category is called."""
        return f"category-{option['key']}"


def dimension_words(name: str) -> str:
    """What census figures are of, in words; the name itself for other figures."""
    words = {
        "age": gettext("age in eight bands, from 16"),
        "age_18": gettext("age in eight bands, from 18"),
        "age_5": gettext("age in five bands, from 16"),
        "sex": gettext("sex"),
        "gender_identity": gettext("gender identity"),
        "ethnic_group": gettext("ethnic group, 19 groups"),
        "ethnic_group_5": gettext("ethnic group, five groups"),
        "religion": gettext("religion"),
        "disability": gettext("disability, three groups"),
        "disability_2": gettext("disability, two groups"),
        "sexual_orientation": gettext("sexual orientation"),
        "main_language": gettext("main language"),
        "ward": gettext("wards"),
    }
    return words.get(name, name)


def _day(value: str | None) -> str:
    return str(format_date(date.fromisoformat(value), "long")) if value else ""
