"""Every field of every page, given what nobody should give it."""

import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

from consult.languages import LANGUAGES
from consult.models import CodeGuess, Draft, DraftAnswer, Response
from consult.services.codes import GUESSES_PER_HOUR, new_code
from tests.support.visitors import SLUG, Clock, Visitor, in_session

QUESTIONS = {
    "who": "single_choice",
    "vision_agree": "agree_scale",
    "vision_say": "long_text",
    "priorities": "ranking",
    "help_most": "several_choices",
    "walk_days": "number",
    "good_place": "short_text",
    "ward": "ward",
    "religion": "single_choice",
}

STRANGE = {
    "nul": "\x00",
    "nul inside": "a\x00b",
    "bidi override": "\u202etxet\u202c",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "zero width": "\u200b\u200d\ufeff",
    "lone combining": "\u0301" * 50,
    "script": "<script>alert(1)</script>",
    "template": "{{ 7 * 7 }}{% raw %}%(x)s{0}",
    "sql": "'; DROP TABLE response; --",
    "other digits": "۷",
    "line ends": "a\r\nb\rc\u2028d",
    "blanks": " \t\n\u00a0\u3000",
    "path": "../../etc/passwd",
    "long line": "ا" * 30_000,
}


def token(visitor: Visitor) -> str:
    return visitor.visit("question/who").form("/question/who").fields["csrf_token"][0]


def fields_for(key: str, value: str) -> dict[str, str]:
    if QUESTIONS[key] == "ranking":
        return {"rank-food": value}
    return {"answer": value}


@pytest.mark.parametrize("value", STRANGE.values(), ids=STRANGE.keys())
def test_strange_entries_are_taken_or_explained(visitor: Visitor, value: str) -> None:
    for key in QUESTIONS:
        visitor.visit(f"question/{key}")
        page = visitor.send(f"/question/{key}", fields_for(key, value))
        assert page.status in {200, 422}, (key, page.text)
        if page.status == 422:
            assert "There is a problem" in page.text
        assert "<script>alert" not in page.html
        assert "49" not in page.text


@pytest.mark.parametrize("key", QUESTIONS)
def test_missing_fields_are_a_skipped_question(visitor: Visitor, key: str) -> None:
    visitor.visit(f"question/{key}")
    assert visitor.page is not None
    form = visitor.page.form("/question/")
    bare = {name: form.fields[name] for name in ("csrf_token", "version")}
    page = visitor.post(form.action, bare)
    assert page.status == (422 if key == "who" else 200)


@pytest.mark.parametrize(
    ("key", "fields", "sentence"),
    [
        ("who", {"answer": "the_king"}, "Choose one of the answers in the list"),
        ("vision_agree", {"answer": "AGREE"}, "Choose one of the answers in the list"),
        ("ward", {"answer": "E05000000"}, "Choose one of the answers in the list"),
        ("help_most", {"answer": ["warm_home", "gold"]}, "Choose one of the answers in the list"),
        (
            "help_most",
            {"answer": ["warm_home", "childcare", "green_space", "safe_streets"]},
            "Choose no more than 3 answers",
        ),
        ("help_most", {"answer": ["warm_home", "nothing"]}, "not both"),
        ("help_most", {"answer": ["other"], "other-other": "x" * 201}, "too long by 1 character"),
        ("priorities", {"rank-food": "9"}, "Choose a place from 1 to 3"),
        ("priorities", {"rank-food": "first"}, "Choose a place from 1 to 3"),
        ("priorities", {"rank-food": "1", "rank-green": "1"}, "choice 1 to more than one"),
        ("priorities", {"rank-food": "2"}, "left out choice 1"),
        ("walk_days", {"answer": "lots"}, "Write a number, such as 3"),
        ("walk_days", {"answer": "2.5"}, "Write a whole number"),
        ("walk_days", {"answer": "8"}, "not above 7"),
        ("walk_days", {"answer": "-1"}, "not below 0"),
        ("walk_days", {"answer": "9" * 400}, "not above 7"),
        ("walk_days", {"answer": "9" * 4_000}, "Write a number, such as 3"),
        ("good_place", {"answer": "p" * 201}, "too long by 1 character"),
        ("vision_say", {"answer": "v" * 5_001}, "too long by 1 character"),
    ],
)
def test_wrong_answers_are_explained_at_the_field_and_kept(
    visitor: Visitor, key: str, fields: dict[str, object], sentence: str
) -> None:
    visitor.visit(f"question/{key}")
    page = visitor.send(f"/question/{key}", fields)
    assert page.status == 422
    assert page.text.count(sentence) >= 2, "in the summary and at the field"
    for value in fields.values():
        if (
            isinstance(value, str)
            and len(value) < 10
            and not key.startswith(("who", "vision_a", "w"))
        ):
            assert value in page.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_are_explained_in_every_language(app: Flask, language: str) -> None:
    visitor = Visitor(app.test_client(), language)
    page = visitor.answer("walk_days", answer="x")
    assert page.status == 422
    assert ("Write a number" in page.text) == (language == "en")


