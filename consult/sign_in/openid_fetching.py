"""Asking the council's provider: JSON over HTTPS, soon, small, and from nobody else."""

import json
import time
from http.client import HTTPException, HTTPMessage
from threading import BoundedSemaphore
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from consult.config import LOOPBACK

SECONDS_TO_ANSWER = 8.0
"""From the request to the last byte; a person waits meanwhile."""

SECONDS_PER_READ = 4.0
LARGEST_ANSWER = 512 * 1024
"""Bytes. Many times the largest description or set of keys in use."""

_AT_ONCE = 16 * 1024

PATIENCE = 1.0
"""Seconds to wait for others who are asking the provider."""

_turns = BoundedSemaphore(3)
"""So many ask at once: a provider that hangs must not take all threads from residents."""


class ProviderSilent(Exception):
    """The provider did not answer, or not in time."""


class ProviderMisbehaved(Exception):
    """The provider answered what it should not; the message says what, for the log."""


class ProviderRefused(Exception):
    """The provider answered with an error of its own, a word of the standard for it."""


class _NoRedirects(HTTPRedirectHandler):
    """A provider that sends us elsewhere is not followed: elsewhere is not who was configured."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        return None


def is_safe(address: object) -> bool:
    """Whether an address is one that secrets may travel to: HTTPS, or this machine."""
    if not isinstance(address, str) or not address.isascii() or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    if parts.fragment or parts.username or parts.password or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def get_json(address: str) -> dict[str, Any]:
    """Fetch an object.

    Raises
    ------
    ProviderSilent
        If nothing came in time.
    ProviderMisbehaved
        If what came is no such object.
    """
    status, found = _ask(Request(address, headers={"Accept": "application/json"}))  # noqa: S310
    if status != 200:
        raise ProviderMisbehaved(f"status {status}")
    return found


def post_form(address: str, fields: dict[str, str], headers: dict[str, str]) -> dict[str, Any]:
    """Send a form, and return the object that comes back.

    Raises
    ------
    ProviderSilent
        If nothing came in time.
    ProviderRefused
        If the provider said no.
    ProviderMisbehaved
        If what came is no such object.
    """
    request = Request(  # noqa: S310 - the scheme is checked in _ask
        address,
        data=urlencode(fields).encode("ascii"),
        headers={
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            **headers,
        },
    )
    status, found = _ask(request)
    if status in {400, 401, 403} and isinstance(found.get("error"), str):
        raise ProviderRefused(found["error"])
    if status != 200:
        raise ProviderMisbehaved(f"status {status}")
    return found


def _ask(request: Request) -> tuple[int, dict[str, Any]]:
    if not is_safe(request.full_url):
        raise ProviderMisbehaved("an address without HTTPS")
    if not _turns.acquire(timeout=PATIENCE):
        raise ProviderSilent("others are asking")
    try:
        status, body = _exchange(request, time.monotonic() + SECONDS_TO_ANSWER)
    except (TimeoutError, URLError, ConnectionError, HTTPException, OSError) as error:
        raise ProviderSilent(type(error).__name__) from None
    finally:
        _turns.release()
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderMisbehaved(f"status {status}, no JSON") from None
    if not isinstance(found, dict):
        raise ProviderMisbehaved("no object")
    return status, found


def _exchange(request: Request, ends_at: float) -> tuple[int, bytes]:
    try:
        reply = _opener().open(request, timeout=SECONDS_PER_READ)
    except HTTPError as error:
        reply = error
    with reply:
        return reply.status, _read(reply, ends_at)


def _read(reply: IO[bytes], ends_at: float) -> bytes:
    """All of an answer, unless it is too long or takes too long: a byte a second is no answer."""
    body = bytearray()
    while chunk := _some(reply):
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise ProviderMisbehaved("an answer without end")
        if time.monotonic() > ends_at:
            raise TimeoutError
    return bytes(body)


def _some(reply: Any) -> bytes:
    """What has arrived by now: ``read`` would wait until a whole block is there."""
    chunk: bytes = reply.read1(_AT_ONCE) if hasattr(reply, "read1") else reply.read(_AT_ONCE)
    return chunk


def _opener() -> OpenerDirector:
    return build_opener(_NoRedirects)
