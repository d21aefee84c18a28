"""The pages of outreach: partners, the plan, what was done, its printed sheets."""

from datetime import timedelta

import pytest

from analysis.representation.planning.outreach_plan import TEXTS
from consult.db import unit_of_work
from consult.document.texts import localised
from consult.models import Workspace
from consult.services import consultations, workspaces
from consult.services.watching import acts, organisations, snapshots
from consult.services.watching.organisations import Entry
from consult.views.staff.watch.outreach_words import MARKED, Names
from tests.support.outreach import MOSQUE, MUSLIM, another, fill, put_partner
from tests.support.staff import Colleague, Hire
from tests.support.visitors import NOON, SLUG, in_session

OUTREACH, PARTNERS = "watch/outreach", "watch/partners"

TYPED = {
    "name": "Lozells Mosque",
    "reaches-religion": ["muslim"],
    "languages": ["ur", "bn"],
    "areas": ["E05011120"],
    "most": "10",
    "note": "Call Mrs Khan.",
}


@pytest.fixture
def officer(desk: Workspace, hire: Hire) -> Colleague:
    return hire("officer")


def recorded(app) -> list[Entry]:
    with in_session(app) as session:
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        rows = organisations.all_of(session, workspace)
        return [organisations.entry_of(row) for row in rows]


def acts_of(app) -> list[tuple[str, str]]:
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        return [(act.on.isoformat(), act.what) for act in acts.all_of(session, stored)]


# Who may come in


@pytest.mark.parametrize("page", [OUTREACH, f"{OUTREACH}/print", PARTNERS, f"{PARTNERS}/new"])
@pytest.mark.parametrize("role", ["viewer", "partner"])
def test_exact_small_numbers_are_not_for_everybody(desk, hire, role, page):
    assert hire(on={SLUG: role}).consultation(page).status == 403


def test_analysts_read_and_change_nothing(app, desk, hire):
    partner = put_partner(app)
    analyst = hire("analyst")
    page = analyst.consultation(OUTREACH)
    assert page.status == 200
    assert not [form for form in page.forms if "/acts" in form.action]
    page = analyst.consultation(PARTNERS)
    assert "Lozells Mosque" in page.text
    assert "Add an organisation" not in page.text
    for rest in (f"{PARTNERS}/new", f"{PARTNERS}/{partner}", f"{PARTNERS}/{partner}/remove"):
        assert analyst.consultation(rest).status == 403
    token = analyst.visit().form("/logout").fields["csrf_token"][0]
    for rest in (
        f"{OUTREACH}/acts",
        f"{OUTREACH}/acts/{partner}/remove",
        f"{PARTNERS}/new",
        f"{PARTNERS}/{partner}",
        f"{PARTNERS}/{partner}/remove",
    ):
        sent = {**TYPED, "csrf_token": token, "what": "a stall", "on": "2026-11-20"}
        address = analyst.address(f"consultations/{SLUG}/{rest}")
        assert analyst.post(address, sent).status == 403
    assert recorded(app) == [MOSQUE]
    assert acts_of(app) == []


# Partners


def test_a_partner_is_recorded_changed_and_removed(app, officer):
    page = officer.consultation(PARTNERS)
    assert "No organisation is recorded yet." in page.text
    officer.consultation(f"{PARTNERS}/new")
    page = officer.send("/partners/new", TYPED)
    assert page.path.endswith("/watch/partners")
    assert "The organisation is recorded." in page.text
    assert recorded(app) == [MOSQUE]
    for words in ("Lozells Mosque", "Muslim", "اردو", "বাংলা", "Alum Rock", "10", "Call Mrs Khan."):
        assert words in page.text
    address = f"{PARTNERS}/{only_id(app)}"
    page = officer.consultation(address)
    assert page.form(address).fields["reaches-religion"] == ["muslim"]
    page = officer.send(address, {"most": "", "reaches-religion": None})
    assert "The changes are saved." in page.text
    assert recorded(app) == [another(most=None, reaches=())]
    assert "People of all groups" in page.text
    officer.consultation(f"{address}/remove")
    page = officer.send("/remove")
    assert "The organisation is removed." in page.text
    assert recorded(app) == []


