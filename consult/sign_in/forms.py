"""The forms of signing in: the library's, with our checks and our words.

Labels stand in the templates. Messages are the library's by name (:mod:`consult.sign_in.words`).
"""

from typing import Any

from flask import session, url_for
from flask_security import (
    ChangePasswordForm,
    Form,
    LoginForm,
    MfRecoveryCodesForm,
    MfRecoveryForm,
    ResetPasswordForm,
    TwoFactorRescueForm,
    TwoFactorSelectForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    current_user,
)
from flask_security.proxies import _security
from flask_security.utils import get_message
from wtforms import EmailField, Field, HiddenField, PasswordField, RadioField, StringField

from consult.models import Account
from consult.sign_in import lock_out, passwords, recovery, second_factor
from consult.sign_in.addresses import HALF_WAY_SINCE
from consult.sign_in.app_codes import SECONDS_EITHER_WAY, account_of, held
from consult.views.clock import now


class SignInForm(LoginForm):
    """E-mail address and password, with one answer for all that is wrong."""

    email: EmailField = EmailField()
    password: PasswordField = PasswordField()
    remember = None  # type: ignore[assignment]  # a session ends with the browser, or before
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Check both, unless the name has to wait."""
        if not Form.validate(self, **kwargs):
            return False
        if not all([_given(self.email, "EMAIL_NOT_PROVIDED"), _password_given(self.password)]):
            return False
        name = self.email.data or ""
        if waiting(name, self.password):
            return False
        account = passwords.account_named(name)
        if account is None or not passwords.is_right(account, name, self.password.data or ""):
            return refused(name, account, self.password, "GENERIC_AUTHN_FAILED")
        if not account.active:
            _add(self.password, "DISABLED_ACCOUNT")
            return False
        passwords.keep_up_to_date(account, self.password.data or "")
        self.user = account
        self.next.data = self.next.data or url_for("staff.home")  # not back to this page
        session[HALF_WAY_SINCE] = now().timestamp()
        return True


class ShowAgainForm(VerifyForm):
    """The password once more, before a change that matters."""

    password: PasswordField = PasswordField()
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Check it as at sign-in."""
        if not Form.validate(self, **kwargs) or not _password_given(self.password):
            return False
        return _is_own(account_of(self.user), self.password)


class NewPasswordForm(ResetPasswordForm):
    """A password set anew by a link."""

    password: PasswordField = PasswordField()
    password_confirm: PasswordField = PasswordField()
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Check that it is a good one, and typed twice."""
        return Form.validate(self, **kwargs) and _is_good(
            self.password, self.password_confirm, self.user
        )


class OtherPasswordForm(ChangePasswordForm):
    """Another password, by somebody who knows the present one."""

    password: PasswordField = PasswordField()
    new_password: PasswordField = PasswordField()
    new_password_confirm: PasswordField = PasswordField()
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Check the present one, where there is one, then the new one."""
        person = account_of(current_user)
        if not Form.validate(self, **kwargs):
            return False
        if person.password is not None:
            if not _password_given(self.password) or not _is_own(person, self.password):
                return False
            if passwords.normal(self.new_password.data or "") == passwords.normal(
                self.password.data or ""
            ):
                _add(self.new_password, "PASSWORD_IS_THE_SAME")
                return False
        return _is_good(self.new_password, self.new_password_confirm, person)


class CodeForm(TwoFactorVerifyCodeForm):
    """A code from an authenticator app."""

    code: StringField = StringField()
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Check it, unless the account has to wait; at setting up nobody guesses."""
        if not Form.validate(self, **kwargs) or not _given(self.code, "CODE_NOT_PROVIDED"):
            return False
        if self.is_setup and self.tf_totp_secret != session.get("tf_totp_secret"):
            _add(self.code, "TWO_FACTOR_SETUP_EXPIRED")  # begun in another browser
            return False
        account = held(self.user)
        if not self.is_setup and waiting(account.email, self.code):
            return False
        if self._is_right(account):
            return True
        if self.is_setup:
            _add(self.code, "TWO_FACTOR_INVALID_TOKEN")
            return False
        return refused(account.email, account, self.code, "TWO_FACTOR_INVALID_TOKEN")

    def _is_right(self, account: Account) -> bool:
        return (
            account.active
            and self.primary_method == "authenticator"
            and _security.totp_factory.verify_totp(
                token=self.code.data or "",
                totp_secret=self.tf_totp_secret,
                user=account,
                window=SECONDS_EITHER_WAY,
            )
        )


class RecoveryForm(MfRecoveryForm):
    """A recovery code, in place of the app or the passkey."""

    code: StringField = StringField()
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Check it, unless the account has to wait."""
        if not Form.validate(self, **kwargs) or not _given(self.code, "CODE_NOT_PROVIDED"):
            return False
        account = held(self.user)
        if waiting(account.email, self.code):
            return False
        self.code.data = recovery.plain(self.code.data or "")
        codes = _security.mf_recovery_codes_util
        if not account.active or not codes.check_recovery_code(account, self.code.data):
            return refused(account.email, account, self.code, "INVALID_RECOVERY_CODE")
        return True


