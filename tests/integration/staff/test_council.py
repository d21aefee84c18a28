"""The council's look: set by an admin, seen by residents, safe and readable."""

import io
from datetime import timedelta

import pytest

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
LOOK = {"name": "Riverton Council", "colour": "#7a1f1f", "logo_text": "Riverton"}


@pytest.fixture
def admin(hire):
    return hire("admin")


def save(admin, **changes):
    admin.visit("council")
    return admin.send("/council", {**LOOK, **changes})


def upload(admin, content, **fields):
    admin.visit("council")
    token = admin.page.form("council/logo").fields["csrf_token"][0]
    data = {"csrf_token": token, **fields}
    if content is not None:
        data["logo"] = (io.BytesIO(content), "logo")
    return admin.post(
        admin.page.form("council/logo").action, data, content_type="multipart/form-data"
    )


def test_residents_see_name_and_colour(admin, visitor):
    assert "Saved" in save(admin).text
    page = visitor.get("/en/")
    assert "Riverton Council" in page.text
    assert 'href="/look/7a1f1f.css"' in page.html
    sheet = visitor.client.get("/look/7a1f1f.css")
    assert sheet.text == ":root{--consult-brand:#7a1f1f}"
    assert sheet.mimetype == "text/css"
    assert "immutable" in sheet.headers["Cache-Control"]


def test_a_colour_on_which_white_cannot_be_read_is_refused_with_one_that_can(admin, visitor):
    page = save(admin, colour="#ffd84d")
    assert page.status == 422
    assert "Take a darker one: #" in page.text
    assert page.form("/council").fields["colour"] == ["#ffd84d"]
    assert "/look/" not in visitor.get("/en/").html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"colour": "teal"}, "a colour with six digits"),
        ({"name": "x" * 201}, "up to 200 characters"),
        ({"logo_text": "x" * 201}, "up to 200 characters"),
    ],
)
def test_what_cannot_be_used_is_explained(admin, changes, words):
    page = save(admin, **changes)
    assert page.status == 422
    assert words in page.text
    for name, value in changes.items():
        assert page.form("/council").fields[name] == [value]


def test_the_colour_can_be_taken_back(admin, visitor):
    save(admin)
    save(admin, colour="")
    assert "/look/" not in visitor.get("/en/").html


def test_the_logo_is_shown_and_taken_away(admin, visitor, clock):
    save(admin)
    upload(admin, SVG)
    page = visitor.get("/en/")
    address = page.html.split('class="consult-header__logo" src="')[1].split('"')[0]
    assert 'alt="Riverton"' in page.html
    logo = visitor.client.get(address)
    assert (logo.data, logo.mimetype) == (SVG, "image/svg+xml")
    assert logo.headers["X-Content-Type-Options"] == "nosniff"
    assert logo.headers["Content-Security-Policy"].startswith("default-src 'none'")
    upload(admin, None, remove="1")
    assert "consult-header__logo" not in visitor.get("/en/").html
    assert visitor.client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Choose a picture"),
        (b"%PDF-1.4", "no picture that we can show"),
        (SVG.replace(b"<path", b"<script/><path"), "holds scripts"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 20_001, "larger than 20 kB"),
        (SVG[:-3], "damaged"),
    ],
)
def test_a_file_that_cannot_be_the_logo_is_explained(admin, content, words):
    page = upload(admin, content)
    assert page.status == 422
    assert words in page.text


def test_another_process_s_change_is_seen_within_a_minute(admin, visitor, clock, app):
    visitor.get("/en/")
    kept = app.extensions["consult_looks"]
    app.extensions["consult_looks"] = type(kept)()  # the admin's page is another process
    save(admin)
    app.extensions["consult_looks"] = kept
    assert "Riverton Council" not in visitor.get("/en/").text
    clock.now += timedelta(seconds=61)
    assert "Riverton Council" in visitor.get("/en/").text


@pytest.mark.parametrize("address", ["/look/zzzzzz.css", "/look/abc.css", "/look/logo-nothing"])
def test_other_addresses_show_nothing(app, address):
    assert app.test_client().get(address).status_code == 404


@pytest.mark.parametrize("role", ["officer", "viewer"])
def test_only_admins_set_the_look(hire, role):
    colleague = hire(role)
    assert colleague.visit("council").status == 403
    assert colleague.post("/en/staff/council", LOOK).status == 403
