"""Partners' own pages: their sessions, their tablets, and nothing of the rest."""

from consult.views.partners import sending, sessions, telling  # noqa: F401 - they add their routes
