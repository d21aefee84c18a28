"""The translatable texts of a consultation: their paths, and the consultation in a language."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Self, TypeVar, get_args, get_origin

from markupsafe import Markup, escape
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from consult.document.model import Consultation, Translatable
from consult.languages import direction

PartT = TypeVar("PartT", bound=BaseModel)


class LocalText(str):
    """A text as shown to a resident, with the language that it is really written in.

    In a template it marks its own language where that is not the page's, so that a
    screen reader and the browser treat it right; see ``said`` in :mod:`consult.i18n`.
    """

    language: str

    def __new__(cls, value: str, language: str) -> Self:
        text = super().__new__(cls, value)
        text.language = language
        return text

    def marked(self, page_language: str) -> Markup:
        """The escaped text, in an element of its own if its language differs from the page's."""
        if self.language == page_language:
            return escape(str(self))
        return Markup('<span lang="{}" dir="{}">{}</span>').format(
            self.language, direction(self.language), str(self)
        )


def texts_of(consultation: Consultation) -> dict[str, str]:
    """Every translatable text in the source language, by its path, in reading order.

    Paths name list items by key: ``title``, ``sections.vision.summary``,
    ``questions.who.options.resident.label``.
    """
    found: dict[str, str] = {}

    def note(path: str, text: str) -> str:
        found[path] = text
        return text

    _walk(consultation, "", note)
    return found


def localised(consultation: Consultation, language: str) -> Consultation:
    """The consultation with every text in a language, or in the source where it has none.

    Each text is a :class:`LocalText`. The result is for reading: it is not validated again.
    """
    translations = consultation.translations.get(language, {})

    def translate(path: str, text: str) -> str:
        if translations.get(path, "").strip():
            return LocalText(translations[path], language)
        return LocalText(text, consultation.source_language)

    return _walk(consultation, "", translate)


def missing_texts(consultation: Consultation, language: str) -> list[str]:
    """Paths of the texts that a language has no translation of, in reading order."""
    if language == consultation.source_language:
        return []
    translations = consultation.translations.get(language, {})
    return [path for path in texts_of(consultation) if not translations.get(path, "").strip()]


def _walk(part: PartT, path: str, change: Callable[[str, str], str]) -> PartT:
    changed: dict[str, Any] = {}
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        here = f"{path}.{name}" if path else name
        if isinstance(value, str) and _is_translatable(field):
            changed[name] = change(here, value)
        elif isinstance(value, BaseModel):
            changed[name] = _walk(value, here, change)
        elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            changed[name] = tuple(_walk_items(value, here, change))
    return part.model_copy(update=changed)


def _walk_items(
    items: tuple[BaseModel, ...], path: str, change: Callable[[str, str], str]
) -> Iterator[BaseModel]:
    for item in items:
        key = getattr(item, "key", None)
        yield item if key is None else _walk(item, f"{path}.{key}", change)


def _is_translatable(field: FieldInfo) -> bool:
    marks = list(field.metadata)
    for choice in get_args(field.annotation):
        if get_origin(choice) is Annotated:
            marks.extend(get_args(choice)[1:])
    return any(isinstance(mark, Translatable) for mark in marks)
