"""Sessions of partners as officers and analysts see them."""

from consult.views.staff.sessions import (  # noqa: F401 - they add their routes
    arrivals,
    listing,
    partners,
    planning,
)
