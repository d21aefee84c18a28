"""Forms on paper: printing them, and typing in what comes back."""

from consult.views.staff.paper import (  # noqa: F401 - they add their routes
    entering,
    printing,
)
