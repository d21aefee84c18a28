"""Tokens for programs on their owner's page."""

from datetime import timedelta

import pytest
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import ApiToken, AuditEvent
from consult.services import account_changes, accounts, tokens
from consult.services.tokens import Scope
from tests.support.staff import PASSWORD, Colleague
from tests.support.visitors import NOON, SLUG, in_session

NEW = "battery staple horse correct 9"
FORM = {"name": "Statistics on my laptop", "scopes": ["responses:read"], "days": "30"}


def make(colleague, **changes):
    colleague.visit("account/tokens")
    return colleague.send("tokens/make", {**FORM, **changes})


def secret_on(page):
    return next(word for word in page.text.split() if word.startswith(tokens.PREFIX))


def kept(app):
    with in_session(app) as session:
        return session.scalars(select(ApiToken)).all()


def test_a_token_is_shown_once_and_works(app, desk, hire):
    colleague = hire("analyst")
    page = make(colleague)
    secret = secret_on(page)
    assert len(secret) == len(tokens.PREFIX) + 43
    assert secret not in colleague.visit("account/tokens").html
    answer = app.test_client().get(
        f"/api/v1/consultations/{SLUG}/responses", headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 200
    assert "12:00 on 1 December 2026" in colleague.visit("account/tokens").text


def test_only_a_hash_of_it_is_kept(app, desk, hire):
    secret = secret_on(make(hire("analyst")))
    (token,) = kept(app)
    assert token.token_hash == tokens.token_hash(secret)
    assert secret not in repr(vars(token))
    assert (token.name, token.scopes) == (FORM["name"], ["responses:read"])
    assert token.expires_at == NOON + timedelta(days=30)


def test_a_token_taken_back_opens_nothing(app, desk, hire):
    colleague = hire("analyst")
    secret = secret_on(make(colleague))
    page = colleague.send("tokens/revoke")
    assert "The token is taken back." in page.text
    assert "Taken back" in page.text
    answer = app.test_client().get(
        f"/api/v1/consultations/{SLUG}/themes", headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 401


def test_the_trail_tells_of_both(app, desk, hire):
    colleague = hire("analyst")
    make(colleague)
    colleague.send("tokens/revoke")
    with in_session(app) as session:
        rows = session.execute(
            select(AuditEvent.action, AuditEvent.actor, AuditEvent.details)
            .where(AuditEvent.action.startswith("token"))
            .order_by(AuditEvent.action)
        ).all()
    name = {"name": FORM["name"], "scopes": ["responses:read"]}
    assert [tuple(row) for row in rows] == [
        ("token made", colleague.email, {**name, "expires": "2026-12-31"}),
        ("token taken back", colleague.email, name),
    ]


def test_nobody_takes_back_a_token_of_others(app, desk, hire):
    make(hire("analyst"))
    (token,) = kept(app)
    other = hire("admin")
    other.visit("account/tokens")
    csrf = other.page.form("tokens/make").fields["csrf_token"]
    page = other.post(
        other.address("account/tokens/revoke"), {"csrf_token": csrf, "token": str(token.id)}
    )
    assert "taken back already" in page.text
    assert kept(app)[0].revoked_at is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Say what the token is for"),
        ({"name": "x" * 121}, "Say what the token is for"),
        ({"scopes": []}, "Choose at least one thing that the token opens."),
        ({"scopes": ["everything"]}, "Choose from the list what the token opens."),
        ({"days": "9999"}, "Choose one of the times in the list."),
        ({"days": "soon"}, "Choose one of the times in the list."),
    ],
)
def test_a_form_that_says_too_little_is_shown_again(app, desk, hire, changes, words):
    page = make(hire("analyst"), **{"name": "kept name", **changes})
    assert page.status == 422
    assert words in page.text
    assert kept(app) == []
    if "name" not in changes:
        assert "kept name" in page.html