class NoRescueForm(TwoFactorRescueForm):
    """The library wants this form on the page for codes; ours has links in its place."""

    help_setup: RadioField = RadioField(choices=[])
    submit = None  # type: ignore[assignment]


class RecoveryCodesForm(MfRecoveryCodesForm):
    """The button that makes recovery codes."""

    show_codes: HiddenField = HiddenField()  # type: ignore[assignment]
    generate_new_codes: HiddenField = HiddenField()  # type: ignore[assignment]


class AppForm(TwoFactorSetupForm):
    """Setting an authenticator app up, or removing it."""

    setup: HiddenField = HiddenField()  # type: ignore[assignment]
    phone: HiddenField = HiddenField()  # type: ignore[assignment]
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Let the last second factor stay where one is needed."""
        if not Form.validate(self, **kwargs):
            return False
        if self.setup.data not in {"authenticator", "disable"}:
            _add(self.setup, "TWO_FACTOR_METHOD_NOT_AVAILABLE")
            return False
        if self.setup.data == "disable" and second_factor.is_last(account_of(self.user), app=True):
            _add(self.setup, "LAST_FACTOR")
            return False
        return True


class WayForm(TwoFactorSelectForm):
    """Which second step to take."""

    which: HiddenField = HiddenField()  # type: ignore[assignment]
    submit = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Take only a way that the account has."""
        if not Form.validate(self, **kwargs):
            return False
        choices: list[tuple[str, str]] = getattr(self.which, "choices", [])
        if self.which.data not in {name for name, _words in choices}:
            _add(self.which, "TWO_FACTOR_METHOD_NOT_AVAILABLE")
            return False
        return True


def waiting(name: str, field: Field) -> bool:
    """Whether the name has to wait; the field then says until when."""
    problem = lock_out.problem(name)
    if problem is not None:
        _errors(field).append(problem)
    return problem is not None


def refused(name: str, account: Account | None, field: Field, message: str) -> bool:
    """Count a failure, and say so at the field. Always false, for a form to return."""
    must_wait = lock_out.failed(name, account)
    _errors(field).append(must_wait or get_message(message)[0])
    return False


def _is_own(account: Account, field: PasswordField) -> bool:
    if waiting(account.email, field):
        return False
    if not passwords.is_right(account, account.email, field.data or ""):
        return refused(account.email, account, field, "INVALID_PASSWORD")
    lock_out.forget(account.email)
    return True


def _is_good(first: PasswordField, second: PasswordField, user: Any) -> bool:
    if not all([_password_given(first), _password_given(second)]):
        return False
    problems, plain = _security.password_util.validate(first.data or "", False, user=user)
    if problems:
        _errors(first).extend(problems)
    elif passwords.normal(second.data or "") != plain:
        _add(second, "RETYPE_PASSWORD_MISMATCH")
    else:
        first.data = plain
        return True
    return False


def _password_given(field: Field) -> bool:
    return _given(field, "PASSWORD_NOT_PROVIDED", strip=False)


def _given(field: Field, message: str, *, strip: bool = True) -> bool:
    text = field.data if isinstance(field.data, str) else ""
    if strip:
        field.data = text = text.strip()
    if not text:
        _add(field, message)
    return bool(text)


def _add(field: Field, message: str) -> None:
    _errors(field).append(get_message(message)[0])


def _errors(field: Field) -> list[str]:
    field.errors = list(field.errors)
    return field.errors
