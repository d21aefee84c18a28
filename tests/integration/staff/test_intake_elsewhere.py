"""A consultation held elsewhere: begun from the file of its responses, and kept from residents."""

import pytest

from consult.models import Response
from consult.services import consultations, workspaces
from consult.services.counted import counted
from consult.services.workspaces import State
from tests.support.intake import answers_of, bring_in, count, responses, send_file
from tests.support.visitors import NOON, in_session

DAYS = {
    "first_day-day": "1", "first_day-month": "4", "first_day-year": "2026",
    "last_day-day": "31", "last_day-month": "8", "last_day-year": "2026",
}  # fmt: skip
ROWS = "".join(
    f'{number},"The staff were kind, and I waited {number} minutes.",Care,Trust {letter},{answer}\n'
    for number, (letter, answer) in enumerate(
        [("A", "Agree"), ("B", "Disagree"), ("A", "Tend to agree")] * 4, start=1
    )
)
CSV = f"row_index,text,theme,organisation,scale\n{ROWS}"


@pytest.fixture
def officer(app, desk, hire):
    return hire("officer")


def begin(officer, content=CSV, **changes):
    officer.visit("new")
    fields = {"kind": "elsewhere", "title": "Friends and family", **DAYS, **changes}
    return send_file(officer, "/new", content.encode(), "answers.csv", **fields)


def begun(officer, **columns):
    begin(officer)
    chosen = {
        "use-0": "nothing", "use-1": "new:text", "use-2": "nothing", "use-3": "new:choice",
        "use-4": "new:choice", "label-1": "What did you think?", "label-3": "Where?",
    }  # fmt: skip
    return officer.send("/columns", {**chosen, **columns, "do": "save"})


def test_columns_become_questions_and_rows_become_responses(app, officer):
    page = begin(officer)
    assert page.path.endswith("/columns")
    assert "12 rows below the headings" in page.text
    assert page.form("/columns").fields["received_on-day"] == ["31"]
    page = begun(officer)
    assert page.path.endswith("/values"), page.text
    page = officer.send("/values", {"do": "check"})
    assert "Bring 12 responses in" in page.text
    bring_in(app, officer)
    first = responses(app)[0]
    assert answers_of(first) == {
        "what_did_you_think": {"text": "The staff were kind, and I waited 1 minutes."},
        "where": {"choice": "trust_a"},
        "scale": {"choice": "agree"},
    }
    with in_session(app) as session:
        workspace = workspaces.find(session, "friends-and-family-2")
        assert workspace is not None
        assert [each["kind"] for each in workspace.content["questions"]] == [
            "long_text",
            "single_choice",
            "agree_scale",
        ]
        assert workspace.content["closes_at"] == "2026-08-31T23:59"
        assert workspace.content["privacy"]["delete_on"] == "2027-12-01"
        assert session.query(Response).where(counted()).count() == 12


def test_residents_never_meet_it(app, officer):
    begun(officer)
    officer.send("/values", {"do": "check"})
    bring_in(app, officer)
    with in_session(app) as session:
        workspace = workspaces.find(session, "friends-and-family")
        assert workspace is not None
        assert workspaces.state_of(workspace, NOON) is State.PREPARING
        assert workspace.slug not in consultations.slugs(session)
        stored = workspace.consultation
        assert stored is not None
        assert stored.is_preview
    resident = app.test_client()
    assert resident.get("/en/friends-and-family/").status_code == 404
    assert "Friends and family" not in resident.get("/en/").get_data(as_text=True)


def test_the_guess_offers_questions_for_what_could_be_answers(officer):
    page = begin(officer)
    fields = page.form("/columns").fields
    assert [fields[f"use-{position}"][0] for position in range(5)] == [
        "nothing",
        "new:text",
        "nothing",
        "new:choice",
        "new:choice",
    ]


def test_columns_of_one_question_become_one_with_options(app, officer):
    text = "What helps? [Parks],What helps? [Buses],Why?\nY,,x\nY,Y,y\n,,z\n"
    page = begin(officer, text)
    assert [page.form("/columns").fields[f"use-{n}"] for n in (0, 1)] == [["new:several"]] * 2
    officer.send("/columns", {"use-2": "new:text", "do": "save"})
    officer.send("/values", {"do": "check"})
    bring_in(app, officer)
    assert [answers_of(each).get("what_helps") for each in responses(app)] == [
        {"choices": ["parks"]},
        {"choices": ["parks", "buses"]},
        None,
    ]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"use-2": "new:choice"}, "All rows of theme say the same"),
        ({"use-1": "new:choice", "use-3": "nothing"}, None),
        ({"label-1": "x" * 501}, "at most 500 characters"),
    ],
)
def test_a_column_that_makes_no_question_is_explained(app, officer, columns, words):
    page = begun(officer, **columns)
    if words is None:
        assert page.path.endswith("/values")
    else:
        assert page.status == 422
        assert words in page.text
        assert page.form("/columns").fields["label-3"] == ["Where?"]


def test_more_values_than_anybody_would_choose_from_are_no_choice(officer):
    many = "id,comment\n" + "".join(f"{n},value {n}\n" for n in range(70))
    begin(officer, many)
    page = officer.send("/columns", {"use-1": "new:choice", "do": "save"})
    assert page.status == 422
    assert "too many to choose from" in page.text


@pytest.mark.parametrize(
    ("changes", "content", "words"),
    [
        ({"title": ""}, CSV, "Write a title."),
        ({"first_day-day": "", "first_day-month": "", "first_day-year": ""}, CSV, "Write the day"),
        ({"last_day-day": "31", "last_day-month": "2"}, CSV, "no such day"),
        ({"last_day-year": "2025"}, CSV, "The last day lies before the first"),
        ({"last_day-year": "2027"}, CSV, "still to come"),
        ({}, "a,b\n", "no responses below them"),
        ({}, "", "The file is empty"),
        ({"slug": "Bad Slug"}, CSV, "Use small letters"),
    ],
)
def test_what_cannot_begin_is_explained_and_kept(app, officer, changes, content, words):
    page = begin(officer, content, **changes)
    assert page.status == 422
    assert words in page.text
    fields = page.form("/new").fields
    assert fields["kind"] == ["elsewhere"]
    assert fields["first_day-month"] == [{**DAYS, **changes}["first_day-month"]]
    with in_session(app) as session:
        assert workspaces.find(session, "friends-and-family") is None


def test_a_name_that_is_taken_is_told(app, officer):
    begin(officer, slug="taken-name")
    page = begin(officer, slug="taken-name")
    assert page.status == 422
    assert "Another consultation has this name" in page.text
    assert count(app, Response) == 0


def test_a_consultation_that_residents_meet_gets_no_new_questions(officer):
    officer.consultation("responses/import")
    page = send_file(officer, "responses/import", CSV.encode(), "a.csv")
    assert "New question" not in page.text
