"""Tests that cannot run here say so loudly, and fail where nobody would read it."""

import os
from typing import NoReturn

import pytest

_reasons = pytest.StashKey[dict[str, tuple[str, str]]]()


def missing(config: pytest.Config, what: str, reason: str, *, required_by: str) -> NoReturn:
    """Skip the tests that need ``what``, and repeat the reason at the end of the run.

    Where ``CI`` is true, or the environment variable ``required_by`` is 1, the tests fail
    instead.
    """
    config.stash.setdefault(_reasons, {})[what] = (reason, required_by)
    message = f"{what.upper()} TESTS DID NOT RUN: {reason}"
    if os.environ.get(required_by) == "1" or os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for what, (reason, required_by) in config.stash.get(_reasons, {}).items():
        terminalreporter.section(f"{what.upper()} TESTS DID NOT RUN", sep="*", red=True, bold=True)
        for line in (
            f"{what.upper()} TESTS DID NOT RUN: {reason}",
            "What they check is unknown until they run: `make system` installs what they need.",
            f"{required_by}=1 makes them fail instead of being skipped.",
        ):
            terminalreporter.write_line(line, red=True, bold=True)
