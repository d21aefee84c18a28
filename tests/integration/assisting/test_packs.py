"""The questions as a tablet takes them along."""

import gzip
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from consult.db import unit_of_work
from consult.demo.setting_up import model_case
from consult.models import AssistedSession, ReadAloud, SessionPack
from consult.services import consultations
from consult.services.assisting import packs
from consult.services.journey import visible_questions
from consult.telling import tablet_words
from tests.support.consultations import NOW, World
from tests.support.tablet import organisation_of, session_of

ROOT = Path(__file__).parents[3]
APP = ROOT / "static" / "js" / "tablet"
LARGEST = 300_000
"""Bytes, compressed, in eight languages; recordings apart."""


def content_of(world: World, **changes: object) -> dict[str, object]:
    with unit_of_work(world.session) as session:
        organisation = organisation_of(session, world.stored.slug, now=NOW)
        held = session_of(session, organisation, now=NOW, **changes)
        pack = packs.current_pack(session, world.stored, now=NOW)
        return packs.content(
            session,
            held,
            pack,
            keys={"encryption": [], "signing": []},
            receipt_addresses={"en": "https://consult.example.gov.uk/en/code"},
            clip_address="/tablet/clip/",
            paused=False,
            now=NOW,
        )


def test_the_same_questions_are_one_pack(world: World) -> None:
    with unit_of_work(world.session) as session:
        first = packs.current_pack(session, world.stored, now=NOW)
    with unit_of_work(world.session) as session:
        assert packs.current_pack(session, world.stored, now=NOW).id == first.id
        assert session.query(SessionPack).count() == 1


def test_changed_words_are_another_pack_and_the_old_one_stays(world: World) -> None:
    with unit_of_work(world.session) as session:
        old = packs.current_pack(session, world.stored, now=NOW)
    document = consultations.document_of(world.session, world.stored)
    label = str(document.questions[0].label)
    changed = document.model_copy(update={"title": f"{document.title}, again"})
    with unit_of_work(world.session) as session:
        consultations.store(session, changed, actor="test", now=NOW)
        new = packs.current_pack(session, world.stored, now=NOW)
    assert new.digest != old.digest
    assert packs.document_of(old).title == document.title
    assert packs.document_of(old).questions[0].label == label


def test_every_text_comes_in_every_language_that_has_it(world: World) -> None:
    content = content_of(world)
    document = consultations.document_of(world.session, world.stored)
    texts = content["texts"]
    assert isinstance(texts, dict)
    assert set(texts) == set(document.languages)
    assert texts[document.source_language]["title"] == document.title
    for language, translations in document.translations.items():
        for path, text in texts[language].items():
            assert text == translations[path]


def test_the_whole_draft_stays_at_home(world: World) -> None:
    texts = content_of(world)["texts"]
    assert isinstance(texts, dict)
    assert not [path for path in texts["en"] if path.endswith(".full")]


def test_questions_come_with_every_answer_that_can_be_chosen(world: World) -> None:
    content = content_of(world)
    document = consultations.document_of(world.session, world.stored)
    questions = content["questions"]
    assert isinstance(questions, list)
    assert [each["key"] for each in questions] == [each.key for each in document.questions]
    first = next(each for each in questions if each["kind"] == "agree_scale")
    assert [each["key"] for each in first["choices"]] == [
        "strongly_agree",
        "agree",
        "neither",
        "disagree",
        "strongly_disagree",
        "dont_know",
    ]
    assert visible_questions(document, {})[0].key == questions[0]["key"]


def test_recordings_are_named_by_what_they_read(world: World) -> None:
    with unit_of_work(world.session) as session:
        organisation = organisation_of(session, world.stored.slug, now=NOW)
        session.add(
            ReadAloud(
                workspace_id=organisation.workspace_id,
                language="en",
                target="consent",
                media_type="audio/ogg",
                content=b"OggS",
                digest="ab" * 32,
                size=4,
                brought_by="test",
                brought_at=NOW,
            )
        )
    assert content_of(world)["clips"] == [
        {
            "target": "consent",
            "language": "en",
            "url": f"/tablet/clip/{'ab' * 32}",
            "media_type": "audio/ogg",
            "size": 4,
        }
    ]


