"""Consultations in the making, as officers' pages write them."""

from typing import Any

import pytest
from flask import Flask

from consult.db import unit_of_work
from consult.models import Workspace
from consult.services import workspaces
from tests.support.staff import Colleague
from tests.support.visitors import NOON, SLUG, Page, in_session

PARKS = "parks"


@pytest.fixture
def parks(app: Flask) -> Workspace:
    """A consultation of which nothing but the title is written."""
    with in_session(app) as session, unit_of_work(session):
        return workspaces.create(session, PARKS, {"title": "Parks"}, actor="test", now=NOON)


def content_of(app: Flask, slug: str = SLUG) -> dict[str, Any]:
    """What officers have written of a consultation so far."""
    with in_session(app) as session:
        found = workspaces.find(session, slug)
        assert found is not None
        return dict(found.content)


def item(app: Flask, field: str, key: str, slug: str = SLUG) -> dict[str, Any]:
    """A section or a question as it is written so far."""
    found = next(each for each in content_of(app, slug)[field] if each["key"] == key)
    return dict(found)


def keys(app: Flask, field: str, slug: str = SLUG) -> list[str]:
    """Keys of the sections or questions in their order."""
    return [each["key"] for each in content_of(app, slug)[field]]


def on(colleague: Colleague, slug: str) -> Colleague:
    """The same person, at work on another consultation."""
    colleague.slug = slug
    return colleague


def written(page: Page, form: str, name: str) -> str:
    """What stands in a field of a form, without line ends that a text area may begin with."""
    return page.form(form).fields[name][0].strip("\n")
