"""Free text to themes."""
