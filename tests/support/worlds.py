"""A world for each test, on one shared database of each dialect for a module's tests."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.support.consultations import World, example_sqlite, fresh_world, shared_engine
from tests.support.databases import DIALECTS

__all__ = ["engine", "example_sqlite", "world"]


@pytest.fixture(scope="module", params=DIALECTS)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database at head that a module's tests share."""
    with shared_engine(request) as engine:
        yield engine


@pytest.fixture
def world(engine: Engine, request: pytest.FixtureRequest) -> Iterator[World]:
    """A world that holds the example and nothing that another test has left."""
    with fresh_world(engine, request) as world:
        yield world
