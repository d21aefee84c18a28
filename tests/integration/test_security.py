"""Headers, cookies, logs: what leaves the house, and what does not."""

import json
import re
from urllib.parse import urlsplit

import pytest
from flask import Flask

from consult.config import Settings
from tests.support.visitors import SLUG, Visitor


def test_only_forms_that_check_their_own_token_are_exempt(app: Flask) -> None:
    exempt = app.extensions["csrf"]._exempt_views
    assert exempt == {
        "consult.views.residents.answering.save_question",
        "consult.views.residents.coming_back.use_code",
        "consult.views.residents.sending.news",
        "consult.views.residents.sending.send",
        "consult.views.tablet.api.owe",  # signed by the tablet, and opened by no cookie
        "consult.views.tablet.api.send",
    }


@pytest.mark.parametrize("rest", ["", "question/who", "draft", "check", "nothing"])
def test_pages_keep_to_themselves(visitor: Visitor, rest: str) -> None:
    page = visitor.visit(rest)
    headers = page.response.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    for address in re.findall(r'(?:src|href|action)="([^"]+)"', page.html):
        parts = urlsplit(address)
        assert not parts.netloc, address
        assert parts.scheme in {"", "tel", "mailto"}, address


def test_built_files_are_kept_by_browsers(visitor: Visitor) -> None:
    sheet = re.search(r'href="(/static/built/app[^"]+)"', visitor.visit().html)
    assert sheet is not None
    response = visitor.client.get(sheet.group(1))
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    response.close()


def test_a_missing_built_file_is_not_kept(visitor: Visitor) -> None:
    response = visitor.client.get("/static/built/app.nothing.css")
    assert response.status_code == 404
    assert "immutable" not in response.headers["Cache-Control"]


def test_the_only_cookie_is_the_session_s(visitor: Visitor) -> None:
    response = visitor.client.get(visitor.address("question/who"))
    cookies = response.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    assert cookies[0].startswith("consult=")
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
    assert "Expires" not in cookies[0]


def test_production_cookies_and_headers_insist_on_https(make_app, settings) -> None:
    from dataclasses import replace

    app = make_app(replace(settings, secure_cookies=True, trusted_proxies=1))
    from consult.demo.setting_up import model_case
    from tests.support.visitors import put

    put(app, model_case())
    response = app.test_client().get(
        f"/en/{SLUG}/question/who", headers={"X-Forwarded-Proto": "https"}
    )
    assert "Secure" in response.headers["Set-Cookie"]
    assert "max-age" in response.headers["Strict-Transport-Security"]


def test_pages_travel_compressed(visitor: Visitor) -> None:
    response = visitor.client.get(visitor.address(), headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.get_data()) < 8_000


def test_logs_name_routes_and_no_person(
    app: Flask, visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    visitor.client.environ_base["HTTP_USER_AGENT"] = "TellTale/1.0"
    visitor.answer("who", answer="resident")
    visitor.answer("vision_say", answer="my private words")
    visitor.visit("save")
    page = visitor.send("/save")
    code = re.search(r"data-code>([\d ]+)<", page.html)
    assert code is not None
    digits = code.group(1).replace(" ", "")
    visitor.visit(f"code/{digits}")
    logged = capsys.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert {line["route"] for line in lines if line["event"] == "request"} >= {
        "residents.save_question",
        "residents.open_link",
    }
    for told in ("192.0.2.77", "TellTale", "private words", digits, code.group(1), "/question/"):
        assert told not in logged


def test_settings_show_no_secret() -> None:
    from pathlib import Path

    settings = Settings.for_tests(Path("data"))
    assert settings.secret_key not in repr(settings)
