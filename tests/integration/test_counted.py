"""Which responses count."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.models import Response
from consult.services.counted import counted
from tests.support.visitors import NOON, Visitor, in_session

EXCLUDED = {"excluded_at": NOON, "excluded_by": "officer", "exclusion_reason": "A test"}
DECIDED = {"timing": "doubtful", "timing_decided_by": "officer"}


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"timing": "late"}, True),
        ({"timing": "doubtful"}, False),
        ({**DECIDED, "timing_decision": "accepted"}, True),
        ({**DECIDED, "timing_decision": "refused"}, False),
        ({"withdrawn_at": NOON + timedelta(days=1)}, False),
        (EXCLUDED, False),
        ({"is_test": True}, False),
    ],
)
def test_what_counts(visitor: Visitor, app: Flask, changes: dict[str, Any], counts: bool) -> None:
    visitor.send_all()
    with in_session(app) as session:
        response = session.scalars(select(Response)).one()
        for name, value in changes.items():
            setattr(response, name, value)
        session.flush()
        assert (session.scalar(select(Response.id).where(counted())) is not None) is counts
        assert (session.scalar(select(Response.id).where(~counted())) is None) is counts
