"""The page of raw data: what it offers, what comes, what the trail says, and what fails."""

import csv
import http.client
import io
import json
import zipfile
from urllib.parse import urlsplit

import openpyxl
import pytest
from sqlalchemy import select

from consult.models import AuditEvent
from consult.services import workspaces
from consult.services.raw import reading, workbook
from consult.views.staff.raw import turns
from tests.support.reading import SAY, respond
from tests.support.visitors import NOON, SLUG, in_session

DOWNLOAD = f"/en/staff/consultations/{SLUG}/data/responses"


def downloads(app):
    with in_session(app) as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.action == "raw data downloaded"))
        return [(row.actor, row.subject, row.details) for row in rows]


def test_the_consultation_s_page_leads_there(app, desk, hire):
    colleague = hire("analyst")
    page = colleague.consultation()
    assert f"/en/staff/consultations/{SLUG}/data" in page.html
    page = colleague.consultation("data")
    assert page.status == 200
    assert "Raw data" in page.text
    assert "/api/v1/" in page.text


def test_the_page_says_how_many_responses_a_file_would_hold(app, desk, hire):
    respond(app, "Counts")
    respond(app, "Waits", timing="doubtful")
    page = hire("analyst").consultation("data")
    assert "Those that count 1 response" in page.text
    assert "says whether each counts 2 responses" in page.text


def test_a_table_is_downloaded_and_the_trail_says_so(app, desk, hire):
    response_id = respond(app, "More buses.")
    colleague = hire("officer")
    answer = colleague.client.get(DOWNLOAD, query_string={"format": "csv", "which": "all"})
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{SLUG}-responses-2026-12-01.csv"'
    )
    (row,) = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert row["response:id"] == str(response_id)
    assert row["response:status"] == "counted"
    details = {"file": "csv", "responses": 1, "which": "all", "translations": ""}
    assert downloads(app) == [(colleague.email, SLUG, details)]


def test_an_archive_holds_the_table_and_its_codebook(app, desk, hire):
    respond(app, "More buses.")
    colleague = hire("analyst")
    answer = colleague.client.get(DOWNLOAD, query_string={"format": "zip", "into": "ur"})
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["responses.csv", "codebook.csv", "codebook.json"]
        table = archive.read("responses.csv").decode("utf-8-sig").splitlines()
        book = json.loads(archive.read("codebook.json"))
    assert table[0].split(",") == [column["name"] for column in book["columns"]]
    assert (book["made_for"], book["made_at"]) == (colleague.email, "2026-12-01T12:00:00+00:00")
    assert book["translations"] == "ur"


