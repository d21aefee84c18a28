"""Replies that are not ours, and a provider in trouble: all is explained."""

import threading
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from consult.sign_in import openid_fetching, openid_provider
from tests.openid.fake_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    as_json,
)
from tests.openid.flow import CALLBACK, assert_refused, come_back, set_out, there_and_back
from tests.support.visitors import Visitor

# Replies that are not ours


def test_a_reply_works_once(ada, provider, visitor):
    brought = set_out(visitor, provider)
    assert come_back(visitor, brought).path == "/en/staff/"
    visitor.client.delete_cookie("consult")
    assert_refused(come_back(visitor, brought), visitor, "Begin again.")
    assert provider.asked.count("/token") == 1


def test_the_same_browser_cannot_come_back_twice_either(ada, provider, visitor):
    brought = set_out(visitor, provider)
    come_back(visitor, brought)
    assert come_back(visitor, brought).path == "/en/staff/account/openid/failed"
    assert provider.asked.count("/token") == 1


def test_a_reply_for_another_browser_is_refused(app, ada, provider, visitor):
    brought = set_out(visitor, provider)
    stranger = Visitor(app.test_client())
    assert_refused(come_back(stranger, brought), stranger, "Begin again.")
    assert provider.asked.count("/token") == 0


@pytest.mark.parametrize("state", [None, "", "another", "ä"])
def test_a_reply_without_its_state_is_refused(ada, provider, visitor, state):
    page = there_and_back(visitor, provider, state=state)
    assert_refused(page, visitor, "Begin again.")


def test_a_reply_that_comes_too_late_is_refused(app, clock, ada, provider, visitor):
    brought = set_out(visitor, provider)
    clock.now += timedelta(minutes=15, seconds=1)
    assert_refused(come_back(visitor, brought), visitor, "Begin again.")


def test_two_tabs_come_back_each_on_its_own(ada, provider, visitor):
    one, other = set_out(visitor, provider), set_out(visitor, provider)
    provider.nonce = one["nonce"]
    assert come_back(visitor, one).path == "/en/staff/"
    provider.nonce = other["nonce"]
    assert come_back(visitor, other).path == "/en/staff/"


def test_a_browser_does_not_gather_ways_without_end(ada, provider, visitor):
    ways = [set_out(visitor, provider) for _ in range(5)]
    assert come_back(visitor, ways[0]).path == "/en/staff/account/openid/failed"
    provider.nonce = ways[1]["nonce"]
    assert come_back(visitor, ways[1]).path == "/en/staff/"


@pytest.mark.parametrize("named", ["https://elsewhere.example", ""])
def test_a_reply_of_another_provider_is_refused(ada, provider, visitor, named):
    assert_refused(there_and_back(visitor, provider, iss=named), visitor, "not surely from")
    assert provider.asked.count("/token") == 0


def test_a_provider_that_names_itself_has_to(ada, provider, visitor):
    provider.description["authorization_response_iss_parameter_supported"] = True
    assert_refused(there_and_back(visitor, provider), visitor, "not surely from")
    assert there_and_back(visitor, provider, iss=provider.issuer).path == "/en/staff/"


@pytest.mark.parametrize("error", ["access_denied", "server_error", "<script>"])
def test_who_was_not_let_in_there_is_told(ada, provider, visitor, error):
    page = there_and_back(
        visitor, provider, code=None, error=error, error_description="<b>words of theirs</b>"
    )
    assert_refused(page, visitor, "You came back from Riverton Login without having signed in")
    assert "words of theirs" not in page.html


@pytest.mark.parametrize("code", [None, "", "é", "c" * 5000])
def test_a_reply_without_a_code_is_refused(ada, provider, visitor, code):
    page = there_and_back(visitor, provider, code=code)
    assert_refused(page, visitor, "could not be used")
    assert provider.asked.count("/token") == 0


# A provider in trouble


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(openid_fetching, "SECONDS_TO_ANSWER", 0.3)
    monkeypatch.setattr(openid_fetching, "SECONDS_PER_READ", 0.2)


def test_a_provider_that_is_not_there_is_told(ada, provider, visitor):
    provider.stop()
    page = visitor.get("/en/staff/account/openid/begin")
    assert_refused(page, visitor, "There was no answer from Riverton Login")


def test_a_provider_that_says_nothing_is_not_waited_for(ada, provider, visitor, impatient):
    waiting = threading.Event()
    provider.token = lambda: (waiting.wait(2), as_json({}))[1]
    assert_refused(there_and_back(visitor, provider), visitor, "There was no answer")
    waiting.set()


