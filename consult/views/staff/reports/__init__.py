"""The report of a consultation: what it says, in which languages, and its versions."""

from consult.views.staff.reports import (  # noqa: F401 - they add their routes
    considered,
    files,
    languages,
    making,
    outline,
    paragraphs,
    publishing,
    version,
)
