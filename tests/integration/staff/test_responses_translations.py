"""Answers go out to translators and come back: counted, redacted, in the translator's name."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest

from consult.db import unit_of_work
from consult.models import Answer, AnswerSheet, AnswerTranslation, AuditEvent, Response
from consult.services import consultations, responses
from consult.services.reading import redacting, sheets, translating_answers
from consult.services.reading.redacting import Hiding
from consult.translation_files.entries import LARGEST
from tests.support.reading import BUSES, SAY, answer_id, respond, study
from tests.support.visitors import NOON, SLUG, in_session

PLACE = f"answer-translations/{SAY}"
URDU = "بس نمبر 8 کبھی وقت پر نہیں آتی۔"
FORMULA = '=HYPERLINK("http://x.example","buses")'
EXCLUDED: dict[str, Any] = {
    "excluded_at": NOON,
    "excluded_by": "olga",
    "exclusion_reason": "A test",
}


@pytest.fixture
def urdu(app, desk):
    """Two answers in Urdu, one in Bengali, one in English; one in Urdu that does not count."""
    found = [
        respond(app, URDU, language="ur"),
        respond(app, FORMULA, language="ur", received=NOON + timedelta(minutes=1)),
    ]
    respond(app, "পার্কে আরও আলো দরকার।", language="bn")
    respond(app, "The number 8 bus never comes on time.")
    respond(app, "پارک اچھا ہے۔", language="ur", **EXCLUDED)
    return found


@pytest.fixture
def analyst(urdu, hire):
    return hire("analyst", email="anna@council.example.org")


def counts(app):
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        found = translating_answers.counts(session, stored, SAY, "en")
        return {
            each.language: (each.answers, each.by_person, each.by_machine, each.without)
            for each in found
        }


def translations(app):
    with in_session(app) as session:
        return [
            (row.text, row.origin, row.translator, row.brought_by)
            for row in session.query(AnswerTranslation).order_by(AnswerTranslation.text)
        ]


def translate(app, response_id, text, origin="person", *, now=NOON):
    with in_session(app) as session, unit_of_work(session):
        translating_answers.write(
            session, answer_id(app, response_id), "en", text,
            origin=origin, translator="Noor" if origin == "person" else "machine",
            actor="olga", now=now,
        )  # fmt: skip


def hide(app, response_id, start, end, *, now=NOON):
    with in_session(app) as session, unit_of_work(session):
        answer = session.get_one(Answer, answer_id(app, response_id))
        redacting.hide(session, answer, [Hiding(start, end, "other")], actor="olga", now=now)


def send_out(person, kind="csv", code="ur"):
    address = person.address(f"consultations/{SLUG}/{PLACE}/sheet/{code}.{kind}")
    response = person.client.get(address)
    assert response.status_code == 200
    return response.data


def rows_of(content):
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(rows, translations):
    """A sheet as a translator sends it back; translations by their place, from 0."""
    written = StringIO()
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    for place, row in enumerate(rows):
        writer.writerow({**row, "translation (en)": translations.get(place, "")})
    return written.getvalue().encode("utf-8-sig")


def bring(person, content, name="answers.csv"):
    person.consultation(PLACE)
    return person.send("/sheet", {"file": (BytesIO(content), name)})


# Counting


def test_what_is_translated_and_what_is_not_is_counted(app, urdu):
    assert counts(app) == {"ur": (2, 0, 0, 2), "bn": (1, 0, 0, 1), "en": (1, 0, 0, 1)}
    translate(app, urdu[0], "The 8 bus …")
    translate(app, urdu[0], "By machine", "machine")
    translate(app, urdu[1], "By machine", "machine")
    assert counts(app)["ur"] == (2, 1, 1, 0)


def test_the_language_is_that_of_the_words_where_it_is_known(app, urdu):
    study(app, {urdu[0]: [BUSES]}, languages={urdu[0]: "pa"})
    assert counts(app)["pa"] == (1, 0, 0, 1)


def test_a_translation_made_before_words_were_hidden_counts_as_none(app, urdu):
    translate(app, urdu[0], "The 8 bus …")
    hide(app, urdu[0], 0, 2, now=NOON + timedelta(hours=1))
    assert counts(app)["ur"] == (2, 0, 0, 2)


def test_the_page_says_it(app, urdu, analyst):
    translate(app, urdu[0], "The 8 bus …")
    page = analyst.consultation(PLACE)
    assert "1 answer is in this language as it was given." in page.text
    sentence = "1 translated by a person, 0 by a machine only, 2 not translated."
    assert sentence in page.text
    assert "Machine drafts are switched off" in page.text


def test_another_language_can_be_chosen(app, urdu, analyst):
    page = analyst.consultation(f"{PLACE}?into=ur")
    assert "2 answers are in this language" in page.text
    page = analyst.consultation(f"{PLACE}?into=xx")
    assert "1 answer is in this language" in page.text


# Out


def test_a_sheet_holds_redacted_answers_without_a_person_s_translation(app, urdu, analyst):
    third = respond(app, "عائشہ کو بلائیں۔", language="ur", received=NOON + timedelta(hours=1))
    hide(app, third, 0, 5)
    translate(app, urdu[0], "The 8 bus …")
    translate(app, urdu[1], "By machine", "machine")
    rows = rows_of(send_out(analyst))
    assert [row["source (ur)"] for row in rows] == ["'" + FORMULA, "[…] کو بلائیں۔"]
    assert {row["translation (en)"] for row in rows} == {""}
    assert "Keep the sign." in rows[1]["where"]
    assert "عائشہ" not in send_out(analyst).decode()


def test_a_workbook_holds_the_same_as_texts(app, urdu, analyst):
    book = openpyxl.load_workbook(BytesIO(send_out(analyst, "xlsx")))
    cells = [[cell.value for cell in row] for row in book["translations"].iter_rows(min_row=2)]
    assert [row[2] for row in cells] == [URDU, FORMULA]
    assert book["translations"]["C3"].data_type == "s"
    assert "These are answers of residents." in str(book["read me"]["A2"].value)


@pytest.mark.parametrize("place", ["en.csv", "pl.csv", "ur.doc", "xx.xlsx"])
def test_there_is_no_sheet_of_nothing(urdu, analyst, place):
    address = analyst.address(f"consultations/{SLUG}/{PLACE}/sheet/{place}")
    assert analyst.client.get(address).status_code == 404


# Back


def test_a_sheet_is_looked_at_first_and_then_brought_in(app, urdu, analyst):
    rows = rows_of(send_out(analyst))
    page = bring(analyst, sheet(rows, {0: "The number 8 bus is never on time."}))
    assert "New: 1" in page.text
    assert "The number 8 bus is never on time." in page.text
    assert translations(app) == []
    page = analyst.send("/sheet/", {"translator": "Noor Ali", "do": "apply"})
    assert "1 translation is brought in." in page.text
    assert translations(app) == [
        ("The number 8 bus is never on time.", "person", "Noor Ali", analyst.email)
    ]
    with in_session(app) as session:
        (event,) = session.query(AuditEvent).filter_by(action="answer translations brought in")
        assert (event.actor, event.details["answers"]) == (analyst.email, 1)
        assert session.query(AnswerSheet).count() == 0


def test_a_workbook_comes_back_too(app, urdu, analyst):
    book = openpyxl.load_workbook(BytesIO(send_out(analyst, "xlsx")))
    book["translations"]["D3"] = "Buses"
    written = BytesIO()
    book.save(written)
    bring(analyst, written.getvalue(), "answers.xlsx")
    analyst.send("/sheet/", {"translator": "Noor", "do": "apply"})
    assert [row[0] for row in translations(app)] == ["Buses"]


def test_nothing_is_brought_in_twice(app, urdu, analyst):
    content = sheet(rows_of(send_out(analyst)), {0: "The 8 bus is late."})
    bring(analyst, content)
    report = analyst.page
    analyst.send("/sheet/", {"translator": "Noor", "do": "apply"})
    analyst.page = report
    page = analyst.send("/sheet/", {"translator": "Somebody else", "do": "apply"})
    assert "Nothing was brought in twice." in page.text
    page = bring(analyst, content)
    assert "Unchanged: 1" in page.text
    analyst.send("/sheet/", {"translator": "Somebody else", "do": "apply"})
    assert [row[2] for row in translations(app)] == ["Noor"]


def test_every_row_is_told_what_becomes_of_it(app, urdu, analyst):
    more = [
        respond(app, f"جواب نمبر {each} ہے اور یہ ہے۔", language="ur",
                received=NOON + timedelta(hours=each))
        for each in range(1, 5)
    ]  # fmt: skip
    hide(app, more[0], 0, 4)
    rows = rows_of(send_out(analyst))
    assert len(rows) == 6
    translate(app, urdu[0], "An older one")
    translate(app, urdu[1], "The same")
    hide(app, more[1], 0, 4)
    with in_session(app) as session, unit_of_work(session):
        later = NOON + timedelta(days=1)
        responses.withdraw(session, session.get_one(Response, more[2]), now=later)
    rows.append({**rows[0], "path": "nonsense"})
    words = {0: "A newer one", 1: "The same", 2: "No sign", 3: "Too late", 4: "Gone", 6: "Whose?"}
    page = bring(analyst, sheet(rows, words))
    for heading in (
        "Changed: 1",
        "Unchanged: 1",
        "Hidden words not marked: 1",
        "Answer changed since: 1",
        "Fits no answer: 2",
    ):
        assert heading in page.text
    assert "An older one" in page.text
    analyst.send("/sheet/", {"translator": "Noor", "do": "apply"})
    assert [row[0] for row in translations(app)] == ["A newer one", "The same"]


def test_a_translation_without_the_sign_is_taken_only_if_ticked(app, urdu, analyst):
    hide(app, urdu[0], 0, 2)
    rows = rows_of(send_out(analyst))
    page = bring(analyst, sheet(rows, {0: "The 8 never comes", 1: "Buses"}))
    assert "Take 1 such translation too" in page.text
    analyst.send("/sheet/", {"translator": "Noor", "do": "apply", "lost": "yes"})
    assert [row[0] for row in translations(app)] == ["Buses", "The 8 never comes"]


def test_a_row_whose_mark_was_deleted_fits_by_its_words(app, urdu, analyst):
    rows = [{**row, "mark": ""} for row in rows_of(send_out(analyst))]
    rows[1]["source (ur)"] = "Something else"
    page = bring(analyst, sheet(rows, {0: "The 8 bus", 1: "Buses"}))
    assert "New: 1" in page.text
    assert "Answer changed since: 1" in page.text


def test_the_translator_is_named(app, urdu, analyst):
    bring(analyst, sheet(rows_of(send_out(analyst)), {0: "The 8 bus"}))
    page = analyst.send("/sheet/", {"translator": "  ", "do": "apply"})
    assert (page.status, "Write the name of the person" in page.text) == (422, True)
    assert translations(app) == []


def test_a_sheet_is_put_away(app, urdu, analyst):
    bring(analyst, sheet(rows_of(send_out(analyst)), {0: "The 8 bus"}))
    page = analyst.send("/sheet/", {"do": "put_away"})
    assert "Nothing was changed." in page.text
    assert translations(app) == []
    with in_session(app) as session:
        assert session.query(AnswerSheet).count() == 0


def test_what_changed_while_somebody_looked_is_shown_first(app, urdu, analyst):
    bring(analyst, sheet(rows_of(send_out(analyst)), {0: "The 8 bus"}))
    translate(app, urdu[0], "A colleague's")
    page = analyst.send("/sheet/", {"translator": "Noor", "do": "apply"})
    assert (page.status, "look at it once more" in page.text) == (422, True)
    assert "Changed: 1" in page.text
    assert page.form("/sheet/").fields["translator"] == ["Noor"]
    analyst.send("/sheet/", {"do": "apply"})
    assert [row[0] for row in translations(app)] == ["The 8 bus"]


def test_who_withdraws_is_in_no_sheet_that_waits(app, urdu, analyst):
    bring(analyst, sheet(rows_of(send_out(analyst)), {0: "The 8 bus", 1: "It is my business"}))
    address = analyst.page.path
    with in_session(app) as session, unit_of_work(session):
        later = NOON + timedelta(days=1)
        responses.withdraw(session, session.get_one(Response, urdu[0]), now=later)
    with in_session(app) as session:
        [held] = session.query(AnswerSheet).all()
        assert "The 8 bus" not in str(held.rows)
        assert "It is my business" in str(held.rows)
    assert "The 8 bus" not in analyst.get(address).text


def test_what_goes_out_is_in_the_audit_trail(app, urdu, analyst):
    send_out(analyst)
    with in_session(app) as session:
        [event] = session.query(AuditEvent).filter_by(action="answers sent out").all()
        assert (event.actor, event.details["answers"]) == ("anna@council.example.org", 2)


def test_a_sheet_that_nobody_took_is_forgotten(app, urdu, analyst, clock):
    bring(analyst, sheet(rows_of(send_out(analyst)), {0: "The 8 bus"}))
    with in_session(app) as session, unit_of_work(session):
        assert sheets.forget_old(session, now=NOON + sheets.KEPT_FOR) == 0
        later = NOON + sheets.KEPT_FOR + timedelta(minutes=1)
        assert sheets.forget_old(session, now=later) == 1


HEADINGS = b"path,translation (en)\r\n"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "answers.csv", "The file is empty."),
        (b"a,b\r\n1,2\r\n", "answers.csv", "does not name these columns: path, translation"),
        (b"path,translation,path\r\n", "answers.csv", "Two columns have the heading path"),
        (HEADINGS, "answers.csv", "The file names no text."),
        (HEADINGS + b"x,\xff\xfe\r\n", "answers.csv", "Some letters cannot be read"),
        (HEADINGS + b"x,1\r\nx,2\r\n", "answers.csv", "Two rows translate the same text, x"),
        (b"path,translation (ur)\r\nx,1\r\n", "answers.csv", "says that it is in"),
        (b"%PDF-1.7", "answers.pdf", "We cannot read this kind of file."),
        (b"PK\x03\x04 broken", "answers.xlsx", "The file is damaged"),
    ],
)
def test_a_file_that_cannot_be_taken_is_explained(urdu, analyst, content, name, sentence):
    page = bring(analyst, content, name)
    assert (page.status, sentence in page.text) == (422, True)


def test_a_file_that_is_too_large_is_explained(urdu, analyst):
    form = analyst.consultation(PLACE).form("/sheet")
    token = form.fields["csrf_token"][0]
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    ).encode()
    # Written by hand, because Flask's test client would leave a temporary file behind.
    response = analyst.client.post(
        form.action,
        data=body + b"x" * (LARGEST + 1) + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert response.status_code == 422
    assert "The file is larger than 10 MB" in response.text


def test_a_formula_in_a_workbook_is_explained(urdu, analyst):
    book = openpyxl.load_workbook(BytesIO(send_out(analyst, "xlsx")))
    book["translations"]["D2"] = "=1+1"
    written = BytesIO()
    book.save(written)
    page = bring(analyst, written.getvalue(), "answers.xlsx")
    assert (page.status, "Cell D2 holds a formula" in page.text) == (422, True)


def test_no_file_is_explained(urdu, analyst):
    analyst.consultation(PLACE)
    page = analyst.send("/sheet", {})
    assert (page.status, "Choose a file." in page.text) == (422, True)


# Who may, and where


def test_a_sheet_of_another_question_or_of_nobody_is_not_found(urdu, analyst):
    assert analyst.consultation("answer-translations/vision_agree").status == 404
    assert analyst.consultation("answer-translations/nothing").status == 404
    page = analyst.consultation(f"{PLACE}/sheet/{uuid4()}")
    assert "brought in or put away already" in page.text


@pytest.mark.parametrize("role", ["viewer", "partner"])
def test_others_get_no_answers_and_bring_none(app, urdu, hire, role):
    colleague = hire(role)
    for each in (PLACE, f"{PLACE}/sheet/ur.csv", f"{PLACE}/sheet/{uuid4()}"):
        assert colleague.consultation(each).status == 403
    token = colleague.visit("").form("/logout").fields["csrf_token"][0]
    for each in (f"{PLACE}/sheet", f"{PLACE}/sheet/{uuid4()}", f"{PLACE}/machine"):
        address = colleague.address(f"consultations/{SLUG}/{each}")
        assert colleague.client.post(address, data={"csrf_token": token}).status_code == 403
