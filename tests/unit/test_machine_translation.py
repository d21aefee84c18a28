"""Drafts by a service that speaks as LibreTranslate does: here one of our own, on this machine."""

import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.machine_translation import (
    LARGEST_ANSWER,
    MOST_CHARACTERS,
    MOST_PIECES,
    MachineError,
    MachineFault,
    Service,
    batches,
    drafted,
    pieces_of,
)
from tests.support.translation_service import FakeService


@pytest.fixture
def fake() -> Iterator[FakeService]:
    service = FakeService()
    yield service
    service.stop()


def fault_of(fake: FakeService, pieces: tuple[str, ...] = ("one", "two")) -> MachineError:
    with pytest.raises(MachineError) as caught:
        Service(fake.url, timeout_seconds=5).translate(pieces, source="en", target="ur")
    return caught.value


def test_texts_are_sent_and_come_back_in_order(fake):
    texts = Service(f"{fake.url}/mt/").translate(["one", "two"], source="en", target="ur")
    assert texts == ["ONE", "TWO"]
    wanted = {"q": ["one", "two"], "source": "en", "target": "ur", "format": "text"}
    assert fake.asked == [("/mt/translate", wanted)]


def test_nothing_is_asked_for_nothing(fake):
    assert Service(fake.url).translate([], source="en", target="ur") == []
    assert fake.asked == []


def test_a_key_in_the_address_is_sent_along(fake):
    Service(f"{fake.url}/?api_key=k").translate(["one"], source="en", target="ur")
    assert fake.asked[0][0] == "/translate?api_key=k"


def test_languages(fake):
    service = Service(fake.url)
    assert service.targets("en") == {"ur", "pl"}
    assert service.targets("pa") == frozenset()
    fake.body = b'[{"code": "en"}, {"code": "so"}]'
    assert service.targets("en") == {"en", "so"}


@pytest.mark.parametrize("body", [b"{}", b'["en"]', b"null", b"<html>"])
def test_languages_that_are_none(fake, body):
    fake.body = body
    with pytest.raises(MachineError) as caught:
        Service(fake.url).targets("en")
    assert caught.value.fault is MachineFault.BAD_ANSWER


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"translatedText": "ONE"}',
        b'{"translatedText": [1, 2]}',
        b'{"error": "no"}',
        b"\xff\xfe\xfd",
        b"[" * 100_000,
        b'"' + b"x" * LARGEST_ANSWER + b'"',
    ],
)
def test_answers_that_are_no_translation(fake, body):
    fake.body = body
    assert fault_of(fake).fault is MachineFault.BAD_ANSWER


@pytest.mark.parametrize("count", [0, 1, 3])
def test_more_or_fewer_texts_than_were_sent(fake, count):
    fake.body = json.dumps({"translatedText": ["x"] * count}).encode()
    error = fault_of(fake)
    assert (error.fault, error.detail) == (MachineFault.WRONG_COUNT, f"{count} / 2")


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (400, MachineFault.REFUSED),
        (403, MachineFault.REFUSED),
        (500, MachineFault.REFUSED),
        (429, MachineFault.BUSY),
        (503, MachineFault.BUSY),
    ],
)
def test_refusals(fake, status, fault):
    fake.status = status
    error = fault_of(fake)
    assert (error.fault, error.detail) == (fault, str(status))


def test_redirects_are_not_followed(fake):
    fake.status, fake.headers = 307, {"Location": "http://127.0.0.1:1/elsewhere"}
    assert fault_of(fake).fault is MachineFault.REFUSED
    assert len(fake.asked) == 1


def test_proxies_are_not_asked(fake, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert Service(fake.url).translate(["one"], source="en", target="ur") == ["ONE"]


def test_a_service_that_takes_too_long(fake):
    fake.wait_seconds = 1
    with pytest.raises(MachineError) as caught:
        Service(fake.url, timeout_seconds=0.2).translate(["one"], source="en", target="ur")
    assert caught.value.fault is MachineFault.TIMED_OUT


def test_a_service_that_is_not_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MachineError) as caught:
        Service(f"http://127.0.0.1:{port}").translate(["one"], source="en", target="ur")
    assert caught.value.fault is MachineFault.UNREACHABLE
    assert caught.value.detail == "ConnectionRefusedError"


def test_a_service_that_says_something_else_than_http():
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1_000)
                connection.sendall(b"220 mail.example.org\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        port = listening.getsockname()[1]
        with pytest.raises(MachineError) as caught:
            Service(f"http://127.0.0.1:{port}").translate(["one"], source="en", target="ur")
        thread.join()
    assert caught.value.fault is MachineFault.UNREACHABLE


def test_lines_marks_and_links_stay(fake):
    text = (
        "## Our plan\n\nFirst we ask. See [our page](https://example.org/a_(b)).\n\n"
        "- Shops  \n1. **Bold** words\n> https://example.org\n  - deep\n\n"
    )
    [said] = drafted(Service(fake.url), [text], source="en", target="ur")
    assert said == (
        "## OUR PLAN\n\nFIRST WE ASK. SEE [OUR PAGE](https://example.org/a_(b)).\n\n"
        "- SHOPS  \n1. **BOLD** WORDS\n> https://example.org\n  - DEEP\n\n"
    )


def test_each_piece_is_sent_once(fake):
    said = drafted(Service(fake.url), ["Yes\nNo", "No", "12"], source="en", target="ur")
    assert said == ["YES\nNO", "NO", "12"]
    assert [sent["q"] for _, sent in fake.asked] == [["Yes", "No"]]


def test_what_the_service_breaks_into_lines_stays_one(fake):
    fake.body = b'{"translatedText": [" one\\n line\\r\\n "]}'
    assert drafted(Service(fake.url), ["word\n"], source="en", target="ur") == ["one line\n"]


def test_a_blank_answer_is_none(fake):
    fake.body = b'{"translatedText": [" "]}'
    with pytest.raises(MachineError) as caught:
        drafted(Service(fake.url), ["word"], source="en", target="ur")
    assert caught.value.fault is MachineFault.BAD_ANSWER


def test_requests_are_no_larger_than_the_service_takes(fake):
    lines = [f"line {'x' * (1 + i % 300)} {i}" for i in range(200)]
    long = "z" * (MOST_CHARACTERS + 1)
    text = "\n".join([*lines, long])
    assert drafted(Service(fake.url), [text], source="en", target="ur") == [text.upper()]
    for _, sent in fake.asked:
        assert len(sent["q"]) <= MOST_PIECES
        assert sum(map(len, sent["q"])) <= MOST_CHARACTERS or sent["q"] == [long]


def test_texts_come_in_batches():
    texts = [(f"path.{i}", "one\ntwo") for i in range(45)]
    sizes = [len(batch) for batch in batches(texts)]
    assert sizes == [20, 20, 5]
    assert [pair for batch in batches(texts) for pair in batch] == texts
    long = [("a", "x" * 9_000), ("b", "y"), ("c", "z" * 3_999), ("d", "w")]
    assert [[path for path, _ in batch] for batch in batches(long)] == [["a"], ["b", "c"], ["d"]]
    assert list(batches([])) == []


@given(st.text("ab1 \n\t#-*>[]().:/<h\u2028", max_size=80))
def test_pieces_join_to_the_text(text):
    assert "".join(piece.text for piece in pieces_of(text)) == text


@pytest.mark.parametrize("sign", [" ", "[", "(", "- ", "[a](", "[a](("])
def test_cutting_a_long_text_takes_no_long_time(sign):
    began = time.perf_counter()
    pieces_of(sign * (200_000 // len(sign)))
    assert time.perf_counter() - began < 2
