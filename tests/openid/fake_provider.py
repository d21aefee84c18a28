"""An OpenID Connect provider of our own that misbehaves as a test wants it to."""

import base64
import json
import threading
import time
from collections.abc import Callable
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

CLIENT_ID = "consult & co"
CLIENT_SECRET = "s3cret:with/signs"

Reply = tuple[int, bytes]


@cache
def rsa_key(kid: str, whose: str = "provider") -> RSAKey:
    """A key of that name, the same for all tests."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


class FakeProvider:
    """Answers on a free port of this machine; what it answers can be changed at any time."""

    def __init__(self) -> None:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake.asked.append(self.path)
                self._answer(fake.pages.get(self.path, lambda: (404, b"{}")))

            def do_POST(self) -> None:
                fake.asked.append(self.path)
                length = int(self.headers["Content-Length"])
                body = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
                fake.form = {name: values[0] for name, values in body.items()}
                fake.authorization = self.headers.get("Authorization")
                self._answer(fake.token)

            def _answer(self, page: Callable[[], Reply]) -> None:
                status, body = page()
                self.send_response(status)
                if status in {301, 302, 307}:
                    self.send_header("Location", body.decode())
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                for at in range(0, len(body), fake.piece):
                    if fake.pause:
                        time.sleep(fake.pause)
                    try:
                        self.wfile.write(body[at : at + fake.piece])
                    except OSError:
                        return

            def log_message(self, *_words: Any) -> None:
                """Say nothing: the tests' output is for the tests."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.asked: list[str] = []
        self.form: dict[str, str] = {}
        self.authorization: str | None = None
        self.piece, self.pause = 1_000_000, 0.0
        self.key = rsa_key("k1")
        self.description: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=1",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "code_challenge_methods_supported": ["S256"],
        }
        self.keys: Any = {"keys": [self.key.as_dict(private=False)]}
        self.pages: dict[str, Callable[[], Reply]] = {
            "/.well-known/openid-configuration": lambda: as_json(self.description),
            "/keys": lambda: as_json(self.keys),
        }
        self.token: Callable[[], Reply] = lambda: as_json({"id_token": self.id_token()})
        self.nonce = ""
        self.now = 0.0
        self.claims: dict[str, Any] = {}
        """What differs from sound claims; ``None`` leaves one out."""
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "k1"}

    def start(self) -> None:
        """Answer until :meth:`stop`."""
        threading.Thread(
            target=lambda: self._server.serve_forever(poll_interval=0.02), daemon=True
        ).start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()

    def sound_claims(self) -> dict[str, Any]:
        """Claims of a sound token, but for what the test wants otherwise."""
        claims = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": CLIENT_ID,
            "iat": int(self.now),
            "exp": int(self.now) + 300,
            "nonce": self.nonce,
            "name": "Pat Provider",
            "email": "ada@council.example.org",
            **self.claims,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def id_token(self) -> str:
        """A token as the test wants it."""
        registry = JWSRegistry(algorithms=[self.header["alg"]], strict_check_header=False)
        return jwt.encode(self.header, self.sound_claims(), self.key, registry=registry)

    def secret_in_header(self) -> tuple[str, str] | None:
        """Client id and secret as they came in a header."""
        if self.authorization is None:
            return None
        pair = base64.b64decode(self.authorization.removeprefix("Basic ")).decode()
        client_id, _, secret = pair.partition(":")
        return unquote_plus(client_id), unquote_plus(secret)


def as_json(value: Any, status: int = 200) -> Reply:
    """A reply."""
    return status, json.dumps(value).encode()


def unsigned(claims: dict[str, Any]) -> str:
    """A token that says of itself that nobody signed it."""
    parts = ({"alg": "none"}, claims)
    texts = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    return b".".join(texts).decode() + "."
