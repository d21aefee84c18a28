"""Colleagues who try a consultation through its private link, before residents see it."""

import re

import pytest
from sqlalchemy import func, select

from consult.db import unit_of_work
from consult.models import Draft, Response
from consult.services import consultations, opening, workspaces
from tests.support.consultations import CLOSES
from tests.support.readiness import ANNA, BEFORE, PARKS, answer_all, save, sign, write
from tests.support.visitors import Visitor, in_session

BANNER = "This is a preview. Answers that you give here are tests."
LINK = re.compile(r"data-code>http://localhost(/preview/[\w-]+)<")


@pytest.fixture
def parks(app, clock):
    """A consultation in the making, with all that opening needs but the sign-off."""
    clock.now = BEFORE
    with in_session(app) as session:
        write(session)
        answer_all(session)


@pytest.fixture
def officer(app, parks, hire):
    colleague = hire("officer")
    colleague.slug = PARKS
    return colleague


def make_link(officer):
    """Press the button; the address of the link, without the host."""
    officer.consultation("preview-link")
    page = officer.send("preview-link")
    found = LINK.search(page.html)
    assert found is not None, page.text
    return found.group(1)


@pytest.fixture
def link(officer):
    return make_link(officer)


def browser(app, language="en"):
    return Visitor(app.test_client(), language, PARKS)


def open_it(app):
    with in_session(app) as session:
        sign(session)
        with unit_of_work(session):
            opening.open_to_residents(session, PARKS, at_once=False, actor=ANNA, now=BEFORE)


def count(app, table):
    with in_session(app) as session:
        return session.scalar(select(func.count()).select_from(table))


# The officer's page


def test_a_link_is_shown_once_with_a_picture(officer):
    page = officer.consultation("preview-link")
    assert "There is no link yet." in page.text
    page = officer.send("preview-link")
    assert LINK.search(page.html)
    assert "<svg" in page.html
    page = officer.consultation("preview-link")
    assert not LINK.search(page.html)
    assert "There is a link." in page.text


def test_a_link_is_shown_on_no_other_consultations_page(app, officer):
    with in_session(app) as session:
        write(session, "libraries")
    officer.consultation("preview-link")
    token = officer.page.form("preview-link").fields["csrf_token"][0]
    officer.client.post(f"/en/staff/consultations/{PARKS}/preview-link", data={"csrf_token": token})
    officer.slug = "libraries"
    assert "data-code" not in officer.consultation("preview-link").html


def test_ending_it_is_told(app, officer, link):
    officer.consultation("preview-link")
    page = officer.send("preview-link/end")
    assert "the test answers are deleted" in page.text
    assert browser(app).get(link).status == 404


def test_once_it_is_open_there_is_no_link_to_make(app, officer):
    officer.consultation("preview-link")
    form = officer.page.form("preview-link")
    open_it(app)
    page = officer.post(form.action, form.fields)
    assert page.status == 409
    assert "It is open to residents by now" in page.text
    assert not [f for f in officer.consultation("preview-link").forms if "preview" in f.action]


def test_a_viewer_makes_and_ends_no_link(app, parks, hire):
    viewer = hire(on={PARKS: "viewer"})
    viewer.slug = PARKS
    assert viewer.consultation("preview-link").status == 200
    for rest in ("preview-link", "preview-link/end"):
        assert viewer.post(f"/en/staff/consultations/{PARKS}/{rest}", {}).status == 403


# Colleagues who have the link


def test_the_link_leads_to_the_choice_of_a_language(app, link):
    page = browser(app).get(link)
    assert page.path == f"/c/{PARKS}"
    assert BANNER in page.text


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_whole_way_works_and_is_a_test(app, officer, link, language):
    colleague = browser(app, language)
    colleague.get(link)
    page = colleague.send_all("3")
    assert page.path == colleague.address("receipt")
    with in_session(app) as session:
        response = session.scalars(select(Response)).one()
        assert response.is_test
        assert response.language == language
    assert "1 test response was sent" in officer.consultation("readiness").text


def test_every_page_says_that_it_is_a_preview(app, link):
    colleague = browser(app)
    colleague.get(link)
    colleague.answer("capacity", answer="resident")
    for rest in (
        *("", "answer", "draft", "help", "privacy", "check", "about-you", "code", "save"),
        *("question/vision_agree", "draft/vision"),
    ):
        page = colleague.visit(rest)
        assert page.status == 200, rest
        assert BANNER in page.text, rest


