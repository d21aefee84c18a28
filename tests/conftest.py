"""Fixtures for every test; what they need lives in ``tests/support``."""

pytest_plugins = [
    "pytester",
    "tests.support.addresses",
    "tests.support.leftovers",
    "tests.support.order",
    "tests.support.missing",
    "tests.support.logs",
    "tests.support.postgres",
    "tests.support.databases",
    "tests.support.worlds",
    "tests.support.server",
    "tests.support.visitors",
    "tests.support.staff",
    "tests.support.browser",
    "tests.support.themes",
]
