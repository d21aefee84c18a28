"""Flask-Security, configured."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, g
from flask_security import FSQLALiteUserDatastore, Security

from consult.config import Settings
from consult.db import db
from consult.models import Account, Passkey, Role

PREFIX = "/<language>/staff/account"


def init_app(app: Flask, settings: Settings) -> None:
    """Set Flask-Security up."""
    app.config.update(
        SECURITY_URL_PREFIX=PREFIX,
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_DATETIME_FACTORY=lambda: datetime.now(UTC),
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_LOGOUT_METHODS=["POST"],
    )
    datastore = FSQLALiteUserDatastore(db, Account, Role, Passkey)
    app.extensions["consult_accounts"] = Security(app, datastore)
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)


def _take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if endpoint is not None and endpoint.startswith("security."):
        g.page_language = (values or {}).pop("language", "en")


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint.startswith("security."):
        values.setdefault("language", g.get("page_language", "en"))
