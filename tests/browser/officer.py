"""A new officer's way, in Chromium: from a Word draft to a consultation that residents answer."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import docx
import polib
from playwright.sync_api import Locator, Page

from tests.support.browser import follow
from tests.support.staff import PASSWORD

SLUG = "parks-for-all"
LANGUAGES = ("ur", "pa", "bn", "pl", "ar", "so", "ro")
GUNNING = ("formative", "information", "time", "consideration")

WORDS = {
    "title": "Parks for all",
    "asked_by": "Riverton Council",
    "introduction": "We have a draft plan for our parks. Tell us what you think of it.",
    "what_happens_next": "We read every answer. In May we say what we changed, and why.",
    "consent": "I am 16 or over. I have read how my answers are used.",
    "monitoring_introduction": "These questions help us see whose voice is missing.",
}

CONTACT = {
    "phone": "0121 496 0123",
    "email": "parks@riverton.gov.uk",
    "paper": "Call us, and we will post you the questions.",
    "large_print": "Call us, and tell us how big the letters should be.",
    "sign_language": "Send us an email, and we will find somebody who signs.",
}

SECTIONS = {"Trees": "We will plant a thousand trees.", "Play": "We will mend every swing."}


def draft() -> bytes:
    """A draft strategy as a Word document."""
    document = docx.Document()
    document.add_heading("Parks for all", level=0)
    for title, text in SECTIONS.items():
        document.add_heading(title, level=1)
        document.add_paragraph(text)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


@dataclass
class Officer:
    """Somebody at a desk, with one browser."""

    page: Page
    site: str
    language: str = "en"

    def open(self, rest: str = "") -> None:
        """Open a page for staff."""
        self.page.goto(f"{self.site}/{self.language}/staff/{rest}")

    def consultation(self, rest: str = "") -> None:
        """Open a page of the consultation that is being set up."""
        self.open(f"consultations/{SLUG}/{rest}")

    def sign_in(self, email: str) -> None:
        """Sign in with a password."""
        self.open("account/login")
        self.page.fill("#email", email)
        self.page.fill("#password", PASSWORD)
        self.press("Sign in")

    def press(self, words: str, within: str = "main") -> None:
        """Press a button, and wait for the page that comes."""
        follow(self.page.locator(within).get_by_role("button", name=words, exact=True).last)

    def fill(self, fields: dict[str, str]) -> None:
        """Write into fields by their names."""
        for name, value in fields.items():
            self.page.locator(f"main [name='{name}']").first.fill(value)

    def day(self, name: str, day: datetime) -> None:
        """Write a date into its three fields."""
        self.fill(
            {
                f"{name}-day": str(day.day),
                f"{name}-month": str(day.month),
                f"{name}-year": str(day.year),
            }
        )


def set_up(officer: Officer, now: datetime) -> Iterator[str]:
    """Everything up to the second person's word; yields the name of each step, done."""
    officer.open("new")
    officer.page.check("[name=kind][value=draft]")
    officer.page.set_input_files(
        "#file", {"name": "parks.docx", "mimeType": "application/msword", "buffer": draft()}
    )
    officer.press("Begin")
    yield "begin"
    yield from _write(officer, now)
    yield from _translate(officer)
    officer.consultation("readiness/questions")
    for name in GUNNING:
        officer.fill({name: f"We have settled this, and said so on the first page: {name}."})
    officer.page.locator("[name=choice_election][value=no]").check()
    officer.fill({"election": "No election is called in this time."})
    officer.press("Save the answers")
    yield "answer what only people can"
    officer.consultation("sign-off")
    officer.press("Ask for a second person’s word")
    yield "ask a second person"


def _write(officer: Officer, now: datetime) -> Iterator[str]:
    officer.consultation("words")
    officer.fill(WORDS)
    officer.press("Save")
    yield "words"
    for title in SECTIONS:
        officer.consultation("sections")
        _follow(officer, officer.page.get_by_role("link", name=title, exact=True))
        officer.fill(
            {
                "summary": f"{title} are good for us. We want more of that in each part of town.",
                "easy_read": f"We like {title.lower()}.\nWe want more.",
            }
        )
        officer.press("Save")
    yield "sections"
    officer.consultation("questions/add/fields?kind=long_text")
    officer.fill({"label": "What do you think of the plan for trees?"})
    officer.page.locator("[name=section]").select_option(label="Trees")
    officer.press("Save")
    officer.consultation("questions/standard")
    for key in ("age", "disability"):
        officer.page.locator(f"[name=questions][value={key}]").check()
    officer.press("Add them")
    yield "questions"
    officer.consultation("dates")
    officer.day("opens_at", now + timedelta(days=2))
    officer.fill({"opens_at-time": "09:00"})
    officer.day("closes_at", now + timedelta(days=60))
    officer.fill({"closes_at-time": "23:59"})
    officer.press("7 days after closing")
    officer.press("Save")
    yield "dates"
    officer.consultation("contact")
    officer.fill(CONTACT)
    officer.press("Save")
    yield "help"
    officer.consultation("privacy")
    officer.fill(
        {
            "controller": "Riverton Council",
            "contact": "Data Protection Officer, dpo@riverton.gov.uk",
            "impact_assessment": "DPIA-2026-3",
        }
    )
    for name in ("lawful_basis_article_6", "lawful_basis_article_9", "who_sees"):
        offered = officer.page.locator("main details").filter(
            has=officer.page.locator(f"button[name=offer][value={name}]")
        )
        offered.locator("summary").click()
        _follow(officer, offered.locator("button"))
    officer.press("One year after the last answers")
    officer.press("Save")
    yield "privacy"


def _translate(officer: Officer) -> Iterator[str]:
    officer.consultation("languages")
    for code in LANGUAGES:
        officer.page.locator(f"[name=languages][value={code}]").check()
    officer.press("Save the languages")
    yield "languages"
    for code in LANGUAGES:
        officer.consultation(f"translations/{code}/files")
        with officer.page.expect_download() as download:
            officer.page.locator("main a[download][href*='/po']").first.click()
        translated = _translated(download.value.path().read_text(encoding="utf-8"), code)
        officer.page.set_input_files(
            "#file",
            {"name": f"{code}.po", "mimeType": "text/x-gettext", "buffer": translated.encode()},
        )
        officer.press("See what it would change")
        officer.fill({"translator": "Planted translator"})
        officer.page.locator("[name=approve]").check()
        officer.press("Bring the file in")
    yield "translations"


def _translated(text: str, code: str) -> str:
    """A translator's file, with a made-up translation of every text, as many lines as before."""
    catalogue = polib.pofile(text)
    said = {
        "ur": "ہمارے پارک سب کے لیے",
        "pa": "ਸਾਡੇ ਪਾਰਕ ਸਭ ਲਈ",
        "bn": "আমাদের পার্ক সবার জন্য",
        "pl": "Nasze parki dla wszystkich",
        "ar": "حدائقنا للجميع",
        "so": "Beeraheena dhammaan",
        "ro": "Parcurile noastre pentru toți",
    }[code]
    for number, entry in enumerate(catalogue):
        if not entry.msgstr:
            entry.msgstr = "\n".join(f"{said} {number}" for _ in entry.msgid.split("\n"))
    return str(catalogue)


def _follow(officer: Officer, link: Locator) -> None:
    follow(link)