def test_a_workbook_has_the_codebook_and_says_for_whom_it_is(app, desk, hire):
    respond(app, "=1+1")
    colleague = hire("analyst")
    answer = colleague.client.get(DOWNLOAD, query_string={"format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert book.sheetnames == ["responses", "codebook", "about"]
    names, row = book["responses"].values
    assert dict(zip(names, row, strict=True))[SAY] == "'=1+1"
    assert ("made_for", colleague.email) in list(book["about"].values)
    assert book.properties.creator in {None, ""}


def test_json_lines_hold_one_response_each(app, desk, hire):
    for number in range(3):
        respond(app, f"Words {number}")
    answer = hire("analyst").client.get(DOWNLOAD, query_string={"format": "jsonl"})
    lines = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert {line["answers"][SAY]["text"] for line in lines} == {"Words 0", "Words 1", "Words 2"}


def test_a_codebook_tells_every_option_in_words(app, desk, hire):
    colleague = hire("analyst")
    answer = colleague.client.get(f"/en/staff/consultations/{SLUG}/data/codebook.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    told = {(row["column"], row["value"]): row["value_label"] for row in rows}
    assert told["vision_agree", "strongly_agree"] == "Strongly agree"
    assert told["help_most.warm_home", "warm_home"]
    assert told["response:channel", "paper"] == "On paper"
    assert told["age", "prefer_not_to_say"] == "I prefer not to say"
    assert downloads(app) == []


def test_a_codebook_read_in_another_language_keeps_the_labels(app, desk, hire):
    colleague = hire("analyst", language="ur")
    answer = colleague.client.get(f"/ur/staff/consultations/{SLUG}/data/codebook.json")
    questions = {question["key"]: question for question in answer.get_json()["questions"]}
    (version,) = questions["vision_agree"]["versions"]
    assert version["options"][0]["label"] == "Strongly agree"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("format=pdf", "Choose one of the files in the list."),
        ("which=all", "Choose one of the files in the list."),
        ("format=csv&which=some", "Choose one of the two."),
        ("format=csv&into=xx", "Choose one of the languages in the list."),
    ],
)
def test_what_cannot_be_downloaded_is_told_and_not_noted(app, desk, hire, query, words):
    page = hire("analyst").consultation(f"data/responses?{query}")
    assert page.status == 422
    assert words in page.text
    assert downloads(app) == []


def test_a_workbook_takes_only_so_many(app, desk, hire, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 1)
    respond(app, "One")
    respond(app, "Two")
    page = hire("analyst").consultation("data/responses?format=xlsx")
    assert page.status == 422
    assert "at most 1 responses" in page.text


def test_more_downloads_than_two_have_to_wait(app, desk, hire):
    colleague = hire("analyst")
    taken = [turn for _ in range(turns.AT_ONCE) if (turn := turns.take()) is not None]
    assert len(taken) == turns.AT_ONCE
    try:
        page = colleague.consultation("data/responses?format=csv")
        assert page.status == 503
        assert "Try again in a minute" in page.text
        assert downloads(app) == []
    finally:
        for turn in taken:
            turn.give_back()
            turn.give_back()  # once more frees no other's
    for _ in range(turns.AT_ONCE + 1):  # each gives its turn back when it is over
        answer = colleague.client.get(f"{DOWNLOAD}?format=csv")
        assert answer.status_code == 200
        answer.get_data()


def test_a_reader_who_goes_away_gives_the_turn_back(app, desk, hire):
    colleague = hire("analyst")
    for _ in range(turns.AT_ONCE + 1):
        with colleague.client.get(f"{DOWNLOAD}?format=csv") as answer:
            assert answer.status_code == 200


def test_before_a_consultation_is_open_there_is_nothing(app, hire):
    from consult.db import unit_of_work

    with in_session(app) as session, unit_of_work(session):
        workspaces.create(session, "another-one", {"title": "Another"}, actor="test", now=NOON)
    colleague = hire("officer")
    page = colleague.visit("consultations/another-one/data")
    assert page.status == 200
    assert "There is no data yet" in page.text
    page = colleague.visit("consultations/another-one/data/responses?format=csv")
    assert page.path.endswith("/another-one/data")


def test_a_viewer_gets_none(app, desk, hire):
    colleague = hire("viewer")
    assert f"consultations/{SLUG}/data" not in colleague.consultation().html
    assert colleague.consultation("data").status == 403
    assert colleague.client.get(f"{DOWNLOAD}?format=csv").status_code == 403


def test_a_database_that_fails_at_once_is_an_error_page(app, desk, hire, monkeypatch):
    def broken(*_given):
        raise ZeroDivisionError

    colleague = hire("analyst")
    monkeypatch.setattr(reading, "_in_order", broken)
    assert colleague.client.get(f"{DOWNLOAD}?format=csv").status_code == 500
    monkeypatch.undo()
    for _ in range(turns.AT_ONCE + 1):  # the turn was given back
        with colleague.client.get(f"{DOWNLOAD}?format=csv") as answer:
            assert answer.status_code == 200


@pytest.mark.parametrize("kind", ["csv", "jsonl", "zip"])
def test_a_download_that_fails_midway_does_not_pass_for_whole(
    app, desk, hire, live_server, monkeypatch, kind, caplog
):
    for number in range(4):
        respond(app, f"Words {number}")
    colleague = hire("analyst")
    cookie = colleague.client.get_cookie("consult")
    assert cookie is not None
    monkeypatch.setattr(reading, "AT_A_TIME", 1)
    read, calls = reading._read, []

    def broken(*given):
        calls.append(given)
        if len(calls) == 3:
            raise OSError("the disk is gone")
        return read(*given)

    monkeypatch.setattr(reading, "_read", broken)
    address = urlsplit(live_server(app).url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
    try:
        headers = {"Cookie": f"consult={cookie.value}"}
        connection.request("GET", f"{DOWNLOAD}?format={kind}", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200
        with pytest.raises((http.client.IncompleteRead, ConnectionError)) as broke:
            answer.read()
    finally:
        connection.close()
    if kind == "csv" and isinstance(broke.value, http.client.IncompleteRead):
        assert b"response:id" in broke.value.partial
    assert any("download broke off" in record.message for record in caplog.records)