def test_a_browser_left_open_makes_no_token(app, desk, hire, clock):
    colleague = hire("analyst")
    colleague.visit("account/tokens")
    with colleague.client.session_transaction() as session:
        session["fs_paa"] = 1
        session.pop("fs_gexp", None)
    page = colleague.send("tokens/make", FORM)
    assert "/verify" in page.path
    assert kept(app) == []


def test_nobody_has_more_tokens_than_anybody_reads(app, desk, hire, monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 1)
    colleague = hire("analyst")
    make(colleague)
    page = make(colleague)
    assert page.status == 422
    assert "You have 1 tokens." in page.text
    colleague.send("tokens/revoke")
    assert secret_on(make(colleague))


@pytest.fixture
def account(app, hire):
    """An account of an open session."""
    colleague = hire("analyst")
    with in_session(app) as session:
        found = accounts.find(session, colleague.email)
        assert found is not None
        yield session, found


def token_of(session, account, **changes):
    given = {"name": "x", "scopes": [Scope.THEMES], "lasts": timedelta(days=30), "now": NOON}
    with unit_of_work(session):
        return tokens.make(session, account, **{**given, **changes})


@pytest.mark.parametrize("lasts", [timedelta(), timedelta(days=365, seconds=1)])
def test_no_token_lasts_longer_than_a_year_or_no_time_at_all(account, lasts):
    with pytest.raises(tokens.WrongTime):
        token_of(*account, lasts=lasts)


def test_all_tokens_of_an_account_are_taken_back_at_once(account):
    session, found = account
    secrets = [token_of(session, found)[1] for _ in range(2)]
    with unit_of_work(session):
        assert tokens.revoke_all(session, found, actor="an admin", now=NOON) == 2
    assert [tokens.bearer(session, secret, now=NOON) for secret in secrets] == [None, None]


def opens(app, secret):
    with in_session(app) as session:
        return tokens.bearer(session, secret, now=NOON) is not None


def sign_out(_app, colleague):
    colleague.visit("account/")
    colleague.send("end-all")


def change_the_password(_app, colleague):
    colleague.visit("account/change")
    new = {"new_password": NEW, "new_password_confirm": NEW}
    colleague.send("change", {"password": PASSWORD, **new})


def set_it_by_a_link(app, colleague):
    with app.test_request_context(), in_session(app) as session:
        found = accounts.find(session, colleague.email)
        secret = generate_reset_password_token(found)
    other = Colleague(app.test_client())
    other.get(f"/en/staff/account/reset/{secret}")
    other.send("reset/", {"password": NEW, "password_confirm": NEW})


def be_signed_out_by_an_admin(app, colleague):
    with in_session(app) as session, unit_of_work(session):
        found = accounts.find(session, colleague.email)
        assert found is not None
        account_changes.end_sessions(session, found.id, actor="an admin", now=NOON)


@pytest.mark.parametrize(
    "act", [sign_out, change_the_password, set_it_by_a_link, be_signed_out_by_an_admin]
)
def test_what_ends_all_sessions_ends_the_tokens_of_that_person(app, desk, hire, act):
    other, colleague = hire("analyst"), hire("officer")
    others, secret = secret_on(make(other)), secret_on(make(colleague))
    act(app, colleague)
    assert not opens(app, secret)
    assert opens(app, others)
    with in_session(app) as session:
        (event,) = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "token taken back")
        )
        assert event.subject == f"account {colleague.email}"
        by_admin = act is be_signed_out_by_an_admin
        assert event.actor == ("an admin" if by_admin else colleague.email)


def test_signing_one_browser_out_leaves_the_tokens(app, desk, hire):
    colleague = hire("analyst")
    secret = secret_on(make(colleague))
    colleague.visit("account/")
    colleague.send("sessions/end")
    assert "/login" in colleague.visit("account/").path
    assert opens(app, secret)


def test_tokens_of_no_use_are_forgotten_after_a_while(account):
    session, found = account
    token_of(session, found, lasts=timedelta(days=1))
    for days, left in ((91, 1), (92, 0)):
        with unit_of_work(session):
            tokens.remove_old(session, now=NOON + timedelta(days=days))
        assert len(tokens.listing(session, found)) == left
