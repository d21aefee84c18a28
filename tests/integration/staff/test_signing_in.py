"""Signing in with a password, and out again: what is said, where it leads, what is left."""

import re
from urllib.parse import quote

import flask_security
import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import db, unit_of_work
from consult.models import Account, AuditEvent
from consult.sign_in import passwords
from tests.support.staff import PASSWORD, Colleague, make_account, sign_in
from tests.support.visitors import in_session

EMAIL = "anna@council.example.org"
WRONG = "The e-mail address and the password do not go together."


@pytest.fixture
def anna(app: Flask) -> Colleague:
    """An officer who is not signed in yet."""
    make_account(app, EMAIL, "officer", name="Anna")
    colleague = Colleague(app.test_client())
    colleague.email = EMAIL
    return colleague


def trail(app: Flask) -> list[tuple[str, str, str]]:
    with in_session(app) as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.at, AuditEvent.action))
        return [(each.actor, each.action, each.subject) for each in events]


def test_the_right_password_opens_the_desk(app, anna):
    anna.visit("account/login")
    page = anna.send("login", {"email": " Anna@Council.Example.ORG ", "password": PASSWORD})
    assert page.path == "/en/staff/"
    assert "Anna" in page.text
    assert (EMAIL, "signed in", f"account {EMAIL}") in trail(app)


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong horse battery staple"), ("nobody@council.example.org", PASSWORD)],
    ids=["wrong password", "nobody"],
)
def test_what_is_wrong_is_not_told(anna, email, password):
    anna.visit("account/login")
    page = anna.send("login", {"email": email, "password": password})
    assert page.status == 422
    assert page.text.count(WRONG) == 2, "in the summary and at the field"
    assert page.form("login").fields["email"] == [email]
    assert password not in page.html


def test_the_answer_to_a_wrong_try_is_the_same_for_every_name(anna):
    answers = []
    for email in (EMAIL, "nobody@council.example.org", "not an address"):
        anna.visit("account/login")
        page = anna.send("login", {"email": email, "password": "wrong horse battery"})
        html = re.sub(r'value="[^"]*"', "", page.html)
        answers.append((page.status, html))
    assert answers[0] == answers[1] == answers[2]


def test_a_name_that_nobody_has_costs_a_check_too(app, anna, monkeypatch):
    checked: list[str] = []
    real = flask_security.verify_password

    def counting(password: str, against: str) -> bool:
        checked.append(against)
        return real(password, against)

    monkeypatch.setattr(passwords, "verify_password", counting)
    for email in (EMAIL, "nobody@council.example.org"):
        anna.visit("account/login")
        anna.send("login", {"email": email, "password": "wrong horse battery"})
    assert len(checked) == 2
    costs = [against.split("$")[1:4] for against in checked]
    assert costs[0] == costs[1], "argon2 with the same memory, time and threads"


def test_a_password_is_checked_before_the_turn_to_write(app, anna, monkeypatch):
    holding: list[bool] = []
    real = flask_security.verify_password

    def looking(password: str, against: str) -> bool:
        connection = db.session.connection()
        holding.append(bool(connection.get_execution_options().get("consult_writes")))
        return real(password, against)

    monkeypatch.setattr(passwords, "verify_password", looking)
    sign_in(anna)
    anna.visit("account/verify")
    anna.send("verify", {"password": PASSWORD})
    assert holding == [False, False]


def test_empty_fields_are_named(anna):
    anna.visit("account/login")
    page = anna.send("login", {"email": " ", "password": ""})
    assert page.status == 422
    assert "Enter your e-mail address." in page.text
    assert "Enter your password." in page.text


def test_a_closed_account_is_told_to_who_knows_its_password(app, anna):
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Account)).one().active = False
    anna.visit("account/login")
    page = anna.send("login", {"email": EMAIL, "password": PASSWORD})
    assert page.status == 422
    assert "This account is closed." in page.text
    page = anna.send("login", {"email": EMAIL, "password": "wrong horse battery"})
    assert WRONG in page.text


