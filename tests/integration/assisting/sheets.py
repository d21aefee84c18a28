"""Printed forms, and typing them in."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from consult.models import PaperForm
from tests.support.staff import Colleague
from tests.support.visitors import Page, in_session

NUMBER = re.compile(r"<p [^>]*>[^<]*<bdi data-form-number[^>]*>([0-9 ]{9})<")
CODE = re.compile(r'consult-paper-slip__code"[^>]*>([0-9 ]{19})<')

ANSWERS = {
    "filled_on-day": "30",
    "filled_on-month": "11",
    "filled_on-year": "2026",
    "who.answer": "1",
    "vision_agree.answer": "2",
    "vision_say.answer": "مزید درخت لگائیں",
    "do": "store",
}


@dataclass(frozen=True)
class Sheet:
    """What stands on a printed form and on its slip."""

    number: str
    code: str


def sheets(page: Page) -> list[Sheet]:
    """The forms of a page that is to be printed."""
    assert page.status == 200, page.text
    return [
        Sheet(*each)
        for each in zip(NUMBER.findall(page.html), CODE.findall(page.html), strict=True)
    ]


def printed(colleague: Colleague, count: int = 1, language: str = "ur") -> list[Sheet]:
    """New forms of the consultation."""
    colleague.consultation("paper")
    found = sheets(colleague.send("/print", {"language": language, "count": str(count)}))
    assert len(found) == count
    return found


def lead(colleague: Colleague, number: str) -> Any:
    """Type a form's number."""
    colleague.consultation("paper/enter")
    return colleague.send("/enter", {"form_number": number})


def type_in(colleague: Colleague, sheet: Sheet, **changes: Any) -> Any:
    """Type a form in."""
    page = lead(colleague, sheet.number)
    assert page.status == 200, page.text
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return colleague.send(page.path, {**ANSWERS, **named})


def forms(app: Flask) -> list[PaperForm]:
    with in_session(app) as session:
        return list(session.scalars(select(PaperForm)))


def form_of_session(partner: Colleague, held: UUID) -> Sheet:
    partner.visit(f"sessions/{held}/paper")
    (sheet,) = sheets(partner.send("/print", {"language": "en", "count": "1"}))
    return sheet
