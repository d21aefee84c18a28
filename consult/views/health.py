"""Whether the service and its database answer, for a load balancer."""

from flask import Flask, Response, jsonify
from sqlalchemy import text

from consult.db import UNAVAILABLE, db


def init_app(app: Flask) -> None:
    """Add the health page."""
    app.add_url_rule("/healthz", "healthz", healthz)


def healthz() -> tuple[Response, int]:
    """Status 200 if a resident could answer now, 503 if not."""
    try:
        db.session.execute(text("SELECT 1 FROM consultation LIMIT 1"))
    except UNAVAILABLE:
        return jsonify(status="unavailable", database="unreachable"), 503
    return jsonify(status="ok", database="ok"), 200
