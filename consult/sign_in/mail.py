"""Sending e-mail: letters wait in a row, and a thread hands them over one by one.

No page waits for a mail server. That keeps pages quick, and keeps the time they take from
telling whether anything was sent.
"""

import queue
import smtplib
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from flask_security import MailUtil

from consult.config import LOOPBACK, Settings
from consult.logs import logger

EXTENSION = "consult_outbox"
TIMEOUT_SECONDS = 20
LONGEST_ROW = 200
"""Letters that may wait; more are dropped, and the log says so."""


class NotEncrypted(Exception):
    """The mail server offers no encryption, and stands on another machine."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain e-mail to one person."""

    to: str
    subject: str
    text: str


class Outbox:
    """Letters on their way, and the thread that hands them over."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._waiting: queue.Queue[Callable[[], Letter | None]] = queue.Queue(LONGEST_ROW)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def can_send(self) -> bool:
        """Whether the settings name a mail server."""
        return self._settings.smtp_url is not None and self._settings.public_url is not None

    def post(self, letter: Letter) -> None:
        """Send a letter soon."""
        self.write_and_post(lambda: letter)

    def write_and_post(self, write: Callable[[], Letter | None]) -> None:
        """Let a letter be written in the thread, and sent if there is one."""
        if not self.can_send():
            return
        try:
            self._waiting.put_nowait(write)
        except queue.Full:
            logger.error("e-mail dropped", extra={"facts": {"reason": "too many are waiting"}})
            return
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait until all letters are handed over or given up; for tests."""
        self._waiting.join()

    def _work(self) -> None:
        while True:
            write = self._waiting.get()
            try:
                letter = write()
                if letter is not None:
                    hand_over(self._settings, letter)
                    logger.info("e-mail handed over")
            except Exception as error:  # the next letter must go out all the same
                facts = {"kind": type(error).__name__}
                logger.error("e-mail not sent", extra={"facts": facts})
            finally:
                self._waiting.task_done()


class Post(MailUtil):
    """What Flask-Security sends goes through the outbox."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Send the plain text; who it comes from is our setting."""
        to = recipient if isinstance(recipient, str) else recipient[1]
        outbox().post(Letter(to, str(subject), body or ""))


def init_app(app: Flask, settings: Settings) -> None:
    """Give an application its outbox."""
    app.extensions[EXTENSION] = Outbox(settings)


def outbox() -> Outbox:
    """The outbox of the application at hand."""
    found: Outbox = current_app.extensions[EXTENSION]
    return found


def hand_over(settings: Settings, letter: Letter) -> None:
    """Hand a letter to the mail server, encrypted unless it is this very machine.

    Raises
    ------
    NotEncrypted
        If the server offers no encryption.
    OSError
        If the server cannot be reached, or refuses.
    """
    parts = urlsplit(settings.smtp_url or "")
    host = parts.hostname or ""
    encrypted = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=encrypted
        )
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
    try:
        server.ehlo()
        if parts.scheme == "smtp":
            if server.has_extn("starttls"):
                server.starttls(context=encrypted)
                server.ehlo()
            elif host not in LOOPBACK:
                raise NotEncrypted(host)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(_message(settings, letter))
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def sender(settings: Settings) -> str:
    """The address that letters come from."""
    host = urlsplit(settings.public_url or "").hostname or "localhost"
    return settings.mail_from or f"consult@{host}"


def _message(settings: Settings, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender(settings)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender(settings).rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
