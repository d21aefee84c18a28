"""A consultation's first page: every step, and how far it is."""

from datetime import timedelta

import pytest

from tests.support.visitors import SLUG


@pytest.fixture
def officer(hire):
    return hire("officer")


def begin(officer, kind="nothing"):
    officer.visit("new")
    officer.send("/new", {"kind": kind, "title": "Parks"})
    officer.slug = "parks"


def test_a_new_consultation_says_what_is_to_be_done(app, officer):
    begin(officer)
    page = officer.consultation()
    assert "In preparation" in page.text
    assert "Title and words for residents 5 to write" in page.text
    assert "Questions 1 to write" in page.text
    assert "Parts of the draft Done" in page.text
    assert "Not given yet" in page.text


def test_each_step_leads_to_its_page(app, officer):
    begin(officer, "model")
    page = officer.consultation()
    links = [part.split('"')[0] for part in page.html.split('task-list__link" href="')[1:]]
    assert len(links) == 17
    for link in links:
        assert officer.get(link).status == 200, link


def test_an_open_consultation_says_until_when(app, desk, officer):
    page = officer.consultation()
    assert "Open until 23:59 on 17 January 2027" in page.text
    assert "changes that residents do not meet yet" not in page.text


def test_changes_that_wait_are_said(app, desk, officer):
    officer.consultation("words")
    officer.send("/words", {"title": "Another title"})
    assert "changes that residents do not meet yet" in officer.consultation().text


def test_a_consultation_that_opens_later_says_when(app, desk, officer, clock):
    clock.now -= timedelta(days=60)
    page = officer.consultation()
    assert "Opens soon on 09:00 on 2 November 2026" in page.text


def test_who_only_looks_is_not_sent_to_the_people(app, desk, hire):
    page = hire(on={SLUG: "viewer"}).consultation()
    assert page.status == 200
    assert "People who work on it" not in page.text
