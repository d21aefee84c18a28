"""A resident's way through every type of page, in Chromium, in any language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page

from consult.db import unit_of_work
from consult.document.model import Consultation as Document
from consult.services import postcodes
from tests.support.browser import follow
from tests.support.consultations import changed
from tests.support.visitors import SLUG, Clock, Visitor, in_session, put

MAIN_BUTTON = "main form .govuk-button:not(.govuk-button--secondary)"
SHOWN_KINDS = {
    "vision_agree": "agreeing, with the part of the plan",
    "vision_say": "long text",
    "priorities": "ranking",
    "help_most": "several choices",
    "walk_days": "number",
    "good_place": "short text",
    "ward": "ward",
    "ethnic_group": "long list with other",
}
"""The first question of each kind, and what its page shows."""

WORDS = {
    "en": "More benches, please. My mother cannot walk far without a rest.\n\nAnd cleaner toilets.",
    "ur": "براہِ کرم مزید بینچ لگائیں۔ میری والدہ آرام کیے بغیر زیادہ دور نہیں چل سکتیں۔",
    "bn": "দয়া করে আরও বেঞ্চ দিন। আমার মা বিশ্রাম না নিয়ে বেশি দূর হাঁটতে পারেন না।",
}


@dataclass
class Resident:
    """Someone with a browser, in one language."""

    page: Page
    site: str
    language: str = "en"

    def address(self, rest: str = "") -> str:
        """The address of a page of the model case."""
        return f"{self.site}/{self.language}/{SLUG}/{rest}"

    def open(self, rest: str = "") -> None:
        """Open a page of the model case."""
        self.page.goto(self.address(rest))

    def is_at(self, rest: str) -> bool:
        """Whether the page at hand is this page of the model case."""
        return self.page.url.split("?")[0].endswith(f"/{self.language}/{SLUG}/{rest}")

    def question(self) -> str | None:
        """The key of the question at hand."""
        before, _, key = self.page.url.split("?")[0].rpartition("/")
        return key if before.endswith("/question") else None

    def go_on(self) -> None:
        """Press the page's main button, and wait for the page that comes."""
        follow(self.page.locator(MAIN_BUTTON).first)

    def fill_in(self, words: str) -> None:
        """Answer the question at hand: the first choices, or these words."""
        form = self.page.locator("#question-form")
        if form.locator("textarea").count():
            form.locator("textarea").fill(words)
        elif form.locator("select").count():
            for place in range(2):
                form.locator("select").nth(place).select_option(str(place + 1))
        elif form.locator("[name=answer][type=radio], [name=answer][type=checkbox]").count():
            form.locator("[name=answer]").first.check()
        else:
            answer = "3" if self.question() == "walk_days" else words.splitlines()[0]
            form.locator("[name=answer]").fill(answer)

    def answer_until(self, end: str, words: str = "Trees") -> Iterator[str]:
        """Answer every question until a page; stops at each, as yet unanswered."""
        for _ in range(60):
            if self.is_at(end):
                return
            if self.is_at("about-you"):
                yield "about-you"
                self.go_on()
                continue
            key = self.question()
            assert key is not None, f"a page that no one expected: {self.page.url}"
            yield key
            self.fill_in(words)
            self.go_on()
        raise AssertionError(f"the way to {end} does not end: {self.page.url}")

    def go_to_check(self, app: Flask, words: str = "Trees") -> None:
        """Open the check with everything answered.

        The answers are given past the browser, which takes a session over: it is quicker.
        """
        visitor = Visitor(app.test_client(), self.language)
        visitor.answer_everything(words)
        cookie = visitor.client.get_cookie("consult")
        assert cookie is not None
        self.page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self.site}]
        )
        self.open("check")
        assert self.is_at("check"), self.page.url