def only_id(app) -> str:
    with in_session(app) as session:
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        (row,) = organisations.all_of(session, workspace)
        return str(row.id)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "  "}, "Write the organisation’s name"),
        ({"name": "x" * 201}, "Write a shorter name: we can take up to 200 characters"),
        ({"most": "many"}, "as a whole number from 1 to 100,000"),
        ({"most": "0"}, "as a whole number from 1 to 100,000"),
        ({"most": "1e3"}, "as a whole number from 1 to 100,000"),
        ({"most": "9" * 400}, "as a whole number from 1 to 100,000"),
        ({"note": "x" * 2_001}, "Shorten the note: it is 1 character too long"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_lost(app, officer, changes, told):
    officer.consultation(f"{PARTNERS}/new")
    page = officer.send("/partners/new", {**TYPED, **changes})
    assert page.status == 422
    assert told in page.text
    kept = page.form("/partners/new").fields
    assert kept["languages"] == ["ur", "bn"]
    assert kept["reaches-religion"] == ["muslim"]
    assert kept["areas"] == ["E05011120"]
    assert recorded(app) == []


def test_digits_of_other_scripts_are_numbers(app, officer):
    officer.consultation(f"{PARTNERS}/new")
    officer.send("/partners/new", {**TYPED, "most": "۱۰"})
    assert recorded(app)[0].most == 10


def test_what_is_not_offered_is_left_out(app, officer):
    officer.consultation(f"{PARTNERS}/new")
    forged = {"reaches-religion": ["jedi"], "languages": ["xx"], "areas": ["E1"]}
    officer.send("/partners/new", {**TYPED, **forged})
    assert recorded(app) == [another(reaches=(), languages=(), areas=())]


def test_a_name_is_taken_once(app, officer):
    put_partner(app)
    officer.consultation(f"{PARTNERS}/new")
    page = officer.send("/partners/new", {**TYPED, "name": "LOZELLS mosque", "note": "Kept words"})
    assert page.status == 422
    assert "has this name: add what tells them apart" in page.text
    assert "Kept words" in page.text
    address = f"{PARTNERS}/{put_partner(app, Entry('Another'))}"
    officer.consultation(address)
    page = officer.send(address, {"name": "Lozells Mosque"})
    assert page.status == 422
    assert len(recorded(app)) == 2


def test_two_who_change_a_partner_at_once_see_each_other(app, officer, hire):
    address = f"{PARTNERS}/{put_partner(app)}"
    officer.consultation(address)
    colleague = hire("officer")
    colleague.consultation(address)
    colleague.send(address, {"most": "33"})
    page = officer.send(address, {"note": "Closed in May."})
    assert page.status == 409
    assert "Somebody else has changed this meanwhile" in page.text
    assert colleague.email in page.text
    assert "33" in page.text
    assert page.form(address).fields["note"][0].strip() == "Closed in May."
    assert recorded(app) == [another(most=33)]
    officer.send(address)
    assert recorded(app) == [another(note="Closed in May.")]


def test_what_was_written_on_a_removed_partner_can_be_recorded_anew(app, officer, hire):
    address = f"{PARTNERS}/{put_partner(app)}"
    officer.consultation(address)
    colleague = hire("officer")
    colleague.consultation(f"{address}/remove")
    colleague.send("/remove")
    page = officer.send(address, {"note": "Closed in May."})
    assert page.status == 409
    assert "Somebody has removed this organisation meanwhile." in page.text
    officer.send("/partners/new")
    assert recorded(app) == [another(note="Closed in May.")]
    assert officer.consultation(address).status == 404
    assert officer.consultation(f"{address}/remove").status == 404


def test_removed_twice_is_removed(app, officer, hire):
    address = f"{PARTNERS}/{put_partner(app)}"
    officer.consultation(f"{address}/remove")
    colleague = hire("officer")
    colleague.consultation(f"{address}/remove")
    colleague.send("/remove")
    page = officer.send("/remove")
    assert page.status == 200
    assert page.path.endswith("/watch/partners")


# The plan


def test_before_opening_partners_can_be_recorded(app, hire, desk):
    with in_session(app) as session, unit_of_work(session):
        workspaces.create(session, "another-one", {"title": "Another"}, actor="test", now=NOON)
    officer = hire("officer")
    officer.slug = "another-one"
    page = officer.consultation(OUTREACH)
    assert "The consultation is not open yet." in page.text
    page = officer.consultation(f"{PARTNERS}/new")
    assert "The consultation has no monitoring question" in page.text
    officer.send("/partners/new", {"name": "A club"})
    assert "A club" in officer.consultation(PARTNERS).text
    assert officer.consultation(f"{OUTREACH}/print").path.endswith("/watch/outreach")
    token = page.form("/logout").fields["csrf_token"][0]
    address = officer.address(f"consultations/another-one/{OUTREACH}/acts")
    assert (
        officer.post(address, {"csrf_token": token, "what": "x", "on": "2026-11-20"}).status == 404
    )
    address = f"{address}/00000000-0000-0000-0000-000000000000/remove"
    assert officer.post(address, {"csrf_token": token}).status == 404


def test_without_answers_there_is_nothing_to_plan(officer):
    page = officer.consultation(OUTREACH)
    assert "Nobody has answered yet, so there are no gaps to plan for." in page.text


def test_without_flags_it_says_so(app, officer):
    fill(app, people={"muslim": 3, "christian": 4, "no_religion": 3})
    page = officer.consultation(OUTREACH)
    assert "No group carries a flag, so there is nothing to plan for." in page.text
    page = officer.consultation(f"{OUTREACH}?whom=every_gap")
    assert "No flag" in page.text


def test_the_plan_says_whom_to_ask_through_whom(app, officer):
    fill(app)
    put_partner(app)
    put_partner(app, Entry("Temple", reaches=(("religion", "buddhist"),)))
    page = officer.consultation(OUTREACH)
    # 25 of 170 are 14.7 %, and 31.795 % of residents; 24.46 are lacking, shown as 25.
    for words in ("Muslim Religion", "Confirmed", "25 of 170", "15%", "32%"):
        assert words in page.text
    assert "more responses would bring every group to at least 80% of its share" in page.text
    assert "Languages: اردو , বাংলা" in page.text
    assert "It can bring up to 10 people." in page.text
    assert "Recorded, but reaching nobody who is planned for here: Temple" in page.text
    assert "People to invite" not in page.text


def test_invitations_are_counted_at_a_response_rate(app, officer):
    fill(app)
    page = officer.consultation(f"{OUTREACH}?rate=5")
    assert (
        "If 5% of those invited answer, these invitations bring enough nine times out of ten."
        in (page.text)
    )
    assert "People to invite" in page.text
    assert 'value="5"' in page.html


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("most=-1", "a whole number from 0 to 100,000, or leave it empty"),
        ("most=100001", "a whole number from 0 to 100,000, or leave it empty"),
        ("rate=0", "a number from 0.1 to 100, such as 5, or leave it empty"),
        ("rate=101", "a number from 0.1 to 100, such as 5, or leave it empty"),
        ("rate=nan", "a number from 0.1 to 100, such as 5, or leave it empty"),
        ("rate=1e1", "a number from 0.1 to 100, such as 5, or leave it empty"),
        ("rate=" + "9" * 500, "a number from 0.1 to 100, such as 5, or leave it empty"),
        ("plan_for=a&plan_for=b&plan_for=c&plan_for=d", "Plan for at most 3 questions together"),
        ("whom=every_gap&plan_for=a&plan_for=b", "Plan for 1 question at a time"),
    ],
)
def test_a_plan_that_cannot_be_made_is_refused(app, officer, query, told):
    fill(app)
    page = officer.consultation(f"{OUTREACH}?{query}")
    assert page.status == 422
    assert told in page.text
    assert "Whom to ask" not in page.text
    page = officer.consultation(f"{OUTREACH}/print?{query}")
    assert page.status == 422


