"""The page of one's own account."""

import pytest
from sqlalchemy import select

from consult.models import Account
from tests.support.staff import Colleague, make_account, sign_in
from tests.support.visitors import in_session

EMAIL = "anna@council.example.org"


@pytest.fixture
def anna(app):
    make_account(app, EMAIL, "viewer", name="Anna")
    colleague = Colleague(app.test_client())
    colleague.email = EMAIL
    sign_in(colleague)
    return colleague


def test_the_name_in_the_header_leads_there(anna):
    page = anna.visit()
    assert '<a class="consult-header__title" href="/en/staff/account/" dir="auto">Anna</a>' in (
        page.html
    )


def test_name_and_language_are_changed(app, anna):
    anna.visit("account/")
    page = anna.send("account/name", {"name": "  عائشہ   Smith ", "language": "ur"})
    assert page.path == "/en/staff/account/"
    assert "Your name and language are saved." in page.text
    with in_session(app) as session:
        account = session.scalars(select(Account)).one()
        assert (account.name, account.language) == ("عائشہ Smith", "ur")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "   "}, "Enter your name."),
        ({"name": "x" * 201}, "Use at most 200 characters"),
        ({"name": "Anna\u202e"}, "only such as can be seen"),
        ({"language": "xx"}, "Choose one of the languages in the list."),
        ({"language": None}, "Choose one of the languages in the list."),
    ],
)
def test_what_cannot_be_saved_is_explained_and_stays_typed(app, anna, changes, said):
    anna.visit("account/")
    page = anna.send("account/name", {"name": "Anna Maria", **changes})
    assert page.status == 422
    assert said in page.text
    assert page.form("account/name").fields["name"][0] == changes.get("name", "Anna Maria")
    with in_session(app) as session:
        assert session.scalars(select(Account.name)).one() == "Anna"


def test_it_says_how_one_signs_in(anna):
    page = anna.visit("account/")
    assert "Password Set: 12:00 on 1 December 2026" in page.text
    assert page.text.count("You have none") == 2
    for address in ("change", "wan-register", "tf-setup", "mf-recovery-codes"):
        assert f'href="/en/staff/account/{address}"' in page.html


@pytest.mark.parametrize(
    "rest", ["", "change", "verify", "tf-setup", "wan-register", "mf-recovery-codes", "wan-verify"]
)
def test_its_pages_speak_every_language(anna, rest):
    for language in ("ur", "pl"):
        anna.language = language
        page = anna.visit(f"account/{rest}")
        assert page.path == f"/{language}/staff/account/{rest}"


def test_signed_out_it_leads_to_the_door(app):
    stranger = Colleague(app.test_client())
    for rest in ("", "second-step", "change", "tf-setup", "wan-register", "mf-recovery-codes"):
        assert stranger.visit(f"account/{rest}").path == "/en/staff/account/login"
