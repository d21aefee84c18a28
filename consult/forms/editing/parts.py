"""Forms of the parts that are written as they stand: words, dates, contact, privacy, sections."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from flask_babel import format_date, gettext
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from consult.document.model import Consultation, Contact, DeletionMode, Privacy, Section
from consult.forms.editing.fields import Fields
from consult.forms.editing.labels import label
from consult.services.workspaces import DATES, WORDS

Content = Mapping[str, Any]


class PartForm(Protocol):
    """How one part of a consultation is written in a form."""

    part: str
    """As :mod:`consult.services.workspaces` names it."""

    def fields_of(self, value: Any) -> Fields:
        """The form's fields, filled with what the part says."""

    def read(self, fields: Fields, current: Any) -> Any:
        """What the part would say; errors are noted in ``fields``.

        ``current`` is what it says now, for what the form does not show.
        """

    def compared(self, value: Any) -> list[tuple[str, str]]:
        """The part's fields as labels and plain texts, to show two versions side by side."""


def with_defaults(model: type[BaseModel], names: Sequence[str], value: Content) -> dict[str, Any]:
    """The same with what the model takes where nothing is written, as stored documents have it."""
    filled = dict(value)
    for name in names:
        info = model.model_fields[name]
        if name not in filled and not info.is_required():
            filled[name] = to_jsonable_python(info.get_default(call_default_factory=True))
    return filled


class WordsForm:
    """The texts of the first page, the consent and the introduction to the last questions."""

    part = "words"
    lines = ("title", "asked_by")

    def fields_of(self, value: Content) -> Fields:
        return Fields({name: [value.get(name) or ""] for name in WORDS})

    def read(self, fields: Fields, current: Content) -> dict[str, Any]:
        written = {
            name: fields.line(name) if name in self.lines else fields.text(name) for name in WORDS
        }
        return {name: text for name, text in written.items() if text is not None}

    def compared(self, value: Content) -> list[tuple[str, str]]:
        return [(label(f"words.{name}"), value.get(name) or "") for name in WORDS]


class ContactForm:
    """Ways to get help, and to answer otherwise than on the web."""

    part = "contact"
    names = ("phone", "phone_hours", "email", "paper", "large_print", "sign_language")
    lines = ("phone", "email")

    def fields_of(self, value: Content | None) -> Fields:
        return Fields({name: [(value or {}).get(name) or ""] for name in self.names})

    def read(self, fields: Fields, current: Content | None) -> dict[str, Any] | None:
        written = {
            name: fields.line(name) if name in self.lines else fields.text(name)
            for name in self.names
        }
        email = written["email"]
        if email is not None and ("@" not in email.strip("@") or " " in email):
            fields.refuse(
                "email", gettext("Write one e-mail address, such as parks@council.example.org")
            )
        if current is None and not any(written.values()):
            return None
        return with_defaults(Contact, self.names, written)

    def compared(self, value: Content | None) -> list[tuple[str, str]]:
        return [(label(f"contact.{name}"), (value or {}).get(name) or "") for name in self.names]


class PrivacyForm:
    """What the law asks a council to settle before it collects answers."""

    part = "privacy"
    lines = ("controller", "contact", "impact_assessment")
    texts = ("lawful_basis_article_6", "lawful_basis_article_9", "who_sees")
    order = (
        "controller",
        "contact",
        *texts[:2],
        "impact_assessment",
        "who_sees",
        "delete_on",
        "deletion",
    )

    def fields_of(self, value: Content | None) -> Fields:
        value = value or {}
        fields = Fields({name: [value.get(name) or ""] for name in (*self.lines, *self.texts)})
        fields.fill("deletion", value.get("deletion") or DeletionMode.DELETE)
        fields.show_day("delete_on", value.get("delete_on"))
        return fields

    def read(self, fields: Fields, current: Content | None) -> dict[str, Any] | None:
        written: dict[str, Any] = {name: fields.line(name) for name in self.lines}
        written |= {name: fields.text(name) for name in self.texts}
        written["delete_on"] = fields.day("delete_on")
        kept = {name: text for name, text in written.items() if text is not None}
        if current is None and not kept:
            return None
        deletion = fields.typed("deletion")
        kept["deletion"] = deletion if deletion in set(DeletionMode) else DeletionMode.DELETE.value
        return with_defaults(Privacy, list(Privacy.model_fields), kept)

    def compared(self, value: Content | None) -> list[tuple[str, str]]:
        value = value or {}
        shown = {**value, "delete_on": _day_in_words(value.get("delete_on"))}
        shown["deletion"] = deletion_words(value.get("deletion"))
        return [(label(f"privacy.{name}"), shown.get(name) or "") for name in self.order]


