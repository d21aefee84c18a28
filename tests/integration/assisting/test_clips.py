"""Recordings: attached by language and text, listened to, loaded by tablets, removed."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from consult.models import ReadAloud
from consult.services.assisting import clips
from tests.support.intake import trail
from tests.support.staff import Colleague, Hire
from tests.support.visitors import Page, in_session

OGG = b"OggS" + bytes(range(256)) * 4
MP3 = b"\xff\xfb\x90\x00" + bytes(400)


@pytest.fixture(name="officer")
def an_officer(app: Flask, desk: Any, hire: Hire) -> Colleague:
    return hire("officer")


def attach(officer: Colleague, content: bytes, **changes: str) -> Page:
    """Attach a recording of the question about the vision, in Urdu."""
    form = officer.consultation("recordings").form("/recordings")
    data: dict[str, Any] = {
        "csrf_token": form.fields["csrf_token"][0],
        "language": "ur",
        "target": "question:vision_agree",
        **changes,
        "recording": FileStorage(io.BytesIO(content), "clip.ogg"),
    }
    boundary, body = encode_multipart(data)
    return officer.post(form.action, body, content_type=f"multipart/form-data; boundary={boundary}")


def rows(app: Flask) -> list[ReadAloud]:
    with in_session(app) as session:
        return list(session.scalars(select(ReadAloud)))


def test_a_recording_is_attached_listed_and_heard(app: Flask, officer: Colleague) -> None:
    page = attach(officer, OGG)
    assert "The recording is attached." in page.text
    assert "All recordings together: 1 kB." in page.text
    assert "media-src 'self'" in page.response.headers["Content-Security-Policy"]
    (row,) = rows(app)
    assert (row.language, row.target, row.media_type, row.size) == (
        "ur",
        "question:vision_agree",
        "audio/ogg",
        1028,
    )
    heard = officer.client.get(
        officer.address(f"consultations/{officer.slug}/recordings/{row.id}/sound")
    )
    assert (heard.data, heard.mimetype) == (OGG, "audio/ogg")
    assert trail(app, "recording attached") == [
        {"language": "ur", "target": "question:vision_agree", "size": 1028}
    ]


def test_a_tablet_loads_it_by_what_it_holds(app: Flask, officer: Colleague) -> None:
    attach(officer, OGG)
    (row,) = rows(app)
    tablet = app.test_client()
    whole = tablet.get(f"/tablet/clip/{row.digest}")
    assert (whole.status_code, whole.data) == (200, OGG)
    assert "immutable" in whole.headers["Cache-Control"]
    part = tablet.get(f"/tablet/clip/{row.digest}", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.data) == (206, bytes([0, 1, 2, 3]))
    assert tablet.get(f"/tablet/clip/{'0' * 64}").status_code == 404


def test_another_recording_of_the_same_takes_its_place(app: Flask, officer: Colleague) -> None:
    attach(officer, OGG)
    attach(officer, MP3)
    attach(officer, MP3, language="bn")
    assert sorted((row.language, row.media_type) for row in rows(app)) == [
        ("bn", "audio/mpeg"),
        ("ur", "audio/mpeg"),
    ]


@pytest.mark.parametrize(
    ("content", "changes", "words"),
    [
        (b"", {}, "Choose a recording."),
        (b"<html>OggS</html>", {}, "This file is no recording that we can play."),
        (b"OggS" + bytes(clips.LARGEST), {}, "This recording is too large"),
        (OGG, {"language": "fr"}, "Choose the language that is spoken."),
        (OGG, {"target": "question:nothing"}, "Choose what is read out."),
    ],
)
def test_what_cannot_be_attached_is_refused(
    app: Flask, officer: Colleague, content: bytes, changes: dict[str, str], words: str
) -> None:
    page = attach(officer, content, **changes)
    assert page.status == 422
    assert words in page.text
    assert rows(app) == []


def test_a_recording_of_the_largest_size_is_taken(app: Flask, officer: Colleague) -> None:
    attach(officer, b"OggS" + bytes(clips.LARGEST - 4))
    assert [row.size for row in rows(app)] == [clips.LARGEST]


def test_a_removed_recording_is_gone(app: Flask, officer: Colleague) -> None:
    attach(officer, OGG)
    (row,) = rows(app)
    page = officer.send("/remove")
    assert "The recording is removed." in page.text
    assert "There is no recording yet." in page.text
    assert rows(app) == []
    assert app.test_client().get(f"/tablet/clip/{row.digest}").status_code == 404
    assert len(trail(app, "recording removed")) == 1


def test_removed_twice_is_said(officer: Colleague) -> None:
    page = attach(officer, OGG)
    form = page.form("/remove")
    fields = {"csrf_token": form.fields["csrf_token"][0]}
    officer.post(form.action, fields)
    assert "removed before" in officer.post(form.action, fields).text


def test_another_consultations_recording_is_not_there(
    app: Flask, officer: Colleague, hire: Hire
) -> None:
    attach(officer, OGG)
    (row,) = rows(app)
    officer.visit("new")
    officer.send("/new", {"kind": "model", "title": "Our own plan"})
    officer.slug = "our-own-plan"
    path = officer.address(f"consultations/our-own-plan/recordings/{row.id}/sound")
    assert officer.client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"ID3\x04" + bytes(20), "audio/mpeg"),
        (MP3, "audio/mpeg"),
        (b"\xff\xf3\x40\xc4", "audio/mpeg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00", "audio/mp4"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "audio/webm"),
        (b"\xff\xd8\xff\xe0 a photograph", None),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", None),
        (b"\xff\xf9\x50\x80", None),
        (b"", None),
        (b"%PDF-1.7", None),
    ],
)
def test_a_recording_is_known_by_its_first_bytes(content: bytes, kind: str | None) -> None:
    assert clips.media_type_of(content) == kind
