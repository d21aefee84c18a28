"""What our e-mails say: plain text, each sentence whole."""

from collections.abc import Callable

from flask_babel import gettext


def new_password_link(link: str) -> str:
    """With the link by which somebody sets a new password."""
    return _paragraphs(
        gettext("Somebody, probably you, asked for a new password for your account in Consult."),
        gettext("Open this address to choose one. It works once, within 24 hours:"),
        link,
        gettext(
            "If it was not you, do nothing: your password stays as it is. Nobody but you gets "
            "this link."
        ),
    )


def password_changed() -> str:
    """After somebody changed the password, knowing the one before."""
    return _paragraphs(
        gettext("The password of your account in Consult has just been changed."),
        _not_you(),
    )


def password_set_anew() -> str:
    """After somebody set the password by a link."""
    return _paragraphs(
        gettext("A new password has just been set for your account in Consult, by a link."),
        gettext("All browsers in which you were signed in are signed out."),
        _not_you(),
    )


BY_TEMPLATE: dict[str, Callable[[], str]] = {
    "security/email/change_notice.txt": password_changed,
    "security/email/reset_notice.txt": password_set_anew,
}
"""The library's e-mails, by the names of its templates, which ours take the place of."""


def _not_you() -> str:
    return gettext(
        "If that was not you, ask for a new password at once, on the page where you sign in, and "
        "tell an admin of your council."
    )


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(texts) + "\n"
