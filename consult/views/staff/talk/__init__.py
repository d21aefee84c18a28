"""What tables said together in assisted sessions."""

from consult.views.staff.talk import listing  # noqa: F401 - it adds its routes
