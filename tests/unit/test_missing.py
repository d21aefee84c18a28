"""A test that cannot run is loud about it, and fails where it has to run."""

import pytest

SUITE = """
    import pytest
    from tests.support.missing import missing

    @pytest.fixture(scope="session")
    def server(pytestconfig):
        missing(pytestconfig, "PostgreSQL", "no initdb", required_by="REQUIRED")

    def test_one(server): ...
    def test_two(server): ...
    def test_three(): ...
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    for name in ("CI", "REQUIRED"):
        monkeypatch.delenv(name, raising=False)
    pytester.makeconftest('pytest_plugins = ["tests.support.missing"]')
    pytester.makepyfile(SUITE)
    return lambda: pytester.runpytest_inprocess()


def test_the_run_ends_with_a_warning(suite):
    result = suite()
    result.assert_outcomes(passed=1, skipped=2)
    result.stdout.fnmatch_lines(["*POSTGRESQL TESTS DID NOT RUN: no initdb"])


@pytest.mark.parametrize(("name", "value"), [("CI", "true"), ("REQUIRED", "1")])
def test_what_is_required_fails(suite, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    suite().assert_outcomes(passed=1, errors=2)
