"""``consult create-user``: an account with a password, or a link to one."""

from dataclasses import replace

import pytest

from consult.services import access, accounts
from consult.sign_in.command_line import NotMade, create_user
from tests.support.visitors import NOON, Visitor, in_session

GOOD = "kettle meadow orbit sandal"


def run(app, email="ada@council.example.org", **options):
    with app.test_request_context():
        return create_user(email, **{"role": "admin", "now": NOON, **options})


def test_a_link_makes_the_first_admin(app):
    link = run(app, name="Ada")
    assert link is not None
    assert link.startswith("/en/staff/invitation/")
    newcomer = Visitor(app.test_client())
    page = newcomer.get(link)
    assert "ada@council.example.org is invited to work with Consult." in page.text
    page = newcomer.send("/invitation/", {"name": "Ada", "password": GOOD, "password_again": GOOD})
    assert page.path == "/en/staff/"
    assert newcomer.get("/en/staff/accounts").status == 200


def test_the_link_is_whole_where_the_host_is_known(make_app, settings, app):
    known = make_app(replace(settings, public_url="https://consult.example.gov.uk"))
    link = run(known)
    assert link is not None
    assert link.startswith("https://consult.example.gov.uk/en/staff/invitation/")


def test_a_password_makes_an_account_that_signs_in(app):
    assert run(app, " ADA@council.example.org", role="viewer", password=GOOD) is None
    with in_session(app) as session:
        made = accounts.find(session, "ada@council.example.org")
        assert made is not None
        assert access.roles_everywhere(made) == {"viewer"}
    visitor = Visitor(app.test_client())
    visitor.get("/en/staff/account/login")
    page = visitor.send("login", {"email": "ada@council.example.org", "password": GOOD})
    assert page.path == "/en/staff/"


@pytest.mark.parametrize(
    ("email", "options", "words"),
    [
        ("nobody", {}, "not an e-mail address"),
        ("nobody", {"password": GOOD}, "not an e-mail address"),
        ("bo@council.example.org", {"password": "short"}, "The password will not do"),
    ],
)
def test_what_will_not_do_is_said(app, email, options, words):
    with pytest.raises(NotMade, match=words):
        run(app, email, **options)


def test_an_account_that_is_there_is_left_alone(app):
    run(app, password=GOOD, role="viewer")
    for options in ({}, {"password": GOOD}):
        with pytest.raises(NotMade, match="There is an account"):
            run(app, "Ada@council.example.org", **options)
    with in_session(app) as session:
        kept = accounts.find(session, "ada@council.example.org")
        assert kept is not None
        assert access.roles_everywhere(kept) == {"viewer"}
