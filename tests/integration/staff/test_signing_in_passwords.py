"""Passwords: which are taken, changing one, and a forgotten one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import Account, AuditEvent, SignInFailure
from consult.sign_in import mail, passwords
from consult.sign_in.setting_up import HASHING
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.staff import PASSWORD, Colleague, make_account, sign_in
from tests.support.visitors import NOON, Page, in_session

EMAIL = "anna@council.example.org"
NEW = "battery staple horse correct 9"
LOGIN = "/en/staff/account/login"
PUBLIC = "https://consult.example.gov.uk"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def posting(make_app: Any, settings: Any, app: Flask, mail_server: MailServer) -> Flask:
    """The same installation, with a mail server."""
    app = make_app(
        replace(settings, smtp_url=f"smtp://127.0.0.1:{mail_server.port}", public_url=PUBLIC)
    )
    assert isinstance(app, Flask)
    return app


@pytest.fixture
def anna(app: Flask) -> Colleague:
    make_account(app, EMAIL, "officer", name="Anna Smith")
    colleague = Colleague(app.test_client())
    colleague.email = EMAIL
    return colleague


def at(app: Flask, language: str = "en") -> Colleague:
    colleague = Colleague(app.test_client(), language)
    colleague.email = EMAIL
    return colleague


def change(colleague: Colleague, new: str, again: str | None = None, now: str = PASSWORD) -> Page:
    colleague.visit("account/change")
    return colleague.send(
        "change",
        {
            "password": now,
            "new_password": new,
            "new_password_confirm": new if again is None else again,
        },
    )


def ask(app: Flask, email: str = EMAIL, language: str = "en") -> Page:
    """Ask for a link, and wait until the letter is written and sent, if there is one."""
    colleague = at(app, language)
    colleague.visit("account/reset")
    page = colleague.send("reset", {"email": email})
    app.extensions[mail.EXTENSION].wait()
    return page


def link_in(text: str) -> str:
    found = re.search(r"^https://\S+$", text, re.MULTILINE)
    assert found is not None, text
    return found.group()


def path_of(link: str) -> str:
    return urlsplit(link).path


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("", "Enter your password."),
        ("short one 1", "The password is too short: use at least 12 characters."),
        ("x7$kQ" * 26, "The password is too long: use at most 128 characters."),
        ("password1234", "That password is easy to guess."),
        ("aaaaaaaaaaaaaaaa", "That password is easy to guess."),
        ("qwertyuiop12", "That password is easy to guess."),
        ("councilcouncil", "That password is easy to guess."),
        ("annasmith1234", "That password is easy to guess."),
        (EMAIL, "That password is easy to guess."),
        (PASSWORD, "That is the password you have now."),
    ],
)
def test_bad_passwords_are_refused_with_the_reason(anna, new, said):
    sign_in(anna)
    page = change(anna, new)
    assert page.status == 422
    assert said in page.text
    assert not new or new not in page.html


@pytest.mark.parametrize(
    "new",
    [NEW, "میرا پاس ورڈ بہت لمبا ہے", "zażółć gęślą jaźń", "8f#Kq2!vLm9x", "ab" + "x7$kQ" * 25],
)
def test_good_passwords_of_any_script_are_taken(anna, new):
    sign_in(anna)
    assert change(anna, new).path == "/en/staff/account/"
    anna.send("logout")
    anna.visit("account/login")
    assert anna.send("login", {"email": EMAIL, "password": new}).path == "/en/staff/"


def test_two_that_differ_are_refused(anna):
    sign_in(anna)
    page = change(anna, NEW, again=NEW + "x")
    assert page.status == 422
    assert "The two passwords differ." in page.text


def test_the_present_password_is_asked_for(anna):
    sign_in(anna)
    page = change(anna, NEW, now="wrong horse battery")
    assert page.status == 422
    assert "The password is not right." in page.text
    page = change(anna, NEW, now="")
    assert "Enter your password." in page.text


def test_somebody_without_a_password_may_choose_one(app, anna):
    sign_in(anna)
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Account)).one().password = None
    page = anna.visit("account/change")
    assert "Choose a password" in page.text
    page = anna.send("change", {"new_password": NEW, "new_password_confirm": NEW})
    assert page.path == "/en/staff/account/"


def test_passwords_are_kept_as_argon2_with_its_own_careful_figures(
    make_app, settings, model_database, monkeypatch
):
    for name in list(HASHING):
        monkeypatch.delitem(HASHING, name)
    app = make_app(settings)
    with app.test_request_context():
        kept = hash_password("a password of some length")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_changed_password_is_told_by_e_mail(posting, anna, mail_server):
    colleague = at(posting)
    sign_in(colleague)
    change(colleague, NEW)
    posting.extensions[mail.EXTENSION].wait()
    (letter,) = mail_server.letters
    assert letter["To"] == EMAIL
    assert letter["Subject"] == "Consult: your password has been changed"
    assert "has just been changed" in mail_server.text()


def test_a_link_by_e_mail_sets_a_new_password(posting, anna, mail_server, clock):
    clock.now = NOON + timedelta(hours=3)
    page = ask(posting)
    assert page.path == "/en/staff/account/reset"
    assert f"If there is an account for {EMAIL}" in page.text
    (letter,) = mail_server.letters
    assert letter["To"] == EMAIL
    assert letter["From"] == "consult@consult.example.gov.uk"
    assert letter["Subject"] == "Consult: set a new password"
    assert letter["Auto-Submitted"] == "auto-generated"
    link = link_in(mail_server.text())
    assert link.startswith(f"{PUBLIC}/en/staff/account/reset/")

    colleague = at(posting)
    page = colleague.get(path_of(link))
    assert page.status == 200
    page = colleague.send("reset/", {"password": NEW, "password_confirm": NEW})
    assert page.path == LOGIN
    assert "Your new password is set. Sign in with it." in page.text
    page = colleague.send("login", {"email": EMAIL, "password": NEW})
    assert page.path == "/en/staff/"
    with in_session(posting) as session:
        account = session.scalars(select(Account)).one()
        assert account.password_set_at == clock.now
        actions = session.scalars(select(AuditEvent.action)).all()
    assert "password reset" in actions
    posting.extensions[mail.EXTENSION].wait()
    assert mail_server.letters[1]["Subject"] == "Consult: your password has been set anew"


def test_a_link_works_once(posting, anna, mail_server):
    ask(posting)
    path = path_of(link_in(mail_server.text()))
    colleague = at(posting)
    colleague.get(path)
    colleague.send("reset/", {"password": NEW, "password_confirm": NEW})
    page = at(posting).get(path)
    assert page.path == "/en/staff/account/reset"
    assert "That link does not work." in page.text


def test_a_link_sets_no_bad_password(posting, anna, mail_server):
    ask(posting)
    colleague = at(posting)
    colleague.get(path_of(link_in(mail_server.text())))
    page = colleague.send("reset/", {"password": "password1234", "password_confirm": "x"})
    assert page.status == 422
    assert "easy to guess" in page.text
    page = colleague.send("reset/", {"password": NEW, "password_confirm": "x"})
    assert "The two passwords differ." in page.text
    page = colleague.send("reset/", {"password": NEW, "password_confirm": NEW})
    assert page.path == LOGIN


@pytest.mark.parametrize("token", ["nonsense", "WyJhIl0.forged.token"])
def test_a_forged_link_is_explained(app, anna, token):
    page = anna.visit(f"account/reset/{token}")
    assert "That link does not work." in page.text


def test_an_old_link_is_explained(posting, anna, mail_server):
    ask(posting)
    posting.config["SECURITY_RESET_PASSWORD_WITHIN"] = timedelta(seconds=-3600)
    page = at(posting).get(path_of(link_in(mail_server.text())))
    assert page.path == "/en/staff/account/reset"
    assert "Ask for a new one." in page.text


def test_a_new_password_by_link_signs_all_browsers_out_and_ends_waiting(posting, anna, mail_server):
    sign_in(anna)
    stranger = at(posting)
    for number in range(5):
        stranger.visit("account/login")
        stranger.send("login", {"email": EMAIL, "password": f"wrong guess {number}"})
    ask(posting)
    colleague = at(posting)
    colleague.get(path_of(link_in(mail_server.text())))
    colleague.send("reset/", {"password": NEW, "password_confirm": NEW})
    assert anna.visit().path == LOGIN
    colleague.visit("account/login")
    page = colleague.send("login", {"email": EMAIL, "password": NEW})
    assert page.path == "/en/staff/", "not kept waiting by a stranger's guesses"


def test_asking_tells_nothing_about_who_has_an_account(posting, anna, mail_server):
    def shown(email: str) -> tuple[int, str]:
        page = ask(posting, email)
        html = re.sub(r'(csrf_token" value|href)="[^"]*"', "", page.html)
        return page.status, html.replace(email, "SOMEBODY")

    with in_session(posting) as session, unit_of_work(session):
        session.scalars(select(Account)).one().active = False
    closed = shown(EMAIL)
    assert closed == shown("nobody@council.example.org")
    assert not mail_server.letters
    with in_session(posting) as session, unit_of_work(session):
        session.scalars(select(Account)).one().active = True
    assert shown(EMAIL) == closed
    assert len(mail_server.letters) == 1


def test_asking_looks_nobody_up_while_the_page_waits(posting, anna, mail_server, monkeypatch):
    asked_in: list[str] = []

    def looking(name: str) -> None:
        import threading

        asked_in.append(threading.current_thread().name)

    monkeypatch.setattr(passwords, "account_named", looking)
    ask(posting)
    assert asked_in == ["outbox"]


def test_one_address_gets_five_letters_an_hour_whoever_asks(posting, anna, mail_server, clock):
    for _ in range(7):
        assert "If there is an account" in ask(posting).text
    assert len(mail_server.letters) == 5
    clock.now = NOON + timedelta(hours=1)
    ask(posting)
    assert len(mail_server.letters) == 6
    colleague = at(posting)
    sign_in(colleague)


def test_the_link_names_our_host_whatever_the_browser_says(posting, anna, mail_server):
    client = posting.test_client()
    page = Page(client.get("/en/staff/account/reset", base_url="http://evil.example"))
    form = page.form("reset")
    client.post(form.action, data={**form.fields, "email": EMAIL}, base_url="http://evil.example")
    posting.extensions[mail.EXTENSION].wait()
    assert link_in(mail_server.text()).startswith(PUBLIC)


def test_the_letter_is_in_the_language_of_the_account(posting, anna, mail_server):
    with in_session(posting) as session, unit_of_work(session):
        session.scalars(select(Account)).one().language = "ur"
    ask(posting, language="pl")
    assert link_in(mail_server.text()).startswith(f"{PUBLIC}/ur/staff/")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Enter your e-mail address."), ("anna", "Enter an e-mail address like")],
)
def test_what_is_no_address_is_explained(posting, typed, said):
    page = ask(posting, typed)
    assert page.status == 422
    assert said in page.text
    assert page.form("reset").fields["email"] == [typed]


def test_without_a_mail_server_it_says_whom_to_ask(app, anna):
    page = anna.visit("account/reset")
    assert "Ask an admin of your council" in page.text
    assert not any("reset" in form.action for form in page.forms)
    token = anna.visit("account/login").form("login").fields["csrf_token"]
    page = anna.post("/en/staff/account/reset", {"email": EMAIL, "csrf_token": token})
    assert "Ask an admin of your council" in page.text
    with in_session(app) as session:
        assert not session.scalars(select(SignInFailure)).all()


def test_a_link_that_an_admin_made_works_without_a_mail_server(app, anna):
    from flask_security.recoverable import generate_reset_link

    with app.test_request_context("/en/staff/"), in_session(app) as session:
        link, _token = generate_reset_link(session.scalars(select(Account)).one())
    page = anna.get(path_of(link))
    page = anna.send("reset/", {"password": NEW, "password_confirm": NEW})
    assert page.path == LOGIN