@pytest.mark.parametrize(
    "query",
    ["ratio=7&whom=x&plan_for=religion&most=&rate=", "rate=2.5%25", "rate=2,5", "most=1,000"],
)
def test_other_ways_of_asking_are_understood(app, officer, query):
    fill(app)
    assert officer.consultation(f"{OUTREACH}?{query}").status == 200


def test_with_a_limit_it_says_what_stays_out_of_reach(app, officer):
    fill(app)
    put_partner(app)
    page = officer.consultation(f"{OUTREACH}?most=5")
    assert "With all 15 more responses that can be hoped for, some groups stay below" in page.text
    assert "the gap cannot be closed by volume." in page.text
    assert "Open invitation, without a partner" in page.text


def test_a_search_that_was_cut_off_says_so(app, officer, monkeypatch):
    monkeypatch.setattr("consult.services.watching.outreach.SECONDS", 0.0)
    fill(app)
    assert "The search was stopped at its time limit" in officer.consultation(OUTREACH).text


def test_without_figures_of_residents_it_says_what_to_do(app, officer):
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        stored.definition = {**stored.definition, "reference_population": []}
    page = officer.consultation(OUTREACH)
    assert "There are no figures of residents to compare with." in page.text
    page = officer.consultation(f"{OUTREACH}/print")
    assert "There are no figures of residents to compare with." in page.text


