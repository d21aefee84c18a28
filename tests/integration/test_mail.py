"""Letters go out in a thread, encrypted unless the server is this machine."""

import logging
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from consult.sign_in import mail
from consult.sign_in.mail import Letter, NotEncrypted, Outbox, hand_over
from tests.support.mail_server import MailServer, running_mail_server

LETTER = Letter("anna@council.example.org", "Grüße", "Zażółć gęślą jaźń.\n.\nسلام\n")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def posting(settings: Any, mail_server: MailServer) -> Any:
    return replace(
        settings,
        smtp_url=f"smtp://127.0.0.1:{mail_server.port}",
        public_url="https://consult.example.gov.uk",
    )


def test_a_letter_arrives_whole_in_every_script(posting, mail_server):
    hand_over(posting, LETTER)
    (letter,) = mail_server.letters
    assert letter["To"] == "anna@council.example.org"
    assert letter["Subject"] == "Grüße"
    assert mail_server.text() == LETTER.text
    assert letter["Message-ID"].endswith("@consult.example.gov.uk>")
    assert letter["Date"]


def test_the_sender_may_be_set(posting, mail_server):
    hand_over(replace(posting, mail_from="no-reply@council.example.org"), LETTER)
    assert mail_server.letters[0]["From"] == "no-reply@council.example.org"


def test_user_and_password_of_the_address_are_used(posting, mail_server):
    mail_server.offers = ["AUTH PLAIN"]
    with_name = posting.smtp_url.replace("//", "//us%40er:pa%3Ass@")
    hand_over(replace(posting, smtp_url=with_name), LETTER)
    (said,) = mail_server.signed_in
    assert said == "AUTH PLAIN AHVzQGVyAHBhOnNz", "of us@er and pa:ss"


@pytest.mark.parametrize(
    ("name", "answer"),
    [("on_sign_in", "535 no"), ("on_recipient", "550 nobody of that name")],
)
def test_a_server_that_refuses_is_an_error(posting, mail_server, name, answer):
    mail_server.offers = ["AUTH PLAIN"]
    setattr(mail_server, name, answer)
    with_name = posting.smtp_url.replace("//", "//u:p@")
    with pytest.raises(smtplib.SMTPException):
        hand_over(replace(posting, smtp_url=with_name), LETTER)
    assert not mail_server.letters


def test_another_machine_has_to_encrypt(posting, mail_server, monkeypatch):
    monkeypatch.setattr(mail, "LOOPBACK", frozenset())
    with pytest.raises(NotEncrypted):
        hand_over(posting, LETTER)
    assert not mail_server.letters


@pytest.mark.parametrize("offers", [["STARTTLS"], []], ids=["starttls", "smtps"])
def test_encryption_is_begun_and_never_given_up(posting, mail_server, offers):
    """The server here cannot encrypt after all: nothing is sent in the open."""
    mail_server.offers = offers
    url = posting.smtp_url if offers else posting.smtp_url.replace("smtp:", "smtps:")
    with pytest.raises((ssl.SSLError, OSError)):
        hand_over(replace(posting, smtp_url=url), LETTER)
    assert not mail_server.letters


def test_one_letter_that_fails_does_not_stop_the_next(posting, mail_server, caplog):
    outbox = Outbox(posting)

    def broken() -> Letter | None:
        raise RuntimeError("anna@council.example.org")

    with caplog.at_level(logging.ERROR):
        outbox.write_and_post(broken)
        outbox.write_and_post(lambda: None)
        outbox.post(LETTER)
        outbox.wait()
    assert len(mail_server.letters) == 1
    assert [record.getMessage() for record in caplog.records] == ["e-mail not sent"]
    assert "anna" not in caplog.text, "addresses stay out of the log"


def test_a_server_that_is_gone_is_noted_and_not_thrown(settings, caplog):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        gone = replace(settings, smtp_url=f"smtp://127.0.0.1:{port}", public_url="https://h")
        outbox = Outbox(gone)
        with caplog.at_level(logging.ERROR):
            outbox.post(LETTER)
            outbox.wait()
    assert [record.getMessage() for record in caplog.records] == ["e-mail not sent"]


def test_too_many_letters_are_dropped_and_noted(posting, caplog, monkeypatch):
    monkeypatch.setattr(mail, "LONGEST_ROW", 2)
    outbox = Outbox(posting)
    monkeypatch.setattr(outbox, "_thread", object())
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            outbox.post(LETTER)
    assert [record.getMessage() for record in caplog.records] == ["e-mail dropped"]


def test_nothing_is_sent_without_a_server(settings):
    outbox = Outbox(settings)
    assert not outbox.can_send()
    outbox.post(LETTER)
    outbox.wait()
