"""The audit trail: found, paged, downloaded, and changed by nobody."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from consult.db import unit_of_work
from consult.services import audit
from consult.services.audit import Place, Wanted
from consult.views.staff.audit_words import action_choices, action_words, detail_lines
from tests.support.visitors import in_session

NOON = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]


def note(session, *events):
    """Rows of the trail: minutes after noon, and what differs from a plain one."""
    for minute, differs in events:
        given = {
            "actor": "ada@x.org",
            "action": "signed in",
            "subject": "account ada@x.org",
            **differs,
        }
        details = given.pop("details", {})
        audit.record(session, **given, now=NOON + timedelta(minutes=minute), **details)


def write(world, *events):
    with unit_of_work(world.session):
        note(world.session, *events)


def minutes(rows):
    return [int((row.at - NOON) / timedelta(minutes=1)) for row in rows]


ALL = Wanted(since=NOON)
"""Without the row that storing the example has made."""


# Reading


def test_the_newest_stands_first_and_pages_miss_and_repeat_nothing(world):
    write(world, *((minute, {}) for minute in (0, 1, 1, 1, 2, 3)))
    leaf = audit.search(world.session, ALL, limit=2)
    assert minutes(leaf.rows) == [3, 2]
    assert leaf.newer is None
    middle = audit.search(world.session, ALL, older_than=leaf.older, limit=2)
    last = audit.search(world.session, ALL, older_than=middle.older, limit=2)
    assert minutes(middle.rows + last.rows) == [1, 1, 1, 0]
    assert last.older is None
    assert len({row.id for row in middle.rows + last.rows}) == 4
    back = audit.search(world.session, ALL, newer_than=last.newer, limit=2)
    assert [row.id for row in back.rows] == [row.id for row in middle.rows]
    first = audit.search(world.session, ALL, newer_than=back.newer, limit=2)
    assert (minutes(first.rows), first.newer) == ([3, 2], None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"text": "STRAẞE".lower()}, [3]),
        ({"text": "ریاض"}, [4]),
        ({"text": "signed"}, [0, 1, 3]),
        ({"text": "50%"}, [2]),
        ({"text": "50_"}, []),
        ({"text": 'say "hi"'}, [1]),
        ({"text": "BO@x"}, [2]),
        ({"actor": "bo@x.org"}, [2]),
        ({"actor": "bo"}, []),
        ({"action": "roles changed"}, [2, 4]),
        ({"subject": "account ada@x.org"}, [0, 1, 3, 4]),
        ({"since": NOON + timedelta(minutes=3)}, [3, 4]),
        ({"until": NOON + timedelta(minutes=2)}, [0, 1]),
        ({"actor": "ada@x.org", "action": "signed in", "text": "hi"}, [1]),
        ({"text": "nothing of the kind"}, []),
    ],
)
def test_rows_are_found_by_what_they_say(world, wanted, found):
    write(
        world,
        (0, {}),
        (1, {"details": {"note": 'say "hi"'}}),
        (
            2,
            {
                "actor": "bo@x.org",
                "subject": "q",
                "action": "roles changed",
                "details": {"x": "50%"},
            },
        ),
        (3, {"details": {"street": "straße"}}),
        (4, {"action": "roles changed", "details": {"name": "ریاض"}}),
    )
    leaf = audit.search(world.session, Wanted(**{"since": NOON, **wanted}))
    assert sorted(minutes(leaf.rows)) == found


def test_a_download_reads_all_a_few_at_a_time(world, monkeypatch):
    monkeypatch.setattr(audit, "AT_A_TIME", 3)
    write(world, *((minute, {}) for minute in range(8)))
    rows = audit.every(world.session, ALL)
    first = next(rows)
    write_meanwhile(world)
    assert minutes([first, *rows]) == [7, 6, 5, 4, 3, 2, 1, 0]
    assert len(list(audit.every(world.session, Wanted(text="no such words")))) == 0


def write_meanwhile(world):
    with sa.orm.Session(world.engine) as session, unit_of_work(session):
        note(session, (99, {}))


def test_a_place_is_named_and_found_again():
    place = Place(NOON, UUID(int=7))
    assert Place.parse(str(place)) == place
    for wrong in ("", "x", "2026-01-01T00:00:00_" + "0" * 32, f"{NOON.isoformat()}_x", "_"):
        with pytest.raises(ValueError, match=r".*"):
            Place.parse(wrong)


def test_the_database_lets_no_row_be_changed_or_removed(world):
    write(world, (0, {}))
    for statement in ("UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event"):
        with (
            pytest.raises(sa.exc.DBAPIError, match="only grows"),
            world.engine.begin() as connection,
        ):
            connection.execute(sa.text(statement))
    assert minutes(audit.search(world.session, ALL).rows) == [0]


# The page


@pytest.fixture
def admin(hire):
    return hire("admin", email="ada@council.example.org")


def seed(app, *events):
    with in_session(app) as session, unit_of_work(session):
        note(session, *events)


def test_the_page_tells_acts_in_words_and_details_as_they_are(app, admin):
    seed(
        app,
        (
            0,
            {
                "action": "roles changed",
                "details": {"before": ["officer"], "after": [], "n": {"a": 1}},
            },
        ),
        (1, {"action": "tea made", "subject": "<b>kettle</b>"}),
    )
    page = admin.visit("audit-trail?actor=ada%40x.org")
    assert 'Roles changed account ada@x.org before: officer n: {"a": 1}' in page.text
    assert "tea made <b>kettle</b>" in page.text
    assert page.text.index("tea made") < page.text.index("Roles changed account")
    assert "12:01 on 5 November 2026" in page.text


def test_only_admins_read_it(app, hire):
    for role in ("officer", "analyst", "partner", "viewer"):
        colleague = hire(role)
        for rest in ("audit-trail", "audit-trail/audit-trail.csv", "audit-trail/audit-trail.jsonl"):
            assert colleague.visit(rest).status == 403
        assert "Audit trail" not in colleague.visit().text


def test_the_page_and_its_files_take_no_change(admin):
    for rest in ("audit-trail", "audit-trail/audit-trail.csv"):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(admin.client, method)(admin.address(rest))
            assert answer.status_code == 405
    forms = admin.visit("audit-trail").forms
    assert [form.action for form in forms] == ["/en/staff/account/logout", "/en/staff/audit-trail"]


def test_days_are_local_and_the_last_one_counts(app, admin):
    # 00:30 in summer time of the 6th is 23:30 of the 5th in UTC; November has none.
    july = datetime(2026, 7, 5, 23, 30, tzinfo=UTC)
    seed(app, ((july - NOON) / timedelta(minutes=1), {"subject": "late at night"}))
    assert "late at night" in admin.visit("audit-trail?since=2026-07-06&until=2026-07-06").text
    assert "late at night" not in admin.visit("audit-trail?until=2026-07-05").text
    assert "late at night" not in admin.visit("audit-trail?since=2026-07-07").text


@pytest.mark.parametrize("day", ["31/01/2027", "2026-02-30", "yesterday", "9999-12-31T"])
def test_a_day_that_is_none_is_explained_and_kept(admin, day):
    page = admin.visit(f"audit-trail?since={day}&q=words")
    assert page.status == 422
    assert "Write the date as year, month and day: 2027-01-31" in page.text
    assert page.form("audit-trail").fields["q"] == ["words"]
    assert page.form("audit-trail").fields["since"] == [day]
    assert "Signed in" not in page.text.partition("Details")[2]
    assert (
        admin.visit(f"audit-trail?since={day}&newer_than={Place(NOON, UUID(int=7))}").status == 422
    )
    assert (
        "/audit-trail?"
        in admin.visit(f"audit-trail/audit-trail.csv?since={day}").response.request.url
    )


def test_the_last_day_there_is_does_no_harm(admin):
    assert admin.visit("audit-trail?until=9999-12-31").status == 422
    assert admin.visit("audit-trail?since=0001-01-01").status == 200


def test_links_lead_through_the_pages_and_keep_the_search(app, admin):
    seed(
        app,
        *((minute, {"action": "tea made", "subject": f"cup {minute}."}) for minute in range(120)),
    )
    page = admin.visit("audit-trail?action=tea+made")
    assert "cup 119." in page.text
    assert "cup 69." not in page.text
    seen = list(cups(page))
    for _ in range(2):
        page = admin.get(link(page, "next"))
        seen += cups(page)
    assert seen == list(range(119, -1, -1))
    assert link(page, "next") is None
    page = admin.get(link(page, "prev"))
    assert list(cups(page)) == list(range(69, 19, -1))
    page = admin.get(link(page, "prev"))
    assert list(cups(page)) == list(range(119, 69, -1))
    assert link(page, "prev") is None


def cups(page):
    return (int(found) for found in re.findall(r"cup (\d+)\.", page.text))


def link(page, way):
    found = re.search(rf'rel="{way}" href="([^"]+)"', page.html)
    return found and found[1].replace("&amp;", "&")


@pytest.mark.parametrize("place", ["nonsense", "2026-11-05T12:00:00%2B00:00_zz", "%00"])
def test_a_place_that_is_none_leads_to_the_newest(app, admin, place):
    seed(app, (0, {"subject": "a cup"}))
    for way in ("older_than", "newer_than"):
        page = admin.visit(f"audit-trail?{way}={place}")
        assert page.status == 200
        assert "a cup" in page.text


def test_what_fits_nothing_is_said(admin):
    assert "Nothing fits." in admin.visit("audit-trail?q=unheard+of+%00").text


# Files


def test_the_table_holds_what_was_searched_and_no_formula(app, admin):
    seed(
        app,
        (
            0,
            {
                "actor": "=HYPERLINK(1)",
                "action": "+1",
                "subject": '@x, "y"',
                "details": {"a": "ریاض"},
            },
        ),
        (1, {"actor": "else", "subject": "not wanted"}),
    )
    answer = admin.visit("audit-trail/audit-trail.csv?action=%2B1").response
    assert answer.mimetype == "text/csv"
    assert (
        answer.headers["Content-Disposition"] == 'attachment; filename="audit-trail-2026-12-01.csv"'
    )
    text = answer.get_data().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["at", "actor", "action", "subject", "details"],
        ["2026-11-05T12:00:00+00:00", "'=HYPERLINK(1)", "'+1", '\'@x, "y"', '{"a": "ریاض"}'],
    ]


def test_lines_for_programs_are_the_rows_as_they_are(app, admin):
    seed(app, (0, {"subject": "=1", "details": {"roles": ["admin"], "n": 2}}), (1, {}))
    answer = admin.visit("audit-trail/audit-trail.jsonl?actor=ada%40x.org").response
    lines = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert lines[1] == {
        "at": "2026-11-05T12:00:00+00:00",
        "actor": "ada@x.org",
        "action": "signed in",
        "subject": "=1",
        "details": {"roles": ["admin"], "n": 2},
    }
    assert len(lines) == 2


def test_a_file_is_sent_while_it_is_read(app, admin, monkeypatch):
    monkeypatch.setattr(audit, "AT_A_TIME", 10)
    seed(app, *((minute, {}) for minute in range(45)))
    read = []
    newest_first = audit._newest_first

    def counted(*asked):
        read.append(asked)
        return newest_first(*asked)

    monkeypatch.setattr(audit, "_newest_first", counted)
    with admin.client.get(
        admin.address("audit-trail/audit-trail.jsonl?actor=ada%40x.org"),
        headers={"Accept-Encoding": "identity"},
        buffered=False,
    ) as answer:
        assert answer.is_streamed
        lines = answer.iter_encoded()
        assert json.loads(next(lines))["at"] == "2026-11-05T12:44:00+00:00"
        assert len(read) == 1
        assert len(list(lines)) == 44
    assert len(read) == 5


def test_an_unknown_kind_of_file_is_not_there(admin):
    assert admin.visit("audit-trail/audit-trail.exe").status == 404


# Words


def test_every_act_in_the_program_has_words(app):
    acts = set()
    for path in (ROOT / "consult").rglob("*.py"):
        acts |= set(
            re.findall(r"\baction ?= ?\"([a-z][a-z -]+)\"", path.read_text(encoding="utf-8"))
        )
    acts -= {"ignore"}  # of a warning
    acts |= {"role given", "account closed", "session ended", "answers deleted", "data restored"}
    assert len(acts) > 25
    with app.test_request_context("/en/staff/audit-trail"):
        assert sorted(act for act in acts if action_words(act) == act) == []


def test_acts_are_offered_in_the_order_of_their_words(app):
    with app.test_request_context("/en/staff/audit-trail"):
        labels = [choice["label"] for choice in action_choices("tea made")]
    assert labels == sorted(labels, key=str.casefold)
    assert "tea made" in labels
    assert len(labels) == len(set(labels))


def test_details_without_anything_are_left_out():
    assert detail_lines({"a": [], "b": {}, "c": "", "d": 0, "e": False, "f": None}) == [
        ("d", "0"),
        ("e", "false"),
        ("f", "null"),
    ]
