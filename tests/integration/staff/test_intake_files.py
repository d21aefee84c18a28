"""Files of responses: from the upload to what is stored, nothing twice, and out again."""

import io
from datetime import timedelta

import openpyxl
import pytest

from consult.db import unit_of_work
from consult.models import (
    Answer,
    ImportMapping,
    Job,
    Redaction,
    Response,
    ResponseImport,
    ResponseOrigin,
)
from consult.response_files.reading import LARGEST_UPLOAD
from consult.services import consultations, workspaces
from consult.services.intake import checking, holding
from consult.views.staff.intake import uploading
from tests.support.intake import (
    answers_of,
    bring_in,
    check,
    count,
    imports,
    responses,
    trail,
    upload,
    work,
)
from tests.support.visitors import NOON, SLUG, in_session

CSV = """\
Response ID,Submitted,Your email,Who are you answering as?,\
Do you agree or disagree with our vision?,\
What do you like about our vision? What would you change?
R1,2026-11-05 10:00:00,ann@example.org,LIVES HERE,Strongly agree,"More trees, please"
R2,2026-11-06 10:00:00,bob@example.org,LIVES HERE,Tend to disagree,
R3,2026-11-07 10:00:00,,LIVES HERE,No idea at all,مزید درخت
"""


@pytest.fixture
def officer(app, desk, hire):
    return hire("officer")


@pytest.fixture
def resident_words(model_document):
    """The words of the option that makes somebody a resident."""
    question = model_document.question("who")
    return question.option("resident").label


@pytest.fixture
def csv(resident_words):
    return CSV.replace("LIVES HERE", resident_words)


def unknown_value(page):
    """The field of the only value of the vision's column that is no option's."""
    fields = page.form("/values").fields
    return next(
        name for name in sorted(fields) if name.startswith("value-4") and fields[name] == [""]
    )


def brought(app, officer, content, name="export.csv", columns=None):
    upload(officer, content, name)
    check(officer, columns or {})
    return bring_in(app, officer)


def test_a_file_goes_from_the_upload_to_stored_responses(app, officer, csv):
    page = upload(officer, csv)
    assert page.path.endswith("/columns")
    assert "Recognised as an export of Citizen Space." in page.text
    assert "3 rows below the headings" in page.text
    chosen = [page.form("/columns").fields[f"use-{position}"][0] for position in range(6)]
    assert chosen == ["response_id", "submitted", "contact", "q:who", "q:vision_agree",
                      "q:vision_say"]  # fmt: skip
    page = officer.send("/columns", {"do": "save"})
    assert page.path.endswith("/values")
    assert "1 value is not one of the options" in page.text
    assert "More trees, please" in page.text
    assert "ann@example.org" not in page.text
    page = officer.send("/values", {"do": "check"})
    assert "Bring 3 responses in" in page.text
    assert count(app, Response) == 0
    page = bring_in(app, officer)
    assert "Responses brought in" in page.text
    first, second, third = responses(app)
    assert answers_of(first) == {
        "who": {"choice": "resident"},
        "vision_agree": {"choice": "strongly_agree"},
        "vision_say": {"text": "More trees, please"},
    }
    assert answers_of(second)["vision_agree"] == {"choice": "disagree"}
    assert answers_of(third) == {"who": {"choice": "resident"}, "vision_say": {"text": "مزید درخت"}}
    assert (first.channel, first.language, first.timing) == ("online", "en", "on_time")
    assert (first.is_test, first.is_resident) == (False, True)
    assert first.received_at.isoformat() == "2026-11-05T10:00:00+00:00"


def test_names_and_contact_details_are_kept_nowhere(app, officer, csv):
    brought(app, officer, csv)
    with in_session(app) as session:
        held = session.get_one(ResponseImport, imports(app)[0].id)
        kept = str([held.shape, held.mapping, held.report])
        assert held.content is None
    assert "example.org" not in kept
    assert "trees" not in kept
    assert "example.org" not in str([answers_of(each) for each in responses(app)])


def test_the_trail_counts_and_holds_no_words(app, officer, csv):
    brought(app, officer, csv)
    [details] = trail(app, "responses brought in")
    assert (details["rows"], details["new"], details["already_there"], details["left_out"]) == (
        3, 3, 0, 0,
    )  # fmt: skip
    assert "trees" not in str([*trail(app, "responses uploaded"), details])


