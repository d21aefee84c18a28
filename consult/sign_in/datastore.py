"""Where Flask-Security finds accounts, within our units of work."""

from typing import Any

from flask_security import FSQLALiteUserDatastore, UserMixin

from consult.db import db
from consult.models import Account, Passkey, Role
from consult.views.clock import now


class Accounts(FSQLALiteUserDatastore):
    """The library's own, but that it never commits.

    Each request of the library's that may write runs in one unit of work
    (:mod:`consult.sign_in.writing`), which commits once, after the view.
    """

    def __init__(self) -> None:
        super().__init__(db, Account, Role, Passkey)

    def commit(self) -> None:
        """Send what is pending to the database; the unit of work commits it."""
        db.session.flush()

    def create_webauthn(self, user: UserMixin, *args: Any, **kwargs: Any) -> None:
        """Add a passkey, with the time of its making."""
        super().create_webauthn(user, *args, create_datetime=now(), **kwargs)
