"""Flask-Security, configured: which of its parts are on, and what is ours in them."""

from typing import Any

from flask import Flask
from flask_security import Security

from consult.config import Settings
from consult.sign_in import (
    addresses,
    app_codes,
    forgotten,
    mail,
    passkeys,
    second_factor,
    sessions,
    trail,
    words,
    writing,
)
from consult.sign_in.datastore import Accounts
from consult.sign_in.forms import (
    AppForm,
    CodeForm,
    NewPasswordForm,
    NoRescueForm,
    OtherPasswordForm,
    RecoveryCodesForm,
    RecoveryForm,
    ShowAgainForm,
    SignInForm,
    WayForm,
)
from consult.sign_in.freshness import FRESH
from consult.sign_in.passkey_forms import (
    NamePasskeyForm,
    NewPasskeyForm,
    PasskeyForm,
    RemovePasskeyForm,
    ShowAgainPasskeyForm,
    StartPasskeyForm,
)
from consult.sign_in.passwords import SHORTEST, PasswordRules
from consult.sign_in.recovery import RecoveryCodes
from consult.views.clock import now


class Doors(Security):
    """The library, without the package it would draw QR codes with: ours draws them."""

    def _check_modules(self, module: str, config_name: str) -> Any:
        if module == "qrcode":
            return None
        return super()._check_modules(module, config_name)  # type: ignore[no-untyped-call]


HASHING: dict[str, int] = {}
"""What argon2 is told of time and memory: its own careful defaults. Tests make it quick."""


def init_app(app: Flask, settings: Settings) -> None:
    """Set Flask-Security up."""
    app.config.update(_settings(settings))
    mail.init_app(app, settings)
    doors = Doors(
        app,
        Accounts(),
        login_form=SignInForm,
        verify_form=ShowAgainForm,
        reset_password_form=NewPasswordForm,
        change_password_form=OtherPasswordForm,
        two_factor_verify_code_form=CodeForm,
        two_factor_setup_form=AppForm,
        two_factor_rescue_form=NoRescueForm,
        two_factor_select_form=WayForm,
        mf_recovery_codes_form=RecoveryCodesForm,
        mf_recovery_form=RecoveryForm,
        wan_register_form=NamePasskeyForm,
        wan_register_response_form=NewPasskeyForm,
        wan_signin_form=StartPasskeyForm,
        wan_signin_response_form=PasskeyForm,
        wan_delete_form=RemovePasskeyForm,
        wan_verify_form=ShowAgainPasskeyForm,
        mail_util_cls=mail.Post,
        password_util_cls=PasswordRules,
        render_template=writing.page,
        totp_cls=app_codes.AppCodes,
        webauthn_util_cls=passkeys.Passkeys,
        mf_recovery_codes_util_cls=RecoveryCodes,
    )
    doors.want_json(lambda _request: False)  # pages for people, in their language
    app.extensions["consult_accounts"] = doors
    app.view_functions["security.forgot_password"] = forgotten.forgot_password
    writing.wrap_views(app)
    addresses.init_app(app)
    sessions.init_app(app, doors.login_manager)
    trail.init_app(app)
    app.add_template_global(app_codes.setting_up, "app_being_set_up")
    app.add_template_global(passkeys.place, "passkey_place")
    app.add_template_global(second_factor.half_way, "half_way_in")


def _settings(settings: Settings) -> dict[str, Any]:
    return {
        **words.settings(),
        **passkeys.settings(),
        "SECURITY_URL_PREFIX": addresses.PREFIX,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_DATETIME_FACTORY": now,
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        # Passwords
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": HASHING,
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
        "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKD",
        "SECURITY_RESET_PASSWORD_WITHIN": forgotten.GOOD_FOR,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_EMAIL_HTML": False,
        # Our forms say the same whoever asks, whether or not there is an account.
        "SECURITY_RETURN_GENERIC_RESPONSES": False,
        # Second steps
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": app_codes.SECONDS_EITHER_WAY,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TOTP_SECRETS": app_codes.secrets_for(settings.secret_key),
        "SECURITY_TOTP_ISSUER": app_codes.ISSUER,
        "SECURITY_FRESHNESS": FRESH,
        "SECURITY_FRESHNESS_GRACE_PERIOD": FRESH,
        # Where each of them leads
        "SECURITY_POST_LOGIN_VIEW": "staff.home",
        "SECURITY_POST_LOGOUT_VIEW": "security.login",
        "SECURITY_POST_RESET_VIEW": "security.login",
        "SECURITY_POST_CHANGE_VIEW": "staff.my_account",
        "SECURITY_POST_VERIFY_VIEW": "staff.my_account",
        "SECURITY_TWO_FACTOR_ERROR_VIEW": "security.login",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "staff.my_account",
        "SECURITY_WAN_POST_REGISTER_VIEW": "staff.my_account",
    }