def test_a_provider_that_hangs_takes_few_of_the_threads(app, ada, provider, monkeypatch):
    monkeypatch.setattr(openid_fetching, "PATIENCE", 0.05)
    waiting, asking = threading.Event(), threading.Semaphore(0)

    def hang():
        asking.release()
        waiting.wait(5)
        return as_json({}, 500)

    provider.token = hang
    visitors = [Visitor(app.test_client()) for _ in range(4)]
    ways = [set_out(visitor, provider) for visitor in visitors]
    paths = [f"{CALLBACK}?{urlencode({'state': way['state'], 'code': 'c'})}" for way in ways]
    threads = [
        threading.Thread(target=visitor.client.get, args=[path])
        for visitor, path in list(zip(visitors, paths, strict=True))[:3]
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert asking.acquire(timeout=5)
    answer = visitors[3].client.get(paths[3])
    assert answer.location.endswith("reason=silent")
    assert provider.asked.count("/token") == 3
    waiting.set()
    for thread in threads:
        thread.join(10)


def test_nobody_waits_long_for_another_s_reading(provider, monkeypatch):
    monkeypatch.setattr(openid_provider, "PATIENCE", 0.05)
    asked = openid_provider.Provider(provider.issuer, CLIENT_ID, None)
    with asked._turn(), pytest.raises(openid_fetching.ProviderSilent):
        asked.description()
    assert asked.description().token_endpoint == f"{provider.issuer}/token"


def test_a_provider_that_drips_is_not_waited_for(ada, provider, visitor, impatient):
    brought = set_out(visitor, provider)
    provider.piece, provider.pause = 10, 0.1
    assert_refused(come_back(visitor, brought), visitor, "There was no answer")


def test_an_answer_without_end_is_cut_off(ada, provider, visitor):
    sent = b'{"id_token": "' + b"a" * 5_000_000 + b'"}'
    provider.token = lambda: (200, sent)
    assert_refused(there_and_back(visitor, provider), visitor, "could not be used")


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (as_json({"error": "invalid_grant"}, 400), "is not set up rightly"),
        (as_json({"error": "invalid_client"}, 401), "is not set up rightly"),
        (as_json({"error": ["odd"]}, 400), "could not be used"),
        (as_json({}, 500), "could not be used"),
        (as_json([1]), "could not be used"),
        ((200, b"<html>"), "could not be used"),
        ((200, b"\xff\xfe"), "could not be used"),
        ((200, b"[" * 100_000), "could not be used"),
        ((200, b""), "could not be used"),
        ((302, b"http://127.0.0.1:9/elsewhere"), "could not be used"),
        (as_json({}), "not surely from"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_odd_answers_to_the_code_are_explained(ada, provider, visitor, reply, words):
    provider.token = lambda: reply
    assert_refused(there_and_back(visitor, provider), visitor, words)


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://elsewhere.example"},
        {"issuer": None},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://user:word@elsewhere.example/"},
        {"authorization_endpoint": "https://elsewhere.example:port/"},
        {"authorization_endpoint": "https://elsewhere.example/\r\nX: 1"},
    ],
    ids=str,
)
def test_a_description_that_cannot_be_trusted_is_not_used(ada, provider, visitor, change):
    provider.description.update(change)
    page = visitor.get("/en/staff/account/openid/begin")
    assert_refused(page, visitor, "could not be used")


def test_a_description_is_asked_for_again_after_a_failure(ada, provider, visitor):
    sound = provider.pages["/.well-known/openid-configuration"]
    provider.pages["/.well-known/openid-configuration"] = lambda: as_json({}, 503)
    assert "failed" in visitor.get("/en/staff/account/openid/begin").path
    provider.pages["/.well-known/openid-configuration"] = sound
    assert there_and_back(visitor, provider).path == "/en/staff/"


@pytest.mark.parametrize(
    "keys",
    [{}, {"keys": "k"}, {"keys": []}, {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}, {"keys": [7]}],
    ids=str,
)
def test_keys_that_are_none_prove_nothing(ada, provider, visitor, keys):
    provider.keys = keys
    assert_refused(there_and_back(visitor, provider), visitor, "could not be used")


def test_keys_for_something_else_are_passed_over(ada, provider, visitor):
    provider.keys = {"keys": [{**provider.key.as_dict(private=False), "use": "enc"}]}
    assert_refused(there_and_back(visitor, provider), visitor, "could not be used")


def test_the_log_names_what_went_wrong_and_no_secret(ada, provider, visitor, capsys):
    provider.claims = {"nonce": "another"}
    there_and_back(visitor, provider)
    logged = capsys.readouterr().err
    assert '"why": "nonce"' in logged
    for told in (CLIENT_SECRET, "a-code", "Pat Provider", "subject-1", provider.nonce):
        assert told not in logged