def test_only_plain_words_get_a_picture() -> None:
    document = model_case()
    found = packs.pictures_of(document)
    assert found["food"] == "food"
    assert found["green"] == "tree"
    names = {path.stem.removeprefix("picture-") for path in (ROOT / "static" / "images").glob("p*")}
    assert set(packs.PICTURES) == names


def test_a_pack_of_eight_languages_is_light(world: World, record_property: object) -> None:
    document = model_case()
    assert len(document.languages) == 8
    pack = SessionPack(
        digest="0" * 64,
        document=document.model_dump(mode="json"),
        question_versions={},
        made_at=NOW,
    )
    held = AssistedSession(
        id=uuid4(),
        workspace_id=uuid4(),
        code="ABC234",
        venue="The library",
        on=date(2026, 12, 1),
        languages=list(document.languages),
        interpreter="",
    )
    content = packs.content(
        world.session,
        held,
        pack,
        keys={},
        receipt_addresses={},
        clip_address="",
        paused=False,
        now=datetime.now(UTC),
    )
    compressed = gzip.compress(json.dumps(content, ensure_ascii=False).encode("utf-8"), 6)
    assert len(compressed) <= LARGEST


def keys_used() -> set[str]:
    """Names of words in the app's sources, but for those it puts together."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in APP.rglob("*.js"))
    kinds = "|".join(sorted({key.split(".")[0] for key in tablet_words.WORDS}))
    return set(re.findall(rf'"((?:{kinds})\.[a-z_]+)"', sources))


def test_every_word_that_the_app_asks_for_is_there() -> None:
    assert keys_used()
    assert sorted(keys_used() - set(tablet_words.WORDS)) == []


def test_no_word_is_there_that_the_app_never_asks_for() -> None:
    put_together = {
        key for key in tablet_words.WORDS if key.split(".")[0] in {"answer", "error", "refused"}
    }
    assert sorted(set(tablet_words.WORDS) - keys_used() - put_together) == []


def test_every_error_of_the_app_and_of_the_server_has_its_sentence() -> None:
    app = "\n".join(path.read_text(encoding="utf-8") for path in APP.rglob("*.js"))
    words = set(re.findall(r'(?:TabletError|Refused|super)\("([a-z_]+)"', app))
    server = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "consult" / "views" / "tablet").glob("*.py")
    )
    words |= set(re.findall(r'Refusal\(\d+, "([a-z_]+)"', server))
    unspoken = {"bad_request", "forged", "not_signed", "bad_key", "unreadable"}
    """Only a fault of the app itself brings them about: told as a fault."""
    missing = {word for word in words if f"error.{word}" not in tablet_words.WORDS}
    assert missing <= unspoken


@pytest.mark.parametrize("language", ["en", "ur"])
def test_words_come_in_every_language(app: Flask, language: str) -> None:
    answer = app.test_client().get("/tablet/words.json")
    told = answer.get_json()
    assert {each["code"] for each in told["languages"]} == set(told["words"])
    assert set(told["words"][language]) == set(tablet_words.WORDS)


def test_the_worker_names_everything_that_the_app_is_made_of(app: Flask) -> None:
    client = app.test_client()
    worker = client.get("/tablet/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/tablet/"
    line = worker.get_data(as_text=True).splitlines()[0]
    told = json.loads(line.removeprefix("const APP = ").removesuffix(";"))
    for path in [told["shell"], *told["files"]]:
        with client.get(path) as file:
            assert file.status_code == 200, path
    shell = client.get("/tablet/").get_data(as_text=True)
    for path in re.findall(r'(?:src|href|data-picture-\w+)="([^"]+)"', shell):
        assert path in told["files"], path


def test_the_shell_is_the_same_for_everybody_and_sends_nothing_elsewhere(app: Flask) -> None:
    client = app.test_client()
    first, second = (
        client.get("/tablet/"),
        client.get("/tablet/", headers={"Accept-Language": "ur"}),
    )
    assert first.get_data() == second.get_data()
    assert "Set-Cookie" not in first.headers
    policy = first.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "media-src 'self'" in policy


def test_icons_come_in_the_sizes_that_the_manifest_names(app: Flask) -> None:
    client = app.test_client()
    manifest = json.loads(client.get("/tablet/manifest.webmanifest").get_data())
    for icon in manifest["icons"]:
        size = int(icon["sizes"].split("x")[0])
        data = client.get(icon["src"]).get_data()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(data[16:20], "big") == size
    assert client.get("/tablet/icon-7.png").status_code == 404
