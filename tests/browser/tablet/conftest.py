"""A council that holds a session, as a tablet finds it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.tablet.place import Place, set_up, time_runs


@pytest.fixture
def place(app: Flask, desk: Any, live_server: Callable[[Any], Any]) -> Place:
    """The model case, a partner with an account, and a session of theirs, on a server."""
    time_runs(app)
    return set_up(app, live_server(app).url)