def test_an_account_without_a_password_has_none_that_fits(app, anna):
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Account)).one().password = None
    anna.visit("account/login")
    assert WRONG in anna.send("login", {"email": EMAIL, "password": PASSWORD}).text


def test_a_password_in_other_letters_of_the_same_look_fits(app, anna):
    composed = "caf\u00e9 cr\u00e8me br\u00fbl\u00e9e"
    apart = "cafe\u0301 cre\u0300me bru\u0302le\u0301e"
    with app.test_request_context(), in_session(app) as session, unit_of_work(session):
        account = session.scalars(select(Account)).one()
        account.password = flask_security.hash_password(passwords.normal(composed))
    anna.visit("account/login")
    page = anna.send("login", {"email": EMAIL, "password": apart})
    assert page.path == "/en/staff/"


def test_an_older_hash_is_renewed_at_sign_in(app, anna):
    from argon2 import PasswordHasher
    from flask_security import get_hmac

    with app.test_request_context(), in_session(app) as session, unit_of_work(session):
        weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
        old = session.scalars(select(Account)).one().password = weak.hash(get_hmac(PASSWORD))
    sign_in(anna)
    with in_session(app) as session:
        renewed = session.scalars(select(Account)).one().password
    assert renewed != old
    anna.send("logout")
    sign_in(anna)


def test_signing_out_ends_it(app, anna):
    sign_in(anna)
    page = anna.send("logout")
    assert page.path == "/en/staff/account/login"
    assert anna.visit().path == "/en/staff/account/login"
    assert (EMAIL, "signed out", f"account {EMAIL}") in trail(app)


def test_a_kept_cookie_is_worth_nothing_after_signing_out(anna):
    sign_in(anna)
    kept = anna.client.get_cookie("consult")
    anna.send("logout")
    anna.client.set_cookie("consult", kept.value)
    assert anna.visit().path == "/en/staff/account/login"


def test_signing_out_is_a_form_and_not_a_link(anna):
    sign_in(anna)
    assert anna.visit("account/logout").status == 404
    assert anna.visit().path == "/en/staff/"


@pytest.mark.parametrize("part", ["login", "logout"])
def test_a_forged_form_does_nothing(anna, part):
    sign_in(anna)
    if part == "login":
        anna.send("logout")
    page = anna.post(
        f"/en/staff/account/{part}",
        {"email": EMAIL, "password": PASSWORD, "csrf_token": "forged"},
    )
    assert page.status == 400
    assert "Please try again" in page.text
    after = anna.visit().path
    assert after == ("/en/staff/account/login" if part == "login" else "/en/staff/")


def test_signing_in_makes_a_new_session_and_a_new_token(app, anna):
    """A cookie that somebody planted here before is worth nothing after."""
    anna.visit("account/login")
    before = anna.page.form("login").fields["csrf_token"][0]
    planted = anna.client.get_cookie("consult")
    sign_in(anna)
    victims = anna.client.get_cookie("consult")

    attacker = Colleague(app.test_client())
    attacker.client.set_cookie("consult", planted.value)
    assert attacker.visit().path == "/en/staff/account/login"

    anna.client.set_cookie("consult", victims.value)
    page = anna.post("/en/staff/account/name", {"csrf_token": before, "name": "X"})
    assert page.status == 400


def test_it_leads_on_to_where_somebody_was_going(desk, anna):
    page = anna.visit("consultations/bolder-healthier-city/")
    assert page.path == "/en/staff/account/login"
    page = anna.send("login", {"email": EMAIL, "password": PASSWORD})
    assert page.path == "/en/staff/consultations/bolder-healthier-city/"


ELSEWHERE = [
    "https://evil.example/en/staff/",
    "//evil.example/en/staff/",
    "///evil.example/en/staff/",
    "/\\evil.example/en/staff/",
    "/en/staff/\\evil",
    "/en/staff/\t/x",
    "\x00/en/staff/",
    " //evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "/en/",
    "/",
    "staff.home",
]


