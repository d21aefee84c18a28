"""The page on which one officer asks for a second person's word, and another one gives it."""

from datetime import timedelta

import pytest

from consult.db import unit_of_work
from consult.services import sign_offs
from consult.services.sign_offs import State
from tests.support.readiness import ANNA, BEFORE, OMAR, PARKS, answer_all, found, save, sign, write
from tests.support.visitors import in_session


@pytest.fixture
def parks(app, clock):
    """A consultation that lacks nothing but the second person's word."""
    clock.now = BEFORE
    with in_session(app) as session:
        write(session)
        answer_all(session)


@pytest.fixture
def at_parks(app, parks, hire):
    def at_parks(*roles, **options):
        colleague = hire(*roles, **options)
        colleague.slug = PARKS
        return colleague

    return at_parks


def state(app):
    with in_session(app) as session:
        return sign_offs.standing(session, found(session)).state


def asked_id(app):
    with in_session(app) as session:
        asked = sign_offs.standing(session, found(session)).sign_off
        assert asked is not None
        return str(asked.id)


def change_title(app, title):
    with in_session(app) as session:
        save(session, "words", title=title, actor=OMAR)


def ask(colleague):
    colleague.consultation("sign-off")
    return colleague.send("sign-off")


def test_one_asks_another_agrees(app, at_parks):
    first, second = at_parks("officer"), at_parks("officer")
    page = ask(first)
    assert page.path.endswith("/sign-off")
    assert "Tell them: no message is sent." in page.text
    assert second.email in page.text  # who can give it
    assert "You asked for it yourself" in page.text
    page = second.consultation("sign-off")
    assert f"asked for by {first.email}" in page.text
    assert "likely to be wrong" in page.text  # what they should know before they agree
    page = second.send("sign-off/answer", {"answer": "agree", "note": "Good."})
    assert "Your agreement is noted." in page.text
    assert state(app) is State.AGREED
    assert "Good." in first.consultation("sign-off").text


def test_declining_says_why(app, clock, at_parks):
    first, second = at_parks("officer"), at_parks("officer")
    ask(first)
    second.consultation("sign-off")
    page = second.send("sign-off/answer", {"answer": "decline"})
    assert page.status == 422
    assert 'href="#note"' in page.html
    page = second.send("sign-off/answer", {"answer": "decline", "note": "Promises too much."})
    assert "you declined" in page.text
    assert state(app) is State.DECLINED
    assert "Promises too much." in first.consultation("sign-off").text
    clock.now = BEFORE + timedelta(minutes=1)
    ask(first)
    assert state(app) is State.WAITING


def test_nothing_chosen_is_refused_and_the_note_kept(at_parks):
    ask(at_parks("officer"))
    second = at_parks("officer")
    second.consultation("sign-off")
    page = second.send("sign-off/answer", {"note": "half a thought"})
    assert page.status == 422
    assert "Choose whether you agree" in page.text
    assert "half a thought" in page.html


def test_an_over_long_note_is_refused_and_kept(at_parks):
    ask(at_parks("officer"))
    second = at_parks("officer")
    second.consultation("sign-off")
    page = second.send("sign-off/answer", {"answer": "agree", "note": "x" * 2_001})
    assert page.status == 422
    assert "x" * 2_001 in page.html


def test_who_asked_cannot_agree_by_a_made_up_form(app, at_parks):
    first = at_parks("officer")
    ask(first)
    token = first.page.forms[0].fields["csrf_token"][0]
    page = first.post(
        f"/en/staff/consultations/{PARKS}/sign-off/answer",
        {"csrf_token": token, "sign_off": asked_id(app), "answer": "agree", "note": ""},
    )
    assert page.status == 409
    assert "You asked for it yourself" in page.text
    assert state(app) is State.WAITING


def test_who_wrote_everything_is_told_why_they_cannot(app, at_parks):
    ask(at_parks("officer"))
    author = at_parks("officer", email=ANNA)  # who wrote the example, see tests.support
    page = author.consultation("sign-off")
    assert "You wrote all of this yourself" in page.text
    assert not [form for form in page.forms if "sign-off/answer" in form.action]
    token = page.forms[0].fields["csrf_token"][0]
    page = author.post(
        f"/en/staff/consultations/{PARKS}/sign-off/answer",
        {"csrf_token": token, "sign_off": asked_id(app), "answer": "agree", "note": ""},
    )
    assert page.status == 409
    assert state(app) is State.WAITING


def test_a_change_voids_it_and_is_named(app, at_parks):
    with in_session(app) as session:
        sign(session)
    change_title(app, "Better parks")
    page = at_parks("officer").consultation("sign-off")
    assert "Void" in page.text
    assert "Words of the consultation (omar@council.example.org, 09:00 on 1 February 2026)" in (
        page.text
    )
    assert "Translation: " in page.text


def test_who_signs_what_has_changed_meanwhile_is_told(app, at_parks):
    ask(at_parks("officer"))
    second = at_parks("officer")
    second.consultation("sign-off")
    change_title(app, "Better parks")
    page = second.send("sign-off/answer", {"answer": "agree", "note": "Read it all."})
    assert page.status == 409
    assert "Something has changed since it was asked for" in page.text
    assert state(app) is State.VOID


def test_two_sign_at_once_and_the_second_is_told(app, at_parks):
    ask(at_parks("officer"))
    second, third = at_parks("officer"), at_parks("officer")
    second.consultation("sign-off")
    third.consultation("sign-off")
    second.send("sign-off/answer", {"answer": "agree"})
    page = third.send("sign-off/answer", {"answer": "decline", "note": "No."})
    assert page.status == 409
    assert "Somebody else was quicker" in page.text
    assert state(app) is State.AGREED


def test_nobody_is_asked_before_the_rest_is_settled(app, at_parks):
    with in_session(app) as session, unit_of_work(session):
        found(session).readiness = {}
    officer = at_parks("officer")
    page = officer.consultation("sign-off")
    assert "Settle what stands at the top of the list first" in page.text
    token = page.forms[0].fields["csrf_token"][0]
    page = officer.post(f"/en/staff/consultations/{PARKS}/sign-off", {"csrf_token": token})
    assert page.status == 409
    assert state(app) is State.NONE


def test_asking_twice_is_told(app, at_parks):
    first, second = at_parks("officer"), at_parks("officer")
    first.consultation("sign-off")
    second.consultation("sign-off")
    first.send("sign-off")
    page = second.send("sign-off")
    assert page.status == 409
    assert "It was asked for already" in page.text


def test_somebody_has_to_be_able_to_sign(at_parks):
    page = ask(at_parks("officer"))
    assert "Nobody yet: this consultation needs another officer." in page.text


def test_a_broken_request_is_no_page(at_parks):
    ask(at_parks("officer"))
    second = at_parks("officer")
    second.consultation("sign-off")
    page = second.send("sign-off/answer", {"answer": "agree", "sign_off": "broken"})
    assert page.status == 404


def test_a_viewer_looks_and_signs_nothing(app, at_parks):
    ask(at_parks("officer"))
    viewer = at_parks(on={PARKS: "viewer"})
    page = viewer.consultation("sign-off")
    assert "An officer of this consultation can give it." in page.text
    for rest in ("sign-off", "sign-off/answer"):
        assert viewer.post(f"/en/staff/consultations/{PARKS}/{rest}", {}).status == 403
    assert state(app) is State.WAITING