@dataclass
class Tour:
    """Opens every type of page once; ``stops`` yields the name of each."""

    resident: Resident
    app: Flask
    clock: Clock
    document: Document

    def stops(self) -> Iterator[str]:
        """Go everywhere. The page at hand is the one just named."""
        yield from self._reading()
        yield from self._faults()
        yield from self._answering()
        yield from self._sent()
        yield from self._when_closed()

    def _open(self, rest: str, name: str | None = None) -> str:
        self.resident.open(rest)
        return name or rest

    def _reading(self) -> Iterator[str]:
        page, site = self.resident.page, self.resident.site
        page.goto(site)
        yield "choice of language"
        page.goto(f"{site}/c/{SLUG}")
        yield "choice of language of a consultation"
        page.goto(f"{site}/{self.resident.language}/")
        yield "front"
        yield self._open("", "start")
        page.locator(".consult-languages > summary").click()
        yield "list of languages"
        yield self._open("draft")
        for depth in ("short", "easy", "full"):
            yield self._open(f"draft/food/{depth}")
        for rest in ("draft.html", "help", "privacy", "code", "news"):
            yield self._open(rest)
        yield self._open("save", "save, with nothing to save")
        yield self._open("receipt-of-no-one", "not found")

    def _faults(self) -> Iterator[str]:
        page = self.resident.page
        self.resident.open("code")
        page.locator("#code").fill("1234 5678 9012 3456")
        self.resident.go_on()
        yield "code, refused"
        self.resident.open("news")
        page.locator("#email").fill("no address")
        self.resident.go_on()
        yield "news, refused"
        page.locator("#email").fill("name@example.org")
        self.resident.go_on()
        yield "news, taken"
        self.resident.open("question/vision_agree")
        self.resident.fill_in("")
        self.resident.go_on()
        self.resident.open("check")
        self.resident.go_on()
        yield "check, refused"
        self.resident.open("question/who")
        yield "one choice"
        self.resident.go_on()
        yield "one choice, refused"
        self.resident.fill_in("")
        self.resident.go_on()
        self.resident.open("question/vision_say")
        page.locator("#answer").fill("x" * 5_003)
        self.resident.go_on()
        yield "long text, refused"
        self.resident.open("question/walk_days")
        page.locator("#answer").fill("many")
        self.resident.go_on()
        yield "number, refused"
        self.resident.open("question/priorities")
        for place in range(2):
            page.locator("select").nth(place).select_option("1")
        self.resident.go_on()
        yield "ranking, refused"
        page.locator("select").nth(1).select_option("2")
        self.resident.go_on()

    def _answering(self) -> Iterator[str]:
        page = self.resident.page
        with in_session(self.app) as session, unit_of_work(session):
            path = Path(self.app.config["CONSULT_SETTINGS"].data_dir) / "postcodes.csv"
            path.write_text("postcode,area_code\nB1 1BB,E05011151\n", encoding="utf-8")
            postcodes.load(session, path)
        words = WORDS[self.resident.language]
        self.resident.open("question/vision_agree")
        for key in self.resident.answer_until("check", words):
            if key in SHOWN_KINDS:
                yield f"{key}: {SHOWN_KINDS[key]}"
            elif key == "about-you":
                yield key
            if key == "vision_agree":
                page.locator(".consult-section summary").click()
                yield "the part of the plan, opened"
            if key == "help_most":
                page.locator("[data-reveals]").check()
                yield "several choices, other words"
                page.locator("[data-reveals]").uncheck()
            if key == "ward":
                page.locator("main details summary").click()
                page.locator("#postcode").fill("nowhere")
                follow(page.locator("[name=find_ward]"))
                yield "postcode, refused"
                page.locator("#postcode").fill("b1 1bb")
                follow(page.locator("[name=find_ward]"))
                yield "postcode, found"
        yield "check"
        yield self._open("save")
        self.resident.go_on()
        yield "save, with the code"
        self.resident.open("check")

    def _sent(self) -> Iterator[str]:
        page = self.resident.page
        self.resident.go_on()
        assert self.resident.is_at("receipt"), page.url
        yield "receipt"
        yield self._open("my-response")
        follow(page.locator("form[action$='/change'] button"))
        yield "check, for a change"
        self.resident.go_on()
        yield "receipt of a change"
        yield self._open("my-response/withdraw", "withdraw")
        self.resident.go_on()
        yield "withdrawn"
        follow(page.locator("form[action$='/clear-device'] button").last)
        yield "cleared device"

    def _when_closed(self) -> Iterator[str]:
        put(self.app, changed(self.document, paused=True))
        yield self._open("answer", "answer, paused")
        yield self._open("", "start, paused")
        put(self.app, self.document)
        open_since = self.clock.now
        self.clock.now = self.document.opens - timedelta(days=1)
        yield self._open("answer", "answer, before")
        yield self._open("", "start, before")
        self.clock.now = self.document.closes + timedelta(days=30)
        yield self._open("answer", "answer, closed")
        yield self._open("", "start, closed")
        self.clock.now = open_since
