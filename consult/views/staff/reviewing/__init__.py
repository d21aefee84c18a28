"""Reviewing statements, reading blind, and how far two colleagues agree."""

from consult.views.staff.reviewing import (  # noqa: F401 - they add their routes
    agreement,
    blind,
    new_theme,
    queue,
    shares,
)
