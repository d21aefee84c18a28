"""A visitor over HTTP: cookies, one lasting connection, redirects, and a watch on each request."""

import gzip
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

import brotli  # type: ignore[import-untyped]

from benchmarks.pages import Page, read_page

ENCODINGS = "br, gzip"
_STYLE_SHEET_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)""")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sent."""

    method: str
    path: str
    status: int
    location: str | None
    encoding: str | None
    head_bytes: int
    body_bytes: int
    """As transferred, so compressed where the server compresses."""
    seconds: float
    """From the first byte sent to the last byte received."""
    text: str

    @property
    def transferred_bytes(self) -> int:
        """Head and body."""
        return self.head_bytes + self.body_bytes

    @property
    def page(self) -> Page:
        """The page, read anew each time."""
        return read_page(self.text)


class Visitor:
    """One browser with its own cookies. Keeps every reply's figures, not its text."""

    def __init__(self, port: int, *, timeout_seconds: float = 60) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=timeout_seconds)
        self._cookies: dict[str, str] = {}
        self.requests: list[tuple[str, str, int, float]] = []
        """Method, path, status and seconds of each."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def get(self, path: str) -> Reply:
        """Fetch a page, and follow where it leads."""
        return self._followed(self.request("GET", path))

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Reply:
        """Send a form, and follow where it leads."""
        return self._followed(self.request("POST", path, fields))

    def request(
        self, method: str, path: str, fields: Sequence[tuple[str, str]] | None = None
    ) -> Reply:
        """Send one request and read the whole reply.

        Raises
        ------
        OSError, http.client.HTTPException
            If the connection breaks. The visitor may go on: the next request opens a new one.
        """
        headers = {"Accept-Encoding": ENCODINGS, "Accept-Language": "en"}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self._cookies.items())
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields).encode("ascii")
        began = time.perf_counter()
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            received = response.read()
        except BaseException:
            self._connection.close()
            raise
        seconds = time.perf_counter() - began
        self.requests.append((method, path, response.status, seconds))
        self._take_cookies(response)
        encoding = response.getheader("Content-Encoding")
        return Reply(
            method=method,
            path=path,
            status=response.status,
            location=response.getheader("Location"),
            encoding=encoding,
            head_bytes=_head_bytes(response),
            body_bytes=len(received),
            seconds=seconds,
            text=_unpacked(received, encoding).decode("utf-8"),
        )

    def get_resources(self, reply: Reply) -> list[Reply]:
        """Fetch what a page brings with it, and what its style sheets name."""
        wanted = reply.page.resources
        fetched: dict[str, Reply] = {}
        while wanted:
            path = wanted.pop()
            if path in fetched or path.startswith("data:"):
                continue
            fetched[path] = self.request("GET", path)
            if path.endswith(".css"):
                wanted.extend(_STYLE_SHEET_ADDRESS.findall(fetched[path].text))
        return list(fetched.values())

    def _followed(self, reply: Reply) -> Reply:
        for _ in range(5):
            if reply.status not in {301, 302, 303, 307, 308} or reply.location is None:
                return reply
            target = urlsplit(reply.location)._replace(scheme="", netloc="", fragment="")
            reply = self.request("GET", target.geturl())
        raise RuntimeError(f"{reply.path}: too many redirects")

    def _take_cookies(self, response: HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value


def _head_bytes(response: HTTPResponse) -> int:
    status = len(f"HTTP/1.1 {response.status} {response.reason}\r\n")
    fields = sum(len(f"{name}: {value}\r\n") for name, value in response.getheaders())
    return status + fields + len("\r\n")


def _unpacked(received: bytes, encoding: str | None) -> bytes:
    if encoding == "br":
        unpacked: bytes = brotli.decompress(received)
        return unpacked
    return gzip.decompress(received) if encoding == "gzip" else received
