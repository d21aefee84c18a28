"""The person and the consultation at hand on a page for staff."""

from typing import Any

from flask import Blueprint, abort, current_app, g, request, url_for
from flask_security import current_user

from consult.config import Settings
from consult.models import Account, Workspace
from consult.services import access
from consult.views.clock import now, settings

__all__ = ["account", "actor", "blueprint", "may", "now", "page", "settings", "workspace"]

blueprint = Blueprint("staff", __name__, url_prefix="/<language>/staff")


def signed_in() -> Account | None:
    """Who is signed in, if anybody is."""
    person = current_user._get_current_object()
    return person if isinstance(person, Account) else None


def account() -> Account:
    """Who is signed in, on a page that only such people reach."""
    person = signed_in()
    if person is None:
        raise RuntimeError("this page has no audience: nobody is signed in")
    return person


def actor() -> str:
    """What the audit trail calls the person at hand."""
    return account().email


def workspace() -> Workspace:
    """The consultation at hand, as officers have written it."""
    found: Workspace = g.workspace
    return found


def may(*roles: str) -> bool:
    """Whether the person at hand has one of these roles, for the consultation at hand if any."""
    person = signed_in()
    if person is None:
        return False
    at_hand = g.get("workspace")
    held = (
        access.roles_in(person, at_hand.id)
        if at_hand is not None
        else access.roles_everywhere(person)
    )
    return access.allows(held, roles)


def page(endpoint: str, **values: Any) -> str:
    """The address of another page for staff, in this language, of the consultation at hand."""
    name = f"staff.{endpoint}"
    at_hand = g.get("workspace")
    if at_hand is not None and current_app.url_map.is_endpoint_expecting(name, "slug"):
        values.setdefault("slug", at_hand.slug)
    return url_for(name, language=g.page_language, **values)


@blueprint.url_value_preprocessor
def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.page_language = (values or {}).pop("language", None)


@blueprint.before_request
def _know_language() -> None:
    found: Settings = settings()
    if g.page_language not in found.languages:
        del g.page_language
        abort(404)


blueprint.add_app_template_global(page, "staff_page")
blueprint.add_app_template_global(may, "may")


@blueprint.app_context_processor
def _staff_context() -> dict[str, Any]:
    return {"signed_in": signed_in()} if _on_staff_page() else {}


def _on_staff_page() -> bool:
    return (request.endpoint or "").split(".")[0] in {"staff", "security"}
