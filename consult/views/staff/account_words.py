"""Words for roles, invitations and what was refused on the pages about accounts."""

from collections.abc import Iterable

from flask_babel import gettext
from sqlalchemy.orm import Session

from consult.models import ROLES, Invitation, Workspace
from consult.services import accounts
from consult.services.invitations import Standing, memberships_of
from consult.views.staff.current import blueprint


@blueprint.app_template_global()
def role_words(role: str) -> str:
    """A role in words."""
    return {
        # Translators: role of an account that may do everything
        "admin": gettext("Admin"),
        # Translators: role of an account that sets consultations up and opens them
        "officer": gettext("Officer"),
        # Translators: role of an account that works on themes and figures
        "analyst": gettext("Analyst"),
        # Translators: role of an account of an organisation that takes answers on visits
        "partner": gettext("Partner"),
        # Translators: role of an account that may look and change nothing
        "viewer": gettext("Viewer"),
    }.get(role, role)


def role_hint(role: str) -> str:
    """What a role may do."""
    return {
        "admin": gettext("May do everything, and decides who else may do what."),
        "officer": gettext("Sets consultations up, opens and closes them."),
        "analyst": gettext("Works on themes and figures; changes no consultation."),
        "partner": gettext("Takes answers on visits, for a partner organisation."),
        "viewer": gettext("May look at everything and change nothing."),
    }[role]


def role_choices(roles: Iterable[str] = ROLES) -> list[dict[str, str]]:
    """Roles as choices of a form."""
    return [
        {"value": role, "label": role_words(role), "hint": role_hint(role)}
        for role in accounts.in_order(roles)
    ]


@blueprint.app_template_global()
def role_list(roles: Iterable[str]) -> str:
    """Roles in words, one after the other."""
    words = [role_words(role) for role in accounts.in_order(roles)]
    # Translators: what stands between the entries of a list such as "Officer, Analyst"
    return gettext(", ").join(words)


def standing_words(standing: Standing) -> str:
    """Why an invitation cannot be accepted, and what to do."""
    match standing:
        case Standing.ACCEPTED:
            return gettext(
                "It was used already. If that was you, sign in. If not, tell the person who "
                "invited you."
            )
        case Standing.REVOKED:
            return gettext("It was withdrawn. Ask the person who invited you for another one.")
        case Standing.EXPIRED:
            return gettext(
                "An invitation works for seven days, and this one is older. Ask the person who "
                "invited you for another one."
            )
        case _:
            return gettext(
                "The person who made it may not invite any more. Ask an admin for another one."
            )


def not_an_email() -> str:
    """A sentence for an address that cannot be one."""
    return gettext("Write an e-mail address, such as name@example.org")


def not_yours(role: str) -> str:
    """A sentence for a role that somebody may not give or take."""
    return gettext(
        "You may not give or take this role: %(role)s. Ask an admin.", role=role_words(role)
    )


def last_admin() -> str:
    """A sentence for the admin who must stay."""
    return gettext("This is the only admin who can sign in. Make somebody else an admin first.")


def title_of(workspace: Workspace) -> str:
    """What a consultation is called on pages for staff."""
    return str(workspace.content.get("title") or workspace.slug)


def offers(session: Session, invitation: Invitation) -> list[tuple[str, list[str]]]:
    """Titles of consultations that are there, and the roles that an invitation offers in each."""
    told: dict[str, list[str]] = {}
    for workspace_id, role in memberships_of(invitation):
        workspace = session.get(Workspace, workspace_id)
        if workspace is not None:
            told.setdefault(title_of(workspace), []).append(role)
    return list(told.items())