def test_nobody_else_sees_it(app, link):
    stranger = browser(app)
    assert "Parks for Riverton" not in stranger.get("/en/").text
    assert stranger.get(f"/c/{PARKS}").status == 404
    for rest in ("", "answer", "draft", "help", "privacy", "question/capacity", "receipt"):
        assert stranger.visit(rest).status == 404, rest
    assert PARKS not in stranger.get("/healthz").html
    assert "Parks for Riverton" not in stranger.get("/").html


def test_a_guessed_link_leads_nowhere(app, link):
    stranger = browser(app)
    assert stranger.get("/preview/guessed").status == 404
    assert stranger.get(link[:-1]).status == 404
    assert stranger.visit().status == 404


def test_the_link_of_one_opens_no_other(app, officer, link):
    with in_session(app) as session:
        write(session, "libraries")
        with unit_of_work(session):
            opening.make_preview(session, "libraries", actor=ANNA, now=BEFORE)
    colleague = browser(app)
    colleague.get(link)
    assert colleague.get("/en/libraries/").status == 404
    with colleague.client.session_transaction() as kept:
        kept["previews"] = {"libraries": kept["previews"][PARKS]}
    assert colleague.get("/en/libraries/").status == 404


@pytest.mark.parametrize("held", ["broken", {PARKS: 7}, {PARKS: None}, ["x"]])
def test_a_browser_that_holds_nonsense_sees_nothing(app, link, held):
    colleague = browser(app)
    with colleague.client.session_transaction() as kept:
        kept["previews"] = held
    assert colleague.visit().status == 404


def test_after_a_new_link_the_old_one_and_its_browsers_find_nothing(app, officer, link):
    colleague = browser(app)
    colleague.get(link)
    assert colleague.visit().status == 200
    newer = make_link(officer)
    assert colleague.visit().status == 404
    assert browser(app).get(link).status == 404
    assert colleague.get(newer).status == 200
    assert colleague.visit().status == 200


def test_after_its_end_the_link_and_its_browsers_find_nothing(app, officer, link):
    colleague = browser(app)
    colleague.get(link)
    colleague.answer("capacity", answer="resident")
    officer.consultation("preview-link")
    officer.send("preview-link/end")
    assert colleague.visit("question/capacity").status == 404
    assert browser(app).get(link).status == 404
    assert count(app, Draft) == 0


def test_opening_wipes_tests_and_shows_the_real_one(app, officer, link):
    """Both begin at revision 1: whatever was kept of the preview must not be shown again."""
    colleague = browser(app)
    colleague.get(link)
    colleague.send_all("3")
    colleague.visit()
    assert BANNER in colleague.page.text
    open_it(app)
    assert count(app, Response) == 0
    assert count(app, Draft) == 0
    page = colleague.visit()
    assert page.status == 200
    assert BANNER not in page.text
    assert "Parks for Riverton" in browser(app).visit().text
    assert browser(app).get(link).status == 404
    # What this browser held of the test leads nowhere, and it can begin afresh.
    assert "receipt" not in colleague.visit("receipt").path


def test_a_second_preview_is_not_the_first_ones_copy(app, officer, link):
    colleague = browser(app)
    colleague.get(link)
    assert "Parks for Riverton" in colleague.visit().text
    officer.consultation("preview-link")
    officer.send("preview-link/end")
    with in_session(app) as session:
        save(session, "words", title="Better parks")
    colleague.get(make_link(officer))
    with in_session(app) as session:
        assert consultations.get(session, PARKS).revision == 1
    page = colleague.visit()
    assert "Better parks" in page.text
    assert "Parks for Riverton" not in page.text


def test_an_unfinished_one_is_shown_with_stand_ins(app, clock, officer):
    with in_session(app) as session, unit_of_work(session):
        workspaces.create(session, "libraries", {"title": "Libraries"}, actor=ANNA, now=BEFORE)
        code = opening.make_preview(session, "libraries", actor=ANNA, now=BEFORE)
    colleague = Visitor(app.test_client(), "en", "libraries")
    colleague.get(f"/preview/{code}")
    page = colleague.visit()
    assert page.status == 200
    assert "Libraries" in page.text
    assert "[…]" in page.text
    assert colleague.send_all("Try.").path == colleague.address("receipt")


def test_it_can_be_tried_before_its_dates_and_after_them(app, clock, officer, link):
    colleague = browser(app)
    clock.now = CLOSES + (CLOSES - BEFORE)
    colleague.get(link)
    page = colleague.answer("capacity", answer="resident")
    assert page.status == 200
    assert "/question/" in page.path


def test_entering_again_shows_what_was_written_since(app, officer, link):
    colleague = browser(app)
    colleague.get(link)
    with in_session(app) as session:
        save(session, "words", introduction="Written since.")
    assert "Written since." not in colleague.visit().text
    colleague.get(link)
    assert "Written since." in colleague.visit().text
