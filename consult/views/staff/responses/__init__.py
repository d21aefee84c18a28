"""Responses: lists, single ones, and what is decided about them."""

from consult.views.staff.responses import (  # noqa: F401 - they add their routes
    listing,
    one,
    quotes,
    redaction,
    repeats,
    sheets,
    translations,
)
