"""Addresses that other houses are told: a new colleague's letter box, the council's sign-in."""

from typing import Any

from flask import url_for

from consult.views.clock import settings


def public_address(endpoint: str, **values: Any) -> str:
    """A page's address of the settings' host where they name it: a browser may claim any."""
    public_url = settings().public_url
    if public_url is not None:
        return public_url + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)
