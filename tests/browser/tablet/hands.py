"""What a helper and the people with them do on a tablet, by what they see on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.tablet.place import PARTNER
from tests.support.browser import until
from tests.support.staff import PASSWORD

SEVEN_INCHES: ViewportSize = {"width": 600, "height": 1024}
PASSPHRASE = "apple river lamp"

Act = Callable[[Locator], None]


@dataclass
class Hands:
    """One tablet; ``seen`` is called on each new screen."""

    page: Page
    site: str
    seen: Callable[[str], None] = field(default=lambda _heading: None)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def heading(self) -> str:
        """The heading of the screen at hand."""
        return self.page.locator("h1").inner_text()

    @property
    def progress(self) -> str:
        """The place of the question at hand."""
        return self.page.locator(".tablet-progress").inner_text()

    def press(self, words: str) -> None:
        """Press a button by its words, and wait for the next screen."""
        self.leave(self.main.get_by_role("button", name=words, exact=True).first.click)

    def go_on(self) -> None:
        """Press what most people press next, whatever the language."""
        self.leave(self.main.locator(".tablet-button--main").first.click)

    def arrive(self, heading: str) -> None:
        """Wait for a screen."""
        expect(self.page.locator("h1")).to_have_text(heading)
        self.seen(heading)

    def enrol(self, name: str = "Tablet 7") -> None:
        """Sign in once, and add the tablet, up to the list of sessions."""
        self.page.goto(f"{self.site}/tablet/")
        self.arrive("Get this tablet ready")
        self.page.click("a.tablet-button")
        self.page.fill("[name=email]", PARTNER)
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.site}/tablet/")
        expect(self.page.locator("#name")).to_be_visible()
        self.seen("the form of a new tablet")
        self.page.fill("#name", name)
        self.press("Add this tablet")
        expect(self.page.locator("h1")).not_to_have_text("Get this tablet ready")
        if self.heading != "Sessions":
            self.seen(self.heading)
            self.press("Go on")
        self.arrive("Sessions")

    def load(self) -> None:
        """Load the questions, and choose a passphrase."""
        self.press("Load the questions")
        self.choose_passphrase()

    def choose_passphrase(self) -> None:
        """Choose a passphrase, and wait until the app needs no network."""
        self.arrive("Choose a passphrase for today")
        self.page.fill("#passphrase", PASSPHRASE)
        self.press("Continue")
        expect(self.page.locator("[data-owed]")).to_be_visible()
        until(self.page, "navigator.serviceWorker.controller !== null")

    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        """Type the passphrase where it is asked for."""
        self.page.fill("#passphrase", passphrase)
        self.page.keyboard.press("Enter")

    def begin(
        self,
        language: str,
        *,
        alone: bool = False,
        nickname: str = "",
        interpreted: bool = False,
    ) -> None:
        """The next person says yes, in the language of that name."""
        self.press("Next person")
        self.seen("language")
        self.press(language)
        self.seen("consent")
        self.go_on()
        expect(self.page.locator("#nickname")).to_be_visible()
        self.seen("mode")
        self.page.fill("#nickname", nickname)
        if self.page.locator("#interpreted").is_checked() is not interpreted:
            self.page.locator("label[for=interpreted]").click()
        self.leave(self.main.locator(".tablet-button--main").nth(1 if alone else 0).click)

    def answer(
        self,
        typed: Mapping[str, str],
        *,
        until: str | None = None,
        chosen: frozenset[str] = frozenset(),
    ) -> None:
        """Answer up to the check, or up to a question of which it types the words.

        ``typed`` holds words by the number of the field of text, counted as ``text 1``; each
        choice is the first, or one whose key is in ``chosen``.
        """
        texts = 0
        for _ in range(80):
            self.seen(self.heading)
            if self.page.locator(".tablet-check").count():
                return
            words = self.page.locator("textarea, input[name=answer][type=text]")
            if words.count():
                texts += 1
                is_number = words.first.get_attribute("inputmode") == "numeric"
                words.first.fill("3" if is_number else typed.get(f"text {texts}", ""))
                if until == f"text {texts}":
                    return
            elif self.page.locator(".tablet-choice input").count():
                wanted = [key for key in chosen if self.page.locator(f"input[value={key}]").count()]
                choice = f":has(input[value={wanted[0]}])" if wanted else ""
                self.page.locator(f".tablet-choice{choice} label").first.click()
            self.go_on()
        raise AssertionError("the way does not end")

    def finish(self) -> str:
        """Seal the answers; returns the receipt code."""
        self.go_on()
        code = self.page.locator(".tablet-code")
        expect(code).to_be_visible()
        self.seen("done")
        return code.inner_text().replace(" ", "")

    def press_send(self) -> None:
        """Ask for sending at once, unless the tablet has begun by itself."""
        # At one stroke, for it may begin, and the button go, at any moment.
        button = self.main.get_by_role("button", name="Send now")
        button.evaluate_all("(found) => found.forEach((each) => each.click())")

    def owed(self, count: int) -> None:
        """Wait until the tablet shows that it owes so many."""
        expect(self.page.locator("[data-owed]")).to_have_attribute("data-owed", str(count))

    def leave(self, act: Callable[[], None]) -> None:
        """Do what leads to another screen, and wait until it is there."""
        self.page.evaluate("document.querySelector('h1').dataset.left = ''")
        act()
        expect(self.page.locator("h1:not([data-left])")).to_be_visible()
