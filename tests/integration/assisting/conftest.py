"""Who is at work in the tests of assisted sessions."""

import pytest
from flask import Flask

from consult.models import Workspace
from tests.integration.assisting.people import PIOTR, join, partner_row
from tests.support.staff import Colleague, Hire


@pytest.fixture
def partner(app: Flask, desk: Workspace, hire: Hire) -> Colleague:
    """Somebody of the partner organisation, signed in."""
    organisation = partner_row(app)
    found = hire("partner", email=PIOTR)
    join(app, PIOTR, organisation)
    return found


@pytest.fixture
def officer(desk: Workspace, hire: Hire) -> Colleague:
    return hire("officer")
