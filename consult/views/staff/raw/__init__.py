"""Raw data for those who may: files of responses with their codebook, and tokens for programs."""

from consult.views.staff.raw import data, tokens  # noqa: F401 - they add their routes
