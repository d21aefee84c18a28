"""What only the tests in Chromium need."""

from collections.abc import Iterator

import flask_sqlalchemy_lite._extension as flask_sqlalchemy
import pytest


@pytest.fixture(scope="session", autouse=True)
def no_asynchronous_sessions() -> Iterator[None]:
    """Let applications be used in this thread while the browser runs.

    Playwright keeps an event loop running here until the end of the run. At the end of each
    request Flask-SQLAlchemy-Lite closes asynchronous sessions, which the product has none of,
    through asgiref, which refuses to work beside a running loop.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flask_sqlalchemy, "_close_async_sessions", lambda _error: None)
        yield
