"""How responses came about, on the desk, in raw data, on the watch, and in a person's copy."""

import csv
import io
import json
from typing import Any

import pytest

from consult.db import db
from consult.models import Response
from consult.services import consultations, responses
from consult.services.raw import asked as asking
from consult.services.raw import columns, reading, shaping, tables
from consult.services.raw.reading import Wanted
from tests.support.assisting_desk import PARTNER, came_from, held_at, tablet_of
from tests.support.reading import respond
from tests.support.staff import Hire
from tests.support.visitors import NOON, SLUG, in_session

AGREE = {"vision_agree": {"choice": "agree"}}
DISAGREE = {"vision_agree": {"choice": "disagree"}}


def test_a_response_says_how_it_came_about(app: Any, desk: Any, hire: Hire) -> None:
    held = held_at(app, venue="The Sikh temple")
    response_id = respond(app, "More buses.", language="ur")
    came_from(
        app,
        response_id,
        held,
        device_id=tablet_of(app, "Tablet 7"),
        interpreted=True,
        consented_at=NOON,
    )
    page = hire("analyst").consultation(f"responses/{response_id}")
    for words in (
        "The Sikh temple",
        "30 November 2026",
        PARTNER,
        "Tablet 7",
        "A helper, for the person",
        "With an interpreter",
        "Agreed, by the tablet’s clock",
    ):
        assert words in page.text
    assert "Given on the pages" not in page.text
    assert hire("viewer").consultation(f"responses/{response_id}").status == 403


def test_a_paper_form_says_who_typed_it(app: Any, desk: Any, hire: Hire) -> None:
    response_id = respond(app, "More buses.")
    came_from(app, response_id, None, mode="paper", entered_by="tim@council.example.org")
    page = hire("analyst").consultation(f"responses/{response_id}")
    assert "The person on a paper form, which was typed in later" in page.text
    assert "tim@council.example.org" in page.text
    assert "interpreter" not in page.text


def test_one_that_came_online_says_nothing_of_it(app: Any, desk: Any, hire: Hire) -> None:
    page = hire("analyst").consultation(f"responses/{respond(app, 'More buses.')}")
    assert "Who entered the answers" not in page.text


def test_the_list_can_be_cut_to_one_session_and_one_channel(
    app: Any, desk: Any, hire: Hire
) -> None:
    held, other = held_at(app, venue="The Sikh temple"), held_at(app, venue="The library")
    for number in range(3):
        came_from(app, respond(app, f"Temple words {number}"), held)
    came_from(app, respond(app, "Library words"), other, mode="self")
    came_from(app, respond(app, "Paper words"), None, mode="paper")
    respond(app, "Online words")
    analyst = hire("analyst")
    page = analyst.consultation("responses")
    assert "The Sikh temple, 30 November 2026" in page.text.replace("\u2068", "")
    page = analyst.consultation(f"responses?session={held}")
    assert "Temple words 2" in page.text
    for words in ("Library words", "Paper words", "Online words"):
        assert words not in page.text
    page = analyst.consultation("responses?channel=assisted")
    assert "Library words" in page.text
    assert "Online words" not in page.text
    assert "Paper words" not in page.text
    assert "Online words" in analyst.consultation("responses?session=none").text


