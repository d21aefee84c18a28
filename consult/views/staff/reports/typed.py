"""Texts as a form of the report's pages sends them, and what two people wrote differently."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request

from consult.services.reporting import texts
from consult.services.reporting.texts import Held, Refused, Typed
from consult.views.staff.editing.saving import name_of
from consult.views.staff.reports.words import refusal_words


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a form.

    Attributes
    ----------
    name : str
        Of the field; ``seen-NAME`` goes with it.
    key : str
        Of the text.
    label : str
    text : str
        What stands in the field.
    seen : str
        The mark of what is stored.
    error : str or None
    theirs : Theirs or None
        What a colleague has saved meanwhile, where this could not be saved.
    """

    name: str
    key: str
    label: str
    text: str
    seen: str
    error: str | None = None
    theirs: "Theirs | None" = None


@dataclass(frozen=True, slots=True)
class Theirs:
    """What a colleague has saved while somebody was writing."""

    text: str
    changed_by: str | None
    changed_at: datetime | None


def typed(named: Iterable[tuple[str, str]]) -> list[Typed]:
    """The texts of the form at hand; ``named`` gives names of fields with keys of texts."""
    return [
        Typed(key, request.form[name], request.form.get(f"seen-{name}", ""))
        for name, key in named
        if name in request.form
    ]


def stored_field(name: str, key: str, label: str, text: str) -> Field:
    """A field with what is stored."""
    return Field(name, key, label, text, texts.mark(text))


def fields_again(
    fields: Sequence[Field],
    sent: Sequence[Typed],
    *,
    refused: Refused | None = None,
    held: Sequence[Held] = (),
) -> list[Field]:
    """The same fields with what was typed, and what is wrong with it.

    Where a colleague has written the same text, the field stands for theirs from now on: sent
    once more it takes its place.
    """
    by_key = {one.key: one for one in sent}
    kept_back = {one.key: one for one in held}
    again = []
    for field in fields:
        one, other = by_key.get(field.key), kept_back.get(field.key)
        again.append(
            Field(
                name=field.name,
                key=field.key,
                label=field.label,
                text=field.text if one is None else one.text,
                seen=field.seen if one is None or other is not None else one.seen,
                error=(
                    refusal_words(refused)
                    if refused is not None and refused.key == field.key
                    else None
                ),
                theirs=None if other is None else theirs_of(other),
            )
        )
    return again


def theirs_of(held: Held) -> Theirs:
    """What a colleague has saved, with their name where it is known."""
    who = None if held.changed_by is None else name_of(held.changed_by)
    return Theirs(held.now, who, held.changed_at)


def error_list(fields: Sequence[Field]) -> list[tuple[str | None, str]]:
    """What is wrong, for the box at the top of the page."""
    return [(field.name, field.error) for field in fields if field.error]
