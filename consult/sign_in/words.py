"""What Flask-Security says, in our words, so that they are in our catalogues.

The library translates a message when it is shown, by the same domain as our pages; here the
messages are only marked for whoever collects them.
"""

from typing import Any

from consult.telling.marking import N_

Message = tuple[str, str]


DID_NOT_WORK = N_(
    "Your browser sent something that we do not understand. Go back, load the page again, and try "
    "once more."
)
NOT_RIGHT = N_(
    "The e-mail address and the password do not go together. Check both and try again; if you "
    "have forgotten the password, ask for a new one below."
)
START_AGAIN = N_("That took too long, or it was done in another tab. Start again from this page.")
CODE_WRONG = N_(
    "That code is not right. Type the one that your app shows now; each code works once only."
)
PASSKEY_REFUSED = N_(
    "Your passkey could not be checked. Try again, or use another passkey or your password."
)

MESSAGES: dict[str, Message] = {
    "API_ERROR": (DID_NOT_WORK, "error"),
    "GENERIC_AUTHN_FAILED": (NOT_RIGHT, "error"),
    "USER_DOES_NOT_EXIST": (NOT_RIGHT, "error"),
    "INVALID_PASSWORD": (
        N_("The password is not right. Check it and type it again."),
        "error",
    ),
    "PASSWORD_MISMATCH": (NOT_RIGHT, "error"),
    "DISABLED_ACCOUNT": (
        N_("This account is closed. Ask an admin of your council to open it again."),
        "error",
    ),
    "UNAUTHORIZED": (N_("Your role does not let you do that. Ask an admin."), "error"),
    "UNAUTHENTICATED": (N_("Sign in to go on."), "info"),
    "LOGIN": (N_("Sign in to go on."), "info"),
    "ANONYMOUS_USER_REQUIRED": (N_("You are signed in already."), "info"),
    "REAUTHENTICATION_REQUIRED": (
        N_("Before this change, show once more that it is you."),
        "info",
    ),
    "REFRESH": (N_("Before this change, show once more that it is you."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you. You can go on."), "success"),
    "EMAIL_NOT_PROVIDED": (N_("Enter your e-mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (
        N_("Enter an e-mail address like name@example.gov.uk."),
        "error",
    ),
    "PASSWORD_NOT_PROVIDED": (N_("Enter your password."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (
        N_("The two passwords differ. Type the same one twice."),
        "error",
    ),
    "PASSWORD_INVALID_LENGTH": (
        N_("The password is too short: use at least %(length)s characters."),
        "error",
    ),
    "PASSWORD_TOO_LONG": (
        N_("The password is too long: use at most %(length)s characters."),
        "error",
    ),
    "PASSWORD_TOO_SIMPLE": (
        N_(
            "That password is easy to guess. Take three or four words that do not belong "
            "together, and leave out your name and e-mail address."
        ),
        "error",
    ),
    "PASSWORD_IS_THE_SAME": (
        N_("That is the password you have now. Choose a different one."),
        "error",
    ),
    "FORGOT_PASSWORD": (N_("Forgotten your password?"), "info"),
    "PASSWORD_RESET_REQUEST": (
        N_(
            "If there is an account for %(email)s, an e-mail with a link is on its way. Look in "
            "the folder for unwanted mail, too."
        ),
        "info",
    ),
    "GENERIC_RECOVERY": (
        N_("If there is an account for that address, an e-mail with a link is on its way."),
        "info",
    ),
    "PASSWORD_RESET_EXPIRED": (
        N_("That link was good for %(within)s, and is not any more. Ask for a new one."),
        "error",
    ),
    "INVALID_RESET_PASSWORD_TOKEN": (
        N_(
            "That link does not work. It may have been used already, or a part of it is missing. "
            "Ask for a new one."
        ),
        "error",
    ),
    "PASSWORD_RESET_NO_LOGIN": (
        N_("Your new password is set. Sign in with it."),
        "success",
    ),
    "PASSWORD_CHANGE": (
        N_("Your password is changed. Other browsers are signed out."),
        "success",
    ),
    "INVALID_REDIRECT": (DID_NOT_WORK, "error"),
    "INVALID_INPUT": (
        N_("That name holds characters that cannot be used here, such as < or &. Leave them out."),
        "error",
    ),
    "INVALID_INPUT_LENGTH": (
        N_("That name is too long: use at most %(length)s characters."),
        "error",
    ),
    "INVALID_RECOVERY_CODE": (
        N_("That recovery code is not right, or it was used before. Try another one."),
        "error",
    ),
    "NO_RECOVERY_CODES_SETUP": (N_("You have no recovery codes yet."), "info"),
    "CODE_NOT_PROVIDED": (N_("Enter the code."), "error"),
    "LAST_FACTOR": (
        N_(
            "Your role needs a second step to sign in, and this is the only one you have. Add "
            "another one first."
        ),
        "error",
    ),
    "LAST_WAY_IN": (
        N_(
            "This is the only way into your account. Ask an admin for a link to set a password, "
            "then come back."
        ),
        "error",
    ),
    "TOO_MANY_PASSKEYS": (
        N_("You have %(count)s passkeys, which is the most. Remove one you do not use."),
        "error",
    ),
    "TWO_FACTOR_INVALID_TOKEN": (CODE_WRONG, "error"),
    "INVALID_CODE": (CODE_WRONG, "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        N_("Your authenticator app is set up. You need it the next time you sign in."),
        "success",
    ),
    "TWO_FACTOR_PERMISSION_DENIED": (START_AGAIN, "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (N_("Choose one of the ways on this page."), "error"),
    "TWO_FACTOR_DISABLED": (N_("The authenticator app is removed."), "success"),
    "TWO_FACTOR_SETUP_EXPIRED": (START_AGAIN, "error"),
    "WEBAUTHN_EXPIRED": (START_AGAIN, "error"),
    "WEBAUTHN_NAME_REQUIRED": (
        N_("Give the passkey a name, such as the device it is on."),
        "error",
    ),
    "WEBAUTHN_NAME_INUSE": (
        N_("You have a passkey called %(name)s already. Choose another name."),
        "error",
    ),
    "WEBAUTHN_NAME_NOT_FOUND": (
        N_("You have no passkey called %(name)s. It may be removed already."),
        "error",
    ),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        N_("Use letters, numbers, spaces and simple punctuation only in the name of a passkey."),
        "error",
    ),
    "WEBAUTHN_CREDENTIAL_DELETED": (
        N_("The passkey %(name)s is removed. Delete it on your device, too."),
        "success",
    ),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (
        N_("The passkey %(name)s is added. You can sign in with it from now on."),
        "success",
    ),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (N_("That passkey is registered already."), "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (PASSKEY_REFUSED, "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (PASSKEY_REFUSED, "error"),
    "WEBAUTHN_NO_VERIFY": (PASSKEY_REFUSED, "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (PASSKEY_REFUSED, "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (PASSKEY_REFUSED, "error"),
}
"""By the library's name for it: the words and the kind of a message."""

SUBJECTS = {
    # Translators: subject of an e-mail
    "EMAIL_SUBJECT_PASSWORD_NOTICE": N_("Consult: your password has been set anew"),
    # Translators: subject of an e-mail
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": N_("Consult: your password has been changed"),
}

NEVER_SHOWN = frozenset(
    {
        # Signing up, confirming addresses, changing them, links in place of a password, codes by
        # e-mail or SMS, other providers, user names, tokens for programs: all switched off.
        "ALREADY_CONFIRMED",
        "CHANGE_EMAIL_CONFIRMED",
        "CHANGE_EMAIL_EXPIRED",
        "CHANGE_EMAIL_SENT",
        "CODE_HAS_BEEN_SENT",
        "CONFIRMATION_EXPIRED",
        "CONFIRMATION_REQUEST",
        "CONFIRMATION_REQUIRED",
        "CONFIRM_REGISTRATION",
        "EMAIL_ALREADY_ASSOCIATED",
        "EMAIL_CONFIRMED",
        "FAILED_TO_SEND_CODE",
        "GENERIC_US_SIGNIN",
        "IDENTITY_ALREADY_ASSOCIATED",
        "IDENTITY_NOT_REGISTERED",
        "INVALID_CONFIRMATION_TOKEN",
        "INVALID_LOGIN_TOKEN",
        "INVALID_PASSWORD_CODE",
        "LOGIN_EMAIL_SENT",
        "LOGIN_EXPIRED",
        "OAUTH_HANDSHAKE_ERROR",
        "PASSWORDLESS_LOGIN_SUCCESSFUL",
        "PASSWORD_BREACHED",
        "PASSWORD_BREACHED_SITE_ERROR",
        "PASSWORD_RESET",  # what is said where a reset signs in, too; ours does not
        "PHONE_INVALID",
        "REFRESH_TOKEN_INVALID",
        "USERNAME_ALREADY_ASSOCIATED",
        "USERNAME_CHANGE",
        "USERNAME_DISALLOWED_CHARACTERS",
        "USERNAME_INVALID_LENGTH",
        "USERNAME_NOT_PROVIDED",
        "USERNAME_RECOVERY_REQUEST",
        "USE_CODE",
        "US_CURRENT_METHODS",
        "US_METHOD_NOT_AVAILABLE",
        "US_SETUP_EXPIRED",
        "US_SETUP_SUCCESSFUL",
        "US_SPECIFY_IDENTITY",
    }
)
"""Messages of parts of the library that are switched off. A test names any other one."""


def settings() -> dict[str, Any]:
    """The library's settings that make it speak our words."""
    return {
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": None,  # where Flask-Babel looks for the pages' messages
        **{f"SECURITY_MSG_{name}": message for name, message in MESSAGES.items()},
        **{f"SECURITY_{name}": subject for name, subject in SUBJECTS.items()},
    }
