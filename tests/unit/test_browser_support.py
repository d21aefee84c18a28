"""The tests' browser reaches our server only, and notices barriers, errors and stray requests."""

import pytest
from playwright.sync_api import Error
from werkzeug.wrappers import Request, Response

from tests.support.browser import Watch, assert_accessible

POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'"
GOOD = """<!doctype html><html lang="en"><head><title>Good</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Good</h1><noscript><p>No scripts here.</p></noscript>
<label for="name">Name</label> <input id="name"></main></body></html>"""
BAD = GOOD.replace('<label for="name">Name</label>', "")
PAGES = {
    "/good": GOOD,
    "/bad": BAD,
    "/stray": GOOD.replace("<main>", '<main><img src="http://example.org/x.png" alt="">'),
}

pytestmark = pytest.mark.browser


@pytest.fixture
def site(live_server):
    @Request.application
    def application(request):
        if request.path not in PAGES:
            return Response("Nothing", status=200 if request.path == "/favicon.ico" else 404)
        policy = POLICY + ("; img-src *" if request.path == "/stray" else "")
        return Response(
            PAGES[request.path],
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": policy},
        )

    return live_server(application).url


@pytest.mark.parametrize("javascript", [True, False])
def test_axe_runs_under_a_strict_policy(site, new_page, javascript):
    page = new_page(javascript=javascript)
    page.goto(f"{site}/good")
    assert ("No scripts here." in page.inner_text("main")) is not javascript
    assert_accessible(page)

    page.goto(f"{site}/bad")
    with pytest.raises(AssertionError, match=r"label \(critical\)"):
        assert_accessible(page)


def test_the_page_is_a_phone(site, page):
    page.goto(f"{site}/good")
    assert page.evaluate("[innerWidth, innerHeight, navigator.language]") == [360, 740, "en-GB"]


@pytest.fixture
def watched(browser):
    """A watch on a context of its own, so that what it finds fails no test."""
    context = browser.new_context()
    watch = Watch([])
    watch.attach(context)
    yield watch, context.new_page()
    context.close()


def test_a_request_to_another_host_is_noticed_and_goes_nowhere(site, watched):
    watch, page = watched
    page.goto(f"{site}/stray")
    assert watch.faults[0] == "request to another host: http://example.org/x.png"
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")


def test_errors_of_scripts_and_of_the_console_are_noticed(site, watched):
    watch, page = watched
    page.goto(f"{site}/good")
    page.evaluate("setTimeout(() => { throw new Error('thrown') })")
    page.wait_for_timeout(200)
    page.goto(f"{site}/nowhere")

    assert "thrown" in watch.faults[0]
    assert "status of 404" in watch.faults[1]
    watch.expected_errors = ["status of 404", "thrown"]
    assert watch.unexpected() == []


def test_expected_errors_fail_no_test(site, new_page):
    page = new_page(expected_errors=["status of 404"])
    assert page.goto(f"{site}/nowhere").status == 404
