"""The forms of passkeys: the library's, with our checks."""

from typing import Any

from flask import request, session
from flask_security import (
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninForm,
    WebAuthnSigninResponseForm,
    WebAuthnVerifyForm,
    current_user,
)
from flask_security.utils import get_message
from wtforms import HiddenField, StringField

from consult.db import db
from consult.services import identities
from consult.sign_in import openid, second_factor
from consult.sign_in.app_codes import held
from consult.sign_in.passkeys import KIND, MOST, is_ours


class NamePasskeyForm(WebAuthnRegisterForm):
    """The name of a new passkey."""

    name: StringField = StringField()
    usage: HiddenField = HiddenField()  # type: ignore[assignment]
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Check the name, and that there are not too many."""
        if not (self.name.data or "").strip():
            return _refused(self.name, "WEBAUTHN_NAME_REQUIRED")
        if len(current_user.webauthn) >= MOST:
            return _refused(self.name, "TOO_MANY_PASSKEYS", count=MOST)
        self.usage.data = KIND
        return super().validate(**kwargs)


class NewPasskeyForm(WebAuthnRegisterResponseForm):
    """What a device answered when it made a passkey."""

    credential: HiddenField = HiddenField()
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Check it; what the browser adds about its extensions is not kept."""
        if not is_ours(self.challenge):
            return _refused(self.credential, "WEBAUTHN_EXPIRED")
        checked = super().validate(**kwargs)
        self.extensions = None  # type: ignore[assignment]
        return checked


class StartPasskeyForm(WebAuthnSigninForm):
    """Nothing but the button: who it is, the passkey tells."""

    identity = None  # type: ignore[assignment]
    remember: HiddenField = HiddenField()  # type: ignore[assignment]
    submit = None  # type: ignore[assignment]


class PasskeyForm(WebAuthnSigninResponseForm):
    """What a passkey answered, at sign-in or to show once more who it is."""

    remember: HiddenField = HiddenField()
    credential: HiddenField = HiddenField()
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Check it; as a second step it must be of the person whose password was right."""
        self.is_verify = True  # ours serve all purposes; the library would tell them apart
        self.remember.data = ""
        if not is_ours(self.challenge):
            return _refused(self.credential, "WEBAUTHN_EXPIRED")
        if not super().validate(**kwargs):
            return False
        if self.user is None or not self.user.is_active:
            return False
        if self.is_secondary and self.user.fs_uniquifier != session.get("tf_user_id"):
            return _refused(self.credential, "WEBAUTHN_MISMATCH_USER_HANDLE")
        if (
            request.endpoint == "security.wan_signin_response"
            and not self.is_secondary
            and not self.mf_check
        ):  # a touch alone is no whole sign-in
            return _refused(self.credential, "WEBAUTHN_NO_VERIFY")
        return True


class RemovePasskeyForm(WebAuthnDeleteForm):
    """The name of a passkey to remove."""

    name: StringField = StringField()
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Let the last second factor stay where one is needed, and always the last way in."""
        person = held(current_user)
        if not (self.name.data or "").strip():
            return _refused(self.name, "WEBAUTHN_NAME_REQUIRED")
        if not super().validate(**kwargs):
            return False
        if second_factor.is_last(person, passkeys=1):
            return _refused(self.name, "LAST_FACTOR")
        provider = openid.provider()
        issuer = None if provider is None else provider.issuer
        if not identities.has_way_in(db.session, person, issuer=issuer, without_passkeys=1):
            return _refused(self.name, "LAST_WAY_IN")
        return True


class ShowAgainPasskeyForm(WebAuthnVerifyForm):
    """The button that begins showing once more who it is."""

    submit = None  # type: ignore[assignment]


def _refused(field: Any, message: str, **values: Any) -> bool:
    field.errors = [*field.errors, get_message(message, **values)[0]]
    return False
