"""Every type of page, in three scripts: no barriers, nothing cut off, nothing too small."""

import pytest

from tests.browser.journey import Resident, Tour
from tests.browser.seen import look
from tests.support.browser import assert_accessible

pytestmark = pytest.mark.browser

REFUSALS = ["status of 422", "status of 404"]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ur", "bn"])
def test_every_page_is_accessible_and_fits(
    app, clock, model_document, live_server, new_page, language
):
    page = new_page(locale=language, expected_errors=REFUSALS)
    tour = Tour(Resident(page, live_server(app).url, language), app, clock, model_document)
    faults: list[str] = []
    names: list[str] = []
    for name in tour.stops():
        names.append(name)
        faults.extend(f"{name}: {fault}" for fault in look(page).faults())
        try:
            assert_accessible(page)
        except AssertionError as error:
            faults.append(f"{name}: {error}")
    assert len(names) == len(set(names)) > 50
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)
