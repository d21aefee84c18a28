"""What is held of people, on a page."""

from datetime import timedelta

import pytest

from consult.db import unit_of_work
from consult.services.housekeeping import JOBS
from tests.support.visitors import in_session


def test_what_is_held_is_counted(app, desk, hire, visitor):
    visitor.send_all()
    other = type(visitor)(app.test_client())
    other.visit("answer")
    page = hire("officer").visit("retention")
    assert "Creating a Bolder, Healthier City 1" in page.text
    assert "31 January 2028: words and facts about people are deleted" in page.text


def test_an_overdue_day_is_said(app, desk, hire, clock):
    clock.now += timedelta(days=500)
    page = hire("officer").visit("retention")
    assert "The worker does not run" in page.text
    assert "overdue" in page.text


def test_what_was_removed_is_said(app, desk, hire, visitor, clock):
    visitor.send_all()
    clock.now += timedelta(days=500)
    with in_session(app) as session, unit_of_work(session):
        JOBS["due data removed"](session, now=clock.now)
    page = hire("officer").visit("retention")
    assert "answers removed, 1 responses" in page.text
    assert "overdue" not in page.text


@pytest.mark.parametrize("role", ["analyst", "viewer", "partner"])
def test_others_do_not_see_it(hire, role):
    assert hire(role).visit("retention").status == 403
