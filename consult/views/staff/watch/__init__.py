"""Watching a consultation while there is still time."""

from consult.views.staff.watch import (  # noqa: F401 - they add their routes
    dashboard,
    digest,
    figures,
    organisations,
    outreach,
    ways,
)
