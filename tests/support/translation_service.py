"""A translation service on this machine that speaks as LibreTranslate does."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeService:
    """Answers as it is told; by itself it turns letters into capitals."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body: bytes | None = None
        self.wait_seconds = 0.0
        self.before_answer: Callable[[Any], None] | None = None
        """Called with each text that is to be translated; may change how it is answered."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, None))
                languages = [
                    {"code": "en", "name": "English", "targets": ["ur", "pl"]},
                    {"code": "ur", "name": "Urdu", "targets": ["en"]},
                ]
                self.answer(json.dumps(languages).encode())

            def do_POST(self) -> None:
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append((self.path, sent))
                if outer.before_answer is not None:
                    outer.before_answer(sent)
                self.answer(json.dumps({"translatedText": [q.upper() for q in sent["q"]]}).encode())

            def answer(self, usual: bytes) -> None:
                time.sleep(outer.wait_seconds)
                body = usual if outer.body is None else outer.body
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
