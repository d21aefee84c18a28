"""Browsers in words."""

import pytest

from consult.sign_in.device import Device

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"


@pytest.mark.parametrize(
    ("agent", "kept"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "Chrome/Windows"),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/142.0.0.0",
            "Edge/Windows",
        ),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "Chrome/Android"),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet/Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.6 Safari/605.1.15",
            "Safari/Mac",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1",
            "Chrome/iPhone",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox/Linux",
        ),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36", "Chrome/Chromebook"),
        ("curl/8.5.0", "/"),
        ("", "/"),
        ("x" * 10_000 + " Firefox/145.0", "/"),
    ],
)
def test_a_browser_is_known_by_what_it_says(agent, kept):
    device = Device.of(agent)
    assert device.to_keep() == kept
    assert Device.kept_as(kept) == device


def test_what_is_unknown_has_words_too(app):
    with app.test_request_context("/en/staff/"):
        assert Device("Firefox", "Windows").words() == "Firefox on Windows"
        assert Device("Firefox", "").words() == "Firefox"
        assert Device("", "Windows").words() == "Windows"
        assert Device("", "").words() == "A browser that we do not know"
