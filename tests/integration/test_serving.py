"""Requests that are too large are explained, not cut off; the server keeps none of them."""

import http.client
import socket
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from consult.serving import LARGEST_KEPT


def send(url: str, size: int, *, chunk: int = 1_000_000) -> tuple[int, str]:
    """Post a body of some size, and read what comes back."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.putrequest("POST", parts.path)
    connection.putheader("Content-Length", str(size))
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.endheaders()
    left = size
    while left > 0:
        connection.send(b"a" * min(chunk, left))
        left -= chunk
    with closing(connection), connection.getresponse() as response:
        return response.status, response.read().decode()


@pytest.mark.parametrize("size", [LARGEST_KEPT + 1, 200_000_000])
def test_a_body_that_is_far_too_large_is_read_to_its_end_and_explained(app, live_server, size):
    status, page = send(f"{live_server(app).url}/en/bolder-healthier-city/question/who", size)
    assert status == 413
    assert "larger than we can take" in page


def test_a_body_without_a_length_is_stopped(app, live_server):
    parts = urlsplit(live_server(app).url)
    block = b"%x\r\n%s\r\n" % (1_000_000, b"a" * 1_000_000)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(2 * LARGEST_KEPT // 1_000_000):
                connection.sendall(block)
            answer = connection.recv(100)
        except (ConnectionResetError, BrokenPipeError):
            return  # it has hung up
        assert answer[9:12] == b"413"


def test_what_a_page_takes_goes_through(app, live_server):
    status, page = send(f"{live_server(app).url}/en/bolder-healthier-city/question/who", 500_000)
    assert status in {400, 422}, page