@pytest.fixture(name="handed_out")
def handing_out(app: Any, desk: Any) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Rows and lines: of one from a session, and of one that came online."""
    response_id = respond(app, "More buses.")
    came_from(app, response_id, held_at(app), mode="self", interpreted=False)
    respond(app, "More trees.")
    with in_session(app) as session:
        asked = asking.asking(session, consultations.get(session, SLUG))
        portions = list(reading.every(db.engine, asked, Wanted()))
    text = b"".join(tables.csv_rows(portions, columns.columns(asked, Wanted())))
    lines = b"".join(shaping.json_lines(portions, asked, Wanted())).decode().splitlines()
    rows = csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    order = ("More buses.", "More trees.")
    found = [json.loads(line) for line in lines]
    return (
        sorted(rows, key=lambda row: order.index(row["barriers_say"])),
        sorted(found, key=lambda line: order.index(line["answers"]["barriers_say"]["text"])),
    )


def test_raw_data_hold_where_a_response_came_from(
    handed_out: tuple[list[dict[str, str]], list[dict[str, Any]]],
) -> None:
    (helped, online), (helped_line, online_line) = handed_out
    names = [f"response:{name}" for name in ("partner", "mode", "interpreted")]
    assert len(helped["response:session"]) == 6
    assert [helped[name] for name in names] == [PARTNER, "self", "0"]
    assert [online[name] for name in ("response:session", *names)] == ["", "", "", ""]
    assert (helped_line["partner"], helped_line["mode"], helped_line["interpreted"]) == (
        PARTNER,
        "self",
        False,
    )
    assert {online_line[name] for name in ("session", "partner", "mode", "interpreted")} == {None}


def test_a_persons_copy_tells_how_their_response_came_about(app: Any, desk: Any) -> None:
    response_id = respond(app, "More buses.")
    came_from(
        app,
        response_id,
        held_at(app),
        device_id=tablet_of(app),
        consented_at=NOON,
        entered_by="tim@council.example.org",
    )
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        copy = responses.copy_for_resident(
            session, session.get_one(Response, response_id), document
        )
    about = copy["came_about"]
    assert len(about["session"].pop("code")) == 6
    assert about == {
        "session": {"venue": "The library", "on": "2026-11-30"},
        "partner": PARTNER,
        "tablet": "Tablet 7",
        "mode": "helped",
        "interpreted": False,
        "consented_at": NOON.isoformat(),
        "typed_by_somebody_else": True,
    }
    assert "tim@" not in json.dumps(copy)


def test_answers_with_help_stand_beside_all_others(app: Any, desk: Any, hire: Hire) -> None:
    held = held_at(app)
    for number in range(12):
        came_from(app, respond(app, answers=AGREE), held, interpreted=number < 4)
    for _ in range(12):
        respond(app, answers=DISAGREE)
    came_from(app, respond(app, answers=DISAGREE), None, mode="paper")
    page = hire("analyst").consultation("watch/ways")
    assert page.status == 200
    assert "differ clearly from all others in some answers" in page.text
    assert "More often with help" in page.text
    assert "Less often with help" in page.text
    assert "100% (76% to 100%; few people)" in page.text  # Wilson's interval of 12 of 12
    for way in ("With somebody's help", "On the website", "On paper"):
        assert way in page.text.replace("’", "'")
    for word in ("fraud", "suspicio", "repeat", "spam"):
        assert word not in page.text.casefold()
    assert hire("viewer").consultation("watch/ways").status == 403


def test_few_answers_with_help_are_too_few_to_tell(app: Any, desk: Any, hire: Hire) -> None:
    came_from(app, respond(app, answers=AGREE), held_at(app))
    respond(app, answers=DISAGREE)
    analyst = hire("analyst")
    assert "Too few people answered with help" in analyst.consultation("watch/ways").text


def test_without_help_there_is_nothing_to_compare(app: Any, desk: Any, hire: Hire) -> None:
    respond(app, answers=DISAGREE)
    assert "nothing to compare" in hire("analyst").consultation("watch/ways").text


def test_the_watch_tells_help_and_paper_apart(app: Any, desk: Any, hire: Hire) -> None:
    held = held_at(app)
    for _ in range(3):
        came_from(app, respond(app, answers=AGREE), held)
    for _ in range(2):
        came_from(app, respond(app, answers=AGREE), None, mode="paper")
    page = hire("analyst").consultation("watch")
    found = page.text.split("How they came", 1)[1].split("Language they were given in", 1)[0]
    words = " ".join(found.replace("’", "'").split())
    assert "With somebody's help 3" in words
    assert "On paper 2" in words