def deletion_words(mode: str | None) -> str:
    """What happens to answers on the deletion date."""
    match mode:
        case DeletionMode.DELETE:
            return gettext("All answers are deleted")
        case DeletionMode.ANONYMISE:
            return gettext(
                "Words and everything about the person are deleted; ticks and choices about the "
                "plan stay"
            )
    return ""


class DatesForm:
    """When it opens and closes, and how long things are kept."""

    part = "dates"
    moments = ("opens_at", "closes_at", "late_until")
    numbers = ("grace_minutes", "draft_days", "minimum_age")

    def __init__(self, timezone: str) -> None:
        self.timezone = timezone

    def fields_of(self, value: Content) -> Fields:
        value = with_defaults(Consultation, DATES, value)
        fields = Fields({name: [str(value[name])] for name in self.numbers})
        for name in self.moments:
            fields.show_moment(name, self._local(value.get(name)))
        return fields

    def read(self, fields: Fields, current: Content) -> dict[str, Any]:
        written: dict[str, Any] = {"timezone": self.timezone}
        written |= {name: fields.moment(name, self.timezone) for name in self.moments}
        written |= {name: fields.number(name) for name in self.numbers}
        kept = {name: each for name, each in written.items() if each is not None}
        return with_defaults(Consultation, DATES, kept)

    def compared(self, value: Content) -> list[tuple[str, str]]:
        value = with_defaults(Consultation, DATES, value)
        times = [
            (label(f"dates.{name}"), _moment_in_words(self._local(value.get(name))))
            for name in self.moments
        ]
        return times + [(label(f"dates.{name}"), str(value[name])) for name in self.numbers]

    def _local(self, value: str | None) -> str | None:
        """A moment as local time, also where a file gave it with an offset."""
        try:
            found = datetime.fromisoformat(value or "")
        except ValueError:
            return None
        if found.tzinfo is not None:
            found = found.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)
        return found.isoformat(timespec="seconds")


class SectionForm:
    """One section of the draft."""

    names = ("title", "summary", "easy_read", "full")

    def __init__(self, key: str) -> None:
        self.part = f"sections.{key}"
        self.key = key

    def fields_of(self, value: Content) -> Fields:
        return Fields({name: [value.get(name) or ""] for name in self.names})

    def read(self, fields: Fields, current: Content) -> dict[str, Any]:
        written = {
            name: fields.line(name) if name == "title" else fields.text(name) for name in self.names
        }
        kept = {name: text for name, text in written.items() if text is not None}
        return with_defaults(Section, self.names, {"key": self.key, **kept})

    def compared(self, value: Content) -> list[tuple[str, str]]:
        return [(label(f"sections.{name}"), value.get(name) or "") for name in self.names]


def _day_in_words(value: str | None) -> str:
    try:
        return str(format_date(date.fromisoformat(value or ""), "long"))
    except ValueError:
        return value or ""


def _moment_in_words(value: str | None) -> str:
    if value is None:
        return ""
    found = datetime.fromisoformat(value)
    # Translators: a time of day on a day, such as 23:59 on 17 January 2027
    return gettext(
        "%(time)s on %(day)s",
        time=found.strftime("%H:%M"),
        day=format_date(found.date(), "long"),
    )