def test_a_value_is_led_to_an_option_by_a_person(app, officer, csv):
    upload(officer, csv)
    page = officer.send("/columns", {"do": "save"})
    name = unknown_value(page)
    officer.send("/values", {name: "dont_know", "do": "check"})
    bring_in(app, officer)
    assert answers_of(responses(app)[2])["vision_agree"] == {"choice": "dont_know"}


def test_the_preview_follows_what_was_chosen(officer, csv):
    upload(officer, csv)
    page = officer.send("/columns", {"do": "save"})
    name = unknown_value(page)
    page = officer.send("/values", {name: "dont_know", "do": "preview"})
    assert page.path.endswith("/values")
    assert "is not one of the options" not in page.text


def test_nothing_comes_in_twice(app, officer, csv):
    brought(app, officer, csv)
    page = upload(officer, csv)
    assert "This very file was brought in by" in page.text
    page = check(officer, {})
    assert "Responses that were there already 3" in page.text
    assert "Bring" not in page.text.split("What was found")[0].split("Rows left out")[1]
    more = csv + "R4,2026-11-08 10:00:00,,,Agree,\n"
    brought(app, officer, more)
    assert count(app, Response) == 4


def test_a_response_that_says_something_else_now_stays_and_is_listed(app, officer, csv):
    brought(app, officer, csv)
    upload(officer, csv.replace("More trees, please", "Fewer trees"))
    page = check(officer, {})
    assert "brought in before with other answers" in page.text
    assert "Row 2" in page.text
    assert "Rows left out 1" in page.text
    assert count(app, Response) == 3


def test_equal_rows_of_one_file_are_several_people_once(app, officer):
    text = "What do you like about our vision? What would you change?,x\n" + "Good,1\n" * 3
    brought(app, officer, text)
    brought(app, officer, text + "Good,1\n")
    assert [answers_of(each)["vision_say"]["text"] for each in responses(app)] == ["Good"] * 4


def test_a_repeated_id_in_a_file_is_left_out_and_names_the_first(app, officer, csv):
    upload(officer, csv + "R1,2026-11-08 10:00:00,,,Agree,\n")
    page = check(officer, {"use-0": "response_id"})
    assert "an earlier row has the same number of response (row 2)" in page.text
    assert "Row 5" in page.text


def test_problems_are_listed_by_row_and_column(officer, csv):
    upload(officer, csv + "R4,yesterday,,,Agree,,shifted\n")
    page = check(officer, {})
    assert "Rows left out 1" in page.text
    assert "Row 5" in page.text
    assert "it has more cells than there are headings" in page.text


def test_what_was_said_of_the_columns_is_remembered(app, officer, csv):
    upload(officer, csv)
    officer.send("/columns", {"use-5": "nothing", "channel": "paper", "do": "save"})
    page = upload(officer, csv.replace("R1", "S1"))
    fields = page.form("/columns").fields
    assert fields["use-5"] == ["nothing"]
    assert fields["channel"] == ["paper"]
    assert count(app, ImportMapping) == 1


def test_responses_that_came_after_the_closing_wait_for_an_officer(app, desk, hire, csv, clock):
    clock.now = NOON + timedelta(days=60)
    late = csv.replace("2026-11-05", "2027-01-20").replace("2026-11-06", "2027-01-25")
    page = brought(app, hire("officer"), late)
    assert [each.timing for each in responses(app)] == ["doubtful", "on_time"]
    assert "counts once an officer accepts it" in page.text
    assert "after the day until which late answers are taken" in page.text


def test_the_same_words_again_are_marked_as_a_repeat(app, officer):
    words = "The very same long sentence about trees."
    brought(app, officer, f"n,vision_say\n1,{words}\n2,{words}\n3,Something else entirely here.\n")
    marks = [[mark.reason for mark in each.marks] for each in responses(app)]
    assert marks == [[], ["same_answers"], []]


