"""The workbench: the themes of what people wrote, found by the machine, worked on by people."""

from consult.views.staff.themes import (  # noqa: F401 - they add their routes
    answers,
    history,
    listing,
    one,
    question,
    splitting,
    statements,
)