def test_ten_megabytes_are_refused_with_a_page(visitor: Visitor) -> None:
    secret = token(visitor)
    page = visitor.post(
        visitor.address("question/vision_say"),
        {"csrf_token": secret, "version": "1", "answer": "x" * 10_000_000},
    )
    assert page.status == 413
    assert "too much at once" in page.text


def test_thousands_of_fields_are_refused(visitor: Visitor) -> None:
    data = {f"other-{i}": "x" for i in range(5_000)}
    page = visitor.post(visitor.address("question/vision_say"), data)
    assert page.status in {400, 413}


def test_binary_rubbish_is_no_fault_of_ours(visitor: Visitor) -> None:
    for content_type in (
        "application/octet-stream",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json",
    ):
        page = visitor._shown(
            visitor.client.post(
                visitor.address("question/vision_say"),
                data=bytes(range(256)) * 20,
                content_type=content_type,
            )
        )
        assert page.status == 400


def test_text_that_is_not_utf_8_is_taken_as_it_can(visitor: Visitor) -> None:
    secret = token(visitor)
    page = visitor._shown(
        visitor.client.post(
            visitor.address("question/vision_say"),
            data=f"csrf_token={secret}&version=1&answer=caf".encode() + b"%E9+%ED%A0%80",
            content_type="application/x-www-form-urlencoded",
            follow_redirects=True,
        )
    )
    assert page.status == 200
    assert "caf%E9" in visitor.visit("question/vision_say").html


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", None])
def test_forged_form_tokens_keep_what_was_typed(visitor: Visitor, forged: str | None) -> None:
    visitor.visit("question/vision_say")
    page = visitor.send("/question/vision_say", {"answer": "typed", "csrf_token": forged})
    assert page.status == 400
    assert "typed" in page.html
    assert "still here" in page.text
    page = visitor.send("/question/vision_say")  # the page shown has a sound token
    assert page.status == 200


@pytest.mark.parametrize(("rest", "name"), [("code", "code"), ("news", "email")])
def test_other_forms_keep_what_was_typed_too(visitor: Visitor, rest: str, name: str) -> None:
    visitor.visit(rest)
    page = visitor.send(f"/{rest}", {name: "typed by hand", "csrf_token": "forged"})
    assert page.status == 400
    assert "typed by hand" in page.html


def test_lost_cookies_keep_what_was_typed(app: Flask, visitor: Visitor) -> None:
    visitor.visit("question/vision_say")
    assert visitor.page is not None
    form = visitor.page.form("/question/")
    amnesiac = Visitor(app.test_client())
    page = amnesiac.post(form.action, {**form.fields, "answer": "typed before"})
    assert page.status == 400
    assert "typed before" in page.html


def test_a_form_older_than_an_hour_is_taken(visitor: Visitor, clock: Clock, monkeypatch) -> None:
    import time

    visitor.visit("question/vision_say")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 7 * 3600)
    page = visitor.send("/question/vision_say", {"answer": "a slow reader"})
    assert page.status == 200
    assert page.path.endswith("/question/food_agree")


@pytest.mark.parametrize("cookie", ["rubbish", "eyJhIjoxfQ.aaaa.bbbb", ""])
def test_forged_sessions_are_no_sessions(app: Flask, cookie: str) -> None:
    visitor = Visitor(app.test_client())
    visitor.client.set_cookie("consult", cookie)
    assert visitor.visit("answer").path.endswith("/question/who")


@pytest.mark.parametrize(
    "held", ["not a dict", {}, {SLUG: "not an id"}, {SLUG: 7}, {SLUG: str(uuid.uuid4())}, [1]]
)
def test_nonsense_in_a_signed_session_does_no_harm(app: Flask, held: object) -> None:
    visitor = Visitor(app.test_client())
    with visitor.client.session_transaction() as session:
        session["drafts"] = held
        session["responses"] = held
        session["about_you"] = held
    assert visitor.visit("answer").path.endswith("/question/who")
    assert visitor.visit("my-response").path.endswith("/code")
    assert visitor.answer("who", answer="resident").status == 200


@pytest.mark.parametrize("version", ["0", "2", "", "x", None])
def test_stale_question_versions_keep_what_was_typed(visitor: Visitor, version: str | None) -> None:
    visitor.visit("question/vision_say")
    page = visitor.send("/question/vision_say", {"answer": "typed", "version": version})
    assert page.status == 409
    assert "typed" in page.html