def test_another_sheet_can_be_read(officer):
    book = openpyxl.Workbook()
    book.active.append(["vision_say"])
    book.active.append(["on the first"])
    second = book.create_sheet("Second")
    second.append(["vision_say"])
    second.append(["on the second"])
    stream = io.BytesIO()
    book.save(stream)
    page = upload(officer, stream.getvalue(), "a.xlsx")
    assert "on the first" in page.text
    page = officer.post(
        page.form("/columns").action,
        {"csrf_token": page.form("/columns").fields["csrf_token"][0], "do": "sheet",
         "sheet": "Second"},
    )  # fmt: skip
    assert "on the second" in page.text


# What is said of files and mappings that cannot be used


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "The file is empty"),
        (b"a,b\n", "a.csv", "no responses below them"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "Excel’s old format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx",
         "protected by a password"),
        (b"PK\x03\x04broken", "a.xlsx", "damaged"),
        (b"%PDF-1.4", "a.pdf", "cannot read this kind of file"),
        (b'id,t\n1,"open\n', "a.csv", "a quotation mark is not closed"),
        (b"id,t\n1,\x81\n", "a.csv", "first in line 2"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_explained(app, officer, content, name, words):
    page = upload(officer, content, name)
    assert page.status == 422
    assert words in page.text
    assert count(app, ResponseImport) == 0


def test_no_file_is_asked_for(officer):
    officer.consultation("responses/import")
    page = officer.send("responses/import", {})
    assert page.status == 422
    assert "Choose a file." in page.text


def test_a_file_that_is_too_large_is_told_with_the_limit_and_the_way_out(officer, monkeypatch):
    monkeypatch.setattr(uploading, "LARGEST_UPLOAD", 1_000_000)
    page = upload(officer, b"id,text\n" + b"1,x\n" * 300_000)
    assert page.status == 422
    assert "larger than 1 MB" in page.text
    assert "consult import-responses" in page.text
    assert LARGEST_UPLOAD == 30_000_000


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({f"use-{n}": "nothing" for n in range(6)}, "at least one column"),
        ({"use-3": "q:vision_agree"}, "answer the same question"),
        ({"use-5": "response_id"}, "cannot be the same"),
        ({"use-5": "nonsense"}, "Say what the column"),
        ({"received_on-day": "", "received_on-month": "", "received_on-year": ""}, "Write the day"),
        ({"received_on-year": "2199"}, "still to come"),
        ({"use-5": "new:text"}, "Say what the column"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_explained_and_kept(officer, csv, changes, words):
    upload(officer, csv)
    page = officer.send("/columns", {"survey": "Kept words", "do": "save", **changes})
    assert page.status == 422
    assert words in page.text
    assert page.form("/columns").fields["survey"] == ["Kept words"]


def test_a_fault_at_the_end_is_found_before_anything_is_stored(app, officer, csv, monkeypatch):
    monkeypatch.setattr("consult.response_files.survey.LOOKED_AT", 2)
    monkeypatch.setattr(checking, "is_soon_done", lambda _held: True)
    filler = "".join(f"T{n},2026-11-08,,,Agree,\n" for n in range(12))
    upload(officer, csv + filler + 'R5,2026-11-08,,,Agree,"open\n')
    page = check(officer, {})
    assert page.status == 422
    assert "a quotation mark is not closed" in page.text
    assert count(app, Response) == 0


# Jobs


def test_a_large_file_is_checked_by_a_job(app, officer, csv, monkeypatch):
    monkeypatch.setattr(checking, "is_soon_done", lambda _held: False)
    upload(officer, csv)
    page = check(officer, {})
    assert "The file is being read" in page.text
    assert "data-progress" in page.html
    assert work(app)
    page = officer.get(page.path)
    assert "Bring 3 responses in" in page.text


def test_one_file_at_a_time(app, officer, csv):
    upload(officer, csv)
    check(officer, {})
    first = officer.page
    officer.send("/bring-in")
    upload(officer, csv.replace("R", "S"))
    check(officer, {})
    page = officer.send("/bring-in")
    assert page.status == 409
    assert "Another file is being read" in page.text
    officer.get(first.path)
    assert "Bring 3" not in officer.page.text
    assert work(app)
    assert count(app, Job) == 1


def test_a_file_is_not_changed_while_a_job_reads_it(officer, csv):
    upload(officer, csv)
    columns = officer.page
    check(officer, {})
    officer.send("/bring-in")
    form = columns.form("/columns")
    page = officer.post(form.action, {**form.fields, "do": "save"})
    assert "nothing was changed" in page.text
    page = officer.post(
        columns.form("/put-away").action,
        {"csrf_token": columns.form("/put-away").fields["csrf_token"][0]},
    )
    assert "Cancel it first" in page.text


def test_bringing_in_again_says_that_it_was_done(app, officer, csv):
    upload(officer, csv)
    check(officer, {})
    form = officer.page.form("/bring-in")
    bring_in(app, officer)
    page = officer.post(form.action, form.fields)
    assert "brought in already" in page.text
    assert count(app, Response) == 3


# Away, and out again


def test_a_file_is_put_away(app, officer, csv):
    upload(officer, csv)
    page = officer.send("/put-away")
    assert "The file is put away" in page.text
    assert count(app, ResponseImport) == 0
    assert trail(app, "response file put away")


def test_files_that_nobody_brings_in_are_forgotten(app, officer, csv, clock):
    upload(officer, csv)
    clock.now = NOON + timedelta(days=31)
    upload(officer, csv.replace("R", "S"))
    assert count(app, ResponseImport) == 1
    assert timedelta(days=30) == holding.KEPT_FOR


def test_a_whole_file_is_taken_out_with_what_hangs_on_it(app, officer, csv):
    brought(app, officer, csv)
    with in_session(app) as session, unit_of_work(session):
        answer = session.query(Answer).filter_by(question_key="vision_say", language="en")[0]
        session.add(
            Redaction(answer_id=answer.id, start=0, end=4, reason="name", made_by="a", made_at=NOON)
        )
    page = officer.get(f"{officer.page.path}/undo")
    assert "3 responses of this file are removed" in page.text
    assert "1 redaction" in page.text
    page = officer.send("/undo")
    assert "3 responses are taken out." in page.text
    assert "Upload the file again" in page.text
    assert [count(app, table) for table in (Response, Answer, ResponseOrigin, Redaction)] == [0] * 4
    [details] = trail(app, "responses taken out")
    assert (details["responses"], details["judgements"]) == (3, 1)
    brought(app, officer, csv)
    assert count(app, Response) == 3


def test_what_was_taken_out_is_not_taken_out_again(app, officer, csv):
    brought(app, officer, csv)
    path = f"{officer.page.path}/undo"
    officer.get(path)
    form = officer.page.form("/undo")
    officer.send("/undo")
    page = officer.post(form.action, form.fields)
    assert page.status == 409
    assert "nothing to take out" in page.text
    assert officer.get(path).status == 409


def test_nothing_is_taken_out_while_a_job_is_at_work(app, officer, csv):
    brought(app, officer, csv)
    path = f"{officer.page.path}/undo"
    upload(officer, csv.replace("R", "S"))
    check(officer, {})
    officer.send("/bring-in")
    page = officer.get(path)
    assert page.status == 409
    assert "A job is reading or writing" in page.text


def test_after_the_deletion_date_a_file_cannot_be_taken_out(app, officer, csv):
    brought(app, officer, csv)
    with in_session(app) as session, unit_of_work(session):
        consultations.get(session, SLUG).data_removed_at = NOON + timedelta(days=1)
    page = officer.get(f"{officer.page.path}/undo")
    assert page.status == 409
    assert "The deletion date has passed" in page.text


# Who


def test_an_analyst_reads_the_list_and_changes_nothing(app, officer, csv, hire):
    brought(app, officer, csv)
    path = officer.page.path
    analyst = hire("analyst")
    page = analyst.consultation("responses/import")
    assert "export.csv" in page.text
    assert "Read the file" not in page.text
    page = analyst.get(path)
    assert page.status == 200
    assert "Take these responses out" not in page.text
    assert analyst.get(f"{path}/undo").status == 403
    assert hire("viewer").consultation("responses/import").status == 403


def test_a_file_of_another_consultation_is_not_there(app, officer, csv):
    upload(officer, csv)
    other = officer.page.path.replace(SLUG, "another-one")
    with in_session(app) as session, unit_of_work(session):
        workspaces.create(session, "another-one", {"title": "Other"}, actor="t", now=NOON)
    assert officer.get(other).status == 404
