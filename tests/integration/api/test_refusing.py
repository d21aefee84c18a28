"""What the interface refuses, and how it says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import AuditEvent, Consultation
from consult.services import account_changes, accounts, tokens, workspaces
from consult.services.tokens import Scope
from tests.support.reading import respond
from tests.support.visitors import NOON, SLUG, in_session

RESPONSES = f"consultations/{SLUG}/responses"


def refused(answer, status, kind):
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["type"] == f"urn:consult:problem:{kind}"
    assert problem["status"] == status
    assert problem["detail"]
    return problem


def account_of(session, program):
    account = accounts.find(session, program.email)
    assert account is not None
    return account


def test_responses_need_a_token(app, stranger):
    answer = stranger.ask(RESPONSES)
    refused(answer, 401, "token-missing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="consult"'


@pytest.mark.parametrize(
    "shown", ["Bearer consult_wrong", "Bearer", "Basic dXNlcjpwYXNz", "Bearer پاس", "nonsense"]
)
@pytest.mark.parametrize("path", [RESPONSES, "consultations"])
def test_a_token_that_is_none_is_told_so_even_where_none_is_needed(app, stranger, shown, path):
    answer = stranger.ask(path, headers={"Authorization": shown})
    refused(answer, 401, "token-invalid")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_cookie_opens_nothing(app, desk, hire):
    colleague = hire("officer")
    answer = colleague.client.get(f"/api/v1/{RESPONSES}")
    refused(answer, 401, "token-missing")


def test_no_answer_sets_a_cookie_or_lets_other_sites_read(app, install):
    answer = install("analyst").ask(RESPONSES, headers={"Origin": "https://other.example.org"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_token_opens_only_its_scopes(app, install):
    program = install("analyst", scopes=[Scope.THEMES])
    answer = program.ask(RESPONSES)
    refused(answer, 403, "scope-missing")
    assert 'scope="responses:read"' in answer.headers["WWW-Authenticate"]
    assert program.ask(f"consultations/{SLUG}/themes").status_code == 200


@pytest.mark.parametrize("role", ["viewer", "partner"])
def test_a_token_opens_no_more_than_its_person_may_see(app, desk, install, role):
    program = install(on={SLUG: role})
    refused(program.ask(RESPONSES), 403, "role-missing")
    refused(program.ask(f"consultations/{SLUG}/themes"), 403, "role-missing")


def test_a_role_in_one_consultation_is_enough_there(app, desk, install):
    assert install(on={SLUG: "analyst"}).ask(RESPONSES).status_code == 200


def test_a_token_over_its_time_opens_nothing(app, install, clock):
    program = install("analyst", lasts=timedelta(days=1))
    clock.now = NOON + timedelta(days=1, seconds=-1)
    assert program.ask(RESPONSES).status_code == 200
    clock.now = NOON + timedelta(days=1)
    refused(program.ask(RESPONSES), 401, "token-invalid")


def test_a_token_taken_back_opens_nothing(app, install):
    program = install("analyst")
    with in_session(app) as session, unit_of_work(session):
        account = account_of(session, program)
        (token,) = tokens.listing(session, account)
        tokens.revoke(session, account, token.id, now=NOON)
    refused(program.ask(RESPONSES), 401, "token-invalid")


def test_the_token_of_a_closed_account_opens_nothing_at_once(app, install):
    program = install("analyst")
    assert program.ask(RESPONSES).status_code == 200
    with in_session(app) as session, unit_of_work(session):
        account = account_of(session, program)
        account_changes.deactivate(session, account.id, actor="test", now=NOON)
    refused(program.ask(RESPONSES), 401, "token-invalid")


def test_a_role_that_is_taken_away_is_taken_from_the_token(app, desk, install):
    program = install(on={SLUG: "analyst"})
    assert program.ask(RESPONSES).status_code == 200
    with in_session(app) as session, unit_of_work(session):
        account = account_of(session, program)
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        account_changes.remove_member(
            session, account.id, workspace, "analyst", held=["admin"], actor="test", now=NOON
        )
    refused(program.ask(RESPONSES), 403, "role-missing")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=ten", "limit"),
        ("limit=%D9%A3", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("status=withdrawn", "status"),
        ("translations=xx", "translations"),
        ("cursor=abc", "cursor"),
        ("limt=5", "limt"),
    ],
)
def test_a_parameter_that_says_nothing_is_named(app, install, query, parameter):
    problem = refused(install("analyst").ask(f"{RESPONSES}?{query}"), 422, "invalid-parameter")
    assert [each["parameter"] for each in problem["errors"]] == [parameter]


def test_nothing_is_noted_of_a_reading_that_was_refused(app, install):
    install("analyst").ask(f"{RESPONSES}?limit=0")
    with in_session(app) as session:
        found = session.scalars(select(AuditEvent).where(AuditEvent.action == "raw data read"))
        assert found.all() == []


@pytest.fixture
def cursor(app, install):
    """A program that has read the first of two pages, and the cursor of the second."""
    for number in range(2):
        respond(app, f"Words of number {number}")
    program = install("analyst")
    return program, program.here("responses", limit=1)["next"]


def test_a_cursor_is_of_its_token_alone(app, install, cursor):
    _, text = cursor
    refused(install("analyst").ask(f"{RESPONSES}?cursor={text}"), 422, "invalid-parameter")


def test_a_cursor_lasts_a_day(app, cursor, clock):
    program, text = cursor
    clock.now = NOON + timedelta(days=1)
    assert program.ask(f"{RESPONSES}?cursor={text}").status_code == 200
    clock.now = NOON + timedelta(days=1, seconds=1)
    refused(program.ask(f"{RESPONSES}?cursor={text}"), 422, "invalid-parameter")


def test_a_cursor_carries_its_options_and_takes_no_others(app, cursor):
    program, text = cursor
    answer = program.ask(f"{RESPONSES}?cursor={text}&status=all")
    problem = refused(answer, 422, "invalid-parameter")
    assert problem["errors"][0]["parameter"] == "status"


def test_a_cursor_that_was_changed_is_refused(app, cursor):
    program, text = cursor
    # Not the last letter: it has bits that say nothing.
    changed = text[:-2] + ("A" if text[-2] != "A" else "B") + text[-1]
    refused(program.ask(f"{RESPONSES}?cursor={changed}"), 422, "invalid-parameter")


@pytest.mark.parametrize(
    "path", ["", "nothing", "consultations/", "consultations/unheard-of", "consultations/a/b/c/d"]
)
def test_where_there_is_nothing_a_program_hears_it_as_a_program_does(app, stranger, path):
    refused(stranger.ask(path), 404, "not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_nothing_can_be_written(app, stranger, method):
    answer = stranger.ask("consultations", method)
    refused(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_only_json_can_be_had(app, stranger):
    answer = stranger.ask("consultations", headers={"Accept": "text/html"})
    refused(answer, 406, "not-acceptable")


def test_a_preview_is_not_there(app, install):
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Consultation)).one().is_preview = True
    program = install("officer")
    refused(program.ask(RESPONSES), 404, "not-found")
    refused(program.ask(f"consultations/{SLUG}/questions"), 404, "not-found")


def test_what_is_in_the_making_is_told_to_those_who_may_look_at_it(app, install, stranger):
    with in_session(app) as session, unit_of_work(session):
        workspaces.create(session, "another-one", {"title": "Another"}, actor="test", now=NOON)
    assert [each["slug"] for each in stranger.read("consultations")["items"]] == [SLUG]
    refused(stranger.ask("consultations/another-one"), 404, "not-found")
    narrow = install("viewer", scopes=[Scope.THEMES])
    refused(narrow.ask("consultations/another-one"), 404, "not-found")
    found = install("viewer").read("consultations/another-one")
    assert (found["title"], found["state"], found["opens"]) == ("Another", "preparing", None)


OPENS = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
QUESTIONS = f"consultations/{SLUG}/questions"


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        ("viewer", Scope.CONSULTATIONS, 200),
        ("viewer", Scope.RESPONSES, 404),
        ("partner", Scope.CONSULTATIONS, 404),
    ],
)
@pytest.mark.parametrize("is_here", [True, False], ids=["here", "everywhere"])
def test_questions_are_told_before_the_opening_to_those_who_may_look_ahead(
    app, desk, install, clock, is_here, role, scope, status
):
    clock.now = OPENS - timedelta(seconds=1)
    program = install(
        *([] if is_here else [role]), on={SLUG: role} if is_here else {}, scopes=[scope]
    )
    assert program.ask(QUESTIONS).status_code == status


@pytest.mark.parametrize("role", ["viewer", "partner"])
def test_who_may_look_ahead_is_told_also_where_there_is_no_workspace(app, install, clock, role):
    clock.now = OPENS - timedelta(seconds=1)
    assert install(role).ask(QUESTIONS).status_code == (200 if role == "viewer" else 404)


def test_questions_are_everybodys_from_the_opening_on(app, stranger, clock):
    clock.now = OPENS - timedelta(seconds=1)
    refused(stranger.ask(QUESTIONS), 404, "not-found")
    clock.now = OPENS
    assert stranger.ask(QUESTIONS).status_code == 200


def test_results_that_are_not_published_are_not_found(app, stranger):
    refused(stranger.ask(f"consultations/{SLUG}/results"), 404, "not-published")


def test_a_database_that_is_gone_is_told_as_a_problem(make_app, settings, tmp_path):
    gone = make_app(replace(settings, database_url=f"sqlite:///{tmp_path}/no/such.sqlite3"))
    answer = gone.test_client().get("/api/v1/consultations")
    refused(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "30"


def test_a_fault_of_ours_tells_nothing_of_itself(app, stranger, monkeypatch):
    from consult.services import consultations

    def broken(_session):
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(consultations, "slugs", broken)
    answer = stranger.ask("consultations")
    refused(answer, 500, "fault")
    assert "secret" not in answer.text
