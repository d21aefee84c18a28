"""What the platform wrote into its log."""

import logging
from collections.abc import Iterator

import pytest

from consult.logs import logger

Logged = list[logging.LogRecord]


class _Kept(logging.Handler):
    def __init__(self, records: Logged) -> None:
        super().__init__()
        self.records = records

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def logged() -> Iterator[Logged]:
    """The records of the test so far, whoever else listens: the log tells nobody above it."""
    records: Logged = []
    handler = _Kept(records)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield records
    logger.setLevel(level)
    logger.removeHandler(handler)
