"""Forms on paper: typed in by the number on the sheet, once, in time by the day on it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import Consultation, Provenance, Response
from consult.services import codes
from tests.integration.assisting.sheets import (
    ANSWERS,
    Sheet,
    form_of_session,
    forms,
    lead,
    printed,
    type_in,
)
from tests.support.assisting_desk import held_at
from tests.support.intake import answers_of, responses, trail
from tests.support.staff import Colleague, Hire
from tests.support.visitors import NOON, Clock, Page, Visitor, in_session


def test_what_is_typed_is_stored_with_how_it_came(app: Flask, officer: Colleague) -> None:
    (sheet,) = printed(officer)
    page = type_in(officer, sheet)
    assert "The form is stored with 3 answers." in page.text
    (one,) = responses(app)
    assert answers_of(one) == {
        "who": {"choice": "resident"},
        "vision_agree": {"choice": "agree"},
        "vision_say": {"text": "مزید درخت لگائیں"},
    }
    assert (one.channel, one.language, one.timing, one.is_test) == ("paper", "ur", "on_time", False)
    assert one.started_at == datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert one.received_at == NOON
    assert one.is_resident
    (form,) = forms(app)
    assert one.client_id == form.client_id
    with in_session(app) as session:
        came = session.get_one(Provenance, one.id)
        assert (came.mode, came.entered_by, came.session_id, came.pack_id) == (
            "paper",
            officer.email,
            None,
            form.pack_id,
        )
    assert trail(app, "paper form entered") == [{"answers": 3}]
    assert "Printed: 1. Typed in: 1." in officer.consultation("paper").text


def test_its_person_reads_it_by_the_code_on_the_slip(app: Flask, officer: Colleague) -> None:
    (sheet,) = printed(officer)
    type_in(officer, sheet)
    resident = Visitor(app.test_client())
    resident.visit("code")
    page = resident.send("/code", {"code": sheet.code})
    assert "مزید درخت لگائیں" in page.text


def test_typed_again_alike_it_counts_once(app: Flask, officer: Colleague) -> None:
    (sheet,) = printed(officer)
    type_in(officer, sheet)
    assert "This form was typed in before." in lead(officer, sheet.number).text
    page = type_in(officer, sheet)
    assert "it counts once" in page.text
    assert len(responses(app)) == 1


def test_typed_again_otherwise_the_differences_are_shown(app: Flask, officer: Colleague) -> None:
    (sheet,) = printed(officer)
    type_in(officer, sheet)
    page = type_in(officer, sheet, vision_agree__answer="5", walk_days__answer="4")
    assert page.status == 409
    assert "Those stand; nothing was changed." in page.text
    told = differences(page)
    for words in ("Agree", "Strongly disagree", "Not answered", "4"):
        assert words in told
    assert "درخت" not in told, "what is alike is not listed"
    assert page.form("/paper/").fields["vision_agree.answer"] == ["5"]
    (one,) = responses(app)
    assert answers_of(one)["vision_agree"] == {"choice": "agree"}


def test_one_differing_answer_shows_nothing_of_the_others(app: Flask, officer: Colleague) -> None:
    (sheet,) = printed(officer)
    type_in(officer, sheet, walk_days__answer="6")
    page = type_in(officer, sheet, who__answer="", vision_agree__answer="5", vision_say__answer="")
    assert page.status == 409
    assert "Strongly disagree" in differences(page)
    assert re.findall('<th[^>]*scope="row"', page.html) == [
        '<th class="govuk-table__header" scope="row"'
    ]
    assert "درخت" not in page.html
    assert "Not answered" not in page.text


def test_where_only_more_was_stored_nothing_of_it_is_shown(app: Flask, officer: Colleague) -> None:
    (sheet,) = printed(officer)
    type_in(officer, sheet)
    page = type_in(officer, sheet, vision_say__answer="")
    assert page.status == 409
    assert "more was stored then" in page.text
    assert "What differs" not in page.text
    assert "درخت" not in page.html
    assert len(answers_of(responses(app)[0])) == 3


def test_what_its_person_changed_since_is_not_shown(app: Flask, officer: Colleague) -> None:
    (sheet,) = printed(officer)
    type_in(officer, sheet)
    with in_session(app) as session, unit_of_work(session):
        one = session.scalars(select(Response)).one()
        one.changed_at = NOON + timedelta(hours=1)
        one.content_digest = "0" * 64
    page = type_in(officer, sheet)
    assert page.status == 409
    assert "its person has changed the answers since" in page.text
    assert "What differs" not in page.text


def test_what_its_person_withdrew_is_not_stored_again(app: Flask, officer: Colleague) -> None:
    (sheet,) = printed(officer)
    type_in(officer, sheet)
    with in_session(app) as session, unit_of_work(session):
        one = session.scalars(select(Response)).one()
        one.withdrawn_at = NOON + timedelta(hours=1)
    page = type_in(officer, sheet)
    assert page.status == 422
    assert "The person has withdrawn this response" in page.text


def test_numbers_choose_answers(app: Flask, officer: Colleague, model_document: Any) -> None:
    stages = [option.key for option in model_document.question("life_stages").options]
    ranked = [option.key for option in model_document.question("priorities").options]
    ethnic = model_document.question("ethnic_group").options
    (sheet,) = printed(officer)
    type_in(
        officer,
        sheet,
        **{
            "life_stages__answer": "1, 3",
            f"priorities__rank-{ranked[2]}": "1",
            f"priorities__rank-{ranked[0]}": "2",
            "walk_days__answer": "۴",
            "ethnic_group__answer": "12",
            "ward__answer": f" {model_document.areas[4].name.upper()}",
        },
    )
    stored = answers_of(responses(app)[0])
    assert stored["life_stages"] == {"choices": [stages[0], stages[2]]}
    assert stored["priorities"] == {"order": [ranked[2], ranked[0]]}
    assert stored["walk_days"] == {"number": 4}
    assert stored["ethnic_group"] == {"choice": ethnic[11].key}
    assert stored["ward"] == {"choice": model_document.areas[4].code}


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [
        ({"vision_agree__answer": "7"}, "There is no answer 7 here.", "vision_agree.answer"),
        ({"vision_agree__answer": "12"}, "Type one number only.", "vision_agree.answer"),
        ({"vision_agree__answer": "x"}, "There is no answer x here.", "vision_agree.answer"),
        ({"ward__answer": "Atlantis"}, "No area of this consultation", "ward.answer"),
        ({"walk_days__answer": "often"}, "Write a number", "walk_days.answer"),
        ({"vision_say__answer": "a" * 6000}, "This answer is too long", "vision_say.answer"),
        ({"filled_on-day": "2", "filled_on-month": "12"}, "still to come", "filled_on-day"),
        ({"filled_on-year": "2025"}, "The consultation opened on", "filled_on-year"),
        ({"filled_on-day": ""}, "Write the day", "filled_on-month"),
        ({"language": "fr"}, "Choose the language that the person wrote in.", "who.answer"),
        (
            {"who__answer": "", "vision_agree__answer": "", "vision_say__answer": " "},
            "Type the answer to at least one question.",
            "vision_say.answer",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    app: Flask, officer: Colleague, changes: dict[str, str], words: str, field: str
) -> None:
    (sheet,) = printed(officer)
    page = type_in(officer, sheet, **changes)
    assert page.status == 422
    assert words in page.text
    named = {name.replace("__", "."): value for name, value in changes.items()}
    kept = page.form("/paper/").fields[field][0].strip()
    assert kept == {**ANSWERS, **named}[field].strip()
    assert responses(app) == []


def differences(page: Page) -> str:
    return page.text[page.text.index("What differs") : page.text.index("Which day stands")]


def test_checking_stores_nothing(app: Flask, officer: Colleague) -> None:
    (sheet,) = printed(officer)
    page = type_in(officer, sheet, do="check")
    assert (page.status, "Nothing is stored yet" in page.text) == (200, True)
    assert page.form("/paper/").fields["vision_agree.answer"] == ["2"]
    assert responses(app) == []


@pytest.mark.parametrize("number", ["1234", "1000 0018", "1000 0017 1", "no number", "10000017x"])
def test_a_mistyped_number_is_told_apart(officer: Colleague, number: str) -> None:
    page = lead(officer, number)
    assert page.status == 422
    assert "Type the 8 figures" in page.text
    assert page.form("/enter").fields["form_number"] == [number]


@pytest.mark.parametrize("written", ["{}{}", " {}-{} ", "{} {}"])
def test_a_number_is_typed_as_it_comes(officer: Colleague, written: str) -> None:
    (sheet,) = printed(officer)
    assert lead(officer, written.format(*sheet.number.split())).status == 200


def test_a_number_of_no_form_leads_nowhere(officer: Colleague) -> None:
    page = lead(officer, codes.random_digits(8))
    assert page.status == 422
    assert "No form of this consultation has that number." in page.text


# After closing


def late(officer: Colleague, app: Flask, clock: Clock) -> tuple[Sheet, datetime, datetime]:
    """A form that was printed in time, and when the consultation closes and ends."""
    (sheet,) = printed(officer)
    with in_session(app) as session:
        stored = session.scalars(select(Consultation)).one()
        return sheet, stored.closes_at, stored.late_until


def test_a_form_of_before_the_closing_is_taken_until_the_end(
    app: Flask, officer: Colleague, clock: Clock, hire: Hire
) -> None:
    sheet, closes, ends = late(officer, app, clock)
    clock.now = ends - timedelta(minutes=5)
    other = hire("officer")
    assert "The form is stored" in type_in(other, sheet).text
    (one,) = responses(app)
    assert (one.timing, one.received_at) == ("late", clock.now)
    assert one.started_at < closes


def test_a_form_of_after_the_closing_is_not_taken(
    app: Flask, officer: Colleague, clock: Clock, hire: Hire
) -> None:
    sheet, closes, ends = late(officer, app, clock)
    clock.now = ends - timedelta(minutes=5)
    day = closes + timedelta(days=1)
    page = type_in(
        hire("officer"),
        sheet,
        **{
            "filled_on-day": str(day.day),
            "filled_on-month": str(day.month),
            "filled_on-year": str(day.year),
        },
    )
    assert page.status == 422
    assert "What came after it does not count." in page.text
    assert responses(app) == []


def test_after_the_end_nothing_is_taken_or_printed(
    app: Flask, officer: Colleague, clock: Clock, hire: Hire
) -> None:
    sheet, _closes, ends = late(officer, app, clock)
    clock.now = ends + timedelta(minutes=5)
    other = hire("officer")
    page = type_in(other, sheet)
    assert page.status == 422
    assert "takes nothing more, late answers neither" in page.text
    assert page.form("/paper/").fields["vision_agree.answer"] == ["2"]
    assert "Print forms" not in other.consultation("paper").text
    assert responses(app) == []


# Partners


def test_a_partner_prints_and_types_the_forms_of_their_session(
    app: Flask, officer: Colleague, partner: Colleague
) -> None:
    held = held_at(app)
    sheet = form_of_session(partner, held)
    partner.visit(f"sessions/{held}/paper/enter")
    page = partner.send("/enter", {"form_number": sheet.number})
    page = partner.send(page.path, ANSWERS)
    assert "The form is stored with 3 answers." in page.text
    with in_session(app) as session:
        came = session.scalars(select(Provenance)).one()
        assert (came.session_id, came.entered_by) == (held, partner.email)


def test_a_partner_finds_no_forms_of_others(
    app: Flask, officer: Colleague, partner: Colleague
) -> None:
    held = held_at(app)
    (sheet,) = printed(officer)
    path = lead(officer, sheet.number).path
    partner.visit(f"sessions/{held}/paper/enter")
    page = partner.send("/enter", {"form_number": sheet.number})
    assert page.status == 422
    assert "No form of this session has that number." in page.text
    form_id = path.rsplit("/", 1)[1]
    assert partner.visit(f"sessions/{held}/paper/{form_id}").status == 404
    assert partner.visit(f"consultations/{partner.slug}/paper").status in {403, 404}


def test_who_holds_no_session_meets_no_forms(app: Flask, officer: Colleague, hire: Hire) -> None:
    held = held_at(app)
    stranger = hire("partner", email="stranger@partner.example.org")
    assert stranger.visit(f"sessions/{held}/paper").status == 404
    assert stranger.visit(f"sessions/{held}/paper/enter").status == 404


def test_two_at_once_make_one_response(app: Flask, officer: Colleague, hire: Hire) -> None:
    (sheet,) = printed(officer)
    other = hire("officer")
    first, second = lead(officer, sheet.number), lead(other, sheet.number)
    officer.send(first.path, ANSWERS)
    assert "it counts once" in other.send(second.path, ANSWERS).text
    assert len(responses(app)) == 1
