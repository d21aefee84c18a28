"""A tablet that is switched off in the middle of an answer, or lost: the app as people use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.tablet.disk import files_with
from tests.browser.tablet.hands import PASSPHRASE, Hands
from tests.browser.tablet.place import Place
from tests.browser.tablet.rig import Profile

pytestmark = pytest.mark.browser

NICKNAME = "Kingfisher"
WORDS = "Woodpeckers nest behind the swings."
SECRETS = (NICKNAME, "Woodpeckers", "behind the swings", PASSPHRASE)


@pytest.fixture
def profile(place: Place, browser: Browser, tmp_path: Path) -> Iterator[Profile]:
    """A browser whose folder lies on the disk."""
    made = Profile(browser.browser_type, tmp_path / "profile", place.url)
    made.switch_on()
    yield made
    made.switch_off()


def test_what_was_typed_is_there_after_a_power_cut_and_readable_to_nobody(
    place: Place, profile: Profile
) -> None:
    tablet = Hands(profile.blank(), place.url)
    tablet.enrol("Heron")
    tablet.load()
    tablet.begin("English", nickname=NICKNAME)
    tablet.answer({"text 1": WORDS}, until="text 1")
    tablet.page.wait_for_timeout(1_500)  # it is kept soon after the last letter
    assert files_with(profile.folder, "Heron"), "what is in clear is found"
    assert [files_with(profile.folder, secret) for secret in SECRETS] == [[]] * len(SECRETS)
    profile.kill()
    assert [files_with(profile.folder, secret) for secret in SECRETS] == [[]] * len(SECRETS)

    profile.switch_on()
    tablet = Hands(profile.blank(), place.url)
    tablet.page.goto(f"{place.url}/tablet/")
    expect(tablet.page.locator("#passphrase")).to_be_visible()
    tablet.unlock()
    expect(tablet.page.locator(".tablet-paused li")).to_have_count(1)
    tablet.press(f"Go on {NICKNAME}")
    expect(tablet.page.locator("textarea")).to_have_value(WORDS)
    tablet.answer({"text 1": WORDS})
    tablet.finish()
    tablet.press("I have the code. Clear the screen")
    tablet.owed(0)
    assert [each.answers["vision_say"] for each in place.stored()] == [{"text": WORDS}]
    profile.switch_off()
    assert [files_with(profile.folder, secret) for secret in SECRETS] == [[]] * len(SECRETS)


def test_a_browser_that_is_closed_in_a_hand_over_opens_locked(
    place: Place, profile: Profile
) -> None:
    tablet = Hands(profile.blank(), place.url)
    tablet.enrol()
    tablet.load()
    tablet.begin("اردو", alone=True)
    profile.kill()
    profile.switch_on()
    page = profile.blank()
    page.goto(f"{place.url}/tablet/")
    expect(page.locator("#passphrase")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ur")
    assert page.locator("main button").count() == 1
