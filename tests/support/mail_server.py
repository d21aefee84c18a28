"""A mail server on this machine, in a thread of the tests, that keeps what it gets."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as ``smtplib`` speaks."""

    server: "MailServer"

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            command = line.decode("utf-8", "replace").strip()
            match command.split(" ")[0].upper():
                case "EHLO":
                    for extension in ("250-here", *(f"250-{x}" for x in self.server.offers)):
                        self._say(extension)
                    self._say("250 8BITMIME")
                case "AUTH":
                    self.server.signed_in.append(command)
                    self._say(self.server.on_sign_in)
                case "MAIL" | "RCPT":
                    self._say(self.server.on_recipient)
                case "DATA":
                    self._say("354 go on")
                    self._take()
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 OK")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        letter = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(letter, EmailMessage)
        self.server.letters.append(letter)
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every letter; ``letters`` holds them."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.letters: list[EmailMessage] = []
        self.offers: list[str] = []
        self.signed_in: list[str] = []
        self.on_sign_in = "235 welcome"
        self.on_recipient = "250 OK"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: a client that breaks off is what some tests want."""

    @property
    def port(self) -> int:
        """Where it listens."""
        address: tuple[Any, ...] = self.server_address
        return int(address[1])

    def text(self) -> str:
        """The words of the only letter."""
        (letter,) = self.letters
        return str(letter.get_content()).replace("\r\n", "\n")


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """A mail server that is up meanwhile."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, name="mail", daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(timeout=10)
