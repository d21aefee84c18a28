"""Forms on paper: each with a number on the sheet, and a code on the slip that is torn off."""

from typing import Any

import pytest
from flask import Flask

from consult.db import unit_of_work
from consult.models import AssistedSession
from consult.services import codes
from consult.services.assisting import paper
from tests.integration.assisting.sheets import forms, lead, printed, sheets, type_in
from tests.support.assisting_desk import held_at
from tests.support.intake import trail
from tests.support.staff import Colleague, Hire
from tests.support.visitors import Visitor, in_session


def test_each_form_has_a_number_and_a_code_that_is_kept_as_a_hash_only(
    app: Flask, officer: Colleague
) -> None:
    made = printed(officer, 3)
    plain = {each.code.replace(" ", "") for each in made}
    assert len(plain) == 3
    assert all(codes.parse_code(code) == code for code in plain)
    rows = forms(app)
    secret = app.config["SECRET_KEY"]
    assert {row.code_hash for row in rows} == {codes.hash_code(secret, code) for code in plain}
    assert {row.number for row in rows} == {each.number.replace(" ", "") for each in made}
    assert {row.language for row in rows} == {"ur"}
    assert {row.printed_by for row in rows} == {officer.email}
    assert trail(app, "paper forms printed") == [{"forms": 3, "language": "ur", "held": None}]


def test_the_code_stands_on_the_slip_and_nowhere_else(officer: Colleague) -> None:
    officer.consultation("paper")
    page = officer.send("/print", {"language": "en", "count": "1"})
    (sheet,) = sheets(page)
    slip, comes_back = page.html.split("consult-paper-tear")
    assert sheet.code in slip
    assert sheet.number in comes_back
    for secret in (sheet.code, sheet.code.replace(" ", "")):
        assert page.html.count(secret) <= 1
        assert secret not in comes_back


def test_who_types_a_form_in_learns_no_code_by_its_number(app: Flask, officer: Colleague) -> None:
    (sheet,) = printed(officer)
    type_in(officer, sheet)
    page = lead(officer, sheet.number)
    assert sheet.number in page.text
    assert sheet.code not in page.html
    resident = Visitor(app.test_client())
    resident.visit("code")
    assert "درخت" not in resident.send("/code", {"code": sheet.number}).text
    assert lead(officer, sheet.code).status == 422, "nor is the code a way to the form"


def test_a_number_that_is_taken_is_not_given_again(
    app: Flask, officer: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["10000017", "10000017", "20000026"])

    def next_drawn(length: int) -> str:
        return next(drawn) if length == paper.NUMBER_DIGITS else "0" * length

    hashes = iter(range(9))
    monkeypatch.setattr(codes, "random_digits", next_drawn)
    monkeypatch.setattr(codes, "new_code", lambda: f"{next(hashes):016d}")
    printed(officer)
    printed(officer)
    assert [row.number for row in forms(app)] == ["10000017", "20000026"]


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ur", "rtl"), ("bn", "ltr")])
def test_a_form_is_all_in_its_language(
    app: Flask, officer: Colleague, model_document: Any, language: str, direction: str
) -> None:
    officer.consultation("paper")
    page = officer.send("/print", {"language": language, "count": "1"})
    assert f'lang="{language}" dir="{direction}"' in page.html
    texts = model_document.translations.get(language, {})
    title = texts.get("title", model_document.title)
    label = texts.get("questions.vision_agree.label", model_document.questions[2].label)
    assert title in page.text
    assert f"3. {label}" in page.text
    assert "consult-qr" in page.html
    assert f"localhost/{language}/bolder-healthier-city" in page.text


def test_every_question_stands_on_the_form(officer: Colleague, model_document: Any) -> None:
    officer.consultation("paper")
    page = officer.send("/print", {"language": "en", "count": "1"})
    for number, question in enumerate(model_document.questions, start=1):
        assert f"{number}. {question.label}" in page.text
    assert "Answer this only if you chose one of these at question 1:" in page.text


@pytest.mark.parametrize("count", ["0", "51", "many", ""])
def test_a_number_that_cannot_be_is_refused(app: Flask, officer: Colleague, count: str) -> None:
    officer.consultation("paper")
    page = officer.send("/print", {"language": "en", "count": count})
    assert page.status == 422
    assert page.form("/print").fields["count"] == [count]
    assert forms(app) == []


def test_nothing_is_printed_in_a_language_that_is_not_asked_in(
    app: Flask, officer: Colleague
) -> None:
    officer.consultation("paper")
    assert officer.send("/print", {"language": "fr", "count": "1"}).status == 422
    assert forms(app) == []


def test_before_the_opening_there_are_no_forms(hire: Hire) -> None:
    officer = hire("officer")
    officer.visit("new")
    officer.send("/new", {"kind": "model", "title": "Our own plan"})
    officer.slug = "our-own-plan"
    page = officer.consultation("paper")
    assert "Forms can be printed once the consultation is opened" in page.text
    assert officer.consultation("paper/enter").path.endswith("/paper")
    form = {"csrf_token": officer.consultation("").form("logout").fields["csrf_token"][0]}
    for rest in ("enter", "print"):
        path = officer.address(f"consultations/our-own-plan/paper/{rest}")
        assert officer.post(path, {**form, "form_number": codes.random_digits(8)}).status == 404


def test_for_a_session_that_was_called_off_nothing_is_printed(
    app: Flask, officer: Colleague, partner: Colleague
) -> None:
    held = held_at(app)
    partner.visit(f"sessions/{held}/paper")
    with in_session(app) as session, unit_of_work(session):
        session.get_one(AssistedSession, held).state = "called_off"
    page = partner.send("/print", {"language": "en", "count": "1"})
    assert page.status == 409
    assert "This session was called off" in page.text
    page = partner.visit(f"sessions/{held}/paper")
    assert "This session was called off" in page.text
    assert "Print forms" not in page.text
    assert forms(app) == []
