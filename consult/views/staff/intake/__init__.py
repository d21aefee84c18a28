"""Responses from elsewhere: files, what is entered by hand, petitions."""

from consult.views.staff.intake import (  # noqa: F401 - they add their routes
    columns,
    entering,
    petitions,
    reports,
    uploading,
    values,
)
