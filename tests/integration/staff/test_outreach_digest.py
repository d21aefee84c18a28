"""The switch for e-mails about confirmed flags."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from consult.config import Settings
from consult.models import DigestWish
from tests.support.staff import Colleague
from tests.support.visitors import SLUG, in_session

OUTREACH = "watch/outreach"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings, smtp_url="smtp://127.0.0.1:1", public_url="https://consult.example.gov.uk"
    )


def wishes(app: Flask) -> int:
    with in_session(app) as session:
        return len(session.scalars(select(DigestWish)).all())


@pytest.mark.parametrize("role", ["officer", "analyst", "admin"])
def test_each_switches_their_own_e_mails_on_and_off(app, desk, hire, role):
    colleague: Colleague = hire(on={SLUG: role})
    page = colleague.consultation(OUTREACH)
    assert f"The e-mail would go to {colleague.email}." in page.text
    page = colleague.send("/watch/digest")
    assert "You will be told by e-mail when a flag is newly confirmed." in page.text
    assert "at most once a day" in page.text
    assert wishes(app) == 1
    page = colleague.send("/watch/digest")
    assert "You will get no more e-mails about this consultation." in page.text
    assert wishes(app) == 0


@pytest.mark.parametrize("role", ["viewer", "partner"])
def test_who_may_not_read_the_figures_cannot_ask_for_them(app, desk, hire, role):
    colleague: Colleague = hire(on={SLUG: role})
    token = colleague.visit("account").form("/logout").fields["csrf_token"][0]
    address = colleague.address(f"consultations/{SLUG}/watch/digest")
    assert colleague.post(address, {"csrf_token": token, "wanted": "yes"}).status == 403
    assert wishes(app) == 0


def test_where_no_mail_server_is_set_up_it_says_so(app, desk, hire):
    officer: Colleague = hire("officer")
    officer.consultation(OUTREACH)
    outbox = app.extensions["consult_outbox"]
    outbox._settings = replace(outbox._settings, smtp_url=None)
    page = officer.send("/watch/digest")
    assert page.status == 422
    assert "E-mails cannot be sent here: no mail server is set up." in page.text
    assert wishes(app) == 0
    page = officer.consultation(OUTREACH)
    assert not [form for form in page.forms if "/watch/digest" in form.action]
