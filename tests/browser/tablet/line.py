"""A network between a tablet and the server that breaks where a test says."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from enum import StrEnum
from urllib.parse import urlsplit

CHUNK = 16_384
SENDING = b"POST /tablet/api/send"


class Break(StrEnum):
    """Where the line breaks; each break happens to one request, but ``DOWN`` lasts."""

    CUT = "cut"
    """The request breaks off in the middle."""
    LOST = "lost"
    """The server does its work, and its answer never arrives."""
    HALF = "half"
    """Half an answer arrives."""
    BUSY = "busy"
    """The server has no time: 503."""
    DOWN = "down"
    """Nobody answers, until :meth:`Line.mend`."""


_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
    b"Retry-After: 1\r\nContent-Length: 23\r\nConnection: close\r\n\r\n"
    b'{"error":"unavailable"}'
)


class Line:
    """Passes bytes on to a server, and breaks on demand. Only what is sent is ever harmed."""

    def __init__(self, target: str) -> None:
        self.point_at(target)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._next: Break | None = None
        self._open: set[socket.socket] = set()
        self.broken = 0
        """How often it has broken in the middle of something."""
        self._sending = 0
        self.most_at_once = 0
        """How many sendings there ever were at the same time."""
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def point_at(self, target: str) -> None:
        """Lead to another server from now on."""
        address = urlsplit(target)
        assert address.hostname is not None
        self._target = (address.hostname, address.port)

    def break_at(self, where: Break) -> None:
        """Break the next sending; a line that is down cuts what is open, too."""
        with self._lock:
            self._next = where
            hit = list(self._open) if where is Break.DOWN else []
        for each in hit:
            _reset(each)

    def mend(self) -> None:
        """Work again."""
        with self._lock:
            self._next = None

    def close(self) -> None:
        """Stop for good."""
        self._closed = True
        self.break_at(Break.DOWN)
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _take(self, request: bytes) -> Break | None:
        """The break that this request meets."""
        with self._lock:
            if self._next is Break.DOWN:
                return Break.DOWN
            if not request.startswith(SENDING):
                return None
            found, self._next = self._next, None
            self.broken += found is not None
            return found

    def _serve(self, client: socket.socket) -> None:
        with self._lock:
            self._open.add(client)
        try:
            with client:
                while request := _message(client):
                    if not self._pass_on(client, request):
                        return
        except OSError:
            pass
        finally:
            with self._lock:
                self._open.discard(client)

    def _pass_on(self, client: socket.socket, request: bytes) -> bool:
        """One request and its answer, over a connection of its own; whether to go on."""
        where = self._take(request)
        if request.startswith(SENDING):
            with self._counted():
                return self._pass_on_breaking(client, request, where)
        return self._pass_on_breaking(client, request, where)

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._sending += 1
            self.most_at_once = max(self.most_at_once, self._sending)
        try:
            yield
        finally:
            with self._lock:
                self._sending -= 1

    def _pass_on_breaking(self, client: socket.socket, request: bytes, where: Break | None) -> bool:
        if where is Break.DOWN:
            _reset(client)
            return False
        if where is Break.BUSY:
            client.sendall(_BUSY)
            return False
        with socket.create_connection(self._target, timeout=60) as server:
            if where is Break.CUT:
                server.sendall(request[: len(request) // 2])
                _reset(client)
                return False
            server.sendall(request)
            answer = _message(server)
        if where is Break.LOST:
            _reset(client)
            return False
        if where is Break.HALF:
            client.sendall(answer[: len(answer) - 40])
            _reset(client)
            return False
        client.sendall(answer)
        return bool(answer)


def _message(connection: socket.socket) -> bytes:
    """A whole request or answer; what there is when the other end closes."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = connection.recv(CHUNK)
        if not part:
            return got
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    fields = dict(line.lower().split(b":", 1) for line in lines[1:] if b":" in line)
    bodiless = b" 304 " in lines[0] or b" 204 " in lines[0]
    is_answer = lines[0].startswith(b"HTTP/")
    if b"content-length" in fields:
        length = int(fields[b"content-length"])
        while len(body) < length and not bodiless:
            part = connection.recv(CHUNK)
            if not part:
                break
            body += part
    elif fields.get(b"transfer-encoding", b"").strip() == b"chunked":
        while not body.endswith(b"0\r\n\r\n"):
            body += connection.recv(CHUNK)
    elif is_answer and not bodiless:
        while part := connection.recv(CHUNK):
            body += part
    return head + b"\r\n\r\n" + body


def _reset(connection: socket.socket) -> None:
    """Close as a network that goes away does, without a farewell."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()
