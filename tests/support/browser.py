"""Chromium, pages that notice every fault, and the accessibility check."""

import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    ViewportSize,
    WebError,
    sync_playwright,
)

from tests.support.missing import missing

ROOT = Path(__file__).parents[2]
PHONE: ViewportSize = {"width": 360, "height": 740}
PATIENCE = 30
"""Seconds that a test waits for a page."""

WCAG_22_AA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

_FLAGS = [
    "--no-sandbox",  # root has none, nor have most containers; only our own pages are opened
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


class NewPage(Protocol):
    """Opens a page in a browser profile of its own."""

    def __call__(
        self,
        *,
        javascript: bool = True,
        locale: str = "en-GB",
        viewport: ViewportSize = PHONE,
        expected_errors: Sequence[str] = (),
        **context_options: Any,
    ) -> Page: ...


@dataclass
class Watch:
    """What went wrong in a browser profile, expected or not."""

    expected_errors: list[str]
    faults: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._web_error)
        context.on("request", self._request)

    def unexpected(self) -> list[str]:
        return [
            fault
            for fault in self.faults
            if not any(re.search(pattern, fault) for pattern in self.expected_errors)
        ]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location['url']})")

    def _web_error(self, error: WebError) -> None:
        self.faults.append(f"script: {error.error}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.hostname not in {
            "127.0.0.1",
            "localhost",
        }:
            self.faults.append(f"request to another host: {request.url}")


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    """Chromium, for the whole run.

    While it runs this thread has an event loop, so ``asyncio.run`` needs a thread of its own.
    """
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        executable = chromium_path() or playwright.chromium.executable_path
        try:
            running = playwright.chromium.launch(executable_path=executable, args=_FLAGS)
        except Error as error:
            stack.close()
            missing(
                pytestconfig,
                "browser",
                f"{executable}: {error.message.splitlines()[0]}",
                required_by="CONSULT_REQUIRE_BROWSER",
            )
        stack.callback(running.close)
        yield running


def chromium_path() -> str | None:
    """The Chromium on the path, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open pages, each as another visitor on a telephone; fail on what goes wrong in them.

    ``expected_errors`` are regular expressions for console messages that are part of the
    test, e.g. ``"status of 422"``: Chromium reports every reply with an error status.
    """
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(
        *,
        javascript: bool = True,
        locale: str = "en-GB",
        viewport: ViewportSize = PHONE,
        expected_errors: Sequence[str] = (),
        **context_options: Any,
    ) -> Page:
        context = browser.new_context(
            java_script_enabled=javascript, locale=locale, viewport=viewport, **context_options
        )
        context.set_default_timeout(10_000)
        watch = Watch(list(expected_errors))
        watch.attach(context)
        opened.append((context, watch))
        return context.new_page()

    yield open_page
    faults = []
    for context, watch in opened:
        context.close()
        faults.extend(watch.unexpected())
    if faults:
        pytest.fail("The browser reported:\n" + "\n".join(faults), pytrace=False)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page on a telephone, with scripts, in English."""
    return new_page()


def until(page: Page, expression: str, given: object = None) -> None:
    """Wait until a script says true, also while one page gives way to the next.

    Playwright's own ``wait_for_function`` evaluates strings in the page when the first look is
    not true yet, which our pages forbid.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if page.evaluate(expression, given):
                return
        except Error as error:
            if "context was destroyed" not in error.message:
                raise
        if time.monotonic() > end:
            raise AssertionError(f"not true within {PATIENCE} s: {expression}")
        page.wait_for_timeout(20)


def follow(button: Locator) -> None:
    """Press a button or link, and wait for the page that comes.

    Without this, what is measured next may be the page before, or one that comes just then.
    """
    with button.page.expect_navigation():
        button.click()


def assert_accessible(
    page: Page, *, tags: Sequence[str] = WCAG_22_AA, best_practice: bool = True
) -> None:
    """Fail with a readable list when axe finds a barrier on the page as it is now.

    Raises
    ------
    AssertionError
        If there is a violation.
    """
    if page.evaluate("matchMedia('(scripting: none)').matches"):
        violations = _audit_copy(page, tags, best_practice)
    else:
        violations = _audit(page, tags, best_practice)
    if violations:
        raise AssertionError(f"{page.url} is not accessible:\n" + "\n".join(violations))


def _audit_copy(page: Page, tags: Sequence[str], best_practice: bool) -> list[str]:
    """Audit a page without scripts in a copy of it: axe waits on timers, which stand still."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(
        viewport=page.viewport_size, storage_state=page.context.storage_state()
    )
    try:
        copy = context.new_page()
        html = page.content()
        copy.route(
            page.url,
            lambda route: route.fulfill(
                body=html,
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": "script-src 'none'"},
            ),
        )
        copy.goto(page.url)
        return _audit(copy, tags, best_practice)
    finally:
        context.close()


def _audit(page: Page, tags: Sequence[str], best_practice: bool) -> list[str]:
    # The debugger evaluates it, so no Content-Security-Policy stands in the way.
    page.evaluate(_axe())
    values = [*tags, "best-practice"] if best_practice else list(tags)
    found = page.evaluate(
        "options => axe.run(document, options).then(results => results.violations)",
        {"runOnly": {"type": "tag", "values": values}, "resultTypes": ["violations"]},
    )
    lines = []
    for violation in found:
        lines.append(f"  {violation['id']} ({violation['impact']}): {violation['help']}")
        lines.append(f"    {violation['helpUrl']}")
        for node in violation["nodes"]:
            lines.append(f"    {' '.join(map(str, node['target']))}: {node['html'][:200]}")
            lines.extend(f"      {line}" for line in node["failureSummary"].splitlines()[1:])
    return lines


@cache
def _axe() -> str:
    path = ROOT / "node_modules/axe-core/axe.min.js"
    assert path.exists(), f"{path} is missing: `make setup` installs it"
    return path.read_text(encoding="utf-8")
