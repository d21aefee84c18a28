"""Words about the council's own sign-in, and why it did not let somebody in."""

from flask_babel import gettext

from consult.sign_in import openid
from consult.sign_in.openid import Trouble
from consult.views.clock import settings
from consult.views.staff.current import blueprint


def sign_in_name() -> str:
    """What staff call the council's sign-in."""
    # Translators: within a sentence, as "Use the council’s sign-in"
    return settings().oidc_name or gettext("the council’s sign-in")


@blueprint.app_template_global()
def council_sign_in() -> str | None:
    """What staff call it, where this installation has one."""
    return sign_in_name() if openid.provider() is not None else None


def taken() -> str:
    """A sentence for a sign-in that belongs to somebody already."""
    return gettext(
        "This account at %(name)s belongs to another account here already, or you have "
        "linked another one. Ask an admin if that is wrong.",
        name=sign_in_name(),
    )


def trouble_words(trouble: Trouble) -> str:
    """What went wrong, and what to do."""
    name = sign_in_name()
    match trouble:
        case Trouble.SILENT:
            return gettext(
                "There was no answer from %(name)s. Try again in a few minutes, or sign in "
                "with your password.",
                name=name,
            )
        case Trouble.MISBEHAVED:
            return gettext(
                "The answer from %(name)s could not be used. Try again; if it happens again, "
                "tell an admin.",
                name=name,
            )
        case Trouble.UNTRUSTED:
            return gettext(
                "The answer that came was not surely from %(name)s, so it was not used. Try "
                "again; if it happens again, tell an admin.",
                name=name,
            )
        case Trouble.LOST:
            return gettext(
                "This sign-in was begun too long ago, in another browser, or is done already. "
                "Begin again."
            )
        case Trouble.STOPPED:
            return gettext(
                "You came back from %(name)s without having signed in there. Try again, or "
                "sign in with your password.",
                name=name,
            )
        case Trouble.REFUSED:
            return gettext(
                "The connection with %(name)s is not set up rightly. Tell an admin, and sign in "
                "with your password meanwhile.",
                name=name,
            )
        case Trouble.UNKNOWN:
            return gettext(
                "Nobody here has this account at %(name)s. Ask an admin for an invitation. If "
                "you have an account here, sign in with your password and link the two on "
                "“My account”.",
                name=name,
            )
        case Trouble.STALE:
            return gettext(
                "%(name)s did not say that you signed in there just now. Try again, or show in "
                "another way that it is you.",
                name=name,
            )
        case Trouble.OTHER:
            return gettext(
                "At %(name)s you are somebody else than here. Sign out there, and try again.",
                name=name,
            )
        case Trouble.CLOSED:
            return gettext("Your account here is closed. Ask an admin to open it again.")
