"""A web server on this machine, in a thread of the tests."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from waitress import wasyncore
from waitress.channel import HTTPChannel

from consult.serving import make_server


class LiveServer:
    """Serves a WSGI application with the server of ``consult serve``."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self._sockets: dict[int, Any] = {}
        self._server = make_server(application, "127.0.0.1", 0, map=self._sockets, threads=4)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-server", daemon=True)
        self.url = f"http://127.0.0.1:{self._server.effective_port}"
        """Without a slash at the end."""

    def start(self) -> None:
        """Take requests until :meth:`stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is under way and close every socket."""
        self._stopping.set()
        self._server.pull_trigger()
        self._thread.join(timeout=10)
        assert not self._thread.is_alive(), "the live server did not stop"
        # Closed here and not by the thread: it may see that it is to stop before it is woken, and
        # what wakes it must be open still.
        self._server.task_dispatcher.shutdown()
        for each in list(self._sockets.values()):
            if isinstance(each, HTTPChannel):
                each.handle_close()  # with the files that large answers are put aside in
        wasyncore.close_all(self._sockets)

    def _run(self) -> None:
        # waitress's own loop ends only by an exception in its thread.
        while not self._stopping.is_set():
            wasyncore.loop(timeout=1, map=self._sockets, count=1)


@pytest.fixture
def live_server() -> Iterator[Callable[[Callable[..., Any]], LiveServer]]:
    """Serve an application: ``live_server(app).url``; several may run at once."""
    running: list[LiveServer] = []

    def serve(application: Callable[..., Any]) -> LiveServer:
        server = LiveServer(application)
        server.start()
        running.append(server)
        return server

    yield serve
    for server in running:
        server.stop()