def test_a_draft_in_two_tabs_loses_neither_answer(app: Flask, visitor: Visitor) -> None:
    visitor.answer("who", answer="resident")
    visitor.visit("question/vision_say")
    assert visitor.page is not None
    first = visitor.page.form("/question/")
    visitor.visit("question/change_say")
    second = visitor.page.form("/question/")
    visitor.post(second.action, {**second.fields, "answer": "from tab two"})
    visitor.post(first.action, {**first.fields, "answer": "from tab one"})
    page = visitor.visit("check")
    assert "from tab one" in page.text
    assert "from tab two" in page.text
    with in_session(app) as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == 1
        assert session.scalar(select(func.count()).select_from(DraftAnswer)) == 3


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "16 digits"),
        ("1234", "16 digits"),
        ("1234 5678 9012 3457 9", "16 digits"),
        ("abcd efgh ijkl mnop", "16 digits"),
        ("\x00" * 16, "16 digits"),
        ("9" * 100_000, "16 digits"),
        ("<b>1</b>", "16 digits"),
    ],
)
def test_mistyped_codes_are_explained_kept_and_not_counted(
    app: Flask, visitor: Visitor, typed: str, sentence: str
) -> None:
    visitor.visit("code")
    page = visitor.send("/code", {"code": typed})
    assert page.status == 422
    assert sentence in page.text
    with in_session(app) as session:
        assert session.scalar(select(func.count()).select_from(CodeGuess)) == 0


def test_wrong_codes_are_counted_in_the_database(app: Flask, visitor: Visitor) -> None:
    for _ in range(3):
        visitor.visit("code")
        page = visitor.send("/code", {"code": new_code()})
        assert page.status == 422
        assert "We know no answers with this code" in page.text
    with in_session(app) as session:
        assert session.scalar(select(func.sum(CodeGuess.wrong_count))) == 3


def test_too_many_guesses_stop_guessing_for_an_hour(
    app: Flask, visitor: Visitor, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with in_session(app) as session:
        session.add(CodeGuess(hour=clock.now, wrong_count=GUESSES_PER_HOUR))
        session.commit()
    visitor.visit("code")
    assert "try again in an hour" in visitor.send("/code", {"code": new_code()}).text
    assert "too many wrong ones in this hour" in capsys.readouterr().err
    clock.now = clock.now.replace(hour=13)
    visitor.visit("code")
    assert "We know no answers" in visitor.send("/code", {"code": new_code()}).text


def test_many_people_from_one_address_are_all_taken(app: Flask) -> None:
    for i in range(12):
        visitor = Visitor(app.test_client())
        visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
        visitor.answer("who", answer="resident")
        assert visitor.answer("vision_say", answer=f"person {i}").status == 200


@pytest.mark.parametrize(
    "time",
    ["", "now", "2026-13-45T99:99", "9" * 5_000, "2026-12-01T12:00", "0001-01-01T00:00:00+14:00"],
)
def test_a_strange_device_time_is_left_out(app: Flask, visitor: Visitor, time: str) -> None:
    visitor.answer_everything()
    assert visitor.send("/send", {"finished_at_device": time}).path.endswith("/receipt")
    with in_session(app) as session:
        assert session.scalars(select(Response)).one().finished_at_device is None


def test_who_fills_the_hidden_field_is_marked_and_taken(app: Flask, visitor: Visitor) -> None:
    visitor.answer_everything()
    assert visitor.send("/send", {"website": "https://spam.example"}).path.endswith("/receipt")
    with in_session(app) as session:
        response = session.scalars(select(Response)).one()
        assert "hidden_field" in {mark.reason for mark in response.marks}
        assert response.excluded_at is None


@pytest.mark.parametrize(
    "path",
    [
        "/xx/",
        "/en/nothing/",
        f"/en/{SLUG}/question/nothing",
        f"/zz/{SLUG}/",
        "/c/nothing",
        f"/en/{SLUG}/draft/..%2f..%2fetc",
        "/static/../consult/config.py",
        "/%00",
        f"/en/{SLUG}/%F0%9F%8C%B3",
    ],
)
def test_wrong_addresses_get_a_page(visitor: Visitor, path: str) -> None:
    page = visitor.get(path)
    assert page.status == 404
    assert "Page not found" in page.text


def test_a_form_address_opened_by_hand_gets_a_page(visitor: Visitor) -> None:
    page = visitor.visit("send")
    assert page.status == 404
    assert "sending a form" in page.text


@pytest.mark.parametrize("rest", ["send", "save", "my-response/change", "my-response/withdraw"])
def test_forms_of_nobody_lead_somewhere_sensible(visitor: Visitor, rest: str) -> None:
    page = visitor.post(visitor.address(rest), {"csrf_token": token(visitor)})
    assert page.status == 200
