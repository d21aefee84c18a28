"""The web server: waitress, and what it does with requests that are far too large."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver
from waitress.utilities import RequestEntityTooLarge

THREADS = 8
"""Requests served at once by one process; more wait their turn."""

LARGEST_KEPT = 32_000_000
"""Bytes of a request's body that are taken in; no page wants more."""

LARGEST_READ = 1_000_000_000
"""Bytes that are read and thrown away, so that a browser hears why its file was refused.

A server that stops reading makes the browser say that the connection broke.
"""


class _Thrown:
    """A buffer that keeps nothing and says how much it was given."""

    def __init__(self) -> None:
        self._length = 0

    def append(self, data: bytes) -> None:
        self._length += len(data)

    def getfile(self) -> BytesIO:
        return BytesIO()

    def close(self) -> None:
        """There is nothing to close."""

    def __len__(self) -> int:
        return self._length


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Takes in what a page could want; the rest is thrown away while it comes.

    The application sees the declared length, finds it too large, and explains that.
    """

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.content_length > LARGEST_KEPT:
            self.body_rcv = FixedStreamReceiver(self.content_length, _Thrown())

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.chunked and self.body_bytes_received > LARGEST_KEPT:
            self.error = RequestEntityTooLarge(f"exceeds {LARGEST_KEPT}")
            self.completed = True
        return consumed


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = _Parser


def make_server(application: Callable[..., Any], host: str, port: int, **options: Any) -> Any:
    """A server that listens; ``run()`` serves until stopped.

    Raises
    ------
    OSError
        If the port cannot be had.
    """
    sockets: dict[int, Any] = options.pop("map", {})
    server = create_server(
        application,
        host=host,
        port=port,
        map=sockets,
        ident=None,
        **{
            "threads": THREADS,
            "channel_timeout": 120,
            "max_request_body_size": LARGEST_READ,
            **options,
        },
    )
    for listener in sockets.values():  # a name such as localhost can make several
        if hasattr(listener, "channel_class"):
            listener.channel_class = _Channel
    return server
