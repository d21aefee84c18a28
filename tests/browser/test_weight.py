"""What a page costs to load, for people who pay for each megabyte."""

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.journey import Resident

pytestmark = pytest.mark.browser

FIRST_PAGE = 50_000
"""Bytes that come over the wire, headers, style sheet and script included."""
LATER_PAGE = 15_000

PAGES = (
    "",
    "draft",
    "draft/food/short",
    "draft/food/easy",
    "draft/food/full",
    "help",
    "privacy",
    "code",
    "news",
    "question/who",
    "question/vision_agree",
    "question/vision_say",
    "question/priorities",
    "question/ward",
    "question/ethnic_group",
    "about-you",
    "check",
    "save",
)
TO_KEEP = "draft.html"
"""The whole plan on one page, to print or save, is as long as the plan."""


class Meter:
    """Counts the bytes that a page receives. A request to another host fails ``new_page``."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.byte_count = 0
        self._under_way: dict[str, str] = {}
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.on("Network.requestWillBeSent", self._begun)
        self._session.on("Network.loadingFinished", self._finished)
        self._session.on("Network.loadingFailed", self._failed)
        self._session.send("Network.enable")

    def _begun(self, event: dict[str, Any]) -> None:
        address = event["request"]["url"]
        if "/favicon" not in address:  # small, and the browser takes its time with it
            self._under_way[event["requestId"]] = address

    def _finished(self, event: dict[str, Any]) -> None:
        self._under_way.pop(event["requestId"], None)
        self.byte_count += int(event["encodedDataLength"])

    def _failed(self, event: dict[str, Any]) -> None:
        self._under_way.pop(event["requestId"], None)

    def of(self, address: str, *, first: bool) -> int:
        """The bytes that a page costs on a first or a later visit."""
        if first:
            self._session.send("Network.clearBrowserCache")
        self.byte_count = 0
        self.page.goto(address)
        for _ in range(200):
            if not self._under_way:
                return self.byte_count
            self.page.wait_for_timeout(10)
        raise AssertionError(f"{address} does not finish loading: {self._under_way}")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_pages_are_light(app, live_server, new_page, language):
    page = new_page(locale=language)
    resident = Resident(page, live_server(app).url, language)
    resident.go_to_check(app, "Trees. " * 20)
    meter = Meter(page)
    first = {rest: meter.of(resident.address(rest), first=True) for rest in (*PAGES, TO_KEEP)}
    later = {rest: meter.of(resident.address(rest), first=False) for rest in PAGES}
    assert min(first.values()) > 10_000, "style sheet and script are counted"
    assert {rest: size for rest, size in first.items() if size > FIRST_PAGE} == {}
    assert {rest: size for rest, size in later.items() if size > LATER_PAGE} == {}