def test_it_leads_nowhere_else(anna):
    for elsewhere in ELSEWHERE:
        page = anna.visit(f"account/login?next={quote(elsewhere)}")
        assert page.status == 200
        assert "next=" not in page.form("login").action, elsewhere
    page = anna.send("login", {"email": EMAIL, "password": PASSWORD})
    assert page.path == "/en/staff/"


def test_it_leads_to_the_tablet_s_app(anna):
    anna.visit("account/login?next=/tablet/")
    page = anna.send("login", {"email": EMAIL, "password": PASSWORD})
    assert page.path == "/tablet/"


def test_a_form_that_wants_to_lead_elsewhere_is_refused(anna):
    anna.visit("account/login")
    token = anna.page.form("login").fields["csrf_token"][0]
    told = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    for elsewhere in ELSEWHERE:
        page = anna.post(f"/en/staff/account/login?next={quote(elsewhere)}", told)
        assert page.status == 400, elsewhere
        page = anna.post("/en/staff/account/login", {**told, "next": elsewhere})
        assert page.status == 400, elsewhere
    assert anna.visit().path == "/en/staff/account/login"


def test_the_language_of_the_page_is_kept(anna):
    anna.language = "ur"
    page = anna.visit()
    assert page.path == "/ur/staff/account/login"
    assert 'lang="ur" dir="rtl"' in page.html
    page = anna.send("login", {"email": EMAIL, "password": PASSWORD})
    assert page.path == "/ur/staff/"
    assert anna.send("logout").path == "/ur/staff/account/login"


@pytest.mark.parametrize("language", ["xx", "EN", "de"])
def test_a_language_that_is_not_offered_has_no_pages(anna, language):
    assert anna.get(f"/{language}/staff/account/login").status == 404


def test_who_is_signed_in_needs_no_sign_in_page(anna):
    sign_in(anna)
    assert anna.visit("account/login").path == "/en/staff/"


def test_programs_get_no_other_door(anna):
    json = {"email": EMAIL, "password": PASSWORD}
    anna.visit("account/login")
    token = anna.page.form("login").fields["csrf_token"][0]
    response = anna.client.post(
        "/en/staff/account/login?include_auth_token",
        json=json,
        headers={"X-CSRFToken": token},
    )
    assert response.status_code == 415
    page = anna.get("/en/staff/account/login", headers={"Accept": "application/json"})
    assert page.response.mimetype == "text/html"


def test_tokens_and_passwords_in_headers_open_nothing(app, anna):
    with app.test_request_context(), in_session(app) as session:
        token = str(session.scalars(select(Account)).one().get_auth_token())
    for headers in ({"Authentication-Token": token}, {"Authorization": f"Bearer {token}"}):
        assert anna.get("/en/staff/", headers=headers).path == "/en/staff/account/login"
    assert anna.get(f"/en/staff/?auth_token={token}").path == "/en/staff/account/login"
    response = anna.client.get("/en/staff/account/change", auth=(EMAIL, PASSWORD))
    assert response.status_code == 302


def test_no_page_of_the_library_s_own_remains(app):
    """Each address of the library's, its language in front, and none that is not meant."""
    rules = sorted(
        rule.rule.removeprefix("/<language>/staff/account/")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("security.")
    )
    assert rules == [
        "change",
        "login",
        "logout",
        "mf-recovery",
        "mf-recovery-codes",
        "reset",
        "reset/<token>",
        "tf-rescue",
        "tf-select",
        "tf-setup",
        "tf-setup/<token>",
        "tf-validate",
        "verify",
        "wan-delete",
        "wan-register",
        "wan-register/<token>",
        "wan-signin",
        "wan-signin/<token>",
        "wan-verify",
        "wan-verify/<token>",
    ]


def test_the_page_that_is_switched_off_is_not_there(anna):
    assert anna.visit("account/tf-rescue").status == 404


def test_residents_pages_ask_for_nobody(app, visitor, monkeypatch):
    from consult.sign_in import sessions

    def fail(*_args: object) -> bool:
        raise AssertionError("a resident's page asked for a member of staff")

    monkeypatch.setattr(sessions, "_is_live", fail)
    assert visitor.visit().status == 200