def test_each_partner_has_a_sheet_of_its_own_without_counts(app, officer):
    fill(app)
    put_partner(app)
    page = officer.consultation(f"{OUTREACH}/print?rate=5")
    assert page.status == 200
    first, *others = page.html.split('class="consult-plan__sheet')[1:]
    assert "colleagues only" in first
    assert "Muslim (Religion)" in first
    assert len(others) == 2
    sheet = next(each for each in others if "Lozells Mosque" in each)
    for words in ("Muslim", "اردو", "Alum Rock", "consult-qr", f"/{SLUG}", "23:59"):
        assert words in sheet
    assert "of 170" not in sheet
    assert "Mrs Khan" not in sheet, "the note is for colleagues"


def test_every_sentence_of_the_planner_can_be_translated():
    never = {"outreach.certainty", "outreach.rounds"}  # lines are invited to one by one
    assert set(MARKED) == {text for key, text in TEXTS.items() if key not in never}


def test_names_of_groups_are_those_of_the_page_s_language(app, desk):
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
    with app.test_request_context("/en/"):
        names = Names(localised(document, "en"))
        assert names.group(MUSLIM) == "Muslim (Religion)"
        assert (
            names.people([MUSLIM, ("ward", "E05011120")]) == "Muslim (Religion), Alum Rock (Ward)"
        )
        assert names.category(("religion", "not there")) == "not there"
    assert Names(localised(document, "ur")).category(MUSLIM) != "Muslim"


def test_of_a_large_consultation_it_says_when_it_was_counted(app, officer, monkeypatch):
    fill(app)
    assert "As counted at" not in officer.consultation(OUTREACH).text
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        figures = snapshots.make(session, stored, document, now=NOON)
        snapshots.keep_all(session, stored, figures)
    monkeypatch.setattr(snapshots, "SMALL", 10)
    page = officer.consultation(OUTREACH)
    assert "As counted at 12:00 on 1 December 2026; what came since is counted soon." in page.text


# What was done


def test_what_was_done_is_recorded_and_taken_back(app, officer):
    officer.consultation(OUTREACH)
    page = officer.send("/acts", {"what": "a stall <b>", "on": "2026-11-20"})
    assert "A new stage of the watching begins with that day." in page.text
    assert "20 November 2026" in page.text
    assert acts_of(app) == [("2026-11-20", "a stall <b>")]
    page = officer.send("/remove")
    assert "It is taken back." in page.text
    assert acts_of(app) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"what": " ", "on": "2026-11-20"}, ["Write what was done, in up to 300 characters"]),
        ({"what": "x" * 301, "on": "2026-11-20"}, ["Write what was done"]),
        ({"what": "a stall", "on": "2026-12-02"}, ["Choose today or a day before"]),
        ({"what": "a stall", "on": "2026-11-01"}, ["a day on which the consultation was open"]),
        ({"what": "a stall", "on": "20/11"}, ["as year, month and day, such as 2026-12-01"]),
        ({"what": "", "on": ""}, ["as year, month and day", "Write what was done"]),
    ],
)
def test_an_act_that_cannot_be_is_refused_and_kept(app, officer, typed, told):
    officer.consultation(OUTREACH)
    page = officer.send("/acts", typed)
    assert page.status == 422
    for words in told:
        assert words in page.text
    assert page.form("/acts").fields["what"] == [" ".join(typed["what"].split())]
    assert page.form("/acts").fields["on"] == [typed["on"]]
    assert acts_of(app) == []


def test_taken_back_twice_is_taken_back(app, officer, hire):
    officer.consultation(OUTREACH)
    officer.send("/acts", {"what": "a stall", "on": "2026-11-20"})
    colleague = hire("officer")
    colleague.consultation(OUTREACH)
    colleague.send("/remove")
    page = officer.send("/remove")
    assert page.status == 200
    assert acts_of(app) == []


def test_a_form_of_an_ended_session_keeps_what_was_typed(app, officer):
    officer.consultation(OUTREACH)
    officer.client.delete_cookie("consult")
    page = officer.send("/acts", {"what": "a stall at the market", "on": "2026-11-20"})
    assert page.status == 401
    assert "a stall at the market" in page.html
    assert acts_of(app) == []


def test_a_confirmed_flag_stays_in_the_plan_after_an_act(app, officer):
    fill(app, at=NOON - timedelta(days=2))
    officer.consultation(OUTREACH)
    page = officer.send("/acts", {"what": "a stall", "on": "2026-12-01"})
    assert "25 of 170" in page.text
    assert "Muslim Religion Confirmed earlier" in page.text
