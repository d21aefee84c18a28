"""Files of responses: what is in them, in which order, and what is not."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest

from consult.db import db, unit_of_work
from consult.models import Answer, AnswerTranslation, Redaction, ResponseOrigin
from consult.services import consultations
from consult.services.raw import asked as asking
from consult.services.raw import bundle, columns, reading, shaping, tables, workbook
from consult.services.raw.reading import Wanted
from tests.support.reading import SAY, answer_id, respond
from tests.support.visitors import NOON, SLUG, in_session

EVERYTHING = Wanted(everything=True)


class Files:
    """What an application would hand out."""

    def __init__(self, app, wanted=Wanted()):  # noqa: B008 - it never changes
        self.app, self.wanted = app, wanted

    def portions(self):
        with in_session(self.app) as session:
            self.asked = asking.asking(session, consultations.get(session, SLUG))
            return list(reading.every(db.engine, self.asked, self.wanted))

    def csv(self):
        portions = self.portions()
        found = columns.columns(self.asked, self.wanted)
        text = b"".join(tables.csv_rows(portions, found)).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def lines(self):
        portions = self.portions()
        lines = b"".join(shaping.json_lines(portions, self.asked, self.wanted))
        return [json.loads(line) for line in lines.decode().splitlines()]

    def sheet(self):
        portions = self.portions()
        found = columns.columns(self.asked, self.wanted)
        with workbook.written(portions, found, [("codebook", [["column"], ["=1"]])]) as file:
            book = openpyxl.load_workbook(file)
        names, *rows = book["responses"].values
        return [dict(zip(names, row, strict=True)) for row in rows]


def test_each_kind_of_answer_has_its_cells(app):
    response_id = respond(
        app,
        "More buses.",
        answers={
            "vision_agree": {"choice": "agree"},
            "priorities": {"order": ["green", "food"]},
            "help_most": {"choices": ["warm_home", "other"], "other": "A shed"},
            "walk_days": {"number": 3},
        },
    )
    (row,) = Files(app).csv()
    told = {name: cell for name, cell in row.items() if cell != ""}
    assert told == {
        "response:id": str(response_id),
        "response:received_on": "2026-12-01",
        "response:channel": "online",
        "response:form_language": "en",
        "response:origin": "pages",
        "response:timing": "on_time",
        "response:is_resident": "1",
        "who": "resident",
        "vision_agree": "agree",
        "priorities.green": "1",
        "priorities.food": "2",
        "help_most.cheaper_food": "0",
        "help_most.safe_streets": "0",
        "help_most.green_space": "0",
        "help_most.gp_appointments": "0",
        "help_most.warm_home": "1",
        "help_most.someone_to_talk": "0",
        "help_most.free_activities": "0",
        "help_most.childcare": "0",
        "help_most.other": "1",
        "help_most.nothing": "0",
        "help_most:other": "A shed",
        "help_most:language": "en",
        SAY: "More buses.",
        f"{SAY}:language": "en",
        "walk_days": "3",
    }


def test_names_of_columns_never_meet(app):
    with in_session(app) as session:
        asked = asking.asking(session, consultations.get(session, SLUG))
    names = [column.name for column in columns.columns(asked, Wanted(True, "ur"))]
    assert len(names) == len(set(names)) > 60
    assert {question.key for question in asked.questions} <= {
        name.split(".")[0].split(":")[0] for name in names
    }


def test_rows_come_in_the_order_in_which_responses_came(app):
    late = respond(app, "Late words", received=NOON + timedelta(hours=1))
    early = respond(app, "Early words", received=NOON - timedelta(hours=1))
    expected = [str(early), str(late)]
    assert [row["response:id"] for row in Files(app).csv()] == expected
    assert [line["id"] for line in Files(app).lines()] == expected
    assert [row["response:id"] for row in Files(app).sheet()] == expected


def test_the_day_is_that_of_the_consultation_s_place(app):
    # Summer time: half past eleven at night in UTC is the next day in Birmingham.
    respond(app, received=datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        stored.definition = {**stored.definition, "timezone": "Asia/Karachi"}
    (row,) = Files(app).csv()
    assert row["response:received_on"] == "2026-12-01"
    (cells,) = Files(app).sheet()
    assert cells["response:received_on"] == datetime(2026, 12, 1)


DOUBTFUL: dict[str, Any] = {"timing": "doubtful"}
OFFICER = "officer@council.example.org"


@pytest.fixture
def of_every_fate(app):
    """Responses of every fate, by it."""
    excluded: dict[str, Any] = {
        "excluded_at": NOON,
        "excluded_by": OFFICER,
        "exclusion_reason": "Spam of Anna",
    }
    refused: dict[str, Any] = {"timing_decision": "refused", "timing_decided_by": OFFICER}
    accepted: dict[str, Any] = {"timing_decision": "accepted", "timing_decided_by": OFFICER}
    return {
        "counted": str(respond(app, "Counts")),
        "waiting": str(respond(app, "Waits", **DOUBTFUL)),
        "refused": str(respond(app, "Refused", **DOUBTFUL, **refused)),
        "excluded": str(respond(app, "Excluded", **excluded)),
        "accepted": str(respond(app, "Accepted", **DOUBTFUL, **accepted)),
        "withdrawn": str(respond(app, "Withdrawn", withdrawn_at=NOON)),
        "test": str(respond(app, "Test", is_test=True)),
    }


def test_only_responses_that_count_are_handed_out(app, of_every_fate):
    found = {row["response:id"] for row in Files(app).csv()}
    assert found == {of_every_fate["counted"], of_every_fate["accepted"]}


def test_all_are_handed_out_with_what_became_of_them(app, of_every_fate):
    found = {row["response:id"]: row["response:status"] for row in Files(app, EVERYTHING).csv()}
    assert found == {
        of_every_fate["counted"]: "counted",
        of_every_fate["accepted"]: "counted",
        of_every_fate["waiting"]: "waiting",
        of_every_fate["refused"]: "refused",
        of_every_fate["excluded"]: "excluded",
    }
    lines = {line["id"]: line["status"] for line in Files(app, EVERYTHING).lines()}
    assert lines == found


def test_their_number_is_known_before(app, of_every_fate):
    with in_session(app) as session:
        asked = asking.asking(session, consultations.get(session, SLUG))
        assert reading.count(session, asked, Wanted()) == 2
        assert reading.count(session, asked, EVERYTHING) == 5


def hide(app, answer, start, end):
    with in_session(app) as session, unit_of_work(session):
        session.add(
            Redaction(
                answer_id=answer, start=start, end=end, reason="name", made_by="t", made_at=NOON
            )
        )


def test_what_is_hidden_stays_hidden_in_every_file(app):
    respond(app, "My neighbour Mary Miller waits.")
    response_id = respond(
        app, answers={"help_most": {"choices": ["other"], "other": "Ask Mary Miller"}}
    )
    with in_session(app) as session:
        ids = {each.question_key: each.id for each in session.query(Answer)}
    hide(app, ids[SAY], 13, 24)
    hide(app, answer_id(app, response_id, "help_most"), 4, 15)
    for rows in (Files(app).csv(), Files(app).sheet(), Files(app).lines()):
        told = json.dumps(rows, default=str, ensure_ascii=False)
        assert "Miller" not in told
        assert "My neighbour […] waits." in told
        assert "Ask […]" in told


def test_translations_come_where_they_are_asked_for(app):
    response_id = respond(app, "مزید بسیں", language="ur")
    answer = answer_id(app, response_id)
    translate(app, answer, "machine", "More busses")
    (row,) = Files(app).csv()
    assert f"{SAY}:translation" not in row
    (row,) = Files(app, Wanted(into="en")).csv()
    assert (row[f"{SAY}:translation"], row[f"{SAY}:translated_by"]) == ("More busses", "machine")
    translate(app, answer, "person", "More buses")
    (line,) = Files(app, Wanted(into="en")).lines()
    assert line["answers"][SAY] == {
        "version": 1,
        "text": "مزید بسیں",
        "language": "ur",
        "translation": {"language": "en", "text": "More buses", "by": "person"},
    }


def test_a_translation_that_may_hold_what_was_hidden_since_is_left_out(app):
    answer = answer_id(app, respond(app, "Maria wartet auf den Bus", language="en"))
    translate(app, answer, "person", "Maria waits", into="ur")
    hide(app, answer, 0, 5)
    (row,) = Files(app, Wanted(into="ur")).csv()
    assert (row[SAY], row[f"{SAY}:translation"]) == ("[…] wartet auf den Bus", "")


def translate(app, answer, origin, text, into="en"):
    with in_session(app) as session, unit_of_work(session):
        session.add(
            AnswerTranslation(
                answer_id=answer, language=into, origin=origin, text=text, translator="somebody",
                brought_by="test", brought_at=NOON,
            )
        )  # fmt: skip


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\N{FULLWIDTH EQUALS SIGN}"])
def test_no_cell_is_taken_for_a_formula(app, sign):
    respond(app, f"{sign}1+1")
    (row,) = Files(app).csv()
    assert row[SAY] == f"'{sign}1+1"
    (cells,) = Files(app).sheet()
    assert cells[SAY] == f"'{sign}1+1"
    (line,) = Files(app).lines()
    assert line["answers"][SAY]["text"] == f"{sign}1+1"


def test_a_negative_number_stays_a_number(app):
    response_id = respond(app, answers={"walk_days": {"number": 3}})
    with in_session(app) as session, unit_of_work(session):
        session.get_one(Answer, answer_id(app, response_id, "walk_days")).value = {"number": -3}
    assert Files(app).csv()[0]["walk_days"] == "-3"
    assert Files(app).sheet()[0]["walk_days"] == -3


def test_lines_and_quotes_within_words_survive(app):
    words = 'He said "no";\nthen, left\r\nwith 🚲'
    respond(app, words)
    assert Files(app).csv()[0][SAY] == words
    assert Files(app).lines()[0]["answers"][SAY]["text"] == words


def test_where_a_response_came_from_is_told_without_names(app):
    response_id = respond(app, "By letter", channel="paper")
    with in_session(app) as session, unit_of_work(session):
        session.add(
            ResponseOrigin(
                response_id=response_id,
                consultation_id=consultations.get(session, SLUG).id,
                kind="letter",
                source="Letter of Mary Miller",
                entered_by=OFFICER,
                entered_at=NOON,
            )
        )
    (row,) = Files(app).csv()
    assert (row["response:origin"], row["response:channel"]) == ("letter", "paper")
    assert "Miller" not in json.dumps([row, *Files(app).lines()])


def test_nothing_leads_to_the_person(app):
    respond(app, "Words")
    with in_session(app) as session:
        from consult.models import Response

        stored = session.query(Response).one()
        secrets = [stored.client_id, stored.client_id.hex, stored.code_hash, stored.content_digest]
    told = json.dumps([Files(app, EVERYTHING).csv(), Files(app, EVERYTHING).lines()])
    assert [str(each) for each in secrets if str(each) in told] == []


def test_many_portions_make_one_file(app, monkeypatch):
    monkeypatch.setattr(reading, "AT_A_TIME", 2)
    ids = {str(respond(app, f"Words {n}", received=NOON + timedelta(minutes=n))) for n in range(5)}
    rows = Files(app).csv()
    assert {row["response:id"] for row in rows} == ids
    assert [row[SAY] for row in rows] == [f"Words {n}" for n in range(5)]


def test_what_is_withdrawn_while_a_file_is_made_is_not_in_it(app, monkeypatch):
    from consult.models import Response

    monkeypatch.setattr(reading, "AT_A_TIME", 1)
    respond(app, "First", received=NOON - timedelta(hours=1))
    second = respond(app, "Second")
    with in_session(app) as session:
        asked = asking.asking(session, consultations.get(session, SLUG))
        portions = reading.every(db.engine, asked, Wanted())
        assert len(next(portions)) == 1
    with in_session(app) as session, unit_of_work(session):
        session.get_one(Response, second).withdrawn_at = NOON
    with in_session(app):
        assert [len(portion) for portion in portions] == [0]


def test_an_archive_opens_only_when_it_is_whole():
    def parts():
        yield b"a" * 100_000
        yield b"b"

    content = b"".join(bundle.zipped([("one.csv", parts()), ("two.csv", [b"x"])], at=NOON))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["one.csv", "two.csv"]
        assert archive.read("one.csv") == b"a" * 100_000 + b"b"
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(content[:-30]))


def test_a_file_that_breaks_off_ends_no_archive():
    def broken():
        yield b"some"
        raise OSError("the disk is gone")

    sent: list[bytes] = []
    with pytest.raises(OSError, match="the disk is gone"):
        sent.extend(bundle.zipped([("one.csv", broken())], at=NOON))
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(b"".join(sent)))


def test_a_text_that_no_cell_holds_is_cut_and_says_so():
    assert workbook.fitting("a" * 32_767) == "a" * 32_767
    cut = workbook.fitting("🌳" * 20_000)
    assert cut.endswith("🌳 […]")
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767


def test_a_workbook_that_fails_leaves_nothing(app, tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    files = Files(app)
    respond(app, "Words")
    files.portions()

    def broken():
        yield []
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        workbook.written(broken(), columns.columns(files.asked, files.wanted), [])
    assert list(folder.iterdir()) == []
